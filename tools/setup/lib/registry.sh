# What registering changes in the registry, kept beside the manifest and undone by scardssp-probe.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, files.sh, wine.sh, manifest.sh, journal.sh.
#
# The file registry in manifest.sh's directory has sets of keys, as text; tools/probe/keytext.h
# tells its form. The sets are:
#   before        what was there before scardssp-setup came
#   written       what registering wrote
#   now           what was there before registering, until that has ended
#   unregistered  what was there before uninstalling began, until that has ended
# Version 0.1 kept each in a file of that name.

registry_sets='before written now unregistered'

# registry_known [SET]: whether anything is kept, or that set
registry_known()
{
    known_dir=$(manifest_dir "$prefix")
    if [ -f "$known_dir/registry" ]; then
        grep -q "^; set ${1:-}" "$known_dir/registry"
    else
        [ -s "$known_dir/${1:-before}" ]
    fi
}

# Prints what is kept.
registry_kept()
{
    kept_dir=$(manifest_dir "$prefix")
    if [ -f "$kept_dir/registry" ]; then
        cat "$kept_dir/registry"
        return
    fi
    for kept_set in $registry_sets; do
        [ -f "$kept_dir/$kept_set" ] || continue
        echo "; set $kept_set"
        cat "$kept_dir/$kept_set" || return
    done
}

# probe_asked OPTION COMMAND INPUT OUTPUT: files with what the probe is given, and answers. Without
# an answer $probe_why tells why, as the value REASON of a text, in which FILE is $probe_what. The
# probe of either width sees all of the registry.
probe_asked()
{
    probe_why=REASON~probe-none probe_what=$scardssp_dir
    for ask_width in $widths; do
        for ask_dir in "$scardssp_dir" "$tools_dir"; do
            ask_probe=$ask_dir/$(width_arch "$ask_width")-windows/scardssp-probe.exe
            [ -f "$ask_probe" ] || continue
            wine_reading "$3" "$ask_probe" "$1" "$2" > "$4" && return
            probe_why=REASON=$(sed -n 's/\r$//; s/^[a-z]*\.error=//p' "$4")
            [ "$probe_why" = REASON= ] || return 1
            ! grep -q '^[a-z]*\.left=' "$4" || return 1
            probe_why=REASON~probe-unrun probe_what=$ask_probe
            [ ! -f "$work/wine.late" ] || return 1
        done
    done
    return 1
}

# registry_ask COMMAND: the probe's command with what is kept; its answer is in $work/registry.
registry_ask()
{
    registry_kept > "$work/kept" && probe_asked --registry "$1" "$work/kept" "$work/registry"
}

# registry_step COMMAND: that, and its answer is kept, but for what it says of this run alone.
registry_step()
{
    registry_ask "$1" || return
    step_dir=$(manifest_dir "$prefix")
    probe_why=REASON~file-unwritable probe_what=$step_dir
    sed '/^; changed/d' "$work/registry" > "$work/registry.kept"
    place_folder "$step_dir" && place_file "$work/registry.kept" "$step_dir/registry" || return
    for step_set in $registry_sets; do
        rm -f "$step_dir/$step_set"
    done
}

# registry_begin: before registering. Until registry_record it is not finished; what an interrupted
# run wrote is recorded first.
registry_begin()
{
    if registry_step begin; then
        journal_now
        return
    fi
    wine_stopped
    stop registry registry-unkept "$probe_why" "FILE=$probe_what" "COMMAND=$command"
}

# registry_record: what registering wrote goes to what earlier runs wrote. Sets $registry_changed to
# 0 or 1.
registry_record()
{
    registry_changed=0
    if ! registry_step record; then
        result_of failed registry registry-unrecorded "$probe_why" "FILE=$probe_what"
    elif grep -q '^; changed' "$work/registry"; then
        registry_changed=1
    fi
    prefix_settle
    [ "$registry_changed" = 0 ] || registry_written system.reg
}

# registry_written FILE: stops unless Wine's server wrote FILE, system.reg or user.reg
registry_written()
{
    ! registry_lost "$1" || disk_stop "$prefix/$1" "$(size_of "$prefix/$1")"
}

# registry_mark: a change of the registry comes
registry_mark()
{
    touch "$work/mark"
}

# registry_lost FILE: whether the server, which tells nobody when it cannot, did not write it since
# the last change began: where nothing was to be written it did not; where there is no room it could
# not.
registry_lost()
{
    [ -f "$work/mark" ] && [ -z "$(find "$prefix/$1" -newer "$work/mark")" ] &&
        ! disk_has "$prefix" "$(size_of "$prefix/$1")"
}

# registry_surely FILE FUNCTION...: the changes that FUNCTION makes to FILE's part of the registry,
# by the room that was kept if need be
registry_surely()
{
    surely_file=$1 surely_relief=$journal_relieved
    shift
    "$@"
    surely_code=$?
    prefix_settle
    if [ "$surely_relief" != "$journal_relieved" ] ||
        { registry_lost "$surely_file" && journal_relief; }; then
        "$@"
        surely_code=$?
        prefix_settle
    fi
    registry_written "$surely_file"
    return $surely_code
}

# registry_end: before the DLLs unregister themselves.
registry_end()
{
    ! registry_known || registry_step end || {
        wine_stopped
        [ "$force" = 1 ] || stop registry undo-refused "$probe_why" "FILE=$probe_what" \
            "COMMAND=$command"
    }
}

# registry_restore: after the DLLs unregistered themselves. True when everything is as it was before
# scardssp-setup came.
registry_restore()
{
    restore_code=0
    if registry_known; then
        note note-restore
        registry_mark
        registry_step restore || restore_code=1
        [ "$verbose" = 0 ] || sed -n '/^registry\./p' "$work/registry" >&2
    fi
    prefix_settle
    return $restore_code
}

# registry_revert: the registry becomes what it was when registry_begin was called
registry_revert()
{
    revert_file=$(journal_dir)/now
    [ -f "$revert_file" ] || revert_file=$(manifest_dir "$prefix")/registry
    [ -f "$revert_file" ] && grep -q '^; set now' "$revert_file" || return 0
    registry_set now now < "$revert_file" | registry_text > "$work/kept"
    probe_asked --registry record "$work/kept" "$work/registry" || return
    grep -q '^; set written' "$work/registry" || return 0
    {
        registry_set now before < "$revert_file"
        registry_set written written < "$work/registry"
    } | registry_text > "$work/kept"
    probe_asked --registry restore "$work/kept" "$work/registry"
}

# registry_set SET NAME: from the standard input that set, as NAME
registry_set()
{
    awk -v set="$1" -v name="$2" '
        /^; set / { inside = $3 == set; if (inside) print "; set " name; next }
        /^; / { next }
        inside'
}

# A whole text of the sets in the standard input.
registry_text()
{
    echo "; scardssp registry 1"
    cat
    echo "; end"
}
