/*
 * Streams in the global interface table: kept by one apartment, used by any.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Functions return what the table says.
 */

#ifndef SCARDSSP_GLOBAL_H
#define SCARDSSP_GLOBAL_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

/* *cookie is 0 on failure, and never on success. */
HRESULT global_register(IStream *stream, DWORD *cookie);

/* The stream as this apartment may use it, with a reference for the caller. */
HRESULT global_get(DWORD cookie, IStream **out);

void global_revoke(DWORD cookie);

#endif
