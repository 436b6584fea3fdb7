#!/bin/bash
# With another TMPDIR than Wine's server has, by which Debian's Wine finds it; and while that server
# alone has a new prefix's registry. Inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--wine 10] tests/setup/tmpdir.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
export WINEDEBUG=-all
unset TMPDIR
mkdir "$work/elsewhere"
probe='C:\\windows\\system32\\cmd.exe'

# elsewhere STATUS WHAT COMMAND...: what it prints is in $work/out
elsewhere()
{
    local wanted=$1 what=$2
    shift 2
    TMPDIR=$work/elsewhere "$@" > "$work/out" 2>&1 < /dev/null
    [ $? = "$wanted" ]
    check $? "$what: not exit status $wanted" "$work/out"
}

says()
{
    grep -q -e "$1" "$work/out"
    check $? "it does not say \"$1\"" "$work/out"
}

# A program keeps the server, which has what is not in the registry's file yet.
wine "$probe" /c "for /l %i in () do @rem" < /dev/null > /dev/null 2>&1 &
busy=$!
wine reg add 'HKCU\scardssp test' /d here /f > /dev/null 2>&1
elsewhere 0 "scardtool" "$build/scardtool" readers
says "ATR 3B"
elsewhere 0 "scardssp-run" "$build/scardssp-run" reg query 'HKCU\scardssp test' /ve
says "here"
elsewhere 1 "an install beside a program" "$build/scardssp-setup" --user install
says "programs run in"
[ -z "$(find "$work/elsewhere" -name 'server-*')" ]
check $? "there is a second server" "$work/out"
wineserver -k
wait $busy
wineserver -w

# A server that ends by SIGABRT there.
printf '#!/bin/sh\nkill -ABRT $$\n' > "$work/aborts"
chmod +x "$work/aborts"
WINESERVER=$work/aborts elsewhere 1 "a Wine that ends" "$build/scardssp-setup" status
says "wine: *FAILED: this Wine ends at once where TMPDIR is set ($work/elsewhere)"
says "to do: unset TMPDIR"

# Right after wineboot.
unset TMPDIR
WINEPREFIX=$work/made wine wineboot -i > /dev/null 2>&1
"$build/scardssp-setup" --prefix "$work/made" status > "$work/out" 2>&1
says "^64-bit: "
! grep -q "is no Wine prefix" "$work/out"
check $? "it does not wait for the registry" "$work/out"
WINEPREFIX=$work/made wineserver -k
WINEPREFIX=$work/made wineserver -w

# What the file says is no part of a program.
mkdir -p "$work/evil"
printf 'x|x|p;e touch %s/taken\n#' "$work" > "$work/evil/wineserver"
(. "$top/tools/setup/lib/server.sh"; server_meet "$work/evil") > /dev/null 2>&1
[ ! -e "$work/taken" ]
check $? "the owner of a prefix has run a command"
finish
