# doctor --report of scardssp-setup: one text file that tells a supporter what there is to know.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, wine.sh, overrides.sh, status.sh, doctor.sh.
#
# Traces hide codes by themselves. What tells who the user is, is taken out here.

report_heading="scardssp: report of scardssp-setup doctor"

# report_main FILE [PROGRAM]: exits as doctor does.
report_main()
{
    report_possible "$1"
    shift
    report_take_trace
    report_code=0
    # Those who help need not have the user's language.
    : > "$work/doctor"
    (export TELL_COPY="$work/doctor"; environment_told; doctor_main "$@") || report_code=$?
    report_knows
    report_write > "$work/report" 2> "$work/words"
    [ "$verbose" = 0 ] || cat "$work/words" >> "$work/report"
    { report_masked < "$work/report" > "$work/masked" && report_place; } || {
        say report-unwritable "FILE=$report_file"
        exit 1
    }
    tell line ok report report-written "FILE=$report_file"
    exit $report_code
}

# The user's own trace, as it is before this run: its programs do not write to it, and push nothing
# out of its end.
report_take_trace()
{
    env > "$work/environment"
    report_traced=
    [ -z "${SCARDSSP_TRACE:-}" ] || [ ! -f "$SCARDSSP_TRACE" ] || {
        report_traced=$SCARDSSP_TRACE
        tail -n "$report_lines" "$report_traced" > "$work/traced"
    }
    unset SCARDSSP_TRACE
}

# doctor's answers stayed in its subshell; it also ends where there is no Wine, or no prefix.
report_knows()
{
    wine='' wine_version='' prefix_kind='' widths=''
    [ -z "$home_why$work_why" ] || return 0
    (wine_find) > /dev/null 2>&1 || return 0
    wine_find
    prefix_find
}

# report_possible FILE: only a report is written over.
report_possible()
{
    report_file=$1 report_why=
    if [ "$report_file" = - ]; then
        report_why=report-dash
    elif [ -d "$report_file" ]; then
        report_why=report-directory
    elif [ -e "$report_file" ] && { [ ! -f "$report_file" ] ||
        [ "$(head -n 1 "$report_file" 2> /dev/null)" != "$report_heading" ]; }; then
        report_why=report-other
    elif [ ! -w "$(dirname "$report_file")" ]; then
        report_why=report-closed
    fi
    [ -z "$report_why" ] || {
        say report-refused "FILE=$report_file" "REASON~$report_why" "DIR=$(dirname "$report_file")"
        exit 1
    }
}

# By a new name beside it: what is there is replaced by a whole report, or stays.
report_place()
{
    report_new=$(mktemp "$report_file.XXXXXX") || return
    cat "$work/masked" > "$report_new" && mv "$report_new" "$report_file" || {
        rm -f "$report_new"
        return 1
    }
} 2> /dev/null

report_write()
{
    echo "$report_heading"
    echo "$(date -u +%Y-%m-%dT%H:%M:%SZ), $me $version"
    section "What doctor says"
    cat "$work/doctor"
    section "What status says"
    report_status
    section "System"
    report_system
    section "Packages"
    report_packages
    section "Environment"
    LC_ALL=C grep -E '^(SCARDSSP|WINE|PCSCLITE|LC_|LANG|XDG_SESSION|FLATPAK|STEAM)[A-Z_]*=' \
        "$work/environment" | sort
    section "Overrides"
    report_overrides
    section "pcscd"
    report_pcscd
    section "What the probe found"
    for report_width in $widths; do
        [ ! -f "$work/facts.$report_width" ] ||
            sed "s/^/$report_width-bit: /" "$work/facts.$report_width"
    done
    section "Cards"
    report_cards
    section "Trace"
    report_trace
}

# Its view is that of a new session, so doctor's facts are kept from it.
report_status()
(
    mkdir "$work/status" && work=$work/status || exit
    locale_dir=
    command=status quiet=0 failures=0
    environment_told
    status_main
)

section()
{
    printf '\n== %s ==\n' "$1"
}

