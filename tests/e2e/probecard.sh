#!/bin/bash
# scardtool probe-card on cards of five public kinds: what it sends, the profile that follows, and
# that ISCardManage's provider reads the cards' files by it, and by the profiles that are installed
# as examples; runs inside tools/rig (card belgian-eid).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] --card belgian-eid tests/e2e/probecard.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
export WINEDEBUG=-all
reader=$SCARDSSP_TEST_READER

# scardtool ARGS: its exit code in $code, its output without carriage returns in $work/out and
# $work/err. "wine client error" is of a thread of Wine's that begins while its process ends.
scardtool()
{
    wine "$tool" "$@" > "$work/raw" 2> "$work/errors" < /dev/null
    code=$?
    tr -d '\r' < "$work/raw" > "$work/out"
    tr -d '\r' < "$work/errors" | grep '^scardtool' > "$work/err"
}

# expect CODE WHAT ARGS
expect()
{
    local wanted=$1 what=$2
    shift 2
    scardtool "$@"
    [ $code = "$wanted" ]
    check $? "$what: exit code $code, not $wanted: $(head -c 300 "$work/err")" "$work/out"
}

request()
{
    "$top/tests/rig/request" "$@" > "$work/answer" 2>&1
    check $? "$*" "$work/answer"
}

# use_card CARD
use_card()
{
    request card eject
    request card insert "$1"
}

# reads PROFILE NAME PATH HEX: with that profile alone, and by it, for the trace has its name.
reads()
{
    rm -rf "$work/profiles" "$work/trace"
    mkdir "$work/profiles"
    cp "$1" "$work/profiles/one.profile"
    SCARDSSP_PROFILES=$work/profiles SCARDSSP_TRACE=$work/trace scardtool cat "$3"
    od -An -v -tx1 "$work/raw" | tr -d ' \n' | tr a-f A-F > "$work/hex"
    [ $code = 0 ] && [ "$(head -c ${#4} "$work/hex")" = "$4" ]
    check $? "$1: $3 is not read ($code): $(cat "$work/err")" "$work/hex"
    grep -aqF "profile \"$2\"" "$work/trace"
    check $? "$1: it is not in force" "$work/trace"
}

# none_left FILES: there is no such file, nor a part of one
none_left()
{
    [ ! -e "$1" ]
    check $? "$1 is there" "$work/out"
}

# The commands that were said, and no others; none of them changes anything.
said()
{
    request card log
    sed -n 's/^# [0-9]*\. [^:]*: \([0-9A-F]*\) -> .*/\1/p' "$work/out" > "$work/said"
    [ -s "$work/said" ] && ! grep -qv '^..\(A4\|B0\|B1\|B2\|C0\|A8\)' "$work/said"
    check $? "$1: something else was sent" "$work/said"
}

# ---- the five ----
# CARD SAMPLE NAME-OF-SAMPLE NAME-FOUND PATH HEX
while IFS='|' read -r card sample sample_name name path hex; do
    use_card "$card"
    profile=$work/$card.profile
    expect 0 "$card: probed" probe-card --output "Z:$profile"
    said "$card"
    ! grep -aq 'Vandenmaker\|Kerkstraat\|592012345678' "$work/out" "$profile"
    check $? "$card: a person's name, address or number is told" "$profile"
    expect 0 "$card: its profile" profile check "Z:$profile"
    grep -qF "is a profile: $name" "$work/out"
    check $? "$card: the profile has another name" "$work/out"
    reads "$profile" "$name" "$path" "$hex"
    expect 0 "$sample: the example" profile check "Z:$top/tools/samples/$sample.profile"
    reads "$top/tools/samples/$sample.profile" "$sample_name" "$path" "$hex"
done << EOF2
belgian-eid|belgian-eid|Belgian eID|Belgian eID card|3F00/DF01/4031|010C353932303132333435363738
dnie|dnie|DNIe|DNIe card|3F00/5015/5032|00070E151C232A31
geldkarte|geldkarte|Geldkarte|Geldkarte card|#A00000005945430100/0104|001234020000010000
flex-unknown|cryptoflex|Cryptoflex 8K|Card 3B951540006801020000|3F00/5000/0001|00070E151C232A31
uicc|uicc|UICC|UICC card|#A0000000871002FF49FF0589FFFFFFFF/6FAD|00000002
EOF2
[ -s "$work/uicc.profile" ]
check $? "not all five were probed" "$work/out"

