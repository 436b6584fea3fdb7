/*
 * Groups of readers as Windows keeps them: HKLM\SOFTWARE\Microsoft\Cryptography\Calais\Readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A key a reader; its value Groups, REG_MULTI_SZ, names its groups. A reader without a key, or
 * without that value, is in SCard$DefaultReaders alone. Both widths share the key. Names and groups
 * are compared without regard to case. Multi-strings here end with an empty string.
 */

#ifndef REGISTRY_READERGROUPS_H
#define REGISTRY_READERGROUPS_H

#include <windows.h>

#define READERGROUPS_ALL     L"SCard$AllReaders"
#define READERGROUPS_DEFAULT L"SCard$DefaultReaders"

/* Longest name of a group, with its NUL. */
#define READERGROUPS_NAME 256

/* Whether a group may have that name. */
BOOL readergroups_valid(const WCHAR *group);

/* The groups of a reader, HeapAlloc'd. ERROR_OUTOFMEMORY. */
LONG readergroups_get(const WCHAR *reader, WCHAR **groups);

/* Whether the reader is in one of the groups. */
BOOL readergroups_match(const WCHAR *reader, const WCHAR *groups);
/* Takes the readers that are in none of the groups out of a list. */
void readergroups_keep(WCHAR *readers, const WCHAR *groups);

/* Adds the reader to a group, or takes it out. 0 also when nothing is to be done; what the registry
 * says, ERROR_OUTOFMEMORY. */
LONG readergroups_add(const WCHAR *reader, const WCHAR *group);
LONG readergroups_remove(const WCHAR *reader, const WCHAR *group);
/* Takes all readers out of it. */
LONG readergroups_forget(const WCHAR *group);
/* Removes what is kept of a reader; 0 also when that is nothing. */
LONG readergroups_forget_reader(const WCHAR *reader);

/* All groups that readers are in, SCard$DefaultReaders first, HeapAlloc'd. ERROR_OUTOFMEMORY. */
LONG readergroups_all(WCHAR **groups);

#endif
