#!/bin/bash
# The inside and the report of `tools/bench --winscard`: winscard.dll beside libpcsclite.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -eu

usage()
{
    cat <<'TEXT'
Usage: tools/bench --winscard [--wine 8|10] [--json] [--rounds N] [--wait SECONDS]
                   [--card PROFILE] [--builddir DIR]

Builds, then runs one program, compiled for this system and for Windows, over libpcsclite, over this
project's winscard.dll and (--wine 10) over Wine's own, in turn against one simulated card, all on
one processor, and prints medians of the rounds. Then it counts the messages to pcscd, and watches
one wait of some seconds.

  --wine 8|10      which Wine (default 8, whose own winscard.dll reaches no card)
  --json           print one JSON object instead of the table: for each row an object with a number
                   for each column, native, ours64, ours32, wine64, wine32; null: could not be had
  --rounds N       how often each program runs (default 5)
  --wait SECONDS   how long the wait is (default 60); there are two for each column
  --card PROFILE   the simulated card (default iso-t1)
  --builddir DIR   where the build is or goes (default build)

Rows: apdu_us, connect_us (SCardConnect, SCardStatus, SCardDisconnect), each with its ratio to
native (apdu_ratio, connect_ratio); cancel_us from SCardCancel until the wait in another thread has
returned, and the worst of 50 (cancel_worst_us); messages_per_apdu, messages_per_connect,
messages_per_wait; wakeups_per_s (voluntary switches of all threads) and cpu_s, user and system, of
the process while it waits.
TEXT
}

me=bench
top=$(cd "$(dirname "$0")/../.." && pwd)
. "$top/tools/lib/common.sh"

json=0 rounds=5 card=iso-t1 builddir=$top/build wine=8 seconds=60 inside=0
while [ $# -gt 0 ]; do
    case $1 in
    --json) json=1 ;;
    --rounds) rounds=${2:?--rounds needs a number}; shift ;;
    --wait) seconds=${2:?--wait needs seconds}; shift ;;
    --card) card=${2:?--card needs a profile}; shift ;;
    --builddir) builddir=$(absolute "${2:?--builddir needs a directory}"); shift ;;
    --wine) wine=${2:?--wine needs 8 or 10}; shift ;;
    --inside) inside=1 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
    esac
    shift
done
case $wine in 8 | 10) ;; *) die "--wine takes 8 or 10" ;; esac
bench=$builddir/tests/bench

# ---- inside the rig ----

# The columns that can be had, each with its program in $results/COLUMN.
place_programs()
{
    local bits arch whose
    columns=native
    mkdir "$results/native"
    cp "$bench/native_pcscapi" "$results/native/pcscapi"
    for bits in $SCARDSSP_TEST_WIDTHS; do
        [ -z "${SCARDSSP_RIG_EMULATED:-}" ] || [ "$bits" = 64 ] || continue
        arch=x86_64
        [ "$bits" = 64 ] || arch=i386
        for whose in ours wine; do
            [ $whose = ours ] || [ "$wine" = 10 ] || continue
            mkdir "$results/$whose$bits"
            cp "$bench/$arch/pcscapi.exe" "$results/$whose$bits"
            [ $whose = wine ] || cp "$builddir/$arch-windows/winscard.dll" "$results/$whose$bits"
            columns="$columns $whose$bits"
        done
    done
    echo "$columns" > "$results/columns"
}

# run COLUMN ARGUMENT...: in place of this shell.
run()
{
    local column=$1
    shift
    case $column in
    native) exec "$results/native/pcscapi" "$reader" "$empty" "$@" ;;
    ours*) export WINEDLLOVERRIDES="${WINEDLLOVERRIDES:-mscoree,mshtml=};winscard=n,b" ;;
    esac
    exec wine "$results/$column/pcscapi.exe" "$reader" "$empty" "$@"
}

# What Wine's own cannot do is told by its absence.
measure_times()
{
    local round column
    for round in $(seq "$rounds"); do
        say "round $round of $rounds"
        for column in $columns; do
            (run "$column" times) > "$results/times.$column.$round" \
                2> "$results/errors.$column" || :
        done
    done
}

# Wine's own loads libpcsclite by its name, where no counter can stand.
measure_counts()
{
    local column variable
    for column in $columns; do
        case $column in
        native) variable=LD_PRELOAD ;;
        ours*) variable=SCARDSSP_PCSCLITE ;;
        *) continue ;;
        esac
        : > "$results/counter"
        (
            export $variable=$bench/libpcsccount.so PCSC_COUNTER_FILE=$results/counter
            file=$results/counter
            [ "$column" = native ] || file=Z:$file
            run "$column" count "$file" "$seconds"
        ) > "$results/counts.$column" 2> "$results/errors.$column" ||
            say "counting $column failed: $(tail -n 1 "$results/errors.$column")"
    done
}

