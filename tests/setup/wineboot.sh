#!/bin/bash
# What `wineboot -u` and INF files do to the DLL: put in, register, keep, remove; inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] [--wine 10|old] tests/setup/wineboot.sh
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tests/rig/lib.sh"
our_path=$build${wine_dlls:+:$wine_dlls}

# without COMMAND...: where Wine does not know our directory
without()
{
    WINEDLLPATH=$wine_dlls "$@"
}

update()
{
    wine wineboot -u > "$work/wineboot.log" 2>&1 < /dev/null
    check $? "wineboot -u" "$work/wineboot.log"
}

# The file of a width in this prefix.
file_of()
{
    case $1 in
    x86_64) echo "$WINEPREFIX/drive_c/windows/system32/scardssp.dll" ;;
    i386) echo "$WINEPREFIX/drive_c/windows/syswow64/scardssp.dll" ;;
    esac
}

# each FUNCTION ARGS...: FUNCTION ARCH FILE ARGS... for both widths
each()
{
    local function=$1 arch
    shift
    for arch in x86_64 i386; do "$function" "$arch" "$(file_of "$arch")" "$@"; done
}

put_copy()
{
    cp "$build/$1-windows/scardssp.dll" "$2"
}

# Marked as ours are, and not the same bytes.
put_stale()
{
    put_copy "$1" "$2"
    echo stale >> "$2"
    cp "$2" "$work/$1.stale"
}

put_unmarked()
{
    put_copy "$1" "$2"
    dd if=/dev/zero of="$2" bs=32 seek=2 count=1 conv=notrunc 2> /dev/null
    cp "$2" "$work/$1.unmarked"
}

is_ours()
{
    cmp -s "$build/$1-windows/scardssp.dll" "$2"
    check $? "$3: $1: not the file of the build"
}

is_kept()
{
    cmp -s "$work/$1.$3" "$2"
    check $? "$4: $1: the $3 file was changed"
}

is_missing()
{
    [ ! -e "$2" ]
    check $? "$3: $1: the file is there"
}

# All keys and values of the machine, without times. The defaults of the card database are no part
# of a registration by Wine. To 32-bit programs, whose keys alone can differ so, both directories
# are one.
registry()
{
    wineserver -k
    wineserver -w
    sed -E 's/^(\[.*\]) [0-9]+$/\1/; s/syswow64(.*scardssp.dll)/system32\1/
        /^#time=/d; /^"DriverDate(Data)?"=/d' "$WINEPREFIX/system.reg" |
        awk '/^\[/ { skip = /Cryptography\\\\Calais/ } !skip' > "$1"
    wineserver -p
}

# As scardssp(7) says it.
register()
{
    local regsvr32='regsvr32.exe /s scardssp.dll'
    WINEDLLPATH=$our_path wine64 'C:\windows\system32\'$regsvr32 > "$work/out" 2>&1
    check $? "regsvr32, 64 bits" "$work/out"
    WINEDLLPATH=$our_path wine 'C:\windows\syswow64\'$regsvr32 > "$work/out" 2>&1
    check $? "regsvr32, 32 bits" "$work/out"
}

# A prefix into which Wine alone puts the DLL.
test_by_wine()
{
    local arch
    new_prefix boot
    each is_missing "before"
    WINEDLLPATH=$our_path update
    each is_ours "wineboot -u"
    registry "$work/boot.reg"
    grep -q 'FEBD43AF-F69F-4F8C-9FA4-5B908FD37513' "$work/boot.reg"
    check $? "wineboot -u: ISCardManage is not registered"
    for arch in x86_64 i386; do
        WINEDLLPATH=$our_path wine "$build/tests/com/$arch/typeconv.exe" --quiet > "$work/out" 2>&1
        check $? "wineboot -u: $arch: the class does not work" "$work/out"
    done
    put_unmarked x86_64 "$(file_of x86_64)"
    put_stale i386 "$(file_of i386)"
    WINEDLLPATH=$our_path update
    is_kept x86_64 "$(file_of x86_64)" unmarked "wineboot -u over another's file"
    is_ours i386 "$(file_of i386)" "wineboot -u over a stale copy"
}

# One into which a user does, and Wine does not know where from.
test_by_hand()
{
    new_prefix hand
    each put_stale
    without update
    each is_kept stale "wineboot -u without our path"
    each put_copy
    register
    registry "$work/hand.reg"
    diff "$work/boot.reg" "$work/hand.reg" > "$work/diff"
    check $? "wineboot -u does not register what DllRegisterServer does" <(head -n 40 "$work/diff")
    test_removed
}

# An INF that takes away what Wine put there, and nothing else.
test_removed()
{
    printf '[Version]\r\nSignature="$CHICAGO$"\r\n[Remove]\r\nWineFakeDlls=Files\r\n[Files]\r\n' \
        > "$work/remove.inf"
    printf '11,,scardssp.dll,-\r\n' >> "$work/remove.inf"
    each put_copy
    remove
    is_missing x86_64 "$(file_of x86_64)" "INF"
    each put_unmarked
    remove
    each is_kept unmarked "INF"
}

remove()
{
    without wine64 rundll32 setupapi.dll,InstallHinfSection Remove 128 \
        "Z:${work//\//\\}\\remove.inf" > "$work/out" 2>&1 < /dev/null
    check $? "rundll32" "$work/out"
}

test_by_wine
test_by_hand
finish
