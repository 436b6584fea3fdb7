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
    mkdir -p "$(dirname "$target")"
    exec 9> "$target.lock"
    wait_lock "$target"
    if [ ! -e "$target" ]; then
        rm -rf "$half"
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
