/*
 * Command APDUs: encoding and parsing of ISO 7816-4 cases 1 to 4, short and extended.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "apdu.h"
#include "ins.h"
#include "codes.h"

#define HEADER_LENGTH 4u

struct instruction
{
    uint8_t ins;
    const char *name;
};

/* ISO 7816-4, -8 and -9; an odd instruction carries BER-TLV data and has the even one's name. */
static const struct instruction instructions[] =
{
    {0x04, "DEACTIVATE FILE"},
    {0x0C, "ERASE RECORD"},
    {0x0E, "ERASE BINARY"},
    {0x0F, "ERASE BINARY"},
    {0x10, "PERFORM SCQL OPERATION"},
    {0x12, "PERFORM TRANSACTION OPERATION"},
    {0x14, "PERFORM USER OPERATION"},
    {0x20, "VERIFY"},
    {0x21, "VERIFY"},
    {0x22, "MANAGE SECURITY ENVIRONMENT"},
    {0x24, "CHANGE REFERENCE DATA"},
    {0x25, "CHANGE REFERENCE DATA"},
    {0x26, "DISABLE VERIFICATION REQUIREMENT"},
    {0x28, "ENABLE VERIFICATION REQUIREMENT"},
    {0x2A, "PERFORM SECURITY OPERATION"},
    {0x2C, "RESET RETRY COUNTER"},
    {0x2D, "RESET RETRY COUNTER"},
    {0x44, "ACTIVATE FILE"},
    {0x46, "GENERATE ASYMMETRIC KEY PAIR"},
    {0x47, "GENERATE ASYMMETRIC KEY PAIR"},
    {0x70, "MANAGE CHANNEL"},
    {0x82, "EXTERNAL AUTHENTICATE"},
    {0x84, "GET CHALLENGE"},
    {0x86, "GENERAL AUTHENTICATE"},
    {0x87, "GENERAL AUTHENTICATE"},
    {0x88, "INTERNAL AUTHENTICATE"},
    {0xA0, "SEARCH BINARY"},
    {0xA1, "SEARCH BINARY"},
    {0xA2, "SEARCH RECORD"},
    {0xA4, "SELECT"},
    {0xB0, "READ BINARY"},
    {0xB1, "READ BINARY"},
    {0xB2, "READ RECORD"},
    {0xB3, "READ RECORD"},
    {0xC0, "GET RESPONSE"},
    {0xC2, "ENVELOPE"},
    {0xC3, "ENVELOPE"},
    {0xCA, "GET DATA"},
    {0xCB, "GET DATA"},
    {0xD0, "WRITE BINARY"},
    {0xD1, "WRITE BINARY"},
    {0xD2, "WRITE RECORD"},
    {0xD6, "UPDATE BINARY"},
    {0xD7, "UPDATE BINARY"},
    {0xD8, "PUT KEY"},
    {0xDA, "PUT DATA"},
    {0xDB, "PUT DATA"},
    {0xDC, "UPDATE RECORD"},
    {0xDD, "UPDATE RECORD"},
    {0xE0, "CREATE FILE"},
    {0xE2, "APPEND RECORD"},
    {0xE4, "DELETE FILE"},
    {0xE6, "TERMINATE DF"},
    {0xE8, "TERMINATE EF"},
    {0xFE, "TERMINATE CARD USAGE"},
};

enum apdu_case apdu_case_of(const struct apdu *apdu)
{
    if (!apdu->nc)
        return apdu->ne ? APDU_CASE_2 : APDU_CASE_1;
    return apdu->ne ? APDU_CASE_4 : APDU_CASE_3;
}

int apdu_needs_extended(const struct apdu *apdu)
{
    return apdu->nc > 255 || apdu->ne > 256;
}

static uint8_t *put_length(uint8_t *at, uint32_t value, size_t width)
{
    if (width == 2)
        *at++ = (uint8_t)(value >> 8 & 0xFF);
    *at++ = (uint8_t)(value & 0xFF);
    return at;
}

