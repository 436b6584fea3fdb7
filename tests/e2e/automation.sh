#!/bin/bash
# Scripts use the classes by ProgID, and the samples do what they say; runs inside tools/rig (card
# iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] tests/e2e/automation.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
[ -d "$WINEPREFIX/drive_c/windows/syswow64" ] || system=system32
reader=${SCARDSSP_TEST_READER:?run this inside tools/rig}
empty=$SCARDSSP_TEST_READER2
export WINEDEBUG=-all

# script FILE ARGS...: its output is in $work/out
script()
{
    local file=$1
    shift
    wine "C:\\windows\\$system\\cscript.exe" //nologo "$(printf 'Z:%s' "$file" | tr / '\\')" "$@" \
        2>&1 < /dev/null | tr -d '\r' > "$work/out"
    code=${PIPESTATUS[0]}
}

# The two big ones count for themselves.
for file in check.vbs check.js; do
    script "$top/tests/e2e/automation/$file" "$reader"
    cat "$work/out"
    grep -q ' passed, 0 failed, 0 skipped$' "$work/out"
    check $? "$file did not get to its end" "$work/out"
done

# compile FILE: by the command in its own comment, with this width's compiler and the build's
# headers; false without that compiler.
compile()
{
    local command compiler
    command=$(sed -n '/^ \*   i686-w64-/,/[^\\]$/s/^ \* *//p' "$top/tools/samples/$1" |
        sed 'N; s/\\\n/ /')
    compiler=${command%% *}
    [ "$arch" = i386 ] || compiler=x86_64-${compiler#*-}
    command -v "$compiler" > /dev/null || return
    # shellcheck disable=SC2016 # what the comment says
    command="$compiler -Wall -Wextra -Werror ${command#* }"
    command=${command/'$(pkg-config --cflags scardssp)'/-I$build/include}
    command=${command/ $1 / $top/tools/samples/$1 }
    (cd "$work" && sh -c "${command/ ${1%.*}.exe / $1.exe }") > "$work/out" 2>&1
    check $? "$1: $command" "$work/out"
}

# run_sample FILE ARGS...: as script does
run_sample()
{
    local file=$1
    shift
    if [ -f "$work/$file.exe" ]; then
        wine "$work/$file.exe" "$@" 2>&1 < /dev/null | tr -d '\r' > "$work/out"
        code=${PIPESTATUS[0]}
    else
        script "$top/tools/samples/$file" "$@"
    fi
}

# compiled FILE: compile, or what it needs is told
compiled()
{
    compile "$1" && return
    skipped=$((skipped + 1))
    echo "skipped: $1: there is no compiler for $arch"
    return 1
}

samples="atr.vbs atr.js"
for file in atr.c atr.cpp; do
    ! compiled "$file" || samples="$samples $file"
done

# sample CODE PATTERN WHAT ARGS...: all of them
sample()
{
    local wanted=$1 pattern=$2 what=$3 file
    shift 3
    for file in $samples; do
        run_sample "$file" "$@"
        grep -qE "$pattern" "$work/out" && [ "$code" = "$wanted" ]
        check $? "$file $what: exit code $code" "$work/out"
    done
}

# What the sample's comments say. Wine's VBScript cannot look into an array of strings; where it
# can, the first reader is found.
sample 0 "^$reader: 3B( [0-9A-F]{2})+$" "with a reader" "$reader"
sample 1 '(^no ATR: |\()8010000C\)?$' "with an empty reader" "$empty"
sample 1 '(^no ATR: |\()80100009\)?$' "with an unknown reader" "No such reader"
sample 2 '^Usage' "with two arguments" one two
script "$top/tools/samples/atr.vbs"
grep -q "^$reader: 3B" "$work/out" || { grep -q 'name the reader' "$work/out" && [ "$code" = 1 ]; }
check $? "atr.vbs without a reader: exit code $code" "$work/out"

# reads CODE LINE WHAT ARGS...
reads()
{
    local wanted=$1 line=$2 what=$3
    shift 3
    run_sample readfile.c "$@"
    [ "$(cat "$work/out")" = "$line" ] && [ "$code" = "$wanted" ]
    check $? "readfile.c $what: exit code $code" "$work/out"
}

if compiled readfile.c; then
    reads 0 "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F" "a file" "$reader" 3F00/2F05
    reads 1 "not read: 80100024" "no such file" "$reader" 3F00/2FFF
    reads 1 "not read: 8010000C" "an empty reader" "$empty" 3F00/2F05
    reads 2 "Usage: readfile READER PATH" "without a path" "$reader"
fi

finish
