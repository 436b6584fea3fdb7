# The texts of scardssp-setup as a template of messages: awk -f pot.awk FILE...
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is nothing but words to be filled in is left out.

function quoted(text)
{
    gsub(/\\/, "&&", text)
    gsub(/"/, "\\\"", text)
    return "\"" text "\""
}

BEGIN {
    print "# Messages of scardssp-setup and scardssp-run, made by tests/setup/check-translations."
    print "# SPDX-License-Identifier: LGPL-2.1-or-later"
    print "#"
    print "# {NAME} is filled in. Commands, options, paths, variables and names stay as they are."
    print "msgid \"\"\nmsgstr \"\""
    print "\"Project-Id-Version: scardssp\\n\""
    print "\"Language: \\n\""
    print "\"MIME-Version: 1.0\\n\""
    print "\"Content-Type: text/plain; charset=UTF-8\\n\""
    print "\"Content-Transfer-Encoding: 8bit\\n\""
}

/^\[/ { id = substr($0, 2, length($0) - 2) }

/^(text|cause|fix): / {
    text = substr($0, index($0, ": ") + 2)
    bare = text
    gsub(/\{[A-Z]+\}/, "", bare)
    if (bare !~ /[A-Za-z]/) next
    if (!(text in where)) order[++count] = text
    where[text] = where[text] " " id ($0 ~ /^fix/ ? ":fix" : "")
}

END {
    for (i = 1; i <= count; i++)
        printf "\n#.%s\nmsgid %s\nmsgstr \"\"\n", where[order[i]], quoted(order[i])
}
