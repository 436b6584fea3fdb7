#!/bin/bash
# Where the DLL may lie, what Wine makes of it, and what the program is told; inside tools/rig.
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig [--bits 32] [--wine 10|old] tests/setup/load.sh [PATTERN]
# PATTERN selects cases by their titles.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
pattern=${1:-*}
unset SCARDSSP_TRANSPORT
. "$top/tests/rig/lib.sh"

other_arch=i386
[ "$arch" = x86_64 ] || other_arch=x86_64
program=$build/tests/setup/$arch/load.exe
dll=$build/$arch-windows/scardssp.dll
version=$("$top/configure" --version | sed -n '1s/.* //p').0
stale_version=99.9.0.0

# ---- files ----

# The four directories of the build under a new name, so that one of them can be another.
library()
{
    local folder
    mkdir "$work/$1"
    for folder in x86_64-windows i386-windows x86_64-unix i386-unix; do
        ln -s "$build/$folder" "$work/$1/"
    done
}

# mark FILE TEXT: what Wine looks for behind the DOS header.
mark()
{
    { printf '%s' "$2"; head -c 32 /dev/zero; } | head -c 32 |
        dd of="$1" bs=32 seek=2 conv=notrunc iflag=fullblock 2> /dev/null
}

make_doors()
{
    mkdir "$work/doors"
    for door in marked unmarked placeholder stale; do
        cp "$dll" "$work/doors/$door"
    done
    mark "$work/doors/unmarked" ""
    mark "$work/doors/placeholder" "Wine placeholder DLL"
    # The signature and version of the structure, then the file's version: its four numbers.
    perl -0777 -pi -e 's/(\xbd\x04\xef\xfe\x00\x00\x01\x00).{8}/$1\x09\x00\x63\x00\0\0\0\0/s' \
        "$work/doors/stale"
}

make_libraries()
{
    local unix
    library full
    library no-so
    rm "$work/no-so/x86_64-unix" "$work/no-so/i386-unix"
    mkdir "$work/flat" "$work/flat-other"
    cp "$dll" "$(unix_half)" "$work/flat/"
    cp "$build/$other_arch-windows/scardssp.dll" "$work/flat-other/"
    cp "$build/x86_64-unix/scardssp.so" "$work/flat-other/"
    library other-abi
    library no-table
    for unix in x86_64-unix i386-unix; do
        rm "$work/other-abi/$unix" "$work/no-table/$unix"
        mkdir "$work/other-abi/$unix" "$work/no-table/$unix"
        # Built without gcc -m32, there is no 32-bit half.
        [ -d "$build/tests/setup/$unix" ] || continue
        cp "$build/tests/setup/$unix/otherabi.so" "$work/other-abi/$unix/scardssp.so"
        cp "$build/tests/setup/$unix/notable.so" "$work/no-table/$unix/scardssp.so"
    done
}

# With old WoW64 a 32-bit program has a 32-bit unix half.
unix_half()
{
    local unix=x86_64-unix
    [ $arch = x86_64 ] || [ ! -d /usr/lib/i386-linux-gnu/wine/i386-unix ] || unix=i386-unix
    echo "$build/$unix/scardssp.so"
}

# ---- one case ----

# Runs the program; its facts are in $error, $class, $card and $mapped, the way that it took to the
# cards in $way, all that it printed in $work/out.
probe()
{
    local key value
    error='' class='' card='' mapped=''
    WINEDEBUG=$WINEDEBUG,+scardssp wine "$program" "$1" > "$work/out" 2> "$work/err" < /dev/null
    while read -r key value; do
        case $key in
        error) error=$value ;;
        version) mapped=$value ;;
        class) class=$value ;;
        card) card=$value ;;
        esac
    done <<< "$(tr -d '\r' < "$work/out")"
    way=$(sed -n 's/.*connections by name go over //p' "$work/err" | tr -d '\r')
    cat "$work/err" >> "$work/out"
}

