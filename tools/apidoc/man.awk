# Writes the manual page of one interface, or of one page of text, from what idl.awk has read.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Variables: subject, the name of either; version.

function escape(string)
{
    gsub(/\\/, "\\e", string)
    gsub(/-/, "\\-", string)
    return string
}

function mark(what, word)
{
    return (what == "parameter" ? "\\fI" : "\\fB") escape(word) "\\fP"
}

# Prints in lines of at most 78 characters that do not look like requests.
function fill(string,    words, n, i, line)
{
    n = split(string, words, " ")
    line = ""
    for (i = 1; i <= n; i++) {
        if (line != "" && length(line) + length(words[i]) > 77) {
            print_line(line)
            line = ""
        }
        line = line (line == "" ? "" : " ") words[i]
    }
    if (line != "")
        print_line(line)
}

function print_line(line)
{
    print (line ~ /^[.']/ ? "\\&" : "") line
}

function paragraph(string, key)
{
    fill(mark_text(string, key))
}

function term(string, explanation, key, font)
{
    print ".TP"
    print_line("\\f" font escape(string) "\\fP" escape(number_of(string, key)))
    paragraph(explanation, key)
}

function heading(string)
{
    print ".SH \"" escape(toupper(string)) "\""
}

# ---- parts of a page ----

# The paragraphs, sections and items of the comment, from its part first on.
function describe(key, first,    n, what)
{
    for (n = first; n < docs[key]; n++) {
        what = kind[key, n]
        if (what == "paragraph") {
            if (n > first && kind[key, n - 1] != "section")
                print ".PP"
            paragraph(text[key, n], key)
        } else if (what == "section") {
            heading(text[key, n])
        } else if (what == "item") {
            term(name[key, n], text[key, n], key, "B")
        } else if (is_fact(what)) {
            term(name[key, n] ": " what, text[key, n], key, "B")
        }
    }
}

function tell_differences(key,    n)
{
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "differs") {
            print ".PP"
            paragraph("Differs: " text[key, n], key)
        }
}

function declare(full, key,    n)
{
    print ".nf"
    if (!parts[key])
        print "HRESULT \\fB" short_name(full) "\\fP();"
    else
        print "HRESULT \\fB" short_name(full) "\\fP("
    for (n = 0; n < parts[key]; n++)
        print "    " escape(declaration_of(key, n)) (n < parts[key] - 1 ? "," : ");")
    print "DISPID " dispid[key]
    print ".fi"
}

function tell_method(full,    key, n, results)
{
    key = "method " full
    print ".SS " short_name(full)
    declare(full, key)
    print ".PP"
    describe(key, 0)
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "param")
            term(name[key, n], text[key, n], key, "I")
    print ".PP"
    paragraph("Results: " plain_results(key), key)
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "result" && text[key, n] != "")
            term(name[key, n], text[key, n], key, "B")
    tell_differences(key)
}

function tell_type(key,    n)
{
    print ".SS " substr(key, index(key, " ") + 1)
    describe(key, 0)
    for (n = 0; n < parts[key]; n++)
        term(part[key, n] (value[key, n] == "" ? "" : " = " value[key, n]), \
             member_text(key, part[key, n]), key, "B")
}

function member_text(key, member,    n)
{
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "member" && name[key, n] == member)
            return text[key, n]
    return ""
}

# ---- pages ----

function begin_page(about)
{
    print ".\\\" Made by tools/apidoc from include/*.idl."
    print ".\\\" SPDX-License-Identifier: LGPL-2.1-or-later"
    print ".TH " toupper(escape(subject)) " 3scardssp \"" day "\" \"scardssp " version \
        "\" \"Smart card COM classes\""
    # Names and codes stay in one piece.
    print ".nh"
    print ".ad l"
    print ".SH NAME"
    print escape(subject) " \\- " escape(about)
}

function end_page(    n)
{
    heading("See also")
    if (subject != "scardssp-api")
        print ".BR scardssp\\-api (3scardssp),"
    if (subject != "scardssp-results")
        print ".BR scardssp\\-results (3scardssp),"
    for (n = 0; n < interfaces; n++)
        if (interface[n] != subject)
            print ".BR " interface[n] " (3scardssp),"
    print ".BR scardssp (7)"
}

function interface_page(    key, n)
{
    key = "interface " subject
    begin_page(phrase(key))
    heading("Synopsis")
    print ".nf"
    print "#include <" header[subject] ">"
    print ""
    for (n = 0; n < classes; n++)
        if (default_interface[class[n]] == subject)
            print "CLSID_" class[n] ", ProgID SCardSSP." class[n]
    print "IID_" subject " = {" escape(uuid[key]) "}"
    print ".fi"
    heading("Description")
    describe(key, 0)
    tell_differences(key)
    heading("Methods")
    for (n = 0; n < methods[subject]; n++)
        tell_method(method[subject, n])
    end_page()
}

function text_page(    key, n)
{
    key = "page " subject
    begin_page(text[key, 0])
    heading("Description")
    describe(key, 1)
    if (subject == "scardssp-api") {
        heading("Classes")
        for (n = 0; n < classes; n++)
            term(class[n], "{" uuid["class " class[n]] "}, ProgID SCardSSP." class[n] ", " \
                 default_interface[class[n]], key, "B")
        heading("Types")
        for (n = 0; n < owners; n++)
            if (owner[n] ~ /^(enum|struct) /)
                tell_type(owner[n])
    }
    end_page()
}

END {
    learn_words()
    if (("interface " subject) in docs)
        interface_page()
    else if (("page " subject) in docs)
        text_page()
    else {
        print "man.awk: no interface or page " subject > "/dev/stderr"
        exit 1
    }
}
