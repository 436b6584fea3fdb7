/*
 * BER-TLV as the simulated card reads and writes it (ISO 7816-4, 5.2.2).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_CARDTLV_H
#define SIMCARD_CARDTLV_H

#include "bytes.h"

struct cardtlv
{
    uint32_t tag;
    const uint8_t *value;
    size_t len;
};

/* Takes one data object from *data, *len and moves both behind it. False when the bytes are not one
 * complete object with a tag of at most 3 bytes and a definite length; then nothing moves. */
bool cardtlv_next(const uint8_t **data, size_t *len, struct cardtlv *tlv);

/* Appends tag, length (shortest form) and value. */
void cardtlv_add(struct bytes *out, uint32_t tag, const void *value, size_t len);

/* Bytes that tag and length of an object with len bytes of value take; the tag is one byte. */
size_t cardtlv_header_size(size_t len);

#endif
