/*
 * The card database in the registry: HKLM\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * There is one key for each card type, named after the card. Installers of either width write to
 * their own registry view, so both views are read and treated as one. Names are compared without
 * regard to case. The DLL and scardtool share this file. Results are Win32 or smart card codes.
 */

#ifndef REGISTRY_CALAIS_H
#define REGISTRY_CALAIS_H

#include <windows.h>

#include "calaiskey.h"
#include "cardtype.h"

/* The most keys that are read in each view; the database of a real system has a few hundred. */
#define CALAIS_MAX_CARDS 4096

struct calais_list
{
    struct calais_card *cards; /* ordered by name */
    DWORD count;
};

/*
 * Reads the whole database. A record in both views appears once: the 64-bit view has precedence,
 * and what one record lacks (or has damaged) is taken from the other. Damaged values are skipped,
 * with a warning in the trace. A missing database is an empty list. Returns ERROR_OUTOFMEMORY or
 * the registry's error (ERROR_ACCESS_DENIED); *out is empty then. Freed by calais_unload.
 */
LONG calais_load(struct calais_list *out);
void calais_unload(struct calais_list *list);

/* The card of that name; NULL when there is none or name is NULL. */
const struct calais_card *calais_find(const struct calais_list *list, const WCHAR *name);

/*
 * Writes a record into both views. Returns ERROR_FILE_EXISTS when either view has one of that name
 * and replace is not set; ERROR_INVALID_PARAMETER for a name that no key can have (empty, longer
 * than 255, or with a backslash or control character); ERROR_ACCESS_DENIED and other registry
 * codes.
 */
LONG calais_add(const WCHAR *name, const struct cardtype *type, BOOL replace);

/*
 * Returns a REG_SZ value of a record that struct cardtype does not have, HeapAlloc'd; the 64-bit
 * view comes first. SCARD_E_UNKNOWN_CARD when there is no record, ERROR_FILE_NOT_FOUND when it has
 * no such value, ERROR_INVALID_DATA when that is no text, ERROR_OUTOFMEMORY.
 */
LONG calais_get_text(const WCHAR *name, const WCHAR *value, WCHAR **out);
/* Writes such a value, or a REG_BINARY one, into each view that has the record, and makes it
 * nobody's default. SCARD_E_UNKNOWN_CARD, or the registry's error. */
LONG calais_set_value(const WCHAR *name, const WCHAR *value, DWORD type, const void *data,
                      DWORD size);

/* Removes a record from both views. Returns SCARD_E_UNKNOWN_CARD when there is none. */
LONG calais_remove(const WCHAR *name);

/*
 * The card types that Windows XP came with. Registering writes each into this process's view, if it
 * has no record of that name and the other view has none that others have written. Unregistering
 * removes those that are still as they were written.
 */
LONG calais_register_defaults(void);
LONG calais_unregister_defaults(void);

#endif
