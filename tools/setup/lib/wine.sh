# Questions to Wine and to a prefix that all commands share.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses $prefix, $verbose, $work, $tools_dir, output.sh and server.sh. No path of Wine is
# guessed: Wine is asked.

# limited SECONDS COMMAND...: no longer than that; 124, or 137, when its time was up. What answers
# us may hang: a Wine, its server, a program of the prefix.
limited()
{
    limited_time=$1
    shift
    # shellcheck disable=SC2086 # an option or none
    timeout $limited_group -k 5 "$limited_time" "$@"
}
# Empty where Ctrl-C is not to reach what is run.
limited_group=--foreground

# Sets $wine, $wineserver and $wine_version; stops where there is no Wine.
wine_find()
{
    wine=${WINE:-wine}
    command -v "$wine" > /dev/null 2>&1 ||
        stop wine wine-missing "PROGRAM=$wine"
    wineserver=${WINESERVER:-}
    [ -n "$wineserver" ] || wineserver=$(wine_server_beside "$wine")
    command -v "$wineserver" > /dev/null 2>&1 ||
        stop wine wineserver-missing "PROGRAM=$wineserver"
    wine_version=$(unset WINEPREFIX; limited 30 "$wine" --version 2> "$work/wine.last") &&
        [ -n "$wine_version" ] || wine_fails
    wine_version=$(printf '%s\n' "$wine_version" | head -n 1)
    is_wine "$wine_version" || stop wine wine-not "PROGRAM=$wine" "NAME=$wine_version"
    export WINEPREFIX="$prefix"
    server_meet "$prefix"
    server_starts || stop wine wine-tmpdir "DIR=$TMPDIR"
}

# Whether its server can start. That of Debian 13's Wine 10 frees what is TMPDIR's.
server_starts()
{
    [ -n "${TMPDIR:-}" ] || return 0
    limited 10 "$wineserver" -k0 > /dev/null 2>&1
    [ $? != 134 ]
}

# Whether it has no unix halves for DLLs of others; what tells no version is not old.
wine_is_old()
{
    case ${wine_version#wine-} in
    [0-6].*) return 0 ;;
    esac
    return 1
}

