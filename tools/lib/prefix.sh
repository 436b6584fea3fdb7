# Wine prefixes: pristine ones that are kept, and one with the DLL in it.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source with $widths, the widths of programs that the prefix is for (both by default), and in_root.

. "$top/tools/lib/progress.sh"

widths=${widths:-64 32}

# start_in WIDTH PROGRAM ARGS...: a program of Windows' directory for that width. With the old WoW64
# `wine` is a 32-bit program, to which system32 is syswow64.
start_in()
{
    local loader=wine directory=syswow64 program=$2
    if [ "$1" = 64 ]; then
        directory=system32
        [ ! -x "$root/usr/lib/wine/wine64" ] || loader=/usr/lib/wine/wine64
    fi
    shift 2
    in_root "$loader" "C:\\windows\\$directory\\$program" "$@"
}

# starts WIDTH: whether $WINEPREFIX starts a program of that width; else what Wine said is in $said.
# By a file: what Wine leaves running would hold a pipe open.
starts()
{
    start_in "$1" cmd.exe /c exit 0 > "$WINEPREFIX/start.log" 2>&1 < /dev/null 9>&- && return 0
    said=$(tr -d '\r' < "$WINEPREFIX/start.log" | grep . | tail -n 1)
    said=${said:-it ends with no word}
    return 1
}

# make_prefix DIR: a prefix that starts a program of each width.
make_prefix()
{
    local bits said
    # In a subshell: what is set here is for no other prefix.
    (
        export WINEPREFIX=$1 WINEDLLPATH=$wine_dlls WINEDEBUG=-all DISPLAY= \
            WINEDLLOVERRIDES="mscoree,mshtml="
        with_progress "making a Wine prefix (once)" "megabytes_in '$1' $(prefix_size)" \
            run_wineboot || {
            say "wineboot failed; run it by hand with WINEDEBUG=+all to learn why"
            exit 1
        }
        in_root wineserver -w
        unset WINEDEBUG
        for bits in $widths; do
            starts "$bits" || {
                say "a new prefix starts no $bits-bit program: $said"
                exit 1
            }
        done
        in_root wineserver -w
        rm -f "$1/start.log"
        [ -f "$1/system.reg" ]
    )
}

run_wineboot()
{
    in_root wineboot -i > /dev/null 2>&1 < /dev/null
}

# What a new prefix has, in MB.
prefix_size()
{
    if [ "$widths" = 64 ]; then echo 690; else echo 1270; fi
}

# Puts the DLL into $WINEPREFIX as a user would: a copy as the door, the build in WINEDLLPATH,
# regsvr32 in each width. Fails where the prefix starts no program of a width.
use_prefix()
{
    local bits said
    WINEDLLPATH=$builddir${wine_dlls:+:$wine_dlls}
    # Wine 8.0 calls its new WoW64 experimental, and misses a display, at every start.
    WINEDEBUG=${WINEDEBUG:-fixme-all,err-environ,err-winediag,err-systray}
    WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-mscoree,mshtml=}
    export WINEPREFIX WINEDLLPATH WINEDEBUG WINEDLLOVERRIDES
    # One wineserver for all programs: they start faster.
    in_root wineserver -p
    for bits in $widths; do
        register_dll "$bits" && continue
        starts "$bits" && die "regsvr32 failed in the $bits-bit half"
        say "the prefix starts no $bits-bit program: $said"
        return 1
    done
}

# register_dll WIDTH
register_dll()
{
    local arch=x86_64 directory=system32
    [ "$1" = 64 ] || arch=i386 directory=syswow64
    cp --remove-destination "$builddir/$arch-windows/scardssp.dll" \
        "$WINEPREFIX/drive_c/windows/$directory/" || return 1
    start_in "$1" regsvr32.exe /s "C:\\windows\\$directory\\scardssp.dll" \
        > "$WINEPREFIX/regsvr32.log" 2>&1 && return 0
    # Under QEMU a process may be killed at its end when much is going on; what follows would notice
    # a DLL that is not registered.
    [ -n "${SCARDSSP_TEST_SLOW:-}" ] && grep -q "^regsvr32: Successfully registered" \
        "$WINEPREFIX/regsvr32.log" && return 0
    cat "$WINEPREFIX/regsvr32.log" >&2
    return 1
}

# Sets base_prefix to a pristine prefix for $widths, by the name $prefix_name.
setup_prefix()
{
    make_once "$cache/$prefix_name" make_prefix || return 1
    base_prefix=$cache/$prefix_name
}

# with_prefix USE: sets the prefix up and calls USE; when that says that it starts no program the
# prefix is made anew, once: an older version of this kept such ones.
with_prefix()
{
    local identity
    setup_prefix || return 1
    identity=$(identity_of "$base_prefix")
    "$1" && return 0
    say "$base_prefix is of no use; making it anew"
    discard_once "$base_prefix" "$identity" && setup_prefix && "$1"
}

# A layer over the pristine prefix, which stays as it is.
setup_rig_prefix()
{
    local layer=/run/scardssp-rig/layer
    WINEPREFIX=/run/scardssp-rig/prefix
    if mountpoint -q "$WINEPREFIX"; then
        in_root wineserver -k || :
        umount -l "$WINEPREFIX"
    fi
    rm -rf "$layer" "$WINEPREFIX"
    mkdir -p "$layer/upper" "$layer/work" "$WINEPREFIX"
    mount -t overlay overlay \
        -o "${overlay_options:-}lowerdir=$base_prefix,upperdir=$layer/upper,workdir=$layer/work" \
        "$WINEPREFIX" || cp -a "$base_prefix/." "$WINEPREFIX"
    use_prefix
}

# For the machine's own reader nothing is mounted: a copy that stays.
setup_host_prefix()
{
    WINEPREFIX=$cache/host-prefix${prefix_name#wine8-prefix}
    make_once "$WINEPREFIX" copy_prefix || return 1
    use_prefix && return 0
    in_root wineserver -k || :
    discard_once "$WINEPREFIX" "$(identity_of "$WINEPREFIX")"
    return 1
}

copy_prefix()
{
    say "copying the prefix (1.3 GB, once)"
    cp -a --reflink=auto "$base_prefix/." "$1/"
}
