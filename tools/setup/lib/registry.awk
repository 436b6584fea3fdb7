# Compares registries, as Wine keeps them in a prefix's system.reg, by keys and values alone.
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# awk -v mode=MODE -f registry.awk set=A FILE set=B FILE ... reads each FILE as the set named before
# it; only keys below which scardssp registers anything are looked at. What the sets are:
#   A  before scardssp-setup came        N  before this run of it
#   W  what registering wrote            B  after it
#   U  before unregistering              C  after it
# Modes, and what they print:
#   changed  N B    keys that are new or other in B, as in B
#   written  W N B  the same joined with what earlier runs wrote and nobody changed since
#   before   A W N  N, but with keys that earlier runs wrote as they are in A
#   restore  A W U  C: a registry script (.reg, UTF-8) that makes of C what was before:
#                   keys that are still as written get A's values or go, and keys of A that
#                   unregistering took along come back

function below_ours(key)
{
    sub(/^software\\\\(wow6432node\\\\)?/, "", key) || key = ""
    return key ~ /^(classes|scardssp|microsoft\\\\cryptography\\\\calais)(\\\\|$)/
}

# A key without values stands in the file only when it has no subkeys, so keep those above as well.
function add_parents(key)
{
    while (match(key, /\\\\[^\\]*(\\[^\\][^\\]*)*$/)) {
        key = substr(key, 1, RSTART - 1)
        inner[set, key] = 1
    }
}

function exists(where, key)
{
    return (where, key) in body || (where, key) in inner
}

function same(one, other, key)
{
    return (one, key) in body && (other, key) in body && body[one, key] == body[other, key]
}

/^\[/ {
    name = substr($0, 2)
    sub(/\]( [0-9]+)?$/, "", name)
    current = tolower(name)
    kept = below_ours(current)
    if (kept) {
        body[set, current] = ""
        names[current] = name
        order[set, ++count[set]] = current
        add_parents(current)
    }
    next
}

/^#link/ { if (kept) linked[current] = 1 }

kept && !/^#/ && !/^$/ && !/^;/ { body[set, current] = body[set, current] $0 "\n" }

# ---- the sets as text ----

function print_key(where, key)
{
    printf "[%s]\n%s\n", names[key], body[where, key]
}

function print_changed(    i, key)
{
    for (i = 1; i <= count["B"]; i++) {
        key = order["B", i]
        if (!same("N", "B", key))
            print_key("B", key)
    }
}

function print_written(    i, key)
{
    for (i = 1; i <= count["B"]; i++) {
        key = order["B", i]
        if (!same("N", "B", key))
            print_key("B", key)
        else if (("W", key) in body)
            print_key("W", key)
    }
}

function print_before(    i, key)
{
    for (i = 1; i <= count["N"]; i++) {
        key = order["N", i]
        if (!(("W", key) in body))
            print_key("N", key)
        else if (("A", key) in body)
            print_key("A", key)
    }
}

# ---- registry scripts ----

function digits(text,    i, value)
{
    for (i = 1; i <= length(text); i++)
        value = value * 16 + index("0123456789abcdef", tolower(substr(text, i, 1))) - 1
    return value
}

# Splits what stands between quotation marks into UTF-16 units: unit[1..], their number returned.
function decode(text,    i, k, c, n, hex)
{
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c != "\\") {
            unit[++n] = ascii[c]
            continue
        }
        c = substr(text, ++i, 1)
        if (c == "x") {
            hex = ""
            while (length(hex) < 4 && substr(text, i + 1, 1) ~ /[0-9a-fA-F]/)
                hex = hex substr(text, ++i, 1)
            unit[++n] = digits(hex)
        } else if (c ~ /[0-7]/) {
            unit[++n] = c
            for (k = 1; k < 3 && substr(text, i + 1, 1) ~ /[0-7]/; k++)
                unit[n] = unit[n] * 8 + substr(text, ++i, 1)
        } else if (index("abtnvfr", c))
            unit[++n] = index("abtnvfr", c) + 6
        else
            unit[++n] = c == "e" ? 27 : ascii[c]
    }
    return n + 0
}

