#!/bin/bash
# Which transport connections take, by setting and by what there is; runs inside tools/rig (iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/transportsetting.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
key='HKCU\Software\Wine\Scardssp'
program_key='HKCU\Software\Wine\AppDefaults\scardtool.exe\Scardssp'
unset SCARDSSP_TRANSPORT

# takes NAME WHAT [VARIABLE=VALUE...]: what the trace says when readers are listed
takes()
{
    local name=$1 what=$2
    shift 2
    env "$@" WINEDEBUG=+scardssp,fixme-all wine "$tool" readers > "$work/out" 2> "$work/trace" \
        < /dev/null
    grep -q "connections by name go over $name" "$work/trace"
    check $? "$what" "$work/trace"
}

set_value()
{
    wine reg add "$1" /v Transport /d "$2" /f > /dev/null 2>&1
}

takes unix "without a setting the unix half is taken" X=
takes unix "the environment: unix" SCARDSSP_TRANSPORT=unix
takes winscard "the environment: winscard" SCARDSSP_TRANSPORT=winscard
takes unix "a wrong word counts as no setting" SCARDSSP_TRANSPORT=pcsc
grep -q 'it can be unix or winscard' "$work/trace"
check $? "a wrong word is not mentioned" "$work/trace"
takes unix "a very long word counts as no setting" "SCARDSSP_TRANSPORT=$(printf 'x%.0s' {1..300})"

set_value "$key" WinSCard
takes winscard "the registry, in any case of letters" X=
takes unix "the environment goes before the registry" SCARDSSP_TRANSPORT=unix
set_value "$program_key" unix
takes unix "the program's key goes before the one for all" X=
wine reg delete "$program_key" /f > /dev/null 2>&1
wine reg add "$key" /v Transport /t REG_DWORD /d 1 /f > /dev/null 2>&1
takes unix "a number is no setting" X=
wine reg delete "$key" /f > /dev/null 2>&1

# Without the unix half: winscard where it works, else one line that says what is missing. The file
# that is in no dll path is the one in system32.
env -u WINEDLLPATH WINEDEBUG=+scardssp,fixme-all WINEDLLPATH="${wine_dlls:-}" \
    wine "$tool" readers > "$work/out" 2> "$work/trace" < /dev/null
if grep -q 'no unix half: going on over winscard' "$work/trace"; then
    grep -q "$SCARDSSP_TEST_READER" "$work/out"
    check $? "the reader is not found over winscard" "$work/trace"
else
    grep -q 'err:scardssp.*WINEDLLPATH' "$work/trace"
    check $? "nothing says what is missing" "$work/trace"
    ! grep -q "$SCARDSSP_TEST_READER" "$work/out"
    check $? "a reader out of nowhere" "$work/trace"
fi

finish
