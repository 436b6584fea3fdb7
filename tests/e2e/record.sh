#!/bin/bash
# scardtool record and replay, as a user and a supporter have them; inside tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/record.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
export WINEDEBUG=-all
code=31323334
request=$top/tests/rig/request

# scardtool CODE WHAT ARGS...: what it prints is in $work/out, what it says in $work/err
scardtool()
{
    local wanted=$1 what=$2 status=0
    shift 2
    (cd "$work" && "$build/scardtool" "$@") < /dev/null 2> "$work/err" | tr -d '\r\0' > "$work/out"
    status=${PIPESTATUS[0]}
    [ "$status" = "$wanted" ]
    check $? "$what: exit status $status, not $wanted: $(cat "$work/err")" "$work/out"
}

says()
{
    grep -q -e "$1" "$work/err"
    check $? "it does not say \"$1\"" "$work/err"
}

# log_of_child PROCESS: what the simulated card that it started was told behind --log
log_of_child()
{
    local status
    grep -lxs "PPid:[[:space:]]*$1" /proc/[0-9]*/status | while read -r status; do
        tr '\0' '\n' < "${status%status}cmdline" | sed -n '/^--log$/{n;p}'
    done
}

# ---- the user's part ----

scardtool 0 "a record" record --output my.session "$tool" apdu "0020000104$code" 00CA010300
cp "$work/out" "$work/first"
says "^scardtool: [1-9][0-9]* commands are recorded in $work/my.session; .* look through it before"
[ "$(stat -c %a "$work/my.session")" = 600 ]
check $? "others can read it" "$work/err"
grep -q '> 00200001 04 \[4 bytes hidden\]' "$work/my.session" &&
    ! grep -q "$code" "$work/my.session"
check $? "the code is in it, or no VERIFY" "$work/my.session"
cp "$work/my.session" "$work/before"
scardtool 1 "a file that is there" record --output my.session "$tool" atr
says "is there already; name another file by --output"
cmp -s "$work/my.session" "$work/before"
check $? "it was written to" "$work/my.session"
ln -s elsewhere "$work/link"
scardtool 1 "a link" record --output link "$tool" atr
scardtool 1 "no directory" record --output "$work/none/file" "$tool" atr
says "cannot be written"
scardtool 3 "its own name, and the program's exit status" record "$tool" cat 3F00/7777
[ -s "$work/scardtool.session" ]
check $? "no scardtool.session" "$work/err"
scardtool 3 "a program without cards" record --output none 'C:\windows\system32\cmd.exe' /c exit
says "nothing was recorded, .*; scardssp-setup doctor 'C:.windows.*cmd.exe' tells why"
[ ! -e "$work/none" ]
check $? "an empty file stays" "$work/err"
scardtool 3 "a program that is not there" record --output none "./O'Neil's bank.exe"
says "nothing was recorded: there is no file ./O'Neil's bank.exe here"
cp "$build/tools/samples/$arch/cardinfo.exe" "$work/O'Neil's bank.exe"
WINEDLLOVERRIDES="$WINEDLLOVERRIDES;winscard=b" "$build/scardtool" record --output "$work/none" \
    "$work/O'Neil's bank.exe" > /dev/null 2> "$work/err" < /dev/null
says "doctor '$work/O'\\\\''Neil'\\\\''s bank.exe' tells why"
scardtool 2 "no program" record
scardtool 2 "no file" record --output
scardtool 2 "an option" record --fast "$tool"
scardtool 0 "its help" record --help
grep -q -- "--output" "$work/out"
check $? "no usage" "$work/out"

# ---- the supporter's: with vpcd, and without that card ----

"$request" card eject > /dev/null
scardtool 0 "a replay" replay my.session "$tool" apdu "0020000104$code" 00CA010300
cmp -s "$work/first" "$work/out"
check $? "played back it says: $(diff -a "$work/first" "$work/out")" "$work/err"
! grep -q "not in the record" "$work/err"
check $? "something was not in the record" "$work/err"
scardtool 4 "what was never sent" replay my.session "$tool" apdu 00A4000C023F01
says "^scardtool: 1 commands were not in the record, and got 6F00"
sleep 1
"$build/scardtool" readers 2> /dev/null | grep -q '^ *ATR'
[ $? = 1 ]
check $? "the card stays in the reader" "$work/err"

# Without a program until it is ended.
"$build/scardtool" replay "$work/my.session" 2> "$work/err" &
replay=$!
for ((i = 0; i < 150; i++)); do
    ! grep -q "the card is in" "$work/err" || break
    sleep 0.2
done
says "the card is in Virtual PCD 00 00; interrupt this to take it out"
"$build/scardtool" readers 2> /dev/null | grep -q '^ *ATR'
check $? "no card in the reader" "$work/err"
log=$(log_of_child $replay)
kill $replay
wait $replay
[ $? = 143 ]
check $? "it does not end as it was told" "$work/err"
sleep 1
"$build/scardtool" readers 2> /dev/null | grep -q '^ *ATR'
[ $? = 1 ]
check $? "the card stays after that" "$work/err"
[ -n "$log" ] && [ ! -e "$(dirname "$log")" ]
check $? "a directory is left" "$work/err"

sed '0,/ > /s/ > .*/& [x bytes hidden]/' "$work/my.session" > "$work/damaged"
scardtool 1 "a damaged record" replay damaged "$tool" atr
says "damaged:[0-9]"
scardtool 1 "no record" replay "$top/README.md" "$tool" atr
says "is no record"
scardtool 3 "no such file" replay nowhere "$tool" atr
scardtool 2 "nothing" replay

# A reader's serial number is its user's alone.
"$request" reader odd > /dev/null
scardtool 0 "a reader with a serial number" record --output serial "$tool" apdu 00A4000C023F00
grep -q 'connect .* reader L.*cteur .* (SERIAL) 00 00$' "$work/serial" &&
    ! grep -q A1B2C3D4 "$work/serial"
check $? "its number is told" "$work/serial"

# Where there is no vpcd.
"$request" reader ifd > /dev/null
"$request" card eject > /dev/null
scardtool 1 "no vpcd" replay my.session "$tool" atr
says "install vpcd (Debian: vsmartcard-vpcd)"
"$request" reader vpcd > /dev/null

# With --json there is one value whatever happens; and what is no Wine is refused.
is_null()
{
    [ "$(cat "$work/out")" = null ]
    check $? "$1: --json is not null" "$work/out"
}
WINE=/bin/true scardtool 1 "no Wine" readers --json
says "/bin/true is no Wine"
is_null "no Wine"
WINE=/bin/true "$build/scardssp-run" client.exe 2> "$work/err"
[ $? = 127 ]
check $? "scardssp-run takes /bin/true"
says "/bin/true is no Wine"
WINE=$work/nowhere scardtool 1 "Wine that is not there" --json readers
is_null "Wine that is not there"
WINEPREFIX=$work/none scardtool 1 "no prefix" readers --json
is_null "no prefix"
scardtool 0 "help of record" record --help
! grep -q -- --json "$work/out"
check $? "record has no --json" "$work/out"

# Without a prefix: the same words for what people need first.
"$build/scardtool" --help | tr -d '\r' > "$work/all"
WINEPREFIX=$work/none "$build/scardtool" --help > "$work/out"
[ "$(grep -c '^  [a-z]' "$work/out")" = 3 ] && [ ! -e "$work/none" ] &&
    [ "$(grep '^  [a-z]' "$work/out")" = "$(grep '^  [a-z]' "$work/all" | head -n 3)" ]
check $? "the help without a prefix" "$work/out"

finish