int32_t apdu_encode(const struct apdu *apdu, uint8_t *out, size_t cap, size_t *len)
{
    size_t width, need = HEADER_LENGTH;
    uint8_t *at = out;
    int extended;

    if (!len)
        return SC_INVALID_ARGUMENT;
    *len = 0;
    if (!apdu || !out || apdu->nc > APDU_MAX_LC || apdu->ne > APDU_MAX_NE ||
        (apdu->nc && !apdu->data))
        return SC_INVALID_ARGUMENT;

    extended = (apdu->extended || apdu_needs_extended(apdu)) && (apdu->nc || apdu->ne);
    width = extended ? 2 : 1;
    need += extended ? 1 : 0;
    need += apdu->nc ? width + apdu->nc : 0;
    need += apdu->ne ? width : 0;
    if (cap < need)
        return SC_INSUFFICIENT_BUFFER;

    *at++ = apdu->cla;
    *at++ = apdu->ins;
    *at++ = apdu->p1;
    *at++ = apdu->p2;
    if (extended)
        *at++ = 0;
    if (apdu->nc)
    {
        at = put_length(at, apdu->nc, width);
        memcpy(at, apdu->data, apdu->nc);
        at += apdu->nc;
    }
    if (apdu->ne)
        put_length(at, apdu->ne, width); /* the maximum, 256 or 65536, becomes 0 by truncation */
    *len = need;
    return SC_OK;
}

static int32_t encode_t0(const struct apdu *apdu, uint8_t *out, size_t cap, size_t *len)
{
    struct apdu wire = *apdu;

    if (wire.nc > 255 || wire.ne > APDU_MAX_NE)
        return SC_INVALID_ARGUMENT;
    wire.extended = 0;
    if (wire.nc)
        wire.ne = 0;
    else if (!wire.ne || wire.ne > 256)
        wire.ne = 256; /* P3 = 00, which case 1 has as well */
    return apdu_encode(&wire, out, cap, len);
}

int32_t apdu_encode_for(const struct apdu *apdu, enum apdu_protocol protocol, uint8_t *out,
                        size_t cap, size_t *len)
{
    if (!len)
        return SC_INVALID_ARGUMENT;
    *len = 0;
    if (apdu && protocol == APDU_T0)
        return encode_t0(apdu, out, cap, len);
    return apdu_encode(apdu, out, cap, len);
}

static uint32_t get_16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static int parse_short(const uint8_t *bytes, size_t len, struct apdu *apdu)
{
    size_t nc = bytes[4];

    if (len == 5)
    {
        apdu->ne = nc ? (uint32_t)nc : 256;
        return 1;
    }
    if (len != 5 + nc && len != 6 + nc)
        return 0;
    apdu->nc = (uint32_t)nc;
    apdu->data = bytes + 5;
    if (len == 6 + nc)
        apdu->ne = bytes[5 + nc] ? bytes[5 + nc] : 256;
    return 1;
}

static int parse_extended(const uint8_t *bytes, size_t len, struct apdu *apdu)
{
    uint32_t first;

    if (len < 7)
        return 0;
    apdu->extended = 1;
    first = get_16(bytes + 5);
    if (len == 7)
    {
        apdu->ne = first ? first : APDU_MAX_NE;
        return 1;
    }
    if (!first || (len != 7 + (size_t)first && len != 9 + (size_t)first))
        return 0;
    apdu->nc = first;
    apdu->data = bytes + 7;
    if (len == 9 + (size_t)first)
    {
        uint32_t le = get_16(bytes + 7 + first);

        apdu->ne = le ? le : APDU_MAX_NE;
    }
    return 1;
}

int32_t apdu_parse(const uint8_t *bytes, size_t len, struct apdu *out)
{
    int whole = 1;

    if (!out)
        return SC_INVALID_ARGUMENT;
    memset(out, 0, sizeof(*out));
    if (!bytes || len < HEADER_LENGTH)
        return SC_INVALID_ARGUMENT;
    if (len == 5 || (len > 5 && bytes[4]))
        whole = parse_short(bytes, len, out);
    else if (len > 5)
        whole = parse_extended(bytes, len, out);
    if (!whole)
    {
        memset(out, 0, sizeof(*out));
        return SC_INVALID_ARGUMENT;
    }
    out->cla = bytes[0];
    out->ins = bytes[1];
    out->p1 = bytes[2];
    out->p2 = bytes[3];
    return SC_OK;
}

