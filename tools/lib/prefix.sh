# A prefix with the DLL in it.
# SPDX-License-Identifier: LGPL-2.1-or-later

# With the old WoW64 `wine` is a 32-bit program, to which system32 is syswow64.
register_dll()
{
    local loader=wine
    [ "$1" != system32 ] || [ ! -x "$root/usr/lib/wine/wine64" ] || loader=/usr/lib/wine/wine64
    in_root "$loader" "C:\\windows\\$1\\regsvr32.exe" /s "C:\\windows\\$1\\scardssp.dll" \
        > "$WINEPREFIX/regsvr32.log" 2>&1 && return 0
    cat "$WINEPREFIX/regsvr32.log" >&2
    die "regsvr32 failed in $1"
}

# Puts the DLL into $WINEPREFIX as a user would: a copy as the door, the build in WINEDLLPATH,
# regsvr32 in each width.
use_prefix()
{
    WINEDLLPATH=$builddir${wine_dlls:+:$wine_dlls}
    # Wine 8.0 calls its new WoW64 experimental, and misses a display, at every start.
    WINEDEBUG=${WINEDEBUG:-fixme-all,err-environ,err-winediag,err-systray}
    WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-mscoree,mshtml=}
    export WINEPREFIX WINEDLLPATH WINEDEBUG WINEDLLOVERRIDES
    cp --remove-destination "$builddir/x86_64-windows/scardssp.dll" \
        "$WINEPREFIX/drive_c/windows/system32/"
    cp --remove-destination "$builddir/i386-windows/scardssp.dll" \
        "$WINEPREFIX/drive_c/windows/syswow64/"
    # One wineserver for all programs: they start faster.
    in_root wineserver -p
    register_dll system32
    register_dll syswow64
}

# A layer over the pristine prefix, which stays as it is.
setup_rig_prefix()
{
    local layer=/run/scardssp-rig/layer
    WINEPREFIX=/run/scardssp-rig/prefix
    mkdir -p "$layer/upper" "$layer/work" "$WINEPREFIX"
    mount -t overlay overlay \
        -o "lowerdir=$base_prefix,upperdir=$layer/upper,workdir=$layer/work" "$WINEPREFIX" ||
        cp -a "$base_prefix/." "$WINEPREFIX"
    use_prefix
}

# For the machine's own reader nothing is mounted: a copy that stays.
setup_host_prefix()
{
    make_once "$cache/host-prefix" copy_prefix
    WINEPREFIX=$cache/host-prefix
    use_prefix
}

copy_prefix()
{
    say "copying the prefix (1.3 GB, once)"
    cp -a --reflink=auto "$base_prefix/." "$1/"
}
