# Prints what is wrong with the comments that idl.awk has read, a line each.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Variable: list, to print something else: "codes" (PAGE CODE); "results" (METHOD CODE, those of
# groups too); "numbers" (C, for the script of that name); "pages"; "facts" (KIND NAME); or
# "methods", how many there are.

# The names of one kind in the comment and the parts of the declaration are the same, in order.
function compare(key, wanted,    n, count)
{
    count = 0
    for (n = 0; n < docs[key]; n++) {
        if (kind[key, n] != wanted)
            continue
        if (name[key, n] != part[key, count] || count >= parts[key])
            print key ": " name[key, n] " is told where " \
                (count < parts[key] ? part[key, count] : "nothing more") " is declared"
        if (text[key, n] == "")
            print key ": nothing is told of " name[key, n]
        count++
    }
    for (n = count; n < parts[key]; n++)
        print key ": " part[key, n] " is not told"
}

function has_section(title,    n)
{
    for (n = 0; n < docs["page scardssp-api"]; n++)
        if (kind["page scardssp-api", n] == "section" && text["page scardssp-api", n] == title)
            return 1
    return 0
}

# Each result that a text names is one of scardssp-results.
function check_codes(key, string,    word)
{
    while (match(string, /HRESULT_FROM_WIN32\([A-Z_]+\)|[A-Za-z_][A-Za-z0-9_]*/)) {
        word = substr(string, RSTART, RLENGTH)
        string = substr(string, RSTART + RLENGTH)
        if (word !~ /^(S|E|SCARD_[EFW]|STG_E|DISP_E|CLASS_E)_[A-Z]|^HRESULT_FROM_WIN32\(/)
            continue
        if (!(word in known_result))
            print key ": scardssp-results has no " word
    }
}

# A method that a text names, with its interface, exists.
function check_words(key, string,    word, dot)
{
    while (match(string, /I[A-Za-z0-9]+::[A-Za-z_0-9]+/)) {
        word = substr(string, RSTART, RLENGTH)
        string = substr(string, RSTART + RLENGTH)
        dot = word
        sub(/::/, ".", dot)
        if (!(("method " dot) in docs))
            print key ": there is no " word
    }
}

function check_parts(key,    n, what)
{
    for (n = 0; n < docs[key]; n++) {
        what = kind[key, n]
        if (what == "item" && text[key, n] == "")
            print key ": nothing is told of " name[key, n]
        if (what !~ /^(page|paragraph|section|item|param|result|results|member|differs)$/ &&
            what !~ /^(native|documented|guess)$/)
            print key ": unknown @" what
        if (what == "results" && !has_section("Results of the " text[key, n]))
            print key ": scardssp-api has no results of the " text[key, n]
        check_words(key, text[key, n])
        if (key != "page scardssp-results")
            check_codes(key, name[key, n] " " text[key, n])
    }
}

# A macro that the headers lack is no number.
function print_numbers(    code, macro)
{
    print "#include <windows.h>"
    print "#include <winscard.h>"
    for (code in known_result) {
        macro = code
        gsub(/^HRESULT_FROM_WIN32\(|\)$/, "", macro)
        print "#ifndef " macro
        print "#error there is no " macro
        print "#endif"
        print "result \"" code "\" " macro
    }
}

function check_method(key,    n, results, success)
{
    compare(key, "param")
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "result") {
            results++
            success += name[key, n] == "S_OK"
        }
    if (!results)
        print key ": no results"
    if (!success && key !~ /\.Initialize$/)
        print key ": when is it S_OK?"
}

function print_codes(    n, i, page)
{
    for (n = 0; n < owners; n++) {
        page = owner[n]
        sub(/^[a-z]+ /, "", page)
        sub(/\..*/, "", page)
        for (i = 0; i < docs[owner[n]]; i++)
            if (kind[owner[n], i] == "result" ||
                (kind[owner[n], i] == "item" && name[owner[n], i] in known_result))
                print page, name[owner[n], i]
    }
}

# The items of a section of scardssp-api, each after start.
function print_items(start, title,    key, n, inside)
{
    key = "page scardssp-api"
    for (n = 0; n < docs[key]; n++) {
        if (kind[key, n] == "section")
            inside = text[key, n] == title
        else if (inside && kind[key, n] == "item")
            print start, name[key, n]
    }
}

function print_results(    n, i, key)
{
    for (n = 0; n < owners; n++) {
        key = owner[n]
        for (i = 0; key ~ /^method / && i < docs[key]; i++) {
            if (kind[key, i] == "result")
                print substr(key, 8), name[key, i]
            else if (kind[key, i] == "results")
                print_items(substr(key, 8), "Results of the " text[key, i])
        }
    }
}

END {
    for (n = 0; n < interfaces; n++)
        count += methods[interface[n]]
    if (list == "codes") {
        print_codes()
    } else if (list == "results") {
        print_results()
    } else if (list == "numbers") {
        print_numbers()
    } else if (list == "pages") {
        for (n = 0; n < owners; n++)
            if (owner[n] ~ /^(interface|page) /)
                print substr(owner[n], index(owner[n], " ") + 1)
    } else if (list == "facts") {
        key = "page scardssp-winscard"
        for (n = 0; n < docs[key]; n++)
            if (kind[key, n] ~ /^(native|documented|guess)$/)
                print kind[key, n], name[key, n]
    } else if (list == "methods") {
        print count
    } else {
        for (n = 0; n < owners; n++) {
            key = owner[n]
            if (!docs[key]) {
                print key ": no comment"
                continue
            }
            check_parts(key)
            if (key ~ /^method /)
                check_method(key)
            else if (key ~ /^(enum|struct) /)
                compare(key, "member")
        }
    }
}
