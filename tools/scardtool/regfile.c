/*
 * scardtool: registry files (REGEDIT4 and version 5).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <objbase.h>

#include <wchar.h>

#include "types.h"

/* Reads a quoted text in place; returns what is behind it, NULL when it does not end. */
static WCHAR *unquote(WCHAR *text, WCHAR **out)
{
    WCHAR *to = ++text;

    *out = to;
    for (; *text && *text != '"'; text++)
    {
        if (*text == '\\' && text[1])
            text++;
        *to++ = *text;
    }
    if (!*text)
        return NULL;
    *to = 0;
    return text + 1;
}

/* Joins the lines of a value that go on after a backslash. */
static void join(WCHAR *line, WCHAR **text)
{
    size_t length = wcslen(line);
    WCHAR *more;

    while (length && line[length - 1] == '\\' && (more = next_line(text)))
    {
        while (*more == ' ' || *more == '\t')
            more++;
        memmove(line + length - 1, more, (wcslen(more) + 1) * sizeof(WCHAR));
        length = wcslen(line);
    }
}

static void read_bytes(struct type_record *record, const WCHAR *name, DWORD type, const WCHAR *list)
{
    BYTE bytes[TYPE_VALUE_MAX];

    record_set(record, name, type, bytes, parse_byte_list(list, bytes, sizeof(bytes)));
}

/* "Name"="text", "Name"=hex:3b,02 or "Name"=hex(1):41,00. Values of other kinds do not count. */
static void read_value(struct type_record *record, WCHAR *line, WCHAR **text)
{
    WCHAR *name, *string, *data;
    DWORD type;

    if (!(data = unquote(line, &name)) || *data++ != '=')
        return;
    if (*data == '"')
    {
        if (unquote(data, &string))
            record_set(record, name, REG_SZ, (const BYTE *)string,
                       (wcslen(string) + 1) * sizeof(WCHAR));
        return;
    }
    join(data, text);
    if (!wcsncmp(data, L"hex:", 4))
        read_bytes(record, name, REG_BINARY, data + 4);
    else if (!wcsncmp(data, L"hex(", 4))
    {
        type = wcstoul(data + 4, &data, 16);
        if (data[0] == ')' && data[1] == ':')
            read_bytes(record, name, type, data + 2);
    }
}

void regfile_read(WCHAR *text, struct type_records *records)
{
    struct type_record *record = NULL;
    WCHAR *line, *end;

    while ((line = next_line(&text)))
    {
        if (line[0] == '[')
        {
            /* The name may hold brackets; the last one closes. */
            if ((end = wcsrchr(line, ']')))
                *end = 0;
            record = line[1] == '-' ? NULL : records_find(records, line + 1);
        }
        else if (line[0] == '"' && record)
            read_value(record, line, &text);
    }
}
