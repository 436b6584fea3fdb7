/*
 * scardtool: the lines and fields of a setup information file.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where a field begins and ends is as in Wine's SetupAPI: blanks around it do not count, quotes may
 * begin and end inside, a backslash before the line's end (and a comment) goes on in the next line.
 */

#include "inflines.h"

#include <stdlib.h>
#include <string.h>

#include "regops.h"

#define STEPS_MAX        100000000
#define END_OF_FILE      0x1a
#define SECTION_NAME_MAX 255

/* Where reading is, and the field that is being put together. */
struct reader
{
    struct inf *inf;
    const uint16_t *at, *end;
    unsigned line;
    size_t section; /* INF_NONE before the first */
    size_t start;   /* of the field in inf->text */
    int cut;
    unsigned outside; /* the first line that is in no section, 0: none */
    const char *refused;
};

/* ---- arrays ---- */

/* Makes room for count more elements of size bytes. */
static int make_room(struct reader *reader, void *array, size_t used, size_t *room, size_t size)
{
    size_t wanted = *room ? 2 * *room : 64;
    void *grown, **at = array;

    if (used < *room)
        return 1;
    if (!(grown = realloc(*at, wanted * size)))
    {
        reader->refused = "out of memory";
        return 0;
    }
    *at = grown;
    *room = wanted;
    return 1;
}

void inf_free(struct inf *inf)
{
    free(inf->text);
    free(inf->fields);
    free(inf->lines);
    free(inf->sections);
    memset(inf, 0, sizeof(*inf));
}

int inf_step(struct inf *inf, size_t count)
{
    inf->steps -= count < inf->steps ? count : inf->steps;
    return inf->steps > 0;
}

/* ---- finding ---- */

static int is_field(const struct inf *inf, const struct inf_field *field, const uint16_t *text,
                    size_t length)
{
    return regops_same(inf->text + field->text, field->length, text, length);
}

size_t inf_section(struct inf *inf, const uint16_t *name, size_t length)
{
    size_t i;

    for (i = 0; i < inf->section_count && inf_step(inf, 1); i++)
        if (is_field(inf, &inf->sections[i].name, name, length))
            return i;
    return INF_NONE;
}

size_t inf_first_line(const struct inf *inf, size_t section)
{
    return section == INF_NONE ? INF_NONE : inf->sections[section].first;
}

size_t inf_line(struct inf *inf, size_t from, const uint16_t *key, size_t length)
{
    size_t i;

    for (i = from; i != INF_NONE && inf_step(inf, 1); i = inf->lines[i].next)
        if (inf->lines[i].key != INF_NONE &&
            is_field(inf, &inf->fields[inf->lines[i].key], key, length))
            return i;
    return INF_NONE;
}

const struct inf_field *inf_field(const struct inf *inf, size_t line, size_t index)
{
    const struct inf_line *at = &inf->lines[line];

    return index < at->count ? &inf->fields[at->first + index] : NULL;
}

/* ---- fields ---- */

static void put(struct reader *reader, uint16_t unit)
{
    struct inf *inf = reader->inf;

    if (inf->text_length - reader->start >= INF_FIELD_MAX)
        reader->cut = 1;
    else if (make_room(reader, &inf->text, inf->text_length, &inf->text_room, sizeof(*inf->text)))
        inf->text[inf->text_length++] = unit ? unit : ' ';
}

static struct inf_field end_text(struct reader *reader)
{
    struct inf_field field = {reader->start, reader->inf->text_length - reader->start,
                              (unsigned)reader->cut};

    reader->start = reader->inf->text_length;
    reader->cut = 0;
    return field;
}

static void begin_line(struct reader *reader)
{
    struct inf *inf = reader->inf;
    struct inf_section *section = &inf->sections[reader->section];
    struct inf_line *line;

    if (!make_room(reader, &inf->lines, inf->line_count, &inf->line_room, sizeof(*inf->lines)))
        return;
    line = &inf->lines[inf->line_count];
    line->key = line->next = INF_NONE;
    line->first = inf->field_count;
    line->count = 0;
    line->number = reader->line;
    if (section->first == INF_NONE)
        section->first = inf->line_count;
    else
        inf->lines[section->last].next = inf->line_count;
    section->last = inf->line_count++;
}

/* Ends a field of the last line; the one before an equals sign is its key. */
static void end_field(struct reader *reader, int is_key)
{
    struct inf *inf = reader->inf;
    struct inf_line *line = &inf->lines[inf->line_count - 1];

    if (!make_room(reader, &inf->fields, inf->field_count, &inf->field_room, sizeof(*inf->fields)))
        return;
    inf->fields[inf->field_count] = end_text(reader);
    if (is_key)
    {
        line->key = inf->field_count;
        line->first++;
    }
    else
        line->count++;
    inf->field_count++;
}

/* ---- lines ---- */

static int at_line_end(const struct reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n';
}

/* Blanks of Unicode too, and NUL. */
static int is_space(uint16_t unit)
{
    return !unit || (unit >= '\t' && unit <= '\r') || unit == ' ' || unit == 0x85 || unit == 0xa0 ||
           unit == 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || unit == 0x2028 ||
           unit == 0x2029 || unit == 0x202f || unit == 0x205f || unit == 0x3000;
}

static void skip_spaces(struct reader *reader)
{
    while (!at_line_end(reader) && is_space(*reader->at))
        reader->at++;
}

static void skip_comment(struct reader *reader)
{
    while (!at_line_end(reader))
        reader->at++;
}

