/*
 * scardtool: setup information files, as drivers and middleware bring them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The meaning of sections, flags and fields is that of Microsoft's pages "INF AddReg Directive",
 * "INF DelReg Directive", "INF Strings Section", "INF Manufacturer Section" and setupapi.h.
 */

#include "inffile.h"

#include <string.h>

#include "iso7816/hex.h"
#include "inflines.h"

/* Flags of an entry. */
#define FLAG_BINARY         0x00000001
#define FLAG_NO_CLOBBER     0x00000002
#define FLAG_DELETE_VALUE   0x00000004
#define FLAG_APPEND         0x00000008
#define FLAG_KEY_ONLY       0x00000010
#define FLAG_OVERWRITE_ONLY 0x00000020
#define FLAG_64_BIT         0x00001000
#define FLAG_KEY_COMMON     0x00002000
#define FLAG_32_BIT         0x00004000
#define FLAG_DELETE         0x00008000
#define FLAG_TYPE_MASK      (0xffff0000u | FLAG_BINARY)
#define FLAG_DELETE_STRING  0x00018002

#define LINE_STEPS  100 /* the work for a line, in comparisons */
#define DEVICES_MAX 256 /* install sections that a list of devices may name */

/* A field with its %words% filled in. */
struct text
{
    uint16_t units[INF_FIELD_MAX + 1];
    size_t length;
    int cut;
};

struct reader
{
    struct inf inf;
    const struct inffile_options *options;
    struct regops *ops;
    size_t strings, local_strings; /* sections */
    size_t done[DEVICES_MAX];      /* sections that were installed */
    unsigned done_count;
    struct text a, b; /* room for the field at hand */
};

/* ---- texts ---- */

static const struct inf_field *find_string(struct reader *reader, size_t section,
                                           const uint16_t *name, size_t length)
{
    struct inf *inf = &reader->inf;
    size_t line = inf_line(inf, inf_first_line(inf, section), name, length);

    return line == INF_NONE ? NULL : inf_field(inf, line, 0);
}

/* The number that the whole text is; -1 when it is none. */
static int whole_number(const uint16_t *text, size_t length)
{
    int value = 0;
    size_t i;

    for (i = 0; i < length; i++)
    {
        if (text[i] < '0' || text[i] > '9' || value > 0xffffff)
            return -1;
        value = 10 * value + (text[i] - '0');
    }
    return length ? value : -1;
}

static void put(struct text *out, const uint16_t *units, size_t count)
{
    if (count > INF_FIELD_MAX - out->length)
    {
        count = INF_FIELD_MAX - out->length;
        out->cut = 1;
    }
    if (count)
        memcpy(out->units + out->length, units, count * sizeof(*units));
    out->length += count;
}

/* A word between two percent signs, the text for it; a word that is not known stays as it is. */
static void put_word(struct reader *reader, struct text *out, const uint16_t *word, size_t length,
                     int before_backslash)
{
    const struct inf_field *found;
    const uint16_t *directory = NULL;
    size_t count;
    int id;

    if (!length)
    {
        put(out, word, 1);
        return;
    }
    if ((found = find_string(reader, reader->local_strings, word, length)) ||
        (found = find_string(reader, reader->strings, word, length)))
    {
        put(out, reader->inf.text + found->text, found->length);
        return;
    }
    if ((id = whole_number(word, length)) >= 0 && reader->options->directory)
        directory = reader->options->directory(reader->options->context, id);
    if (!directory)
    {
        put(out, word - 1, length + 2);
        return;
    }
    count = regops_length(directory);
    if (before_backslash && count && directory[count - 1] == '\\')
        count--;
    put(out, directory, count);
}

static void expand(struct reader *reader, const struct inf_field *field, struct text *out)
{
    const uint16_t *at, *end, *word;

    out->length = 0;
    out->cut = field && field->cut;
    at = field ? reader->inf.text + field->text : NULL;
    end = field ? at + field->length : NULL;
    while (at < end)
    {
        for (word = at + 1; *at == '%' && word < end && *word != '%'; word++)
            ;
        if (*at != '%' || word == end)
        {
            put(out, at++, 1);
            continue;
        }
        put_word(reader, out, at + 1, (size_t)(word - at) - 1, word + 1 < end && word[1] == '\\');
        at = word + 1;
    }
    out->units[out->length] = 0;
}

