/*
 * Sets of keys as text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "keytext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "; scardssp registry 1"
#define END  "; end"

/* Types of values that have a form of their own (winnt.h). */
#define TYPE_SZ     1
#define TYPE_EXPAND 2
#define TYPE_BINARY 3
#define TYPE_DWORD  4

static const char *const set_names[KEYTEXT_SETS] = {"before", "written", "now", "unregistered"};

void keytext_free(struct keytext *text)
{
    size_t i;

    for (i = 0; i < KEYTEXT_SETS; i++)
        keyset_free(&text->sets[i]);
}

/* ---- reading ---- */

struct reader
{
    const char *at, *end; /* what is left of the line */
    const char *next, *all_end;
    unsigned line;
    struct keyset *set; /* NULL before the first */
    int kept;           /* the values that come belong to a key of set */
    uint16_t *units;    /* room for what is being decoded; grows */
    size_t unit_count, unit_room;
    uint8_t *bytes;
    size_t byte_count, byte_room;
};

static const char no_memory[] = "there is not enough memory";

/* The next line, without what ends it. 0 behind the last. */
static int next_line(struct reader *reader)
{
    const char *end;

    if (reader->next == reader->all_end)
        return 0;
    reader->at = reader->next;
    end = memchr(reader->at, '\n', (size_t)(reader->all_end - reader->at));
    reader->next = end ? end + 1 : reader->all_end;
    reader->end = end ? end : reader->all_end;
    if (reader->end > reader->at && reader->end[-1] == '\r')
        reader->end--;
    reader->line++;
    return 1;
}

/* Takes the word when the line goes on with it. */
static int take_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(reader->end - reader->at) < length || memcmp(reader->at, word, length))
        return 0;
    reader->at += length;
    return 1;
}

static int is_rest(const struct reader *reader, const char *text)
{
    size_t length = strlen(text);

    return (size_t)(reader->end - reader->at) == length && !memcmp(reader->at, text, length);
}