# ---- files are whole, and not written over ----
expect 1 "over a file" probe-card "$reader" --output "Z:$work/uicc.profile"
grep -q 'is there already' "$work/err"
check $? "no word of the file" "$work/err"
echo old > "$work/uicc.profile"
expect 0 "over a file by force" probe-card --output "Z:$work/uicc.profile" --force --name Mine
grep -q '^name          = Mine$' "$work/uicc.profile"
check $? "the file is the old one" "$work/uicc.profile"
expect 1 "into no directory" probe-card --output "Z:$work/none/x.profile"
none_left "$work"/*.part
expect 2 "a bad name" probe-card --name "$(printf 'x%.0s' $(seq 33))"
expect 2 "the reader twice" probe-card "$reader" --reader "$reader"
expect 3 "no such reader" probe-card nonesuch

# ---- the output is a profile ----
expect 0 "to the output" probe-card "$reader"
cp "$work/out" "$work/whole.profile"
expect 0 "the output as a profile" profile check "Z:$work/whole.profile"

# ---- JSON ----
expect 0 "JSON" probe-card --json --code-query --other-classes
if command -v python3 > /dev/null; then
    python3 - "$work/out" << 'EOF2'
import json, sys
data = json.load(open(sys.argv[1], encoding="utf-8"))
verify = [c for c in data["commands"] if c["command"][2:4] == "20"]
assert len(verify) == 2 and all(c["command"] in ("00200001", "0020000100") for c in verify)
assert [c["sw"] for c in verify] == ["63C3", "63C3"]
assert "code-query    = yes" in data["profile"] and data["atr"].startswith("3B9F96")
assert any(c["command"].startswith("A0A4") and c["sw"] == "6E00" for c in data["commands"])
EOF2
    check $? "JSON is not as it should be" "$work/out"
else
    echo "probecard.sh: skipped: JSON cannot be read without python3"
    skipped=$((skipped + 1))
fi

# ---- nobody is asked who cannot answer; a user is ----
expect 0 "no terminal" probe-card --reader "$reader"
! grep -q 'VERIFY without data:\|y/N' "$work/out"
check $? "asked, or the state of a code was" "$work/out"
# at_terminal ARGS: the program at a terminal, in the background as $terminal; what the terminal
# shows goes to $work/typed, what descriptor 9 gets is typed.
at_terminal()
{
    rm -f "$work/keys" "$work/tty"
    mkfifo "$work/keys"
    timeout 120 script -qec "tty > '$work/tty'; exec wine '$tool' probe-card $*" /dev/null \
        < "$work/keys" > "$work/typed" 2>&1 &
    terminal=$!
    exec 9> "$work/keys"
}

# Wine reads keys itself some time after the question is there; until then the terminal makes
# another key of Enter.
until_keys_are_read()
{
    local i
    for i in $(seq 100); do
        ! stty -F "$(cat "$work/tty")" -a | grep -q -- ' -icrnl' || return 0
        sleep 0.1
    done
    check 1 "Wine reads no keys"
}

# shows TEXT FILE: waits until that file has it, and says if it never does
shows()
{
    local i
    for i in $(seq 600); do
        ! grep -aq "$1" "$2" || return 0
        sleep 0.1
    done
    check 1 "there is no \"$1\"" "$2"
}

for answer in y n; do
    at_terminal --output "Z:$work/$answer.profile"
    shows '\[y/N\]' "$work/typed"
    until_keys_are_read
    printf '%s\r' $answer >&9
    wait $terminal
    check $? "$answer: no profile" "$work/typed"
    exec 9>&-
done
grep -q '^code-query    = yes' "$work/y.profile"
check $? "y: the state of the code was not asked for" "$work/y.profile"
grep -q 'was not tried' "$work/n.profile"
check $? "n: the state of the code was asked for" "$work/n.profile"

# ---- another program's card, a card that goes, a card that says nothing ----
# The other one keeps its connection for about five times as long as one probe takes here.
use_card belgian-eid
SECONDS=0
expect 0 "alone" probe-card
request connect-by-other $((5000 * (SECONDS + 1)))
expect 1 "beside another program" probe-card
grep -q 'give --shared' "$work/err"
check $? "no word of --shared" "$work/err"
expect 0 "beside another program, shared" probe-card --shared --output "Z:$work/shared.profile"
grep -q 'SELECT DF01' "$work/out"
check $? "the probe went nowhere" "$work/out"
# The other one keeps the card as it is left.
expect 0 "whoever comes next is in the MF" apdu 00A4020C022F00
request wait-others
use_card uicc
request card delay 100
: > "$work/out"
wine "$tool" probe-card --output "Z:$work/gone.profile" > "$work/out" 2> "$work/err" < /dev/null &
pid=$!
shows '^# 3\. .* -> ' "$work/out"
request card eject
wait $pid
[ $? = 1 ] && grep -aq '^scardtool: .*, at command' "$work/err" && [ ! -e "$work/gone.profile" ]
check $? "a card that went" "$work/err"
request card insert uicc
request card delay 100
: > "$work/out"
at_terminal --output "Z:$work/gone.profile" "> $work/out 2> $work/err"
shows '^# 3\. .* -> ' "$work/out"
printf '\003' >&9
wait $terminal
code=$?
exec 9>&-
[ $code = 1 ] && grep -q '^scardtool: interrupted' "$work/err"
check $? "interrupted: exit code $code" "$work/err"
none_left "$work"/gone*
use_card nonsense
expect 3 "a card of nonsense" probe-card --output "Z:$work/gone.profile"
sed 's/^mf$/refuse A4 * * 6F00\n&/' "$top/tests/cards/profiles/format2.card" > "$work/6F00.card"
use_card "$work/6F00.card"
expect 1 "6F00 to all" probe-card --output "Z:$work/gone.profile"
grep -q 'no SELECT found anything.*6F00' "$work/err"
check $? "no reason" "$work/err"
use_card belgian-eid
finish