/* As C's strtol with base 0 reads it; *whole tells whether nothing else is there. */
static uint32_t read_number(const struct text *text, int *whole)
{
    const uint16_t *at = text->units;
    uint32_t value = 0, base = 10, digit;
    int negative, digits = 0;

    while (*at == ' ' || (*at >= '\t' && *at <= '\r'))
        at++;
    negative = *at == '-';
    if (negative || *at == '+')
        at++;
    if (*at == '0')
        base = 8;
    if (*at == '0' && (at[1] == 'x' || at[1] == 'X'))
    {
        base = 16;
        at += 2;
    }
    for (; *at; at++, digits++)
    {
        digit = *at <= '9' ? *at - (uint32_t)'0' : (*at | 0x20u) - 'a' + 10;
        if (*at < '0' || digit >= base || *at > 'f')
            break;
        value = value > (UINT32_MAX - digit) / base ? UINT32_MAX : value * base + digit;
    }
    if (whole)
        *whole = digits && !*at;
    return negative ? 0 - value : value;
}

/* ---- entries ---- */

static enum regop_root read_root(const struct text *text)
{
    enum regop_root root;

    for (root = 0; root < REGOP_NO_ROOT; root++)
        if (regops_root_short(root) &&
            regops_is(text->units, text->length, regops_root_short(root)))
            break;
    return root;
}

static uint32_t value_type(uint32_t flags)
{
    switch (flags & FLAG_TYPE_MASK)
    {
    case FLAG_BINARY: return REGOPS_BINARY;
    case 0: return REGOPS_SZ;
    case 0x00010000: return REGOPS_MULTI_SZ;
    case 0x00020000: return REGOPS_EXPAND_SZ;
    case 0x00010001: return REGOPS_DWORD;
    case 0x00020001: return REGOPS_NONE;
    default: return flags >> 16;
    }
}

/* Fields of hex digits, from the fifth on, where %words% are not filled in; empty ones are 0. */
static const char *read_bytes(struct reader *reader, size_t line, struct regop *op)
{
    const struct inf_line *at = &reader->inf.lines[line];
    size_t count = at->count > 4 ? at->count - 4 : 0, i, j;
    uint8_t *bytes = regops_alloc(reader->ops, count);

    for (i = 0; bytes && i < count; i++)
    {
        const struct inf_field *field = inf_field(&reader->inf, line, 4 + i);
        const uint16_t *text = reader->inf.text + field->text;
        unsigned value = 0;

        for (j = 0; j < field->length; j++)
        {
            if (hex_digit(text[j]) < 0 || (value = value << 4 | (unsigned)hex_digit(text[j])) > 255)
                return "its bytes are malformed";
        }
        bytes[i] = (uint8_t)value;
    }
    op->data = bytes;
    op->size = count;
    return NULL;
}

/* Fields from the fifth on, to the first empty one. */
static const char *read_strings(struct reader *reader, size_t line, struct regop *op)
{
    const struct inf_line *at = &reader->inf.lines[line];
    size_t i, units = 1, used = 0;
    uint16_t *data;

    for (i = 4; i < at->count; i++, units += reader->a.length + 1)
    {
        expand(reader, inf_field(&reader->inf, line, i), &reader->a);
        if (!reader->a.length)
            break;
    }
    if (!(data = regops_alloc(reader->ops, units * sizeof(*data))))
        return NULL;
    for (i = 4; used + 1 < units; i++, used += reader->a.length + 1)
    {
        expand(reader, inf_field(&reader->inf, line, i), &reader->a);
        /* Words are not found any more once the steps are used up. */
        if (reader->a.length + 1 >= units - used)
            return "it asks for too much";
        memcpy(data + used, reader->a.units, (reader->a.length + 1) * sizeof(*data));
    }
    data[used] = 0;
    op->data = (const uint8_t *)data;
    op->size = (used + 1) * sizeof(*data);
    return NULL;
}

