/*
 * Card profiles as they lie in the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "profilevalue.h"

#include "profiletext.h"

#define ROOM ((PROFILETEXT_MAX_SIZE + 2) * sizeof(WCHAR))

/* Strings of a REG_MULTI_SZ become lines; a REG_SZ ends at its first NUL. Returns the units. */
static DWORD to_lines(WCHAR *text, DWORD units, DWORD type)
{
    DWORD i;

    for (i = 0; i < units; i++)
    {
        if (text[i])
            continue;
        if (type == REG_SZ || i + 1 == units || !text[i + 1])
            return i;
        text[i] = '\n';
    }
    return units;
}

static LONG to_utf8(WCHAR *value, DWORD size, DWORD type, char **text, DWORD *length)
{
    DWORD units = to_lines(value, size / sizeof(WCHAR), type);

    *length = WideCharToMultiByte(CP_UTF8, 0, value, units, NULL, 0, NULL, NULL);
    if (!(*text = HeapAlloc(GetProcessHeap(), 0, *length + 1)))
        return ERROR_OUTOFMEMORY;
    if (units)
        WideCharToMultiByte(CP_UTF8, 0, value, units, *text, *length, NULL, NULL);
    return ERROR_SUCCESS;
}

LONG profilevalue_read(HKEY key, DWORD index, WCHAR name[PROFILEVALUE_NAME], char **text,
                       DWORD *length)
{
    DWORD size = ROOM, units = PROFILEVALUE_NAME, type;
    WCHAR *value = HeapAlloc(GetProcessHeap(), 0, ROOM);
    LONG result = ERROR_OUTOFMEMORY;

    *text = NULL;
    *length = 0;
    name[0] = 0;
    if (value)
        result = RegEnumValueW(key, index, name, &units, NULL, &type, (BYTE *)value, &size);
    if (!result && type != REG_SZ && type != REG_MULTI_SZ)
        result = ERROR_INVALID_DATA;
    if (!result)
        result = to_utf8(value, size, type, text, length);
    if (value)
        HeapFree(GetProcessHeap(), 0, value);
    return result;
}
