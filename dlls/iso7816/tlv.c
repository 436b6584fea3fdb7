/*
 * BER-TLV (ISO 7816-4 5.2.2): a bounds-checked parser, and a writer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "tlv.h"

#define TAG_MAX    3
#define LENGTH_MAX 4

static int take(struct tlv_cursor *cursor, uint8_t *byte)
{
    if (!cursor->left)
        return 0;
    *byte = *cursor->at++;
    cursor->left--;
    return 1;
}

static int take_tag(struct tlv_cursor *cursor, uint32_t *tag)
{
    uint8_t byte;
    int count = 1;

    if (!take(cursor, &byte))
        return 0;
    *tag = byte;
    if ((byte & 0x1F) != 0x1F)
        return 1;
    do
    {
        if (count++ == TAG_MAX || !take(cursor, &byte))
            return 0;
        *tag = *tag << 8 | byte;
    } while (byte & 0x80);
    return 1;
}

static int take_length(struct tlv_cursor *cursor, size_t *length)
{
    uint32_t value = 0;
    uint8_t byte;
    int count;

    if (!take(cursor, &byte))
        return 0;
    if (byte < 0x80)
    {
        *length = byte;
        return 1;
    }
    count = byte & 0x7F;
    if (!count || count > LENGTH_MAX)
        return 0; /* cards do not use the indefinite form */
    while (count--)
    {
        if (!take(cursor, &byte))
            return 0;
        value = value << 8 | byte;
    }
    *length = value;
    return 1;
}

int tlv_next(struct tlv_cursor *cursor, struct tlv *out)
{
    struct tlv_cursor in = *cursor;

    memset(out, 0, sizeof(*out));
    while (in.left && (*in.at == 0x00 || *in.at == 0xFF))
    {
        in.at++;
        in.left--;
    }
    out->whole = in.at;
    if (!take_tag(&in, &out->tag) || !take_length(&in, &out->length) || out->length > in.left)
    {
        memset(out, 0, sizeof(*out));
        if (cursor->left)
            cursor->at += cursor->left;
        cursor->left = 0;
        return 0;
    }
    out->value = in.at;
    out->whole_length = (size_t)(in.at - out->whole) + out->length;
    cursor->at = in.at + out->length;
    cursor->left = in.left - out->length;
    return 1;
}

int tlv_find(const uint8_t *bytes, size_t len, uint32_t tag, struct tlv *out)
{
    struct tlv_cursor cursor = {bytes, len};

    while (tlv_next(&cursor, out))
    {
        if (out->tag == tag)
            return 1;
    }
    return 0;
}

const struct tlv *tlv_pick(const struct tlv *objects, int count, uint32_t tag)
{
    int i;

    for (i = 0; i < count; i++)
    {
        if (objects[i].tag == tag)
            return &objects[i];
    }
    return NULL;
}

void tlv_put_raw(struct tlv_writer *writer, const uint8_t *bytes, size_t length)
{
    if (writer->failed || length > writer->cap - writer->used || (length && !bytes))
    {
        writer->failed = 1;
        return;
    }
    if (length)
        memcpy(writer->out + writer->used, bytes, length);
    writer->used += length;
}

/* Writes big-endian without leading zero bytes, at least one byte. Returns the number of bytes. */
static size_t put_number(uint8_t *out, uint32_t value)
{
    size_t count = 1, i;

    while (count < 4 && value >> (8 * count))
        count++;
    for (i = 0; i < count; i++)
        out[i] = (uint8_t)(value >> (8 * (count - 1 - i)) & 0xFF);
    return count;
}

void tlv_put(struct tlv_writer *writer, uint32_t tag, const uint8_t *value, size_t length)
{
    uint8_t header[4 + 1 + LENGTH_MAX];
    size_t used = put_number(header, tag);

    if (writer->failed)
        return;
    if (used > TAG_MAX || length > UINT32_MAX || (length && !value))
    {
        writer->failed = 1;
        return;
    }
    if (length >= 0x80)
    {
        size_t width = put_number(header + used + 1, (uint32_t)length);

        header[used] = (uint8_t)(0x80 | width);
        used += 1 + width;
    }
    else
    {
        header[used++] = (uint8_t)length;
    }
    if (used > writer->cap - writer->used || length > writer->cap - writer->used - used)
    {
        writer->failed = 1; /* writes neither header nor value, so that there is no half object */
        return;
    }
    tlv_put_raw(writer, header, used);
    tlv_put_raw(writer, value, length);
}
