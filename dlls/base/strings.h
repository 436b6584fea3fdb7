/*
 * Copies of strings, and lists of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_STRINGS_H
#define BASE_STRINGS_H

#include <windows.h>

/* Returns a copy, to be freed by HeapFree; NULL: out of memory. */
WCHAR *string_copy(const WCHAR *string);

/* A list of strings, read from an array or gathered for one. All zero is the empty list. */
struct strings
{
    WCHAR **items;
    DWORD count, room;
};

/* Appends a copy. Returns E_OUTOFMEMORY when there is no memory. */
HRESULT strings_add(struct strings *strings, const WCHAR *string);
void strings_clear(struct strings *strings);

#endif
