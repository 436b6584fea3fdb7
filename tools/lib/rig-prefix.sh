# The prefix of one rig: a layer over the pristine one, with the DLL as a user would install it.
# SPDX-License-Identifier: LGPL-2.1-or-later

register_dll()
{
    in_root wine "C:\\windows\\$1\\regsvr32.exe" /s "C:\\windows\\$1\\scardssp.dll" ||
        die "regsvr32 failed in $1"
}

setup_rig_prefix()
{
    local layer=/run/scardssp-rig/layer
    WINEPREFIX=/run/scardssp-rig/prefix
    mkdir -p "$layer/upper" "$layer/work" "$WINEPREFIX"
    mount -t overlay overlay \
        -o "lowerdir=$base_prefix,upperdir=$layer/upper,workdir=$layer/work" "$WINEPREFIX" ||
        cp -a "$base_prefix/." "$WINEPREFIX"
    WINEDLLPATH=$builddir${wine_dlls:+:$wine_dlls}
    WINEDEBUG=${WINEDEBUG:-fixme-all}
    WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-mscoree,mshtml=}
    export WINEPREFIX WINEDLLPATH WINEDEBUG WINEDLLOVERRIDES
    cp "$builddir/x86_64-windows/scardssp.dll" "$WINEPREFIX/drive_c/windows/system32/"
    cp "$builddir/i386-windows/scardssp.dll" "$WINEPREFIX/drive_c/windows/syswow64/"
    # One wineserver for the whole rig: programs start faster.
    in_root wineserver -p
    register_dll system32
    register_dll syswow64
}
