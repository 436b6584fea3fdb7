#!/bin/bash
# OpenSC's opensc-tool and pkcs15-tool, compiled for Windows, print what the native ones print.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/clients/opensc.sh, tools/rig --wine 10 [--bits 32] tests/clients/opensc.sh
#
# Debian 12's version for Windows; the native ones are 12's or 13's.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/clients/clientslib.sh"
take_client opensc

# The Cryptoflex is among the old cards, which have to be asked for. The configuration is the same.
printf 'app default {\n    card_drivers = old, internal;\n}\n' > "$work/opensc.conf"
export OPENSC_CONF=$work/opensc.conf

# put_in PROFILE: what follows is about that card.
put_in()
{
    subject=$1
    ask_rig card eject > /dev/null
    ask_rig card insert "$1" > "$work/insert"
    check $? "$subject: cannot be put in" "$work/insert"
}

# both TOOL ARGUMENT...: the same output, and the same verdict.
both()
{
    local tool=$1 native windows
    shift
    "$tool" "$@" > "$work/native" 2> "$work/native.errors"
    native=$?
    OPENSC_CONF=Z:$OPENSC_CONF run_client "$tool" "$@" > "$work/windows"
    windows=$?
    [ $((native > 0)) = $((windows > 0)) ]
    check $? "$subject: $tool $*: ended with $windows, natively with $native" "$work/errors"
    # Computed by OpenSSL, which the one for Windows is built without.
    sed -i '/MD:guid/d' "$work/native" "$work/windows"
    same "$subject: $tool $*"
}

subject="the readers"
both opensc-tool --list-readers
for card in iso-t1 iso-t0 gsm flex; do
    put_in $card
    both opensc-tool --reader "$SCARDSSP_TEST_READER" --atr
    both opensc-tool --reader "$SCARDSSP_TEST_READER" --name
    both opensc-tool --reader "$SCARDSSP_TEST_READER" --card-driver default \
        --send-apdu 00:A4:00:0C:02:3F:00 --send-apdu 00:B0:00:00:10 --send-apdu 00:C0:00:00:00
done
put_in flex
both opensc-tool --reader "$SCARDSSP_TEST_READER" --serial
both opensc-tool --reader "$SCARDSSP_TEST_READER" --list-files
if [ -x "$build/tests/cards/cac" ]; then
    put_in cac
    both opensc-tool --reader "$SCARDSSP_TEST_READER" --atr
    both opensc-tool --reader "$SCARDSSP_TEST_READER" --name
    both pkcs15-tool --reader "$SCARDSSP_TEST_READER" --list-certificates
    both pkcs15-tool --reader "$SCARDSSP_TEST_READER" --list-keys
    both pkcs15-tool --reader "$SCARDSSP_TEST_READER" --list-pins
    both pkcs15-tool --reader "$SCARDSSP_TEST_READER" --dump
fi
finish
