# Prints clang-format's --lines options for what it may lay out in a C file. Left to its author is what has
# columns that mean something: initialisers and enums of several lines, macros with braces or of several
# lines, several cases in a line, functions as members.
# SPDX-License-Identifier: LGPL-2.1-or-later

# What is left of a line without literals and comments.
function bare(text)
{
    gsub(/"([^"\\]|\\.)*"|'([^'\\]|\\.)*'/, "x", text)
    gsub(/\/\*([^*]|\*[^\/])*\*\//, "", text)
    sub(/\/[\/*].*/, "", text)
    sub(/[ \t]+$/, "", text)
    return text
}
function indent(text)
{
    match(text, /^ */)
    return RLENGTH
}
# The line in which the declaration begins that line N is a part of.
function start(n,   width)
{
    width = indent(line[n])
    while (n > 1 && (indent(line[n]) != width || line[n] ~ /^ *[{}]/)) n--
    return n
}
# The line in which the braces close that line N or the next one opens.
function end(n,   text, depth, opened, opens, closes)
{
    for (; n <= NR; n++)
    {
        text = bare(line[n])
        opens = gsub(/{/, "", text)
        closes = gsub(/}/, "", text)
        # The brace that closes a struct stands in the line of its variable.
        if (!opened && closes) closes = closes > opens ? 0 : closes
        depth += opens - closes
        if (opens) opened = 1
        if (opened && depth <= 0) return n
    }
    return NR
}
function leave(first, last)
{
    for (; first <= last; first++) left[first] = 1
}
{ line[NR] = $0 }
END {
    for (n = 1; n <= NR; n++)
    {
        text = bare(line[n])
        if (text ~ /^ *#/)
        {
            first = n
            while (line[n] ~ /\\$/ && n < NR) n++
            if (n > first || text ~ /{/) leave(first, n)
        }
        else if (text ~ /= *{/ || (text ~ /=$/ && line[n + 1] ~ /^ *{/) || (text ~ /^ *(typedef )?enum( [a-z_0-9]+)?$/ && line[n + 1] ~ /^ *{/))
        {
            first = n
            n = end(n)
            if (n > first) leave(start(first), n)
        }
        else if (text ~ /case .*: *case /) leave(n, n)
        else if (text ~ /^ +[A-Za-z_0-9 ]+ \**\(\*[a-z_0-9]+\)/ && text !~ /;$/)
        {
            first = n
            while (bare(line[n]) !~ /;$/ && n < NR) n++
            leave(first, n)
        }
    }
    for (n = 1; n <= NR + 1; n++)
        if (n > NR || left[n])
        {
            if (first_free) printf " --lines=%d:%d", first_free, n - 1
            first_free = 0
        }
        else if (!first_free) first_free = n
}
