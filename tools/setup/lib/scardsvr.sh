# The service SCardSvr, which programs look for, start or wait for, where a prefix has none.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, manifest.sh, registry.sh.
#
# A Wine later than 8.0 has one of its own, which is started by whoever wants it, and only pretends;
# it is left as it is, and so is anybody else's. Ours (tools/scardsvr) starts with the prefix. The
# line "service SCardSvr" of the manifest is there before the service is.

# scardsvr_path WIDTH: of its program in the prefix, below it: for each width, so that programs of
# both find it in their system directory
scardsvr_path()
{
    echo "drive_c/windows/$(width_dir "$1")/scardsvr.exe"
}

scardsvr_paths()
{
    for paths_width in $widths; do
        scardsvr_path "$paths_width"
    done
}

# scardsvr_source WIDTH: what is copied; fails when this build has none
scardsvr_source()
{
    for source_dir in "$scardssp_dir" "$tools_dir"; do
        source_file=$source_dir/$(width_arch "$1")-windows/scardsvr.exe
        [ -f "$source_file" ] && printf '%s\n' "$source_file" && return
    done
    return 1
}

# Whether FILE is that program, of whatever version.
pe_is_scardsvr()
{
    [ "${1##*/}" = scardsvr.exe ] && [ -f "$1" ] && [ "$(pe_product "$1")" = scardssp ]
}

# scardsvr_ask COMMAND: the probe's facts, for fact; false with $probe_why
scardsvr_ask()
{
    facts=$work/facts.service
    probe_asked --scardsvr "$1" /dev/null "$work/scardsvr.answer" && ask_code=0 || ask_code=1
    tr -d '\r' < "$work/scardsvr.answer" > "$facts"
    return $ask_code
}

# By the facts, sets $scardsvr_whose: none, ours, wine's, other, or unknown when the manager does
# not say; and $scardsvr_runs: yes or no.
scardsvr_judge()
{
    scardsvr_runs=no
    [ "$(fact scardsvr.state)" != 4 ] || scardsvr_runs=yes
    case $(fact scardsvr),$(fact scardsvr.path | tr '[:upper:]' '[:lower:]') in
    0x00000424,*) scardsvr_whose=none ;;
    0x00000000,*\\system32\\scardsvr.exe)
        scardsvr_whose=other
        for judge_path in $(scardsvr_paths); do
            ! pe_is_scardsvr "$prefix/$judge_path" || scardsvr_whose=ours
        done
        ! scardsvr_known || scardsvr_whose=ours
        ;;
    0x00000000,*\\svchost.exe\ *)
        scardsvr_whose=other
        ! pe_is_wines "$prefix/drive_c/windows/system32/scardsvr.dll" || scardsvr_whose="wine's"
        ;;
    0x00000000,*) scardsvr_whose=other ;;
    *) scardsvr_whose=unknown ;;
    esac
}

# ---- installing ----

# After the DLLs; sets what scardsvr_report tells.
scardsvr_install()
{
    scardsvr_state='' scardsvr_text='' scardsvr_file='' scardsvr_why=REASON=
    if ! scardsvr_ask look; then
        scardsvr_state=warning scardsvr_text=scardsvr-untold
        scardsvr_why=$probe_why scardsvr_file=$probe_what
        return
    fi
    scardsvr_judge
    case $scardsvr_whose in
    none | ours) scardsvr_put ;;
    "wine's")
        scardsvr_state=ok scardsvr_text=scardsvr-wines ;;
    *)
        scardsvr_state=skipped scardsvr_text=scardsvr-foreign
        scardsvr_file=$(fact scardsvr.path) ;;
    esac
}

# Registers and starts it, or one that was registered earlier.
scardsvr_put()
{
    scardsvr_was=$scardsvr_whose,$scardsvr_runs
    if [ "$(fact scardsvr.start)" = 4 ]; then
        scardsvr_state=unchanged scardsvr_text=scardsvr-disabled
        return
    fi
    manifest_add "$prefix" service SCardSvr
    for put_width in $installed; do
        scardsvr_place "${put_width%:*}" && continue
        [ "$scardsvr_was" != none,no ] || scardsvr_files_back
        return
    done
    if ! scardsvr_ask install; then
        scardsvr_state=warning scardsvr_text=scardsvr-failed
        scardsvr_why=$probe_why scardsvr_file=$probe_what
        [ "$scardsvr_was" != none,no ] || scardsvr_undo
    elif [ "$scardsvr_was" = ours,yes ]; then
        scardsvr_state=unchanged scardsvr_text=scardsvr-same
    else
        scardsvr_state=ok scardsvr_text=scardsvr-done
    fi
}

