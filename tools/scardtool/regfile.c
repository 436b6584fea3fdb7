/*
 * scardtool: reading registry files (REGEDIT4 and version 5).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is malformed is found as Wine's regedit finds it, so that the same entries count.
 */

#include "regfile.h"

#include <stdlib.h>
#include <string.h>

#include "iso7816/hex.h"

/* What is left of a line. */
struct cursor
{
    const uint16_t *at, *end;
};

struct reader
{
    const struct regfile_options *options;
    struct regops *ops;
    struct cursor text;
    unsigned line;
    int wide;
    enum regop_root root; /* of the key that values belong to */
    const uint16_t *path; /* NULL: no key */
    uint8_t *bytes;       /* of the value being read; room grows */
    size_t count, room;
};

/* ---- text ---- */

/* The next unit, 0 at the end; one of 0 inside is a blank. */
static uint16_t peek(const struct cursor *line)
{
    if (line->at == line->end)
        return 0;
    return *line->at ? *line->at : ' ';
}

static int is_blank(uint16_t unit)
{
    return unit == ' ' || unit == '\t';
}

static void skip_blanks(struct cursor *line)
{
    while (is_blank(peek(line)))
        line->at++;
}

static int next_line(struct reader *reader, struct cursor *line)
{
    struct cursor *text = &reader->text;

    if (text->at == text->end)
        return 0;
    line->at = text->at;
    while (text->at < text->end && *text->at != '\r' && *text->at != '\n')
        text->at++;
    line->end = text->at;
    if (text->end - text->at >= 2 && text->at[0] == '\r' && text->at[1] == '\n')
        text->at++;
    if (text->at < text->end)
        text->at++;
    reader->line++;
    return 1;
}

/* Steps over ASCII text, which the case counts of. */
static int skip_word(struct cursor *line, const char *word)
{
    struct cursor from = *line;

    for (; *word; word++, from.at++)
        if (peek(&from) != (uint8_t)*word)
            return 0;
    *line = from;
    return 1;
}

/* Nothing more, or a comment. */
static int is_over(struct cursor *line)
{
    skip_blanks(line);
    return !peek(line) || peek(line) == ';';
}

/* Any space, a sign and 0x may stand in front, as C's strtoul takes it. False without a digit. */
static int read_number(struct cursor *line, uint32_t *value)
{
    struct cursor from = *line;
    int negative, digits = 0;

    *value = 0;
    while (is_blank(peek(&from)) || peek(&from) == '\v' || peek(&from) == '\f')
        from.at++;
    negative = peek(&from) == '-';
    if (negative || peek(&from) == '+')
        from.at++;
    if (!skip_word(&from, "0x"))
        skip_word(&from, "0X");
    for (; hex_digit(peek(&from)) >= 0; from.at++, digits++)
        *value = *value >> 28 ? UINT32_MAX : *value << 4 | (uint32_t)hex_digit(peek(&from));
    if (!digits)
        return 0;
    if (negative)
        *value = 0 - *value;
    *line = from;
    return 1;
}

/* ---- entries ---- */

static void add_op(struct reader *reader, struct regop *op)
{
    op->root = reader->path ? reader->root : REGOP_NO_ROOT;
    op->path = reader->path;
    regops_add(reader->ops, op);
}

static void add_unread(struct reader *reader, unsigned line, const uint16_t *name, const char *why)
{
    struct regop op = {.kind = REGOP_UNREAD, .line = line, .name = name, .why = why};

    add_op(reader, &op);
}

/*
 * Reads text behind its opening quote, past the closing one, into the list's memory. NULL when it
 * does not end on the line or holds \0.
 */
static const uint16_t *read_quoted(struct reader *reader, struct cursor *line)
{
    uint16_t *text = regops_alloc(reader->ops, (size_t)(line->end - line->at + 1) * sizeof(*text));
    size_t length = 0;
    uint16_t unit;

    while (text && (unit = peek(line)))
    {
        line->at++;
        if (unit == '"')
        {
            text[length] = 0;
            return text;
        }
        if (unit == '\\')
        {
            unit = peek(line);
            if (!unit || unit == '0')
                return NULL;
            line->at++;
            unit = unit == 'n' ? '\n' : unit == 'r' ? '\r' : unit;
        }
        text[length++] = unit;
    }
    return NULL;
}

/* ---- bytes ---- */

static int put_byte(struct reader *reader, uint8_t byte)
{
    size_t room = reader->room ? 2 * reader->room : 256;
    uint8_t *grown;

    if (reader->count == reader->room)
    {
        if (!(grown = realloc(reader->bytes, room)))
            return 0;
        reader->bytes = grown;
        reader->room = room;
    }
    reader->bytes[reader->count++] = byte;
    return 1;
}

enum list_end
{
    LIST_OVER,
    LIST_GOES_ON, /* in the next line */
    LIST_BAD
};

/* The numbers of one line; a comma may end it, or a backslash behind a comma. */
static enum list_end read_list(struct reader *reader, struct cursor *line)
{
    uint32_t value;

