/*
 * One record of the card database: what its registry values mean.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cardtype.h"

#include <string.h>

#include "iso7816/atr.h"

const char *const cardtype_value_names[CARDTYPE_FIELDS] =
{
    "ATR", "ATRMask", "Primary Provider", "Crypto Provider", "Supported Interfaces",
};

/* Binary data of min..max bytes. */
static int is_binary(const struct cardtype_value *value, size_t min, size_t max)
{
    return value->present && value->type == CARDTYPE_REG_BINARY && value->data &&
           value->size >= min && value->size <= max;
}

static unsigned bit(enum cardtype_field field)
{
    return 1u << field;
}

static unsigned read_atr(const struct cardtype_value *atr, const struct cardtype_value *mask,
                         struct cardtype *out)
{
    unsigned both = 0;
    uint8_t bits[CARDTYPE_ATR_MAX];
    size_t i;

    both |= atr->present ? bit(CARDTYPE_ATR) : 0;
    both |= mask->present ? bit(CARDTYPE_MASK) : 0;
    if (!both)
        return 0;
    if (!is_binary(atr, 1, CARDTYPE_ATR_MAX))
        return both;
    memset(bits, 0xFF, sizeof(bits));
    if (mask->present)
    {
        if (!is_binary(mask, atr->size, atr->size))
            return both;
        memcpy(bits, mask->data, mask->size);
    }
    for (i = 0; i < atr->size; i++)
    {
        if (atr->data[i] & ~bits[i])
            return both;
    }
    memcpy(out->atr, atr->data, atr->size);
    memcpy(out->mask, bits, atr->size);
    out->atr_length = (uint8_t)atr->size;
    return 0;
}

static unsigned read_primary(const struct cardtype_value *value, struct cardtype *out)
{
    if (!value->present)
        return 0;
    if (!is_binary(value, CARDTYPE_GUID_SIZE, CARDTYPE_GUID_SIZE))
        return bit(CARDTYPE_PRIMARY);
    memcpy(out->primary, value->data, CARDTYPE_GUID_SIZE);
    out->has_primary = 1;
    return 0;
}

/* The terminating NUL may be missing: the registry keeps strings as they were given. */
static unsigned read_crypto(const struct cardtype_value *value, struct cardtype *out)
{
    uint16_t unit;
    size_t i;

    if (!value->present)
        return 0;
    if (value->type != CARDTYPE_REG_SZ || !value->data || value->size % 2)
        return bit(CARDTYPE_CRYPTO);
    for (i = 0; i < value->size / 2; i++)
    {
        unit = (uint16_t)(value->data[2 * i] | value->data[2 * i + 1] << 8);
        if (!unit)
            break;
        if (i == CARDTYPE_PROVIDER_MAX)
            return bit(CARDTYPE_CRYPTO);
        out->crypto[i] = unit;
    }
    out->crypto_length = (uint16_t)i;
    return i ? 0 : bit(CARDTYPE_CRYPTO);
}

static unsigned read_interfaces(const struct cardtype_value *value, struct cardtype *out)
{
    if (!value->present)
        return 0;
    if (!is_binary(value, CARDTYPE_GUID_SIZE, CARDTYPE_INTERFACES_MAX * CARDTYPE_GUID_SIZE) ||
        value->size % CARDTYPE_GUID_SIZE)
        return bit(CARDTYPE_INTERFACES);
    memcpy(out->interfaces, value->data, value->size);
    out->interface_count = (uint16_t)(value->size / CARDTYPE_GUID_SIZE);
    return 0;
}

unsigned cardtype_parse(const struct cardtype_value values[CARDTYPE_FIELDS], struct cardtype *out)
{
    unsigned unusable;

    memset(out, 0, sizeof(*out));
    unusable = read_atr(&values[CARDTYPE_ATR], &values[CARDTYPE_MASK], out);
    unusable |= read_primary(&values[CARDTYPE_PRIMARY], out);
    unusable |= read_interfaces(&values[CARDTYPE_INTERFACES], out);
    if (read_crypto(&values[CARDTYPE_CRYPTO], out))
    {
        memset(out->crypto, 0, sizeof(out->crypto));
        out->crypto_length = 0;
        unusable |= bit(CARDTYPE_CRYPTO);
    }
    return unusable;
}

void cardtype_merge(struct cardtype *type, const struct cardtype *other)
{
    if (!type->atr_length)
    {
        memcpy(type->atr, other->atr, sizeof(type->atr));
        memcpy(type->mask, other->mask, sizeof(type->mask));
        type->atr_length = other->atr_length;
    }
    if (!type->has_primary)
    {
        memcpy(type->primary, other->primary, sizeof(type->primary));
        type->has_primary = other->has_primary;
    }
    if (!type->crypto_length)
    {
        memcpy(type->crypto, other->crypto, sizeof(type->crypto));
        type->crypto_length = other->crypto_length;
    }
    if (!type->interface_count)
    {
        memcpy(type->interfaces, other->interfaces, sizeof(type->interfaces));
        type->interface_count = other->interface_count;
    }
}

int cardtype_matches(const struct cardtype *type, const uint8_t *atr, size_t length)
{
    return length && length == type->atr_length && atr_matches(atr, type->atr, type->mask, length);
}

int cardtype_supports(const struct cardtype *type, const uint8_t *guid)
{
    size_t i;

    for (i = 0; i < type->interface_count; i++)
    {
        if (!memcmp(type->interfaces[i], guid, CARDTYPE_GUID_SIZE))
            return 1;
    }
    return 0;
}
