#!/bin/bash
# How the dialog of ISCardLocate looks, at 96 and at 144 dots an inch; runs inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/e2e/dialoglooks.sh [DIRECTORY FOR THE SCREENSHOTS]
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
shots=${1:-}
. "$top/tests/e2e/displaylib.sh"
need_windows 0
start_display

# Wine gives Chinese texts no other font than the rest unless Windows is Chinese: the dialog's font
# becomes one that has all letters.
if fc-list | grep -q 'WenQuanYi Zen Hei'; then
    wine reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\FontSubstitutes' \
        /v 'MS Shell Dlg 2' /d 'WenQuanYi Zen Hei' /f > /dev/null
    export SCARDSSP_TEST_CJK_FONT=1
fi
status=0
wine "$build/tests/e2e/$arch/dialoglooks.exe" || status=1
wine reg add 'HKCU\Control Panel\Desktop' /v LogPixels /t REG_DWORD /d 144 /f > /dev/null
wineserver -k || true
SCARDSSP_TEST_DPI=144 wine "$build/tests/e2e/$arch/dialoglooks.exe" || status=1
exit $status