wine_fails()
{
    if grep -q 'xec format error' "$work/wine.last" && [ "$(machine i386-programs)" = no ]; then
        result_of failed wine kernel-programs
        finish
    fi
    stop wine wine-fails "PROGRAM=$wine"
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

# Sets $prefix_kind: missing, link (to nowhere), file (no directory), closed (cannot be looked
# into), foreign (another user's, which Wine refuses), broken (no prefix, or a part of one), damaged
# (Wine would take it for something else, and write that over it), driveless (its drive C: leads
# nowhere), win32 (32-bit programs only), win64 (64-bit only), or wow64 (both); $prefix_part: what
# in it is missing, closed or damaged; and $widths: the widths it can run.
prefix_find()
{
    widths= prefix_part=$prefix
    prefix_await
    if [ ! -d "$prefix" ]; then
        prefix_kind=$(prefix_absence)
    elif [ ! -x "$prefix" ] || [ ! -r "$prefix" ]; then
        prefix_kind=closed
    elif prefix_lacks; then
        prefix_kind=broken
    elif [ ! -O "$prefix" ]; then
        prefix_kind=foreign
    elif prefix_shuts; then
        prefix_kind=closed
    elif prefix_damaged; then
        prefix_kind=damaged
    elif [ ! -d "$prefix/dosdevices/c:/windows" ] && [ -d "$prefix/dosdevices" ]; then
        prefix_kind=driveless prefix_part=$prefix/dosdevices/c:
    elif grep -q '^#arch=win32' "$prefix/system.reg"; then
        prefix_kind=win32 widths=32
    elif [ -f "$prefix/drive_c/windows/syswow64/kernel32.dll" ]; then
        prefix_kind=wow64 widths="64 32"
    else
        prefix_kind=win64 widths=64
    fi
}

# Whether it lacks what makes a directory a prefix; then $prefix_part is that.
prefix_lacks()
{
    prefix_part=$prefix/system.reg
    [ -f "$prefix_part" ] || return 0
    prefix_part=$prefix/drive_c/windows/system32
    [ ! -d "$prefix_part" ]
}

# Whether its owner cannot read $prefix_part of it.
prefix_shuts()
{
    for prefix_part in system.reg user.reg drive_c/windows/system32 drive_c/windows/syswow64; do
        prefix_part=$prefix/$prefix_part
        [ ! -e "$prefix_part" ] || [ -r "$prefix_part" ] || return 0
        [ ! -d "$prefix_part" ] || [ -x "$prefix_part" ] || return 0
    done
    return 1
}

# Whether $prefix_part is no registry of Wine's, or a part of one.
prefix_damaged()
{
    for prefix_part in "$prefix/system.reg" "$prefix/user.reg"; do
        [ ! -e "$prefix_part" ] || registry_whole "$prefix_part" || return 0
    done
    return 1
}

# registry_whole FILE: its server writes this heading, and ends each line.
registry_whole()
{
    [ -f "$1" ] && [ "$(head -c 23 "$1" | tr -d '\000')" = "WINE REGISTRY Version 2" ] &&
        [ "$(tail -c 1 "$1" | wc -l)" = 1 ]
}

# A prefix that was just made has its registry in Wine's server alone, for up to half a minute.
prefix_await()
{
    await_left=40
    while [ -d "$prefix/drive_c/windows/system32" ] && [ ! -f "$prefix/system.reg" ] &&
        [ -O "$prefix" ] && [ -n "${wineserver:-}" ] && [ $await_left -gt 0 ] && prefix_busy; do
        sleep 1
        await_left=$((await_left - 1))
    done
}

# Why it is no directory: it is a link to nowhere, or something else; or one above it cannot be
# searched, so that nobody can tell; or it is not there.
prefix_absence()
{
    absence_dir=$prefix
    if [ -L "$prefix" ] && [ ! -e "$prefix" ]; then
        echo link
        return
    fi
    while [ ! -e "$absence_dir" ] && [ "$absence_dir" != / ]; do
        absence_dir=$(dirname "$absence_dir")
    done
    if [ "$absence_dir" = "$prefix" ]; then
        echo file
    elif [ -d "$absence_dir" ] && [ ! -x "$absence_dir" ]; then
        echo closed
    else
        echo missing
    fi
}

# Stops unless Wine can work in the prefix.
prefix_require()
{
    prefix_find
    prefix_works || prefix_told stop
    prefix_trusted || stop prefix prefix-others "DIR=$trusted_not"
}

prefix_works()
{
    case $prefix_kind in
    win32 | win64 | wow64) return 0 ;;
    esac
    return 1
}

# prefix_told FUNCTION: why Wine cannot work there, by stop or doctor's broken
prefix_told()
{
    "$1" prefix "prefix-$prefix_kind" "WINE=$wine" "FILE=$prefix_part" "USER=$(id -un)" \
        "OWNER=$(stat -c %U "$prefix" 2> /dev/null)" "PATH=$(readlink "$prefix")"
}

# False for root where somebody else can put another directory, or a link, in the place of one that
# is worked in; $trusted_not is what those can change.
prefix_trusted()
{
    [ "$(id -u)" = 0 ] || return 0
    for trusted_dir in "" /.scardssp-setup /.scardssp-setup/saved /dosdevices /drive_c \
        /drive_c/windows /drive_c/windows/system32 /drive_c/windows/syswow64; do
        [ -d "$prefix$trusted_dir" ] || continue
        trusted_not=$(root_alone "$prefix$trusted_dir" sticky) || return
    done
}

