#!/bin/bash
# A card that we did not write, libcacard's CAC, through our classes and through OpenSC.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] --card none tests/e2e/cac.sh
#
# What opensc-tool reads over the same reader, ISCard::Transaction must read byte for byte; and the
# certificates are those that certutil made.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/e2e/opensclib.sh"

if [ ! -x "$build/tests/cards/cac" ]; then
    echo "cac.sh: skipped: libcacard's headers were missing when this was built (libcacard-dev)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
ask_rig card eject > /dev/null
if ! ask_rig card insert cac > "$work/insert"; then
    check 1 "the card cannot be put in" "$work/insert"
    finish
    exit
fi

# chunks TYPE: READ BUFFER commands for a whole buffer of the selected applet (1 tags, 2 values).
# It begins with its length, least significant byte first.
chunks()
{
    local select=$1 type=$2 head size offset=0 take
    head=$(answer_of "$select" "8052000002${type}0202")
    size=$((16#${head:2:2}${head:0:2} + 2))
    while [ "$offset" -lt "$size" ]; do
        take=$((size - offset > 240 ? 240 : size - offset))
        printf '8052%04x02%s%02x%02x\n' $offset "$type" $take $take
        offset=$((offset + take))
    done
}

made=/run/scardssp-rig/cac exchanges=$work/exchanges
: > "$exchanges"
for applet in 0 1 2; do
    select=00A4040007A000000079010${applet}00
    commands="$select $(chunks "$select" 01) $(chunks "$select" 02)"
    exchange $commands > "$work/applet$applet"
    cat "$work/applet$applet" >> "$exchanges"
    sed -n 's/^8052[0-9A-F]\{4\}0202[0-9A-F]* \(.*\)9000$/\1/p' "$work/applet$applet" |
        tr -d '\n' > "$work/value$applet"
    od -An -v -tx1 "$made/cert$((applet + 1)).der" | tr -d ' \n' | tr a-f A-F \
        > "$work/certificate$applet"
    [ -s "$work/certificate$applet" ] &&
        grep -qF "$(cat "$work/certificate$applet")" "$work/value$applet"
    check $? "applet $applet does not hold the certificate that was made" "$work/applet$applet"
done
# An applet and a command that do not exist, and the ways to ask for nothing.
exchange 00A4040007A0000000790BAD 00A4040007A000000079030000 80FF000000 00C0000010 >> "$exchanges"

opensc-tool --reader "$SCARDSSP_TEST_READER" --name > "$work/name" 2>&1
grep -q 'Common Access Card' "$work/name"
check $? "OpenSC does not know the card" "$work/name"

SCARDSSP_TEST_EXCHANGES=Z:$exchanges wine "$build/tests/e2e/$arch/cac.exe" < /dev/null
check $? "cac.exe"

# The DLL has left the card as OpenSC wants it.
exchange $(cut -d ' ' -f 1 "$exchanges") > "$work/again"
cmp -s "$exchanges" "$work/again"
check $? "OpenSC reads something else afterwards" "$work/again"
# The card's files are reached by names of applications alone, which no EF.DIR tells.
wine "$tool" probe-card < /dev/null 2> "$work/err" | tr -d '\r' > "$work/probed"
grep -qx 'name          = CAC card' "$work/probed"
check $? "probe-card finds nothing to begin with: $(cat "$work/err")" "$work/probed"

ask_rig card eject > /dev/null
check $? "the card cannot be taken out"
finish
