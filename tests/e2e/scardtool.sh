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
iface='{41414141-4141-4141-4141-414141414141}'
provider='{FEBD43AF-F69F-4F8C-9FA4-5B908FD37513}'

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
        [ $skipped != 0 ] || echo "scardtool.sh: skipped: JSON cannot be read without python3"
        skipped=$((skipped + 1))
        return
    fi
    python3 -c 'import json, sys
data = json.load(open(sys.argv[1], encoding="utf-8"))
sys.exit(0 if eval(sys.argv[2]) else 1)' "$work/out" "$1"
    check $? "JSON: not $1"
}

# ---- usage ----
expect 0 "help" --help
[ "$(wc -l < "$work/out")" -le 24 ] && ! grep -q '.\{81\}' "$work/out"
check $? "the help does not fit on a screen: $(cat "$work/out")"
has readers cards add remove import export atr apdu ls cat probe-card
for command in readers cards add remove import export atr apdu ls cat reader-alias profile \
    probe-card; do
    expect 0 "help of $command" $command --help
    has "Usage: scardtool $command"
done
expect 0 "help by letter" -h
has "Usage: scardtool COMMAND"
. "$top/tests/setup/completiontest.sh"
expect 0 "help" --help
diff <(offers "scardtool " | grep -v -- -- | sort) \
    <(sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' "$work/out" | sort)
check $? "bash completes: <, and not what scardtool has: >"
for command in $(offers "scardtool " | grep -v -- --); do
    expect 0 "help of $command" $command --help
    hasnt '\u000A'
    [ "$(wc -L < "$work/out")" -le 100 ]
    check $? "help of $command: long lines"
    diff <(offers "scardtool $command -" | grep -v -- --help | sort) \
        <(options_of "$work/out" | sort)
    check $? "$command: bash completes: <, and not what scardtool has: >"
done
expect 0 "help of a command by letter" cards -h
has "Usage: scardtool cards"
expect 0 "version" --version
cp "$work/out" "$work/version"
expect 0 "version by letter" -V
cmp -s "$work/out" "$work/version"
check $? "another version"
expect 2 "no command"
[ ! -s "$work/out" ]
check $? "a failure on the standard output"
expect 2 "unknown command" fly
expect 2 "unknown option" readers --fast
expect 2 "too many arguments" readers x
expect 2 "option without value" atr --reader
expect 2 "no APDU" apdu

# ---- as it is installed, and in the build directory ----
[ "$("$build/scardtool" -V | tr -d '\r')" = "$(cat "$work/version")" ]
check $? "the script does not run in the build directory"
for words in cards "-h" "-V"; do
    HOME=$work/home WINEPREFIX=$work/none "$build/scardtool" $words > "$work/out" 2> "$work/err"
    code=$?
    [ "$code" = 0 ] || [ "$words" = cards ]
    check $? "scardtool $words without a prefix"
    [ ! -e "$work/none" ]
    check $? "scardtool $words makes a prefix"
done
HOME=$work/home WINEPREFIX=$work/none "$build/scardtool" cards > "$work/out" 2> "$work/err"
grep -q "^scardtool: there is no Wine prefix $work/none; " "$work/err" && [ ! -s "$work/out" ]
check $? "no word of the missing prefix"

# ---- readers, ATR ----
expect 0 "readers" readers
has "0: Virtual PCD 00 00" "1: Virtual PCD 00 01" "there is no card in the reader"
atr=$(sed -n 's/^ *ATR //p' "$work/out")
[ "${#atr}" = 28 ]
check $? "the ATR $atr"
expect 0 "readers as JSON" readers --json
json "[r['card'] for r in data] == [True, False] and data[0]['atr'] == '$atr'"
json "[(r['state'], r['code']) for r in data] == [('card', '00000000'), ('empty', '8010000C')]"
expect 0 "atr of the card" atr
has "ATR             $atr" "T=1" "capabilities    F74100"
expect 0 "atr by reader number" atr --reader 0
expect 0 "atr by part of a name" atr --reader "00 00"
expect 3 "atr without a card" atr --reader 1
expect 3 "no such reader" atr --reader nowhere
grep -q "scardtool readers lists them" "$work/err"
check $? "it does not say how they are called"
expect 3 "no such file" profile check "$(windows_path "$work/none")"
expect 2 "two readers" atr --reader virtual
expect 0 "atr given" atr "3B 02 14 50" --json
json "data['protocols'] == [0] and data['historical'] == '1450'"
expect 2 "atr of odd digits" atr 3B0
expect 1 "atr that is none" atr 0011
expect 0 "atr without faults" atr 3B80800101 --json
json "data['faults'] == [] and data['tck'] == '01' and data['specific_mode'] is None"
expect 0 "wrong TCK" atr 3B80800102
has "TCK             02, should be 01" "fault           the check byte TCK is wrong"
expect 0 "missing TCK" atr 3B808001
has "TCK             none, should be 01" "the check byte TCK is missing"
expect 0 "needless TCK" atr 3B0000
has "which T=0 alone must not have"
expect 0 "specific mode" atr 3B80118110
has "specific mode   T=1, by TA2 81, cannot change"
hasnt fault
expect 0 "specific mode as JSON" atr 3B801090 --json
json "data['specific_mode'] == 0 and data['faults'] == []"
expect 0 "T=15 first" atr 3B801F55
has "T=15 comes first" "TA2 names a protocol that is not offered"
expect 0 "built-in type" atr 3B951540206801020101
has "Schlumberger Cryptoflex 8K v2"

# ---- add, cards, remove ----
expect 0 "add" add "scardssp test ä" --atr "$atr" --provider $provider --interface $iface \
    --csp "A \"quoted\" CSP"
expect 1 "add twice" add "SCARDSSP TEST Ä" --atr "$atr"
expect 0 "replace" add "scardssp test ä" --atr "$atr" --provider $provider --interface $iface \
    --csp 'A "quoted" \ CSP' --replace
expect 0 "cards" cards "scardssp test ä" --json
json "data[0]['atr'] == '$atr' and data[0]['mask'] == 'F' * 28 and \
data[0]['provider'] == '$provider'"
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
expect 2 "a type that fits no card" add x --csp "A CSP"
expect 2 "a type of nothing" add x
expect 2 "name with a backslash" add 'a\b' --atr 3B02
expect 3 "no such type" cards "scardssp test nobody"
expect 3 "remove no such type" remove "scardssp test nobody"

# ---- export, import ----
# What import does to the registry is compared with regedit and SetupAPI in import.sh.
calais='HKLM\Software\Microsoft\Cryptography\Calais\SmartCards'


# value VIEW CARD NAME: what the registry holds.
value()
{
    wine reg query "$2" /v "$3" "/reg:$1" 2> "$work/err" | tr -d '\r' |
        sed -n "s/^ *$3  *REG_[A-Z_]*  *//p" > "$work/out"
}

wine reg add "$calais\\scardssp test ä" /v 80000001 /d module.dll /f /reg:64 > /dev/null 2>&1
wine "$tool" export "scardssp test ä" 2> "$work/err" < /dev/null | tr -d '\r' > "$work/out"
has "Windows Registry Editor Version 5.00" '"ATR"=hex:' '\\ CSP"' '"80000001"="module.dll"' \
    "test ä]"
cp "$work/out" "$work/utf8.reg"
expect 0 "export into a file of the shell" export "scardssp test ä"
cp "$work/out.raw" "$work/shell.reg"
expect 0 "export to a file" export --output "$(windows_path "$work/all.reg")"
for file in shell all; do
    head -c 2 "$work/$file.reg" | od -An -tx1 | grep -q "ff fe"
    check $? "the exported file $file has no mark"
done

# A file is written whole or stays as it was; what is no file is written to.
mkdir "$work/full"
mount -t tmpfs -o size=8k tmpfs "$work/full"
check $? "no small disk"
for name in out reg; do
    echo before > "$work/full/$name"
done
expect 1 "export to a full disk" export --output "$(windows_path "$work/full/reg")"
expect 1 "cat to a full disk" cat 3F00/7001 --output "$(windows_path "$work/full/out")"
[ "$(cat "$work/full/reg")" = before ]
check $? "export to a full disk left: $(head -c 20 "$work/full/reg")"
wine "$tool" cat 3F00/7001 > "$work/full/shell" 2> "$work/err" < /dev/null
[ $? = 1 ] && grep -q "^scardtool: the standard output: " "$work/err"
check $? "a full disk behind the shell's > is not told"
[ "$(cat "$work/full/out")" = before ]
check $? "cat to a full disk left: $(head -c 20 "$work/full/out")"
umount "$work/full"
expect 0 "cat over a file" cat 3F00/2F05 --output "$(windows_path "$work/all")"
expect 0 "cat over it again" cat 3F00/7001 --output "$(windows_path "$work/all")"
[ "$(stat -c %s "$work/all")" = 32768 ]
check $? "it is not written over"
expect 0 "cat to a device" cat 3F00/2F05 --output "$(windows_path /dev/null)"
[ -c /dev/null ]
check $? "/dev/null is none any more"
[ -z "$(find "$work" /dev -maxdepth 2 -name '*.part')" ]
check $? "a part stays"
wine "$tool" cat 3F00/7001 2> "$work/err" < /dev/null | head -c 4 > "$work/out"
[ "${PIPESTATUS[0]}" = 0 ] && [ ! -s "$work/err" ]
check $? "a pipe that ends early"
wine "$tool" cat 3F00/7001 --hex 2> "$work/err" < /dev/null | head -n 1 > "$work/out"
[ ! -s "$work/err" ]
check $? "a pipe that ends amid many lines: $(cat "$work/err")"
expect 0 "remove" remove "scardssp test ä" "scardssp test mask"
expect 3 "is removed" cards "scardssp test ä"
wine 'C:\windows\regedit.exe' /S "$(windows_path "$work/shell.reg")" > /dev/null 2>&1
expect 0 "through regedit" cards "scardssp test ä"
expect 0 "remove once more" remove "scardssp test ä"
expect 0 "dry run" import "$(windows_path "$work/all.reg")" --dry-run
has "scardssp test ä: would be added" "2 written"
expect 3 "dry run wrote" cards "scardssp test ä"
for file in utf8 shell all; do
    expect 0 "import $file" import "$(windows_path "$work/$file.reg")"
    expect 0 "imported $file" cards "scardssp test ä" --json
    json "data[0]['atr'] == '$atr' and data[0]['csp'] == 'A \"quoted\" \\\\ CSP'"
done
expect 0 "import again" import "$(windows_path "$work/all.reg")"
has unchanged "0 written"

# One value of the file, and the others stay.
{
    echo 'Windows Registry Editor Version 5.00'
    echo '[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards\scardssp test ä]'
    echo '"Crypto Provider" = "Other CSP"'
    echo '[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards\'\
'Schlumberger Cryptoflex 4K]'
    echo '"80000001"="module.dll"'
    echo '[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards\scardssp test none]'
    echo '"ATR"=hex:3b,zz'
    echo '"Crypto Provider"="A CSP"'
    echo '[HKEY_LOCAL_MACHINE\SOFTWARE\Elsewhere]'
    echo '"x"="y"'
} > "$work/one.reg"
expect 0 "built-in before" cards "Schlumberger Cryptoflex 4K" --json
json "data[0]['builtin']"
tool import "$(windows_path "$work/one.reg")" --left-out
[ "$code" = 0 ]
check $? "import of one value: $code"
has "scardssp test ä: changed (Crypto Provider)" "scardssp test none: added" \
    'HKLM\SOFTWARE\Elsewhere "x": left out, outside the card database' "left out: 1 outside"
