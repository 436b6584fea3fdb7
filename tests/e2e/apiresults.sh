#!/bin/bash
# Every result that a method gives in the tests is one that the comments in the IDL files tell of
# it. Runs inside tools/rig (card iso-t1), over the trace of other test programs.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/e2e/apiresults.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"

# What those programs check is not this test's business.
for name in bytebuffer bytestream typeconv cmd cmdreply iso7816 card database locate manage \
    fileaccess iccfiles icccodes iccflags; do
    WINEDEBUG=-all SCARDSSP_TRACE=$work/trace wine "$build/tests/com/$arch/$name.exe" \
        > "$work/out" 2>&1 < /dev/null
    grep -q ' passed, .* failed, .* skipped' "$work/out"
    check $? "$name did not get to its end" "$work/out"
done

# told: METHOD CODE, codes as the trace has them: names, else digits.
awk -v list=results -f "$top/tools/apidoc/idl.awk" -f "$top/tools/apidoc/check.awk" \
    "$top/include/scardssp.idl" "$top/include/iccsp.idl" |
    sed -e 's/HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)/0x80070002/' \
        -e 's/HRESULT_FROM_WIN32(ERROR_FILE_EXISTS)/0x80070050/' \
        -e 's/HRESULT_FROM_WIN32(ERROR_ARITHMETIC_OVERFLOW)/0x80070216/' \
        -e 's/STG_E_INVALIDFUNCTION/0x80030001/' -e 's/STG_E_INVALIDFLAG/0x800300ff/' |
    LC_ALL=C sort -u > "$work/told"

# seen: the same. Functions are called by their class. The streams and other objects of the tests'
# own fail by other storage codes and by 8000dead.
sed -nE 's/.*:([a-z0-9]+)_(\w+) -> ([A-Z_]+|0x[0-9a-f]{8})$/\1.\2 \3/p' "$work/trace" |
    sed -E -e 's/^bytebuffer\./IByteBuffer./' -e 's/^typeconv\./ISCardTypeConv./' \
        -e 's/^cmd\./ISCardCmd./' -e 's/^iso7816\./ISCardISO7816./' -e 's/^card\./ISCard./' \
        -e 's/^database\./ISCardDatabase./' -e 's/^locate\./ISCardLocate./' \
        -e 's/^manage\./ISCardManage./' -e 's/^auth\./ISCardAuth./' \
        -e 's/^fileaccess\./ISCardFileAccess./' -e 's/^verify\./ISCardVerify./' |
    grep '^I' | grep -vE ' 0x(8003010[0-9]|8000dead)$' | LC_ALL=C sort -u > "$work/seen"

methods=$(cut -d ' ' -f 1 "$work/seen" | uniq | wc -l)
pairs=$(wc -l < "$work/seen")
echo "$pairs results of $methods methods"
[ "$methods" -ge 80 ] && [ "$pairs" -ge 240 ]
check $? "too few were seen"
while read -r method code; do
    grep -qxF "$method $code" "$work/told"
    check $? "$method returned $code, which its comment does not tell"
done < "$work/seen"

finish
