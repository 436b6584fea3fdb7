#!/bin/bash
# The simulated cards judged by somebody else's code: OpenSC lists, reads, writes and verifies.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/e2e/opensc.sh
#
# iso-t1 and iso-t0 by its driver for unknown cards, flex by its Cryptoflex driver; what it says is
# compared with what the profiles put into the cards.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/e2e/opensclib.sh"
profiles=$top/tests/cards/profiles

# OpenSC counts the Cryptoflex among the old cards, which have to be asked for.
printf 'app default {\n    card_drivers = old, internal;\n}\n' > "$work/opensc.conf"
export OPENSC_CONF=$work/opensc.conf

# put_in PROFILE: that card, as new; what follows is about it.
put_in()
{
    subject=$(basename "$1" .card)
    ask_rig card eject > /dev/null
    ask_rig card insert "$1" > "$work/insert"
    check $? "$subject: cannot be put in" "$work/insert"
}

# explore DRIVER: runs the commands of stdin in opensc-explorer
explore()
{
    { cat; echo quit; } > "$work/script"
    (cd "$work" && opensc-explorer -r "$SCARDSSP_TEST_READER" -c "$1" script) > "$work/out" 2>&1
    check $? "$subject: opensc-explorer" "$work/out"
}

# has TEXT...: each is a line of what was said, blanks squeezed, or its beginning
has()
{
    local text
    for text; do
        tr -s ' \t' ' ' < "$work/out" | sed 's/^ //' | grep -qE "^$text"
        check $? "$subject: OpenSC does not say: $text" "$work/out"
    done
}

# pattern N: the bytes that the profiles call so, in hexadecimal
pattern()
{
    awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "%02x", (i * 7 + int(i / 256)) % 256 }'
}

# holds FILE N: what was fetched as FILE is the pattern
holds()
{
    [ "$(od -An -v -tx1 "$work/$1" | tr -d ' \n')" = "$(pattern "$2")" ]
    check $? "$subject: $1 is not $2 bytes of the pattern"
}

# atr_is HEX: the ATR of the profile
atr_is()
{
    opensc-tool -r "$SCARDSSP_TEST_READER" -c default --atr > "$work/out" 2>&1
    has "$(echo "$1" | tr 'A-F ' 'a-f:')\$"
}

