#!/bin/bash
# The service SCardSvr, as scardssp-setup registers and removes it, and as a Wine has it by itself.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--wine 10|old] tests/setup/scardsvr.sh [SCENARIO...]
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/scardsvr$([ $# != 1 ] || echo ".$1")
mkdir -p "$work"
. "$top/tests/setup/setuptest.sh"

# Whether this Wine has one of its own.
own=no
! grep -qi '^AddService=scardsvr,' /usr/share/wine/wine.inf || own=yes

programs_ask()
{
    local arch
    for arch in x86_64 i386; do
        wine "$build/tests/setup/$arch/scardsvr.exe" "$1" > "$work/out" 2>&1
        check $? "$arch: $1"
    done
}

# The prefix ends as soon after its last program as without the service: Wine gives programs of its
# own some seconds, and ends them then.
ends()
{
    local begun=$SECONDS
    timeout 30 wineserver -w
    check $? "the prefix does not end"
    [ $((SECONDS - begun)) -le 15 ]
    check $? "the prefix took $((SECONDS - begun)) s to end"
}

our_files()
{
    ls "$windows/system32/scardsvr.exe" "$windows/syswow64/scardsvr.exe" > "$work/err" 2>&1
}

# none_of_ours: neither program nor service
none_of_ours()
{
    ! ls "$windows"/*/scardsvr.exe > "$work/out" 2>&1
    check $? "its program stays"
    programs_ask absent
}

# As a Wine has it.
scenario_whole()
{
    new_prefix whole
    if [ $own = yes ]; then wines_whole; else ours_whole; fi
}

# Where a Wine's own was deleted there is none.
scenario_deleted()
{
    new_prefix deleted
    [ $own = yes ] || return 0
    wine sc.exe delete SCardSvr > "$work/out" 2>&1
    check $? "the service cannot be deleted"
    ours_whole
}

wines_whole()
{
    snapshot before
    setup 0 "install" --user install
    has "service: *SCardSvr is Wine's own"
    our_files
    [ $? != 0 ]
    check $? "its program is there beside Wine's own"
    programs_ask demand
    setup 0 "status" --user status
    has "service: *SCardSvr is Wine's own, and stopped until a program starts it"
    setup 0 "uninstall" --user uninstall
    compare before
}

ours_whole()
{
    snapshot before
    programs_ask absent
    wineserver -w
    setup 0 "install" --user install
    has "service: *SCardSvr is registered, and runs"
    our_files
    check $? "no program in both directories"
    programs_ask runs
    ends
    wine "$build/tests/setup/i386/scardsvr.exe" runs > "$work/out" 2>&1
    check $? "in a new session"
    wineserver -k
    ends
    setup 0 "install again" --user install
    has "service: *unchanged: SCardSvr was registered, and runs"
    setup 0 "status" --user status
    has "service: *SCardSvr is this project's, and runs"
    setup 0 "uninstall" --user uninstall
    compare before
    none_of_ours
}

# Somebody else's: it is told, and stays as it is.
scenario_foreign()
{
    new_prefix foreign
    [ $own = no ] || { foreign_wine; return; }
    wine sc.exe create SCardSvr binPath= 'C:\vendor\scard.exe' type= own > "$work/out" 2>&1
    check $? "no service can be made"
    snapshot before
    setup 0 "install" --user install
    has "service: *skipped: SCardSvr is somebody else's, so it stays: C:.vendor.scard.exe"
    setup 0 "status" --user status
    has "service: *SCardSvr is somebody else's, C:.vendor.scard.exe, and stopped until"
    setup 0 "uninstall by force" --user --force uninstall
    compare before
}

# Another program in the place of ours; and what an update to a later Wine makes of the service.
scenario_place()
{
    new_prefix place
    [ $own = no ] || return 0
    echo "a vendor's" > "$windows/system32/SCardSvr.EXE"
    snapshot before
    setup 0 "install beside a program of that name" --user install
    has "service: *skipped: SCardSvr is not registered, for .*system32/SCardSvr.EXE"
    [ "$(ls "$windows"/*/[Ss][Cc]ard[Ss]vr.[Ee][Xx][Ee] | wc -l)" = 1 ]
    check $? "a program of ours is there"
    rm "$windows/system32/SCardSvr.EXE"
    setup 0 "install without it" --user install
    has "service: *SCardSvr is registered"
    printf '%s\n' '[HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services\SCardSvr]' \
        '"ImagePath"="C:\\windows\\system32\\svchost.exe -k netsvcs"' | import
    setup 0 "uninstall what became another's" --user uninstall
    has "service: *SCardSvr is no longer ours, so it stays: C:.windows.system32.svchost"
    kept 'svchost.exe -k netsvcs' '"DisplayName"="Smart Card"'
    ! our_files
    check $? "our program stays"
}

# Wine's own that somebody made start with the prefix, which is the remedy that doctor tells.
foreign_wine()
{
    wine reg add 'HKLM\System\CurrentControlSet\Services\SCardSvr' /v Start /t REG_DWORD /d 2 /f \
        > "$work/out" 2>&1
    check $? "reg add"
    snapshot before
    setup 0 "install" --user install
    setup 0 "status" --user status
    has "service: *SCardSvr is Wine's own, and runs"
    setup 0 "uninstall" --user uninstall
    compare before
}

# interrupted WORD COMMAND: by a Wine that ends scardssp-setup when it is to do WORD to the service
interrupted()
{
    wine_that "--scardsvr?$1" 'kill -TERM $setup'
    # An install is taken back, an uninstall goes on to its end.
    WINE=$work/wine WINESERVER=wineserver setup "$([ "$2" = install ]; echo $((1 - $?)))" \
        "$2, interrupted at $1" --user "$2"
    wineserver -w
}

scenario_interrupted()
{
    new_prefix interrupted
    [ $own = no ] || return 0
    snapshot before
    interrupted install install
    setup 0 "uninstall" --user uninstall
    compare before
    setup 0 "install" --user install
    interrupted remove uninstall
    has "service: *SCardSvr is removed"
    compare before
}

# What people do to it afterwards.
scenario_changed()
{
    new_prefix changed
    [ $own = no ] || return 0
    snapshot before
    setup 0 "install" --user install
    mv "$windows/system32/scardsvr.exe" "$work/scardsvr.exe"
    setup 0 "status without its program" --user status
    has "service: *warning: the service SCardSvr is registered to run, and does not"
    cp "$work/scardsvr.exe" "$windows/system32/vendor"
    printf x >> "$windows/system32/vendor"
    mv "$windows/system32/vendor" "$windows/system32/scardsvr.exe"
    setup 0 "install an update" --user install
    has "service: *unchanged"
    cmp -s "$windows/system32/scardsvr.exe" "$build/x86_64-windows/scardsvr.exe"
    check $? "its program is not the new one"
    wine reg add 'HKLM\System\CurrentControlSet\Services\SCardSvr' /v Start /t REG_DWORD /d 4 /f \
        > "$work/out" 2>&1
    check $? "reg add"
    ends
    setup 0 "install where it is disabled" --user install
    has "service: *unchanged: SCardSvr was registered, and is disabled"
    echo "a vendor's" > "$windows/system32/new"
    mv "$windows/system32/new" "$windows/system32/scardsvr.exe"
    setup 1 "uninstall with another program in its place" --user uninstall
    has "service: *FAILED: .*system32/scardsvr.exe was replaced since" "--force removes"
    kept '%SystemRoot%\\\\System32\\\\SCardSvr.exe'
    setup 0 "uninstall by force" --user --force uninstall
    compare before
}

case $# in
0) several whole deleted changed place interrupted foreign ;;
1) one "$1" ;;
*) several "$@" ;;
esac
