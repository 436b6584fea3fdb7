#!/bin/bash
# scardtool against a simulated card and the prefix's registry; runs inside tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/scardtool.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
arch=x86_64
[ "${SCARDSSP_BITS:-64}" = 64 ] || arch=i386
tool=$build/$arch-windows/scardtool.exe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export WINEDEBUG=-all
passed=0 failed=0 skipped=0
iface={41414141-4141-4141-4141-414141414141}
provider={FEBD43AF-F69F-4F8C-9FA4-5B908FD37513}

# Runs the tool; its output is in $work/out and $work/err without carriage returns.
tool()
{
    wine "$tool" "$@" > "$work/out.raw" 2> "$work/err.raw" < /dev/null
    code=$?
    tr -d '\r' < "$work/out.raw" > "$work/out"
    # The last is of a thread of Wine's that begins while its process ends.
    grep -av 'wine32\|multiarch\|apt-get\|dpkg --add\|^wine client error' "$work/err.raw" |
        tr -d '\r' > "$work/err"
}

# A unix path as the tool takes it. Not by winepath: that is one more program that can fail.
windows_path()
{
    printf 'Z:%s' "$1" | tr / '\\'
}

check()
{
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "scardtool.sh: failed: $2"
        sed 's/^/    /' "$work/out" "$work/err"
    fi
}

# expect CODE WHAT ARGS...: the exit code; errors say something, successes nothing, on stderr.
expect()
{
    local wanted=$1 what=$2
    shift 2
    tool "$@"
    [ "$code" = "$wanted" ]
    check $? "$what: exit code $code, not $wanted"
    if [ "$wanted" = 0 ] || [ "$wanted" = 4 ]; then
        [ ! -s "$work/err" ]
        check $? "$what: it complains"
    else
        grep -q '^scardtool: ' "$work/err" || grep -q '^Usage' "$work/out"
        check $? "$what: no reason given"
    fi
}

# has TEXT...: each is in the output, literally; hasnt: none is.
has()
{
    local text
    for text; do
        grep -aqF -- "$text" "$work/out"
        check $? "no \"$text\" in the output"
    done
}

hasnt()
{
    local text
    for text; do
        ! grep -aqF -- "$text" "$work/out"
        check $? "\"$text\" in the output"
    done
}

json()
{
    if ! command -v python3 > /dev/null; then
        [ $skipped != 0 ] || echo "scardtool.sh: skipped: what is JSON cannot be read without python3"
        skipped=$((skipped + 1))
        return
    fi
    python3 -c 'import json, sys
data = json.load(open(sys.argv[1], encoding="utf-8"))
sys.exit(0 if eval(sys.argv[2]) else 1)' "$work/out" "$1"
    check $? "JSON: not $1"
}

# ---- usage ----
expect 2 "no command"
expect 0 "help" --help
has readers cards add remove import export atr apdu ls cat
for command in readers cards add remove import export atr apdu ls cat reader-alias profile; do
    expect 0 "help of $command" $command --help
    has "Usage: scardtool $command"
done
expect 0 "version" --version
expect 2 "unknown command" fly
expect 2 "unknown option" readers --fast
expect 2 "too many arguments" readers x
expect 2 "option without value" atr --reader
expect 2 "no APDU" apdu

# ---- readers, ATR ----
expect 0 "readers" readers
has "0: Virtual PCD 00 00" "1: Virtual PCD 00 01" "there is no card in the reader"
atr=$(sed -n 's/^ *ATR //p' "$work/out")
[ "${#atr}" = 28 ]
check $? "the ATR $atr"
expect 0 "readers as JSON" readers --json
json "[r['card'] for r in data] == [True, False] and data[0]['atr'] == '$atr'"
expect 0 "atr of the card" atr
has "ATR             $atr" "T=1" "capabilities    F74100"
expect 0 "atr by reader number" atr --reader 0
expect 0 "atr by part of a name" atr --reader "00 00"
expect 3 "atr without a card" atr --reader 1
expect 3 "no such reader" atr --reader nowhere
expect 2 "two readers" atr --reader virtual
expect 0 "atr given" atr "3B 02 14 50" --json
json "data['protocols'] == [0] and data['historical'] == '1450'"
expect 2 "atr of odd digits" atr 3B0
expect 1 "atr that is none" atr 0011
expect 0 "built-in type" atr 3B951540206801020101
has "Schlumberger Cryptoflex 8K v2"