# sample COLUMN: "WAKE-UPS TICKS" so far, of all threads of the processes that run its program: a
# 32-bit one is another process than the one that was started.
sample()
{
    local line pid wakeups=0 ticks=0
    for pid in $(grep -lE "$1[/\\\\]+pcscapi" /proc/[0-9]*/cmdline | tr -cd '0-9\n'); do
        line=$(cat /proc/"$pid"/task/*/status | awk '/^voluntary/ { n += $2 } END { print n }')
        wakeups=$((wakeups + line))
        line=$(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')
        ticks=$((ticks + line))
    done
    echo "$wakeups $ticks"
}

# One wait, watched from its second second to its last but one.
watch_wait()
{
    local column=$1 before after tries=0
    : > "$results/waiting"
    (run "$column" wait "$seconds") > /dev/null 2> "$results/waiting" &
    until grep -q waiting "$results/waiting"; do
        sleep 0.1
        tries=$((tries + 1))
        [ $tries -lt 300 ] || break
    done
    sleep 1
    before=$(sample "$column" 2> /dev/null) || before=
    sleep $((seconds - 2))
    after=$(sample "$column" 2> /dev/null) || after=
    # Without a wait there is nothing to watch.
    wait $! || return 0
    echo "$before $after" | awk -v s=$((seconds - 2)) -v hz="$(getconf CLK_TCK)" 'NF == 4 {
        printf "wakeups_per_s %.2f\ncpu_s %.2f\n", ($3 - $1) / s, ($4 - $2) / hz }' \
        > "$results/wait.$column"
}

measure()
{
    local column
    results=$SCARDSSP_BENCH_RESULTS
    reader=${SCARDSSP_TEST_READER:-Virtual PCD 00 00} empty=${SCARDSSP_TEST_READER2:-}
    empty=${empty:-Virtual PCD 00 01}
    place_programs
    measure_times
    say "counting, and a wait of $seconds seconds each"
    measure_counts
    for column in $columns; do
        watch_wait "$column"
    done
}

# ---- the report ----

all_columns="native ours64 ours32 wine64 wine32"

# value NAME COLUMN: the median of the rounds, or the one value; null where there is none.
value()
{
    cat "$results/times.$2".* "$results/counts.$2" "$results/wait.$2" 2> /dev/null |
        awk -v name="$1" '$1 == name { print $2 }' | sort -g |
        awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : "null" }'
}

# ratio A B: null where one of them is
ratio()
{
    awk -v a="$1" -v b="$2" 'BEGIN { if (a == "null" || b == "null") print "null"
        else printf "%.4f\n", a / b }'
}

# row NAME: a value for each column
row()
{
    local name=$1 column line=$1 native
    case $name in
    *_ratio)
        name=${name%_ratio}_us
        native=$(value "$name" native)
        for column in $all_columns; do
            line="$line $(ratio "$(value "$name" "$column")" "$native")"
        done
        ;;
    *) for column in $all_columns; do line="$line $(value "$name" "$column")"; done ;;
    esac
    echo "$line"
}

rows()
{
    local name
    for name in apdu_us apdu_ratio connect_us connect_ratio cancel_us cancel_worst_us \
        messages_per_apdu messages_per_connect messages_per_wait wakeups_per_s cpu_s; do
        row $name
    done
}

report_json()
{
    rows | awk -v columns="$all_columns" 'BEGIN { split(columns, names, " "); printf "{" }
        { printf "%s\"%s\": {", (NR > 1 ? ", " : ""), $1
          for (i = 2; i <= NF; i++) printf "%s\"%s\": %s", (i > 2 ? ", " : ""), names[i - 1], $i
          printf "}" }
        END { print "}" }'
}

report_table()
{
    printf '%-22s %12s %12s %12s %12s %12s\n' "medians of $rounds rounds" native "ours 64-bit" \
        "ours 32-bit" "Wine's 64" "Wine's 32"
    rows | awk '{ printf "%-22s", $1
        for (i = 2; i <= NF; i++) printf " %12s", $i == "null" ? "-" : $i
        print "" }'
}

if [ $inside = 1 ]; then
    measure
    exit
fi
"$top/tools/build" --builddir "$builddir" all rig-tools bench-programs >&2
SCARDSSP_BENCH_RESULTS=$(mktemp -d)
export SCARDSSP_BENCH_RESULTS
results=$SCARDSSP_BENCH_RESULTS
trap 'rm -rf "$SCARDSSP_BENCH_RESULTS"' EXIT
# As for COM: on one processor daemon and client are not apart.
processor=$(taskset -cp $$ | sed 's/.*: //; s/[-,].*//')
taskset -c "$processor" "$top/tools/rig" --wine "$wine" --builddir "$builddir" --card "$card" \
    "$top/tests/bench/winscard.sh" --inside --wine "$wine" --rounds "$rounds" --wait "$seconds" \
    --builddir "$builddir" >&2 ||
    die "the benchmark did not run through; its output is above"
if [ $json = 1 ]; then report_json; else report_table; fi
