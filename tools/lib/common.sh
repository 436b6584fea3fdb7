# What all tools share: messages, places.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source with $top set to the project's root.

say()
{
    # Over the line of a step (progress.sh), which is written again.
    [ "${progress_open:-}" != rewritten ] || printf '\r\033[K' >&2
    echo "$me: $*" >&2
}

die()
{
    say "$@"
    exit 1
}

cache=${SCARDSSP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/scardssp}

# absolute PATH: the same as an absolute one
absolute()
{
    case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
    esac
}

need_root()
{
    [ "$(id -u)" = 0 ] || die "needs root: it makes a mount and a network namespace of its own"
    unshare --mount --net --pid --fork --mount-proc true 2> /dev/null ||
        die "namespaces cannot be made here, and it needs them; in a container: start that with" \
            "the right to (docker run --privileged), or run this outside"
}

# lock_cache FILE: it is ours alone until `flock -u 9`.
lock_cache()
{
    { mkdir -p "$(dirname "$1")" && exec 9> "$1.lock"; } 2> /dev/null || {
        say "${1%/*} cannot be written, and what is downloaded and made has to be kept:" \
            "set SCARDSSP_CACHE to a directory that can, with 4 GB of room"
        return 1
    }
    wait_lock "$1"
}

# wait_lock WHAT: the lock of file descriptor 9, under which WHAT is made.
wait_lock()
{
    flock -n 9 && return
    say "waiting for another run, which makes $1"
    flock 9
}

# make_once DIR COMMAND...: runs COMMAND with a new directory as its last argument and keeps that as
# DIR when it succeeded, so that a half-made cache is never used. Two runs at once do it once.
make_once()
{
    local target=$1 half=$1.half.$$
    shift
    [ -e "$target" ] && return 0
    lock_cache "$target" || return 1
    if [ ! -e "$target" ]; then
        # Also what an interrupted run left: nobody else makes one now.
        rm -rf --one-file-system "$target".half.*
        mkdir "$half"
        if ! "$@" "$half"; then
            rm -rf --one-file-system "$half"
            flock -u 9
            return 1
        fi
        mv "$half" "$target"
    fi
    flock -u 9
}

# discard_once DIR IDENTITY: away with DIR, when it is still the one of that identity_of.
discard_once()
{
    lock_cache "$1" || return 1
    if [ "$(identity_of "$1")" = "$2" ]; then
        mv "$1" "$1.half.bad"
        rm -rf --one-file-system "$1.half.bad"
    fi
    flock -u 9
}

identity_of()
{
    stat -c '%d %i %W' "$1" 2> /dev/null
}
