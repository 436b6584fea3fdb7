# Where Wine finds the DLLs and their unix halves: for all users, or for one.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, files.sh, wine.sh, manifest.sh, journal.sh.
#
# A DLL in the prefix gets its unix half only when Wine finds the same DLL in its own directory or
# in one of WINEDLLPATH.

# Relative entries make Wine refuse DLLs of any name there with an error that tells nothing.
dllpath_check()
{
    case :${WINEDLLPATH:-}: in
    *:[!/:]*) stop "dll path" path-relative "VALUE=$WINEDLLPATH" ;;
    esac
}

# dll_source WIDTH: the DLL to copy into prefixes: from our own directory, else from Wine's, where a
# package may have put it; fails when there is none.
dll_source()
{
    source_path=$(width_arch "$1")-windows/scardssp.dll
    if [ -f "$scardssp_dir/$source_path" ]; then
        printf '%s\n' "$scardssp_dir/$source_path"
        return
    fi
    source_dir=$(wine_dll_dir "$1") && [ -f "$source_dir/$source_path" ] &&
        printf '%s\n' "$source_dir/$source_path"
}

# dll_files WIDTH DLLDIR: the two files of a width, below a dll path
dll_files()
{
    echo "$(width_arch "$1")-windows/scardssp.dll $(width_unix_arch "$1" "$2")-unix/scardssp.so"
}

# dllpath_install WIDTHS: see to it that Wine finds the files for these.
dllpath_install()
{
    if [ "$scope" = system ]; then
        for path_width in $1; do
            system_install "$path_width"
        done
    elif [ "$scope" = home ]; then
        home_install "$1"
    elif own_serves_all "$1"; then
        result_of ok "dll path" path-own
    else
        session_install "$1"
    fi
}

# Whether Wine's own directory has what each of the widths needs, whoever put it there.
own_serves_all()
{
    for own_width in $1; do
        own_dir=$(wine_dll_dir "$own_width") || return 1
        for own_file in $(dll_files "$own_width" "$own_dir"); do
            [ -f "$own_dir/$own_file" ] || return 1
        done
        own_version "$own_width"
    done
}

# Wine's own directory comes first, whatever WINEDLLPATH says.
own_version()
{
    own_file=$(width_arch "$1")-windows/scardssp.dll
    [ -f "$scardssp_dir/$own_file" ] || return 0
    cmp -s "$own_dir/$own_file" "$scardssp_dir/$own_file" ||
        result_of warning "dll path" path-own-other "FILE=$own_dir/$own_file" \
            "VERSION=$(pe_version "$own_dir/$own_file")"
}

# ---- for all users ----

# system_install WIDTH: the two files of that width into Wine's own directory.
system_install()
{
    system_dir=$(wine_dll_dir "$1") || {
        result_of failed "dll path" path-untold "BITS=$1"
        return
    }
    if [ ! -w "$system_dir" ]; then
        result_of failed "dll path" path-system-closed "DIR=$system_dir"
        return
    fi
    lock "$system_dir"
    system_files "$1" "$(dll_files "$1" "$system_dir")"
    unlock
}

# system_files WIDTH FILES: these go into $system_dir, all or none
system_files()
{
    system_new=0
    for system_file in $2; do
        system_place "$1" || { system_undo; return 1; }
    done
    system_owner "$1"
}

# lock DIR: until unlock others that want to change what lies in it wait. Two runs for different
# prefixes meet in Wine's directory, and in that of the session's file. The prefix itself, which
# can be the home directory, has its lock already.
lock()
{
    [ -r "$1" ] && [ "$(readlink -f "$1")" != "$prefix" ] || return 0
    exec 8< "$1"
    flock -w 60 8 || stop "dll path" path-locked "DIR=$1"
}

unlock()
{
    exec 8<&-
}

# Notes which prefix, or with --system nobody in particular, needs the files of that width.
system_owner()
{
    if [ "$scope_given" = 1 ] && [ "$scope" = system ]; then
        manifest_add "$system_dir" keep yes
    else
        manifest_add "$system_dir" prefix "$prefix"
    fi
    [ "$prefix_other" = 1 ] || manifest_add "$prefix" dlldir "$system_dir"
    system_state=unchanged
    [ "$system_new" = 0 ] || system_state=ok
    result_of "$system_state" "dll path" path-files "BITS=$1" "DIR=$system_dir"
}

