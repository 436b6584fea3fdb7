# Reads IDL files and the comments in them that begin with "/**", for man.awk, html.awk, check.awk.
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# A comment belongs to what follows: an interface, a method or accessor, an enum or a struct; one
# that begins with "@page NAME  what it is about" is a page of its own. It has paragraphs, and:
#   @param NAME  text      @result CODE  text      @results of the CARD (a section of the page)
#   @member NAME  text     @item TERM  text        @differs text     @section TITLE    @date DAY
#   @native NAME  text     @documented NAME  text  @guess NAME  text (what a statement rests on)
# Two blanks end a name; lines that continue one of these are indented by four.
# A line 'result "CODE" VALUE' of the script numbers has the number of a result, VALUE as the
# compiler's preprocessor leaves it: HRESULTs are hexadecimal, codes of Win32 decimal.
#
# What is left for the END of the others:
#   owner[0..owners-1]: keys, "page P", "enum E", "struct S", "interface I", "method I.M"
#   docs[key], kind[key, n], name[key, n], text[key, n]: the comment's parts; docs[key] is 0
#       without a comment
#   parts[key], part[key, n], value[key, n]: parameters, members; type[key, n], attributes[key, n]
#   day: the pages' date
#   known_result[CODE]: it has a row in scardssp-results; number[CODE]: "0x80070057"
#   interfaces, interface[n], header[I], uuid[key], methods[I], method[I, n]: I.M; dispid[key]
#   classes, class[n], default_interface[class]

function trim(string)
{
    gsub(/^ +| +$/, "", string)
    return string
}

# ---- comments ----

# One part more of the comment that is being read.
function add_part(what, term, string)
{
    comment_kind[comment_parts] = what
    comment_name[comment_parts] = term
    comment_text[comment_parts] = trim(string)
    comment_parts++
}

function comment_line(string,    word, end)
{
    if (string == "") {
        in_paragraph = 0
    } else if (string ~ /^@/) {
        in_paragraph = 0
        word = substr(string, 2)
        sub(/ .*/, "", word)
        string = trim(substr(string, length(word) + 2))
        if (word == "date") {
            day = string
        } else if (word == "differs" || word == "section" || word == "results") {
            if (word == "results")
                sub(/^of the /, "", string)
            add_part(word, "", string)
        } else {
            end = index(string, "  ")
            add_part(word, end ? substr(string, 1, end - 1) : string, \
                     end ? substr(string, end + 2) : "")
        }
    } else if (string ~ /^    / && comment_parts && !in_paragraph) {
        comment_text[comment_parts - 1] = comment_text[comment_parts - 1] " " trim(string)
    } else if (in_paragraph) {
        comment_text[comment_parts - 1] = comment_text[comment_parts - 1] " " string
    } else {
        add_part("paragraph", "", string)
        in_paragraph = 1
    }
}

# The comment that was read becomes key's.
function give_comment(key,    n)
{
    owner[owners++] = key
    docs[key] = comment_parts
    for (n = 0; n < comment_parts; n++) {
        kind[key, n] = comment_kind[n]
        name[key, n] = comment_name[n]
        text[key, n] = comment_text[n]
        if (key == "page scardssp-results" && comment_kind[n] == "item")
            known_result[comment_name[n]] = 1
    }
    comment_parts = 0
}

/^ *\/\*\*$/ {
    in_comment = 1
    comment_parts = in_paragraph = 0
    next
}

in_comment && /^ *\*\/$/ {
    in_comment = 0
    if (comment_kind[0] == "page") {
        key = "page " comment_name[0]
        give_comment(key)
    }
    next
}

in_comment {
    sub(/^ *\* ?/, "")
    comment_line($0)
    next
}

# ---- results ----

/^result "/ {
    word = $2
    gsub(/"/, "", word)
    sub(/^result "[^"]*" /, "")
    if (match($0, /0[Xx][0-9A-Fa-f]+/))
        number[word] = "0x" toupper(substr($0, RSTART + 2, RLENGTH - 2))
    else if (match($0, /[0-9]+/))
        number[word] = sprintf("0x8007%04X", substr($0, RSTART, RLENGTH))
    next
}

# ---- types ----

/^typedef .*(enum|struct) [A-Za-z_]+$/ {
    in_type = $(NF - 1) " " $NF
    give_comment(in_type)
    parts[in_type] = 0
    next
}

in_type && /^}/ {
    in_type = ""
}

