# The texts as a table for tell.awk, or as messages for gettext.
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# awk -v messages=1 -f texts.awk FILE...: each text, and a line with a mark behind it
# awk -f texts.awk FILE... < TRANSLATED: lines ID, text or fix, the English text, the user's, with
# tabs between. TRANSLATED is what gettext makes of those messages, or empty.
#
# A file has sections "[ID]" with lines "text: ..." ("cause: ..." is the same) and "fix: ...". Only
# what is sound is taken of a translation, so that a bad catalogue cannot break anything: lines
# without control characters, as many as were asked for.

BEGIN { mark = "\036" }

/^\[/ { id = substr($0, 2, length($0) - 2) }

/^(text|cause|fix): / {
    field = $0 ~ /^fix/ ? "fix" : "text"
    count++
    ids[count] = id "\t" field
    english[count] = substr($0, index($0, ": ") + 2)
}

function translated(    all, line, i)
{
    while ((getline line < "-") > 0) all = all (all == "" ? "" : "\n") line
    if (split(all, own, mark) != count + 1) return 0
    for (i = 1; i <= count; i++) {
        # gettext has blanks between messages; a line break where xargs began anew.
        sub(/^[ \n]/, "", own[i])
        sub(/ $/, "", own[i])
        if (own[i] ~ /[\001-\037\177]/) own[i] = ""
    }
    return 1
}

END {
    if (messages) {
        for (i = 1; i <= count; i++) print english[i] "\n" mark
        exit
    }
    good = translated()
    for (i = 1; i <= count; i++)
        print ids[i] "\t" english[i] "\t" (good && own[i] != "" ? own[i] : english[i])
}