static const char *read_text(struct reader *reader, size_t line, struct regop *op)
{
    uint32_t number;

    expand(reader, inf_field(&reader->inf, line, 4), &reader->a);
    if (reader->a.cut)
        return "its text is too long";
    if (op->type == REGOPS_DWORD)
    {
        number = read_number(&reader->a, NULL);
        op->data = regops_bytes(reader->ops, &number, sizeof(number));
        op->size = sizeof(number);
        return NULL;
    }
    op->size = (reader->a.length + 1) * sizeof(reader->a.units[0]);
    op->data = regops_bytes(reader->ops, reader->a.units, op->size);
    return NULL;
}

static const char *read_data(struct reader *reader, size_t line, uint32_t flags, struct regop *op)
{
    size_t count = reader->inf.lines[line].count;

    op->type = value_type(flags);
    if (op->type == REGOPS_LINK)
        return "it would be a symbolic link";
    if ((flags & FLAG_BINARY) && !(op->type == REGOPS_DWORD && count == 5))
        return read_bytes(reader, line, op);
    if (op->type == REGOPS_MULTI_SZ && count > 4)
        return read_strings(reader, line, op);
    return read_text(reader, line, op);
}

/* What an entry deletes. */
static const char *read_deletion(struct reader *reader, size_t line, uint32_t flags,
                                 struct regop *op)
{
    if (!*op->name || (flags & FLAG_KEY_COMMON))
    {
        op->kind = REGOP_DELETE_KEY;
        return NULL;
    }
    op->kind = REGOP_DELETE_VALUE;
    if ((flags & FLAG_DELETE_STRING) != FLAG_DELETE_STRING)
        return NULL;
    op->kind = REGOP_DELETE_STRING;
    return read_text(reader, line, op);
}

static const char *read_addition(struct reader *reader, size_t line, uint32_t flags,
                                 struct regop *op)
{
    if (flags & (FLAG_KEY_ONLY | FLAG_KEY_COMMON))
        return NULL;
    op->kind = REGOP_SET;
    if (flags & FLAG_NO_CLOBBER)
        op->flags |= REGOP_IF_NO_VALUE;
    if (flags & FLAG_OVERWRITE_ONLY)
        op->flags |= REGOP_IF_VALUE;
    if (value_type(flags) == REGOPS_MULTI_SZ && (flags & FLAG_APPEND) && !(flags & FLAG_BINARY))
        op->kind = inf_field(&reader->inf, line, 4) ? REGOP_APPEND : REGOP_KEY;
    if (op->kind == REGOP_KEY)
        return NULL;
    return read_data(reader, line, flags, op);
}

static uint32_t read_flags(struct reader *reader, size_t line)
{
    uint32_t flags;
    int whole;

    expand(reader, inf_field(&reader->inf, line, 3), &reader->a);
    flags = read_number(&reader->a, &whole);
    return whole ? flags : 0;
}

/* Root, key, value and views; false (0) where the entry is nobody's. */
static int begin_entry(struct reader *reader, size_t line, uint32_t flags, struct regop *op)
{
    const char *why = NULL;

    expand(reader, inf_field(&reader->inf, line, 0), &reader->b);
    op->root = read_root(&reader->b);
    expand(reader, inf_field(&reader->inf, line, 1), &reader->a);
    if (reader->a.cut)
        why = "its key is too long";
    if (op->root == REGOP_NO_ROOT)
        why = "there is no such root key";
    op->path = op->root == REGOP_NO_ROOT
                   ? regops_text(reader->ops, reader->b.units, reader->b.length)
                   : regops_text(reader->ops, reader->a.units, reader->a.length);
    expand(reader, inf_field(&reader->inf, line, 2), &reader->a);
    if (reader->a.cut)
        why = "its value's name is too long";
    op->name = regops_text(reader->ops, reader->a.units, reader->a.length);
    op->line = reader->inf.lines[line].number;
    if (flags & FLAG_64_BIT)
        op->flags |= REGOP_VIEW_64;
    if (flags & FLAG_32_BIT)
        op->flags |= REGOP_VIEW_32;
    if (!why)
        return op->path && op->name;
    op->kind = REGOP_UNREAD;
    op->why = why;
    regops_add(reader->ops, op);
    return 0;
}