# scardsvr_place WIDTH: its program of that width
scardsvr_place()
{
    place_path=$(scardsvr_path "$1")
    place_source=$(scardsvr_source "$1") || {
        scardsvr_state=warning scardsvr_text=scardsvr-absent
        scardsvr_file=$scardssp_dir/$(width_arch "$1")-windows/scardsvr.exe
        return 1
    }
    scardsvr_taken=$(find "$prefix/${place_path%/*}" -maxdepth 1 -iname scardsvr.exe |
        while IFS= read -r taken_file; do
            pe_is_scardsvr "$taken_file" || printf '%s\n' "$taken_file"
        done)
    if [ -n "$scardsvr_taken" ]; then
        scardsvr_state=skipped scardsvr_text=scardsvr-taken scardsvr_file=$scardsvr_taken
        return 1
    fi
    note note-file "BITS=$1" "FILE=$place_path"
    manifest_place "$prefix" "$place_path" "$place_source"
    [ "$placed" != failed ] || {
        scardsvr_state=warning scardsvr_text=file-unwritable scardsvr_file=$prefix/$place_path
        return 1
    }
}

scardsvr_report()
{
    [ -z "$scardsvr_state" ] || result_of "$scardsvr_state" service "$scardsvr_text" \
        "$scardsvr_why" "FILE=$scardsvr_file"
}

# ---- uninstalling ----

# The service goes while it is ours, and its program. Sets $scardsvr_undone to removed, left (it is
# no longer ours) or failed.
scardsvr_undo()
{
    scardsvr_undone=failed
    scardsvr_ask remove || return
    scardsvr_undone=removed
    [ "$(fact scardsvr)" = 0x00000424 ] || scardsvr_undone=left
    scardsvr_files_back
}

scardsvr_files_back()
{
    for back_path in $(scardsvr_paths); do
        manifest_entry "$prefix" "$back_path"
        [ -z "$entry_hash" ] || manifest_put_back "$prefix" "$back_path"
    done
    manifest_drop "$prefix" service
}

# Whether the manifest tells of it.
scardsvr_known()
{
    manifest_lines "$prefix" service | grep -q .
}

scardsvr_uninstall()
{
    if ! scardsvr_known; then
        [ "$force" = 1 ] || return 0
        scardsvr_unknown || return 0
    fi
    scardsvr_replaced && return
    scardsvr_undo
    case $scardsvr_undone in
    removed) result_of ok service scardsvr-removed ;;
    left) result_of ok service scardsvr-left "FILE=$(fact scardsvr.path)" ;;
    failed) result_of failed service scardsvr-failed "$probe_why" "FILE=$probe_what" ;;
    esac
}

# With --force: one that no manifest tells of. True when it is to go.
scardsvr_unknown()
{
    unknown_found=1
    for unknown_path in $(scardsvr_paths); do
        pe_is_scardsvr "$prefix/$unknown_path" || continue
        unknown_found=0
        manifest_add "$prefix" file "$unknown_path" "$(hash_of "$prefix/$unknown_path") absent"
    done
    return $unknown_found
}

# Whether somebody put another program in the place of ours, which the service now runs.
scardsvr_replaced()
{
    [ "$force" = 0 ] || return 1
    for replaced_path in $(scardsvr_paths); do
        manifest_entry "$prefix" "$replaced_path"
        [ -n "$entry_hash" ] && [ -e "$prefix/$replaced_path" ] &&
            ! pe_is_scardsvr "$prefix/$replaced_path" || continue
        result_of failed service scardsvr-replaced "FILE=$replaced_path"
        return 0
    done
    return 1
}

# ---- telling ----

# What status says, by the facts of a width that has them.
scardsvr_status()
{
    for facts_width in $widths; do
        facts=$work/facts.$facts_width
        grep -q '^scardsvr=' "$facts" 2> /dev/null || continue
        scardsvr_judge
        scardsvr_status_line
        return
    done
}

scardsvr_status_line()
{
    case $scardsvr_whose in
    none) result_of warning service scardsvr-missing ;;
    unknown) ;;
    *)
        if scardsvr_should_run; then
            result_of warning service scardsvr-stopped
        else
            scardsvr_tell result_of ok service
        fi
        ;;
    esac
}

# Whether it is ours and does not run although nobody has changed that it should.
scardsvr_should_run()
{
    [ "$scardsvr_whose,$scardsvr_runs,$(fact scardsvr.start)" = ours,no,2 ]
}

# Sets $say_text and $say_state: the texts of whose it is, and whether it runs.
scardsvr_say()
{
    case $scardsvr_whose in
    ours) say_text=scardsvr-ours ;;
    "wine's") say_text=scardsvr-wine ;;
    *) say_text=scardsvr-other ;;
    esac
    if [ "$scardsvr_runs" = yes ]; then
        say_state=scardsvr-runs
    elif [ "$(fact scardsvr.start)" = 4 ]; then
        say_state=scardsvr-off
    else
        say_state=scardsvr-waits
    fi
}

# scardsvr_tell COMMAND...: with that text and its values behind its arguments
scardsvr_tell()
{
    scardsvr_say
    "$@" "$say_text" "STATE~$say_state" "PATH=$(fact scardsvr.path)"
}
