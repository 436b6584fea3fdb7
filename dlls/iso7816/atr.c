/*
 * Answer to reset (ISO 7816-3 8.2) and the capabilities in its historical bytes (ISO 7816-4 8.1.1).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "atr.h"
#include "codes.h"

#define TS_DIRECT    0x3B
#define TS_INVERSE   0x3F
#define GLOBAL_BYTES 15 /* T=15 marks interface bytes for all protocols; it is no protocol itself */

/* The status indicator (life cycle, SW1, SW2) that ends historical bytes of category 00. */
#define STATUS_INDICATOR 3

static unsigned count_bits(unsigned nibble)
{
    return (nibble & 1) + (nibble >> 1 & 1) + (nibble >> 2 & 1) + (nibble >> 3 & 1);
}

/* Keeps TA[level] for the levels (from 1) that concern the whole card. */
static void read_ta(unsigned level, uint8_t byte, struct atr *out)
{
    if (level == 1)
    {
        out->has_ta1 = 1;
        out->ta1 = byte;
    }
    else if (level == 2)
    {
        out->has_ta2 = 1;
        out->ta2 = byte;
    }
}

/* Notes the protocol of TD[level]; before is that of the level before. */
static void read_protocol(unsigned level, unsigned protocol, unsigned before, struct atr *out)
{
    if (level == 1)
        out->first_protocol = (uint8_t)protocol;
    else if (protocol < before)
        out->faults |= ATR_PROTOCOL_ORDER;
    if (protocol != GLOBAL_BYTES)
    {
        out->protocols = (uint16_t)(out->protocols | 1u << protocol);
        return;
    }
    out->has_global = 1;
    if (level == 1)
        out->faults |= ATR_GLOBAL_FIRST;
}

/* Reads the interface bytes from offset on. Returns the offset behind them, 0 if they are cut
 * off. */
static size_t read_interface_bytes(const uint8_t *bytes, size_t len, size_t offset, struct atr *out)
{
    unsigned present = bytes[1] >> 4, level, protocol = 0, before;

    for (level = 1;; level++)
    {
        size_t first = offset;

        offset += count_bits(present);
        if (offset > len)
            return 0;
        if (present & 1)
            read_ta(level, bytes[first], out);
        if (!(present & 8))
            break;
        before = protocol;
        protocol = bytes[offset - 1] & 0x0F;
        read_protocol(level, protocol, before, out);
        present = bytes[offset - 1] >> 4;
    }
    if (!out->protocols)
        out->protocols = 1;
    return offset;
}

static int is_reserved_ta1(uint8_t ta1)
{
    unsigned f = ta1 >> 4, d = ta1 & 0x0F;

    return f == 7 || f == 8 || f >= 14 || !d || d > 9;
}

static void check_parameters(struct atr *out)
{
    if (out->has_ta1 && is_reserved_ta1(out->ta1))
        out->faults |= ATR_RESERVED;
    if (!out->has_ta2)
        return;
    if (!(out->protocols >> ATR_TA2_PROTOCOL(out->ta2) & 1))
        out->faults |= ATR_SPECIFIC_UNKNOWN;
    if (out->ta2 & 0x60)
        out->faults |= ATR_RESERVED;
}

/* TCK makes the XOR of all bytes behind TS 0. It is required with T=15 and any protocol but T=0. */
static void check_tck(const uint8_t *bytes, size_t len, size_t end, struct atr *out)
{
    int needed = out->protocols != 1 || out->has_global;
    size_t i;

    for (i = 1; i < end; i++)
        out->right_tck ^= bytes[i];
    out->has_tck = len > end;
    if (!out->has_tck)
    {
        out->faults |= needed ? ATR_TCK_MISSING : 0;
        return;
    }
    out->tck = bytes[end];
    if (out->tck != out->right_tck)
        out->faults |= ATR_TCK_WRONG;
    if (!needed)
        out->faults |= ATR_TCK_NEEDLESS;
    if (len > end + 1)
        out->faults |= ATR_BYTES_BEHIND;
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
        return SC_INVALID_ARGUMENT;
    memset(out, 0, sizeof(*out));
    if (!bytes || len < 2 || len > ATR_MAX || (bytes[0] != TS_DIRECT && bytes[0] != TS_INVERSE))
        return SC_INVALID_ARGUMENT;
    offset = read_interface_bytes(bytes, len, 2, out);
    historical = bytes[1] & 0x0F;
    if (!offset || historical > len - offset)
    {
        memset(out, 0, sizeof(*out));
        return SC_INVALID_ARGUMENT;
    }
    out->inverse = bytes[0] == TS_INVERSE;
    out->historical_length = (uint8_t)historical;
    memcpy(out->historical, bytes + offset, historical);
    check_parameters(out);
    check_tck(bytes, len, offset + historical, out);
    read_historical(out);
    return SC_OK;
}

size_t atr_length(const uint8_t *bytes)
{
    unsigned present, historical, needs_tck = 0;
    size_t length = 2;

    if (bytes[0] != TS_DIRECT && bytes[0] != TS_INVERSE)
        return 0;
    present = bytes[1] >> 4;
    historical = bytes[1] & 0x0F;
    while (present)
    {
        length += count_bits(present);
        if (length > ATR_MAX)
            return 0;
        if (!(present & 8))
            break;
        needs_tck |= bytes[length - 1] & 0x0F;
        present = bytes[length - 1] >> 4;
    }
    length += historical + (needs_tck != 0);
    return length > ATR_MAX ? 0 : length;
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
