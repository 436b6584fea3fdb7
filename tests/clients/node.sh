#!/bin/bash
# Node.js for Windows, with koffi, over our winscard.dll: readers, a card, and a wait beside them.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig --wine 10 tests/clients/node.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/clients/clientslib.sh"
take_client node

ask_rig card insert iso-t1 > /dev/null
name_readers
# Into a file: Node.js under Wine cannot open a pipe as its output.
env $winscard_settings wine "$client/node.exe" "Z:$top/tests/clients/node.js" "Z:$client/koffi" \
    "$SCARDSSP_TEST_READER" "$SCARDSSP_TEST_READER2" > "$work/windows" 2> "$work/errors" < /dev/null
check $? "it ended with an error" "$work/errors"
cat > "$work/native" <<TEXT
reader $SCARDSSP_TEST_READER
reader $SCARDSSP_TEST_READER2
protocol 2
SELECT 9000
beside a wait 000102030405060708090a0b0c0d0e0f9000
the wait 80100002
disconnected again 00000006
TEXT
same "what the card has (<) and what Node.js says (>)"
finish