/* One line of a section that DelReg or AddReg names. A section may serve both, by its flags. */
static void read_entry(struct reader *reader, size_t line, int deleting)
{
    struct regop op = {.kind = REGOP_KEY};
    uint32_t flags = read_flags(reader, line);

    if (deleting && !flags)
        flags = FLAG_DELETE;
    if (!deleting != !(flags & FLAG_DELETE) || !begin_entry(reader, line, flags, &op))
        return;
    if (deleting || (flags & FLAG_OVERWRITE_ONLY))
        op.flags |= REGOP_IF_KEY;
    if (flags & (FLAG_DELETE | FLAG_DELETE_VALUE))
        op.why = read_deletion(reader, line, flags, &op);
    else
        op.why = read_addition(reader, line, flags, &op);
    if (op.why)
        op.kind = REGOP_UNREAD;
    regops_add(reader->ops, &op);
}

/* ---- install sections ---- */

/* Before each line that is looked at. */
static int go_on(struct reader *reader)
{
    return !regops_refused(reader->ops) && inf_step(&reader->inf, LINE_STEPS);
}

static void add_note(struct reader *reader, enum regop_kind kind, unsigned line,
                     const uint16_t *section, const uint16_t *name, const char *why)
{
    struct regop op = {.kind = kind, .root = REGOP_NO_ROOT, .line = line, .path = section,
                       .name = name, .why = why};

    regops_add(reader->ops, &op);
}

static const uint16_t *copy_field(struct reader *reader, const struct inf_field *field)
{
    return regops_text(reader->ops, reader->inf.text + field->text, field->length);
}

static void read_entries(struct reader *reader, unsigned line, int deleting)
{
    const struct text *name = &reader->a;
    size_t section = inf_section(&reader->inf, name->units, name->length), at;

    if (section == INF_NONE)
    {
        add_note(reader, REGOP_UNREAD, line, regops_text(reader->ops, name->units, name->length),
                 NULL, "there is no such section");
        return;
    }
    for (at = inf_first_line(&reader->inf, section); at != INF_NONE && go_on(reader);
         at = reader->inf.lines[at].next)
        read_entry(reader, at, deleting);
}

/* All sections that the lines of one directive name. */
static void run_directive(struct reader *reader, size_t section, int deleting)
{
    static const uint16_t del[] = {'D', 'e', 'l', 'R', 'e', 'g'};
    static const uint16_t add[] = {'A', 'd', 'd', 'R', 'e', 'g'};
    size_t at = inf_first_line(&reader->inf, section), i;

    while ((at = inf_line(&reader->inf, at, deleting ? del : add, 6)) != INF_NONE)
    {
        for (i = 0; i < reader->inf.lines[at].count && go_on(reader); i++)
        {
            expand(reader, inf_field(&reader->inf, at, i), &reader->a);
            read_entries(reader, reader->inf.lines[at].number, deleting);
        }
        at = reader->inf.lines[at].next;
    }
}

/* The directives that are somebody else's work. */
static void note_others(struct reader *reader, size_t section, const uint16_t *name)
{
    const struct inf *inf = &reader->inf;
    size_t at;

    for (at = inf_first_line(inf, section); at != INF_NONE && go_on(reader);
         at = inf->lines[at].next)
    {
        const struct inf_field *key = inf->lines[at].key == INF_NONE
                                          ? inf_field(inf, at, 0)
                                          : &inf->fields[inf->lines[at].key];

        if (!regops_is(inf->text + key->text, key->length, "AddReg") &&
            !regops_is(inf->text + key->text, key->length, "DelReg"))
            add_note(reader, REGOP_DIRECTIVE, inf->lines[at].number, name, copy_field(reader, key),
                     NULL);
    }
}