# system_place WIDTH: puts $system_file into $system_dir; false after telling why it cannot.
system_place()
{
    if [ ! -f "$scardssp_dir/$system_file" ]; then
        # A package may have brought just these.
        [ -f "$system_dir/$system_file" ] && return 0
        result_of failed "dll path" part-missing "FILE=$scardssp_dir/$system_file" "BITS=$1"
        return 1
    fi
    manifest_entry "$system_dir" "$system_file"
    if [ "$force" = 0 ] && [ -z "$entry_hash" ] && [ -e "$system_dir/$system_file" ] &&
        ! cmp -s "$scardssp_dir/$system_file" "$system_dir/$system_file"; then
        result_of failed "dll path" path-system-other "FILE=$system_dir/$system_file"
        return 1
    fi
    system_folder "${system_file%/*}" &&
        manifest_place "$system_dir" "$system_file" "$scardssp_dir/$system_file"
    [ "${placed:-failed}" != failed ] || {
        result_of failed "dll path" file-unwritable "FILE=$system_dir/$system_file"
        return 1
    }
    [ "$placed" = unchanged ] || system_new=1
}

# What is told before it is made goes, wherever a run stops.
system_folder()
{
    [ ! -d "$system_dir/$1" ] || return 0
    manifest_add "$system_dir" dir "$1" && place_folder "$system_dir/$1"
}

# Files that nobody needs go, and what was there before comes back.
system_undo()
{
    [ -z "$(manifest_lines "$system_dir" prefix)$(manifest_lines "$system_dir" keep)" ] || return 0
    for system_file in $(manifest_lines "$system_dir" file | cut -d ' ' -f 1); do
        manifest_put_back "$system_dir" "$system_file"
        case $put_back in
        changed) result_of failed "dll path" file-replaced "FILE=$system_dir/$system_file" ;;
        failed) result_of failed "dll path" file-unremovable "FILE=$system_dir/$system_file" ;;
        esac
    done
    for system_file in $(manifest_lines "$system_dir" dir); do
        rmdir "$system_dir/$system_file" 2> /dev/null
        manifest_drop "$system_dir" dir "$system_file"
    done
    system_made=$(manifest_lines "$system_dir" made)
    manifest_drop "$system_dir" made
    system_close
}
system_made=

# The manifest goes when nothing stays that it tells of; with the copies of one user also their
# directory, and those that were made for it.
system_close()
{
    [ ! -w "$system_dir" ] || manifest_close "$system_dir"
    [ "$system_dir" = "$(home_dir)" ] || return 0
    rmdir "$system_dir" 2> /dev/null
    [ -d "$system_dir" ] ||
        printf '%s\n' "$system_made" "$journal_made" | folders_remove "$system_dir"
}

# system_uninstall DLLDIR: this prefix needs the files no more.
system_uninstall()
{
    system_dir=$1
    if ! manifest_exists "$system_dir"; then
        # A run that was killed may have come so far.
        lock "$system_dir"
        system_close
        unlock
        return
    fi
    if [ ! -w "$system_dir" ]; then
        result_of skipped "dll path" path-stays-root "DIR=$system_dir"
        return
    fi
    lock "$system_dir"
    if [ "$scope_given" = 1 ] && [ "$scope" = system ]; then
        manifest_drop "$system_dir" keep
        manifest_drop "$system_dir" prefix
    fi
    manifest_drop "$system_dir" prefix "$prefix"
    system_forget_gone
    system_undo
    if manifest_exists "$system_dir"; then
        system_text=path-stays
        [ "$system_dir" != "$(home_dir)" ] || system_text=path-stays-home
        result_of skipped "dll path" "$system_text" "DIR=$system_dir"
    else
        result_of ok "dll path" removed-from "DIR=$system_dir"
    fi
    unlock
}

# Prefixes that were deleted meanwhile need nothing.
system_forget_gone()
{
    manifest_lines "$system_dir" prefix > "$work/prefixes"
    while read -r gone_prefix; do
        manifest_exists "$gone_prefix" || manifest_drop "$system_dir" prefix "$gone_prefix"
    done < "$work/prefixes"
}

# ---- for a launcher whose sandbox shows programs nothing below /usr ----

home_dir()
{
    printf '%s/scardssp\n' "${XDG_DATA_HOME:-$HOME/.local/share}"
}

# Whether it is the way of this prefix: by its manifest.
home_used()
{
    manifest_lines "$prefix" dlldir | grep -qxF "$(home_dir)"
}

