#!/bin/sh
# Runs scardtool.exe, the smart card tool, by Wine in the current prefix.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

dir=${SCARDSSP_DIR:-@scardsspdir@}
wine=${WINE:-wine}

program=$dir/x86_64-windows/scardtool.exe
if [ "${SCARDSSP_BITS:-64}" = 32 ] || [ "${WINEARCH:-}" = win32 ] || [ ! -f "$program" ]; then
    program=$dir/i386-windows/scardtool.exe
fi
if [ ! -f "$program" ]; then
    echo "scardtool: $program is missing; set SCARDSSP_DIR to the directory of scardssp" >&2
    exit 1
fi
if ! command -v "$wine" > /dev/null 2>&1; then
    echo "scardtool: $wine was not found; install Wine, or set WINE" >&2
    exit 1
fi

WINEDLLPATH=$dir${WINEDLLPATH:+:$WINEDLLPATH}
WINEDEBUG=${WINEDEBUG:--all,err+scardssp}
export WINEDLLPATH WINEDEBUG
exec "$wine" "$program" "$@"
