/*
 * The card database in the registry: HKLM\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One key a card type, its name is the card's. Installers of either width write it, each in its own
 * registry view, so both are read and taken as one. Names are compared without regard to case. The
 * DLL and scardtool share this file. Results are Win32 or smart card codes.
 */

#ifndef REGISTRY_CALAIS_H
#define REGISTRY_CALAIS_H

#include <windows.h>

#include "calaiskey.h"
#include "cardtype.h"

/* So many keys of each view are read; a database of a real system has some hundred. */
#define CALAIS_MAX_CARDS 4096

struct calais_list
{
    struct calais_card *cards; /* by name */
    DWORD count;
};

/*
 * Reads the whole database. A record of both views appears once: what one lacks (or has damaged)
 * comes from the other, the 64-bit view goes first. Damaged values are skipped, with a warning in
 * the trace. No database at all is an empty list. ERROR_OUTOFMEMORY, or what the registry says
 * (ERROR_ACCESS_DENIED); *out is empty then. Freed by calais_unload.
 */
LONG calais_load(struct calais_list *out);
void calais_unload(struct calais_list *list);

/* The card of that name, NULL when there is none (or name is NULL). */
const struct calais_card *calais_find(const struct calais_list *list, const WCHAR *name);

/*
 * Writes a record into both views. ERROR_FILE_EXISTS when either has one of that name, unless
 * replace; ERROR_INVALID_PARAMETER for a name that no key can have (empty, longer than 255, with a
 * backslash or control character); ERROR_ACCESS_DENIED and other registry codes.
 */
LONG calais_add(const WCHAR *name, const struct cardtype *type, BOOL replace);

/*
 * A REG_SZ value of a record that struct cardtype does not have, HeapAlloc'd; of the 64-bit view
 * first. SCARD_E_UNKNOWN_CARD when there is no record, ERROR_FILE_NOT_FOUND when it has no such
 * value, ERROR_INVALID_DATA for one that is no text, ERROR_OUTOFMEMORY.
 */
LONG calais_get_text(const WCHAR *name, const WCHAR *value, WCHAR **out);
/* Writes one, or a REG_BINARY value, into each view that has the record, and makes it nobody's
 * default. SCARD_E_UNKNOWN_CARD, what the registry says. */
LONG calais_set_value(const WCHAR *name, const WCHAR *value, DWORD type, const void *data,
                      DWORD size);

/* Removes a record from both views. SCARD_E_UNKNOWN_CARD when there is none. */
LONG calais_remove(const WCHAR *name);

/*
 * The card types that Windows XP came with: written into this process's view when it has no record
 * of the name and the other view has none of another's; removed when still as they were written.
 */
LONG calais_register_defaults(void);
LONG calais_unregister_defaults(void);

#endif