grep -q '"ATR": its bytes are malformed; left out' "$work/err" &&
    grep -q 'scardssp test none has no ATR' "$work/err"
check $? "no warning of a malformed entry, or of a type without ATR"
wine reg query 'HKLM\Software\Elsewhere' > /dev/null 2>&1
check $((! $?)) "it wrote elsewhere"
expect 0 "merged" cards "scardssp test ä" --json
json "data[0]['atr'] == '$atr' and data[0]['csp'] == 'Other CSP' and \
data[0]['provider'] == '$provider'"
value 64 "$calais\\scardssp test ä" 80000001
[ "${SCARDSSP_BITS:-64}" = 32 ] || has module.dll
expect 0 "built-in and changed" cards "Schlumberger Cryptoflex 4K" --json
json "not data[0]['builtin'] and data[0]['atr'] == '3BE2000040204900'"
tool import "$(windows_path "$work/one.reg")" --json
json "[d['name'] for d in data if d['result'] == 'left out'] == \
['HKLM\\\\SOFTWARE\\\\Elsewhere \"x\"']"
expect 0 "replacing" import "$(windows_path "$work/all.reg")" --replace
expect 0 "replaced" cards "scardssp test ä" --json
json "data[0]['csp'] == 'A \"quoted\" \\\\ CSP'"
expect 0 "remove the one" remove "scardssp test none"
expect 0 "remove the built-in one" remove "Schlumberger Cryptoflex 4K"
wine regsvr32 /s scardssp.dll > /dev/null 2>&1
expect 0 "built-in again" cards "Schlumberger Cryptoflex 4K" --json
json "data[0]['builtin']"