# ---- add, cards, remove ----
expect 0 "add" add "scardssp test ä" --atr "$atr" --provider $provider --interface $iface \
    --csp "A \"quoted\" CSP"
expect 1 "add twice" add "SCARDSSP TEST Ä" --atr "$atr"
expect 0 "replace" add "scardssp test ä" --atr "$atr" --provider $provider --interface $iface \
    --csp 'A "quoted" \ CSP' --replace
expect 0 "cards" cards "scardssp test ä" --json
json "data[0]['atr'] == '$atr' and data[0]['mask'] == 'F' * 28 and data[0]['provider'] == '$provider'"
json "data[0]['csp'] == 'A \"quoted\" \\\\ CSP' and data[0]['interfaces'] == ['$iface']"
json "data[0]['name'] == 'scardssp test ä' and not data[0]['builtin']"
expect 0 "cards by ATR" cards --atr "$atr"
has "scardssp test ä" "$provider"
hasnt "Cryptoflex"
expect 0 "readers with a type" readers
has "type scardssp test ä"
expect 0 "masked" add "scardssp test mask" --atr 3B021450 --mask FFFFFF00
expect 0 "stored masked" cards --atr 3B021477 --json
json "[c['name'] for c in data] == ['scardssp test mask'] and data[0]['atr'] == '3B021400'"
expect 0 "from a reader" add "scardssp test card" --reader "$SCARDSSP_TEST_READER"
expect 0 "its record" cards "scardssp test card" --json
json "data[0]['atr'] == '$atr' and data[0]['mask'] == 'F' * 28"
expect 0 "from a reader, masked" add "scardssp test card" --reader 0 --replace \
    --mask FFFFFFFFFFFFFFFFFFFFFFFFFF00
expect 0 "its masked record" cards "scardssp test card" --json
json "data[0]['atr'] == '${atr%??}00' and data[0]['mask'] == 'F' * 26 + '00'"
expect 0 "removed again" remove "scardssp test card"
expect 3 "from an empty reader" add x --reader "$SCARDSSP_TEST_READER2"
expect 3 "from no reader" add x --reader "No such reader"
expect 2 "from a reader and given" add x --reader 0 --atr 3B02
expect 2 "mask of another length" add x --atr 3B02 --mask FF
expect 2 "mask alone" add x --mask FF
expect 2 "no GUID" add x --provider 1234
expect 2 "ATR too long" add x --atr "$(printf '3B%.0s' $(seq 37))"
expect 2 "name with a backslash" add 'a\b' --atr 3B02
expect 3 "no such type" cards "scardssp test nobody"
expect 3 "remove no such type" remove "scardssp test nobody"

# ---- export, import ----
expect 0 "export" export "scardssp test ä"
has "Windows Registry Editor Version 5.00" '"ATR"=hex:' '\\ CSP"'
cp "$work/out.raw" "$work/utf8.reg"
expect 0 "export to a file" export --output "$(windows_path "$work/all.reg")"
head -c 2 "$work/all.reg" | od -An -tx1 | grep -q "ff fe"
check $? "the exported file has no mark"
expect 0 "remove" remove "scardssp test ä" "scardssp test mask"
expect 3 "is removed" cards "scardssp test ä"
expect 0 "dry run" import "$(windows_path "$work/all.reg")" --dry-run
has "would add"
expect 3 "dry run wrote" cards "scardssp test ä"
for file in utf8 all; do
    expect 0 "import $file" import "$(windows_path "$work/$file.reg")"
    expect 0 "imported $file" cards "scardssp test ä" --json
    json "data[0]['atr'] == '$atr' and data[0]['csp'] == 'A \"quoted\" \\\\ CSP'"
