# Results of scardssp-setup, for people and as JSON.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses $me, $command, $prefix, $quiet, $verbose, $json, $work, texts.sh.

# note ID [NAME=VALUE...]: what is done, with --verbose
note()
{
    [ "$verbose" = 0 ] || say "$@"
}

# json_string TEXT: with its quotes
json_string()
{
    tell string "" "" "$1"
}

# result_of STATE PART ID [NAME=VALUE | NAME~ID]...: one line of the outcome, printed at once, or
# kept for --json. PART is what it is about ("64-bit", "dll path"); STATE is ok, unchanged, skipped,
# warning or failed, and failed makes the exit status 1. The text ID says it in words, and what to
# do about it.
failures=0
result_of()
{
    [ "$1" != failed ] || failures=$((failures + 1))
    if [ "$json" = 1 ] && [ -z "$work" ]; then
        result_early=$(tell json "$@")
        return 0
    elif [ "$json" = 1 ]; then
        [ ! -s "$work/results" ] || printf ', ' >> "$work/results"
        tell json "$@" >> "$work/results"
        return 0
    fi
    case $1 in
    ok | unchanged | skipped) [ "$quiet" = 0 ] || return 0 ;;
    esac
    tell line "$@"
}

# Ends the program: with --json the whole object, then 1 if anything failed, else CODE (0).
# finish [CODE [FIELDS]]: FIELDS are further members of the object, as JSON text.
finishing=0
finish()
{
    finishing=1
    finish_code=${1:-0}
    [ "$failures" = 0 ] || finish_code=1
    if [ "$json" = 1 ]; then
        printf '{"command": "%s", "version": "%s", "prefix": %s, %s"results": [' \
            "$command" "$version" "$(json_string "$prefix")" "${2:+$2, }"
        if [ -z "$work" ]; then
            printf '%s' "$result_early"
        elif [ -f "$work/results" ]; then
            cat "$work/results"
        fi
        printf '], "exit": %d}\n' "$finish_code"
    fi
    exit "$finish_code"
}

# stop PART ID [NAME=VALUE | NAME~ID]...: nothing further can be done.
stop()
{
    result_of failed "$@"
    finish
}

# stop_early ID [NAME=VALUE...]: the same of what this program is run with, as a complaint but for
# --json and a report
stop_early()
{
    [ "$json" = 0 ] && [ -z "$report" ] || stop environment "$@"
    say "$@"
    exit 1
}
