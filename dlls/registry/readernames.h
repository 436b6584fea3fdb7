/*
 * Aliases of readers stored in the registry, for programs that want a reader of a certain name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A value of Software\scardssp\Readers, in HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE, is an alias:
 * its name is the one that programs use ("OMNIKEY CardMan 3x21 0"), its data (REG_SZ) the reader's
 * true name, in which '*' stands for any text ("OMNIKEY 3x21 (USB) [*] * 00"). HKEY_CURRENT_USER
 * takes precedence. A damaged alias is left out, with a WARN.
 */

#ifndef REGISTRY_READERNAMES_H
#define REGISTRY_READERNAMES_H

#include <windows.h>

/* pcsc-lite's MAX_READERNAME, including the NUL, in UTF-8 bytes; no name has more UTF-16 units. */
#define READERALIAS_NAME 128

struct readeralias
{
    WCHAR name[READERALIAS_NAME];
    WCHAR reader[READERALIAS_NAME]; /* or a pattern */
};

/* True for 1 to 127 UTF-8 bytes without control characters. */
BOOL readeralias_valid(const WCHAR *name);

/* True when the pattern matches the whole name, case-sensitively. */
BOOL readeralias_fits(const WCHAR *pattern, const WCHAR *reader);

/* FALSE when name is no alias. Case does not matter, as always in the registry. */
BOOL readeralias_get(const WCHAR *name, struct readeralias *alias);

/* Reads value number index of root. Returns ERROR_NO_MORE_ITEMS behind the last one, and
 * ERROR_INVALID_DATA for a damaged one, which is to be skipped. */
LONG readeralias_enumerate(HKEY root, DWORD index, struct readeralias *alias);

/* Returns ERROR_INVALID_PARAMETER when either is not valid, else the registry's result. */
LONG readeralias_add(HKEY root, const WCHAR *name, const WCHAR *reader);
/* Returns ERROR_FILE_NOT_FOUND when there is no such alias. */
LONG readeralias_remove(HKEY root, const WCHAR *name);

#endif