# flatpak_app: the Flatpak whose prefix this is; fails when it is none's
flatpak_app()
{
    app_dir=$(readlink -f "$HOME")/.var/app/
    case $prefix in
    "$app_dir"?*/*) ;;
    *) return 1 ;;
    esac
    app_name=${prefix#"$app_dir"}
    printf '%s\n' "${app_name%%/*}"
}

# home_install WIDTHS: copies, and what the launcher is to be told
home_install()
{
    system_dir=$(home_dir)
    home_trusted "$system_dir" && path_nameable "$system_dir" || return
    folders_missing "$(dirname "$system_dir")" > "$work/made"
    if ! place_folder "$system_dir" || [ ! -w "$system_dir" ]; then
        result_of failed "dll path" path-home-closed "DIR=$system_dir"
        return
    fi
    lock "$system_dir"
    while IFS= read -r home_made; do
        manifest_add "$system_dir" made "$home_made"
    done < "$work/made"
    for home_width in $1; do
        system_files "$home_width" "$(home_files "$home_width")" || break
    done
    unlock
    home_hint
}

# The launcher's Wine need not be like the one that runs here, so it gets either unix half.
home_files()
{
    echo "$(width_arch "$1")-windows/scardssp.dll x86_64-unix/scardssp.so"
    [ "$1" = 64 ] || [ ! -f "$scardssp_dir/i386-unix/scardssp.so" ] ||
        echo i386-unix/scardssp.so
}

home_hint()
{
    manifest_exists "$system_dir" || return 0
    if hint_app=$(flatpak_app); then
        result_of warning "dll path" path-flatpak "APP=$hint_app" "DIR=$system_dir"
    else
        result_of ok "dll path" path-home "DIR=$system_dir"
    fi
}

# Whether the Flatpak APP is told so, by the user or for all.
flatpak_told()
{
    cat "${XDG_DATA_HOME:-$HOME/.local/share}/flatpak/overrides/$1" \
        "${XDG_DATA_HOME:-$HOME/.local/share}/flatpak/overrides/global" \
        "/var/lib/flatpak/overrides/$1" /var/lib/flatpak/overrides/global 2> /dev/null |
        DIR=$(home_dir) awk '
            /^sockets=/ && /pcsc/ { socket = 1 }
            /^WINEDLLPATH=/ && index($0, ENVIRON["DIR"]) { path = 1 }
            END { exit !(socket && path) }'
}

# ---- for one user ----

session_file()
{
    printf '%s/environment.d/60-scardssp.conf\n' "${XDG_CONFIG_HOME:-$HOME/.config}"
}

session_mark='# Written by scardssp-setup, which removes it with the last of these prefixes.'

session_is_ours()
{
    [ -f "$session" ] && head -n 1 "$session" | grep -qxF "$session_mark"
}

# The directories that were made for our file, the lowest first
session_made()
{
    ! session_is_ours || sed -n 's/^# made: //p' "$session"
}

# The directory that our file appends to WINEDLLPATH.
session_value()
{
    sed -n 's/^WINEDLLPATH="[^}]*}\(.*\)"$/\1/p' "$session" |
        sed -e 's/\$\$/$/g' -e 's/\\\(.\)/\1/g'
}

# home_trusted FILE: root, in an environment that sudo or su has left another's home in, writes
# nothing there.
home_trusted()
{
    [ "$(id -u)" = 0 ] || return 0
    trusted_home=$(dirname "$1")
    while [ ! -d "$trusted_home" ]; do
        trusted_home=$(dirname "$trusted_home")
    done
    trusted_not=$(root_alone "$trusted_home" sticky) && return
    result_of failed "dll path" path-untrusted "DIR=$trusted_not" "FILE=$1"
    return 1
}

# session_install WIDTHS: WINEDLLPATH for the next session.
session_install()
{
    session=$(session_file)
    home_trusted "$session" || return
    for session_width in $1; do
        session_check "$session_width" || return
    done
    lock "${HOME:-/}"
    session_put
    unlock
}

session_put()
{
    if [ -e "$session" ] && ! session_is_ours; then
        result_of failed "dll path" session-foreign "FILE=$session"
        return
    fi
    session_text "$prefix" > "$work/session"
    if cmp -s "$work/session" "$session"; then
        result_of unchanged "dll path" session-same "FILE=$session"
        return
    fi
    session_write || result_of failed "dll path" session-unwritable "FILE=$session"
}

# path_nameable DIR: whether WINEDLLPATH can name it; else that is told
path_nameable()
{
    case $1 in
    *:*) result_of failed "dll path" path-colon "DIR=$1" ;;
    *[\"\*\<\>\?\|\\]*) result_of failed "dll path" path-unnameable "DIR=$1" ;;
    *) return 0 ;;
    esac
    return 1
}

# Whether the files of WIDTH are there, in a place that WINEDLLPATH can name.
session_check()
{
    path_nameable "$scardssp_dir" || return
    session_dir=$(wine_dll_dir "$1") || session_dir=
    for session_needs in $(dll_files "$1" "$session_dir"); do
        [ -f "$scardssp_dir/$session_needs" ] && continue
        result_of failed "dll path" part-missing "FILE=$scardssp_dir/$session_needs" "BITS=$1"
        return 1
    done
}

# session_text PREFIX: the file with PREFIX among those that need it; the directories that are ours,
# the deepest first
session_text()
{
    echo "$session_mark"
    {
        [ ! -f "$session" ] || sed -n 's/^# prefix: //p' "$session"
        printf '%s\n' "$1"
    } | sort -u | sed 's/^/# prefix: /'
    if [ -f "$session" ]; then
        grep '^# made: ' "$session"
    else
        folders_missing "$(dirname "$session")" | sed 's/^/# made: /'
    fi
    # shellcheck disable=SC2016 # the session expands it
    printf 'WINEDLLPATH="${WINEDLLPATH:+$WINEDLLPATH:}%s"\n' \
        "$(printf '%s' "$scardssp_dir" | sed -e 's/[\\"`]/\\&/g' -e 's/\$/$$/g')"
}

# What a killed run left beside the session's file.
session_sweep()
{
    session=$(session_file)
    home_trusted "$session" || return 0
    lock "${HOME:-/}"
    rm -f "$session".new.[0-9]*
    unlock
}

session_replace()
{
    place_file "$work/session" "$session"
}

session_write()
{
    place_folder "$(dirname "$session")" && session_replace || return 1
    login_find
    result_of ok "dll path" session-written "FILE=$session" "FIX~$login_text" \
        "PROFILE=$login_file" "DIR=$scardssp_dir"
}

# Sets $login_text to the text of what makes the session's file true: where this session is of a
# kind that reads no environment.d, a line for the file that it reads, $login_file.
login_find()
{
    login_text=login-again
    ! login_file=$(login_reads) || login_text=login-profile
}

# The file that this kind of session reads in place of environment.d; fails where it does read that,
# as GNOME and Plasma take the environment of systemd's user manager, or is not known.
# shellcheck disable=SC2088 # it is shown, not used
login_reads()
{
    case :${XDG_CURRENT_DESKTOP:-}: in
    *:GNOME:* | *:KDE:*) return 1 ;;
    ::) ;;
    *)
        if [ "${XDG_SESSION_TYPE:-x11}" != x11 ]; then
            echo "~/.profile"
        elif [ -d /etc/X11/Xsession.d ]; then
            echo "~/.xsessionrc"
        else
            echo "~/.xprofile"
        fi
        return
        ;;
    esac
    case ${SSH_CONNECTION:+ssh},${XDG_SESSION_TYPE:-} in
    ssh,* | ,tty) echo "~/.profile" ;;
    *) return 1 ;;
    esac
}

# Without this prefix, and those that are gone, the file may have nothing left to say.
session_uninstall()
{
    session=$(session_file)
    home_trusted "$session" || return 0
    lock "${HOME:-/}"
    if session_is_ours; then
        session_take
    elif [ ! -e "$session" ]; then
        printf '%s\n' "$journal_made" | folders_remove "$session"
    fi
    unlock
}

session_take()
{
    sed -n 's/^# prefix: //p' "$session" > "$work/prefixes"
    : > "$work/staying"
    while read -r session_prefix; do
        [ "$session_prefix" = "$prefix" ] || ! manifest_exists "$session_prefix" ||
            printf '# prefix: %s\n' "$session_prefix" >> "$work/staying"
    done < "$work/prefixes"
    if [ -s "$work/staying" ]; then
        session_shrink
    else
        session_remove
    fi
}

session_shrink()
{
    { echo "$session_mark"; cat "$work/staying"; sed -e 1d -e '/^# prefix: /d' "$session"; } \
        > "$work/session"
    if session_replace; then
        result_of ok "dll path" session-stays "FILE=$session"
    else
        result_of failed "dll path" session-unwritable "FILE=$session"
    fi
}

session_remove()
{
    session_made > "$work/made"
    rm -f "$session" || {
        result_of failed "dll path" session-unremovable "FILE=$session"
        return
    }
    folders_remove "$session" < "$work/made"
    result_of ok "dll path" session-removed "FILE=$session"
}

# dllpath_uninstall: for this prefix, which is not ours to change or to believe when it is another
# user's
dllpath_uninstall()
{
    [ "$prefix_other" = 1 ] || session_uninstall
    {
        [ "$prefix_other" = 1 ] || manifest_lines "$prefix" dlldir
        if [ "$scope_given" = 1 ] && [ "$scope" = system ]; then
            for path_width in $widths; do
                wine_dll_dir "$path_width"
            done
        fi
    } | sort -u > "$work/dlldirs"
    while read -r path_dir; do
        system_uninstall "$path_dir"
        [ "$prefix_other" = 1 ] || manifest_drop "$prefix" dlldir "$path_dir"
    done < "$work/dlldirs"
}
