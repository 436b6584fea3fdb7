/*
 * The movable memory behind a memory stream (CreateStreamOnHGlobal), accessed directly.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The caller excludes other threads meanwhile. Functions return S_OK, E_OUTOFMEMORY, or the
 * stream's result.
 */

#ifndef SCARDSSP_MEMORYSTREAM_H
#define SCARDSSP_MEMORYSTREAM_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

/* The most that our memory may hold; more is E_OUTOFMEMORY. */
#define MEMORY_MAX 0x10000000u

/* Makes a stream over a copy of these bytes (from NULL: zeros), with its pointer at 0. */
HRESULT memorystream_create(const BYTE *from, DWORD length, IStream **out);

/* True when the stream is one of these. */
BOOL memorystream_is_behind(IStream *stream);

HRESULT memorystream_size(IStream *stream, ULONGLONG *size);

/* New bytes are 0. Removed bytes are wiped, as is the copy that growing leaves behind, up to 4
 * KiB. */
HRESULT memorystream_resize(IStream *stream, ULONGLONG size);

/* Overwrites all bytes with zeros. */
void memorystream_wipe(IStream *stream);

/* Copies all bytes: *out is CoTaskMemAlloc'd, NULL when there are none. Returns E_INVALIDARG when
 * there are more than limit. */
HRESULT memorystream_read(IStream *stream, DWORD limit, BYTE **out, DWORD *length);

/* Overwrites the first length bytes, which must exist. */
HRESULT memorystream_write(IStream *stream, const BYTE *from, DWORD length);

#endif
