#!/bin/bash
# exit.exe where windows can be made, though nobody sees them; inside tools/rig (card iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] [--wine 10|old] tests/e2e/exit.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
key='HKCU\Software\Wine\Drivers'

set_driver()
{
    wine reg "$@" /f > /dev/null 2>&1 < /dev/null
    # The desktop is made once.
    wineserver -k
    wineserver -p
}

set_driver add "$key" /v Graphics /d null
wine "$build/tests/e2e/$arch/exit.exe" < /dev/null
check $? "exit.exe"
# To the system, too, the children are gone: their names are still those of Windows.
! grep -la 'exit\.exe.--child' /proc/[0-9]*/cmdline > "$work/left" 2> /dev/null
check $? "processes are left" "$work/left"
set_driver delete "$key" /v Graphics
finish
