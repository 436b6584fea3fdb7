/*
 * Answer to reset (ISO 7816-3 8.2) and the capabilities in its historical bytes (ISO 7816-4 8.1.1).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "atr.h"
#include "result.h"

#define TS_DIRECT  0x3B
#define TS_INVERSE 0x3F
#define GLOBAL_BYTES 15 /* "T=15" marks interface bytes for all protocols, it is none itself */

/* The status indicator (life cycle, SW1, SW2) that ends historical bytes of category 00. */
#define STATUS_INDICATOR 3

static unsigned count_bits(unsigned nibble)
{
    return (nibble & 1) + (nibble >> 1 & 1) + (nibble >> 2 & 1) + (nibble >> 3 & 1);
}

/* Steps over the interface bytes from offset on. Returns the offset behind them, 0 if short. */
static size_t read_interface_bytes(const uint8_t *bytes, size_t len, size_t offset,
                                   struct atr *out)
{
    unsigned present = bytes[1] >> 4;
    int first = 1;

    for (;;)
    {
        uint8_t td, protocol;

        offset += count_bits(present);
        if (offset > len)
            return 0;
        if (!(present & 8))
            break;
        td = bytes[offset - 1];
        protocol = td & 0x0F;
        if (first)
            out->first_protocol = protocol;
        if (protocol != GLOBAL_BYTES)
            out->protocols = (uint16_t)(out->protocols | 1u << protocol);
        first = 0;
        present = td >> 4;
    }
    if (!out->protocols)
        out->protocols = 1;
    return offset;
}

static void read_capabilities(const uint8_t *value, size_t length, struct atr *out)
{
    if (length < 1 || length > sizeof(out->capabilities))
        return;
    memset(out->capabilities, 0, sizeof(out->capabilities));
    memcpy(out->capabilities, value, length);
    out->capabilities_length = (uint8_t)length;
    out->has_capabilities = 1;
    out->chaining = (out->capabilities[2] & 0x80) != 0;
    out->extended = (out->capabilities[2] & 0x40) != 0;
}

static void read_compact_tlv(const uint8_t *bytes, size_t len, struct atr *out)
{
    size_t at = 0;

    while (at < len)
    {
        uint8_t tag = bytes[at] >> 4;
        size_t length = bytes[at] & 0x0F;

        at++;
        if (length > len - at)
            return;
        if (tag == 3 && length == 1)
        {
            out->has_service_data = 1;
            out->service_data = bytes[at];
            out->no_mf = (bytes[at] & 1) != 0;
        }
        else if (tag == 7)
        {
            read_capabilities(bytes + at, length, out);
        }
        at += length;
    }
}

static void read_historical(struct atr *out)
{
    const uint8_t *bytes = out->historical;
    size_t len = out->historical_length;

    if (len && bytes[0] == 0x80)
        read_compact_tlv(bytes + 1, len - 1, out);
    else if (len > STATUS_INDICATOR && bytes[0] == 0x00)
        read_compact_tlv(bytes + 1, len - 1 - STATUS_INDICATOR, out);
}

int32_t atr_parse(const uint8_t *bytes, size_t len, struct atr *out)
{
    size_t offset, historical;

    if (!out)
        return ISO_INVALID_ARGUMENT;
    memset(out, 0, sizeof(*out));
    if (!bytes || len < 2 || len > ATR_MAX || (bytes[0] != TS_DIRECT && bytes[0] != TS_INVERSE))
        return ISO_INVALID_ARGUMENT;
    offset = read_interface_bytes(bytes, len, 2, out);
    historical = bytes[1] & 0x0F;
    if (!offset || historical > len - offset)
    {
        memset(out, 0, sizeof(*out));
        return ISO_INVALID_ARGUMENT;
    }
    out->inverse = bytes[0] == TS_INVERSE;
    out->historical_length = (uint8_t)historical;
    memcpy(out->historical, bytes + offset, historical);
    out->has_tck = len > offset + historical;
    read_historical(out);
    return ISO_OK;
}

int atr_matches(const uint8_t *atr, const uint8_t *wanted, const uint8_t *mask, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
    {
        if ((atr[i] & mask[i]) != wanted[i])
            return 0;
    }
    return 1;
}
