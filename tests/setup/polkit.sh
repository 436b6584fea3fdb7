#!/bin/bash
# A user whom polkit's rules keep from pcscd: told apart from no service; inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig --wine 10 tests/setup/polkit.sh
#
# Debian 12's pcscd does not ask polkit, Debian 13's does.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/setup/user.sh"
request=$top/tests/rig/request
rules=/etc/polkit-1/rules.d/10-scardssp-test.rules
pids=

start_polkit()
{
    mkdir -p /run/dbus
    dbus-daemon --system --nofork --nopidfile > "$work/dbus.log" 2>&1 &
    pids="$pids $!"
    for i in $(seq 100); do
        [ ! -S /run/dbus/system_bus_socket ] || break
        sleep 0.05
    done
    /usr/lib/polkit-1/polkitd --no-debug > "$work/polkitd.log" 2>&1 &
    pids="$pids $!"
    for i in $(seq 100); do
        ! pkcheck --action-id org.debian.pcsc-lite.access_pcsc --process $$ 2>&1 |
            grep -q 'Error' && return 0
        sleep 0.05
    done
    cat "$work/dbus.log" "$work/polkitd.log"
    return 1
}

# allow ACTION...: what the user may do from now on
allow()
{
    local action answer
    mkdir -p "${rules%/*}"
    for action in access_pcsc access_card; do
        case " $* " in *" $action "*) answer=YES ;; *) answer=NO ;; esac
        echo "polkit.addRule(function(action, subject) {"
        echo "    if (action.id == 'org.debian.pcsc-lite.$action' && subject.user == 'nobody')"
        echo "        return polkit.Result.$answer; });"
    done > "$rules"
    sleep 2
}

# sends_apdu WHAT TEXT: what the tool says that connects to the card
sends_apdu()
{
    as_user wine "$user_build/$arch-windows/scardtool.exe" \
        apdu 00A4000C023F00 > "$work/out" 2>&1 < /dev/null
    grep -qi "$2" "$work/out"
    check $? "$1: the tool does not say $2" "$work/out"
}

# asked REFUSES: what doctor learns when it asks polkit, as that user
asked()
{
    local lib=$top/tools/setup/lib
    {
        cat "$lib/wine.sh" "$lib/doctor.sh"
        echo 'if polkit_refuses; then echo refuses; else echo allows; fi'
    } | as_user sh -s > "$work/out" 2>&1
    [ "$(cat "$work/out")" = "$1" ]
    check $? "doctor does not learn that polkit $1" "$work/out"
}

finally()
{
    local pid
    for pid in $pids; do kill "$pid"; done
    rm -f "$rules"
    "$request" pcscd restart > /dev/null
    clean_up
}
trap finally EXIT

start_polkit
check $? "polkitd does not start"
"$request" pcscd stop > /dev/null
"$request" pcscd start polkit > /dev/null
new_user_prefix polkit
WINEDLLPATH=$user_build
export WINEDLLPATH
as_the_user "the rules as they come" 0x8010006a "polkit"
asked refuses
as_user wine regsvr32 /s scardssp.dll > "$work/out" 2>&1
check $? "regsvr32" "$work/out"
allow access_pcsc access_card
as_the_user "all allowed" 0x00000000
asked allows
sends_apdu "all allowed" 9000
# The service may be asked for its readers, and nobody may touch what is in them.
allow access_pcsc
as_the_user "no cards" 0x00000000
sends_apdu "no cards" SCARD_W_SECURITY_VIOLATION
finish
