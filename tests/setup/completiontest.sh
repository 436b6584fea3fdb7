# What bash would offer, for check-completion and scardtool.sh.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced; uses $top.

. "$top/tools/completion/scardssp-setup"

# offers LINE: the words for the end of LINE, whose last word may be empty, one a line
offers()
{
    local COMP_WORDS COMP_CWORD COMPREPLY=() function
    read -ra COMP_WORDS <<< "$1"
    [ "${1% }" = "$1" ] || COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    function=$(complete -p "${COMP_WORDS[0]}" | sed 's/.*-F \([^ ]*\) .*/\1/')
    "$function"
    printf '%s\n' "${COMPREPLY[@]}"
}

# options_of FILE: the long options that a usage tells, one a line
options_of()
{
    sed -n 's/^  \( *\|-[a-zA-Z], \)\(--[a-z-]*\).*/\2/p' "$1"
}
