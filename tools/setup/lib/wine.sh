# Questions to Wine and to a prefix that all commands share.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses $prefix, $verbose, $work and output.sh. No path of Wine is guessed: Wine is asked.

# Sets $wine, $wineserver and $wine_version; stops where there is no Wine.
wine_find()
{
    wine=${WINE:-wine}
    command -v "$wine" > /dev/null 2>&1 ||
        stop wine "$wine was not found" "install Wine, or set WINE to the program"
    wineserver=${WINESERVER:-}
    [ -n "$wineserver" ] || wineserver=$(wine_server_beside "$wine")
    command -v "$wineserver" > /dev/null 2>&1 ||
        stop wine "$wineserver was not found" "set WINESERVER to the program"
    wine_version=$("$wine" --version 2> /dev/null) && [ -n "$wine_version" ] ||
        stop wine "$wine --version fails" "set WINE to a Wine that works"
    export WINEPREFIX="$prefix"
}

# The server of the same installation: beside the loader, else the one on PATH.
wine_server_beside()
{
    wine_dir=$(dirname "$(command -v "$1")")
    if [ -x "$wine_dir/wineserver" ]; then
        printf '%s\n' "$wine_dir/wineserver"
    else
        echo wineserver
    fi
}

# ---- the prefix ----

# Sets $prefix_kind: missing, foreign (another user's, which Wine refuses), broken, win32 (32-bit
# programs only), win64 (64-bit only), or wow64 (both); and $widths: the widths it can run.
prefix_find()
{
    widths=
    if [ ! -d "$prefix" ]; then
        prefix_kind=missing
    elif [ "$(stat -c %u "$prefix")" != "$(id -u)" ] && [ -z "$wine_as" ]; then
        prefix_kind=foreign
    elif [ ! -f "$prefix/system.reg" ] || [ ! -d "$prefix/drive_c/windows/system32" ]; then
        prefix_kind=broken
    elif grep -q '^#arch=win32' "$prefix/system.reg"; then
        prefix_kind=win32 widths=32
    elif [ -f "$prefix/drive_c/windows/syswow64/kernel32.dll" ]; then
        prefix_kind=wow64 widths="64 32"
    else
        prefix_kind=win64 widths=64
    fi
}

# With --system root may ask Wine in the prefix of another user, as that user; nothing there is
# changed. Whether that is the case; then $wine_as goes before Wine.
wine_as=
prefix_of_other()
{
    prefix_find
    [ "$prefix_kind" = foreign ] && [ "$scope$scope_given" = system1 ] && [ "$(id -u)" = 0 ] ||
        return 1
    wine_as="setpriv --clear-groups --reuid=$(stat -c %u "$prefix") --regid=$(stat -c %g "$prefix")"
    prefix_find
    [ -n "$widths" ]
}

# Stops unless Wine can work in the prefix.
prefix_require()
{
    prefix_find
    case $prefix_kind in
    missing)
        stop prefix "there is no $prefix" \
            "make it: WINEPREFIX='$prefix' $wine wineboot -i; or name another by --prefix" ;;
    foreign)
        prefix_owner=$(stat -c %U "$prefix")
        stop prefix "$prefix belongs to $prefix_owner, and Wine works for its owner only" \
            "run this as $prefix_owner" ;;
    broken)
        stop prefix "$prefix is no Wine prefix: system.reg or drive_c/windows/system32 is missing" \
            "name the prefix by --prefix or WINEPREFIX, or let '$wine wineboot -i' complete it" ;;
    esac
}

# prefix_prepare: stops unless the prefix may be changed: writable, nobody else at it, and no
# program running, whose registry would be ahead of the files.
prefix_prepare()
{
    case $prefix in
    *"
"*) stop prefix "the prefix has a line break in its name" "move it" ;;
    esac
    for prepare_dir in "" /drive_c/windows/system32 /drive_c/windows/syswow64; do
        [ ! -d "$prefix$prepare_dir" ] || [ -w "$prefix$prepare_dir" ] ||
            stop prefix "$prefix$prepare_dir cannot be written" \
                "make it writable, or copy the prefix"
    done
    exec 9< "$prefix"
    flock -n 9 || stop prefix "another scardssp-setup works on $prefix" "wait until it has ended"
    dllpath_check
    # A server stays for some seconds after its last program.
    timeout 6 "$wineserver" -w > /dev/null 2>&1 9>&-
    prefix_busy || return 0
    [ "$force" = 1 ] || stop prefix "programs run in $prefix" \
        "close them, or end them by: WINEPREFIX='$prefix' $wineserver -k; --force does so too"
    note "ending what runs in $prefix"
    "$wineserver" -k > /dev/null 2>&1
    prefix_settle
}

