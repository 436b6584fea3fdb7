/*
 * Copies of strings, and lists of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "strings.h"

#include <objbase.h>

WCHAR *string_copy(const WCHAR *string)
{
    SIZE_T size = (lstrlenW(string) + 1) * sizeof(WCHAR);
    WCHAR *copy = HeapAlloc(GetProcessHeap(), 0, size);

    if (copy)
        memcpy(copy, string, size);
    return copy;
}

HRESULT strings_add(struct strings *strings, const WCHAR *string)
{
    SIZE_T size = (lstrlenW(string) + 1) * sizeof(WCHAR);
    DWORD room = strings->room ? 2 * strings->room : 8;
    WCHAR **grown;

    if (strings->count == strings->room)
    {
        if (!(grown = CoTaskMemRealloc(strings->items, room * sizeof(*grown))))
            return E_OUTOFMEMORY;
        strings->items = grown;
        strings->room = room;
    }
    if (!(strings->items[strings->count] = CoTaskMemAlloc(size)))
        return E_OUTOFMEMORY;
    memcpy(strings->items[strings->count++], string, size);
    return S_OK;
}

void strings_clear(struct strings *strings)
{
    while (strings->count)
        CoTaskMemFree(strings->items[--strings->count]);
    CoTaskMemFree(strings->items);
    ZeroMemory(strings, sizeof(*strings));
}
