# Writes one HTML file, well-formed XML too, of all that idl.awk has read.
# SPDX-License-Identifier: LGPL-2.1-or-later
# Variable: version.

function escape(string)
{
    gsub(/&/, "\\&amp;", string)
    gsub(/</, "\\&lt;", string)
    gsub(/>/, "\\&gt;", string)
    return string
}

function mark(what, word,    target)
{
    if (what == "parameter")
        return "<var>" word "</var>"
    if (what == "constant")
        return link_to_code(word)
    target = word
    sub(/::/, ".", target)
    return "<a href=\"#" target "\"><code>" word "</code></a>"
}

function paragraph(string, key)
{
    print "<p>" mark_text(string, key) "</p>"
}

# What a heading's text is called in a link.
function anchor(string)
{
    string = tolower(string)
    gsub(/[^a-z0-9]+/, "-", string)
    return string
}

# The id of a result's row.
function id_of_code(code)
{
    gsub(/^HRESULT_FROM_WIN32\(|\)$/, "", code)
    return code
}

# A result leads to its row.
function link_to_code(code,    string)
{
    string = "<code>" escape(code) "</code>"
    return code in known_result ? "<a href=\"#" id_of_code(code) "\">" string "</a>" : string
}

# A result with its number: its row's heading, elsewhere a link to it.
function code_of(code, key)
{
    if (!(code in known_result))
        return "<code>" escape(code) "</code>"
    return (key == "page scardssp-results" \
                ? "<code id=\"" id_of_code(code) "\">" escape(code) "</code>" \
                : link_to_code(code)) "<small>" number_of(code, key) "</small>"
}

function row(term, explanation, key)
{
    print "<tr><th>" term "</th><td>" mark_text(explanation, key) "</td></tr>"
}

# ---- parts ----

# The paragraphs, sections and items of the comment, from its part first on.
function describe(key, first, level,    n, what, in_table)
{
    for (n = first; n < docs[key]; n++) {
        what = kind[key, n]
        if (in_table && what != "item" && !is_fact(what)) {
            print "</table>"
            in_table = 0
        }
        if (what == "paragraph") {
            paragraph(text[key, n], key)
        } else if (what == "section") {
            print "<h" level " id=\"" anchor(text[key, n]) "\">" escape(text[key, n]) \
                "</h" level ">"
        } else if (what == "item") {
            if (!in_table)
                print "<table>"
            in_table = 1
            row(code_of(name[key, n], key), text[key, n], key)
        } else if (is_fact(what)) {
            if (!in_table)
                print "<table>"
            in_table = 1
            print "<tr><th><code>" escape(name[key, n]) "</code></th><td class=\"fact\">" what \
                "</td><td>" mark_text(text[key, n], key) "</td></tr>"
        }
    }
    if (in_table)
        print "</table>"
}

function tell_differences(key,    n)
{
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "differs")
            print "<p class=\"differs\"><b>Differs:</b> " mark_text(text[key, n], key) "</p>"
}

# Links to the sections with the results of the reader and so on.
function groups_of(key,    n, string)
{
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "results")
            string = string (string == "" ? "those of the " : ", of the ") \
                "<a href=\"#results-of-the-" anchor(text[key, n]) "\">" text[key, n] "</a>"
    return string
}

# Codes that need no more words share a line.
function tell_results(key,    n, plain, groups)
{
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "result" && text[key, n] == "")
            plain = plain (plain == "" ? "" : ", ") code_of(name[key, n], key)
    groups = groups_of(key)
    print "<table>"
    print "<tr><td colspan=\"2\">Results: " plain (plain != "" && groups != "" ? "; " : "") groups \
        "</td></tr>"
    for (n = 0; n < docs[key]; n++)
        if (kind[key, n] == "result" && text[key, n] != "")
            row(code_of(name[key, n], key), text[key, n], key)
    print "</table>"
}

function tell_parameters(key,    n, in_table)
{
    for (n = 0; n < docs[key]; n++) {
        if (kind[key, n] != "param")
            continue
        if (!in_table++)
            print "<table>"
        row("<var>" name[key, n] "</var>", text[key, n], key)
    }
    if (in_table)
        print "</table>"
}

function tell_method(full,    key, n)
{
    key = "method " full
    print "<h4 id=\"" full "\">" short_name(full) " <small>DISPID " dispid[key] "</small></h4>"
    printf "<pre>HRESULT %s(", short_name(full)
    for (n = 0; n < parts[key]; n++)
        printf "\n    %s%s", escape(declaration_of(key, n)), (n < parts[key] - 1 ? "," : "")
    print ");</pre>"
    describe(key, 0, 4)
    tell_parameters(key)
    tell_results(key)
    tell_differences(key)
}