# answers APDU ANSWER...: raw, from the MF on, as ISO 7816-4 says
answers()
{
    local got
    while [ $# -gt 1 ]; do
        got=$(answer_of 00A4000C023F00 "$1")
        [ "$got" = "$2" ]
        check $? "$subject: $1 is answered by $got, not by $2"
        shift 2
    done
}

judge_iso()
{
    put_in "$1"
    atr_is "$(sed -n 's/^atr //p' "$1")"
    explore default <<'TEXT'
find 4FFF 5001
cd 5000
info
find 0000 0010
info 0001
get 0001 0001
info 0002
cat 0002
info 0003
cat 0003
info 0004
cat 0005
verify CHV1 31:32:33:35
verify CHV1 31:32:33:34
cat 0005
cat 0008
cd ..
get 2F05 2F05
cd aid:A00000000103
info
TEXT
    has '.*\[5000\] DF' 'File path: 3F00/5000$' 'DF name: \\xA0\\x00\\x00\\x00\\x01\\x02$' \
        '.*0001 wEF 400$' '.*0008 wEF 16$' 'File size: 400 bytes' 'EF structure: Transparent' \
        'EF structure: Linear fixed' 'Number of records: 2$' 'Max. record size: 16 bytes' \
        'Total of 400 bytes' '00000000: .* record number 2' 'EF structure: Linear variable' \
        'Number of records: 3$' 'Max. record size: 40 bytes' \
        '00000000: 02 05 64 65 66 67 68 ' 'EF structure: Cyclic' 'Number of records: 4$' \
        'Max. record size: 10 bytes' 'Read failed' 'Incorrect code, 2 tries left' 'Code correct' \
        '00000000: 53 45 43 52 45 54 31 00 .* SECRET1' 'DF name: .*\\x01\\x03$' \
        'Life cycle: Operational, activated'
    [ "$(grep -c 'Read failed' "$work/out")" = 2 ]
    check $? "$subject: other than two reads were refused" "$work/out"
    holds 0001 400
    [ "$(od -An -v -tx1 "$work/2F05" | tr -d ' \n')" = 000102030405060708090a0b0c0d0e0f ]
    check $? "$subject: 2F05 is not what the profile says" "$work/out"
}

judge_flex()
{
    put_in "$profiles/flex.card"
    atr_is "3B 95 15 40 20 68 01 02 00 00"
    opensc-tool -r "$SCARDSSP_TEST_READER" --name --serial > "$work/out" 2>&1
    has 'Cryptoflex 8K' '00 11 22 33 44 55 66 77 '
    opensc-tool -r "$SCARDSSP_TEST_READER" --list-files > "$work/out" 2>&1
    has '3f000002 type: wEF, ef structure: transparent, size: 8' '3f005000 type: DF' \
        '3f0050000001 type: wEF, ef structure: transparent, size: 200' \
        '3f0050000002 type: wEF, ef structure: linear-fixed, size: 48' \
        '3f0050000003 type: wEF, ef structure: linear-variable, size: 8' \
        '3f0050000004 type: wEF, ef structure: cyclic, size: 40' \
        '3f0050000005 type: wEF, ef structure: transparent, size: 16' \
        'read\[CHV1\] update\[CHV1\] '
    [ "$(grep -c 'type: ' "$work/out")" = 8 ]
    check $? "$subject: not eight files are listed" "$work/out"
    explore flex <<'TEXT'
ls
cd 5000
ls
get 0001 0001
cat 0005
verify CHV1 31:32:33:34:35:36:37:39
verify CHV1 31:32:33:34:35:36:37:38
cat 0005
TEXT
    has '0002 wEF 8$' '\[5000\] DF' '0001 wEF 200$' '0004 wEF 40$' 'Read failed' \
        'Unable to verify PIN code' 'Code correct' '00000000: 53 45 43 52 45 54 31 00 '
    holds 0001 200
}

# Creating needs a card that takes OpenSC's template 6F where ISO 7816-9 has 62.
judge_writing()
{
    cp "$profiles/iso.files" "$work"
    sed 's/^include/create-6f yes\n&/; s/^name .*/name writing/' "$profiles/iso-t1.card" \
        > "$work/writing.card"
    put_in "$work/writing.card"
    explore default <<'TEXT'
create 0100 16
info 0100
update_binary 0100 4 01:02:03:04
cat 0100
mkdir 0200 100
cd 0200
create 0201 8
info 0201
cd ..
delete 0100
find 00FF 0201
change CHV1 31:32:33:34 35:36:37:38
verify CHV1 35:36:37:38
unblock CHV1 31:32:33:34:35:36:37:38 31:32:33:34
verify CHV1 31:32:33:34
TEXT
    has 'File path: 3F00/0100$' 'File size: 16 bytes' \
        '00000000: 00 00 00 00 01 02 03 04 00 00 00 00 00 00 00 00 ' 'File path: 3F00/0200/0201$' \
        '.*\[0200\] DF' '.*PIN changed' 'PIN unblocked'
    [ "$(grep -c 'Code correct' "$work/out")" = 2 ]
    check $? "$subject: not both codes are correct" "$work/out"
    ! grep -q ')0100 \|) 0100 ' "$work/out"
    check $? "$subject: a file is found after it was deleted" "$work/out"
}

judge_iso "$profiles/iso-t1.card"
answers 00B09E0004 61124F069000 00A40000025001 6A82 \
    00B0850010 000102030405060708090A0B0C0D0E0F9000 00FF0000 6D00 80A40000023F00 6E00
judge_iso "$profiles/iso-t0.card"
answers 00B09E0004 61124F069000 00A40000025001 6A82 00FF000000 6D00 80A40000023F00 6E00
judge_flex
judge_writing
finish
