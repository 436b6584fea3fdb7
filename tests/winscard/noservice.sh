#!/bin/bash
# Every function of winscard.dll where there is no way to a service; runs inside tools/rig (iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/winscard/noservice.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/rig/winscard.sh"
program=$build/tests/winscard/$arch/badhandles.exe

# answers WHAT [VARIABLE=VALUE...]: the program over it, whose checks are added to those here
answers()
{
    local what=$1 sum
    shift
    env $winscard_settings "$@" timeout 60 wine "$program" noservice > "$work/out" 2>&1 < /dev/null
    sum=$(tail -n 1 "$work/out" | tr -d '\r' |
        sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed, [0-9]* skipped$/\1 \2/p')
    [ -n "$sum" ] && [ "${sum#* }" = 0 ] && [ "${sum% *}" -gt 100 ]
    check $? "$what" "$work/out"
    [ -z "$sum" ] || passed=$((passed + ${sum% *}))
}

answers "a unix half without libpcsclite" \
    SCARDSSP_TRANSPORT=unix SCARDSSP_PCSCLITE=/none/libpcsclite

# No unix half, and the winscard.dll that the way over another one finds is this one, as installed.
new_prefix noservice
cp --remove-destination "$build/$arch-windows/scardssp.dll" "$build/$arch-windows/winscard.dll" \
    "$WINEPREFIX/drive_c/windows/$system/"
answers "neither a unix half nor another winscard.dll" "WINEDLLPATH=${wine_dlls:-}"
answers "the same, asked for" "WINEDLLPATH=${wine_dlls:-}" SCARDSSP_TRANSPORT=winscard

finish
