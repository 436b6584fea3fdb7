# Texts from the files doctor-texts and setup-texts, in the user's language.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses $setup_lib, $locale_dir and, where they are set, $work, $prefix and $width.
#
# English is the source; gettext's catalogues have the other languages. Without gettext, a catalogue
# or a locale everything is told in English. All texts are translated at once, since a process for
# each would take longer.

# Whether there may be a translation.
texts_foreign()
{
    case ${LC_ALL:-${LC_MESSAGES:-${LANG:-C}}},${LANGUAGE:-} in
    C,* | POSIX,* | C.*, | en*, | *,en | *,en[_.@:]*) return 1 ;;
    esac
    [ -d "${locale_dir:-}" ] && command -v gettext > /dev/null
}

# Prints the table.
texts_table()
{
    {
        ! texts_foreign ||
            LC_ALL=C awk -v messages=1 -f "$setup_lib/texts.awk" "$setup_lib/doctor-texts" \
                "$setup_lib/setup-texts" |
            TEXTDOMAIN=scardssp TEXTDOMAINDIR="$locale_dir" xargs -d '\n' gettext -s --
    } 2> /dev/null | LC_ALL=C awk -f "$setup_lib/texts.awk" "$setup_lib/doctor-texts" \
        "$setup_lib/setup-texts"
}

# tell HOW STATE PART ID [NAME=VALUE | NAME~ID]...: see tell.awk; the values of PREFIX and BITS are
# known
tell()
{
    tell_how=$1 tell_state=$2 tell_part=$3 tell_id=$4
    shift 4
    set -- "$tell_how" "$tell_state" "$tell_part" "$tell_id" "PREFIX=${prefix:-}" \
        "BITS=${width:-}" "$@"
    if [ "$tell_how" = string ]; then
        LC_ALL=C awk -f "$setup_lib/quotes.awk" -f "$setup_lib/tell.awk" -- /dev/null "$@"
    elif [ -n "${work:-}" ]; then
        [ -f "$work/texts" ] || texts_table > "$work/texts"
        LC_ALL=C awk -f "$setup_lib/quotes.awk" -f "$setup_lib/tell.awk" -- "$work/texts" "$@"
    else
        texts_table | LC_ALL=C awk -f "$setup_lib/quotes.awk" -f "$setup_lib/tell.awk" -- - "$@"
    fi
}

# tell_help LAYOUT: a usage: lines of what to type, a tab, and the ID of the text that tells of it,
# perhaps in a second line; or of a text alone, or none
tell_help()
{
    TELL_HELP=$1 tell help "" "" ""
}

# say ID [NAME=VALUE | NAME~ID]...: that text alone, on the standard error, behind the program's
# name
say()
{
    printf '%s: %s\n' "$me" "$(tell text "" "" "$@")" >&2
}
