#!/bin/bash
# The dialog of ISCardLocate while readers and the daemon come and go; runs inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/e2e/dialogservice.sh [DIRECTORY FOR THE SCREENSHOTS]
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
shots=${1:-}
. "$top/tests/e2e/displaylib.sh"
need_windows 0
start_display
wine "$build/tests/e2e/$arch/dialogservice.exe"
