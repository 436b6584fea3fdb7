# What an installation changed, kept beside it, so that it can be undone.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, files.sh, wine.sh.
#
# BASE is a prefix or Wine's own dll directory; BASE/.scardssp-setup holds
#   manifest  lines "file PATH SHA256 WAS", PATH below BASE; WAS tells what was there before:
#             absent, same (the very file, which stays when we go) or saved (it lies in saved/);
#             "dir PATH" (made by us), and what dllpath.sh writes: "keep yes", "prefix PATH",
#             "dlldir PATH", "made PATH" (above BASE), "service NAME" (registered by us)
#   saved/    the files that were there before, moved, so with owner, time and link as they were
#   registry  what registering changed: see registry.sh
#   was/      what is at work: see journal.sh
#   overrides what the overrides were that programs get winscard.dll by: see native.sh

manifest_dir()
{
    printf '%s/.scardssp-setup\n' "$1"
}

manifest_exists()
{
    [ -f "$1/.scardssp-setup/manifest" ]
}

# manifest_lines BASE WORD: what follows WORD in the lines that begin with it
manifest_lines()
{
    ! manifest_exists "$1" || sed -n "s/^$2 //p" "$1/.scardssp-setup/manifest"
}

# manifest_with BASE START [LINE]: the manifest with LINE in the place of the lines "START ...";
# without LINE these go
manifest_with()
{
    with_from=$1/.scardssp-setup/manifest with_heading=
    manifest_exists "$1" || with_from=/dev/null with_heading="scardssp-setup $version"
    # Not by -v, to which a backslash means something.
    HEADING=$with_heading START=$2 LINE=${3:-} awk '
        BEGIN {
            start = ENVIRON["START"]
            line = ENVIRON["LINE"]
            done = line == ""
            if (ENVIRON["HEADING"] != "") print ENVIRON["HEADING"]
        }
        $0 == start || index($0, start " ") == 1 { if (!done++) print line; next }
        { print }
        END { if (!done) print line }' "$with_from"
}

# manifest_add BASE WORD VALUE [MORE]: a line, in the place of that of the same WORD and VALUE
manifest_add()
{
    place_folder "$1/.scardssp-setup" &&
        manifest_with "$1" "$2 $3" "$2 $3${4:+ $4}" > "$work/manifest" &&
        place_file "$work/manifest" "$1/.scardssp-setup/manifest"
}

# manifest_drop BASE WORD [VALUE]: those lines go; at manifest_close, where most of them do
manifest_drop()
{
    manifest_exists "$1" || return 0
    if [ "$manifest_later" = "$1" ]; then
        printf '%s\n' "$2${3:+ $3}" >> "$work/dropped"
        return
    fi
    manifest_with "$1" "$2${3:+ $3}" > "$work/manifest" &&
        place_file "$work/manifest" "$1/.scardssp-setup/manifest"
}
manifest_later=

# manifest_drop_later BASE: from now on
manifest_drop_later()
{
    manifest_later=$1
    : > "$work/dropped"
}

# The lines that were to go later.
manifest_settle()
{
    [ -n "$manifest_later" ] || return 0
    manifest_exists "$manifest_later" && [ -s "$work/dropped" ] || { manifest_later=; return; }
    awk '
        FNR == NR { starts[++count] = $0; next }
        {
            for (i = 1; i <= count; i++)
                if ($0 == starts[i] || index($0, starts[i] " ") == 1)
                    next
            print
        }' "$work/dropped" "$manifest_later/.scardssp-setup/manifest" > "$work/manifest"
    # What nothing stays of needs no room.
    [ "$(wc -l < "$work/manifest")" -gt 1 ] || rm -f "$manifest_later/.scardssp-setup/manifest"
    manifest_exists "$manifest_later" || { manifest_later=; return; }
    settle_base=$manifest_later manifest_later=
    place_file "$work/manifest" "$settle_base/.scardssp-setup/manifest"
}

# manifest_sound BASE: false when a crash or a full disk left but a part of what is kept there, or
# others changed it: then $unsound is that file, and $unsound_text tells it: manifest-damaged, or
# manifest-odd where it cannot even be read.
manifest_sound()
{
    unsound=$(manifest_dir "$1") unsound_text=manifest-odd
    is_there "$unsound" || return 0
    # A link would lead what is kept out of the prefix.
    [ -d "$unsound" ] && [ ! -L "$unsound" ] && [ -r "$unsound" ] && [ -x "$unsound" ] || return
    unsound=$unsound/manifest
    if is_there "$unsound"; then
        kept_readable "$unsound" || return
        unsound_text=manifest-damaged
        manifest_lines_sound < "$unsound" || return
    fi
    unsound_text=manifest-damaged
    ! find "$(manifest_dir "$1")/saved" -mindepth 1 -maxdepth 1 2> /dev/null | sed 's|.*/||' |
        grep -qvxF "$(manifest_saved "$1")"
}

# kept_readable FILE: whether it is a file here, that can be read
kept_readable()
{
    [ -f "$1" ] && [ ! -L "$1" ] && [ -r "$1" ]
}

# The names in saved/ of all files that it tells of.
manifest_saved()
{
    manifest_lines "$1" file | cut -d ' ' -f 1 | tr / _
}

manifest_lines_sound()
{
    LC_ALL=C awk '
        function inside(path)
        {
            return path != "" && path !~ /^\// && "/" path "/" !~ /\/\.?\.?\//
        }
        /[\001-\037\177]/ { bad = 1 }
        NR == 1 { if ($1 != "scardssp-setup") bad = 1; next }
        $1 == "file" && NF == 4 && inside($2) && length($3) == 64 && $3 !~ /[^0-9a-f]/ &&
            $4 ~ /^(absent|same|saved)$/ { next }
        $1 == "dir" && inside(substr($0, 5)) { next }
        $1 ~ /^(keep|prefix|dlldir|made|service)$/ && NF > 1 { next }
        { bad = 1 }
        END { exit bad || !NR }'
}

