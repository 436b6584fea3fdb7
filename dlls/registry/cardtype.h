/*
 * One record of the card database: what its registry values mean.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The database lies in HKLM\SOFTWARE\Microsoft\Cryptography\Calais\SmartCards, a key a card type,
 * and is written by every vendor's installer: no type, size or content is trusted.
 */

#ifndef REGISTRY_CARDTYPE_H
#define REGISTRY_CARDTYPE_H

#include <stddef.h>
#include <stdint.h>

#define CARDTYPE_ATR_MAX        36 /* bytes of SCARD_READERSTATE.rgbAtr */
#define CARDTYPE_GUID_SIZE      16
#define CARDTYPE_INTERFACES_MAX 64
#define CARDTYPE_PROVIDER_MAX   255 /* UTF-16 units of a provider's name */

/* Types of registry values (winnt.h). */
#define CARDTYPE_REG_SZ     1u
#define CARDTYPE_REG_BINARY 3u

/* A value as the registry gives it; present is 0 when there is none. */
struct cardtype_value
{
    unsigned present : 1;
    uint32_t type;
    const uint8_t *data;
    size_t size; /* bytes */
};

enum cardtype_field
{
    CARDTYPE_ATR,        /* "ATR" */
    CARDTYPE_MASK,       /* "ATRMask" */
    CARDTYPE_PRIMARY,    /* "Primary Provider" */
    CARDTYPE_CRYPTO,     /* "Crypto Provider" */
    CARDTYPE_INTERFACES, /* "Supported Interfaces" */
    CARDTYPE_FIELDS
};

/* The name of a field's registry value, ASCII. */
extern const char *const cardtype_value_names[CARDTYPE_FIELDS];

struct cardtype
{
    uint8_t atr_length;            /* 0: no card is recognised by this record */
    uint8_t atr[CARDTYPE_ATR_MAX]; /* masked */
    uint8_t mask[CARDTYPE_ATR_MAX];
    unsigned has_primary : 1;
    uint8_t primary[CARDTYPE_GUID_SIZE]; /* a GUID in memory order */
    uint16_t crypto_length;              /* UTF-16 units, 0: none */
    uint16_t crypto[CARDTYPE_PROVIDER_MAX];
    uint16_t interface_count;
    uint8_t interfaces[CARDTYPE_INTERFACES_MAX][CARDTYPE_GUID_SIZE];
};

/*
 * Reads one record. Returns a bit (1 << field) for each value that is there but cannot be used: of
 * the wrong type, empty, too long, of no whole number of GUIDs or UTF-16 units; an ATR and a mask
 * of different lengths are both unusable, and so is an ATR with bits outside its mask, which no
 * card could match. A missing mask means that every bit counts; a mask alone is unusable.
 * Unusable values are as if they were absent.
 */
unsigned cardtype_parse(const struct cardtype_value values[CARDTYPE_FIELDS], struct cardtype *out);

/* Fills what type has not from another record of the same name; ATR and mask go together. */
void cardtype_merge(struct cardtype *type, const struct cardtype *other);

/* True (1) when a card with that ATR is of this type. */
int cardtype_matches(const struct cardtype *type, const uint8_t *atr, size_t length);

/* True (1) when the type supports that interface (CARDTYPE_GUID_SIZE bytes). */
int cardtype_supports(const struct cardtype *type, const uint8_t *guid);

#endif
