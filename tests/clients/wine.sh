#!/bin/bash
# Wine's own tests of winscard.dll, over ours.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/clients/wine.sh
#
# One of its checks fails by decision: after a look at all states it expects that the pseudo reader
# of the number of readers, whose state is zeros, has changed again; here zeros wait.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/clients/clientslib.sh"
take_client wine

# Its attributes are those that drivers of real readers know.
ask_rig reader ifd > /dev/null
check $? "no readers with attributes"
name_readers
run_client winscard > "$work/out"
check $(($? > 1)) "the program ended with an exception" "$work/errors"
sed 's/^/    /' "$work/out"

# The check after the second look.
decided=$(grep -n 'SCardGetStatusChangeA( context, 1000, states, 2 )' "$client/winscard.c" |
    sed -n '2s/:.*//p')
decided=$((decided + 1))
grep -q "winscard.c:$decided: failed.*8010000a" "$work/out"
check $? "line $decided does not fail as it was decided"
# What Wine's own cannot do yet, and ours does, is no fault.
grep ': failed' "$work/out" | grep -v "winscard.c:$decided: " > "$work/failures"
[ ! -s "$work/failures" ]
check $? "other checks fail" "$work/failures"
passed_there=$(sed -n 's/^\([0-9]*\) passed, .*/\1/p' "$work/out")
[ "${passed_there:-0}" -gt 50 ]
check $? "only ${passed_there:-no} checks pass: what was skipped?"
finish
