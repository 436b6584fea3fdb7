# What man.awk and html.awk share: what the words of a text are, and how a method is declared.
# SPDX-License-Identifier: LGPL-2.1-or-later

# Which words are constants, interfaces, parameters; to be called first.
function learn_words(    n, i, key)
{
    for (n = 0; n < owners; n++) {
        key = owner[n]
        if (key ~ /^(enum|struct) /)
            known_type[substr(key, index(key, " ") + 1)] = 1
        if (key ~ /^enum /)
            for (i = 0; i < parts[key]; i++)
                known_constant[part[key, i]] = 1
    }
    for (n = 0; n < interfaces; n++)
        known_interface[interface[n]] = 1
    for (n = 0; n < owners; n++)
        if (owner[n] ~ /^page /)
            known_page[substr(owner[n], 6)] = 1
}

# What a scripting language shows of a number: it is signed there.
function decimal_of(hexadecimal,    n, sum)
{
    for (n = 3; n <= length(hexadecimal); n++)
        sum = 16 * sum + index("0123456789ABCDEF", substr(hexadecimal, n, 1)) - 1
    return sprintf("%d", sum < 2147483648 ? sum : sum - 4294967296)
}

# " (0x80070057)" of a result, "" of any other name; with both numbers on their own page.
function number_of(code, key,    decimal)
{
    if (!(code in number))
        return ""
    decimal = decimal_of(number[code])
    if (decimal >= 0)
        return " (" decimal ")"
    return " (" number[code] (key == "page scardssp-results" ? ", " decimal : "") ")"
}

# The kind of a word in a text about key: "constant", "interface", "method", "page", "parameter",
# or "" for an ordinary one.
function kind_of_word(word, key,    n, dot)
{
    if (word in known_interface)
        return "interface"
    if (word in known_page)
        return "page"
    if (word ~ /^(S_|E_|SCARD_|STG_E_|DISP_E_|CLASS_E_|HRESULT_|SC_DLG_)/ ||
        word in known_constant || word in known_type)
        return "constant"
    if (index(word, "::")) {
        dot = word
        sub(/::/, ".", dot)
        if (("method " dot) in docs)
            return "method"
    }
    for (n = 0; n < parts[key]; n++)
        if (part[key, n] == word)
            return "parameter"
    return ""
}

# The text with each word that has a kind marked by mark(kind, word); between them escape(string).
function mark_text(string, key,    done, word, what)
{
    done = ""
    while (match(string, /[A-Za-z_][A-Za-z0-9_]*((::|-)[A-Za-z_][A-Za-z0-9_]*)*/)) {
        done = done escape(substr(string, 1, RSTART - 1))
        word = substr(string, RSTART, RLENGTH)
        string = substr(string, RSTART + RLENGTH)
        what = kind_of_word(word, key)
        done = done (what == "" ? escape(word) : mark(what, word))
    }
    return done escape(string)
}

# "[in] LONG cb = 0"
function declaration_of(key, n,    string)
{
    string = type[key, n]
    string = "[" direction(key, n) "] " string (string ~ /\*$/ ? "" : " ") part[key, n]
    return value[key, n] == "" ? string : string " = " value[key, n]
}

# What a method may return without more to say of it: codes, then groups of them.
function plain_results(key,    n, codes, groups)
{
    for (n = 0; n < docs[key]; n++) {
        if (kind[key, n] == "result" && text[key, n] == "")
            codes = codes (codes == "" ? "" : ", ") name[key, n] number_of(name[key, n], key)
        else if (kind[key, n] == "results")
            groups = groups (groups == "" ? "those of the " : ", of the ") text[key, n]
    }
    if (groups != "")
        groups = groups " (scardssp-api)"
    return codes (codes != "" && groups != "" ? "; " : "") groups
}

function is_fact(what)
{
    return what == "native" || what == "documented" || what == "guess"
}

# The first sentence of key's comment, as a phrase.
function phrase(key,    string)
{
    string = text[key, 0]
    if (match(string, /\. |\.$/))
        string = substr(string, 1, RSTART - 1)
    return tolower(substr(string, 1, 1)) substr(string, 2)
}