/* The next character; -1 at the line's end. */
static int peek(const struct reader *reader)
{
    return reader->at < reader->end ? (unsigned char)*reader->at : -1;
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* At most that many digits, their number returned. */
static int take_hex(struct reader *reader, int most, uint32_t *value)
{
    int digit, count = 0;

    for (*value = 0; count < most && (digit = hex_digit(peek(reader))) >= 0; count++, reader->at++)
        *value = *value << 4 | (uint32_t)digit;
    return count;
}

static int put_unit(struct reader *reader, unsigned unit)
{
    uint16_t *larger;

    if (reader->unit_count == reader->unit_room)
    {
        reader->unit_room = reader->unit_room ? 2 * reader->unit_room : 1024;
        if (!(larger = realloc(reader->units, reader->unit_room * sizeof(*larger))))
            return -1;
        reader->units = larger;
    }
    reader->units[reader->unit_count++] = (uint16_t)unit;
    return 0;
}

static int put_byte(struct reader *reader, unsigned byte)
{
    uint8_t *larger;

    if (reader->byte_count == reader->byte_room)
    {
        reader->byte_room = reader->byte_room ? 2 * reader->byte_room : 1024;
        if (!(larger = realloc(reader->bytes, reader->byte_room)))
            return -1;
        reader->bytes = larger;
    }
    reader->bytes[reader->byte_count++] = (uint8_t)byte;
    return 0;
}

/* What a backslash stands for; it was taken. -1 at the line's end. */
static int take_escape(struct reader *reader)
{
    static const char letters[] = "abtnvfre", codes[] = "\a\b\t\n\v\f\r\033";
    int c = peek(reader), count, unit;
    const char *letter;
    uint32_t value;

    if (c < 0)
        return -1;
    if (c >= '0' && c <= '7')
    {
        for (unit = count = 0; count < 3 && (c = peek(reader)) >= '0' && c <= '7'; count++)
        {
            unit = unit * 8 + c - '0';
            reader->at++;
        }
        return unit;
    }
    reader->at++;
    if (c == 'x')
        return take_hex(reader, 4, &value) ? (int)value : -1;
    letter = strchr(letters, c);
    return letter ? (unsigned char)codes[letter - letters] : c;
}

/* Decodes into units until the character end, which is taken. */
static const char *take_text(struct reader *reader, int end)
{
    int c;

    reader->unit_count = 0;
    while ((c = peek(reader)) != end)
    {
        reader->at += c >= 0;
        if (c == '\\')
            c = take_escape(reader);
        if (c < 0)
            return "a text has no end";
        if (put_unit(reader, (unsigned)c))
            return no_memory;
    }
    reader->at++;
    return NULL;
}

static const char *read_key(struct reader *reader)
{
    const char *refused = take_text(reader, ']');

    if (refused)
        return refused;
    reader->kept = keyset_ours(reader->units, reader->unit_count);
    if (reader->kept && keyset_add(reader->set, reader->units, reader->unit_count))
        return "there are too many keys, a path is too long, or there is not enough memory";
    return NULL;
}

/* The data of a text, with the zero at its end that the text leaves out. */
static const char *read_string(struct reader *reader)
{
    const char *refused = take_text(reader, '"');
    size_t i;

    if (refused)
        return refused;
    if (peek(reader) >= 0)
        return "something follows a text";
    if (put_unit(reader, 0))
        return no_memory;
    for (i = 0; i < reader->unit_count; i++)
        if (put_byte(reader, reader->units[i] & 0xff) || put_byte(reader, reader->units[i] >> 8))
            return no_memory;
    return NULL;
}

/* Bytes with commas between; a backslash ends a line that goes on in the next. */
static const char *read_bytes(struct reader *reader)
{
    uint32_t byte;

    while (peek(reader) >= 0)
    {
        if (is_rest(reader, "\\"))
        {
            if (!next_line(reader))
                return "the bytes of a value are cut off";
            while (peek(reader) == ' ')
                reader->at++;
            continue;
        }
        if (!take_hex(reader, 2, &byte) || (peek(reader) >= 0 && !take_word(reader, ",")))
            return "the bytes of a value are no bytes";
        if (put_byte(reader, byte))
            return no_memory;
    }
    return NULL;
}

static const char *read_number(struct reader *reader)
{
    uint32_t value;
    int i;

    if (!take_hex(reader, 8, &value) || peek(reader) >= 0)
        return "a number is no number";
    for (i = 0; i < 4; i++)
        if (put_byte(reader, value >> 8 * i & 0xff))
            return no_memory;
    return NULL;
}

/* What stands behind "=": sets *type, and the bytes. */
static const char *read_data(struct reader *reader, uint32_t *type)
{
    reader->byte_count = 0;
    *type = TYPE_SZ;
    if (take_word(reader, "\""))
        return read_string(reader);
    if (take_word(reader, "str("))
        return take_hex(reader, 8, type) && take_word(reader, "):\"")
                   ? read_string(reader)
                   : "the type of a value is none";
    *type = TYPE_DWORD;
    if (take_word(reader, "dword:"))
        return read_number(reader);
    *type = TYPE_BINARY;
    if (take_word(reader, "hex:"))
        return read_bytes(reader);
    if (take_word(reader, "hex("))
        return take_hex(reader, 8, type) && take_word(reader, "):") ? read_bytes(reader)
                                                                    : "the type of a value is none";
    return "a value has no data";
}

static const char *read_value(struct reader *reader, int named)
{
    const char *refused = NULL;
    uint16_t *name = NULL;
    size_t length = 0;
    uint32_t type;

    if (named && (refused = take_text(reader, '"')))
        return refused;
    if (!take_word(reader, "="))
        return "a name has no value";
    if (named)
    {
        /* The data may be text too. */
        name = reader->units;
        length = reader->unit_count;
        reader->units = NULL;
        reader->unit_room = 0;
    }
    refused = read_data(reader, &type);
    if (!refused &&
        keyset_add_value(reader->set, name, length, type, reader->bytes, reader->byte_count))
        refused = "there are too many values, one is too long, or there is not enough memory";
    free(name);
    return refused;
}

static const char *read_set(struct reader *reader, struct keytext *text)
{
    size_t i;

    for (i = 0; i < KEYTEXT_SETS; i++)
        if (is_rest(reader, set_names[i]))
            break;
    if (i == KEYTEXT_SETS)
        return "there is no such set";
    if (text->there[i])
        return "a set is there twice";
    text->there[i] = 1;
    reader->set = &text->sets[i];
    reader->kept = 0;
    return NULL;
}

/* A line; those of keys that are not kept, and what is no key or value, are passed over. */
static const char *read_line(struct reader *reader, struct keytext *text)
{
    if (take_word(reader, "; set "))
        return read_set(reader, text);
    if (take_word(reader, "["))
        return reader->set ? read_key(reader) : "a key belongs to no set";
    if (!reader->kept || peek(reader) < 0 || peek(reader) == '#' || peek(reader) == ';')
        return NULL;
    if (take_word(reader, "@"))
        return read_value(reader, 0);
    if (take_word(reader, "\""))
        return read_value(reader, 1);
    return "it is neither a key nor a value";
}

static const char *read_lines(struct reader *reader, struct keytext *text)
{
    const char *refused;
    int whole;

    if (!next_line(reader))
        return NULL;
    whole = is_rest(reader, HEAD);
    if (!whole && take_word(reader, "; scardssp registry "))
        return "a newer scardssp-setup wrote it";
    do
    {
        if (whole && is_rest(reader, END))
            return reader->next == reader->all_end ? NULL : "something follows its end";
        if ((refused = read_line(reader, text)))
            return refused;
    } while (next_line(reader));
    return whole ? "it is cut off" : NULL;
}

const char *keytext_read(const char *bytes, size_t size, struct keytext *text, unsigned *line)
{
    struct reader reader = {.next = bytes, .all_end = bytes + size};
    const char *refused = read_lines(&reader, text);
    size_t i;

    for (i = 0; !refused && i < KEYTEXT_SETS; i++)
        if (keyset_sort(&text->sets[i]))
            refused = "there are too many keys, or not enough memory";
    *line = reader.line;
    free(reader.units);
    free(reader.bytes);
    return refused;
}

/* ---- writing ---- */

static int put(struct keytext_sink *sink, const char *text)
{
    return sink->put(sink, text, strlen(text));
}

/* Text with the characters in special, and what is not printable ASCII, escaped. */
static int put_text(struct keytext_sink *sink, const uint16_t *units, size_t length,
                    const char *special)
{
    char escaped[8];
    size_t i;

    for (i = 0; i < length; i++)
    {
        if (units[i] < ' ' || units[i] > '~')
            sprintf(escaped, "\\x%04x", units[i]);
        else
            sprintf(escaped, strchr(special, units[i]) ? "\\%c" : "%c", units[i]);
        if (put(sink, escaped))
            return -1;
    }
    return 0;
}

static unsigned unit_at(const struct keyset_value *value, size_t index)
{
    return value->data[2 * index] | (unsigned)value->data[2 * index + 1] << 8;
}

/* Whether it is whole units that end with a zero. */
static int is_text(const struct keyset_value *value)
{
    return (value->type == TYPE_SZ || value->type == TYPE_EXPAND) && value->size >= 2 &&
           value->size % 2 == 0 && !unit_at(value, value->size / 2 - 1);
}

static int write_string(const struct keyset_value *value, struct keytext_sink *sink)
{
    size_t i, count = value->size / 2 - 1;
    uint16_t unit;

    if (put(sink, value->type == TYPE_SZ ? "\"" : "str(2):\""))
        return -1;
    for (i = 0; i < count; i++)
    {
        unit = (uint16_t)unit_at(value, i);
        if (put_text(sink, &unit, 1, "\\\""))
            return -1;
    }
    return put(sink, "\"");
}

static int write_data(const struct keyset_value *value, struct keytext_sink *sink)
{
    char text[24];
    size_t i;

    if (is_text(value))
        return write_string(value, sink);
    if (value->type == TYPE_DWORD && value->size == 4)
    {
        sprintf(text, "dword:%08x", unit_at(value, 1) << 16 | unit_at(value, 0));
        return put(sink, text);
    }
    sprintf(text, value->type == TYPE_BINARY ? "hex:" : "hex(%x):", (unsigned)value->type);
    if (put(sink, text))
        return -1;
    for (i = 0; i < value->size; i++)
    {
        sprintf(text, i ? ",%02x" : "%02x", value->data[i]);
        if (put(sink, text))
            return -1;
    }
    return 0;
}

static int write_value(const struct keyset_value *value, struct keytext_sink *sink)
{
    if (!value->length)
    {
        if (put(sink, "@="))
            return -1;
    }
    else if (put(sink, "\"") || put_text(sink, value->name, value->length, "\\\"") ||
             put(sink, "\"="))
        return -1;
    return write_data(value, sink) || put(sink, "\n") ? -1 : 0;
}

static int write_key(const struct keyset *set, const struct keyset_key *key,
                     struct keytext_sink *sink)
{
    uint32_t i;

    if (put(sink, "[") || put_text(sink, key->path, key->length, "\\[]") || put(sink, "]\n"))
        return -1;
    for (i = 0; i < key->count; i++)
        if (write_value(&set->values[key->first + i], sink))
            return -1;
    return 0;
}

int keytext_write(const struct keytext *text, struct keytext_sink *sink)
{
    const struct keyset *set;
    size_t i, k;

    if (put(sink, HEAD "\n") || (text->changed && put(sink, "; changed\n")))
        return -1;
    for (i = 0; i < KEYTEXT_SETS; i++)
    {
        if (!text->there[i])
            continue;
        if (put(sink, "; set ") || put(sink, set_names[i]) || put(sink, "\n"))
            return -1;
        set = &text->sets[i];
        for (k = 0; k < set->key_count; k++)
            if (set->keys[k].listed && write_key(set, &set->keys[k], sink))
                return -1;
    }
    return put(sink, END "\n");
}
