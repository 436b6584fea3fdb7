# What the test scripts share: counting, and Wine prefixes of their own.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source inside tools/rig, with $top set to the project's root. $work is a directory that goes with
# the script, $wine_version the number before Wine's first dot, $arch the programs' width, $system
# where Windows has DLLs of it, $tool scardtool.

build=${SCARDSSP_BUILD:?run this inside tools/rig}
arch=x86_64 system=system32
[ "${SCARDSSP_BITS:-64}" = 64 ] || arch=i386 system=syswow64
tool=$build/$arch-windows/scardtool.exe
work=$(mktemp -d)
# Without it Wine 10's Wayland driver complains now and then, in the middle of what is compared.
export XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-$work}
passed=0 failed=0 skipped=0
own_prefixes=
wine_version=$(wine --version | sed 's/^wine-//; s/\..*//')

# check STATUS WHAT [FILE]: counts; prints WHAT, and FILE indented, when STATUS is not 0.
check()
{
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
        return 0
    fi
    failed=$((failed + 1))
    echo "$(basename "$0"): failed: $2"
    [ -z "${3:-}" ] || sed 's/^/    /' "$3"
}

# The closing line, and the exit code.
finish()
{
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

# With old WoW64 `wine` is a 32-bit program, to which system32 is another directory.
wine64()
{
    if [ -x /usr/lib/wine/wine64 ]; then /usr/lib/wine/wine64 "$@"; else wine "$@"; fi
}

# Sets WINEPREFIX to a pristine prefix NAME.
mount_prefix()
{
    local layer=$own_place/$1
    WINEPREFIX=$layer/prefix
    export WINEPREFIX
    mkdir -p "$layer/upper" "$layer/work" "$WINEPREFIX"
    mount -t overlay overlay \
        -o "${overlay_options:-}lowerdir=$base_prefix,upperdir=$layer/upper,workdir=$layer/work" \
        "$WINEPREFIX" ||
        cp -a "$base_prefix/." "$WINEPREFIX"
    own_prefixes="$own_prefixes $WINEPREFIX"
}
own_place=/run/scardssp-rig/own.$$

# ask_rig WORDS: a request that the rig serves outside, where all its programs are, also when the
# script runs in the Debian 13 root; prints the answer.
ask_rig()
{
    local stem=$SCARDSSP_TEST_RIG/$$ answer
    echo "$*" > "$stem.tmp"
    mv "$stem.tmp" "$stem.request"
    while [ ! -f "$stem.answer" ]; do sleep 0.02; done
    answer=$(cat "$stem.answer")
    rm "$stem.answer" "$stem.request"
    echo "$answer"
    [ "${answer%% *}" = ok ]
}

# new_prefix NAME: WINEPREFIX is a pristine prefix, with a wineserver of its own.
new_prefix()
{
    mount_prefix "$1"
    wineserver -p
}

# new_user_prefix NAME: the same, owned by as_user's user. The build, which that user may not be
# allowed to reach where it is, is at $user_build too.
new_user_prefix()
{
    local place
    mount_prefix "$1"
    for place in . drive_c drive_c/users drive_c/windows drive_c/windows/temp; do
        chown $user_id "$WINEPREFIX/$place"
    done
    chown $user_id "$WINEPREFIX"/*.reg "$WINEPREFIX/.update-timestamp"
    # Where Debian's wineserver notes its directory.
    rm -f "$WINEPREFIX/wineserver"
    user_build=$own_place/build
    mkdir "$user_build"
    mount --bind "$build" "$user_build"
    as_user wineserver -p
}
user_id=65534 user_build=

as_user()
{
    setpriv --reuid=$user_id --regid=$user_id --clear-groups env HOME="$WINEPREFIX" "$@"
}

# Ends all of them. The first caller's prefix is WINEPREFIX again.
end_prefixes()
{
    local prefix owner
    for prefix in $own_prefixes; do
        owner=$(stat -c %u "$prefix")
        WINEPREFIX=$prefix setpriv --reuid="$owner" wineserver -k
        WINEPREFIX=$prefix setpriv --reuid="$owner" wineserver -w
        umount "$prefix" 2> /dev/null || :
    done
    own_prefixes=
    WINEPREFIX=$rig_prefix
    [ -z "$user_build" ] || umount "$user_build" && rm -rf "$own_place"
}
rig_prefix=${WINEPREFIX:-}

clean_up()
{
    end_prefixes
    rm -rf "$work"
}
trap clean_up EXIT
