/*
 * CByteBuffer's internals, for the other classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_BYTEBUFFER_H
#define SCARDSSP_BYTEBUFFER_H

#include "bytestream.h"
#include "object.h"

/* The stream behind a buffer of ours, with a reference for the caller; NULL for an external
 * buffer. */
struct bytestream *bytebuffer_bytes(IByteBuffer *buffer);

/* Makes a buffer over bytes; takes the caller's reference on success. Returns E_OUTOFMEMORY on
 * failure. */
HRESULT bytebuffer_from(struct bytestream *bytes, IByteBuffer **out);

/* Makes a buffer that holds length bytes, with its pointer at 0. */
HRESULT bytebuffer_new(const BYTE *bytes, DWORD length, IByteBuffer **out);

#endif
