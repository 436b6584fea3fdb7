#!/bin/bash
# Two processes, of both widths, and a third that resets cards, on two readers; inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig --card iso-t1 --card2 iso-t0 tests/e2e/stress.sh [OPERATIONS OF EACH THREAD]
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
operations=${1:-1500}
. "$top/tests/rig/lib.sh"

stress()
{
    local arch=$1
    shift
    wine "$build/tests/e2e/$arch/stress.exe" "$@"
}

# Every now and then, as long as $work/running is there.
reset_cards()
{
    local reader
    while [ -f "$work/running" ]; do
        for reader in "$SCARDSSP_TEST_READER" "$SCARDSSP_TEST_READER2"; do
            sleep 0.6
            "$build/tests/rig/other" reset "$reader" >> "$work/resets" 2>&1 &&
                resets=$((resets + 1))
        done
    done
    echo "stress.sh: reset $resets times by another program"
}
resets=0

# sum COLUMN: of what both have counted
sum()
{
    tr -d '\r' < "$work/log" | sed -n 's/.*counted \([0-9]*\) \([0-9]*\)$/\1 \2/p' |
        awk -v column="$1" '{ sum += $column } END { print sum + 0 }'
}

stress x86_64 zero
touch "$work/running"
reset_cards &
resetter=$!
stress x86_64 run "$operations" 0 > "$work/first" 2>&1 &
first=$!
stress i386 run "$operations" 1 > "$work/second" 2>&1 &
second=$!
wait $first $second
rm "$work/running"
wait $resetter
cat "$work/first" "$work/second" | tee "$work/log"
check $([ -s "$work/resets" ]; echo $((1 - $?))) "a reset failed" "$work/resets"
stress x86_64 check "$(sum 1)" "$(sum 2)"
finish