# root_alone DIR [sticky]: whether nobody but root can change what DIR, and each directory above it,
# names; where others may make names of their own in one above, as in /tmp, only with "sticky".
# Prints DIR without links, or the directory that is not so.
root_alone()
{
    alone_real=$(readlink -f "$1") || { printf '%s\n' "$1"; return 1; }
    alone_dir=$alone_real
    while :; do
        case $(stat -c '%u %A' "$alone_dir"),${2:-} in
        0\ d????-??-?,*) ;;
        0\ d????????[tT],sticky) [ "$alone_dir" != "$alone_real" ] || break ;;
        *) break ;;
        esac
        if [ "$alone_dir" = / ]; then
            printf '%s\n' "$alone_real"
            return
        fi
        alone_dir=$(dirname "$alone_dir")
    done
    printf '%s\n' "$alone_dir"
    return 1
}

# prefix_prepare: stops unless the prefix may be changed: writable, nobody else at it, and no
# program running, whose registry would be ahead of the files.
prefix_prepare()
{
    case $prefix in
    *"
"*) stop prefix prefix-newline ;;
    esac
    for prepare_dir in "" /drive_c/windows/system32 /drive_c/windows/syswow64; do
        [ ! -d "$prefix$prepare_dir" ] || [ -w "$prefix$prepare_dir" ] ||
            stop prefix prefix-readonly "DIR=$prefix$prepare_dir"
    done
    exec 9< "$prefix"
    flock -n 9 || stop prefix prefix-locked
    dllpath_check
    # A server stays for some seconds after its last program.
    limited 6 "$wineserver" -w > /dev/null 2>&1 9>&-
    prefix_busy || return 0
    [ "$force" = 1 ] || stop prefix prefix-busy "WINESERVER=$wineserver"
    note note-ending
    limited 30 "$wineserver" -k > /dev/null 2>&1 9>&-
    prefix_settle
}

# Stops when what was changed here is not known, or with --force finds it out as far as possible.
prefix_remembered()
{
    ! kept_sound || return 0
    [ "$force$unsound_text" = 1manifest-damaged ] ||
        stop prefix "$unsound_text" "FILE=$unsound"
    # What is there now may be neither as before nor as after.
    journal_sound || rm -rf "$(journal_dir)"
    ! manifest_sound "$prefix" || return 0
    # shellcheck disable=SC2046 # paths without blanks
    manifest_guess "$prefix" "$(dll_path 64)" "$(dll_path 32)" $(forwarder_paths) \
        $(scardsvr_paths)
}

# True while a wineserver, that is, some program, runs in the prefix; one that hangs does too.
prefix_busy()
{
    limited 10 "$wineserver" -k0 > /dev/null 2>&1 9>&-
    case $? in
    0 | 124 | 137) return 0 ;;
    esac
    return 1
}

# Waits until the prefix is idle, when its registry files are complete.
prefix_settle()
{
    limited "$wine_limit" "$wineserver" -w > /dev/null 2>&1 9>&-
    case $? in
    124 | 137)
        stop prefix prefix-unsettled "SECONDS=$wine_limit" "WINESERVER=$wineserver" ;;
    esac
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

# wine_reading FILE ARGS...: the same with FILE as its input. A program that Wine lost before it
# began starts again: lost to a server that is just ending ("wine client error"), or, about once in
# 1,500 starts of Debian's Wine 8, to the random place of its heap ("shared user data").
wine_reading()
{
    # In another user's prefix only the owner asks, see owner.sh.
    [ "$prefix_other" = 0 ] && [ "$prefix_kind" != foreign ] || return
    reading_file=$1
    shift
    for reading_try in 1 2 3; do
        wine_start "$@" < "$reading_file" > "$work/wine.out" 2> "$work/wine.last"
        reading_code=$?
        grep -q '^wine client error\|map the shared user data' "$work/wine.last" || break
    done
    [ "$verbose" = 0 ] || cat "$work/wine.last" >&2
    cat "$work/wine.out"
    return $reading_code
}