# put NAME WHERE: a copy of a door as $WINEPREFIX/drive_c/WHERE/scardssp.dll; NAME - : none
put()
{
    local to=$WINEPREFIX/drive_c/$2
    rm -rf "$WINEPREFIX/drive_c/foo"
    rm -f "$WINEPREFIX/drive_c/windows/$system/scardssp.dll"
    [ "$1" = - ] && return 0
    mkdir -p "$to"
    cp "$work/doors/$1" "$to/scardssp.dll"
}

# wine_path NAME: WINEDLLPATH with that library, or without any of ours
wine_path()
{
    case $1 in
    -) WINEDLLPATH=$wine_dlls ;;
    *) WINEDLLPATH=$1${wine_dlls:+:$wine_dlls} ;;
    esac
    export WINEDLLPATH
    [ -n "$WINEDLLPATH" ] || unset WINEDLLPATH
}

# outcome TITLE EXPECTED VERSION TEXT: what the probe found against a row of the table. EXPECTED is
#     N        the error of LoadLibrary
#     unix     the DLL, and cards by the unix half
#     less     the DLL without its unix half: over winscard where that works, else no cards, which
#              one err line with TEXT explains
#     useless  not even a DLL with its exports
outcome()
{
    local wanted=$2 got="error $error"
    [ "$error" != 0 ] || got="$class $card $way"
    case $2 in
    unix) wanted="0x00000000 0x00000000 unix" ;;
    less) wanted=$less ;;
    useless) wanted="0x8007007f 0x8007007f " ;;
    *) wanted="error $2" ;;
    esac
    [ "$got" = "$wanted" ]
    check $? "$1: $got, not $wanted" "$work/out"
    [ "$3" = - ] || { [ "$mapped" = "$3" ]; check $? "$1: version $mapped, not $3" "$work/out"; }
    [ "$2" != less ] || explained "$1" "$4"
}

# How the lack of a unix half shows.
explained()
{
    if [ "$less" = "$over_winscard" ]; then
        grep -q 'warn:scardssp.*no unix half: going on over winscard' "$work/err"
        check $? "$1: not a word about winscard" "$work/out"
    else
        grep -q "err:scardssp.*$2" "$work/err" && [ "$(grep -c err:scardssp "$work/err")" = 1 ]
        check $? "$1: not one line that says \"$2\"" "$work/out"
    fi
}