/* [NAME.Services] and its like. */
static void note_companions(struct reader *reader, size_t section)
{
    const struct inf *inf = &reader->inf;
    struct inf_field name = inf->sections[section].name;
    size_t i;

    for (i = 0; i < inf->section_count && go_on(reader); i++)
    {
        struct inf_field other = inf->sections[i].name;
        const uint16_t *text = inf->text + other.text;

        if (other.length > name.length + 3 && text[name.length] == '.' &&
            regops_same(text, name.length, inf->text + name.text, name.length) &&
            !regops_is(text + name.length, 3, ".nt"))
            note_others(reader, i, copy_field(reader, &other));
    }
}

static void install(struct reader *reader, size_t section)
{
    const uint16_t *name = copy_field(reader, &reader->inf.sections[section].name);
    unsigned i;

    for (i = 0; i < reader->done_count; i++)
        if (reader->done[i] == section)
            return;
    if (reader->done_count == DEVICES_MAX)
    {
        add_note(reader, REGOP_UNREAD, 0, name, NULL, "too many sections are to be installed");
        return;
    }
    reader->done[reader->done_count++] = section;
    add_note(reader, REGOP_SECTION, 0, NULL, name, NULL);
    run_directive(reader, section, 1);
    run_directive(reader, section, 0);
    note_others(reader, section, name);
    note_companions(reader, section);
}

/* ---- which sections ---- */

/* The section name.suffix that has lines; INF_NONE. suffix "" is none. */
static size_t find_with(struct reader *reader, const uint16_t *name, size_t length,
                        const char *suffix)
{
    uint16_t whole[INF_FIELD_MAX + 16];
    size_t found;

    if (length > INF_FIELD_MAX)
        return INF_NONE;
    memcpy(whole, name, length * sizeof(*name));
    if (*suffix)
        whole[length++] = '.';
    for (; *suffix; suffix++)
        whole[length++] = (uint8_t)*suffix;
    found = inf_section(&reader->inf, whole, length);
    return inf_first_line(&reader->inf, found) == INF_NONE ? INF_NONE : found;
}

static size_t find_install(struct reader *reader, const uint16_t *name, size_t length)
{
    size_t found = find_with(reader, name, length, reader->options->platform);

    if (found == INF_NONE)
        found = find_with(reader, name, length, "nt");
    return found == INF_NONE ? find_with(reader, name, length, "") : found;
}

static size_t find_ascii(struct reader *reader, const char *name)
{
    uint16_t units[32];
    size_t i, length = strlen(name);

    for (i = 0; i < length; i++)
        units[i] = (uint8_t)name[i];
    return inf_section(&reader->inf, units, length);
}

/* How well a system's name ("NTamd64.6.1") fits; 0: not at all. A later version fits better. */
static unsigned fitness(const struct reader *reader, const uint16_t *text, size_t length)
{
    size_t platform = strlen(reader->options->platform), at = 0;
    unsigned numbers[2] = {0}, i, fits = 0;

    if (length >= platform && regops_is(text, platform, reader->options->platform))
        fits = 0x10000, at = platform;
    else if (length >= 2 && regops_is(text, 2, "nt"))
        fits = 1, at = 2;
    if (!fits || (at < length && text[at] != '.'))
        return 0;
    for (i = 0; i < 2 && at < length && text[at] == '.'; i++)
        for (at++; at < length && text[at] >= '0' && text[at] <= '9' && numbers[i] < 25; at++)
            numbers[i] = 10 * numbers[i] + (text[at] - (unsigned)'0');
    return fits + 256 * numbers[0] + numbers[1];
}

/* Installs what the devices of one section of models name. */
static void install_models(struct reader *reader, size_t section)
{
    size_t at, found;

    for (at = inf_first_line(&reader->inf, section); at != INF_NONE && go_on(reader);
         at = reader->inf.lines[at].next)
    {
        if (reader->inf.lines[at].key == INF_NONE || !inf_field(&reader->inf, at, 0))
            continue;
        expand(reader, inf_field(&reader->inf, at, 0), &reader->a);
        found = find_install(reader, reader->a.units, reader->a.length);
        if (found != INF_NONE)
            install(reader, found);
    }
}

