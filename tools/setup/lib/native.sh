# The overrides by which programs get our winscard.dll in place of Wine's.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, manifest.sh, registry.sh, forwarders.sh.
#
# The file overrides in manifest.sh's directory tells what was there before: lines as
# tools/probe/overrides.c tells them, written before anything is changed. The value is what programs
# of all kinds go by, "native,builtin": the prefix's DLL, else Wine's own.

native_file()
{
    printf '%s/overrides\n' "$(manifest_dir "$prefix")"
}

# Whether any override is ours, or an interrupted run's.
native_known()
{
    grep -q '^value	' "$(native_file)" 2> /dev/null
}

# native_key [PROGRAM]: below Wine's key of the user
native_key()
{
    if [ -n "$1" ]; then printf 'AppDefaults\\%s\\DllOverrides\n' "$1"; else echo DllOverrides; fi
}

# The programs of the command line, else an empty line: all.
native_wanted()
{
    if [ -n "$programs" ]; then printf '%s\n' "$programs"; else echo; fi
}

# As the registry compares names.
native_folded()
{
    LC_ALL=C.UTF-8 sed 's/.*/\L&/'
}

# native_ask COMMAND FILE: the probe's answer to the lines of FILE, without their end, in
# $work/native
native_ask()
{
    { cat "$2"; echo end; } > "$work/native.in"
    registry_mark
    probe_asked --overrides "$1" "$work/native.in" "$work/native.out" || return
    probe_why=REASON~probe-cut
    tr -d '\r' < "$work/native.out" > "$work/native"
    [ "$(tail -n 1 "$work/native")" = end ] && sed -i '$d' "$work/native"
}

# Whether one of them is for all programs.
native_for_all()
{
    grep -q '^value	DllOverrides	' "$(native_file)" 2> /dev/null
}

# Whose overrides are ours, as the value WHOM of a text: all programs, or their names.
native_whom()
{
    if native_for_all; then
        echo WHOM~all-programs
        return
    fi
    native_programs | awk '
        BEGIN { s = "WHOM=" }
        { printf "%s%s", s, $0; s = ", " }
        END { print "" }'
}

# The programs that have overrides of their own from us.
native_programs()
{
    sed -n 's/^value	AppDefaults\\\(.*\)\\DllOverrides	.*/\1/p' "$(native_file)" 2> /dev/null |
        sort -u
}

# ---- installing ----

# Writes the overrides that are wanted and those that an earlier run wrote; sets $native_new to 1
# when any is new. False, after telling so, when they cannot be written.
native_install()
{
    native_new=0
    : > "$work/native.new"
    [ "$winscard" = 0 ] || native_look || { native_fails; return 1; }
    native_keep && native_ask set "$(native_file)" || { native_fails; return 1; }
    prefix_settle
    [ "$native_new" = 0 ] || registry_written user.reg
}

native_fails()
{
    wine_stopped
    result_of failed winscard override-unwritable "$probe_why" "FILE=$probe_what" \
        "COMMAND=$command"
}

# What is there where ours will be, into $work/native.new; not what was looked at before.
native_look()
{
    native_wanted | while IFS= read -r look_program; do
        for look_name in $forwarders_placed; do
            printf 'value\t%s\t%s\n' "$(native_key "$look_program")" "$look_name"
        done
    done > "$work/native.wanted"
    cut -f 1-3 "$(native_file)" 2> /dev/null | native_folded > "$work/native.old"
    while IFS= read -r look_line; do
        look_folded=$(printf '%s\n' "$look_line" | native_folded)
        grep -qxF "$look_folded" "$work/native.old" || printf '%s\n' "$look_line"
    done < "$work/native.wanted" > "$work/native.look"
    [ -s "$work/native.look" ] || return 0
    native_ask look "$work/native.look" || return
    sort -u "$work/native" > "$work/native.new"
    native_new=1
    native_tell
}