function utf8(code)
{
    if (code < 128)
        return sprintf("%c", code)
    if (code < 2048)
        return sprintf("%c%c", 192 + int(code / 64), 128 + code % 64)
    if (code < 65536)
        return sprintf("%c%c%c", 224 + int(code / 4096), 128 + int(code / 64) % 64, 128 + code % 64)
    return sprintf("%c%c%c%c", 240 + int(code / 262144), 128 + int(code / 4096) % 64,
                   128 + int(code / 64) % 64, 128 + code % 64)
}

# The name of a key, or of a value with quoted: as a script has it.
function plain(text, quoted,    i, n, code, out)
{
    n = decode(text)
    for (i = 1; i <= n; i++) {
        code = unit[i]
        if (code >= 55296 && code < 56320 && i < n)
            code = 65536 + (code - 55296) * 1024 + unit[++i] - 56320
        out = out (quoted && (code == 34 || code == 92) ? "\\" : "") utf8(code)
    }
    return out
}

# A string's bytes with the final zero, which Wine's file leaves out.
function bytes(text,    i, n, out)
{
    n = decode(text)
    for (i = 1; i <= n; i++)
        out = out sprintf("%02x,%02x,", unit[i] % 256, int(unit[i] / 256))
    return out "00,00"
}

# Sets value_name and value_data from a line of Wine's file; both as a script has them.
function split_value(line,    data)
{
    if (line ~ /^@=/) {
        value_name = "@"
        data = substr(line, 3)
    } else {
        match(line, /^"([^"\\]|\\.)*"=/)
        value_name = "\"" plain(substr(line, 2, RLENGTH - 3), 1) "\""
        data = substr(line, RLENGTH + 1)
    }
    if (data ~ /^"/)
        value_data = "hex(1):" bytes(substr(data, 2, length(data) - 2))
    else if (match(data, /^str\([0-9a-f]+\):"/))
        value_data = "hex" substr(data, 4, RLENGTH - 4) \
            bytes(substr(data, RLENGTH + 1, length(data) - RLENGTH - 1))
    else
        value_data = data
}

# The lines of a body with continued ones joined: line[1..].
function split_body(text,    n)
{
    gsub(/\\\n */, "", text)
    n = split(text, line, "\n")
    return n - 1
}

# Values that C has are taken away first, so that none stays beside those of A.
function print_values(where, key, remove,    i, n)
{
    if (!((where, key) in body))
        return
    n = split_body(body[where, key])
    for (i = 1; i <= n; i++) {
        split_value(line[i])
        print value_name "=" (remove ? "-" : value_data)
    }
}

function set_key(key)
{
    if (key in linked)
        return
    print "\n[HKEY_LOCAL_MACHINE\\" plain(names[key], 0) "]"
    print_values("C", key, 1)
    print_values("A", key, 0)
}

function going(key)
{
    return !exists("A", key) && (same("W", "C", key) || \
        (("W", key) in inner && ("C", key) in body && body["C", key] == ""))
}

# Keys that are not in A go, from the deepest up, each only when nothing stays below it.
function remove_keys(    i, key, parent, staying)
{
    for (i = 1; i <= count["C"]; i++) {
        key = order["C", i]
        if (going(key))
            continue
        parent = key
        while (match(parent, /\\\\[^\\]*(\\[^\\][^\\]*)*$/)) {
            parent = substr(parent, 1, RSTART - 1)
            staying[parent] = 1
        }
    }
    for (i = count["C"]; i; i--) {
        key = order["C", i]
        if (going(key) && !(key in staying))
            print "\n[-HKEY_LOCAL_MACHINE\\" plain(names[key], 0) "]"
    }
}

function print_restore(    i, key)
{
    remove_keys()
    for (i = 1; i <= count["C"]; i++) {
        key = order["C", i]
        if (same("W", "C", key) && exists("A", key) && !same("A", "C", key))
            set_key(key)
    }
    for (i = 1; i <= count["A"]; i++) {
        key = order["A", i]
        if (exists("U", key) && !exists("C", key))
            set_key(key)
    }
}

BEGIN {
    for (i = 1; i < 256; i++)
        ascii[sprintf("%c", i)] = i
}

END {
    if (mode == "changed")
        print_changed()
    else if (mode == "written")
        print_written()
    else if (mode == "before")
        print_before()
    else if (mode == "restore")
        print_restore()
}
