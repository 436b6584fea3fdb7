# What a report must not tell of its user: home directories become ~, also where a shell's quotes or
# a trace's escapes are around them; USER, NAME (the full one) and HOST stand for these names where
# they are whole words; the serial number that pcscd puts into a reader's name becomes SERIAL.
# Control characters, which readers and cards could bring in, become dots.
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# With quotes.awk; LC_ALL is C. Environment: HIDE_HOME, HIDE_USER, HIDE_NAME, HIDE_HOST; empty for
# none.

function hidden(text, word, by, whole,    at, from, out, before, after)
{
    if (word == "" || word == "/") return text
    from = text; out = ""
    while ((at = index(from, word)) > 0) {
        before = at > 1 ? substr(from, at - 1, 1) : substr(out, length(out), 1)
        after = substr(from, at + length(word), 1)
        out = out substr(from, 1, at - 1)
        out = out (whole && (before ~ /[A-Za-z0-9_]/ || after ~ /[A-Za-z0-9_]/) ? word : by)
        from = substr(from, at + length(word))
    }
    return out from
}

# As trace_wstr shows the UTF-16 of that UTF-8.
function traced(text,    i, c, byte, code, left, out)
{
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        byte = number[c]
        if (byte < 128) {
            out = out (c ~ /["\\]/ ? "\\" c : c)
            continue
        }
        if (byte >= 192) {
            left = byte >= 240 ? 3 : byte >= 224 ? 2 : 1
            code = byte % (left == 1 ? 32 : left == 2 ? 16 : 8)
        } else {
            code = code * 64 + byte % 64
            left--
        }
        if (left) continue
        if (code >= 65536)
            out = out sprintf("\\%04x\\%04x", 55296 + int((code - 65536) / 1024),
                56320 + code % 1024)
        else
            out = out sprintf("\\%04x", code)
    }
    return out
}

function without_serial(text,    out)
{
    while (match(text, / \([A-Za-z0-9.:_-]+\) [0-9A-F][0-9A-F] [0-9A-F][0-9A-F]/)) {
        out = out substr(text, 1, RSTART - 1) " (SERIAL)" \
            substr(text, RSTART + RLENGTH - 6, 6)
        text = substr(text, RSTART + RLENGTH)
    }
    return out text
}

BEGIN {
    for (i = 1; i < 256; i++) number[sprintf("%c", i)] = i
    home = ENVIRON["HIDE_HOME"]
    windows = home
    gsub("/", "\\", windows)
}

{
    gsub(/[\001-\010\013-\037\177]/, ".")
    line = hidden($0, home, "~", 0)
    line = hidden(line, in_quotes(home), "~", 0)
    line = hidden(line, windows, "~", 0)
    line = hidden(line, traced(home), "~", 0)
    line = hidden(line, traced(windows), "~", 0)
    line = hidden(without_serial(line), ENVIRON["HIDE_NAME"], "NAME", 1)
    line = hidden(line, ENVIRON["HIDE_USER"], "USER", 1)
    print hidden(line, ENVIRON["HIDE_HOST"], "HOST", 1)
}