done
has "A"
expect 0 "import again" import "$(windows_path "$work/all.reg")"
has unchanged "0 written"
expect 0 "change" add "scardssp test ä" --atr 3B00 --replace
expect 1 "import over another" import "$(windows_path "$work/all.reg")"
expect 0 "import replacing" import "$(windows_path "$work/all.reg")" --replace
has replaced

cat > "$work/vendor.inf" << 'INF'
; A vendor's driver.
[Version]
Signature="$Windows NT$"
[Install]
AddReg=Cards
[Cards]
HKLM,%Root%\%Card%,"ATR",0x00000001,3B,02,14,\
  51 ; the rest
HKLM,"%Root%\%Card%","ATRMask",1,"FF,FF,FF,FF"
HKLM,%Root%\%Card%,"Crypto Provider",0x00000000,"%Maker% CSP; 100%%"
HKLM,%Root%\%Card%,"Primary Provider",1,00,11,22
HKLM,%Root%\%Card%,"Flags",0x00010001,1
HKCU,%Root%\wrong,"ATR",1,3B,02
HKLM,"SOFTWARE\Elsewhere","ATR",1,3B,02
[Strings]
Root="SOFTWARE\Microsoft\Cryptography\Calais\SmartCards"
Card="scardssp test inf"
Maker="Vendor"
INF
tool import "$(windows_path "$work/vendor.inf")"
grep -q '"Primary Provider" is damaged' "$work/err"
check $? "no warning of a damaged value"
[ "$code" = 0 ]
check $? "import of an inf: $code"
expect 0 "from an inf" cards "scardssp test inf" --json
json "data[0]['atr'] == '3B021451' and data[0]['mask'] == 'FFFFFFFF'"
json "data[0]['csp'] == 'Vendor CSP; 100%' and data[0]['provider'] is None"
expect 3 "of another root" cards wrong
echo "nothing" > "$work/empty.reg"
expect 1 "nothing to import" import "$(windows_path "$work/empty.reg")"
expect 1 "no file" import "$(windows_path "$work/none.reg")"
head -c 100000 /dev/urandom > "$work/noise.reg"
expect 1 "noise" import "$(windows_path "$work/noise.reg")"
# Pieces of good files in any order: whatever comes of it, it ends by itself.
! command -v python3 > /dev/null || python3 - "$work" << 'PYTHON'
import random, sys
random.seed(7816)
root = 'SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\'
reg = ['[HKEY_LOCAL_MACHINE\\' + root, 'scardssp noise', ']\n', '"ATR"=', 'hex:', 'hex(1):', '3b,02,',
       '\\\n', '"', '\n', '=', '\\', '[', '%', 'f' * 3000, '\r', '\t', '\0', 'ä']
inf = ['HKLM,', root, 'scardssp noise', ',ATR,', '1,', '3B,', '"', '%', '%a%', ';', '[Strings]\n',
       'a=', '\n', '\\\n', ',' * 50, 'x' * 5000, '""']
for kind, pieces in (('reg', reg), ('inf', inf)):
    for i in range(5):
        text = ''.join(random.choice(pieces) for j in range(5000))
        open(f'{sys.argv[1]}/pieces{i}.{kind}', 'w').write(text)
PYTHON
for file in "$work"/pieces*; do
    [ -f "$file" ] || continue
    tool import "$(windows_path "$file")" --dry-run
    [ "$code" -le 1 ]
    check $? "${file##*/}: exit code $code"
done
expect 0 "remove again" remove "scardssp test ä" "scardssp test mask" "scardssp test inf"
expect 0 "built-in ones are left" cards
has "Schlumberger Cryptoflex 4K (built in)"
hasnt "scardssp test"

