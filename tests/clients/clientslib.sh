# Running programs that others wrote over this project's winscard.dll.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source after lib.sh, inside tools/rig.

me=$(basename "$0")
. "$top/tools/lib/common.sh"
. "$top/tools/lib/clients.sh"
. "$top/tests/rig/reader.sh"
. "$top/tests/rig/winscard.sh"

# take_client NAME: its programs are in $client, with winscard.dll beside them. Ends the script
# where they could not be had.
take_client()
{
    local dir refused
    dir=$(client_dir "$1" "$SCARDSSP_BITS") refused=$(client_refused "$1")
    if [ ! -d "$dir" ]; then
        if [ -f "$refused" ]; then
            echo "$me: skipped: $(cat "$refused")"
            echo "0 passed, 0 failed, 1 skipped"
            exit 0
        fi
        check 1 "$1 was not built: run tools/clients $1"
        finish
        exit
    fi
    client=$work/$1
    cp -r "$dir" "$client"
    cp "$build/$arch-windows/winscard.dll" "$client"
}

# run_client PROGRAM ARGUMENT...: its output, as lines of this system.
run_client()
{
    local program=$1
    shift
    env $winscard_settings wine "$client/$program.exe" "$@" 2> "$work/errors" | tr -d '\r'
    return "${PIPESTATUS[0]}"
}

# same WHAT: whether $work/native and $work/windows are the same, and not empty.
same()
{
    diff "$work/native" "$work/windows" > "$work/diff" && [ -s "$work/native" ]
    check $? "$1: native (<) and Windows (>) differ" "$work/diff"
}
