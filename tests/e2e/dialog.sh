#!/bin/bash
# The dialog of ISCardLocate on a display of its own, with screenshots; runs inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/e2e/dialog.sh [DIRECTORY FOR THE SCREENSHOTS]
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
arch=x86_64
[ "$SCARDSSP_BITS" = 64 ] || arch=i386
program=$build/tests/e2e/$arch/dialog.exe
shots=${1:-$build/screenshots}
work=$(mktemp -d)
pids=

cleanup()
{
    local pid
    for pid in $pids; do kill "$pid" 2> /dev/null || true; done
    rm -rf "$work"
}
trap cleanup EXIT

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

[ -f "$program" ] || { echo "dialog.sh: $program is not built" >&2; exit 1; }
status=0
env -u DISPLAY SCARDSSP_TEST_NO_DISPLAY=1 wine "$program" || status=1
if [ $arch = i386 ] && wine --version | grep -q 'wine-8'; then
    echo "dialog.sh: Wine 8.0's new WoW64 has no display driver for 32-bit programs"
    echo "0 passed, 0 failed, 1 skipped"
    exit $status
fi
command -v Xvfb > /dev/null || { echo "dialog.sh: Xvfb is needed (Debian: xvfb)" >&2; exit 1; }
mkdir -p "$shots"
# Xvfb takes a free number itself: other rigs share the display locks of /tmp.
Xvfb -displayfd 9 -screen 0 800x600x24 -nolisten tcp > "$work/xvfb.log" 2>&1 9> "$work/display" &
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
if command -v import > /dev/null; then
    SCARDSSP_TEST_SHOTS=$(winepath -w "$work" 2> /dev/null)
    export SCARDSSP_TEST_SHOTS
    take_screenshots &
    pids="$pids $!"
fi

# Wine gives Chinese texts no other font than the rest unless Windows is Chinese: the dialog's font
# becomes one that has all letters.
if fc-list | grep -q 'WenQuanYi Zen Hei'; then
    wine reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\FontSubstitutes' \
        /v 'MS Shell Dlg 2' /d 'WenQuanYi Zen Hei' /f > /dev/null
    export SCARDSSP_TEST_CJK_FONT=1
fi
wine "$program" || status=1
# The second reader listens one port further.
"$build/tests/cards/simcard" --profile "$top/tests/cards/profiles/iso-t1.card" --port 35964 \
    --control "$work/second" > "$work/second.log" 2>&1 &
pids="$pids $!"
"$build/tests/e2e/other" wait-present "$SCARDSSP_TEST_READER2" 10000
SCARDSSP_TEST_TWO_CARDS=1 wine "$program" || status=1
exit $status
