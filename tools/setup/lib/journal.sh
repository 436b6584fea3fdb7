# What is at work in a prefix, so that a run that is stopped leaves it as it was, and a run that was
# killed leaves the next one to do so.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, texts.sh, files.sh, wine.sh, manifest.sh, registry.sh, native.sh,
# dllpath.sh, install.sh, uninstall.sh, forwarders.sh.
#
# From the first change to the last PREFIX/.scardssp-setup/was has
#   begun   install or uninstall, and lines of what it was called with and found; without it the
#           rest means nothing
#   kept/   what PREFIX/.scardssp-setup had
#   paths   lines "kept NAME", of those; "absent PATH" or "there PATH", for all files of the prefix
#           that may be changed
#   files/  what was there, by the names of saved/
#   now     what is kept of the registry, when registering began
#   room    as much as taking back may need
# An install that is stopped is taken back; an uninstall goes on to its end, which needs no room.

journal_dir()
{
    printf '%s/was\n' "$(manifest_dir "$prefix")"
}

# Whether a run was killed here; then $journal_command is what it did.
journal_found()
{
    found_file=$(journal_dir)/begun
    [ -f "$found_file" ] && IFS= read -r journal_command < "$found_file"
}

# journal_sound: false when what a killed run left is damaged; then $unsound and $unsound_text are
# as manifest_sound sets them.
journal_sound()
{
    unsound=$(journal_dir)/begun unsound_text=manifest-odd
    is_there "$unsound" || return 0
    kept_readable "$unsound" || return
    unsound_text=manifest-damaged
    journal_found || return
    case $journal_command in
    install | uninstall) ;;
    *) return 1 ;;
    esac
    unsound=$(journal_dir)/paths
    [ "$journal_command" = install ] || [ -e "$unsound" ] || return 0
    kept_readable "$unsound" && ! LC_ALL=C grep -qvE \
        -e "^kept ($(echo $journal_names | tr ' ' '|'))\$" \
        -e '^(absent|there) drive_c/windows/(system32|syswow64)/[a-z0-9]+\.(dll|exe)$' "$unsound"
}

# kept_sound: whether all that is kept in the prefix can be gone by; see manifest_sound
kept_sound()
{
    manifest_sound "$prefix" && journal_sound
}

journal_lines()
{
    sed -n "s/^$1 //p" "$(journal_dir)/begun"
}

# The files of the prefix that are changed.
journal_paths()
{
    for journal_width in $widths; do
        dll_path "$journal_width"
    done
    forwarder_paths
    scardsvr_paths
}

# ---- beginning and ending ----

# journal_begin: before the first change of $command
journal_begin()
{
    journal_place=$(journal_dir) journal_open=0 journal_why=
    trap 'journal_signal=1; exit 1' HUP INT TERM
    trap journal_exit EXIT
    rm -rf "$journal_place"
    journal_size=65536
    journal_why=$(LC_ALL=C mkdir -p "$journal_place/kept" "$journal_place/files" 2>&1) &&
        journal_room && journal_keep || journal_fails
    journal_open=1
    [ "$command" = install ] || journal_go_on
}

journal_fails()
{
    if disk_said "$journal_why"; then
        disk_tell "$journal_place" "$journal_size"
    else
        result_of failed prefix journal-unwritable "DIR=$journal_place"
    fi
    finish
}

# What is half undone is of no use, and the rest of it is done soon; so no signal ends it, nor what
# Wine runs for it.
journal_go_on()
{
    trap '' HUP INT TERM
    limited_group=
}

# journal_end: all is as it is to be
journal_end()
{
    trap '' HUP INT TERM
    rm -f "$(journal_dir)/begun"
    rm -rf "$(journal_dir)"
    journal_open=0
    trap 'rm -rf "$work"' EXIT
}

# journal_onward: an uninstall begins to change things, and goes on to its end from here
journal_onward()
{
    journal_touched=1
    manifest_drop_later "$prefix"
}

# Whether there was room for such an end, and now is for others.
journal_relief()
{
    [ "$journal_touched" = 1 ] && [ -f "$(journal_dir)/room" ] && rm -f "$(journal_dir)/room" &&
        journal_relieved=1
}
journal_touched=0 journal_relieved=0

