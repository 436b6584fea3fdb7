/*
 * File control information: what a card says of a file in its answer to SELECT.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_FCP_H
#define ISO7816_FCP_H

#include <stddef.h>
#include <stdint.h>

enum fcp_kind
{
    FCP_KIND_UNKNOWN, /* the card did not say */
    FCP_KIND_DF,
    FCP_KIND_EF
};

enum fcp_structure
{
    FCP_STRUCTURE_UNKNOWN,
    FCP_TRANSPARENT,
    FCP_LINEAR_FIXED,
    FCP_LINEAR_VARIABLE,
    FCP_CYCLIC,
    FCP_TLV /* BER-TLV or SIMPLE-TLV EF */
};

enum fcp_life_cycle
{
    FCP_LIFE_UNKNOWN,
    FCP_LIFE_CREATION,
    FCP_LIFE_INITIALISATION,
    FCP_LIFE_ACTIVATED,
    FCP_LIFE_DEACTIVATED,
    FCP_LIFE_TERMINATED
};

/* Which layout a card's answer to SELECT has when it is not a BER-TLV template. */
enum fcp_layout
{
    FCP_LAYOUT_ISO,       /* BER-TLV only */
    FCP_LAYOUT_GSM,       /* GSM 11.11 9.2.1 */
    FCP_LAYOUT_FLEX,      /* Schlumberger Cryptoflex, Multiflex */
    FCP_LAYOUT_CYBERFLEX  /* Schlumberger Cyberflex Access */
};

#define FCP_MAX_DF_NAME 16

/* All that is known of a file. Zero means unknown where a has_ flag stands beside. */
struct fcp
{
    enum fcp_kind kind;
    enum fcp_structure structure;
    enum fcp_life_cycle life_cycle;
    unsigned internal : 1; /* internal EF: the card's own, usually not readable */
    unsigned has_size : 1;
    unsigned has_fid : 1;
    unsigned has_sfi : 1;
    unsigned has_record_length : 1;
    unsigned has_record_count : 1;
    unsigned has_data_coding : 1;
    uint32_t size; /* bytes */
    uint16_t fid;
    uint8_t sfi;            /* 1..30 */
    uint8_t fdb;            /* file descriptor byte, 0 when absent */
    uint8_t data_coding;    /* data coding byte (ISO 7816-4 table "data coding byte") */
    uint16_t record_length; /* bytes; the maximum for linear variable files */
    uint16_t record_count;
    uint8_t df_name[FCP_MAX_DF_NAME];
    uint8_t df_name_length;
};

/*
 * Reads an answer to SELECT (without SW1 SW2). A first byte 62, 64 or 6F makes it a BER-TLV
 * template (nested ones are entered); anything else of at least 14 bytes is read as layout says.
 * Objects that do not parse, lie about their length or have impossible values are ignored, so this
 * cannot fail: *out is all unknown when nothing could be learnt. An empty answer is legal.
 */
void fcp_parse(const uint8_t *answer, size_t len, enum fcp_layout layout, struct fcp *out);

/* The file descriptor byte (ISO 7816-4 5.3.3.2) of kind and structure; 0: they are not known. */
uint8_t fcp_descriptor(const struct fcp *fcp);

/*
 * The byte offset unit of P1 P2: 1, or 2^(n-1) for a data coding byte with n >= 2. Values 0 and 1
 * (nibbles) both count as bytes, since cards that mean bytes send them.
 */
uint32_t fcp_data_unit(const struct fcp *fcp);

#endif