# ---- the card ----
expect 0 "select" apdu 00A4000C023F00
has 9000
expect 0 "select and read" apdu 00A4000C022F05 00B0000010 --json
json "data[1] == {'data': '000102030405060708090A0B0C0D0E0F', 'sw': '9000'}"
expect 4 "card's error" apdu 00A4000C02DEAD
has 6A82
expect 2 "no command" apdu 00
expect 2 "no hex" apdu 00XX
tool ls
[ "$code" = 0 ] && grep -q "applications only" "$work/err"
check $? "ls of a card that lists applications only: $code"
has "dir          #A00000000102"
expect 1 "ls of a directory that cannot be listed" ls 3F00/5000
expect 3 "ls of nothing" ls 3F00/DEAD
expect 0 "cat" cat 3F00/2F05
[ "$(od -An -tx1 < "$work/out.raw" | tr -d ' \n')" = 000102030405060708090a0b0c0d0e0f ]
check $? "the bytes of 2F05"
expect 0 "cat as hex" cat 3F00/2F05 --hex
has "000000  00 01 02 03"
expect 0 "cat of records" cat 3F00/5000/0002 --json
json "bytes.fromhex(data['data']) == b'record number 1.record number 2.'"
expect 0 "cat to a file" cat 3F00/7001 --output "$(windows_path "$work/big")"
[ "$(stat -c %s "$work/big")" = 32768 ]
check $? "7001 has not 32768 bytes"
expect 3 "cat of nothing" cat 3F00/DEAD
expect 1 "cat of what is locked" cat 3F00/5000/0005

# ---- a card that lists its files ----
"$top/tools/lib/rig-request" card eject > /dev/null
"$top/tools/lib/rig-request" card insert flex > /dev/null
check $? "the card flex cannot be put in"
expect 0 "ls of flex" ls
has "transparent  0002" "dir          5000"
expect 0 "ls of a directory of flex" ls 3F00/5000 --json
json "{'name': '0002', 'kind': 'fixed'} in data and {'name': '0004', 'kind': 'cyclic'} in data"
json "len(data) == 5"
"$top/tools/lib/rig-request" card eject > /dev/null
expect 3 "no card" ls
"$top/tools/lib/rig-request" pcscd stop > /dev/null
expect 1 "no daemon" readers
grep -q "start pcscd" "$work/err"
check $? "no advice"
"$top/tools/lib/rig-request" pcscd start > /dev/null
"$top/tools/lib/rig-request" card insert default > /dev/null
check $? "the card cannot be put back"

# registry NAME: both views of what is registered; time stamps are not part of it.
registry()
{
    local try
    # Now and then Wine loses a program to a server that is just ending.
    for try in 1 2; do
        wine 'C:\windows\regedit.exe' /E - 'HKEY_LOCAL_MACHINE\Software' 2> "$work/err" \
            | iconv -f UTF-16LE -t UTF-8 > "$work/registry.$1"
        grep -q '^wine client error' "$work/err" || break
    done
    [ "$(wc -c < "$work/registry.$1")" -gt 100000 ]
    check $? "regedit exports nothing"
}

# Aliases: the CLSIDs of Windows XP's SICRYPT provider. They go without a trace.
# What earlier programs left empty goes with the last alias.
wine reg delete 'HKLM\Software\scardssp' /f > /dev/null 2>&1
registry before
expect 0 "no aliases" alias
hasnt "A80F1101"
expect 0 "the set" alias --set sicrypt
has "{A80F1101-D1F8-11D0-B5C5-00A024297ED9} is SCardManage now" "SCardVerify"
registry with
! cmp -s "$work/registry.before" "$work/registry.with"
check $? "the aliases are not in the exported registry"
expect 0 "listed" alias --json
json "len(data) == 8 and {d['bits'] for d in data} == {'32', '64'}"
expect 0 "removed" alias --remove A80F1101-D1F8-11D0-B5C5-00A024297ED9
expect 3 "removed twice" alias --remove A80F1101-D1F8-11D0-B5C5-00A024297ED9
expect 0 "all removed" alias --remove --all
expect 0 "no aliases again" alias
hasnt "A80F"
registry after
diff "$work/registry.before" "$work/registry.after" > "$work/out"
check $? "aliases leave traces"
expect 2 "no CLSID" alias nonsense
expect 2 "no class" alias A80F1101-D1F8-11D0-B5C5-00A024297ED9 CSCard
expect 2 "unknown set" alias --set other
expect 2 "all without remove" alias --all

