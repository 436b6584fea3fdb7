#!/bin/bash
# A desktop user's whole way, from make install on, on the layouts of distributions.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/setup/layouts.sh [LAYOUT...]: debian (as it is), fedora or arch; all.
#
# A new account does what README says: a fresh prefix, install, doctor, a program, winscard.dll,
# launchers, winetricks, uninstall; then root removes what was installed. The layouts are made of
# the Wine at hand:
#   fedora  /usr/lib64/wine/{x86_64-unix,x86_64-windows,i386-windows}
#   arch    /usr/lib/wine/{x86_64-unix,x86_64-windows,i386-windows}
# without any path that has the machine's triplet in it, and the loader in /usr/libexec; with the
# 32-bit half, by the new WoW64, where the rig runs programs of it. Debian's has none, unless
# wine32 is installed.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/layouts
mkdir -p "$work"
. "$top/tests/setup/setuptest.sh"
. "$top/tests/setup/account.sh"

# ---- the machine ----

# machine_of LAYOUT: what it changes is seen by this process only
machine_of()
{
    local debian=/usr/lib/x86_64-linux-gnu/wine dir lower
    mount_over /usr /usr
    usr_layer=$over_layer
    # Before the layout hides what it may have to make.
    make -C "$build" install > "$work/out" 2> "$work/err"
    check $? "make install"
    new_account
    case $1 in
    fedora) dir=/usr/lib64/wine ;;
    arch) dir=/usr/lib/wine ;;
    debian)
        [ ! -d /usr/lib/i386-linux-gnu/wine/i386-windows ] || half=1
        return
        ;;
    esac
    case " $SCARDSSP_TEST_WIDTHS " in
    *" 32 "*)
        half=1
        lower=${wine_dlls:-/usr/lib/i386-linux-gnu/wine}/i386-windows
        # The 64-bit package may bring a DLL for there, or a link.
        if [ -L "$debian/i386-windows" ]; then
            rm "$debian/i386-windows"
        elif [ -d "$debian/i386-windows" ]; then
            lower=$lower:$debian/i386-windows
        fi
        mount_over "$debian/i386-windows" "$lower"
        ;;
    esac
    # Wine's programs find the rest by way of a path of Debian's, relative to where they are.
    mkdir -p /usr/libexec/wine /usr/libexec/x86_64-linux-gnu
    cp /usr/lib/wine/wine64 /usr/lib/wine/wineserver64 /usr/libexec/wine/
    ln -s "$dir" /usr/libexec/x86_64-linux-gnu/wine
    mkdir -p "$work/wine.$1" "$work/nothing"
    mount --rbind "$debian" "$work/wine.$1"
    [ ! -d /usr/lib/wine ] || mount --bind "$work/nothing" /usr/lib/wine
    mkdir -p "$dir"
    mount --rbind "$work/wine.$1" "$dir"
    mount --bind "$work/nothing" "$debian"
    rm -f /usr/bin/wine /usr/bin/wineserver
    ln -s /usr/libexec/wine/wineserver64 /usr/bin/wineserver
    printf '#!/bin/sh\nexec /usr/libexec/wine/wine64 "$@"\n' > /usr/bin/wine
    chmod 755 /usr/bin/wine
}
syswow64=/home/new/.wine/drive_c/windows/syswow64
# Whether the account's prefix will have a 32-bit half.
half=0

# ---- the way ----

# has_32 PATTERN: a line of the output where there is a 32-bit half; else there is none
has_32()
{
    if [ $half = 1 ]; then
        has "$1"
    else
        ! grep -qe "$1" "$work/out"
        check $? "\"$1\" in the output without a 32-bit half"
    fi
}

way()
{
    local dlls
    install -D "$build/tools/samples/x86_64/cardinfo.exe" /home/new/programs/cardinfo.exe
    install -D "$build/tools/samples/i386/cardinfo.exe" /home/new/programs/cardinfo32.exe
    does 1 "no prefix yet" scardssp-setup install
    has "there is no /home/new/.wine" "make it: .*wineboot -i"
    does 0 "a fresh prefix" wine wineboot -i
    does 0 "its first program" wine cmd /c exit
    [ $half = "$([ -f $syswow64/kernel32.dll ] && echo 1 || echo 0)" ]
    check $? "a 32-bit half of the prefix: $half is not so"
    account before
    does 3 "status before" scardssp-setup status
    does 0 "install" scardssp-setup install
    has "64-bit: *installed" "60-scardssp.conf sets WINEDLLPATH" "log in again"
    has_32 "32-bit: *installed"
    does 0 "status" scardssp-setup status
    dlls=/usr/local/lib/scardssp
    has "64-bit: .*registered, transport unix, unix half $dlls/"
    if [ $half = 1 ]; then
        has "32-bit: .*registered, transport unix, unix half $dlls/"
    else
        has "32-bit: *warning: this \(prefix has\|kernel runs\) no 32-bit"
    fi
    does 0 "doctor" scardssp-setup doctor
    has "64-bit: .*the card in Virtual PCD 00 00 answers"
    has_32 "32-bit: .*the card in Virtual PCD 00 00 answers"
    does 0 "scardtool" scardtool readers
    has "Virtual PCD 00 00"
    does 0 "install --winscard" scardssp-setup install --winscard
    has "winscard: 64-bit: winscard.dll"
    has_32 "winscard: 32-bit: winscard.dll"
    does 0 "a program" scardssp-run programs/cardinfo.exe
    has "its functions are in .*scardssp.dll" "answer .* 90 00"
    does 0 "doctor of a program" scardssp-setup doctor programs/cardinfo.exe
    if [ $half = 1 ]; then
        does 0 "a program of 32 bits" scardssp-run programs/cardinfo32.exe
        has "its functions are in .*scardssp.dll" "answer .* 90 00"
        does 0 "doctor of a program of 32 bits" scardssp-setup doctor programs/cardinfo32.exe
    else
        does 1 "doctor of a program of 32 bits" scardssp-setup doctor programs/cardinfo32.exe
        has "FAILED: \(cardinfo32.exe is a 32-bit program\|this kernel runs no 32-bit\)"
    fi
    does 0 "a launcher" scardssp-run sh -c 'echo "$WINEDLLPATH"'
    has "^$dlls\$"
    does 0 "uninstall" scardssp-setup uninstall
    account_is_as_before
    does 0 "winetricks" sh -c 'w_metadata() { :; }; w_die() { echo "$*"; exit 1; }
        WINEPREFIX=$HOME/.wine; . /usr/local/share/scardssp/scardssp.verb; load_scardssp'
    has "64-bit: *installed"
    has_32 "32-bit: *installed"
    does 0 "uninstall after winetricks" scardssp-setup uninstall
    account_is_as_before
    as_new wineserver -k
    make -C "$build" uninstall > "$work/out" 2> "$work/err"
    check $? "make uninstall"
    # In the layer: the machine's own packages may come and go meanwhile.
    find "$usr_layer/local" "$usr_layer/share" ! -type d > "$work/out" 2> "$work/err"
    [ ! -s "$work/out" ]
    check $? "make uninstall leaves something"
}

case $# in
1)
    machine_of "$1"
    way
    echo "$passed passed, $failed failed, $skipped skipped"
    [ $failed = 0 ]
    ;;
0) set -- debian fedora arch ;;&
*)
    status=0
    for layout; do
        unshare --mount "$0" "$layout" || status=1
    done
    exit $status
    ;;
esac
