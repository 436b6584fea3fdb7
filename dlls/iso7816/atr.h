/*
 * Answer to reset (ISO 7816-3 8.2) and the capabilities in its historical bytes (ISO 7816-4 8.1.1).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_ATR_H
#define ISO7816_ATR_H

#include <stddef.h>
#include <stdint.h>

#define ATR_MAX            33
#define ATR_MAX_HISTORICAL 15

/* Deviations of an ATR from ISO 7816-3 8.2. Readers accept such cards all the same. */
enum atr_fault
{
    ATR_TCK_MISSING      = 0x01, /* required, as a protocol other than T=0 is offered */
    ATR_TCK_WRONG        = 0x02,
    ATR_TCK_NEEDLESS     = 0x04, /* present, although only T=0 is offered */
    ATR_BYTES_BEHIND     = 0x08, /* behind TCK */
    ATR_GLOBAL_FIRST     = 0x10, /* T=15 in the first TD */
    ATR_PROTOCOL_ORDER   = 0x20, /* the protocols' numbers descend */
    ATR_SPECIFIC_UNKNOWN = 0x40, /* TA2 names a protocol that is not offered */
    ATR_RESERVED         = 0x80  /* a reserved value in TA1 or TA2 */
};

/* Fields of TA2, which fixes protocol and parameters. */
#define ATR_TA2_PROTOCOL(ta2) ((ta2)&0x0F)
#define ATR_TA2_FIXED         0x80 /* the card cannot return to the negotiable mode */
#define ATR_TA2_IMPLICIT      0x10 /* the parameters are not those of the interface bytes */

struct atr
{
    unsigned inverse : 1;    /* TS = 3F */
    uint16_t protocols;      /* bit n: T=n is offered (n < 15); T=0 when the ATR names none */
    uint8_t first_protocol;  /* T of the first TD, 0 when there is none */
    unsigned has_global : 1; /* T=15: interface bytes for all protocols */
    uint8_t historical[ATR_MAX_HISTORICAL];
    uint8_t historical_length;
    unsigned has_tck : 1;
    unsigned has_ta1 : 1, has_ta2 : 1;
    uint8_t ta1, ta2;
    uint8_t tck, right_tck;        /* the byte in the ATR, and the correct one */
    uint8_t faults;                /* enum atr_fault */
    unsigned has_service_data : 1; /* compact-TLV 31: card service data */
    unsigned has_capabilities : 1; /* compact-TLV 7n: card capabilities */
    uint8_t service_data;
    uint8_t capabilities[3];
    uint8_t capabilities_length; /* 1..3 */
    unsigned no_mf : 1;          /* service data bit 1 */
    unsigned chaining : 1;       /* capabilities byte 3, 0x80 */
    unsigned extended : 1;       /* capabilities byte 3, 0x40 */
};

/*
 * Parses an ATR of len bytes. Returns SC_OK, or SC_INVALID_ARGUMENT for fewer than 2 or more than
 * 33 bytes, NULL, a TS that is neither 3B nor 3F, or interface or historical bytes that run past
 * the end; *out is all zero then. Lesser faults are tolerated and noted, since the reader has
 * accepted the card.
 */
int32_t atr_parse(const uint8_t *bytes, size_t len, struct atr *out);

/* Returns the length that an ATR states itself, TCK included; 0 when it is none, or is longer than
 * ATR_MAX. Reads no byte behind it. */
size_t atr_length(const uint8_t *bytes);

/* True (1) when (atr & mask) == wanted; each has len bytes. */
int atr_matches(const uint8_t *atr, const uint8_t *wanted, const uint8_t *mask, size_t len);

#endif
