#!/bin/bash
# What the trace shows and what it never shows; runs inside tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/trace.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
code=31323334

shows()
{
    grep -q "$1" "$work/trace"
    check $? "$2" "$work/trace"
}

hides()
{
    ! grep -qi "$1" "$work/trace"
    check $? "$2" "$work/trace"
}

# A SELECT, whose bytes are shown, and a VERIFY, whose code is not: by either way out.
commands="00A40000023F0000 0020000104$code"

WINEDEBUG=trace+scardssp,fixme-all wine "$tool" apdu $commands > /dev/null 2> "$work/trace" \
    < /dev/null
shows 'SELECT 00A40000 02 3F00' "SELECT is not shown by name and bytes"
shows 'VERIFY 00200001 04' "VERIFY is not shown by name"
shows 'bytes hidden' "nothing says that something is hidden"
shows 'card_Transaction' "calls are not shown"
shows 'S_OK' "results are not shown by name"
hides $code "the code is in the trace"
hides '31 32 33 34' "the code is in the trace with blanks"

rm -f "$work/file"
SCARDSSP_TRACE="Z:$work/file" WINEDEBUG=-all wine "$tool" apdu $commands > /dev/null 2>&1 \
    < /dev/null
cp "$work/file" "$work/trace" 2> /dev/null || : > "$work/trace"
shows 'SELECT 00A40000 02 3F00' "SCARDSSP_TRACE: SELECT is not shown"
shows 'VERIFY 00200001 04' "SCARDSSP_TRACE: VERIFY is not shown"
hides $code "SCARDSSP_TRACE: the code is in the file"

WINEDEBUG=fixme-all,err-environ,err-winediag,err-systray wine "$tool" apdu $commands > /dev/null \
    2> "$work/trace" < /dev/null
! grep -q scardssp "$work/trace"
check $? "something is traced although nobody asked" "$work/trace"

# What stands first, and when things happened.
start="^0\.[0-9]*:[0-9a-f]*:trace:scardssp:start process [0-9a-f]*: scardssp [0-9].*"
grep -q "$start, Wine $wine_version.*, ${SCARDSSP_BITS:-64}-bit, 20[0-9-]*T[0-9:]*Z" "$work/file"
check $? "SCARDSSP_TRACE: versions and date are not told" "$work/file"
! grep -v '^[0-9]*\.[0-9]\{6\}:' "$work/file" | grep -q .
check $? "SCARDSSP_TRACE: a line has no time" "$work/file"

# complains VARIABLE VALUE TEXT: a wrong value is told without any setting, once.
complains()
{
    env "$1=$2" WINEDEBUG=err+scardssp,fixme-all wine "$tool" ls < /dev/null > /dev/null \
        2> "$work/trace"
    [ "$(grep -c "err:scardssp.*$3" "$work/trace")" = 1 ]
    check $? "$1=$2 is not complained of" "$work/trace"
}
complains SCARDSSP_TRANSPORT other 'SCARDSSP_TRANSPORT.*is L"other"'
complains SCARDSSP_TRANSPORT winscard-and-more SCARDSSP_TRANSPORT
complains SCARDSSP_PROFILES "$work/none" SCARDSSP_PROFILES
complains SCARDSSP_PROFILES /dev/null SCARDSSP_PROFILES
complains SCARDSSP_TRACE "$work/none/file" SCARDSSP_TRACE
complains SCARDSSP_RECORD "$work/none/file" SCARDSSP_RECORD

# A card that only the user's profile knows for a Cryptoflex has codes in a file 0001.
mkdir "$work/profiles"
for layout in iso flex; do
    printf 'name = Test\nbase = iso\natr = 3B878131FE458031E873F7410010\nlayout = %s\n' $layout \
        > "$work/profiles/one.profile"
    rm -f "$work/trace"
    SCARDSSP_TRACE=$work/trace SCARDSSP_PROFILES=$work/profiles \
        wine "$tool" cat 3F00/5000/0001 > "$work/bytes" 2> /dev/null < /dev/null
    check $? "$layout: the file is not read"
    shows 'profile "Test"' "$layout: the profile is not in force"
    bytes=$(od -An -tx1 -N 8 "$work/bytes" | tr -d ' \n' | tr a-f A-F)
    if [ $layout = iso ]; then
        shows "apdu reply $bytes" "what a file holds is not shown"
    else
        shows "apdu reply .256 bytes hidden" "nothing says that a code's file is hidden"
        hides "$bytes" "a code's file is shown"
    fi
done

# Codes on all the ways that a program can take, also with what Wine itself says.
WINEDEBUG=trace+scardssp,err+all wine "$build/tests/com/$arch/observer.exe" > "$work/observer" \
    2> "$work/trace" < /dev/null
check $? "com/observer fails" "$work/observer"
shows 'UPDATE BINARY C0D60000 08 \[8 bytes hidden\]' "a write into Cryptoflex's CHV1 is not shown"
hides '1Q9z7Kx\|3151397A37\|51397A37\|1362721335' "a code is in what Wine writes"
"${0%/*}/../rig/request" card eject > /dev/null
"${0%/*}/../rig/request" card insert iso-t1 > /dev/null

# A name on a terminal: it moves no cursor and breaks no line. In JSON it is the same name.
types='HKLM\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards'
name=$(printf 'odd\033[2J\nline\302\233A\342\200\256')
wine reg add "$types\\$name" /v ATR /t REG_BINARY /d 3B00 /f > /dev/null 2>&1
WINEDEBUG=-all wine "$tool" cards 2> /dev/null < /dev/null |
    tr -d '\r' > "$work/trace"
grep -qxF 'odd\u001B[2J\u000Aline\u009BA\u202E' "$work/trace"
check $? "scardtool cards: the name is not escaped" "$work/trace"
WINEDEBUG=-all wine "$tool" cards "$name" --json 2> /dev/null < /dev/null |
    tr -d '\r' > "$work/trace"
grep -qF 'odd\u001b[2J\u000aline\u009BA\u202E' "$work/trace"
check $? "scardtool cards --json: not the name" "$work/trace"
wine reg delete "$types\\$name" /f > /dev/null 2>&1

# A daemon that is missing is told once, with the cause, without any setting.
"${0%/*}/../rig/request" pcscd stop > /dev/null
WINEDEBUG=err+scardssp wine "$tool" apdu $commands > /dev/null 2> "$work/trace" < /dev/null
[ "$(grep -c 'err:scardssp' "$work/trace")" = 1 ]
check $? "not exactly one line about the missing daemon" "$work/trace"
shows 'pcscd' "the line does not name pcscd"
"${0%/*}/../rig/request" pcscd start > /dev/null

finish
