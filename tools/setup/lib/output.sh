# Messages and results of scardssp-setup, for people and as JSON.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses $me, $command, $prefix, $quiet, $verbose, $json, $work.

# What is done, with --verbose.
note()
{
    [ "$verbose" = 0 ] || printf '%s: %s\n' "$me" "$*" >&2
}

warn()
{
    printf '%s: %s\n' "$me" "$*" >&2
}

# json_string TEXT: with its quotes
json_string()
{
    printf '%s' "$1" | LC_ALL=C awk '
        BEGIN { for (i = 1; i < 32; i++) code[sprintf("%c", i)] = sprintf("\\u%04x", i) }
        {
            line = ""
            for (i = 1; i <= length($0); i++) {
                c = substr($0, i, 1)
                line = line (c == "\\" || c == "\"" ? "\\" c : c in code ? code[c] : c)
            }
            text = text (NR > 1 ? "\\n" : "") line
        }
        END { printf "\"%s\"", text }'
}

# result PART STATE TEXT [FIX]: one line of the outcome, printed at once, or kept for --json.
# PART is what it is about ("64-bit", "dll path"); STATE is ok, unchanged, skipped, warning or
# failed, and failed makes the exit status 1. TEXT says it in words, FIX what to do about it.
failures=0
result()
{
    [ "$2" != failed ] || failures=$((failures + 1))
    if [ "$json" = 1 ]; then
        {
            [ ! -s "$work/results" ] || printf ', '
            printf '{"part": %s, "state": "%s", "text": %s' \
                "$(json_string "$1")" "$2" "$(json_string "$3")"
            [ -z "${4:-}" ] || printf ', "fix": %s' "$(json_string "$4")"
            printf '}'
        } >> "$work/results"
        return 0
    fi
    case $2 in
    ok | unchanged | skipped) [ "$quiet" = 0 ] || return 0 ;;
    esac
    case $2 in
    ok) printf '%-9s %s\n' "$1:" "$3" ;;
    failed) printf '%-9s FAILED: %s\n' "$1:" "$3" ;;
    *) printf '%-9s %s: %s\n' "$1:" "$2" "$3" ;;
    esac
    [ -z "${4:-}" ] || printf '%-9s to do: %s\n' "" "$4"
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
        [ ! -f "$work/results" ] || cat "$work/results"
        printf '], "exit": %d}\n' "$finish_code"
    fi
    exit "$finish_code"
}

# stop PART TEXT FIX: nothing further can be done.
stop()
{
    result "$1" failed "$2" "${3:-}"
    finish
}
