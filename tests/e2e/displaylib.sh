# A display of their own for scripts with dialogs, and pictures of it; runs inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source with $top set to the project's root, $shots to the directory for the screenshots. Sets
# $build, $arch, and $work, which goes with the script, as do the processes of $pids.

build=${SCARDSSP_BUILD:?run this inside tools/rig}
shots=${shots:-$build/screenshots}
arch=x86_64
[ "$SCARDSSP_BITS" = 64 ] || arch=i386
work=$(mktemp -d)
pids=

cleanup()
{
    local pid
    for pid in $pids; do kill "$pid" 2> /dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

# Ends the script, which has failed or not so far, where there can be no window.
need_windows()
{
    [ $arch = i386 ] && wine --version | grep -q 'wine-8' || return 0
    echo "$(basename "$0"): Wine 8.0's new WoW64 has no display driver for 32-bit programs"
    echo "0 passed, 0 failed, 1 skipped"
    exit "$1"
}

# Taking pictures is left out where there is no ImageMagick; the checks are the same.
take_screenshots()
{
    local want name
    while sleep 0.1; do
        for want in "$work"/*.want; do
            [ -f "$want" ] || continue
            name=$(basename "$want" .want)
            import -display "$display" -window root "$shots/$name.png" || true
            rm -f "$want"
        done
    done
}

start_display()
{
    local i
    command -v Xvfb > /dev/null || { echo "Xvfb is needed (Debian: xvfb)" >&2; exit 1; }
    mkdir -p "$shots"
    # Xvfb takes a free number itself: other rigs share the display locks of /tmp.
    Xvfb -displayfd 9 -screen 0 1280x1024x24 -nolisten tcp > "$work/xvfb.log" 2>&1 \
        9> "$work/display" &
    pids="$pids $!"
    for i in $(seq 100); do
        [ -s "$work/display" ] && break
        sleep 0.05
    done
    [ -s "$work/display" ] || { cat "$work/xvfb.log" >&2; exit 1; }
    display=:$(cat "$work/display")
    # The wineserver of the rig was started without a display; its desktop ends with it.
    wineserver -k || true
    export DISPLAY=$display
    command -v import > /dev/null || return 0
    SCARDSSP_TEST_SHOTS=$(winepath -w "$work" 2> /dev/null)
    export SCARDSSP_TEST_SHOTS
    take_screenshots &
    pids="$pids $!"
}
