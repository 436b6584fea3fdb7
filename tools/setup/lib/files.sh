# Writing files: as a whole or not at all, and what is told when the disk is full.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, texts.sh, journal.sh.
#
# Whatever is to outlive this program is written by place_file. What tools say of a full disk comes
# in their words, for each file that does not fit; people get one message in ours.

# place_file SOURCE FILE [MODE]: a copy of SOURCE at FILE, under another name first, so that what is
# there is replaced as a whole, or not at all. False when it cannot be written. Where the disk is
# full it does not return: see disk_stop.
place_file()
{
    place_new=$2.new.$$
    place_why=$( (LC_ALL=C && export LC_ALL && cp "$1" "$place_new" &&
        { [ -z "${3:-}" ] || chmod "$3" "$place_new"; } && mv -fT "$place_new" "$2") 2>&1) && return
    rm -f "$place_new"
    disk_said "$place_why" || return
    if journal_relief; then
        place_file "$@"
    else
        disk_stop "$2" "$(size_of "$1")"
        return 1
    fi
}

# place_folder DIR: makes it, and those above it
place_folder()
{
    [ ! -d "$1" ] || return 0
    place_why=$(LC_ALL=C mkdir -p "$1" 2>&1) && return
    ! disk_said "$place_why" || disk_stop "$1" 4096
    return 1
}

# folders_missing DIR: it and those above it that are not there, the lowest first
folders_missing()
{
    missing_dir=$1
    while [ ! -d "$missing_dir" ] && [ "$missing_dir" != / ]; do
        printf '%s\n' "$missing_dir"
        missing_dir=$(dirname "$missing_dir")
    done
}

# folders_remove FILE < DIRS: those above FILE that are there and empty go; the lowest first
folders_remove()
{
    while IFS= read -r remove_dir; do
        # What names them may have been written by others than us.
        case $1 in "${remove_dir:-/}"/*) rmdir "$remove_dir" 2> /dev/null ;; esac
    done
}

# is_there FILE: whether it is anything, also a link to nowhere
is_there()
{
    [ -e "$1" ] || [ -L "$1" ]
}

size_of()
{
    stat -L -c %s "$1" 2> /dev/null || echo 4096
}

# disk_said TEXT: whether a tool that said so found no room
disk_said()
{
    case $1 in
    *'No space left'* | *'quota exceeded'*) return 0 ;;
    esac
    return 1
}

# disk_has DIR BYTES: whether so much can be written there now: what a file system says of its room
# is not what a quota leaves of it.
disk_has()
{
    has_file=$1/room.$$
    has_why=$(disk_take "$has_file" "$2") && has_code=0 || has_code=1
    rm -f "$has_file"
    [ $has_code = 0 ] || ! disk_said "$has_why"
}

# disk_take FILE BYTES: makes it, of about that size; prints what is said when that cannot be
disk_take()
{
    LC_ALL=C dd if=/dev/zero of="$1" bs=1048576 count=$((($2 + 1048575) / 1048576)) status=none 2>&1
}

# disk_stop FILE BYTES: FILE, of that size, does not fit. What was changed is taken back, and the
# program ends. While that is done it returns: it goes on without the file.
disk_stop()
{
    [ "${journal_backing:-0}" = 0 ] || return 0
    disk_tell "$1" "$2"
    journal_stop
    journal_told
    finish
}

# The one message.
disk_tell()
{
    disk_full=1
    result_of failed disk disk-full "FILE=$1" "SIZE=$((($2 + 1023) / 1024))" "WHERE=$(disk_of "$1")"
}
disk_full=0

# disk_of FILE: the file system that FILE is or would be in
disk_of()
{
    of_dir=$1
    while [ ! -d "$of_dir" ] && [ "$of_dir" != / ]; do
        of_dir=$(dirname "$of_dir")
    done
    LC_ALL=C df -Pk "$of_dir" 2> /dev/null | awk 'NR == 2 {
        device = $1
        sub(/^.*% +/, "")
        print $0 " (" device ")" }'
}