/* True when the class indicates, or may indicate, secure messaging. */
static int class_is_secured(uint8_t cla)
{
    if (cla < 0x20 || (cla >= 0x80 && cla < 0xE0))
        return (cla & 0x0C) != 0;
    if (cla >= 0x40 && cla < 0x80)
        return (cla & 0x20) != 0;
    return 1; /* 2x, 3x: reserved; Ex: GlobalPlatform's secured channels; Fx: unknown */
}

/*
 * Classes whose instructions have meanings of their own, each with the instructions that are surely
 * harmless: SELECT, lists, and the commands for files, their attributes and their state.
 */
static const struct own_class
{
    uint8_t cla;
    uint8_t shown[16]; /* ended by 00 */
} own_classes[] = {
    {0xB0, {0x3A, 0x3C, 0x48, 0x58, 0xA4}}, /* MUSCLE applet: lists, status */
    {0xF0,
     {0x04, 0x22, 0x44, 0xA2, 0xA4, 0xA8, 0xB0, 0xB2, 0xC4, 0xD0, 0xD2, 0xD6, 0xDC, 0xE0,
      0xE4}}, /* Cryptoflex's administrative class */
    /* The reader's, PC/SC part 3; not UPDATE BINARY: storage cards keep their keys in blocks, which
     * they do not show again. */
    {0xFF, {0xA4, 0xB0, 0xCA}},
};

/* NULL when the class has the instructions of ISO 7816. */
static const struct own_class *find_own_class(uint8_t cla)
{
    size_t i;

    for (i = 0; i < sizeof(own_classes) / sizeof(own_classes[0]); i++)
    {
        if (own_classes[i].cla == cla)
            return &own_classes[i];
    }
    return NULL;
}

static int instruction_is_secret(uint8_t cla, uint8_t ins)
{
    uint8_t even = ins & 0xFE;

    switch (even)
    {
    case INS_PERFORM_USER_OPERATION: /* a SIM's TERMINAL RESPONSE: what the user typed */
    case INS_GENERATE_KEY_PAIR:      /* some cards export the private key */
    case INS_EXTERNAL_AUTHENTICATE:
    case INS_GENERAL_AUTHENTICATE:
    case INS_INTERNAL_AUTHENTICATE:
    case INS_PUT_KEY:
    case INS_GET_RESPONSE: /* the reply to whatever came before */
    case INS_PUT_DATA:     /* keys and reset codes */
    case 0xD4: /* several makers' WRITE KEY and INSTALL SECRET; no interindustry command */
    case 0xF4: return 1;
    case INS_APPEND_RECORD: return cla >= 0x80; /* STORE DATA in those classes */
    default:
        /* 20 to 2F concern codes and keys, except for MANAGE SECURITY ENVIRONMENT */
        return (even & 0xF0) == 0x20 && even != INS_MANAGE_SECURITY_ENVIRONMENT;
    }
}

/*
 * Replaces an ENVELOPE by the command inside, if that is surely a whole command: not when the
 * ENVELOPE is part of a chain, has INS C3 or a proprietary class (its data are BER-TLV, not an
 * APDU), or when the command has no data, because the last four or five bytes of any longer command
 * look like that.
 */
static int open_envelope(struct apdu *apdu)
{
    struct apdu inner;

    if (apdu->ins != INS_ENVELOPE || apdu->cla >= 0x80 || (apdu->cla & 0x10) ||
        apdu_parse(apdu->data, apdu->nc, &inner) != SC_OK || !inner.nc)
        return 0;
    *apdu = inner;
    return 1;
}

int apdu_inside(const struct apdu *apdu, struct apdu *inner)
{
    *inner = *apdu;
    while ((inner->ins & 0xFE) == INS_ENVELOPE)
    {
        if (find_own_class(inner->cla) || class_is_secured(inner->cla) || !open_envelope(inner))
            return 0;
    }
    return 1;
}

int apdu_is_secret(const struct apdu *apdu)
{
    const struct own_class *own;
    struct apdu inner;

    if (!apdu || !apdu_inside(apdu, &inner))
        return 1;
    if ((own = find_own_class(inner.cla)))
        return !memchr(own->shown, inner.ins, sizeof(own->shown)) || !inner.ins;
    return class_is_secured(inner.cla) || instruction_is_secret(inner.cla, inner.ins);
}

const char *apdu_instruction_name(uint8_t ins)
{
    size_t i;

    for (i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++)
    {
        if (instructions[i].ins == ins)
            return instructions[i].name;
    }
    return NULL;
}
