/*
 * Aliases of readers as they lie in the registry, for programs that want a certain reader's name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A value of Software\scardssp\Readers, in HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE, is an alias:
 * its name is what programs say ("OMNIKEY CardMan 3x21 0"), its data, REG_SZ, the reader's true
 * name, in which '*' stands for any text ("OMNIKEY 3x21 (USB) [*] * 00"). The user's own go first.
 * What is damaged is left out, with a WARN.
 */

#ifndef REGISTRY_READERNAMES_H
#define REGISTRY_READERNAMES_H

#include <windows.h>

/* pcsc-lite's MAX_READERNAME with the NUL, in bytes of UTF-8; no name has more UTF-16 units. */
#define READERALIAS_NAME 128

struct readeralias
{
    WCHAR name[READERALIAS_NAME];
    WCHAR reader[READERALIAS_NAME]; /* or a pattern */
};

/* 1 to 127 bytes as UTF-8, and no control characters. */
BOOL readeralias_valid(const WCHAR *name);

/* Whether the pattern fits the whole name; capitals count. */
BOOL readeralias_fits(const WCHAR *pattern, const WCHAR *reader);

/* FALSE when the name is no alias. Capitals do not count, as always in the registry. */
BOOL readeralias_get(const WCHAR *name, struct readeralias *alias);

/* Value number index of root. ERROR_NO_MORE_ITEMS behind the last; ERROR_INVALID_DATA for a
 * damaged one, which is to be passed over. */
LONG readeralias_enumerate(HKEY root, DWORD index, struct readeralias *alias);

/* ERROR_INVALID_PARAMETER when one of them is not valid, else what the registry says. */
LONG readeralias_add(HKEY root, const WCHAR *name, const WCHAR *reader);
/* ERROR_FILE_NOT_FOUND when it is not there. */
LONG readeralias_remove(HKEY root, const WCHAR *name);

#endif
