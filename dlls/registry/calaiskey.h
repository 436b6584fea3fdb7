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
    BOOL is_marked;  /* one that registering wrote, whatever became of it since */
    BOOL is_default; /* the same, as it was written; any other record of that name goes first */
};

/* Views: 0 is the process's own, KEY_WOW64_64KEY and KEY_WOW64_32KEY name one. */

/* Opens the key above the records. ERROR_FILE_NOT_FOUND. */
LONG calaiskey_open_root(REGSAM view, REGSAM access, HKEY *out);

/* Reads the record name below root; damaged values are left out, with a warning. */
LONG calaiskey_read(HKEY root, const WCHAR *name, struct calais_card *out);

/* The record of that name. ERROR_FILE_NOT_FOUND. */
LONG calais_read(const WCHAR *name, REGSAM view, struct calais_card *out);
/* Writes a record, replacing what is there; is_default marks it. */
LONG calais_write(const WCHAR *name, REGSAM view, const struct cardtype *type, BOOL is_default);
LONG calais_delete(const WCHAR *name, REGSAM view);
/* Takes the mark off a record that is no longer ours. */
LONG calais_unmark(const WCHAR *name, REGSAM view);
/* Makes the keys above the records, remembering which were not there. */
LONG calais_create_parents(REGSAM view);
/* Removes those that were not there and are empty. */
void calais_remove_parents(REGSAM view);

/* Whether registering writes that type under that name: calaisdefaults.c. */
BOOL calais_is_default(const WCHAR *name, const struct cardtype *type);

#endif
