# Tells a text with its values: a line of the outcome, in words or as JSON.
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# awk -f quotes.awk -f tell.awk TABLE HOW STATE PART ID [NAME=VALUE | NAME~ID]...
#
# TABLE is what texts.awk makes. HOW is line (in the user's language; with TELL_COPY in the
# environment the English line is appended to that file), json (one object), text (the text alone,
# in the user's language; STATE and PART are empty), string (ID alone, quoted for JSON) or help (the
# lines of TELL_HELP in the environment, the texts that they name in a second column). {NAME} in
# a text is replaced by VALUE as it is, or by the text ID; behind a ' it is in a shell's word, which
# VALUE does not end. Texts and values are data: nothing in them is a format or a program.
#
# With quotes.awk. LC_ALL is C, so letters here are bytes.

function read_texts(    line, part)
{
    while ((getline line < ARGV[1]) > 0) {
        if (split(line, part, "\t") < 4) continue
        english[part[1], part[2]] = part[3]
        own[part[1], part[2]] = part[4]
        if (part[1] ~ /^label-/) label[part[3]] = part[4]
    }
}

function read_values(    i, sign)
{
    for (i = 6; i < ARGC; i++) {
        if (!match(ARGV[i], /^[A-Z]+[=~]/)) continue
        sign = substr(ARGV[i], RLENGTH, 1)
        kind[substr(ARGV[i], 1, RLENGTH - 1)] = sign
        value[substr(ARGV[i], 1, RLENGTH - 1)] = substr(ARGV[i], RLENGTH + 1)
    }
}

function text_of(id, field, foreign)
{
    return foreign ? own[id, field] : english[id, field]
}

# A text in a text in a text is the most there is.
function filled(text, foreign, depth,    name, done)
{
    while (match(text, /\{[A-Z]+\}/)) {
        name = substr(text, RSTART + 1, RLENGTH - 2)
        done = done substr(text, 1, RSTART - 1)
        text = substr(text, RSTART + RLENGTH)
        if (!(name in kind))
            done = done "{" name "}"
        else if (kind[name] == "=")
            done = done (done ~ /\047$/ ? in_quotes(value[name]) : value[name])
        else if (depth < 3)
            done = done filled(text_of(value[name], "text", foreign), foreign, depth + 1)
    }
    return done text
}

# What names of others bring in breaks no line and moves no cursor.
function shown(text)
{
    gsub(/[\001-\037\177]/, "?", text)
    return text
}

# Columns of the terminal: a letter of Chinese takes two.
function padded(text, width,    i, c, columns)
{
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c !~ /[\200-\277]/) columns += c ~ /[\343-\355\357]/ ? 2 : 1
    }
    while (columns++ < width) text = text " "
    return text
}

function labelled(word, foreign)
{
    return foreign && (word in label) ? label[word] : word
}

function lines(foreign,    state, fix, out)
{
    state = ARGV[3]
    if (state == "ok") state = ""
    else if (state == "failed") state = labelled("FAILED:", foreign) " "
    else state = labelled(state ":", foreign) " "
    out = padded(labelled(ARGV[4] ":", foreign), 9) " " state \
        shown(filled(text_of(ARGV[5], "text", foreign), foreign)) "\n"
    fix = text_of(ARGV[5], "fix", foreign)
    if (fix != "")
        out = out padded("", 9) " " labelled("to do:", foreign) " " shown(filled(fix, foreign)) "\n"
    return out
}

function help(    count, line, i, part)
{
    count = split(ENVIRON["TELL_HELP"], line, "\n")
    for (i = 1; i <= count; i++) {
        if (split(line[i], part, "\t") > 1)
            line[i] = (part[1] == "" ? "" : padded(part[1], 22)) \
                shown(filled(text_of(part[2], "text", 1), 1))
        print line[i]
    }
}

# One letter of UTF-8 at the beginning of text, or nothing.
function letter(text)
{
    if (text ~ /^[\001-\177]/) return substr(text, 1, 1)
    if (text ~ /^[\302-\337][\200-\277]/) return substr(text, 1, 2)
    if (text ~ /^(\340[\240-\277]|[\341-\354\356\357][\200-\277]|\355[\200-\237])[\200-\277]/)
        return substr(text, 1, 3)
    if (text ~ /^(\360[\220-\277]|[\361-\363][\200-\277]|\364[\200-\217])[\200-\277][\200-\277]/)
        return substr(text, 1, 4)
    return ""
}

# What is no UTF-8 becomes U+FFFD.
function quoted(text,    c, out, i)
{
    for (i = 1; i < 32; i++) code[sprintf("%c", i)] = sprintf("\\u%04x", i)
    while (text != "") {
        if (match(text, /^[ !#-[\]-~]+/)) {
            out = out substr(text, 1, RLENGTH)
            text = substr(text, RLENGTH + 1)
            continue
        }
        c = letter(text)
        if (c == "") out = out "\\ufffd"
        else if (c == "\\" || c == "\"") out = out "\\" c
        else out = out (c in code ? code[c] : c)
        text = substr(text, c == "" ? 2 : length(c) + 1)
    }
    return "\"" out "\""
}

function object(    out, fix)
{
    out = "{\"part\": " quoted(ARGV[4]) ", \"id\": " quoted(ARGV[5]) \
        ", \"state\": " quoted(ARGV[3]) ", \"text\": " \
        quoted(filled(text_of(ARGV[5], "text", 0), 0))
    fix = text_of(ARGV[5], "fix", 0)
    return out (fix == "" ? "" : ", \"fix\": " quoted(filled(fix, 0))) "}"
}

BEGIN {
    if (ARGV[2] == "string") {
        printf "%s", quoted(ARGV[5])
        exit
    }
    read_texts()
    read_values()
    if (ARGV[2] == "json")
        printf "%s", object()
    else if (ARGV[2] == "help")
        help()
    else if (ARGV[2] == "text")
        print shown(filled(text_of(ARGV[5], "text", 1), 1))
    else {
        printf "%s", lines(1)
        if (ENVIRON["TELL_COPY"] != "")
            printf "%s", lines(0) >> ENVIRON["TELL_COPY"]
    }
    exit
}
