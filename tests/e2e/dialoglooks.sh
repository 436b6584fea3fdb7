#!/bin/bash
# How the dialog of ISCardLocate looks: at 96 to 192 dots an inch, with as many readers as there can
# be; runs inside tools/rig.
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

# many DPI: under a card layer with 16 readers of long names; a winscard.dll would not take it.
many()
{
    local unix=x86_64-unix
    [ $arch = x86_64 ] || [ ! -d /usr/lib/i386-linux-gnu/wine/i386-unix ] || unix=i386-unix
    echo 16 > "$work/readers"
    SCARDSSP_TRANSPORT='' SCARDSSP_PCSCLITE=$build/tests/e2e/$unix/manyreaders.so \
        SCARDSSP_TEST_READERS=$work/readers SCARDSSP_TEST_DPI=$1 SCARDSSP_TEST_MANY=1 \
        SCARDSSP_TEST_READER_NAME='Gemalto PC Twin Reader with a long name (70D7E2EE)' \
        wine "$build/tests/e2e/$arch/dialoglooks.exe" || status=1
}

many 96
for dpi in 120 144 192; do
    wine reg add 'HKCU\Control Panel\Desktop' /v LogPixels /t REG_DWORD /d $dpi /f > /dev/null
    wineserver -k || true
    SCARDSSP_TEST_DPI=$dpi wine "$build/tests/e2e/$arch/dialoglooks.exe" || status=1
done
many 192
exit $status
