/*
 * Names and lists of names, in UTF-16 and in the code page of programs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Everything inside is UTF-16. Functions that end in A convert at the border: what the code page
 * has no character for becomes '?', one for one, so that lengths and lists keep their sense.
 */

#ifndef WINSCARD_STRINGS_H
#define WINSCARD_STRINGS_H

#include <windows.h>

/* Units of a multi-string, the NUL that ends it counted. "" is one, and needs no second NUL. */
DWORD strings_units(const WCHAR *strings);

/*
 * UTF-16 of a caller's string or multi-string, HeapAlloc'd from the process heap: of the code page,
 * or (ansi FALSE) a copy. NULL gives NULL. SCARD_E_NO_MEMORY.
 */
LONG strings_take(const void *string, BOOL ansi, WCHAR **out);
LONG strings_take_list(const void *strings, BOOL ansi, WCHAR **out);
/* The same of a multi-string in a buffer of size characters, whose border ends it if nothing else
 * does. */
LONG strings_take_bounded(const void *strings, DWORD size, BOOL ansi, WCHAR **out);

/* Whether text, converted to the code page, is string. */
BOOL strings_equal_ansi(const WCHAR *text, const char *string);

/* Hands units (all NULs counted) to a caller as memory_give does, in characters of the code page
 * or of UTF-16. */
LONG strings_give(const WCHAR *text, DWORD units, BOOL ansi, void *out, DWORD *length);
LONG strings_fit(const WCHAR *text, DWORD units, BOOL ansi, const void *out, DWORD *length);

#endif
