/*
 * Copies of strings, and lists of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <windows.h>

/* A copy for HeapFree; NULL: out of memory. */
WCHAR *string_copy(const WCHAR *string);

/* Strings in a row: what is read from an array, or gathered for one. All zero is the empty list. */
struct strings
{
    WCHAR **items;
    DWORD count, room;
};

/* Appends a copy. E_OUTOFMEMORY. */
HRESULT strings_add(struct strings *strings, const WCHAR *string);
void strings_clear(struct strings *strings);

#endif
