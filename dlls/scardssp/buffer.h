/*
 * Reading and filling an IByteBuffer, ours or an external one.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_BUFFER_H
#define SCARDSSP_BUFFER_H

#include "bytebuffer.h"

/* The largest buffer that is accepted for a card: twice what any APDU can need. */
#define BUFFER_MAX (128u * 1024u)

/*
 * Copies the whole content (from offset 0, wherever the pointer is; the pointer is restored). A
 * NULL buffer is empty. *bytes is CoTaskMemAlloc'd (NULL when empty); the caller frees it, by
 * bytestream_free if it may be secret. Returns E_OUTOFMEMORY, E_INVALIDARG (more than BUFFER_MAX,
 * or a buffer with contradictory counts), or what the buffer's own methods returned.
 */
HRESULT buffer_get(IByteBuffer *buffer, BYTE **bytes, DWORD *length);
/* The same with a limit of most bytes, below 2 GiB. */
HRESULT buffer_get_large(IByteBuffer *buffer, DWORD most, BYTE **bytes, DWORD *length);

/* Replaces the content of *inout (SetSize, Seek, Write, Seek 0), or makes a new buffer when it is
 * NULL. */
HRESULT buffer_put(IByteBuffer **inout, const BYTE *bytes, DWORD length);

#endif
