#!/bin/bash
# Every command in the EXAMPLES of the manual pages does what the page shows; inside tools/rig (card
# iso-t1).
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/rig tests/setup/examples.sh [PAGE]
#
# An example is a line "$ COMMAND" between .nf and .fi; lines of its output follow, in which "..."
# stands for anything, and "(exit status N)" where that is not 0. A command with no line of output
# prints nothing. Examples run one after the other, in a directory with the files of their names.
set -u

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${SCARDSSP_BUILD:?run this inside tools/rig}
base=${base_prefix:?run this inside tools/rig}
work=/run/scardssp-rig/examples
mkdir -p "$work"
. "$top/tests/setup/setuptest.sh"
request=$top/tests/rig/request
arch=i386
[ "${SCARDSSP_BITS:-64}" = 32 ] || arch=x86_64

# examples FILE: lines "N COMMAND", then its lines of output with a tab before them
examples()
{
    awk '
        /^\.SH / { inside = $2 == "EXAMPLES" }
        /^\.nf/ { shown = inside; next }
        /^\.fi/ { shown = 0 }
        !shown { next }
        {
            gsub(/\\-/, "-"); gsub(/\\e/, "\\"); gsub(/\\\(aq/, "\047"); gsub(/\\&/, "")
            if (/^\$ /) print ++n " " substr($0, 3)
            else if (n) print "\t" $0
            else print "0 no command before: " $0
        }' "$1"
}

# pattern LINE: a regular expression for a line of the page
pattern()
{
    printf '%s\n' "$1" | sed -e 's/[][\.*^$]/\\&/g' -e 's/\\\.\\\.\\\./.*/g' -e 's/^/^/' -e 's/$/$/'
}

# The files that examples name, and the programs as an installation has them on PATH.
prepare()
{
    local program
    mkdir -p "$work/bin" "$work/here"
    for program in scardssp-run scardtool; do
        ln -sf "$build/$program" "$work/bin/$program"
    done
    # As a user: root's default is Wine's own directory.
    printf '#!/bin/sh\nexec "%s/scardssp-setup" --user "$@"\n' "$build" > "$work/bin/scardssp-setup"
    chmod 755 "$work/bin/scardssp-setup"
    cp "$build/tools/samples/i386/cardinfo.exe" "$work/here/client.exe"
    mkdir -p "$WINEPREFIX/drive_c/Program Files/Bank"
    cp "$work/here/client.exe" "$WINEPREFIX/drive_c/Program Files/Bank/client.exe"
    cp "$top/tools/samples/example.profile" "$work/here/"
    cp "$top/tests/e2e/import/opensc.inf" "$work/here/minidriver.inf"
}

# ended NAME: the example that was read is run, and compared.
ended()
{
    local code=0 wanted=0 line
    [ -n "$example" ] || return 0
    run=$((run + 1))
    case $example in
    LANGUAGE=*)
        if ! command -v gettext > /dev/null || [ ! -d "$build/locale" ]; then
            skipped=$((skipped + 1))
            echo "examples.sh: skipped: $example: no gettext, here or in the build"
            return
        fi
        ;;
    *"scardtool replay"*) "$request" card eject > /dev/null ;;
    esac
    (cd "$work/here" && in_session bash -c "$example") < /dev/null > "$work/out.raw" 2>&1 || code=$?
    tr -d '\r\0' < "$work/out.raw" | grep -v '^wine client error' > "$work/out"
    : > "$work/err"
    case $example in
    *"scardtool replay"*)
        "$request" card insert > /dev/null
        # pcscd sees it after a while, and resets it then, under the next example.
        sleep 3
        ;;
    esac
    [ "$shown" -gt 0 ] || [ ! -s "$work/out" ]
    check $? "$1: $example: it prints what the page does not show"
    while IFS= read -r line; do
        case $line in
        "(exit status "*) wanted=${line//[^0-9]/} ;;
        *)
            grep -q -e "$(pattern "$line")" "$work/out"
            check $? "$1: $example: no line \"$line\""
            ;;
        esac
    done < "$work/shown"
    [ $code = "$wanted" ]
    check $? "$1: $example: exit status $code, not $wanted"
}

# page FILE NAME
page()
{
    local line example='' shown=0 run=0
    examples "$1" > "$work/examples"
    [ "$(grep -c '^[1-9]' "$work/examples")" -ge 3 ] && ! grep -q '^0' "$work/examples"
    check $? "$2: few examples, or lines without a command: $(grep '^0' "$work/examples")"
    : > "$work/shown"
    while IFS= read -r line; do
        case $line in
        "	"*)
            printf '%s\n' "${line#	}" >> "$work/shown"
            shown=$((shown + 1))
            ;;
        *)
            ended "$2"
            : > "$work/shown"
            shown=0 example=${line#* }
            ;;
        esac
    done < "$work/examples"
    ended "$2"
    [ $run = "$(grep -c '^[1-9]' "$work/examples")" ]
    check $? "$2: $run examples were run"
}

scenario_examples()
{
    local name file
    new_prefix examples
    prepare
    export PATH=$work/bin:$PATH LC_ALL=C.UTF-8
    unset LANGUAGE
    for name in scardssp-setup.1 scardssp-run.1 scardtool.1 scardssp.7; do
        # They are installed as they are.
        file=$(find "$top/tools" "$top/dlls" -name "$name")
        case $name in
        scardssp-setup.1) ;;
        scardssp-run.1) scardssp-setup install --winscard > "$work/out" 2>&1 ;;
        esac
        case ${1:-$name} in
        "$name") page "$file" "$name" ;;
        esac
    done
}

own_wine
scenario_examples "$@"
end_prefix
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
