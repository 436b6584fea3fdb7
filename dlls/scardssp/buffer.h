/*
 * Bytes in and out of an IByteBuffer, ours or anybody's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_BUFFER_H
#define SCARDSSP_BUFFER_H

#include "bytebuffer.h"

/* No buffer that is meant for a card may be larger: twice what any APDU can need. */
#define BUFFER_MAX (128u * 1024u)

/*
 * Copies the whole content (from offset 0, wherever the pointer is; the pointer is put back). A
 * NULL buffer is empty. *bytes is CoTaskMemAlloc'd (NULL when empty), the caller frees it (by
 * bytestream_free when it may be secret). E_OUTOFMEMORY, E_INVALIDARG (over BUFFER_MAX, or a
 * buffer whose counts contradict each other), or what the buffer's own methods returned.
 */
HRESULT buffer_get(IByteBuffer *buffer, BYTE **bytes, DWORD *length);
/* The same for most bytes, below 2 GiB. */
HRESULT buffer_get_large(IByteBuffer *buffer, DWORD most, BYTE **bytes, DWORD *length);

/* Replaces the content of *inout (SetSize, Seek, Write, Seek 0), or makes a new one when it is
 * NULL. */
HRESULT buffer_put(IByteBuffer **inout, const BYTE *bytes, DWORD length);

#endif