# Stops when what was changed here is not known, or with --force finds it out as far as possible.
prefix_remembered()
{
    ! manifest_sound "$prefix" || return 0
    [ "$force" = 1 ] || stop prefix "$(manifest_dir "$prefix")/manifest is damaged" "--force goes \
by the files: those that were there before lie in the directory saved beside it"
    manifest_guess "$prefix" "$(dll_path 64)" "$(dll_path 32)"
}

# True while a wineserver, that is, some program, runs in the prefix.
prefix_busy()
{
    "$wineserver" -k0 > /dev/null 2>&1
}

# Waits until the prefix is idle, when its registry files are complete.
prefix_settle()
{
    "$wineserver" -w > /dev/null 2>&1
}

# ---- programs in the prefix ----

# The directory for DLLs of a width below drive_c/windows, as unix programs see it.
width_dir()
{
    if [ "$1" = 32 ] && [ "$prefix_kind" != win32 ]; then
        echo syswow64
    else
        echo system32
    fi
}

# The same as the first program of "wine" sees it: for a 32-bit loader system32 is syswow64.
width_run_dir()
{
    if [ "$1" = 64 ] && wine_loader_is_32; then
        echo sysnative
    else
        width_dir "$1"
    fi
}

# once NAME COMMAND...: what COMMAND prints. It is run once, whichever subshell asks, since starting
# Wine takes its time.
once()
{
    once_answer=$work/once.$1
    shift
    if [ ! -f "$once_answer" ]; then
        "$@" > "$once_answer.new" || return
        mv "$once_answer.new" "$once_answer"
    fi
    cat "$once_answer"
}

# Whether $wine starts 32-bit programs in a prefix that has both (old WoW64).
wine_loader_is_32()
{
    [ "$prefix_kind" != win32 ] || return
    case $(once loader wine_quiet cmd /c 'echo %PROCESSOR_ARCHITEW6432%') in
    AMD64*) return 0 ;;
    esac
    return 1
}

# wine_quiet ARGS...: runs "wine ARGS" without input; its errors are shown with --verbose only.
# Debian's wrapper and Wine itself talk on stderr even when all is well.
wine_quiet()
{
    wine_reading /dev/null "$@"
}

# wine_reading FILE ARGS...: the same with FILE as its input. Descriptor 9 may hold a lock, which
# a server that outlives us must not keep. A program that Wine lost before it began starts again:
# lost to a server that is just ending ("wine client error"), or, about once in 1,500 starts of
# Debian's Wine 8, to the random place of its heap ("shared user data").
wine_reading()
{
    reading_file=$1
    shift
    if [ "$verbose" = 1 ]; then
        $wine_as "$wine" "$@" < "$reading_file" 9>&-
        return
    fi
    for reading_try in 1 2 3; do
        WINEDEBUG=${WINEDEBUG:--all,err+virtual} $wine_as "$wine" "$@" < "$reading_file" \
            > "$work/wine.out" 2> "$work/wine.last" 9>&- && reading_code=0 || reading_code=$?
        cat "$work/wine.last" >> "$work/wine.log"
        grep -q '^wine client error\|map the shared user data' "$work/wine.last" || break
    done
    cat "$work/wine.out"
    return $reading_code
}

# wine_run WIDTH PROGRAM ARGS...: runs C:\windows\system32\PROGRAM of that width.
wine_run()
{
    run_dir=$(width_run_dir "$1")
    run_program=C:\\windows\\$run_dir\\$2
    shift 2
    if [ "$run_dir" = sysnative ]; then
        # The loader itself does not know that directory, its programs do.
        wine_quiet start /wait /b "$run_program" "$@"
    else
        wine_quiet "$run_program" "$@"
    fi
}

# Whether programs of a width run at all.
width_works()
{
    [ "$(wine_run "$1" cmd.exe /c echo works | tr -d '\r')" = works ]
}

# wine_register WIDTH [/u]: regsvr32 on the copy in the prefix; its exit status is the answer.
wine_register()
{
    register_width=$1
    shift
    wine_run "$register_width" regsvr32.exe /s "$@" \
        "C:\\windows\\$(width_dir "$register_width")\\scardssp.dll" > /dev/null
}

# ---- PE files ----

