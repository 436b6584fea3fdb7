/*
 * BER-TLV (ISO 7816-4 5.2.2): a reader that checks before each byte, and a writer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_TLV_H
#define ISO7816_TLV_H

#include <stddef.h>
#include <stdint.h>

/* A place in bytes that belong to the caller. */
struct tlv_cursor
{
    const uint8_t *at;
    size_t left;
};

/* One data object; pointers go into the bytes read. */
struct tlv
{
    uint32_t tag; /* the tag's 1 to 3 bytes as one number, e.g. 0x62, 0x7F66 */
    const uint8_t *value;
    size_t length;        /* of value */
    const uint8_t *whole; /* tag, length and value */
    size_t whole_length;
};

/*
 * Reads the object at the cursor and steps over it. Padding bytes 00 and FF before a tag are
 * skipped. Definite lengths of up to 4 bytes.
 * Returns 1 and fills *out; 0 (*out all zero) at the end or when what stands there is no whole
 * object (the cursor is then at its end, so that a loop stops).
 */
int tlv_next(struct tlv_cursor *cursor, struct tlv *out);

/* Finds the first object with that tag at the top level of bytes. Returns 1, or 0 (*out zero). */
int tlv_find(const uint8_t *bytes, size_t len, uint32_t tag, struct tlv *out);

/* The first of count objects that has the tag, or NULL. */
const struct tlv *tlv_pick(const struct tlv *objects, int count, uint32_t tag);

/* A writer with a sticky failure: many puts, one check. Memory is the caller's. */
struct tlv_writer
{
    uint8_t *out;
    size_t cap;
    size_t used;
    int failed;
};

/*
 * Appends tag (1 to 3 bytes), length and value. On too little room, a longer tag, or NULL with a
 * length sets failed; then and from then on nothing is written.
 */
void tlv_put(struct tlv_writer *writer, uint32_t tag, const uint8_t *value, size_t length);

/* Appends bytes as they are, under the same rule. */
void tlv_put_raw(struct tlv_writer *writer, const uint8_t *bytes, size_t length);

#endif
