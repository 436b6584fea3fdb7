/*
 * Readers and what programs call them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef WINSCARD_READERS_H
#define WINSCARD_READERS_H

#include "calls.h"

/*
 * UTF-16 of a reader's name as a program gave it, HeapAlloc'd. A name of the code page may stand
 * for one with characters beyond it: the first listed reader that converts to it. NULL gives
 * NULL. SCARD_E_NO_MEMORY.
 */
LONG readers_take_name(const struct pcsc_context *context, const void *name, BOOL ansi,
                       WCHAR **out);

/* How many there are, aliases not counted; 0 also when nobody can tell. */
DWORD readers_count(const struct pcsc_context *context);

#endif
