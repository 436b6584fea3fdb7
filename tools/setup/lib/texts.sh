# Causes and remedies from the file doctor-texts.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses output.sh, machine.sh.

# told ID FIELD [NAME=VALUE...]: that text of doctor-texts
told()
(
    told_id=$1 told_field=$2
    shift 2
    for told_value in "PREFIX=$prefix" "BITS=${width:-}" "$@"; do
        export "told_$told_value"
    done
    ID=$told_id FIELD=$told_field awk '
        /^\[/ { here = $0 == "[" ENVIRON["ID"] "]" }
        here && index($0, ENVIRON["FIELD"] ": ") == 1 {
            rest = substr($0, length(ENVIRON["FIELD"]) + 3)
            while (match(rest, /\{[A-Z]+\}/)) {
                name = substr(rest, RSTART + 1, RLENGTH - 2)
                text = text substr(rest, 1, RSTART - 1) \
                    (("told_" name) in ENVIRON ? ENVIRON["told_" name] : "{" name "}")
                rest = substr(rest, RSTART + RLENGTH)
            }
            print text rest
        }' "$setup_lib/doctor-texts"
)

# result_of STATE PART ID [NAME=VALUE...]: that cause and remedy as a line of the outcome
result_of()
{
    of_state=$1 of_part=$2 of_id=$3
    shift 3
    result "$of_part" "$of_state" "$(told "$of_id" cause "$@")" "$(told "$of_id" fix "$@")"
}

# The text that tells why there is nothing for 32-bit programs in a prefix without their half.
half_absent()
{
    if kernel_refuses; then echo "kernel-$kernel_why"; else echo half-absent; fi
}

# width_text WIDTH: the text that tells why programs of that width do not run; width_packages WIDTH:
# what makes them run on Debian
width_text()
{
    if [ "$1" = 32 ] && kernel_refuses; then echo "kernel-$kernel_why"; else echo width; fi
}

width_packages()
{
    if [ "$1" = 32 ]; then echo wine32:i386, scardssp-wine:i386; else echo wine64; fi
}
