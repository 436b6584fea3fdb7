/*
 * Keys and values of the card database, one registry view at a time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef REGISTRY_CALAISKEY_H
#define REGISTRY_CALAISKEY_H

#include <windows.h>

#include "cardtype.h"

/* A registry key's name has at most 255 characters. */
#define CALAIS_NAME_SIZE 256

struct calais_card
{
    WCHAR name[CALAIS_NAME_SIZE];
    struct cardtype type;
    BOOL is_marked;  /* registering wrote it, whatever has become of it since */
    BOOL is_default; /* marked, and unchanged; any other record of that name takes precedence */
};

/* Views: 0 is the process's own; KEY_WOW64_64KEY and KEY_WOW64_32KEY select one. */

/* Opens the key above the records. Returns ERROR_FILE_NOT_FOUND when there is none. */
LONG calaiskey_open_root(REGSAM view, REGSAM access, HKEY *out);

/* Reads the record called name below root; damaged values are left out, with a warning. */
LONG calaiskey_read(HKEY root, const WCHAR *name, struct calais_card *out);

/* Reads the record of that name. Returns ERROR_FILE_NOT_FOUND when there is none. */
LONG calais_read(const WCHAR *name, REGSAM view, struct calais_card *out);
/* Writes a record, replacing an existing one; is_default marks it. */
LONG calais_write(const WCHAR *name, REGSAM view, const struct cardtype *type, BOOL is_default);
LONG calais_delete(const WCHAR *name, REGSAM view);
/* Removes the mark from a record that is no longer ours. */
LONG calais_unmark(const WCHAR *name, REGSAM view);
/* Creates the keys above the records, marking those that did not exist. */
LONG calais_create_parents(REGSAM view);
/* Removes the marked ones that are empty. */
void calais_remove_parents(REGSAM view);

/* True when registering writes that type under that name: calaisdefaults.c. */
BOOL calais_is_default(const WCHAR *name, const struct cardtype *type);

#endif
