#!/bin/bash
# A desktop user's whole way, from make install on, on the layouts of distributions.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/setup/layouts.sh [LAYOUT...]: debian (as it is), fedora or arch; all.
#
# A new account does what README says: a fresh prefix, install, doctor, a program, winscard.dll,
# launchers, winetricks, uninstall; then root removes what was installed. In 64 bits: a prefix that
# Debian's Wine makes there has no 32-bit half. The layouts are made of the Wine at hand:
#   fedora  /usr/lib64/wine/{x86_64-unix,x86_64-windows}
#   arch    /usr/lib/wine/{x86_64-unix,x86_64-windows}
# without any path that has the machine's triplet in it, and the loader in /usr/libexec.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/layouts
mkdir -p "$work"
. "$top/tests/setup/setuptest.sh"

# ---- the machine ----

# machine_of LAYOUT: what it changes is seen by this process only
machine_of()
{
    local debian=/usr/lib/x86_64-linux-gnu/wine dir
    mount_over /usr /usr
    usr_files > "$work/usr.before"
    # Before the layout hides what it may have to make.
    make -C "$build" install > "$work/out" 2> "$work/err"
    check $? "make install"
    mount -t tmpfs tmpfs /home
    mkdir /home/new
    chown $user_id /home/new
    cp /etc/passwd "$work/passwd"
    echo "new:x:$user_id:$user_id::/home/new:/bin/sh" >> "$work/passwd"
    mount --bind "$work/passwd" /etc/passwd
    case $1 in
    fedora) dir=/usr/lib64/wine ;;
    arch) dir=/usr/lib/wine ;;
    debian) return ;;
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
user_id=4711

# as_new COMMAND...: in a session of the new account, as logging in makes it: with what is in
# environment.d
as_new()
{
    local conf=/home/new/.config/environment.d/60-scardssp.conf path=
    [ ! -f $conf ] || path=$(sed -n 's/^WINEDLLPATH="[^}]*}\(.*\)"$/\1/p' $conf)
    (cd /home/new && setpriv --reuid=$user_id --regid=$user_id --clear-groups \
        env -i HOME=/home/new USER=new LOGNAME=new PATH=/usr/local/bin:/usr/bin:/bin \
        LANG=C.UTF-8 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" \
        ${path:+"WINEDLLPATH=$path"} "$@")
}

# does CODE WHAT COMMAND...: as that user
does()
{
    local wanted=$1 what=$2 code
    shift 2
    as_new timeout 300 "$@" > "$work/out" 2> "$work/err" < /dev/null
    code=$?
    [ $code = "$wanted" ]
    check $? "$what: exit status $code, not $wanted"
}

# ---- the way ----

# account NAME: all files of the account, and what its registry has of smart cards
account()
{
    as_new wineserver -w
    (
        cd /home/new || exit
        find . ! -type d ! -name '*.reg' ! -name .update-timestamp -print0 | describe . | sort
        find . -type d | sort
        # The rest of the registry, where Wine itself writes at each start, setup.sh compares.
        grep -i 'scard\|calais\|DllOverrides' .wine/system.reg .wine/user.reg |
            sed 's/\] [0-9]*$/]/'
    ) > "$work/account.$1"
}

account_is_as_before()
{
    account after
    diff "$work/account.before" "$work/account.after" > "$work/err"
    check $? "the account is not as it was before"
}

way()
{
    local dlls
    install -D "$build/tools/samples/x86_64/cardinfo.exe" /home/new/programs/cardinfo.exe
    does 1 "no prefix yet" scardssp-setup install
    has "there is no /home/new/.wine" "make it: .*wineboot -i"
    does 0 "a fresh prefix" wine wineboot -i
    does 0 "its first program" wine cmd /c exit
    account before
    does 3 "status before" scardssp-setup status
    does 0 "install" scardssp-setup install
    has "64-bit: *installed" "32-bit: *warning: this prefix has no 32-bit half" \
        "60-scardssp.conf sets WINEDLLPATH" "log in again"
    does 0 "status" scardssp-setup status
    dlls=/usr/local/lib/scardssp
    has "64-bit: .*registered, transport unix, unix half $dlls/"
    does 1 "doctor" scardssp-setup doctor
    has "64-bit: .*the card in Virtual PCD 00 00 answers" "32-bit: *FAILED: .*no 32-bit half"
    does 0 "scardtool" scardtool readers
    has "Virtual PCD 00 00"
    does 0 "install --winscard" scardssp-setup install --winscard
    has "winscard: 64-bit: winscard.dll"
    does 0 "a program" scardssp-run programs/cardinfo.exe
    has "its functions are in .*scardssp.dll" "answer .* 90 00"
    does 0 "doctor of a program" scardssp-setup doctor programs/cardinfo.exe
    does 0 "a launcher" scardssp-run sh -c 'echo "$WINEDLLPATH"'
    has "^$dlls\$"
    does 0 "uninstall" scardssp-setup uninstall
    account_is_as_before
    does 0 "winetricks" sh -c 'w_metadata() { :; }; w_die() { echo "$*"; exit 1; }
        WINEPREFIX=$HOME/.wine; . /usr/local/share/scardssp/scardssp.verb; load_scardssp'
    has "64-bit: *installed"
    does 0 "uninstall after winetricks" scardssp-setup uninstall
    account_is_as_before
    as_new wineserver -k
    make -C "$build" uninstall > "$work/out" 2> "$work/err"
    check $? "make uninstall"
    usr_files | diff "$work/usr.before" - > "$work/err"
    check $? "make uninstall leaves something"
}

usr_files()
{
    find /usr/local /usr/share ! -type d | LC_ALL=C sort
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
