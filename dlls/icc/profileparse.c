/*
 * Card profiles written by users: lines, keys, and what must hold for the whole.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdio.h>
#include <string.h>

#include "profilekeys.h"
#include "iso7816/codes.h"

#define SHOWN_MAX 24u

static const struct profileword no_word = {"", 0};

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct profileword trimmed(struct profileword text)
{
    while (text.len && is_blank(text.at[0]))
    {
        text.at++;
        text.len--;
    }
    while (text.len && is_blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

int profileword_is(struct profileword word, const char *text)
{
    return word.len == strlen(text) && !memcmp(word.at, text, word.len);
}

int profileparser_word(struct profileparser *parser, struct profileword *word)
{
    struct profileword *rest = &parser->value;

    *rest = trimmed(*rest);
    word->at = rest->at;
    for (word->len = 0; word->len < rest->len && !is_blank(rest->at[word->len]);)
        word->len++;
    rest->at += word->len;
    rest->len -= word->len;
    return word->len != 0;
}

int profileparser_fail(struct profileparser *parser, const char *format, struct profileword word)
{
    size_t len = word.len > SHOWN_MAX ? SHOWN_MAX : word.len, i;
    char shown[SHOWN_MAX + sizeof("\"...\"")];

    if (!parser->error)
        return 0;
    shown[0] = '"';
    for (i = 0; i < len; i++)
        shown[1 + i] = word.at[i] >= ' ' && word.at[i] <= '~' ? word.at[i] : '?';
    strcpy(shown + 1 + len, len < word.len ? "...\"" : "\"");
    parser->error->line = parser->line;
    snprintf(parser->error->message, sizeof(parser->error->message), format, shown);
    return 0;
}

/* One line without its comment. */
static int read_line(struct profileparser *parser, struct profileword line)
{
    const char *equals = memchr(line.at, '=', line.len);
    struct profileword name;
    int index;

    if (!equals)
        return profileparser_fail(parser, "%s is not of the form \"key = value\".", line);
    name.at = line.at;
    name.len = (size_t)(equals - line.at);
    name = trimmed(name);
    index = profilekey_find(name);
    if (index < 0)
        return profileparser_fail(parser, "There is no key %s.", name);
    if (parser->said[index] && !profilekeys[index].repeats)
        return profileparser_fail(parser, "The key %s was given before.", name);
    parser->value.at = equals + 1;
    parser->value.len = line.len - (size_t)(equals + 1 - line.at);
    parser->value = trimmed(parser->value);
    if (!parser->value.len)
        return profileparser_fail(parser, "The key %s has no value.", name);
    if (!profilekeys[index].read(parser, &profilekeys[index]))
        return 0;
    if (profileparser_word(parser, &name))
        return profileparser_fail(parser, "%s is more than this key takes.", name);
    parser->said[index] = parser->line;
    parser->keys++;
    return 1;
}

static int read_lines(struct profileparser *parser, const char *text, size_t size)
{
    /* Windows editors put it in front of UTF-8. */
    if (size >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3))
    {
        text += 3;
        size -= 3;
    }
    while (size)
    {
        const char *end = memchr(text, '\n', size), *hash;
        struct profileword line = {text, end ? (size_t)(end - text) : size};

        parser->line++;
        size -= line.len + (end != NULL);
        text += line.len + (end != NULL);
        if (line.len > PROFILETEXT_MAX_LINE)
            return profileparser_fail(parser, "The line is too long.", no_word);
        if (memchr(line.at, 0, line.len))
            return profileparser_fail(parser,
                                      "There is a NUL in the line: is it UTF-16? "
                                      "Profiles are ASCII or UTF-8.",
                                      no_word);
        if (line.len && line.at[line.len - 1] == '\r')
            line.len--;
        if ((hash = memchr(line.at, '#', line.len)))
            line.len = (size_t)(hash - line.at);
        line = trimmed(line);
        if (line.len && !read_line(parser, line))
            return 0;
    }
    return 1;
}

static unsigned line_of(const struct profileparser *parser, const char *key)
{
    struct profileword word = {key, strlen(key)};

    return parser->said[profilekey_find(word)];
}

/* What no single line can say. */
static int check_whole(struct profileparser *parser)
{
    const struct icc_profile *profile = &parser->out->profile;
    const struct icc_list *list = &profile->list;

    if (!parser->line)
        parser->line = 1;
    if (!line_of(parser, "name"))
        return profileparser_fail(parser, "The profile has no \"name\".", no_word);
    if (!parser->atr_count)
        return profileparser_fail(parser, "The profile has no \"atr\", so no card would fit.",
                                  no_word);
    if (parser->admin_line && !profile->admin_cla)
    {
        parser->line = parser->admin_line;
        return profileparser_fail(parser, "\"admin\" needs an \"admin-class\".", no_word);
    }
    if (list->command.present && (!list->end_sw || list->le < list->fid_at + 2u))
    {
        if (line_of(parser, "list"))
            parser->line = line_of(parser, "list");
        return profileparser_fail(parser,
                                  "\"list\" needs \"list-end\" and a \"list-length\" of "
                                  "at least \"list-fid\" and 2.",
                                  no_word);
    }
    return 1;
}

int32_t profiletext_parse(const char *text, size_t size, struct profiletext *out,
                          struct profiletext_error *error)
{
    struct profileparser parser = {0};
    int fine;

    if (error)
        memset(error, 0, sizeof(*error));
    if (!out)
        return SC_INVALID_ARGUMENT;
    memset(out, 0, sizeof(*out));
    parser.out = out;
    parser.error = error;
    parser.line = 1;
    if (!text && size)
        fine = profileparser_fail(&parser, "There is no text.", no_word);
    else if (size > PROFILETEXT_MAX_SIZE)
        fine = profileparser_fail(&parser, "The text is too long.", no_word);
    else
    {
        parser.line = 0;
        out->profile = icc_profile_iso;
        fine = read_lines(&parser, text, size) && check_whole(&parser);
    }
    if (!fine)
    {
        memset(out, 0, sizeof(*out));
        return SC_INVALID_ARGUMENT;
    }
    out->profile.name = out->name;
    out->profile.atrs = out->patterns;
    return SC_OK;
}
