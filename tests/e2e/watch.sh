#!/bin/bash
# The watch of readers with as many as pcsc-lite can have; runs inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/watch.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"

export SCARDSSP_TEST_READERS=$work/readers
unix=x86_64-unix
[ $arch = x86_64 ] || [ ! -d /usr/lib/i386-linux-gnu/wine/i386-unix ] || unix=i386-unix
export SCARDSSP_PCSCLITE=$build/tests/e2e/$unix/manyreaders.so
echo 16 > "$SCARDSSP_TEST_READERS"
wine "$build/tests/e2e/$arch/watch.exe"
