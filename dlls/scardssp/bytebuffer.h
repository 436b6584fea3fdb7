/*
 * CByteBuffer from the inside.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_BYTEBUFFER_H
#define SCARDSSP_BYTEBUFFER_H

#include "bytestream.h"
#include "object.h"

/* What is behind a buffer of ours, with a reference for the caller; NULL for anybody else's. */
struct bytestream *bytebuffer_bytes(IByteBuffer *buffer);

/* A buffer over bytes; takes the caller's reference when it succeeds. E_OUTOFMEMORY. */
HRESULT bytebuffer_from(struct bytestream *bytes, IByteBuffer **out);

/* A new buffer that holds length bytes, its pointer at 0. */
HRESULT bytebuffer_new(const BYTE *bytes, DWORD length, IByteBuffer **out);

#endif
