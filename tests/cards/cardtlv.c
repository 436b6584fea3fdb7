/*
 * BER-TLV as the simulated card reads and writes it (ISO 7816-4, 5.2.2).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "cardtlv.h"

bool cardtlv_next(const uint8_t **data, size_t *len, struct cardtlv *tlv)
{
    const uint8_t *p = *data, *end = p + *len;
    unsigned count;

    if (p == end)
        return false;
    tlv->tag = *p++;
    if ((tlv->tag & 0x1f) == 0x1f)
    {
        do
        {
            if (p == end || tlv->tag > 0xffff)
                return false;
            tlv->tag = tlv->tag << 8 | *p;
        } while (*p++ & 0x80);
    }
    if (p == end)
        return false;
    tlv->len = *p++;
    if (tlv->len >= 0x80)
    {
        count = tlv->len & 0x7f;
        if (!count || count > 3 || (size_t)(end - p) < count)
            return false;
        tlv->len = bytes_be(p, count);
        p += count;
    }
    if ((size_t)(end - p) < tlv->len)
        return false;
    tlv->value = p;
    p += tlv->len;
    *len = (size_t)(end - p);
    *data = p;
    return true;
}

void cardtlv_add(struct bytes *out, uint32_t tag, const void *value, size_t len)
{
    bytes_add_be(out, tag, tag > 0xffff ? 3 : tag > 0xff ? 2 : 1);
    if (len < 0x80)
        bytes_add_u8(out, (unsigned)len);
    else if (len < 0x100)
        bytes_add_be(out, 0x8100u | (uint32_t)len, 2);
    else if (len < 0x10000)
        bytes_add_be(out, 0x820000u | (uint32_t)len, 3);
    else
        bytes_add_be(out, 0x83000000u | (uint32_t)len, 4);
    bytes_add(out, value, len);
}

size_t cardtlv_header_size(size_t len)
{
    return len < 0x80 ? 2 : len < 0x100 ? 3 : len < 0x10000 ? 4 : 5;
}
