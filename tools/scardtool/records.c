/*
 * scardtool: card types as they are read from files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <objbase.h>

#include <wchar.h>

#include "hex.h"
#include "types.h"

static const WCHAR *const prefixes[] =
{
    L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\",
    L"SOFTWARE\\Wow6432Node\\Microsoft\\Cryptography\\Calais\\SmartCards\\",
};

static const WCHAR *skip_prefix(const WCHAR *path, const WCHAR *prefix)
{
    int length = lstrlenW(prefix);

    if (lstrlenW(path) <= length
        || CompareStringOrdinal(path, length, prefix, length, TRUE) != CSTR_EQUAL)
        return NULL;
    return path + length;
}

static const WCHAR *card_name(const WCHAR *path)
{
    const WCHAR *name, *below;
    unsigned i;

    if ((below = skip_prefix(path, L"HKEY_LOCAL_MACHINE\\")))
        path = below;
    for (i = 0; i < ARRAYSIZE(prefixes); i++)
    {
        if (!(name = skip_prefix(path, prefixes[i])))
            continue;
        if (wcschr(name, '\\') || lstrlenW(name) >= CALAIS_NAME_SIZE)
            return NULL;
        return name;
    }
    return NULL;
}

struct type_record *records_find(struct type_records *records, const WCHAR *path)
{
    const WCHAR *name = card_name(path);
    struct type_record *grown;
    DWORD i;

    if (!name || records->count == CALAIS_MAX_CARDS)
        return NULL;
    for (i = 0; i < records->count; i++)
        if (CompareStringOrdinal(records->records[i].name, -1, name, -1, TRUE) == CSTR_EQUAL)
            return &records->records[i];
    grown = CoTaskMemRealloc(records->records, (records->count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    records->records = grown;
    grown += records->count++;
    ZeroMemory(grown, sizeof(*grown));
    lstrcpyW(grown->name, name);
    return grown;
}

static BOOL is_field(const WCHAR *name, const char *field)
{
    WCHAR wide[32];

    MultiByteToWideChar(CP_ACP, 0, field, -1, wide, ARRAYSIZE(wide));
    return CompareStringOrdinal(name, -1, wide, -1, TRUE) == CSTR_EQUAL;
}

/* Data is found by its place only when the records have stopped moving. */
void record_set(struct type_record *record, const WCHAR *name, DWORD type, const BYTE *data,
                size_t size)
{
    unsigned i;

    for (i = 0; i < CARDTYPE_FIELDS; i++)
    {
        if (!is_field(name, cardtype_value_names[i]))
            continue;
        record->values[i].present = 1;
        record->values[i].type = type;
        record->values[i].size = min(size, TYPE_VALUE_MAX);
        memcpy(record->data[i], data, record->values[i].size);
    }
}

void records_free(struct type_records *records)
{
    CoTaskMemFree(records->records);
    ZeroMemory(records, sizeof(*records));
}

WCHAR *next_line(WCHAR **text)
{
    WCHAR *line = *text, *end;

    if (!*line)
        return NULL;
    for (end = line; *end && *end != '\n'; end++)
        ;
    *text = *end ? end + 1 : end;
    *end = 0;
    if (end > line && end[-1] == '\r')
        end[-1] = 0;
    return line;
}

size_t parse_byte_list(const WCHAR *text, BYTE *bytes, size_t room)
{
    size_t count = 0;

    while (*text)
    {
        unsigned value = 0, digits = 0;

        while (*text == ' ' || *text == '\t' || *text == ',')
            text++;
        if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
            text += 2;
        for (; hex_digit(*text) >= 0; text++, digits++)
            value = value << 4 | (unsigned)hex_digit(*text);
        if (!digits)
            break;
        if (count < room)
            bytes[count] = (BYTE)value;
        count++;
    }
    return min(count, room);
}