/* Steps over the line's end, where there is one. */
static int next_line(struct reader *reader)
{
    if (reader->at == reader->end)
        return 0;
    reader->at++;
    reader->line++;
    return 1;
}

/* Behind the opening quote; the line's end closes too. */
static void read_quotes(struct reader *reader)
{
    for (; !at_line_end(reader); reader->at++)
    {
        if (*reader->at == '"')
        {
            if (reader->end - reader->at < 2 || reader->at[1] != '"')
            {
                reader->at++;
                return;
            }
            reader->at++;
        }
        put(reader, *reader->at);
    }
}

/*
 * Blanks, and backslashes among them: they count only where text of the field follows, backslashes
 * also before what ends a field. Goes on behind the line's end where a backslash is its last.
 */
static void read_gap(struct reader *reader, int may_be_key)
{
    const uint16_t *from = reader->at;
    int backslash = 0;

    while (!at_line_end(reader) && (is_space(*reader->at) || *reader->at == '\\'))
        backslash |= *reader->at++ == '\\';
    if (backslash && !at_line_end(reader) && *reader->at == ';')
        skip_comment(reader);
    if (at_line_end(reader))
    {
        if (backslash && next_line(reader))
            skip_spaces(reader);
        return;
    }
    if (!backslash &&
        (*reader->at == ',' || *reader->at == ';' || (*reader->at == '=' && may_be_key)))
        return;
    for (; from < reader->at; from++)
        put(reader, *from);
}

/* A line of a section, from its first field on. */
static void read_fields(struct reader *reader)
{
    int may_be_key = 1;

    begin_line(reader);
    while (!reader->refused && !at_line_end(reader) && *reader->at != ';')
    {
        uint16_t unit = *reader->at;

        if (unit == ',' || (unit == '=' && may_be_key))
        {
            end_field(reader, unit == '=');
            may_be_key = 0;
            reader->at++;
            skip_spaces(reader);
        }
        else if (unit == '"')
        {
            reader->at++;
            read_quotes(reader);
        }
        else if (is_space(unit) || unit == '\\')
            read_gap(reader, may_be_key);
        else
        {
            put(reader, unit);
            reader->at++;
        }
    }
    if (!reader->refused)
        end_field(reader, 0);
    skip_comment(reader);
}

static size_t add_section(struct reader *reader, struct inf_field name)
{
    struct inf *inf = reader->inf;
    size_t found = inf_section(inf, inf->text + name.text, name.length);

    if (found != INF_NONE)
        return found;
    if (!make_room(reader, &inf->sections, inf->section_count, &inf->section_room,
                   sizeof(*inf->sections)))
        return INF_NONE;
    inf->sections[inf->section_count].name = name;
    inf->sections[inf->section_count].first = INF_NONE;
    inf->sections[inf->section_count].last = INF_NONE;
    return inf->section_count++;
}

/* Behind the bracket; what follows the closing one does not count. */
static void read_section(struct reader *reader)
{
    for (; !at_line_end(reader) && *reader->at != ']'; reader->at++)
        put(reader, *reader->at);
    if (at_line_end(reader))
        reader->refused = "a section's name does not end";
    else if (reader->inf->text_length - reader->start > SECTION_NAME_MAX)
        reader->refused = "a section's name is too long";
    else if (!reader->refused)
        reader->section = add_section(reader, end_text(reader));
    skip_comment(reader);
}

/* What stands before the first section is passed over, to its bracket on the same line. */
static void skip_to_section(struct reader *reader)
{
    while (!at_line_end(reader) && *reader->at != ';' && *reader->at != '[')
    {
        if (!is_space(*reader->at) && !reader->outside)
            reader->outside = reader->line;
        reader->at++;
    }
}

static void read_line(struct reader *reader)
{
    skip_spaces(reader);
    if (reader->section == INF_NONE)
        skip_to_section(reader);
    if (at_line_end(reader))
        return;
    if (*reader->at == '[')
    {
        reader->at++;
        read_section(reader);
    }
    else if (*reader->at == ';')
        skip_comment(reader);
    else
        read_fields(reader);
}

/* A line of one field and no key is its own key. */
static void name_lines(struct inf *inf)
{
    size_t i;

    for (i = 0; i < inf->line_count; i++)
        if (inf->lines[i].key == INF_NONE && inf->lines[i].count == 1)
            inf->lines[i].key = inf->lines[i].first;
}

static const uint16_t *find_end(const uint16_t *text, size_t length)
{
    const uint16_t *at = text;

    while (at < text + length && *at != END_OF_FILE)
        at++;
    return at;
}

const char *inf_read(struct inf *inf, const uint16_t *text, size_t length)
{
    static const uint16_t strings[] = {'S', 't', 'r', 'i', 'n', 'g', 's'};
    struct reader reader = {.inf = inf, .at = text, .end = find_end(text, length), .line = 1,
                            .section = INF_NONE};

    memset(inf, 0, sizeof(*inf));
    inf->steps = STEPS_MAX;
    /* Empty fields point into the text, too. */
    if (!make_room(&reader, &inf->text, 0, &inf->text_room, sizeof(*inf->text)))
        return reader.refused;
    do
        read_line(&reader);
    while (!reader.refused && inf->steps && next_line(&reader));
    name_lines(inf);
    inf->bad_line = reader.line;
    if (!reader.refused && reader.outside && inf_section(inf, strings, 7) == INF_NONE)
    {
        inf->bad_line = reader.outside;
        reader.refused = "it does not begin with a section";
    }
    if (!reader.refused && !inf->steps)
        reader.refused = "it asks for too much";
    return reader.refused;
}