    while (line->at < line->end)
    {
        if (!read_number(line, &value))
        {
            skip_blanks(line);
            if (peek(line) == ';')
                return LIST_OVER;
            if (peek(line) != '\\')
                return LIST_BAD;
            line->at++;
            return is_over(line) ? LIST_GOES_ON : LIST_BAD;
        }
        if (value > 0xff || !put_byte(reader, (uint8_t)value))
            return LIST_BAD;
        if (peek(line) == ',')
            line->at++;
        else
            return is_over(line) ? LIST_OVER : LIST_BAD;
    }
    return LIST_OVER;
}

/* Into reader->bytes. A line that cannot go on with the list is lost, even if it is a key. */
static int read_bytes(struct reader *reader, struct cursor *line)
{
    enum list_end end;

    reader->count = 0;
    while ((end = read_list(reader, line)) == LIST_GOES_ON)
    {
        do
        {
            if (!next_line(reader, line))
                return 1;
        } while (is_over(line));
        if (hex_digit(peek(line)) < 0)
            return 0;
    }
    return end == LIST_OVER;
}

static size_t widen(const uint8_t *bytes, size_t size, uint16_t *units)
{
    size_t i;

    for (i = 0; i < size; i++)
        units[i] = bytes[i];
    return size;
}

/* Text gets its NUL, and is made UTF-16 where the file is older. */
static void set_text(struct reader *reader, struct regop *op)
{
    size_t size = reader->count;
    uint16_t *units;

    if (reader->wide)
    {
        if (size % 2 == 0 && (reader->bytes[size - 1] || reader->bytes[size - 2]) &&
            (!put_byte(reader, 0) || !put_byte(reader, 0)))
            return;
        op->size = reader->count;
        op->data = regops_bytes(reader->ops, reader->bytes, reader->count);
        return;
    }
    if (reader->bytes[size - 1] && !put_byte(reader, 0))
        return;
    if (!(units = regops_alloc(reader->ops, reader->count * sizeof(*units))))
        return;
    op->size = 2 * (reader->options->widen ? reader->options->widen : widen)(reader->bytes,
                                                                             reader->count, units);
    op->data = (const uint8_t *)units;
}

static int is_text(uint32_t type)
{
    return type == REGOPS_SZ || type == REGOPS_EXPAND_SZ || type == REGOPS_MULTI_SZ;
}

/* ---- values ---- */

static const char *read_hex(struct reader *reader, struct cursor *line, struct regop *op)
{
    if (!read_bytes(reader, line))
        return "its bytes are malformed";
    if (reader->count && is_text(op->type))
        set_text(reader, op);
    else
    {
        op->size = reader->count;
        op->data = regops_bytes(reader->ops, reader->bytes, reader->count);
    }
    return NULL;
}

/* Behind "hex(": the type, the closing bracket and the colon. */
static const char *read_typed(struct reader *reader, struct cursor *line, struct regop *op)
{
    struct cursor second = *line;

    if (second.at < second.end)
        second.at++;
    if (peek(&second) == 'x' || peek(&second) == 'X')
        return "its type is malformed";
    read_number(line, &op->type);
    if (!skip_word(line, "):"))
        return "its type is malformed";
    return read_hex(reader, line, op);
}

static const char *read_string(struct reader *reader, struct cursor *line, struct regop *op)
{
    const uint16_t *text = read_quoted(reader, line);

    if (!text || !is_over(line))
        return "its text is malformed";
    op->type = REGOPS_SZ;
    op->size = (regops_length(text) + 1) * sizeof(*text);
    op->data = (const uint8_t *)text;
    return NULL;
}

static const char *read_dword(struct reader *reader, struct cursor *line, struct regop *op)
{
    uint32_t value = 0;
    int digits;

    skip_blanks(line);
    if (!peek(line))
        return "its number is malformed";
    for (digits = 0; hex_digit(peek(line)) >= 0 && digits < 9; line->at++, digits++)
        value = value << 4 | (uint32_t)hex_digit(peek(line));
    if (digits > 8 || !is_over(line))
        return "its number is malformed";
    op->type = REGOPS_DWORD;
    op->size = sizeof(value);
    op->data = regops_bytes(reader->ops, &value, sizeof(value));
    return NULL;
}

/* Behind the equals sign. NULL, or what is wrong. */
static const char *read_data(struct reader *reader, struct cursor *line, struct regop *op)
{
    while (line->end > line->at && is_blank(line->end[-1]))
        line->end--;
    if (peek(line) == '-')
    {
        line->at++;
        op->kind = REGOP_DELETE_VALUE;
        return is_over(line) ? NULL : "something stands behind its minus sign";
    }
    if (skip_word(line, "\""))
        return read_string(reader, line, op);
    if (skip_word(line, "dword:"))
        return read_dword(reader, line, op);
    op->type = REGOPS_BINARY;
    if (skip_word(line, "hex:"))
        return read_hex(reader, line, op);
    if (skip_word(line, "hex("))
        return read_typed(reader, line, op);
    return "its kind is unknown";
}