# Views: the program's own, the other, both.
{
    echo REGEDIT4
    echo '[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards\scardssp test view]'
    echo '"ATR"=hex:3b,02'
    echo '"Of"="both"'
} > "$work/view.reg"
expect 0 "into the other view" import "$(windows_path "$work/view.reg")" --view 32
value 64 "$calais\\scardssp test view" Of
hasnt both
value 32 "$calais\\scardssp test view" Of
has both
expect 0 "into both" import "$(windows_path "$work/view.reg")" --view both
value 64 "$calais\\scardssp test view" Of
has both
expect 0 "remove of both" remove "scardssp test view"
expect 2 "no such view" import "$(windows_path "$work/view.reg")" --view 16
expect 2 "a section of a .reg file" import "$(windows_path "$work/view.reg")" --section x

cat > "$work/vendor.inf" << 'INF'
; A vendor's driver.
[Version]
Signature="$Windows NT$"
[Install]
AddReg=Cards
CopyFiles=Files
[Cards]
HKLM,%Root%\%Card%,"ATR",0x00000001,3B,02,14,\
  51 ; the rest
HKLM,"%Root%\%Card%","ATRMask",1,FF,FF,FF,FF
HKLM,"%Root%\%Card%","Supported Interfaces",1,"FF,FF,FF,FF"
HKLM,%Root%\%Card%,"Crypto Provider",0x00000000,"%Maker% CSP; 100%%"
HKLM,%Root%\%Card%,"Primary Provider",1,00,11,22
HKLM,%Root%\%Card%,"Flags",0x00010001,1
HKLM,%Root%\%Card%,"Only 32",0x00004000,"thirtytwo"
HKLM,%Root%\%Card%,"Only 64",0x00001000,"sixtyfour"
HKCU,%Root%\wrong,"ATR",1,3B,02
HKR,,"Driver",,"x"
HKLM,"SOFTWARE\Elsewhere","ATR",1,3B,02
[Uninstall]
DelReg=Gone
[Gone]
HKLM,%Root%\%Card%
[Strings]
Root="SOFTWARE\Microsoft\Cryptography\Calais\SmartCards"
Card="scardssp test inf"
Maker="Vendor"
[Strings.0409]
Maker="Vendor"
INF
tool import "$(windows_path "$work/vendor.inf")"
grep -q '"Primary Provider" is damaged' "$work/err"
check $? "no warning of a damaged value"
grep -q ':11: .*"Supported Interfaces": its bytes are malformed' "$work/err"
check $? "no warning of a malformed value"
[ "$code" = 0 ]
check $? "import of an inf: $code"
has "section Install" "2 outside the card database" "1 of the driver's own key" \
    "1 of a setup program's other work" "1 malformed"