function tell_interface(name,    key, n)
{
    key = "interface " name
    print "<h2 id=\"" name "\">" name "</h2>"
    print "<pre>#include &lt;" header[name] "&gt;"
    for (n = 0; n < classes; n++)
        if (default_interface[class[n]] == name)
            print "CLSID_" class[n] " = {" uuid["class " class[n]] "}, ProgID SCardSSP." class[n]
    print "IID_" name " = {" uuid[key] "}</pre>"
    print "<p class=\"methods\">"
    for (n = 0; n < methods[name]; n++)
        print "<a href=\"#" method[name, n] "\">" short_name(method[name, n]) "</a>"
    print "</p>"
    describe(key, 0, 3)
    tell_differences(key)
    print "<h3>Methods</h3>"
    for (n = 0; n < methods[name]; n++)
        tell_method(method[name, n])
}

function tell_type(key,    n, i, label)
{
    label = substr(key, index(key, " ") + 1)
    print "<h4 id=\"" label "\">" label "</h4>"
    describe(key, 0, 4)
    print "<table>"
    for (n = 0; n < parts[key]; n++) {
        label = part[key, n]
        if (value[key, n] != "")
            label = label " = " value[key, n]
        for (i = 0; i < docs[key]; i++)
            if (kind[key, i] == "member" && name[key, i] == part[key, n])
                row("<code>" escape(trim(type[key, n] " " label)) "</code>", text[key, i], key)
    }
    print "</table>"
}

function tell_page(key)
{
    print "<h2 id=\"" substr(key, 6) "\">" escape(heading_of(key)) "</h2>"
    describe(key, 1, 3)
}

# "the COM classes" -> "The COM classes"
function heading_of(key)
{
    return toupper(substr(text[key, 0], 1, 1)) substr(text[key, 0], 2)
}

# ---- the file ----

function style()
{
    print "<style>"
    print "body { max-width: 60em; margin: auto; padding: 1em; font: 16px/1.45 sans-serif; }"
    print "h2 { border-bottom: 2px solid #357; margin-top: 2.5em; }"
    print "h4 { margin: 2em 0 .3em; font-size: 1.1em; } small { font-weight: normal; color: #555; }"
    print "pre { background: #f3f5f7; padding: .6em; overflow-x: auto; }"
    print "table { border-collapse: collapse; margin: .6em 0; width: 100%; }"
    print "th { text-align: left; width: 17em; font-weight: normal; }"
    print "th, td { vertical-align: top; border-bottom: 1px solid #dde; }"
    print "th, td { padding: .15em .6em .15em 0; }"
    print "th code { overflow-wrap: anywhere; }"
    print ".fact { width: 7em; color: #555; }"
    print ".differs { border-left: 4px solid #c80; padding-left: .6em; }"
    print ".methods a, nav a { margin-right: .7em; display: inline-block; }"
    # On a telephone what a table's columns have stands one below the other.
    print "@media (max-width: 40em) {"
    print "body { overflow-wrap: anywhere; }"
    print "table, tbody, tr, th, td { display: block; width: auto; }"
    print "tr { border-bottom: 1px solid #dde; padding: .3em 0; }"
    print "th, td { border: 0; padding: 0; }"
    print ".fact { width: auto; }"
    print "}"
    print "</style>"
}

function contents(    n)
{
    print "<nav>"
    for (n = 0; n < owners; n++)
        if (owner[n] ~ /^page /)
            print "<a href=\"#" substr(owner[n], 6) "\">" escape(heading_of(owner[n])) "</a>"
    print "<a href=\"#classes\">Classes</a> <a href=\"#types\">Types</a>"
    for (n = 0; n < interfaces; n++)
        print "<a href=\"#" interface[n] "\">" interface[n] "</a>"
    print "</nav>"
}

function tell_classes(    n)
{
    print "<h2 id=\"classes\">Classes</h2>"
    print "<table>"
    for (n = 0; n < classes; n++)
        row("<code>" class[n] "</code>", "{" uuid["class " class[n]] "}, ProgID SCardSSP." \
            class[n] ", " default_interface[class[n]])
    print "</table>"
}

END {
    learn_words()
    print "<!DOCTYPE html>"
    print "<!-- Made by tools/apidoc from include/*.idl."
    print "     SPDX-License-Identifier: LGPL-2.1-or-later -->"
    print "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">"
    print "<head>"
    print "<meta charset=\"utf-8\" />"
    print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />"
    print "<title>scardssp: the smart card COM classes</title>"
    style()
    print "</head>"
    print "<body>"
    print "<h1>scardssp " version "</h1>"
    contents()
    tell_page("page scardssp-api")
    tell_classes()
    print "<h2 id=\"types\">Types</h2>"
    for (n = 0; n < owners; n++)
        if (owner[n] ~ /^(enum|struct) /)
            tell_type(owner[n])
    for (n = 0; n < interfaces; n++)
        tell_interface(interface[n])
    for (n = 0; n < owners; n++)
        if (owner[n] ~ /^page / && owner[n] != "page scardssp-api")
            tell_page(owner[n])
    print "</body>"
    print "</html>"
}
