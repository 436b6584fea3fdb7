#!/bin/bash
# scardssp-setup doctor --report: what a supporter needs, and nothing of who the user is; inside
# tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] [--wine 10|old] tests/setup/report.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
export WINEDEBUG=-all
code=31323334

# report CODE WHAT ARGS...: what it prints goes to $work/out, what it writes is $work/text
report()
{
    local status=0 wanted=$1 what=$2
    shift 2
    "$build/scardssp-setup" doctor --report "$work/text" "$@" > "$work/out" 2>&1 < /dev/null ||
        status=$?
    [ $status = "$wanted" ]
    check $? "$what: the exit status is $status" "$work/out"
}

# tells TEXT..., hides TEXT...
tells()
{
    local text
    for text; do
        grep -q -- "$text" "$work/text"
        check $? "the report does not tell \"$text\"" "$work/text"
    done
}

hides()
{
    local text
    for text; do
        ! grep -q -- "$text" "$work/text"
        check $? "the report tells \"$text\"" "$work/text"
    done
}

# refused CODE TEXT ARGS...
refused()
{
    local status=0 wanted=$1 text=$2
    shift 2
    "$build/scardssp-setup" "$@" > "$work/out" 2>&1 < /dev/null || status=$?
    [ $status = "$wanted" ] && grep -q -- "$text" "$work/out"
    check $? "$*: status $status, or not \"$text\"" "$work/out"
}

# ---- of a user whose name stands in every path ----
new_user_prefix report
chown $user_id "$WINEPREFIX/drive_c/windows/system32" "$WINEPREFIX/drive_c/windows/syswow64"
user=$(id -un "$(stat -c %u "$WINEPREFIX")")
home="$work/home of Ä O'Neil, $user"
install -d -o "$user" "$home" "$home/out"
chmod 755 "$work"
# As a trace and a reader's name have it: see trace_wstr, and pcscd's names.
traced=$(printf 'Z:%s' "$home" | sed 's|/|\\\\|g; s|Ä|\\00c4|')
named='CCID Reader [CCID Interface] (A1B2C3D4) 00 00'
printf '%s\n' "a file L\"$traced\\\\x\"" "reader $named" "by Arna Example, today" > "$work/lines"
sed "s/^\($user:[^:]*:[^:]*:[^:]*:\)[^:]*/\1Arna Example,,,/" /etc/passwd > "$work/passwd"
mount --bind "$work/passwd" /etc/passwd
cat > "$work/as" <<TEXT
#!/bin/sh
export HOME="$home" SCARDSSP_DIR='$user_build' WINEDLLPATH='$user_build'
$user_build/scardssp-setup --user --quiet --force install || :
{ printf 'VERIFY 00200001 04 [4 bytes hidden]\n'; seq 196; } > "\$HOME/trace"
cat '$work/lines' >> "\$HOME/trace"
SCARDSSP_TRACE=\$HOME/trace exec $user_build/scardssp-setup doctor --report "\$HOME/out/report"
TEXT
chmod 755 "$work/as"
# Wine's 32-bit part may be where that user cannot reach it, so the exit status is not looked at.
as_user "$work/as" > "$work/out" 2>&1 < /dev/null
cp "$home/out/report" "$work/text" 2> /dev/null || : > "$work/text"
tells "^scardssp: report of scardssp-setup doctor" "^== What doctor says" "^== What status says" \
    "64-bit: *the card in Virtual PCD 00 00 answers by COM, ATR" "^Linux" \
    "^Wine: .*wine-$wine_version" "kernel, 32-bit-code" \
    "^64-bit: reader.0=Virtual PCD 00 00" "^64-bit: card.0.atr=3B" "historical" \
    "^connections: [0-9]* of 200" "^runs as: .*pcscd" \
    "^SCARDSSP_TRACE=~/trace" "VERIFY 00200001 04 .4 bytes hidden" "trace:scardssp" \
    'a file L"Z:~.*x"' "reader CCID Reader .CCID Interface. (SERIAL) 00 00"
[ "$(wc -l < "$home/trace")" = 200 ]
check $? "the report's own programs wrote to the user's trace"
grep -q "^report: *$home/out/report;" "$work/out"
check $? "it does not say where the report is" "$work/out"
umount /etc/passwd
hides "$user" "home of" "Neil" "Arna" "A1B2C3D4" "$(uname -n)" "$code"
[ "$(ls "$home/out")" = report ]
check $? "something else lies beside the report"

# ---- whatever is wrong ----
export WINEPREFIX=$work/none HOME=$work/home
mkdir "$HOME"
: > "$work/text"
refused 1 "it is there, and is no report" doctor --report "$work/text"
rm "$work/text"
report 1 "without a prefix"
tells "^prefix: missing" "Linux" "FAILED"
report 1 "a second time"
tells "^prefix: missing"
# What is to be pasted into a shell is one word there, and hidden as well.
export WINEPREFIX="$work/O'Neil's"
refused 1 "WINEPREFIX='$work/O'\\\\''Neil'\\\\''s' wine wineboot" doctor
HOME=$WINEPREFIX report 1 "a home with a quote"
tells "WINEPREFIX='~' wine wineboot"
hides "Neil"
export WINEPREFIX=$work/none
WINE=$work/no-wine report 1 "without a Wine"
tells "^Wine: not found" "FAILED: .*no-wine was not found"
refused 1 "it is a directory" doctor --report "$work"
refused 1 "no directory that can be written" doctor --report "$work/none/text"
refused 2 "exclude each other" doctor --json --report "$work/text"
refused 2 "belongs to doctor" status --report "$work/text"
refused 2 "needs a file" doctor --report

# What an environment says cannot take the report's lines apart, or a terminal's.
SCARDSSP_DIR=$build WINE_TITLE=$'\033]0;other\007' report 1 "with control characters"
[ "$(LC_ALL=C tr -d '\n\t\040-\176\200-\377' < "$work/text" | wc -c)" = 0 ]
check $? "control characters are in the report"
mount -t tmpfs -o size=4k tmpfs "$work/home"
head -c 8192 /dev/zero > "$work/home/full" 2> /dev/null
refused 1 "cannot be written; name another file" doctor --report "$work/home/report"
[ ! -e "$work/home/report" ]
check $? "a part of a report is left on a full disk"
umount "$work/home"
finish