expect 0 "from an inf" cards "scardssp test inf" --json
json "data[0]['atr'] == '3B021451' and data[0]['mask'] == 'FFFFFFFF'"
json "data[0]['csp'] == 'Vendor CSP; 100%' and data[0]['provider'] is None"
value 32 "$calais\\scardssp test inf" "Only 32"
has thirtytwo
value 64 "$calais\\scardssp test inf" "Only 64"
has sixtyfour
expect 3 "of another root" cards wrong
expect 1 "no such section" import "$(windows_path "$work/vendor.inf")" --section Nothing
tool import "$(windows_path "$work/vendor.inf")" --section Uninstall
[ "$code" = 0 ] && grep -q 'scardssp test inf has no ATR' "$work/err"
check $? "the section that uninstalls: $code"
has "scardssp test inf: "
value "${SCARDSSP_BITS:-64}" "$calais\\scardssp test inf" ATR
hasnt 3B02
printf '[Version]\nSignature="$CHICAGO$"\n[DefaultInstall.ntx86]\nAddReg=a\n[a]\n' > "$work/old.inf"
echo 'HKLM,SOFTWARE\Microsoft\Cryptography\Calais\SmartCards\scardssp test inf,ATR,1,3B,02,14,52' \
    >> "$work/old.inf"
