#!/bin/sh
# Runs scardtool.exe, the smart card tool, by Wine in the current prefix; records and replays.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

fail()
{
    printf 'scardtool: %s\n' "$1" >&2
    [ -z "$json" ] || echo null
    exit "${2:-1}"
}

# With --json there is always one value, as of scardtool.exe.
json=
for argument; do
    case $argument in
    record | replay | --) break ;;
    --json) json=1 ;;
    esac
done

# shown TEXT: as one word of a shell's
shown()
{
    printf "'%s'" "$(printf '%s\n' "$1" | sed "s/'/'\\\\''/g")"
}

# Without installing: beside the programs of the build.
here=$(dirname "$(readlink -f "$0")")
dir=@scardsspdir@
setup_lib=@setuplibdir@
if [ -f "$here/x86_64-windows/scardtool.exe" ] || [ -f "$here/i386-windows/scardtool.exe" ]; then
    dir=$here setup_lib=$here/setup-lib
fi
tools_dir=$dir
dir=${SCARDSSP_DIR:-$dir}
case $dir in
/*) ;;
*) dir=$PWD/$dir ;;
esac
wine=${WINE:-wine}

program=$dir/x86_64-windows/scardtool.exe
if [ "${SCARDSSP_BITS:-64}" = 32 ] || [ "${WINEARCH:-}" = win32 ] || [ ! -f "$program" ]; then
    program=$dir/i386-windows/scardtool.exe
fi

# What needs no prefix does not make one. Wine writes system.reg some time after wineboot has ended.
prefix=${WINEPREFIX:-${HOME:-}/.wine}
if [ ! -f "$prefix/system.reg" ] && [ ! -d "$prefix/drive_c/windows/system32" ]; then
    case ${1:-} in
    -V | --version)
        echo "scardtool @version@"
        exit 0
        ;;
    -h | --help | help)
        cat << 'TEXT'
Usage: scardtool COMMAND [OPTIONS] [ARGUMENTS]
The first of its commands; where a Wine prefix is this lists all, as man scardtool does:

  readers      list the readers and the cards in them
  atr          decode an answer to reset, the card's own by default
  record       run a program, and record what it and cards say

There is no Wine prefix yet; make one: wineboot, then scardssp-setup install
TEXT
        exit 0
        ;;
    esac
    fail "there is no Wine prefix $prefix; set WINEPREFIX, or make one: wineboot, then \
scardssp-setup install"
fi
[ -f "$program" ] || fail "$program is missing; set SCARDSSP_DIR to the directory of scardssp"
command -v "$wine" > /dev/null 2>&1 || fail "$wine was not found; install Wine, or set WINE"
# shellcheck disable=SC1091 # beside scardssp-setup's other parts
. "$setup_lib/server.sh"
program_is_wine "$wine" || fail "$wine is no Wine; set WINE to Wine's program"

# tool ARGUMENTS...: the program itself, instead of this process
tool()
{
    WINEDLLPATH=$dir${WINEDLLPATH:+:$WINEDLLPATH}
    WINEDEBUG=${WINEDEBUG:--all,err+scardssp}
    export WINEDLLPATH WINEDEBUG
    server_meet "$prefix"
    exec "$wine" "$program" "$@"
}

is_session()
{
    [ "$(head -n 1 "$1" 2> /dev/null | cut -c 1-18)" = "# scardssp session" ]
}

# ---- recording ----

# record_main PROGRAM [ARGUMENT]...: exits as the program does. The file is its user's alone from
# the beginning; codes the DLL itself leaves out.
record_main()
{
    [ $# -gt 0 ] || fail "record needs a program; see scardtool record --help" 2
    if [ -z "$record_file" ]; then
        record_file=$(printf '%s' "${1##*[/\\]}" | sed 's/\.[Ee][Xx][Ee]$//').session
    fi
    case $record_file in
    /*) ;;
    *) record_file=$PWD/$record_file ;;
    esac
    [ ! -e "$record_file" ] && [ ! -L "$record_file" ] ||
        fail "$record_file is there already; name another file by --output"
    (umask 077; set -C; : > "$record_file") 2> /dev/null || fail "$record_file cannot be written"
    record_code=0
    SCARDSSP_RECORD=$record_file "$here/scardssp-run" "$@" || record_code=$?
    if ! is_session "$record_file"; then
        rm -f "$record_file"
        record_code=$((record_code ? record_code : 3))
        case $1 in
        *\\*) ;;
        *)
            [ -e "$1" ] || fail "nothing was recorded: there is no file $1 here, and no program \
of that name came to scardssp" 3
            ;;
        esac
        fail "nothing was recorded, for $1 did not come to scardssp; scardssp-setup doctor \
$(shown "$1") tells why" $record_code
    fi
    printf "scardtool: %s commands are recorded in %s; what was read from the card is in it, so \
look through it before you give it away\n" "$(grep -c '^[^#].* > ' "$record_file")" \
        "$record_file" >&2
    exit $record_code
}

# ---- replaying ----

# replay_main FILE [PROGRAM [ARGUMENT]...]: the card of the record is in vpcd's reader while the
# program runs, or until this is ended.
replay_main()
{
    [ $# -gt 0 ] || fail "replay needs a record; see scardtool replay --help" 2
    replay_file=$1
    shift
    [ -r "$replay_file" ] && [ -f "$replay_file" ] || fail "$replay_file cannot be read" 3
    is_session "$replay_file" || fail "$replay_file is no record of scardtool record's"
    replay_card=$tools_dir/scardssp-simcard
    [ -x "$replay_card" ] || fail "$replay_card is missing; install scardssp again"
    "$replay_card" --check --profile "$replay_file" > /dev/null || exit
    replay_work=$(mktemp -d) || fail "no temporary directory can be made"
    "$replay_card" --profile "$replay_file" --log "$replay_work/log" &
    replay_pid=$!
    # shellcheck disable=SC2064 # as they are now
    trap "kill $replay_pid 2> /dev/null; rm -rf '$replay_work'" EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    replay_wait
    replay_code=0
    if [ $# = 0 ]; then
        echo "scardtool: the card is in $replay_reader; interrupt this to take it out" >&2
        wait $replay_pid || replay_code=$?
    else
        "$here/scardssp-run" "$@" || replay_code=$?
    fi
    replay_unknown=$(grep -c 'not in the session' "$replay_work/log") || :
    [ "$replay_unknown" = 0 ] ||
        echo "scardtool: $replay_unknown commands were not in the record, and got 6F00" >&2
    exit $replay_code
}

# Waits until programs see the card, by its ATR: pcscd may have to start. Sets $replay_reader.
replay_wait()
{
    replay_atr=$(sed -n 's/^[^#].* connect .* ATR \([0-9A-F][0-9A-F]*\) .*/\1/p' "$replay_file" |
        head -n 1)
    for replay_try in 1 2 3 4 5 6; do
        # pcscd may still show a card that was just taken out.
        sleep 1
        (tool readers) < /dev/null 2> /dev/null | tr -d '\r' > "$replay_work/readers" || :
        replay_reader=$(ATR=$replay_atr awk '
            /^[0-9]+: / { reader = substr($0, index($0, ": ") + 2) }
            $1 == "ATR" && $2 == ENVIRON["ATR"] { print reader; exit }' "$replay_work/readers")
        [ -z "$replay_reader" ] || return 0
    done
    fail "the card does not come into a reader; install vpcd (Debian: vsmartcard-vpcd), and run: \
systemctl restart pcscd; scardssp-setup doctor looks after the rest"
}

case ${1:-},${2:-} in
record,-h | record,--help | replay,-h | replay,--help) tool "$@" ;;
record,*)
    shift
    record_file=
    while [ $# -gt 0 ]; do
        case $1 in
        --output)
            [ -n "${2:-}" ] || fail "--output needs a file" 2
            record_file=$2
            shift
            ;;
        --) shift; break ;;
        -*) fail "unknown option $1; see scardtool record --help" 2 ;;
        *) break ;;
        esac
        shift
    done
    record_main "$@"
    ;;
replay,*)
    shift
    [ "${1:-}" != -- ] || shift
    case ${1:-} in
    -*) fail "unknown option $1; see scardtool replay --help" 2 ;;
    esac
    replay_main "$@"
    ;;
*) tool "$@" ;;
esac
