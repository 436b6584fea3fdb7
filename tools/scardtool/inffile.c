/*
 * scardtool: setup information files, as drivers and middleware bring them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every line HKLM,"key","value",flags,data of any section counts, whatever directive would use it;
 * %words% come from [Strings].
 */

#include <windows.h>
#include <objbase.h>

#include <wchar.h>

#include "types.h"

#define FIELD_SIZE 2048
#define STRINGS_MAX 512

/* Flags of an AddReg line (setupapi.h). */
#define FLAG_BINARY    0x00000001
#define FLAG_TYPE_MASK 0xffff0001

struct string
{
    const WCHAR *name, *value; /* in the text */
};

struct inf
{
    struct string strings[STRINGS_MAX];
    unsigned count;
};

static WCHAR *trim(WCHAR *text)
{
    WCHAR *end;

    while (*text == ' ' || *text == '\t')
        text++;
    for (end = text + wcslen(text); end > text && (end[-1] == ' ' || end[-1] == '\t'); end--)
        ;
    *end = 0;
    return text;
}

/* Ends the line where a comment begins, quotes apart. */
static void cut_comment(WCHAR *line)
{
    BOOL quoted = FALSE;

    for (; *line && (quoted || *line != ';'); line++)
        if (*line == '"')
            quoted = !quoted;
    *line = 0;
}

/* The next line with those that it goes on in; comments are gone. */
static WCHAR *logical_line(WCHAR **text)
{
    WCHAR *line = next_line(text), *more;
    size_t length;

    if (!line)
        return NULL;
    cut_comment(line);
    line = trim(line);
    while ((length = wcslen(line)) && line[length - 1] == '\\' && (more = next_line(text)))
    {
        cut_comment(more);
        more = trim(more);
        memmove(line + length - 1, more, (wcslen(more) + 1) * sizeof(WCHAR));
    }
    return line;
}

static const WCHAR *find_string(const struct inf *inf, const WCHAR *name, size_t length)
{
    unsigned i;

    for (i = 0; i < inf->count; i++)
        if (CompareStringOrdinal(inf->strings[i].name, -1, name, (int)length, TRUE) == CSTR_EQUAL)
            return inf->strings[i].value;
    return NULL;
}

/* Copies with %words% filled in; a word that is not known stays as it is, %% is %. */
static void expand(const struct inf *inf, const WCHAR *from, WCHAR *out)
{
    const WCHAR *end, *value;
    size_t used = 0;

    while (*from && used + 1 < FIELD_SIZE)
    {
        if (*from == '%' && from[1] == '%')
            from++;
        else if (*from == '%' && (end = wcschr(from + 1, '%'))
                 && (value = find_string(inf, from + 1, end - from - 1)))
        {
            while (*value && used + 1 < FIELD_SIZE)
                out[used++] = *value++;
            from = end + 1;
            continue;
        }
        out[used++] = *from++;
    }
    out[used] = 0;
}

/* The next field of a line, its quotes taken off ("" inside is one). *line is behind its comma. */
static void next_field(const struct inf *inf, const WCHAR **line, WCHAR *out)
{
    WCHAR raw[FIELD_SIZE];
    BOOL quoted = FALSE;
    size_t used = 0;
    const WCHAR *at;

    for (at = *line; *at && (quoted || *at != ','); at++)
    {
        if (*at == '"' && quoted && at[1] == '"')
            at++;
        else if (*at == '"')
        {
            quoted = !quoted;
            continue;
        }
        if (used + 1 < FIELD_SIZE)
            raw[used++] = *at;
    }
    raw[used] = 0;
    *line = *at ? at + 1 : at;
    expand(inf, trim(raw), out);
}

/* Rows of bytes may stand in one quoted field or in the rest of the line. */
static void read_data(const struct inf *inf, struct type_record *record, const WCHAR *name,
                      DWORD flags, const WCHAR *line)
{
    WCHAR field[FIELD_SIZE];
    BYTE bytes[TYPE_VALUE_MAX];
    size_t count = 0;

    if ((flags & FLAG_TYPE_MASK) == FLAG_BINARY)
    {
        while (*line && count < sizeof(bytes))
        {
            next_field(inf, &line, field);
            count += parse_byte_list(field, bytes + count, sizeof(bytes) - count);
        }
        record_set(record, name, REG_BINARY, bytes, count);
    }
    else if (!(flags & FLAG_TYPE_MASK))
    {
        next_field(inf, &line, field);
        record_set(record, name, REG_SZ, (const BYTE *)field,
                   (wcslen(field) + 1) * sizeof(WCHAR));
    }
}

static void read_line(const struct inf *inf, const WCHAR *line, struct type_records *records)
{
    WCHAR root[FIELD_SIZE], key[FIELD_SIZE], name[FIELD_SIZE], flags[FIELD_SIZE];
    struct type_record *record;

    next_field(inf, &line, root);
    if (lstrcmpiW(root, L"HKLM") && lstrcmpiW(root, L"HKEY_LOCAL_MACHINE"))
        return;
    next_field(inf, &line, key);
    next_field(inf, &line, name);
    next_field(inf, &line, flags);
    if ((record = records_find(records, key)) && name[0])
        read_data(inf, record, name, wcstoul(flags, NULL, 0), line);
}

static void add_string(struct inf *inf, WCHAR *line)
{
    WCHAR *value = wcschr(line, '='), *end;

    if (!value || inf->count == STRINGS_MAX)
        return;
    *value++ = 0;
    value = trim(value);
    if (*value == '"')
    {
        value++;
        if ((end = wcsrchr(value, '"')))
            *end = 0;
    }
    inf->strings[inf->count].name = trim(line);
    inf->strings[inf->count++].value = value;
}

/* [Strings] is usually last, so it is read first; the first such section is the neutral one. */
static void read_strings(struct inf *inf, WCHAR *text)
{
    BOOL inside = FALSE;
    WCHAR *line;

    while ((line = logical_line(&text)))
    {
        if (line[0] == '[')
            inside = !lstrcmpiW(line, L"[Strings]");
        else if (inside)
            add_string(inf, line);
    }
}

void inffile_read(WCHAR *text, struct type_records *records)
{
    struct inf *inf = CoTaskMemAlloc(sizeof(*inf));
    SIZE_T size = (wcslen(text) + 1) * sizeof(WCHAR);
    WCHAR *copy = CoTaskMemAlloc(size), *line;

    if (inf && copy)
    {
        inf->count = 0;
        memcpy(copy, text, size);
        read_strings(inf, copy);
        while ((line = logical_line(&text)))
            read_line(inf, line, records);
    }
    CoTaskMemFree(copy);
    CoTaskMemFree(inf);
}