/* The section of models that a line of [Manufacturer] names for this system. */
static size_t find_models(struct reader *reader, size_t line)
{
    size_t count = reader->inf.lines[line].count, i, section;
    unsigned best = 0, fits;
    char suffix[32] = "";

    for (i = 1; i < count; i++)
    {
        expand(reader, inf_field(&reader->inf, line, i), &reader->a);
        fits = fitness(reader, reader->a.units, reader->a.length);
        if (fits <= best || reader->a.length >= sizeof(suffix))
            continue;
        best = fits;
        for (section = 0; section <= reader->a.length; section++)
            suffix[section] = (char)reader->a.units[section];
    }
    expand(reader, inf_field(&reader->inf, line, 0), &reader->a);
    section = find_with(reader, reader->a.units, reader->a.length, suffix);
    return section == INF_NONE ? find_with(reader, reader->a.units, reader->a.length, "") : section;
}

static void install_devices(struct reader *reader)
{
    size_t section = find_ascii(reader, "Manufacturer"), at;

    for (at = inf_first_line(&reader->inf, section); at != INF_NONE && go_on(reader);
         at = reader->inf.lines[at].next)
        if (reader->inf.lines[at].count)
            install_models(reader, find_models(reader, at));
}

static int is_of_system(const struct reader *reader, size_t section)
{
    struct inf_field name = reader->inf.sections[section].name;
    size_t i;

    for (i = 0; i < name.length; i++)
        if (reader->inf.text[name.text + i] == '.')
            return 1;
    return 0;
}

/* The only section with an AddReg directive, for whatever system; INF_NONE when there are none or
 * several. */
static size_t find_only(struct reader *reader)
{
    static const uint16_t add[] = {'A', 'd', 'd', 'R', 'e', 'g'};
    size_t i, found = INF_NONE;

    for (i = 0; i < reader->inf.section_count && go_on(reader); i++)
    {
        if (is_of_system(reader, i) ||
            inf_line(&reader->inf, inf_first_line(&reader->inf, i), add, 6) == INF_NONE)
            continue;
        if (found != INF_NONE)
            return INF_NONE;
        found = i;
    }
    return found;
}

static const char *install_all(struct reader *reader)
{
    static const uint16_t usual[] = {'D', 'e', 'f', 'a', 'u', 'l', 't',
                                     'I', 'n', 's', 't', 'a', 'l', 'l'};
    const uint16_t *wanted = reader->options->section;
    size_t section = wanted ? find_install(reader, wanted, regops_length(wanted))
                            : find_install(reader, usual, sizeof(usual) / sizeof(usual[0]));

    if (section == INF_NONE && wanted)
        return "it has no such section";
    if (section != INF_NONE)
        install(reader, section);
    else
        install_devices(reader);
    if (!reader->done_count && (section = find_only(reader)) != INF_NONE)
        install(reader, section);
    return reader->done_count
               ? NULL
               : "it says not what is to be installed for this system: neither by a section "
                 "DefaultInstall nor by devices; name a section of it";
}

static void find_strings(struct reader *reader)
{
    static const char digits[] = "0123456789abcdef";
    char name[] = "Strings.0000";
    unsigned i;

    for (i = 0; i < 4; i++)
        name[8 + i] = digits[reader->options->language >> 4 * (3 - i) & 15];
    reader->strings = find_ascii(reader, "Strings");
    reader->local_strings = find_ascii(reader, name);
    /* American English stands for all languages that a file does not have. */
    if (reader->local_strings == INF_NONE && reader->strings == INF_NONE)
        reader->local_strings = find_ascii(reader, "Strings.0409");
}

const char *inffile_read(const uint16_t *text, size_t length, const struct inffile_options *options,
                         struct regops *ops, unsigned *line)
{
    struct reader reader = {.options = options, .ops = ops};
    const char *refused = inf_read(&reader.inf, text, length);

    *line = refused ? reader.inf.bad_line : 0;
    if (!refused)
    {
        find_strings(&reader);
        refused = install_all(&reader);
    }
    if (!refused && !reader.inf.steps)
        refused = "it asks for too much";
    if (regops_refused(ops))
        refused = regops_refused(ops);
    inf_free(&reader.inf);
    return refused;
}
