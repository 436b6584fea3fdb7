#!/bin/sh
# Runs scardtool.exe, the smart card tool, by Wine in the current prefix.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

fail()
{
    printf 'scardtool: %s\n' "$1" >&2
    exit 1
}

# Without installing: beside the programs of the build.
here=$(dirname "$(readlink -f "$0")")
dir=@scardsspdir@
if [ -f "$here/x86_64-windows/scardtool.exe" ] || [ -f "$here/i386-windows/scardtool.exe" ]; then
    dir=$here
fi
dir=${SCARDSSP_DIR:-$dir}
case $dir in
/*) ;;
*) dir=$PWD/$dir ;;
esac
wine=${WINE:-wine}

program=$dir/x86_64-windows/scardtool.exe
if [ "${SCARDSSP_BITS:-64}" = 32 ] || [ "${WINEARCH:-}" = win32 ] || [ ! -f "$program" ]; then
    program=$dir/i386-windows/scardtool.exe
fi

# What needs no prefix does not make one.
prefix=${WINEPREFIX:-${HOME:-}/.wine}
if [ ! -f "$prefix/system.reg" ]; then
    case ${1:-} in
    -V | --version)
        echo "scardtool @version@"
        exit 0
        ;;
    -h | --help | help)
        echo "Usage: scardtool COMMAND [OPTIONS] [ARGUMENTS]"
        echo "The commands are listed where a Wine prefix is, and in the manual: man scardtool"
        exit 0
        ;;
    esac
    fail "there is no Wine prefix $prefix; set WINEPREFIX, or make one: wineboot, then \
scardssp-setup install"
fi
[ -f "$program" ] || fail "$program is missing; set SCARDSSP_DIR to the directory of scardssp"
command -v "$wine" > /dev/null 2>&1 || fail "$wine was not found; install Wine, or set WINE"

WINEDLLPATH=$dir${WINEDLLPATH:+:$WINEDLLPATH}
WINEDEBUG=${WINEDEBUG:--all,err+scardssp}
export WINEDLLPATH WINEDEBUG
exec "$wine" "$program" "$@"
