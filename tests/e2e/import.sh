#!/bin/bash
# scardtool import against regedit and SetupAPI, over the files in tests/e2e/import.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] --card none tests/e2e/import.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
trap 'rm -rf "$work"' EXIT
export WINEDEBUG=-all
from=$top/tests/e2e/import
list=$work/list

# windows_path FILE
windows_path()
{
    printf 'Z:%s' "$1" | tr / '\\'
}

# entry FILE [JUDGED] [SECTION]: a line of the list.
entry()
{
    local judged=${2:--}
    [ "$judged" = - ] || judged=$(windows_path "$judged")
    printf '%s %s %s\n' "$(windows_path "$1")" "$judged" "${3:-}" >> "$list"
}

# variant NAME FILE COMMAND...: FILE through COMMAND becomes NAME; prints its path.
variant()
{
    local made=$work/$1 file=$2
    shift 2
    "$@" < "$file" > "$made" || check 1 "$* makes no $made"
    echo "$made"
}

crlf() { sed 's/$/\r/'; }
cr() { tr '\n' '\r'; }
utf16() { printf '\377\376'; iconv -f UTF-8 -t UTF-16LE; }
utf16_bare() { iconv -f UTF-8 -t UTF-16LE; }
utf16_big() { printf '\376\377'; iconv -f UTF-8 -t UTF-16BE; }
utf8_mark() { printf '\357\273\277'; cat; }
ansi() { iconv -f UTF-8 -t CP1252; }

# Text of version 5 in bytes is UTF-16 for Windows, not for Wine's regedit: the judge gets UTF-16.
for file in "$from"/*.reg; do
    case ${file##*/} in
    types.reg | names.reg) entry "$file" "$(variant "judge-${file##*/}" "$file" utf16)" ;;
    *) entry "$file" ;;
    esac
done

# Other encodings and line ends; where the judge cannot read one, it gets the file that it can.
wide=$(variant wide.reg "$from/names.reg" utf16)
entry "$wide"
entry "$(variant big.reg "$from/names.reg" utf16_big)" "$wide"
entry "$(variant bare.reg "$from/names.reg" utf16_bare)" "$wide"
entry "$(variant marked.reg "$from/names.reg" utf8_mark)" "$wide"
entry "$(variant ansi.reg "$from/names.reg" ansi)" "$wide"
entry "$(variant wide-types.reg "$from/types.reg" utf16)"
entry "$(variant crlf.reg "$from/layout.reg" crlf)"
entry "$(variant cr.reg "$from/layout.reg" cr)"

for file in cryptoflex cardos safenet flags text dirids refused-unsigned; do
    entry "$from/$file.inf"
done
# To a value that is not there, Wine appends since version 10, as Windows does.
[ "$wine_version" -lt 10 ] || entry "$from/append.inf"
if [ "$arch" = x86_64 ]; then
    entry "$from/opensc.inf" - DefaultInstall.ntamd64
else
    entry "$from/opensc.inf" - DefaultInstall
fi
entry "$from/only.inf" - Setup
wide=$(variant wide.inf "$from/names.inf" utf16)
entry "$wide"
entry "$from/names.inf" "$wide"
entry "$(variant bare.inf "$from/names.inf" utf16_bare)" "$wide"
entry "$(variant marked.inf "$from/names.inf" utf8_mark)"
entry "$(variant ansi.inf "$from/names.inf" ansi)" "$wide"
entry "$(variant crlf.inf "$from/text.inf" crlf)"
entry "$(variant cr.inf "$from/cryptoflex.inf" cr)" "$from/cryptoflex.inf"
# Each device's section alone for the judge; both widths know the first.
if [ "$arch" = x86_64 ]; then
    sed 's/^\[Install_A.NT\]/[Both]\nDelReg=Old\nAddReg=A,B\n&/' "$from/device.inf" \
        > "$work/both.inf"
    entry "$from/device.inf" "$work/both.inf" Both
else
    entry "$from/device.inf" - Install_A.NT
fi

echo "$(wc -l < "$list") files"
SCARDSSP_IMPORT_LIST=$(windows_path "$list") wine "$build/tests/e2e/$arch/import.exe"
