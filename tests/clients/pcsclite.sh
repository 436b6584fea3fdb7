#!/bin/bash
# pcsc-lite's own tests, compiled for Windows, say what they say natively.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/clients/pcsclite.sh
#
# Errors are compared by their numbers, results as far as Windows and pcsc-lite say the same.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/clients/clientslib.sh"
take_client pcsclite

# both PROGRAM [INPUT [ARGUMENT...]]: natively and over Windows, INPUT typed.
both()
{
    local program=$1 input=${2:-}
    shift $(($# < 2 ? $# : 2))
    printf "$input" | "$client/$program" "$@" > "$work/native" 2>&1
    check $? "$program ended natively with an error" "$work/native"
    printf "$input" | run_client "$program" "$@" > "$work/windows"
    check $? "$program ended with an error" "$work/errors"
}

# by_windows [PATTERN]: the native output without colours and in Windows' values: an invalid handle,
# a feature that is not supported, the state of a card that is in use. Lines of PATTERN are
# not compared: both decided otherwise there.
by_windows()
{
    local file
    for file in "$work/native" "$work/windows"; do
        sed -i -e 's/\x1b\[[0-9;]*m//g' "$file"
        [ -z "${1:-}" ] || sed -i -E "/$1/d" "$file"
    done
    sed -i -e 's/80100003/00000006/; s/8010001F/80100022/; s/0x[0-9a-f]*34$/0x0006/' \
        "$work/native"
}

# A wait that is cancelled from another thread, and one that nobody cancels.
cancel()
{
    (sleep 1; echo) | run_client SCardCancel > "$work/windows"
    check $? "SCardCancel" "$work/errors"
    grep -q 'SCardGetStatusChange:.*80100002' "$work/windows" && grep -q Good "$work/windows"
    check $? "SCardCancel: the wait is not cancelled" "$work/windows"
    (sleep 5; echo) | run_client SCardCancel > "$work/windows"
    grep -q 'SCardGetStatusChange:.*8010000A' "$work/windows"
    check $? "SCardCancel: the wait does not end by itself" "$work/windows"
}

ask_rig reader ifd > /dev/null
check $? "no readers with attributes"
both SCardBeginTransaction
same SCardBeginTransaction
# Lengths beside an error: pcsc-lite writes 0 or what is needed, here they stay, or are 0.
both BufferOverflow_SCardTransmit
by_windows '^Expected length'
same BufferOverflow_SCardTransmit
both BufferOverflow_SCardControl
by_windows '^Expected length'
same BufferOverflow_SCardControl
# pcsc-lite refuses room for more than 264 bytes; Windows has no such limit.
both BufferOverflow_SCardGetAttrib
sed -n '4p' "$work/windows" | grep -qx 0 && sed -n '5p' "$work/windows" | grep -q '^3B '
check $? "BufferOverflow_SCardGetAttrib: no attribute" "$work/windows"
# Its own code goes to a driver under another number: codes are translated where PC/SC has them.
both testpcsc '1\n\n'
by_windows '^Testing SCardControl'
same testpcsc
finish