report_system()
{
    sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\).*/\1/p' /etc/os-release 2> /dev/null
    uname -srm
    echo "Wine: ${wine:-not found} $wine_version"
    echo "prefix: ${prefix_kind:-not looked at}, $prefix"
    for report_word in i386-programs 32-bit-code; do
        echo "kernel, $report_word: $(machine "$report_word")"
    done
    [ ! -e /.flatpak-info ] || echo "in a Flatpak's sandbox"
    [ ! -d /run/pressure-vessel ] || echo "in Steam's runtime"
}

report_packages()
{
    if command -v dpkg-query > /dev/null; then
        dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package} ${Version}\n' \
            'wine*' 'libwine*' 'pcscd' 'libpcsclite*' 'libccid' 'scardssp*' 2> /dev/null |
            sed -n 's/^i. *//p'
    elif command -v rpm > /dev/null; then
        rpm -qa 'wine*' 'pcsc-lite*' 'ccid*' 'scardssp*' | sort
    elif command -v pacman > /dev/null; then
        pacman -Q 2> /dev/null | grep -E '^(wine|pcsclite|ccid|scardssp)'
    else
        echo "not known here"
    fi
}

# Those that have to do with smart cards.
report_overrides()
{
    [ -n "$widths" ] || return 0
    {
        override_table
        once override.all override_query DllOverrides
        once override.programs override_query AppDefaults /s
    } | awk -F '\t' '$2 ~ /^\*?(scardssp|winscard|scarddlg)?$/ { print $1 ": " $2 "=" $3 }'
}

report_pcscd()
{
    command -v pcscd > /dev/null && pcscd --version 2> /dev/null | head -n 1
    pcscd_commands | sed 's/^/runs as: /'
    if [ -d /run/systemd/system ]; then
        for report_unit in pcscd.socket pcscd.service; do
            echo "$report_unit: $(limited 10 systemctl is-active "$report_unit" 2> /dev/null)"
        done
    fi
    report_socket=${PCSCLITE_CSOCK_NAME:-/run/pcscd/pcscd.comm}
    ls -ld "$report_socket" 2> /dev/null || echo "there is no $report_socket"
    echo "connections: $(connections "$report_socket") of $(pcscd_room)"
}

report_cards()
{
    report_tool=$(report_program scardtool.exe) || return 0
    sort -u "$work"/facts.[36][24] 2> /dev/null |
        sed -n 's/^card\.[0-9]*\.atr=\([0-9A-Fa-f]*\)$/\1/p' | sort -u |
        while read -r report_atr; do
            [ -z "$report_atr" ] || wine_quiet "$report_tool" atr "$report_atr" | tr -d '\r'
        done
}

# The last lines of the user's own trace, where one is written, and what the probe's look at the
# readers gives.
report_trace()
{
    if [ -n "$report_traced" ]; then
        echo "the end of $report_traced:"
        cat "$work/traced"
    fi
    report_probe=$(report_program scardssp-probe.exe) || return 0
    (
        export SCARDSSP_TRACE="$work/trace"
        wine_quiet "$report_probe" > "$work/probe"
    )
    echo "a look at the readers:"
    tail -n "$report_lines" "$work/trace" 2> /dev/null
}
report_lines=200

# report_program NAME: that of the first width which the prefix runs
report_program()
{
    for report_width in $widths; do
        report_found=$scardssp_dir/$(width_arch "$report_width")-windows/$1
        [ ! -f "$report_found" ] || { printf '%s\n' "$report_found"; return; }
    done
    return 1
}

report_masked()
{
    report_user=$(id -un)
    report_name=$(getent passwd "$(id -u)" | cut -d : -f 5 | cut -d , -f 1)
    [ "$report_user" != root ] || report_user='' report_name=
    HIDE_HOME=${HOME:-} HIDE_USER=$report_user HIDE_NAME=$report_name HIDE_HOST=$(uname -n) \
        LC_ALL=C awk -f "$setup_lib/quotes.awk" -f "$setup_lib/mask.awk"
}