# Room for what is written and for taking it back, when Wine's server writes the registry anew, too;
# of that the half stays taken.
journal_room()
{
    journal_size=$(cat "$prefix"/*.reg "$(manifest_dir "$prefix")/registry" 2> /dev/null | wc -c)
    journal_size=$((2 * (journal_size + 2097152)))
    journal_why=$(disk_take "$journal_place/room" "$journal_size") &&
        truncate -s $((journal_size / 2)) "$journal_place/room"
}

journal_keep()
{
    journal_why=$(journal_keep_all 2>&1 > "$work/paths") || return
    journal_text > "$work/begun"
    journal_why=$( (LC_ALL=C && export LC_ALL && cp "$work/paths" "$journal_place/" &&
        cp "$work/begun" "$journal_place/begun.new" &&
        mv "$journal_place/begun.new" "$journal_place/begun") 2>&1)
}

# Prints what is to be in paths.
journal_keep_all()
{
    for keep_name in $journal_names; do
        [ -e "$(manifest_dir "$prefix")/$keep_name" ] || continue
        keep "$(manifest_dir "$prefix")/$keep_name" "$journal_place/kept/$keep_name" &&
            echo "kept $keep_name" || return
    done
    for keep_path in $(journal_paths); do
        keep_word=absent
        if is_there "$prefix/$keep_path"; then
            keep_word=there
            keep "$prefix/$keep_path" "$(journal_file "$keep_path")" || return
        fi
        echo "$keep_word $keep_path" || return
    done
}
journal_names="manifest registry overrides $registry_sets saved"

journal_file()
{
    printf '%s/files/%s\n' "$(journal_dir)" "$(printf '%s' "$1" | tr / _)"
}

# The directories that a killed run made, or that it was to remove.
journal_made=

# journal_now: what is kept of the registry tells how it is now
journal_now()
{
    now_file=$(journal_dir)/now now_from=$(manifest_dir "$prefix")/registry
    now_why=$(keep "$now_from" "$now_file.new" 2>&1) && mv "$now_file.new" "$now_file" && return
    ! disk_said "$now_why" || disk_stop "$now_file" "$(size_of "$now_from")"
}

# keep FILE NAME: a copy of it, or of the files in it. No further name for it: overlay file systems
# lose those.
keep()
{
    LC_ALL=C cp -a "$1" "$2"
}

journal_text()
{
    echo "$command"
    echo "winscard $winscard"
    [ -z "$programs" ] || printf '%s\n' "$programs" | sed 's/^/program /'
    session=$(session_file)
    ! session_is_ours || ! grep -qxF "# prefix: $prefix" "$session" || echo "session yes"
    {
        if [ "$command" = install ]; then
            folders_missing "$(dirname "$session")"
            folders_missing "$(dirname "$(home_dir)")"
        fi
        # A run that is killed may have removed the files that tell them.
        session_made
        manifest_lines "$(home_dir)" made
        [ -z "$journal_made" ] || printf '%s\n' "$journal_made"
    } | sed 's/^/made /'
    case $scope in
    home) home_dir ;;
    system) for text_width in $widths; do wine_dll_dir "$text_width"; done ;;
    esac | sort -u | while IFS= read -r text_dir; do
        printf 'dir %s\n' "$text_dir"
        manifest_lines "$text_dir" prefix | grep -qxF "$prefix" && printf 'ours %s\n' "$text_dir"
        [ -z "$(manifest_lines "$text_dir" keep)" ] || printf 'all %s\n' "$text_dir"
    done
}

# ---- when it is stopped ----

# The exit of a run that has begun and not ended.
journal_exit()
{
    trap '' HUP INT TERM
    trap 'rm -rf "$work"' EXIT
    if [ -n "${journal_signal:-}" ]; then
        journal_stop
        if journal_found; then
            journal_told
        else
            result_of failed prefix journal-interrupted "COMMAND=$command"
        fi
        finish
    elif [ "$finishing" = 0 ]; then
        # The shell itself ends where it finds no room.
        disk_has "$work" 65536 || disk_tell "$work" 65536
        journal_stop
        journal_told
        finish
    fi
    journal_stop
    rm -rf "$work"
}

# What is left is told.
journal_told()
{
    ! journal_found || result_of failed prefix stopped "COMMAND=$journal_command"
}

# An install is taken back, an uninstall that has changed nothing yet is forgotten.
journal_stop()
{
    if [ "$journal_open" = 0 ]; then
        [ -n "${journal_place:-}" ] || return 0
        rm -rf "$journal_place"
        manifest_close "$prefix"
    elif [ "$command" = install ]; then
        journal_go_on
        journal_back || :
    elif [ "$journal_touched" = 0 ]; then
        journal_state_back
    fi
    journal_open=0 journal_place=
}

# What a killed run was writing has no name yet.
journal_sweep()
{
    manifest_sweep "$prefix"
    for sweep_path in $(journal_paths); do
        rm -f "$prefix/$sweep_path".new.[0-9]*
    done
    session_sweep
}

# Before other changes: what a killed run left.
journal_recover()
{
    journal_found || return 0
    result_of warning prefix journal-right "COMMAND=$journal_command"
    if [ "$journal_command" = install ]; then
        journal_back && return
        result_of failed prefix stopped "COMMAND=$journal_command"
        finish
    fi
    recover_winscard=$winscard recover_programs=$programs recover_command=$command
    winscard=$(journal_lines winscard) programs=$(journal_lines program) command=uninstall
    journal_made=$(journal_lines made)
    journal_sweep
    journal_begin
    uninstall_body
    journal_end
    journal_made=
    winscard=$recover_winscard programs=$recover_programs command=$recover_command
}

# ---- taking back ----

# journal_back: the prefix becomes what it was before the install that is open. False when that
# cannot be; then it stays open.
journal_back()
{
    journal_backing=1 back_json=$json json=0
    rm -f "$(journal_dir)/room" "$work/room"
    journal_back_all > /dev/null 2>&1 && back_code=0 || back_code=1
    journal_backing=0 json=$back_json
    return $back_code
}

journal_back_all()
{
    journal_sweep
    [ ! -f "$work/wine.late" ] && journal_registry_back || return
    journal_files_back || return
    journal_dlls_back
    journal_state_back
}

# The service and the overrides that were not there before, and keys.
journal_registry_back()
{
    limited "$wine_limit" "$wineserver" -w 9>&- || return
    if scardsvr_known && ! grep -q '^service ' "$(journal_kept manifest)"; then
        scardsvr_ask remove || return
    fi
    back_file=$(native_file)
    if [ -f "$back_file" ]; then
        grep -vxF -f "$(journal_kept overrides)" "$back_file" > "$work/native.gone"
        [ ! -s "$work/native.gone" ] || native_ask restore "$work/native.gone" || return
    fi
    registry_revert || return
    limited "$wine_limit" "$wineserver" -w 9>&-
}

# journal_kept NAME: that file as it was, or an empty one
journal_kept()
{
    kept_file=$(journal_dir)/kept/$1
    [ -f "$kept_file" ] || kept_file=/dev/null
    printf '%s\n' "$kept_file"
}

# Files that are there already get their names, so this needs no room; and it can be done again.
journal_files_back()
{
    while read -r back_word back_path; do
        back_file=$(journal_file "$back_path")
        case $back_word in
        there)
            if same_file "$back_file" "$prefix/$back_path"; then
                rm -f "$back_file"
            elif is_there "$back_file"; then
                mv -f "$back_file" "$prefix/$back_path" || return
            fi
            ;;
        absent) rm -f "$prefix/$back_path" || return ;;
        esac
    done < "$(journal_dir)/paths"
}

# Whether both are files of the same mode and contents.
same_file()
{
    [ -f "$1" ] && [ ! -L "$1" ] && [ -f "$2" ] && [ ! -L "$2" ] &&
        [ "$(stat -c %a "$1")" = "$(stat -c %a "$2")" ] && cmp -s "$1" "$2"
}

# What others share is as others left it since; what is this prefix's in it goes if it is new.
journal_dlls_back()
{
    journal_made=$(journal_lines made)
    [ "$(journal_lines session)" = yes ] || session_uninstall
    journal_lines dir > "$work/back.dirs"
    while IFS= read -r system_dir; do
        lock "$system_dir"
        journal_lines ours | grep -qxF "$system_dir" ||
            manifest_drop "$system_dir" prefix "$prefix"
        journal_lines all | grep -qxF "$system_dir" || manifest_drop "$system_dir" keep
        system_undo
        unlock
    done < "$work/back.dirs"
    journal_made=
}

# Last what is kept beside it all; then nothing was begun.
journal_state_back()
{
    state_dir=$(manifest_dir "$prefix")
    for state_name in $journal_names; do
        state_kept=$state_dir/was/kept/$state_name
        if ! grep -qx "kept $state_name" "$state_dir/was/paths"; then
            rm -rf "${state_dir:?}/$state_name"
        elif [ -e "$state_kept" ]; then
            rm -rf "${state_dir:?}/$state_name"
            mv "$state_kept" "$state_dir/$state_name" || return
        fi
    done
    manifest_sweep "$prefix"
    rm -f "$state_dir/was/begun"
    rm -rf "$state_dir/was"
    rmdir "$state_dir" 2> /dev/null || :
}