/* Behind the name. */
static void read_value(struct reader *reader, struct cursor *line, const uint16_t *name)
{
    struct regop op = {.kind = REGOP_SET, .line = reader->line, .name = name};
    const char *why;

    skip_blanks(line);
    if (peek(line) != '=')
        why = "no = behind its name";
    else
    {
        line->at++;
        skip_blanks(line);
        why = read_data(reader, line, &op);
    }
    if (!why && !reader->path)
        why = "it belongs to no key";
    if (why)
        add_unread(reader, op.line, name, why);
    else
        add_op(reader, &op);
}

/* ---- keys ---- */

/* Steps over the root and the backslash behind it. */
static int read_root(struct cursor *line, enum regop_root *root)
{
    const char *name;
    size_t length;

    for (*root = 0; *root < REGOP_ROOTS; ++*root)
    {
        if (!(name = regops_root_name(*root)))
            continue;
        length = strlen(name);
        if ((size_t)(line->end - line->at) < length || !regops_is(line->at, length, name) ||
            (line->at + length < line->end && line->at[length] != '\\'))
            continue;
        line->at += length + (line->at + length < line->end);
        return 1;
    }
    return 0;
}

static const uint16_t *copy_text(struct reader *reader, const struct cursor *line)
{
    size_t length = (size_t)(line->end - line->at), i;
    uint16_t *copy = regops_alloc(reader->ops, (length + 1) * sizeof(*copy));

    if (!copy)
        return NULL;
    for (i = 0; i < length; i++)
        copy[i] = line->at[i] ? line->at[i] : ' ';
    copy[length] = 0;
    return copy;
}

/* A line that only looks like a key; path becomes its text. */
static void add_bad_key(struct reader *reader, const struct cursor *line, const char *why)
{
    struct regop op = {.kind = REGOP_UNREAD, .root = REGOP_NO_ROOT, .line = reader->line,
                       .why = why};

    op.path = copy_text(reader, line);
    regops_add(reader->ops, &op);
}

/* Behind the bracket. The name may hold brackets; the last one closes. */
static void read_key(struct reader *reader, struct cursor *line)
{
    struct regop op = {.kind = REGOP_KEY, .line = reader->line};
    const uint16_t *end = line->end;

    while (end > line->at && end[-1] != ']')
        end--;
    if (end == line->at || is_blank(peek(line)))
    {
        /* The values behind it go on with the key before, in regedit too. */
        add_bad_key(reader, line, "it is no key, and what follows counts for the key before it");
        return;
    }
    line->end = end - 1;
    reader->path = NULL;
    if (peek(line) == '-')
    {
        line->at++;
        op.kind = REGOP_DELETE_KEY;
    }
    if (!read_root(line, &op.root) || (op.kind == REGOP_DELETE_KEY && line->at == line->end))
    {
        add_bad_key(reader, line, "there is no such root key");
        return;
    }
    op.path = copy_text(reader, line);
    if (op.kind == REGOP_KEY)
    {
        reader->root = op.root;
        reader->path = op.path;
    }
    regops_add(reader->ops, &op);
}

/* ---- the file ---- */

static const char *read_header(struct reader *reader)
{
    struct cursor line;
    size_t length;

    if (!next_line(reader, &line))
        return "it is empty";
    skip_blanks(&line);
    length = (size_t)(line.end - line.at);
    reader->wide = reader->options->wide;
    if (skip_word(&line, "Windows Registry Editor Version 5.00") && line.at == line.end)
    {
        reader->wide = 1;
        return NULL;
    }
    if (skip_word(&line, "REGEDIT4") && line.at == line.end)
        return NULL;
    if (skip_word(&line, "REGEDIT") && length == strlen("REGEDIT"))
        return "it is a registry file of Windows 3.1";
    return "it is no registry file: its first line is neither REGEDIT4 nor "
           "Windows Registry Editor Version 5.00";
}

static void read_line(struct reader *reader, struct cursor *line)
{
    const uint16_t *name;
    unsigned number = reader->line;

    skip_blanks(line);
    if (skip_word(line, "["))
        read_key(reader, line);
    else if (skip_word(line, "@"))
        read_value(reader, line, NULL);
    else if (skip_word(line, "\""))
    {
        if ((name = read_quoted(reader, line)))
            read_value(reader, line, name);
        else
            add_unread(reader, number, NULL, "a value's name does not end");
    }
}

const char *regfile_read(const uint16_t *text, size_t length, const struct regfile_options *options,
                         struct regops *ops)
{
    struct reader reader = {.options = options, .ops = ops, .text = {text, text + length}};
    struct cursor line;
    const char *refused = read_header(&reader);

    while (!refused && next_line(&reader, &line))
    {
        read_line(&reader, &line);
        refused = regops_refused(ops);
    }
    free(reader.bytes);
    return refused;
}
