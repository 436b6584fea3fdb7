#!/bin/bash
# Vendors' files, installed by Wine's own programs, as our database has them; inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] [--wine 10|old] --card none tests/winscard/installers.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/rig/winscard.sh"

# shellcheck disable=SC2086 # settings
env $winscard_settings SCARDSSP_TRACE="$work/trace" wine \
    "$build/tests/winscard/$arch/installers.exe" \
    "$(printf 'Z:%s' "$top/tests/e2e/import" | tr / '\\')" || failed=1
grep -q 'ClassInstall32 function' "$work/trace"
check $? "SetupAPI does not ask the class installer" "$work/trace"
finish
