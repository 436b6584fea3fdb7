#!/bin/bash
# The dialogs of SCardUIDlgSelectCard and GetOpenCardName on a display of their own, with
# screenshots; runs inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/scarddlg/dialogs.sh [DIRECTORY FOR THE SCREENSHOTS]
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
shots=${1:-}
. "$top/tests/e2e/displaylib.sh"
. "$top/tests/rig/winscard.sh"
program=$build/tests/scarddlg/$arch/dialogs.exe
status=0
env -u DISPLAY $winscard_settings SCARDSSP_TEST_NO_DISPLAY=1 wine "$program" || status=1
need_windows $status
start_display

env $winscard_settings wine "$program" || status=1
exit $status