# pe_width FILE: 32 or 64; fails when it is no program of either
pe_width()
{
    [ "$(pe_bytes "$1" 0 2)" = 4d5a ] || return 1
    # The header's offset is little endian, whatever this machine is.
    pe_start=$(pe_bytes "$1" 60 4 | sed -n 's/^\(..\)\(..\)\(..\)\(..\)$/0x\4\3\2\1/p')
    case $(pe_bytes "$1" $((${pe_start:-0})) 6) in
    504500004c01) echo 32 ;;
    504500006486) echo 64 ;;
    *) return 1 ;;
    esac
}

# pe_bytes FILE OFFSET COUNT: in hexadecimal
pe_bytes()
{
    od -An -v -tx1 -j "$2" -N "$3" "$1" 2> /dev/null | tr -d ' \n'
}

# Whether Wine takes FILE for one of its own, so that it may have a unix half.
pe_is_builtin()
{
    [ "$(pe_bytes "$1" 64 16)" = 57696e65206275696c74696e20444c4c ]
}

# Whether FILE is a DLL of this project, of whatever version.
pe_is_ours()
{
    pe_is_builtin "$1" && [ "$(pe_resource "$1" ProductName)" = scardssp ]
}

# pe_version FILE: what its version resource says, 0.1.0; nothing without one
pe_version()
{
    pe_resource "$1" FileVersion
}

# pe_resource FILE NAME: a string of the version resource: UTF-16, its name, zeros, its value, zero
pe_resource()
{
    iconv -c -f UTF-16LE -t UTF-8 "$1" 2> /dev/null | tr '\000' '\n' | LC_ALL=C awk -v name="$2" '
        found && $0 != "" { print; exit }
        substr($0, length($0) - length(name) + 1) == name { found = 1 }'
}

# ---- where Wine looks for DLLs ----

# unix_path PATH: the unix path of \??\Z:\usr\lib or Z:\usr\lib, by the prefix's drive links.
unix_path()
{
    unix_rest=$(printf '%s' "$1" | tr '\134' / | sed -e 's|^/??/||')
    case $unix_rest in
    unix/*) printf '%s\n' "${unix_rest#unix}" ;;
    [A-Za-z]:/*)
        unix_drive=$(printf '%s' "$unix_rest" | cut -c 1 | tr '[:upper:]' '[:lower:]')
        unix_root=$(readlink -f "$prefix/dosdevices/$unix_drive:") || return 1
        printf '%s/%s\n' "${unix_root%/}" "${unix_rest#?:/}"
        ;;
    *) return 1 ;;
    esac
}

# wine_dll_dir WIDTH: the directory of Wine's own DLLs for that width; fails when Wine does not
# tell. Entry 0 is Wine's own, the others are those of WINEDLLPATH.
wine_dll_dir()
{
    dll_dir_answer=$(once "dlldir.$1" wine_run "$1" cmd.exe /c 'echo %WINEDLLDIR0%' | tr -d '\r')
    case $dll_dir_answer in
    '' | *%*) return 1 ;;
    esac
    dll_dir=$(unix_path "$dll_dir_answer") || return
    [ -z "$wine_as" ] || dll_dir=$(root_dll_dir "$dll_dir" "$1") || return
    printf '%s\n' "$dll_dir"
}

# root_dll_dir DIR WIDTH: DIR without links; fails unless it is Wine's and nobody but root can
# change it. What drive Z: of another user's prefix is, and so where DIR leads, that user says.
root_dll_dir()
{
    root_dir=$(readlink -f "$1") && [ -f "$root_dir/$(width_arch "$2")-windows/ntdll.dll" ] ||
        return 1
    root_above=$root_dir
    while :; do
        case $(stat -c '%u %A' "$root_above") in
        0\ d????-??-?) ;;
        *) return 1 ;;
        esac
        [ "$root_above" != / ] || break
        root_above=$(dirname "$root_above")
    done
    printf '%s\n' "$root_dir"
}

# width_arch WIDTH: i386 or x86_64, as the folders below a dll path are called
width_arch()
{
    if [ "$1" = 32 ]; then echo i386; else echo x86_64; fi
}

# width_unix_arch WIDTH DLLDIR: the arch of the unix half that a program of that width gets: its
# own in old WoW64, where Wine itself has that half, the 64-bit one in new WoW64. DLLDIR is
# wine_dll_dir's answer.
width_unix_arch()
{
    if [ "$1" = 32 ] && [ -f "$2/i386-unix/ntdll.so" ]; then
        echo i386
    elif [ "$1" = 32 ] && [ "$prefix_kind" = win32 ]; then
        echo i386
    else
        echo x86_64
    fi
}
