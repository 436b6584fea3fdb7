/*
 * Names and lists of names, in UTF-16 and in the code page of programs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "strings.h"

#include <winscard.h>

#include "base/multistring.h"
#include "memory.h"

DWORD strings_units(const WCHAR *strings)
{
    return (DWORD)multistring16_length((const uint16_t *)strings);
}

static DWORD list_bytes(const char *strings)
{
    const char *end = strings;

    while (*end)
        end += lstrlenA(end) + 1;
    return (DWORD)(end - strings) + 1;
}

static LONG copy(const WCHAR *text, DWORD units, WCHAR **out)
{
    if (!(*out = HeapAlloc(GetProcessHeap(), 0, units * sizeof(WCHAR))))
        return SCARD_E_NO_MEMORY;
    memcpy(*out, text, units * sizeof(WCHAR));
    return SCARD_S_SUCCESS;
}

/* Two NULs more than text has: half a character before its end may take the end along. */
static LONG from_ansi(const char *text, size_t bytes, WCHAR **out)
{
    int units = bytes ? MultiByteToWideChar(CP_ACP, 0, text, (int)bytes, NULL, 0) : 0;

    *out = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, ((SIZE_T)units + 2) * sizeof(WCHAR));
    if (!*out)
        return SCARD_E_NO_MEMORY;
    if (units)
        MultiByteToWideChar(CP_ACP, 0, text, (int)bytes, *out, units);
    return SCARD_S_SUCCESS;
}

LONG strings_take(const void *string, BOOL ansi, WCHAR **out)
{
    *out = NULL;
    if (!string)
        return SCARD_S_SUCCESS;
    return ansi ? from_ansi(string, lstrlenA(string) + 1, out)
                : copy(string, lstrlenW(string) + 1, out);
}

LONG strings_take_list(const void *strings, BOOL ansi, WCHAR **out)
{
    *out = NULL;
    if (!strings)
        return SCARD_S_SUCCESS;
    return ansi ? from_ansi(strings, list_bytes(strings), out)
                : copy(strings, strings_units(strings), out);
}

LONG strings_take_bounded(const void *strings, DWORD size, BOOL ansi, WCHAR **out)
{
    size_t units;

    *out = NULL;
    if (!strings)
        return SCARD_S_SUCCESS;
    if (ansi)
        return from_ansi(strings, multistring_extent(strings, size), out);
    units = multistring16_extent(strings, size);
    /* Two NULs more: the border may have cut off both. */
    if (!(*out = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, (units + 2) * sizeof(WCHAR))))
        return SCARD_E_NO_MEMORY;
    memcpy(*out, strings, units * sizeof(WCHAR));
    return SCARD_S_SUCCESS;
}

/* A code page that is UTF-8 has all characters, and takes no flags. */
static DWORD flags(void)
{
    return GetACP() == CP_UTF8 ? 0 : WC_NO_BEST_FIT_CHARS;
}

/* HeapAlloc'd. */
static LONG to_ansi(const WCHAR *text, DWORD units, char **out, DWORD *bytes)
{
    *bytes = WideCharToMultiByte(CP_ACP, flags(), text, units, NULL, 0, NULL, NULL);
    if (!(*out = HeapAlloc(GetProcessHeap(), 0, *bytes + 1)))
        return SCARD_E_NO_MEMORY;
    WideCharToMultiByte(CP_ACP, flags(), text, units, *out, *bytes, NULL, NULL);
    return SCARD_S_SUCCESS;
}

BOOL strings_equal_ansi(const WCHAR *text, const char *string)
{
    DWORD bytes;
    char *ansi;
    BOOL equal;

    if (to_ansi(text, lstrlenW(text) + 1, &ansi, &bytes))
        return FALSE;
    equal = !strcmp(ansi, string);
    HeapFree(GetProcessHeap(), 0, ansi);
    return equal;
}

LONG strings_give(const WCHAR *text, DWORD units, BOOL ansi, void *out, DWORD *length)
{
    DWORD bytes;
    LONG result;
    char *narrow;

    if (!ansi)
        return memory_give(text, units, sizeof(WCHAR), out, length);
    if ((result = to_ansi(text, units, &narrow, &bytes)))
        return result;
    result = memory_give(narrow, bytes, 1, out, length);
    HeapFree(GetProcessHeap(), 0, narrow);
    return result;
}

LONG strings_fit(const WCHAR *text, DWORD units, BOOL ansi, const void *out, DWORD *length)
{
    DWORD count = units;

    if (ansi)
        count = WideCharToMultiByte(CP_ACP, flags(), text, units, NULL, 0, NULL, NULL);
    return memory_fits(count, out, length);
}
