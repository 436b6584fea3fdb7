#!/bin/bash
# The conformance kit, run by Wine as somebody would by Windows, and what conformance-diff says of
# its results; runs inside tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/conformance/kit.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/rig/winscard.sh"

# difference CODE WHAT FILE: conformance-diff's exit status; what it prints goes to $work/out
difference()
{
    local status=0
    "$top/tools/conformance-diff" "$3" > "$work/out" 2>&1 || status=$?
    [ $status = "$1" ]
    check $? "$2: conformance-diff ends with $status" "$work/out"
}

says()
{
    grep -q -- "$1" "$work/out"
    check $? "conformance-diff does not say \"$1\"" "$work/out"
}

"$top/tools/release" --conformance --builddir "$build" "$work/kit.zip" > "$work/out" 2>&1
check $? "the kit cannot be made" "$work/out"
"$top/tools/release" --conformance --builddir "$build" "$work/again.zip" > "$work/out" 2>&1
cmp -s "$work/kit.zip" "$work/again.zip"
check $? "the kit is another one when it is made again"
odd=$work/'kit (1) & more' # as browsers and people name folders
mkdir "$odd"
python3 -m zipfile -e "$work/kit.zip" "$odd"
kit=$odd/scardssp-conformance
programs=$(wc -l < "$kit/programs.txt")
[ "$(find "$kit/32" "$kit/64" -name '*.exe' | wc -l)" = $((2 * programs)) ]
check $? "a program is missing"
[ "$(LC_ALL=C grep -c $'\r$' "$kit/run.bat")" = "$(wc -l < "$kit/run.bat")" ]
check $? "run.bat has lines that Windows does not end"

# Without the rig's variables, as at home, and with our DLLs in the places of Windows'.
for bits in 32 64; do
    [ $bits = "${SCARDSSP_BITS:-64}" ] || rm -r "${kit:?}/$bits"
done
cp "$build/tests/winscard/$arch/winscard.dll" "$build/tests/scarddlg/$arch/scarddlg.dll" \
    "$kit/${SCARDSSP_BITS:-64}/"
run_kit()
{
    (
        unset SCARDSSP_TEST_RIG SCARDSSP_TEST_CONTROL SCARDSSP_TEST_READER SCARDSSP_TEST_READER2
        # shellcheck disable=SC2086,SC2163 # settings
        export $winscard_settings
        cd "$kit" && wine64 cmd /c run.bat "$@"
    ) > "$work/run" 2>&1 < /dev/null
    grep -q '^Done: ' "$work/run"
    check $? "run.bat does not come to its end" "$work/run"
}

run_kit
[ "$(grep -c '^== ' "$kit/results.txt")" = $((programs * 2)) ]
check $? "not every program is in the results" "$work/run"
[ "$(grep -c '^[0-9]* passed, [0-9]* failed' "$kit/results.txt")" = "$programs" ]
check $? "not every program came to its end" "$kit/results.txt"

difference 0 "over our own DLLs" "$kit/results.txt"
says "^Microsoft Windows"
says "^winscard/readers ${SCARDSSP_BITS:-64} bits: \([0-9]*\) of \1 guesses are known to be right"
! grep '^not asked' "$work/out" | grep -qv "the rig's card\|nobody takes"
check $? "it does not find the readers by itself" "$work/out"

# What it would say if a guess, and a fact, were wrong there, and a program crashed.
sed '/^== com\/cmd '"${SCARDSSP_BITS:-64}"'/,/ passed,/{
    s/^guess \(cmd.c:[0-9]*\) \([0-9]*\) 0/\1: failed [guess]: is 5, expected 6\r\nguess \1 \2 3/
    s/^[0-9]* passed,/cmd.c:1: failed [native]: \x1b[2Jgone\r\n&/}
    /^== com\/object '"${SCARDSSP_BITS:-64}"'/,/ passed,/{ /^guess\|facts:\|passed/d }' \
    "$kit/results.txt" > "$work/other"
difference 1 "over others" "$work/other"
says "^wrong guess: com/cmd cmd.c:[0-9]*, [0-9]* bits, 3 of [0-9]* checks: .*[a-z]("
says "^    cmd.c:[0-9]*: failed .guess.: is 5, expected 6"
says "^a fact does not hold (native): com/cmd, [0-9]* bits: cmd.c:1: failed .native.: ?.2Jgone"
says "^ended early: com/object, [0-9]* bits"
says "^not run, [0-9]* bits: the program is not there:.* com/cmd "
"$top/tools/conformance-diff" --all "$kit/results.txt" > "$work/out" 2>&1
says "^right: winscard/readers readers.c:[0-9]*, [0-9]* bits, [0-9]* checks: .*ok"

# Without a card there are fewer answers, and no wrong ones; a folder that cannot be written to, and
# a name that cmd would take for commands.
ask_rig card eject > "$work/out" 2>&1
mount --bind "$kit" "$kit" && mount -o remount,bind,ro "$kit" # permissions do not stop root
check $? "the folder cannot be made read-only"
run_kit "Nobody's & Sons (1) 00" "Virtual PCD 00 01"
umount "$kit"
results=$(winepath -u "$(sed -n 's/^Done: "\(.*\)".*/\1/p' "$work/run")" 2> /dev/null)
[ "${results%/*}" != "$kit" ] && [ -f "$results" ]
check $? "the results are in a folder that cannot be written to: $results" "$work/run"
difference 0 "without a card" "$results"
says "^reader \"Nobody's & Sons (1) 00\""
says "^not asked, ${SCARDSSP_BITS:-64} bits: winscard/cards: no reader has a card"
says "^not asked, ${SCARDSSP_BITS:-64} bits: winscard/rows: [0-9]* questions"
ask_rig card insert > "$work/out" 2>&1

# Why a row is bad is said by a process of the row.
SCARDSSP_TEST_WINSCARD=wine wine "$build/tests/winscard/$arch/rows.exe" \
    --log "$(winepath -w "$work/rows" 2> /dev/null)" > "$work/out" 2>&1
grep -q '^  .*, expected ' "$work/rows"
check $? "the results do not say why a row is bad" "$work/rows"

difference 2 "of another file" "$kit/run.bat"
difference 2 "of no file" "$work/none"
printf 'scardssp conformance 1\r\n== ../x/y 32\r\nguess ../a.c:1 1 1\r\n' > "$work/odd"
difference 1 "of no programs" "$work/odd"
says "no program ran"
finish
