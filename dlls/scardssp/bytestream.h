/*
 * The stream behind an IByteBuffer: our own memory, or a stream that the caller provided.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Wine's memory stream checks too little (after a seek past its end it reads bytes that are not its
 * own) and has no lock. All accesses to memory are therefore clamped here and made under one lock
 * for each block of bytes, clones included. Other streams are called without a lock: they may call
 * back, or live in another apartment. The caller's own memory is not touched under the lock either:
 * a bad pointer, in a program that survives the fault, must not leave it locked.
 *
 * Functions return S_OK, E_OUTOFMEMORY, E_INVALIDARG for a stream with contradictory counts, or the
 * stream's result.
 */

#ifndef SCARDSSP_BYTESTREAM_H
#define SCARDSSP_BYTESTREAM_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

/* A size or position that does not fit into a LONG. */
#define BYTESTREAM_OVERFLOW HRESULT_FROM_WIN32(ERROR_ARITHMETIC_OVERFLOW)

/* One seek pointer over some bytes. Reference counted: a call in progress keeps it. */
struct bytestream;

/* Makes memory with a copy of these bytes (from NULL: zeros), the pointer at 0. */
HRESULT bytestream_create(const BYTE *from, DWORD length, struct bytestream **out);

/* Wraps a stream of the caller's, kept in the global interface table. May also return that table's
 * error. */
HRESULT bytestream_wrap(IStream *stream, struct bytestream **out);

/* Makes a clone over the same bytes, with its own pointer that starts at the other's position. */
HRESULT bytestream_clone(struct bytestream *bytes, struct bytestream **out);

void bytestream_retain(struct bytestream *bytes);

/* The last reference to memory that was never handed out wipes it. NULL is allowed. */
void bytestream_release(struct bytestream *bytes);

/* TRUE for memory that bytestream_create made. */
BOOL bytestream_is_own(const struct bytestream *bytes);

/* The inner stream, with a reference for the caller, for use in this apartment. */
HRESULT bytestream_hand_out(struct bytestream *bytes, IStream **out);

/* *count: bytes moved; less than length at the end of the bytes. */
HRESULT bytestream_read(struct bytestream *bytes, void *to, DWORD length, DWORD *count);
HRESULT bytestream_write(struct bytestream *bytes, const void *from, DWORD length, DWORD *count);

/* Returns STG_E_INVALIDFUNCTION for an unknown origin, or a position before the start or above
 * 2^31-1. */
HRESULT bytestream_seek(struct bytestream *bytes, LONG move, DWORD origin, DWORD *position);

/* Changes the size. The pointer stays; new bytes are 0. */
HRESULT bytestream_resize(struct bytestream *bytes, DWORD size);

/* Never returns a name. */
HRESULT bytestream_stat(struct bytestream *bytes, STATSTG *stat);

/* Copies all bytes; the pointer stays. *out is CoTaskMemAlloc'd, NULL when there are none. Returns
 * E_INVALIDARG when there are more than limit. Only for bytestream_is_own. */
HRESULT bytestream_copy(struct bytestream *bytes, DWORD limit, BYTE **out, DWORD *length);

/* Wipes and CoTaskMemFrees bytes. NULL is allowed. */
void bytestream_free(BYTE *bytes, DWORD length);

/* Replaces all bytes by these, with the pointer at 0. Only for bytestream_is_own. */
HRESULT bytestream_replace(struct bytestream *bytes, const BYTE *from, DWORD length);

/* For calls that are just passed on: the stream, which is locked until bytestream_leave if it is
 * memory. */
struct bytestream_use
{
    IStream *stream;
    SRWLOCK *lock; /* NULL when the stream is not memory */
};

HRESULT bytestream_enter(struct bytestream *bytes, struct bytestream_use *use);
void bytestream_leave(struct bytestream_use *use);

#endif
