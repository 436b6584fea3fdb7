# Prints for each C file "FILE" and clang-format's --lines options for what it may lay out in there.
# Left to its author is what has columns that mean something: initialisers and enums of several
# lines, macros with braces or of several lines, several cases in a line, functions as members.
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
    for (; n <= lines; n++)
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
    return lines
}
function leave(first, last)
{
    for (; first <= last; first++) left[first] = 1
}
# Whether an initialiser or an enum of several lines begins in line N.
function begins_table(n, text)
{
    return text ~ /= *{/ || (text ~ /=$/ && line[n + 1] ~ /^ *{/) ||
        (text ~ /^ *(typedef )?enum( [a-z_0-9]+)?$/ && line[n + 1] ~ /^ *{/)
}
function print_file(    n, text, first, first_free)
{
    for (n = 1; n <= lines; n++)
    {
        text = bare(line[n])
        if (text ~ /^ *#/)
        {
            first = n
            while (line[n] ~ /\\$/ && n < lines) n++
            if (n > first || text ~ /{/) leave(first, n)
        }
        else if (begins_table(n, text))
        {
            first = n
            n = end(n)
            if (n > first) leave(start(first), n)
        }
        else if (text ~ /case .*: *case /) leave(n, n)
        else if (text ~ /^ +[A-Za-z_0-9 ]+ \**\(\*[a-z_0-9]+\)/ && text !~ /;$/)
        {
            first = n
            while (bare(line[n]) !~ /;$/ && n < lines) n++
            leave(first, n)
        }
    }
    printf "%s", file
    for (n = 1; n <= lines + 1; n++)
        if (n > lines || left[n])
        {
            if (first_free) printf " --lines=%d:%d", first_free, n - 1
            first_free = 0
        }
        else if (!first_free) first_free = n
    printf "\n"
    split("", left)
    split("", line)
}
FNR == 1 {
    if (NR > 1) print_file()
    file = FILENAME
}
{ line[lines = FNR] = $0 }
END { if (NR) print_file() }
