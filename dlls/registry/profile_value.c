/*
 * Card profiles as they lie in the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "profile_value.h"

#include "icc/profiletext.h"

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

/* The text of value, from the process heap; NULL: out of memory. */
static char *to_utf8(WCHAR *value, DWORD size, DWORD type, DWORD *length)
{
    DWORD units = to_lines(value, size / sizeof(WCHAR), type);
    char *text;

    *length = WideCharToMultiByte(CP_UTF8, 0, value, units, NULL, 0, NULL, NULL);
    text = HeapAlloc(GetProcessHeap(), 0, *length + 1);
    if (text && units)
        WideCharToMultiByte(CP_UTF8, 0, value, units, text, *length, NULL, NULL);
    return text;
}

/* Fills value but for its number; FALSE when there are no more. room has ROOM bytes. */
static BOOL read_value(HKEY key, DWORD index, WCHAR name[PROFILEVALUE_NAME], WCHAR *room,
                       struct profile_value *value)
{
    DWORD size = ROOM, units = PROFILEVALUE_NAME, type;

    name[0] = 0;
    value->result = RegEnumValueW(key, index, name, &units, NULL, &type, (BYTE *)room, &size);
    if (value->result)
        return value->result == ERROR_MORE_DATA;
    if (type != REG_SZ && type != REG_MULTI_SZ)
    {
        value->result = ERROR_INVALID_DATA;
        return TRUE;
    }
    value->text = to_utf8(room, size, type, &value->length);
    return value->text != NULL;
}

void profile_value_each(HKEY root, void (*visit)(void *context, const struct profile_value *value),
                        void *context)
{
    WCHAR name[PROFILEVALUE_NAME], *room;
    struct profile_value value;
    DWORD index;
    HKEY key;

    if (RegOpenKeyExW(root, PROFILEVALUE_KEY, 0, KEY_QUERY_VALUE | PROFILEVALUE_VIEW, &key))
        return;
    room = HeapAlloc(GetProcessHeap(), 0, ROOM);
    for (index = 0; room; index++)
    {
        value = (struct profile_value){index + 1, name, NULL, 0, 0};
        if (!read_value(key, index, name, room, &value))
            break;
        visit(context, &value);
        if (value.text)
            HeapFree(GetProcessHeap(), 0, (void *)value.text);
    }
    if (room)
        HeapFree(GetProcessHeap(), 0, room);
    RegCloseKey(key);
}