# The user's own, which ours take the place of.
native_tell()
{
    while IFS='	' read -r tell_kind tell_key tell_name tell_was; do
        case $tell_kind,$tell_was in
        key,* | value,absent | "value,1:$native_bytes") continue ;;
        esac
        result_of warning override override-was "NAME=$tell_name" \
            "VALUE=$(native_text "$tell_was")" "WHERE=$overrides_key\\$tell_key"
    done < "$work/native.new"
}

# "native,builtin" and its zero, as the registry has them.
native_bytes=$(printf 'native,builtin\0' | iconv -f ASCII -t UTF-16LE | od -An -v -tx1 |
    tr -d ' \n')

# native_text TYPE:BYTES: as far as it is plain text
native_text()
{
    printf '%s\n' "${1#*:}" | awk '
        function digit(at) { return index(digits, substr($0, at, 1)) - 1 }
        function byte(at) { return 16 * digit(at) + digit(at + 1) }
        BEGIN { digits = "0123456789abcdef" }
        { for (i = 1; i + 3 <= length($0); i += 4)
              if (!byte(i + 2) && byte(i) >= 32 && byte(i) < 127) printf "%c", byte(i) }'
}

# What was there before is kept before it is changed.
native_keep()
{
    keep_file=$(native_file)
    probe_why=REASON~file-unwritable probe_what=$keep_file
    [ -s "$work/native.new" ] || { [ -f "$keep_file" ]; return; }
    {
        [ ! -f "$keep_file" ] || cat "$keep_file"
        cat "$work/native.new"
    } | awk '!seen[$0]++' > "$work/native.kept"
    place_file "$work/native.kept" "$keep_file"
}

# ---- uninstalling ----

# Puts back what the overrides of --program, or all, were. What cannot be put back stays known.
native_uninstall()
{
    native_known || { rm -f "$(native_file)"; return 0; }
    native_choose
    if [ ! -s "$work/native.gone" ]; then
        result_of skipped winscard override-none
        return
    fi
    if ! registry_surely user.reg native_ask restore "$work/native.gone"; then
        journal_touched=0
        wine_stopped
        [ "$force" = 1 ] || stop winscard undo-refused "$probe_why" "FILE=$probe_what" \
            "COMMAND=$command"
        journal_touched=1
        result_of failed winscard override-unrestorable "$probe_why" "FILE=$probe_what"
    fi
    native_report
    native_forget
}

# Into $work/native.gone what is to be undone, into $work/native.stay the rest. Keys go with the
# last value below them, so they are tried each time.
native_choose()
{
    native_wanted | while IFS= read -r choose_program; do
        native_key "$choose_program"
    done | native_folded > "$work/native.keys"
    : > "$work/native.gone"
    : > "$work/native.stay"
    while IFS= read -r choose_line; do
        choose_to=stay
        choose_key=$(printf '%s\n' "$choose_line" | cut -f 2 | native_folded)
        case $choose_line in
        key*) choose_to=gone ;;
        *) [ -n "$programs" ] && ! grep -qxF "$choose_key" "$work/native.keys" || choose_to=gone ;;
        esac
        printf '%s\n' "$choose_line" >> "$work/native.$choose_to"
    done < "$(native_file)"
    grep -q '^value' "$work/native.gone" || : > "$work/native.gone"
}

native_report()
{
    while IFS='	' read -r native_state report_key report_name; do
        [ "$native_state" = changed ] || continue
        result_of warning override override-changed "NAME=$report_name" \
            "WHERE=$overrides_key\\$report_key"
    done < "$work/native"
}

native_forget()
{
    forget_file=$(native_file)
    if grep -q '^value' "$work/native.stay"; then
        { cat "$work/native.stay"; grep '^key' "$work/native.gone"; } > "$work/native.kept"
        place_file "$work/native.kept" "$forget_file"
    else
        rm -f "$forget_file"
    fi
}
