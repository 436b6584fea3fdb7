# Shows what a long step does and how far it is.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Source after common.sh, with $me set.
#
# On a terminal (standard error) a step is one line that is rewritten each second; elsewhere one
# line at its begin, one at its end, and between them one every $progress_every seconds at most.

progress_every=${progress_every:-15}

# with_progress WHAT METER COMMAND...: runs COMMAND in this shell and returns its status. METER is a
# command line that prints how far it is, in a few words; '' where only time can be told. Steps are
# not nested: a step within a step is part of it. What COMMAND says goes above the line. errexit
# does not end COMMAND.
with_progress()
{
    local what=$1 meter=$2 began=$SECONDS status=0 parent=$BASHPID ticker
    shift 2
    if [ -n "$progress_open" ]; then
        "$@"
        return
    fi
    progress_open=plain
    [ ! -t 2 ] || progress_open=rewritten
    progress_line "$what"
    progress_ticker "$what" "$meter" "$parent" < /dev/null > /dev/null 8>&- 9>&- &
    ticker=$!
    "$@" || status=$?
    # The shell would tell that it was ended.
    { kill "$ticker" && wait "$ticker"; } 2> /dev/null || :
    if [ $status = 0 ]; then
        progress_line "$what: done, $((SECONDS - began)) s"
    else
        progress_line "$what: failed after $((SECONDS - began)) s"
    fi
    [ "$progress_open" = plain ] || echo >&2
    progress_open=
    return $status
}
progress_open=

# progress_line TEXT: the line of the step, at most as long as the terminal is wide.
progress_line()
{
    local columns
    if [ "$progress_open" = plain ]; then
        echo "$me: $*" >&2
        return
    fi
    columns=$(stty size <&2 2> /dev/null | cut -d ' ' -f 2)
    [ "${columns:-0}" -gt 20 ] || columns=80
    printf '\r\033[K%.*s' $((columns - 1)) "$me: $*" >&2
}

# progress_ticker WHAT METER PID: until it is ended, or PID has gone.
progress_ticker()
{
    local what=$1 meter=$2 parent=$3 began=$SECONDS last=$SECONDS far
    while sleep 1 2> /dev/null && kill -0 "$parent" 2> /dev/null; do
        [ "$progress_open" = rewritten ] || [ $((SECONDS - last)) -ge "$progress_every" ] ||
            continue
        far=$([ -z "$meter" ] || eval "$meter" 2> /dev/null) || :
        progress_line "$what: ${far:+$far, }$((SECONDS - began)) s"
        last=$SECONDS
    done
}

# ---- meters ----

# files_in DIR TOTAL
files_in()
{
    echo "$(find "$1" -type f | wc -l) of about $2 files"
}

# megabytes_in DIR TOTAL
megabytes_in()
{
    echo "$(du -sm "$1" | cut -f 1) of about $2 MB"
}

# apt_far FILE: what apt-get wrote to its APT::Status-Fd.
apt_far()
{
    awk -F : '$1 == "dlstatus" { did = "downloaded " int($3) " %" }
        $1 == "pmstatus" { did = "installed " int($3) " %" }
        END { print did }' "$1"
}

# compiled_in LOG TOTAL: of make's lines "  CC  file" (V=0) in LOG.
compiled_in()
{
    echo "$(grep -cE '^  [A-Z]{2,} ' "$1") of $2 files"
}