in_type && /^    / {
    string = $0
    gsub(/\[[^]]*\]|[;,]$/, "", string)
    value[in_type, parts[in_type]] = type[in_type, parts[in_type]] = ""
    if (string ~ /=/) {
        value[in_type, parts[in_type]] = trim(substr(string, index(string, "=") + 1))
        sub(/=.*/, "", string)
    }
    string = trim(string)
    word = string
    sub(/.*[ *]/, "", word)
    part[in_type, parts[in_type]] = word
    type[in_type, parts[in_type]] = trim(substr(string, 1, length(string) - length(word)))
    parts[in_type]++
    next
}

# ---- interfaces and classes ----

/uuid\(/ {
    last_uuid = $0
    sub(/.*uuid\(/, "", last_uuid)
    sub(/\).*/, "", last_uuid)
}

/^interface [A-Za-z0-9]+ : / {
    in_interface = $2
    interface[interfaces++] = $2
    methods[$2] = 0
    header[$2] = FILENAME
    sub(/.*\//, "", header[$2])
    sub(/idl$/, "h", header[$2])
    give_comment("interface " $2)
    uuid["interface " $2] = last_uuid
    next
}

/^ *coclass / {
    class[classes++] = $2
    uuid["class " $2] = last_uuid
}

/^ *\[default\] interface / {
    default_interface[class[classes - 1]] = $3
    sub(/;/, "", default_interface[class[classes - 1]])
}

/^}/ {
    in_interface = ""
}

# The form of a method that proxies send is not for programs.
in_interface && /^#ifndef TYPE_LIBRARY/ {
    in_remote = 1
}

in_remote {
    if (/^#endif/)
        in_remote = 0
    next
}

# One parameter, with its attributes in brackets.
function add_parameter(key, string,    word, end, n)
{
    n = parts[key]++
    string = trim(string)
    end = index(string, "]")
    attributes[key, n] = substr(string, 2, end - 2)
    string = trim(substr(string, end + 1))
    sub(/ARRAY_OF\(/, "SAFEARRAY(", string)
    word = string
    sub(/.*[ *]/, "", word)
    part[key, n] = word
    type[key, n] = trim(substr(string, 1, length(string) - length(word)))
    value[key, n] = ""
    if (match(attributes[key, n], /defaultvalue\([^)]*\)/))
        value[key, n] = substr(attributes[key, n], RSTART + 13, RLENGTH - 14)
    else if (attributes[key, n] ~ /optional/)
        value[key, n] = "NULL"
}

function add_method(declaration,    key, word, depth, n, at, character, string)
{
    word = declaration
    sub(/.*HRESULT /, "", word)
    sub(/\(.*/, "", word)
    if (declaration ~ /propget/)
        word = "get_" word
    else if (declaration ~ /propput/)
        word = "put_" word
    key = "method " in_interface "." word
    method[in_interface, methods[in_interface]++] = in_interface "." word
    give_comment(key)
    parts[key] = 0
    dispid[key] = declaration
    sub(/.*[[ ]id\(/, "", dispid[key])
    sub(/\).*/, "", dispid[key])
    sub(/.*HRESULT [A-Za-z0-9_]+\(/, "", declaration)
    sub(/\); *$/, "", declaration)
    n = length(declaration)
    for (at = 1; at <= n; at++) {
        character = substr(declaration, at, 1)
        if (character ~ /[[(]/)
            depth++
        else if (character ~ /[])]/)
            depth--
        if (character == "," && !depth) {
            add_parameter(key, string)
            string = ""
        } else {
            string = string character
        }
    }
    if (trim(string) != "")
        add_parameter(key, string)
}

in_interface && (declared != "" || /^    \[/) {
    declared = declared " " trim($0)
    if (/;$/) {
        add_method(declared)
        declared = ""
    }
}

# ---- for the others ----

# The direction of a parameter: "in", "in, out", "out", "out, retval".
function direction(key, n,    string)
{
    string = attributes[key, n]
    if (string ~ /retval/)
        return "out, retval"
    if (string ~ /(^|[ ,])out/)
        return string ~ /(^|[ ,])in[, ]/ ? "in, out" : "out"
    return "in"
}

# The method's name without its interface.
function short_name(full)
{
    return substr(full, index(full, ".") + 1)
}

# What a pointer of this type points to: "IStream **" -> "IStream *", "LONG *" -> "LONG".
function pointed_at(string)
{
    sub(/ *\*$/, "", string)
    return string
}
