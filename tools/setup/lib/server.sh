# Whether a program is Wine, and where the programs of a prefix meet.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced.

# is_wine VERSION: whether a Wine answers that to --version. "Wine 8.0" is what its server calls
# itself.
is_wine()
{
    case $1 in
    Wine\ [0-9]*) return 1 ;;
    *[Ww]ine* | *CrossOver*) return 0 ;;
    esac
    return 1
}

# program_is_wine PROGRAM: Wine's own name needs no question, which would take time at each start.
program_is_wine()
{
    [ "$1" = wine ] || is_wine "$(unset WINEPREFIX; "$1" --version 2> /dev/null)"
}

# server_meet PREFIX: Debian's Wine has the sockets of its servers below TMPDIR. With another TMPDIR
# than its programs have, a prefix gets a second server, which neither sees them nor what they have
# changed in the registry, and whose own changes are lost or undo theirs. So where one runs, TMPDIR
# becomes that one's.
server_meet()
{
    [ -f "$1/wineserver" ] && [ -r "$1/wineserver" ] || return 0
    meet_name=$(head -c 256 "$1/wineserver")
    # The file is the prefix's owner's, and what it says becomes part of a sed script.
    case $meet_name in
    *[!A-Za-z0-9._-]*) return 0 ;;
    esac
    # The directory in which that server works.
    meet_id=$(stat -L -c '%d %i' "$1")
    meet_end=$meet_name/$(printf 'server-%x-%x' "${meet_id% *}" "${meet_id#* }")
    # Another user's process may work in a directory of that name, to be taken for the server.
    # shellcheck disable=SC2012 # one process for all links
    meet_place=$(ls -ln /proc/[0-9]*/cwd 2> /dev/null |
        sed -n "s|^l[^ ]* *[0-9]* *$(id -u) .* -> \(/.*\)/$meet_end\$|\1|p" | head -n 1)
    [ -O "$meet_place/$meet_end" ] || return 0
    case $meet_place in
    # Debian 13's Wine 10 ends at once where TMPDIR is set.
    /tmp) unset TMPDIR ;;
    *) export TMPDIR="$meet_place" ;;
    esac
}
