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
need_windows 0
start_display

status=0
env $winscard_settings wine "$build/tests/scarddlg/$arch/dialogs.exe" || status=1
exit $status
