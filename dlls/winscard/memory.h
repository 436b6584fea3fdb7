/*
 * Memory that functions allocate for their callers: SCARD_AUTOALLOCATE.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef WINSCARD_MEMORY_H
#define WINSCARD_MEMORY_H

#include <windows.h>

/* NULL: out of memory. */
void *memory_allocate(SIZE_T size);

/* FALSE for what memory_allocate has not given, or that was freed already. */
BOOL memory_free(const void *memory);

/*
 * Hands count units of size bytes each to a caller. *length: in, room in units, or
 * SCARD_AUTOALLOCATE, then out is where the address goes; out, count. out NULL asks for the count
 * alone, whatever *length was: the pages of these functions say that it is ignored then.
 * SCARD_E_INSUFFICIENT_BUFFER with *length as it should be; SCARD_E_INVALID_PARAMETER for length
 * NULL; SCARD_E_NO_MEMORY.
 */
LONG memory_give(const void *data, DWORD count, DWORD size, void *out, DWORD *length);

/* What memory_give would return, short of SCARD_E_NO_MEMORY; *length is left alone unless it is too
 * small. */
LONG memory_fits(DWORD count, const void *out, DWORD *length);

/* Of the list of what was given; the memory itself stays its callers'. */
void memory_cleanup(void);

#endif
