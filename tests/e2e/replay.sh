#!/bin/bash
# A session is recorded, has no secret in it, and the simulated card plays it back; runs inside
# tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/replay.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
export WINEDEBUG=-all
code=31323334
session=$work/card.session

# use_card FILE: what a program does with a card. "wine client error" is of a thread of Wine's that
# begins while its process ends.
use_card()
{
    {
        wine "$tool" atr
        wine "$tool" cat 3F00/2F05
        wine "$tool" cat 3F00/5000/0001
        wine "$tool" cat 3F00/7777
        wine "$tool" apdu "0020000104$code" 00B0850004 00CA010300
    } < /dev/null 2>&1 | tr -d '\r\0' | grep -v '^wine client error' > "$1"
}

request()
{
    "$top/tests/rig/request" "$@" > "$work/answer" 2>&1
    check $? "$*: $(cat "$work/answer")" "$session"
}

SCARDSSP_RECORD="Z:$session" use_card "$work/first"
grep -q '^00010203\|00 01 02 03' "$work/first"
check $? "the file was not read: $(cat "$work/first")" "$session"
[ "$(grep -c '^# scardssp session 2, process .*scardtool' "$session")" = 5 ]
check $? "not every program began a session" "$session"
made_by="scardssp [0-9].*, Wine $wine_version.*, ${SCARDSSP_BITS:-64}-bit"
grep -q "^# $made_by, 20.*Z, over [a-z]*\$" "$session"
check $? "no versions" "$session"
! grep -v '^#' "$session" | grep -qv '^[0-9a-f]*\.[0-9]* [0-9]*\.[0-9]\{6\} '
check $? "a line has no time" "$session"
grep -q "connect shared T1 ATR 3B.* reader $SCARDSSP_TEST_READER\$" "$session"
check $? "no connection" "$session"
grep -q '> 00200001 04 \[4 bytes hidden\]' "$session"
check $? "no VERIFY" "$session"
! grep -q "$code" "$session"
check $? "the code is in the record" "$session"

# Another card, that answers as the recorded one did.
request card eject
request card insert "$session"
use_card "$work/second"
cmp -s "$work/first" "$work/second"
check $? "played back it says: $(diff -a "$work/first" "$work/second" | tr -d "\0")" "$session"

# What was never sent has no answer, and the log says so.
wine "$tool" apdu 00A4000C023F01 < /dev/null 2>&1 | grep -q 6F00
check $? "an unknown command is answered" "$session"
wine "$tool" apdu "002000010431323335" < /dev/null 2>&1 | grep -q 9000
check $? "a hidden code fits only one" "$session"

# The form that had no times.
request card eject
sed 's/^# scardssp session 2/# scardssp session 1/; /^#/!s/^\([^ ]*\) [0-9.]* /\1 /' "$session" \
    > "$work/old.session"
request card insert "$work/old.session"
use_card "$work/second"
cmp -s "$work/first" "$work/second"
check $? "an old session says: $(diff -a "$work/first" "$work/second" | tr -d "\0")" \
    "$work/old.session"

# A damaged file is refused with the line, and the card stays.
request card eject
sed '0,/ > /s/ > .*/& [x bytes hidden]/' "$session" > "$work/damaged.session"
"$top/tests/rig/request" card insert "$work/damaged.session" > "$work/answer" 2>&1
[ $? != 0 ]
check $? "a damaged session was taken" "$session"

# A file that cannot be written disturbs nobody.
request card insert
SCARDSSP_RECORD='Z:\no\such\directory\file' wine "$tool" atr < /dev/null > "$work/third" 2>&1
[ $? = 0 ]
check $? "a record that cannot be written ended the program" "$session"

# Trace and record are their user's alone: new ones, and old ones that others can read. What is no
# regular file of the user's is refused, by name, and stays as it is.
# logs VARIABLE FILE: what the DLL says of it goes to $work/said.
logs()
{
    (umask 0; env "$1=$2" WINEDEBUG=-all,err+scardssp wine "$tool" atr < /dev/null > /dev/null \
        2> "$work/said")
}

# refuses VARIABLE FILE WHY
refuses()
{
    logs "$1" "$2"
    grep -q "$1 is not written: $3" "$work/said"
    check $? "$1, $2: no word of \"$3\"" "$work/said"
}

for variable in SCARDSSP_TRACE SCARDSSP_RECORD; do
    files=$work/$variable
    mkdir "$files"
    logs $variable "$files/new"
    ! grep -q 'is not written' "$work/said"
    check $? "$variable: a good file is complained of" "$work/said"
    [ "$(stat -c %a "$files/new")" = 600 ] && [ -s "$files/new" ]
    check $? "$variable: mode $(stat -c %a "$files/new")" "$work/said"
    size=$(stat -c %s "$files/new")
    chmod 666 "$files/new"
    logs $variable "Z:$files/new"
    [ "$(stat -c %a "$files/new")" = 600 ] && [ "$(stat -c %s "$files/new")" -gt "$size" ]
    check $? "$variable: an old file is not narrowed, or lost" "$work/said"
    echo mine > "$files/mine"
    ln -s mine "$files/link"
    ln "$files/mine" "$files/second"
    mkfifo "$files/pipe"
    refuses $variable "$files/link" "it is a symbolic link"
    refuses $variable "$files/mine" "the file has other names too"
    refuses $variable "$files/pipe" "it is no regular file"
    refuses $variable /dev/stderr "it is a symbolic link"
    refuses $variable /dev/null "it is no regular file"
    refuses $variable "$files/none/new" "there is no such directory\|No such file"
    rm "$files/second"
    chown nobody "$files/mine"
    refuses $variable "$files/mine" "it belongs to another user"
    [ "$(cat "$files/mine")" = mine ]
    check $? "$variable: a file that was refused has changed" "$files/mine"
done

# A T=0 card answers by GET RESPONSE only. A Unix path does too.
request card eject
request card insert iso-t0
session=$work/t0.session
SCARDSSP_RECORD=$session use_card "$work/first"
grep -q '> 00C00000' "$session"
check $? "T=0: nothing was fetched" "$session"
! grep -q "$code" "$session"
check $? "T=0: the code is in the record" "$session"
request card eject
request card insert "$session"
use_card "$work/second"
cmp -s "$work/first" "$work/second"
check $? "T=0: played back it says: $(diff -a "$work/first" "$work/second" | tr -d "\0")" "$session"

request card eject
request card insert iso-t1
finish
