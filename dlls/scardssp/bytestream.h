/*
 * The stream behind an IByteBuffer: memory of our own, or one that the caller put in.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Wine's memory stream checks too little (sought past its end it reads bytes that are not its own)
 * and has no lock, so everything that touches memory is clamped here and done under one lock for
 * each block of bytes, clones included. Streams of another kind are called without a lock: they may
 * call back, or live in another apartment. The caller's own memory is not touched under it either:
 * a pointer that leads nowhere, and a program that survives that, must not leave it locked.
 *
 * Functions return S_OK, E_OUTOFMEMORY, E_INVALIDARG for a stream whose counts contradict each
 * other, or what the stream said.
 */

#ifndef SCARDSSP_BYTESTREAM_H
#define SCARDSSP_BYTESTREAM_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

/* A size or position that a LONG cannot say. */
#define BYTESTREAM_OVERFLOW HRESULT_FROM_WIN32(ERROR_ARITHMETIC_OVERFLOW)

/* One seek pointer over some bytes. Counted: a call in progress keeps it. */
struct bytestream;

/* New memory with a copy of these bytes (from NULL: zeros), the pointer at 0. */
HRESULT bytestream_create(const BYTE *from, DWORD length, struct bytestream **out);

/* A stream of the caller's, kept in the global interface table. Also what that table says. */
HRESULT bytestream_wrap(IStream *stream, struct bytestream **out);

/* The same bytes, a pointer of its own that starts where the other one stands. */
HRESULT bytestream_clone(struct bytestream *bytes, struct bytestream **out);

void bytestream_retain(struct bytestream *bytes);

/* The last reference to memory that was never handed out wipes it. NULL is allowed. */
void bytestream_release(struct bytestream *bytes);

/* TRUE when it is memory that bytestream_create made. */
BOOL bytestream_is_own(const struct bytestream *bytes);

/* The inner stream, with a reference for the caller, for use in this apartment. */
HRESULT bytestream_hand_out(struct bytestream *bytes, IStream **out);

/* *count: bytes moved, less than length at the end of the bytes. */
HRESULT bytestream_read(struct bytestream *bytes, void *to, DWORD length, DWORD *count);
HRESULT bytestream_write(struct bytestream *bytes, const void *from, DWORD length, DWORD *count);

/* STG_E_INVALIDFUNCTION for an unknown origin or a position before the start or above 2^31-1. */
HRESULT bytestream_seek(struct bytestream *bytes, LONG move, DWORD origin, DWORD *position);

/* The pointer stays; new bytes are 0. */
HRESULT bytestream_resize(struct bytestream *bytes, DWORD size);

/* Never gives a name. */
HRESULT bytestream_stat(struct bytestream *bytes, STATSTG *stat);

/* All bytes at once, the pointer stays. *out is CoTaskMemAlloc'd, NULL when there are none.
 * E_INVALIDARG for more than limit. Only for bytestream_is_own. */
HRESULT bytestream_copy(struct bytestream *bytes, DWORD limit, BYTE **out, DWORD *length);

/* Wipes and CoTaskMemFrees bytes. NULL is allowed. */
void bytestream_free(BYTE *bytes, DWORD length);

/* These bytes instead of all, the pointer at 0. Only for bytestream_is_own. */
HRESULT bytestream_replace(struct bytestream *bytes, const BYTE *from, DWORD length);

/* For what is only passed on: the stream, locked when it is memory, until bytestream_leave. */
struct bytestream_use
{
    IStream *stream;
    SRWLOCK *lock; /* NULL when the stream is not memory */
};

HRESULT bytestream_enter(struct bytestream *bytes, struct bytestream_use *use);
void bytestream_leave(struct bytestream_use *use);

#endif
