# What a shell's quotes make of a text.
# SPDX-License-Identifier: LGPL-2.1-or-later

# A text inside a word in single quotes.
function in_quotes(text,    at, done)
{
    while ((at = index(text, "\047")) > 0) {
        done = done substr(text, 1, at - 1) "\047\\\047\047"
        text = substr(text, at + 1)
    }
    return done text
}
