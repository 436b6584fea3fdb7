/*
 * scardtool: the whole card database in memory, with all values of all records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a file asks for is done here first, so that it can be told, or left, before the registry is
 * touched.
 */

#ifndef SCARDTOOL_DATABASE_H
#define SCARDTOOL_DATABASE_H

#include <windows.h>

#include "registry/calais.h"
#include "regops.h"

#define DATABASE_VALUES_MAX 1024 /* of one key */

/* The two registry views; a 32-bit registry has only the first of them. */
enum database_view
{
    DATABASE_64,
    DATABASE_32,
    DATABASE_VIEWS
};

struct database_value
{
    WCHAR *name; /* with its data behind it, in one piece of memory */
    DWORD type, size;
    BYTE *data;
};

struct database_key
{
    enum database_view view;
    WCHAR *path; /* below SmartCards; "" is that key itself */
    struct database_value *values;
    DWORD count, room;
    BOOL touched; /* by database_apply */
    BOOL fresh;   /* not the one that was copied: made by database_apply, perhaps again */
};

struct database
{
    struct database_key *keys; /* by view and path */
    DWORD count, room;
    BOOL has_32; /* the registry has two views */
};

/* Begins with database_load or all zero; both end with database_free. Win32 codes. */
LONG database_load(struct database *database);
LONG database_copy(const struct database *from, struct database *to);
void database_free(struct database *database);

const struct database_key *database_find(const struct database *database, enum database_view view,
                                         const WCHAR *path);
const struct database_value *database_value(const struct database_key *key, const WCHAR *name);
BOOL database_same_value(const struct database_value *a, const struct database_value *b);

/* The database's part of an entry. NULL: the entry is about something else. */
const WCHAR *database_path(const struct database *database, const struct regop *op,
                           enum database_view own, enum database_view *view);
/* Whether path (below HKEY_LOCAL_MACHINE) is a key above the database. */
BOOL database_is_above(const WCHAR *path);

/*
 * Does one entry, path and view as database_path gives them; with empty, a record loses all that
 * it had when it is touched first. ERROR_INVALID_NAME and ERROR_TOO_MANY_NAMES for what the
 * registry could not keep.
 */
LONG database_apply(struct database *database, const struct regop *op, enum database_view view,
                    const WCHAR *path, BOOL empty);

/* Makes the registry, which is as before, as after. The registry's code at the first failure. */
LONG database_write(const struct database *before, const struct database *after);

#endif