# Wine 8's winscard is a stub, and that of 32-bit Wine calls pcsc-lite wrongly.
over_winscard="0x00000000 0x00000000 winscard"
less=$over_winscard
if [ "$wine_version" -lt 9 ] || [[ $(unix_half) = */i386-unix/* ]]; then
    less="0x00000000 0x8010001d unix"
fi

# ---- the table ----

ours=$version stale=$stale_version
# Wine 8 passes over a file of the other width; Wine 10 takes it, and 64-bit programs get a module
# without functions.
other_width=less
[ "$wine_version" -lt 10 ] || other_width=$([ $arch = i386 ] && echo 193 || echo useless)
# TITLE | DOOR | WHERE | LIBRARY | OVERRIDES | EXPECTED | VERSION | TEXT
cases()
{
    cat <<TABLE
copy only|marked|system|-|-|less|$ours|WINEDLLPATH
path only|-|system|$work/full|-|126|-|-
copy and path|marked|system|$work/full|-|unix|$ours|-
stale copy, no path|stale|system|-|-|less|$stale|WINEDLLPATH
stale copy and path|stale|system|$work/full|-|unix|$ours|-
copy in C:/foo, no path|marked|foo|-|-|less|$ours|WINEDLLPATH
copy in C:/foo and path|marked|foo|$work/full|-|unix|$ours|-
unmarked in C:/foo, no path|unmarked|foo|-|-|less|$ours|WINEDLLPATH
unmarked in C:/foo and path|unmarked|foo|$work/full|-|unix|$ours|-
unmarked copy and path|unmarked|system|$work/full|-|unix|$ours|-
placeholder, no path|placeholder|system|-|-|126|-|-
placeholder and path|placeholder|system|$work/full|-|unix|$ours|-
no scardssp.so|marked|system|$work/no-so|-|less|$ours|WINEDLLPATH
scardssp.so of another ABI|marked|system|$work/other-abi|-|less|$ours|versions
scardssp.so of another program|marked|system|$work/no-table|-|less|$ours|another program
flat directory|marked|system|$work/flat|-|unix|$ours|-
flat directory of the other width|marked|system|$work/flat-other|-|$other_width|-|WINEDLLPATH
relative path|marked|system|full|-|161|-|-
relative path behind an absolute one|marked|system|$work/full:full|-|unix|$ours|-
override n|marked|system|$work/full|n|126|-|-
override b|marked|system|$work/full|b|unix|$ours|-
override n,b|marked|system|$work/full|n,b|unix|$ours|-
override b,n|marked|system|$work/full|b,n|unix|$ours|-
override empty|marked|system|$work/full||126|-|-
override n, unmarked copy|unmarked|system|$work/full|n|less|$ours|WINEDLLPATH
override n,b, unmarked copy|unmarked|system|$work/full|n,b|less|$ours|WINEDLLPATH
TABLE
}

run_case()
{
    local title=$1 door=$2 where=$3 library=$4 overrides=$5 module=scardssp.dll
    shift 5
    [ "$where" != foo ] || module='C:\foo\scardssp.dll'
    [ "$where" = foo ] || where=windows/$system
    put "$door" "$where"
    wine_path "$library"
    [ "$overrides" = - ] || WINEDLLOVERRIDES="$rig_overrides;scardssp=$overrides"
    probe "$module"
    WINEDLLOVERRIDES=$rig_overrides
    outcome "$title" "$@"
}

# ---- overrides in the registry ----

global='HKCU\Software\Wine\DllOverrides'
program_key='HKCU\Software\Wine\AppDefaults\load.exe\DllOverrides'

registry()
{
    wine reg "$@" > /dev/null 2>&1 < /dev/null
}

# TITLE | ALL PROGRAMS | THIS PROGRAM | WINEDLLOVERRIDES | EXPECTED
registry_cases()
{
    cat <<'TABLE'
registry: native|native|-|-|126
registry: builtin|builtin|-|-|unix
registry: native,builtin|native,builtin|-|-|unix
registry: disabled||-|-|126
registry: native for this program|-|native|-|126
registry: this program before all|native|builtin|-|unix
registry: the variable before both|native|native|b|unix
registry: the variable before both, n|builtin|builtin|n|126
TABLE
}

set_override()
{
    if [ "$2" = - ]; then
        registry delete "$1" /v scardssp /f
        return 0
    fi
    registry add "$1" /v scardssp /d "$2" /f
    check $? "reg add $1 $2"
}

run_registry_case()
{
    put marked windows/$system
    wine_path "$work/full"
    set_override "$global" "$2"
    set_override "$program_key" "$3"
    [ "$4" = - ] || WINEDLLOVERRIDES="$rig_overrides;scardssp=$4"
    probe scardssp.dll
    WINEDLLOVERRIDES=$rig_overrides
    outcome "$1" "$5" - -
}

# run_cases TABLE FUNCTION: the function gets the columns of each row whose title fits.
run_cases()
{
    local row
    while IFS='|' read -r -a row; do
        # shellcheck disable=SC2254 # it is one
        case ${row[0]} in $pattern) "$2" "${row[@]}" ;; esac
    done <<< "$("$1")"
}

make_doors
make_libraries
cd "$work" || exit 1
rig_overrides=$WINEDLLOVERRIDES
new_prefix load
run_cases cases run_case
run_cases registry_cases run_registry_case
finish