# Profiles of cards.
sample=$(windows_path "$top/tools/samples/example.profile")
printf 'name = Bad\natr = 3B00\n\ncode-query = maybe\n' > "$work/bad.profile"
expect 0 "no profiles" profile --json
json "data == []"
expect 0 "a profile's text" profile check "$sample"
has "is a profile: Example card"
expect 1 "a wrong line" profile check "$(windows_path "$work/bad.profile")"
grep -q ':4: "maybe" is neither yes nor no' "$work/err"
check $? "it does not name the line"
expect 1 "a wrong profile" profile add "$(windows_path "$work/bad.profile")"
expect 1 "no such file" profile add "$(windows_path "$work/none.profile")"
expect 0 "a profile" profile add "$sample"
has "Example card is a profile of this prefix now"
expect 0 "one for all" profile add "$sample" --machine
wine reg add 'HKCU\Software\scardssp\Profiles' /v odd /d 'name = odd' /f > /dev/null 2>&1
expect 0 "profiles" profile list --json
json "[(d['name'], d['place']) for d in data if not d['error']] == [('Example card', 'user'), ('Example card', 'machine')]"
json "[d['error'][:6] for d in data if d['name'] == 'odd'] == ['line 1']"
expect 0 "profile removed" profile remove "Example card"
expect 3 "profile removed twice" profile remove "Example card"
expect 0 "the one for all removed" profile remove "Example card" --machine
expect 0 "the odd one removed" profile remove odd
expect 2 "unknown word of profile" profile rename x
expect 0 "no profiles again" profile --json
json "data == []"

# Other names of readers.
expect 0 "no reader aliases" reader-alias list --json
json "data == []"
expect 0 "a reader alias" reader-alias add "OMNIKEY CardMan 3x21 0" "Virtual*00 00"
has "OMNIKEY CardMan 3x21 0 is Virtual*00 00 now"
expect 0 "one for all" reader-alias add "Reader for all" "No such reader" --machine
expect 0 "reader aliases" reader-alias --json
json "[(d['alias'], d['place']) for d in data] == [('OMNIKEY CardMan 3x21 0', 'user'), ('Reader for all', 'machine')]"
expect 0 "readers with an alias" readers --json
json "[d['name'] for d in data] == ['Virtual PCD 00 00', 'Virtual PCD 00 01', 'OMNIKEY CardMan 3x21 0']"
expect 0 "a card by its reader's alias" apdu --reader "OMNIKEY CardMan 3x21 0" 00A4000C023F00
has 9000
expect 2 "a name of 128 bytes" reader-alias add "$(printf 'ä%.0s' $(seq 64))" "Virtual*"
expect 0 "a name of 126 bytes" reader-alias add "$(printf 'ä%.0s' $(seq 63))" "Virtual*"
expect 2 "a reader's name of 128 bytes" reader-alias add x "$(printf 'x%.0s' $(seq 128))"
expect 2 "no name" reader-alias add "" x
expect 2 "no reader" reader-alias add x
expect 2 "unknown word" reader-alias rename x y
expect 0 "removed" reader-alias remove "OMNIKEY CardMan 3x21 0"
expect 3 "removed twice" reader-alias remove "OMNIKEY CardMan 3x21 0"
expect 0 "the long one removed" reader-alias remove "$(printf 'ä%.0s' $(seq 63))"
expect 3 "not the user's" reader-alias remove "Reader for all"
expect 0 "the one for all removed" reader-alias remove "Reader for all" --machine
expect 0 "no reader aliases again" reader-alias list --json
json "data == []"

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
