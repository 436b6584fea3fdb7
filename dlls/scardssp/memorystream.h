/*
 * The movable memory of a memory stream (CreateStreamOnHGlobal), taken by its content.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The caller keeps others away meanwhile. Functions return S_OK, E_OUTOFMEMORY, or what the stream
 * said.
 */

#ifndef SCARDSSP_MEMORYSTREAM_H
#define SCARDSSP_MEMORYSTREAM_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

/* The most that memory of ours may hold; more is E_OUTOFMEMORY. */
#define MEMORY_MAX 0x10000000u

/* A new stream over a copy of these bytes (from NULL: zeros), its pointer at 0. */
HRESULT memorystream_create(const BYTE *from, DWORD length, IStream **out);

/* Whether the stream is one of these. */
BOOL memorystream_is_behind(IStream *stream);

HRESULT memorystream_size(IStream *stream, ULONGLONG *size);

/* New bytes are 0; bytes given up are wiped, and what growing leaves behind of up to 4 KiB. */
HRESULT memorystream_resize(IStream *stream, ULONGLONG size);

/* Overwrites all with zeros. */
void memorystream_wipe(IStream *stream);

/* All of it: *out is CoTaskMemAlloc'd, NULL when there is nothing. E_INVALIDARG over limit. */
HRESULT memorystream_read(IStream *stream, DWORD limit, BYTE **out, DWORD *length);

/* Its first length bytes, of which there are that many. */
HRESULT memorystream_write(IStream *stream, const BYTE *from, DWORD length);

#endif