# wine_start ARGS...: a program that does not end within $wine_limit seconds is ended, which the
# file wine.late tells. Descriptor 9 may hold a lock, which a server that outlives us must not keep.
wine_start()
(
    [ "$verbose" = 1 ] || export WINEDEBUG="${WINEDEBUG:--all,err+virtual}"
    # In plain C Wine has no name for what is not ASCII.
    case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    C | POSIX) export LC_ALL=C.UTF-8 ;;
    esac
    limited "$wine_limit" "$wine" "$@" 9>&- && start_code=0 || start_code=$?
    case $start_code in
    124 | 137) : > "$work/wine.late" ;;
    esac
    exit $start_code
)

# wine_stopped: stops when Wine itself is why the program that was just run did nothing: it refuses
# the prefix, or what was started hung.
wine_stopped()
{
    [ ! -f "$work/wine.late" ] ||
        stop wine wine-late "SECONDS=$wine_limit" "WINESERVER=$wineserver"
    stopped_why=$(wine_refusal)
    case $stopped_why in
    '') ;;
    *WINEARCH*) stop wine wine-refuses-arch "REASON=$stopped_why" ;;
    *) stop wine wine-refuses "REASON=$stopped_why" ;;
    esac
}

# What Wine itself said last, if that is why it starts nothing in the prefix.
wine_refusal()
{
    LC_ALL=C sed -n '/WINEARCH\|-bit installation\|not owned by\|server version/s/^wine: //p' \
        "$work/wine.last" 2> /dev/null | tail -n 1
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
    [ "$(once "works.$1" wine_run "$1" cmd.exe /c echo works | tr -d '\r')" = works ]
}

# wine_register WIDTH [/u]: regsvr32 on the copy in the prefix; its exit status is the answer.
wine_register()
{
    register_width=$1
    shift
    registry_mark
    wine_run "$register_width" regsvr32.exe /s "$@" \
        "C:\\windows\\$(width_dir "$register_width")\\scardssp.dll" > /dev/null
}

# ---- PE files ----

# pe_width FILE: 32 or 64; fails when it is no program of either
pe_width()
{
    "$tools_dir/scardssp-pe" width "$1" 2> /dev/null
}

# Whether Wine takes FILE for one of its own, so that it may have a unix half.
pe_is_builtin()
{
    "$tools_dir/scardssp-pe" builtin "$1" 2> /dev/null
}

# Whether FILE is a DLL of this project, of whatever version.
pe_is_ours()
{
    "$tools_dir/scardssp-pe" ours "$1" 2> /dev/null
}

# Whether FILE is one of this project's DLLs of forwarders, of whatever version.
pe_is_forwarder()
{
    "$tools_dir/scardssp-pe" forwarder "$1" 2> /dev/null
}

# Whether Wine put FILE, its own DLL, into the prefix.
pe_is_wines()
{
    "$tools_dir/scardssp-pe" wines "$1" 2> /dev/null
}

# pe_product FILE: whose DLL it is, as its version resource says; fails without one
pe_product()
{
    "$tools_dir/scardssp-pe" product "$1" 2> /dev/null
}

# pe_version FILE: what its version resource says, 0.1.0; nothing without one
pe_version()
{
    "$tools_dir/scardssp-pe" version "$1" 2> /dev/null
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
# tell.
wine_dll_dir()
{
    dll_dir=$(once "dlldir.$1" wine_dll_dir_ask "$1") && [ -n "$dll_dir" ] &&
        printf '%s\n' "$dll_dir"
}

# Entry 0 is Wine's own, the others are those of WINEDLLPATH. In UTF-16, for the console's code page
# has not all letters.
wine_dll_dir_ask()
{
    dll_dir_answer=$(wine_run "$1" cmd.exe /u /c 'echo %WINEDLLDIR0%' |
        iconv -f UTF-16LE -t UTF-8 2> /dev/null | tr -d '\r')
    case $dll_dir_answer in
    '' | *%*) return 1 ;;
    esac
    unix_path "$dll_dir_answer"
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
