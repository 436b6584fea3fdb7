#!/bin/bash
# A user who may not open pcscd's socket: told apart from no service; inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] [--wine 10|old] tests/setup/permission.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
. "$top/tests/setup/user.sh"
socket=/run/pcscd/pcscd.comm

new_user_prefix permission
as_the_user "with permission" 0x00000000
mode=$(stat -c %a "$socket")
chmod 600 "$socket"
as_the_user "without permission" 0x8010006a "no permission for $socket"
chmod "$mode" "$socket"
as_the_user "with permission again" 0x00000000
"$top/tests/rig/request" pcscd stop > /dev/null
as_the_user "without a service" 0x8010001d "does not exist"
"$top/tests/rig/request" pcscd start > /dev/null
finish