# manifest_guess BASE PATH...: writes the lines that can be told from the files themselves
manifest_guess()
{
    guess_base=$1
    shift
    rm -f "$guess_base/.scardssp-setup/manifest"
    for guess_path; do
        guess_was=absent
        ! is_saved "$guess_base" "$guess_path" || guess_was=saved
        [ -f "$guess_base/$guess_path" ] && pe_is_known "$guess_base/$guess_path" || continue
        manifest_add "$guess_base" file "$guess_path" \
            "$(hash_of "$guess_base/$guess_path") $guess_was"
    done
}

# The directory goes with its last line, the heading apart.
manifest_close()
{
    [ -d "$1/.scardssp-setup" ] || return 0
    [ "$manifest_later" != "$1" ] || manifest_settle
    ! manifest_exists "$1" || [ "$(wc -l < "$1/.scardssp-setup/manifest")" -le 1 ] || return 0
    [ ! -f "$1/.scardssp-setup/overrides" ] || return 0
    for close_file in manifest registry $registry_sets; do
        rm -f "$1/.scardssp-setup/$close_file"
    done
    manifest_sweep "$1"
    rmdir "$1/.scardssp-setup/saved" 2> /dev/null
    # With it, what tells that this is at work.
    rm -f "$1/.scardssp-setup/was/begun"
    rm -rf "$1/.scardssp-setup/was"
    rmdir "$1/.scardssp-setup" 2> /dev/null
}

# manifest_sweep BASE: what a stopped run was writing there
manifest_sweep()
{
    rm -f "$1"/.scardssp-setup/new "$1"/.scardssp-setup/*.new "$1"/.scardssp-setup/*.new.[0-9]*
}

hash_of()
{
    sha256sum < "$1" | cut -d ' ' -f 1
}

# manifest_entry BASE PATH: sets $entry_hash and $entry_was; both empty without an entry
manifest_entry()
{
    entry_hash='' entry_was=''
    # shellcheck disable=SC2046 # two words without blanks
    set -- $(manifest_lines "$1" file | awk -v path="$2" '$1 == path { print $2, $3 }')
    [ $# != 2 ] || entry_hash=$1 entry_was=$2
}

# Where the file that was at PATH before is kept.
saved_path()
{
    printf '%s/.scardssp-setup/saved/%s\n' "$1" "$(printf '%s' "$2" | tr / _)"
}

# is_saved BASE PATH: whether a file that was there before is kept
is_saved()
{
    is_there "$(saved_path "$1" "$2")"
}

# Whether FILE, at PATH, is the one that we put there, or a later one of ours.
file_is_ours()
{
    [ -f "$1" ] && [ ! -L "$1" ] && [ -n "$entry_hash" ] &&
        { [ "$(hash_of "$1")" = "$entry_hash" ] || pe_is_known "$1"; }
}

# Whether FILE is any of what this project puts there.
pe_is_known()
{
    pe_is_ours "$1" || pe_is_forwarder "$1" || pe_is_scardsvr "$1"
}

# manifest_place BASE PATH SOURCE: puts a copy of SOURCE at BASE/PATH, never through a link; sets
# $placed to new, unchanged or failed. What was there before is kept.
manifest_place()
{
    placed=failed
    [ ! -d "$1/$2" ] || [ -L "$1/$2" ] || return
    manifest_entry "$1" "$2"
    if [ -f "$1/$2" ] && [ ! -L "$1/$2" ] && cmp -s "$3" "$1/$2"; then
        placed=unchanged
        manifest_add "$1" file "$2" "$(hash_of "$3") ${entry_was:-same}"
        return
    fi
    place_over=keep_original
    if [ "$entry_was" != same ] && file_is_ours "$1/$2"; then
        place_over=:
    elif [ "$entry_was" = saved ] && [ -z "$(pe_width "$1/$2")" ] && is_saved "$1" "$2"; then
        place_over=: # a part of one of ours is not worth more than what it stood for
    elif is_there "$1/$2"; then
        entry_was=saved
    fi
    manifest_add "$1" file "$2" "$(hash_of "$3") ${entry_was:-absent}" &&
        "$place_over" "$1" "$2" && place_file "$3" "$1/$2" 755 && placed=new
}

keep_original()
{
    is_there "$1/$2" || return 0
    place_folder "$1/.scardssp-setup/saved" && mv -f "$1/$2" "$(saved_path "$1" "$2")"
}

# manifest_put_back BASE PATH: undoes manifest_place; sets $put_back to removed, restored, left (the
# same file was there before), changed (it is no longer ours, so it stays) or failed.
manifest_put_back()
{
    put_back=failed back_file=$1/$2 back_saved=$(saved_path "$1" "$2")
    rm -f "$back_file".new.[0-9]*
    manifest_entry "$1" "$2"
    if [ "$entry_was" = same ]; then
        put_back=left
    elif [ "$entry_was" = saved ] && ! is_saved "$1" "$2" &&
        { [ -L "$back_file" ] || [ ! -f "$back_file" ] ||
            [ "$(hash_of "$back_file")" != "$entry_hash" ]; }; then
        put_back=left # a run ended before it was moved, or when it was back
    elif is_there "$back_file" && ! file_is_ours "$back_file" && [ "$force" = 0 ]; then
        put_back=changed
        return
    elif is_saved "$1" "$2"; then
        mv -f "$back_saved" "$back_file" || return
        put_back=restored
    else
        rm -f "$back_file" || return
        put_back=removed
    fi
    manifest_drop "$1" file "$2"
}
