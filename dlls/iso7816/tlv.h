/*
 * BER-TLV (ISO 7816-4 5.2.2): a bounds-checked parser, and a writer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_TLV_H
#define ISO7816_TLV_H

#include <stddef.h>
#include <stdint.h>

/* A position in the caller's bytes. */
struct tlv_cursor
{
    const uint8_t *at;
    size_t left;
};

/* One data object; its pointers point into the bytes parsed. */
struct tlv
{
    uint32_t tag; /* the tag's 1 to 3 bytes as one number, e.g. 0x62, 0x7F66 */
    const uint8_t *value;
    size_t length;        /* of value */
    const uint8_t *whole; /* tag, length and value */
    size_t whole_length;
};

/*
 * Parses the object at the cursor and steps over it. Padding bytes 00 and FF before a tag are
 * skipped. Lengths are definite, of up to 4 bytes.
 * Returns 1 and fills *out; returns 0 (*out all zero) at the end or when the bytes are no whole
 * object. The cursor is then at its end, so that a loop stops.
 */
int tlv_next(struct tlv_cursor *cursor, struct tlv *out);

/* Finds the first object with that tag at the top level of bytes. Returns 1, or 0 (*out zero). */
int tlv_find(const uint8_t *bytes, size_t len, uint32_t tag, struct tlv *out);

/* The first of count objects that has the tag, or NULL. */
const struct tlv *tlv_pick(const struct tlv *objects, int count, uint32_t tag);

/* A writer with a sticky failure flag: many puts, one check. The caller owns the memory. */
struct tlv_writer
{
    uint8_t *out;
    size_t cap;
    size_t used;
    int failed;
};

/*
 * Appends tag (1 to 3 bytes), length and value. Sets failed when there is too little room, the tag
 * is longer, or value is NULL with a length; from then on nothing is written.
 */
void tlv_put(struct tlv_writer *writer, uint32_t tag, const uint8_t *value, size_t length);

/* Appends bytes unchanged, under the same rule. */
void tlv_put_raw(struct tlv_writer *writer, const uint8_t *bytes, size_t length);

#endif
