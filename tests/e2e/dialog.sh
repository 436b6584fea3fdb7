#!/bin/bash
# The dialog of ISCardLocate on a display of its own, with screenshots; runs inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/e2e/dialog.sh [DIRECTORY FOR THE SCREENSHOTS]
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
shots=${1:-}
. "$top/tests/e2e/displaylib.sh"
program=$build/tests/e2e/$arch/dialog.exe

[ -f "$program" ] || { echo "dialog.sh: $program is not built" >&2; exit 1; }
status=0
env -u DISPLAY SCARDSSP_TEST_NO_DISPLAY=1 wine "$program" || status=1
need_windows $status
start_display

wine "$program" || status=1
# The second reader listens one port further.
"$build/tests/cards/simcard" --profile "$top/tests/cards/profiles/iso-t1.card" --port 35964 \
    --control "$work/second" > "$work/second.log" 2>&1 &
pids="$pids $!"
"$build/tests/rig/other" wait-present "$SCARDSSP_TEST_READER2" 10000
SCARDSSP_TEST_TWO_CARDS=1 wine "$program" || status=1
exit $status