tool import "$(windows_path "$work/old.inf")"
[ "$code" = 0 ]
check $? "an inf for 32-bit Windows: $code"
value 32 "$calais\\scardssp test inf" ATR
has 3B021452
echo "nothing" > "$work/empty.reg"
expect 1 "nothing to import" import "$(windows_path "$work/empty.reg")"
expect 3 "no file" import "$(windows_path "$work/none.reg")"
head -c 100000 /dev/urandom > "$work/noise.reg"
expect 1 "noise" import "$(windows_path "$work/noise.reg")"
# Pieces of good files in any order: whatever comes of it, it ends by itself.
! command -v python3 > /dev/null || python3 - "$work" << 'PYTHON'
import random, sys
random.seed(7816)
root = 'SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\'
reg = ['[HKEY_LOCAL_MACHINE\\' + root, 'scardssp noise', ']\n', '"ATR"=', 'hex:', 'hex(1):',
       '3b,02,',
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
expect 2 "cat of no path" cat 3F00/XX
grep -q "3F00/XX is no path of a file" "$work/err"
check $? "no word of the path" "$work/err"
expect 1 "cat of what is locked" cat 3F00/5000/0005

# ---- a card that lists its files ----
"$top/tests/rig/request" card eject > /dev/null
"$top/tests/rig/request" card insert flex > /dev/null
check $? "the card flex cannot be put in"
expect 0 "ls of flex" ls
has "transparent  0002" "dir          5000"
expect 0 "ls of a directory of flex" ls 3F00/5000 --json
json "{'name': '0002', 'kind': 'fixed'} in data and {'name': '0004', 'kind': 'cyclic'} in data"
json "len(data) == 5"
"$top/tests/rig/request" card eject > /dev/null
expect 3 "no card" ls
"$top/tests/rig/request" pcscd stop > /dev/null
expect 1 "no daemon" readers
tail -n 1 "$work/err" |
    grep -q "cannot be reached; scardssp-setup doctor says why (SCARD_E_NO_SERVICE)"
check $? "no advice, or one that the cause may contradict"
expect 1 "no daemon, JSON" readers --json
json "data is None"
expect 1 "no daemon, a command of cards" ls --json
json "data is None"
"$top/tests/rig/request" pcscd start > /dev/null
"$top/tests/rig/request" card insert default > /dev/null
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
expect 3 "no such file" profile add "$(windows_path "$work/none.profile")"
expect 0 "a profile" profile add "$sample"
has "Example card is a profile of this prefix now"
expect 0 "one for all" profile add "$sample" --machine
wine reg add 'HKCU\Software\scardssp\Profiles' /v odd /d 'name = odd' /f > /dev/null 2>&1
expect 0 "profiles" profile list --json
json "[(d['name'], d['place']) for d in data if not d['error']] == \
[('Example card', 'user'), ('Example card', 'machine')]"
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
json "[(d['alias'], d['place']) for d in data] == \
[('OMNIKEY CardMan 3x21 0', 'user'), ('Reader for all', 'machine')]"
expect 0 "readers with an alias" readers --json
json "[d['name'] for d in data] == \
['Virtual PCD 00 00', 'Virtual PCD 00 01', 'OMNIKEY CardMan 3x21 0']"
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
