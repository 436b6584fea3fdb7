/*
 * Card families as data: all their differences from the first SELECT on.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_PROFILE_H
#define ICC_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include "iso7816/fcp.h"

#define ICC_MAX_CLASSES      3
#define ICC_MAX_SELECT_FORMS 4

/* Values of P1 of SELECT that a family understands (ISO 7816-4 7.1.1). All understand P1 = 00. */
#define ICC_P1_CHILD  0x01u /* P1 = 01: child DF of the current DF */
#define ICC_P1_EF     0x02u /* P1 = 02: EF of the current DF */
#define ICC_P1_PARENT 0x04u /* P1 = 03: parent of the current DF */
#define ICC_P1_NAME   0x08u /* P1 = 04: DF by name */
#define ICC_P1_PATH   0x10u /* P1 = 08: path from the MF */

/* How a card asks for GET RESPONSE or for another length. */
#define ICC_FOLLOW_61  0x01u /* 61xx: GET RESPONSE */
#define ICC_FOLLOW_9F  0x02u /* 9Fxx: GET RESPONSE (GSM 11.11) */
#define ICC_CORRECT_6C 0x04u /* 6Cxx: repeat with Le = xx */
#define ICC_CORRECT_67 0x08u /* 67xx, xx != 0: the same (Cryptoflex) */

struct icc_profile;

/* A class byte to try while the class is unconfirmed. */
struct icc_class
{
    uint8_t cla;
    const struct icc_profile *switch_to; /* the profile of a card that accepts it; NULL: the same */
};

/* One way to request the file control information in SELECT. */
struct icc_select_form
{
    uint8_t p2;
    uint8_t with_le; /* non-zero: an Le field is sent */
};

/* An instruction; p1 and p2 are used only where the command does not define them itself. */
struct icc_instruction
{
    uint8_t ins;
    uint8_t p1, p2;
    unsigned present : 1; /* the family has it */
    unsigned admin : 1;   /* sent with admin_cla first, and with the card's class after 6E00 or
                           * 6D00 */
};

/* A command that lists the files of the current DF, one in each answer. ins 0: there is none. */
struct icc_list
{
    struct icc_instruction command;
    unsigned count_in_p2 : 1; /* P2 = 1, 2, 3...; else the card itself keeps count */
    uint8_t le;
    uint8_t fid_at;  /* offset of the FID in the answer */
    uint16_t end_sw; /* the status word that ends the list */
};

/* Cardholder verification. */
struct icc_chv
{
    struct icc_instruction verify, change, disable, enable, unblock;
    uint8_t local_bit;         /* ORed into P2 for IHV_LOCAL; 0: there are no local references */
    uint8_t length;            /* codes are padded to this many bytes; 0: sent as given */
    uint8_t padding;           /* the byte to pad with */
    uint8_t control;           /* the upper half of the byte before counted digits */
    unsigned bcd : 1;          /* digits of four bits; otherwise the caller's bytes */
    unsigned counted : 1;      /* with bcd: preceded by a byte of control and count */
    unsigned query : 1;        /* VERIFY without data asks for the state */
    unsigned unblock_bare : 1; /* RESET RETRY COUNTER without data exists */
    unsigned change_first : 1; /* P1 = 01 sets a code that was never set */
    unsigned pinpad : 1;       /* an empty code is entered at the reader's own keys */
};

/* The data that CREATE FILE expects. */
enum icc_create
{
    ICC_CREATE_NONE,
    ICC_CREATE_FCP, /* ISO 7816-9: a template 62 */
    ICC_CREATE_FLEX /* Cryptoflex: a header of 16 or 17 bytes, P2 = records */
};

/*
 * A family of cards. A plain struct without hidden parts, so that a loader can fill one. Its owner
 * must keep it as long as an icc uses it.
 */
struct icc_profile
{
    const char *name;
    /* ATRs as hexadecimal text, in which 'x' matches any digit, ended by NULL. NULL: only chosen
     * explicitly. */
    const char *const *atrs;

    /* Classes in the order in which they are tried: after 6E00, and for SELECT after 6D00. At least
     * 1. */
    struct icc_class classes[ICC_MAX_CLASSES];
    uint8_t class_count;
    uint8_t admin_cla; /* class of commands marked admin */
    uint8_t response;  /* ICC_FOLLOW_, ICC_CORRECT_ */

    uint8_t select_p1; /* ICC_P1_ */
    struct icc_select_form
        select_forms[ICC_MAX_SELECT_FORMS]; /* tried in order; the first that works is kept */
    uint8_t select_form_count;
    enum fcp_layout layout;  /* of answers that are no template */
    unsigned may_be_gsm : 1; /* an answer for 3F00 that is no template and has byte 6 = 01 makes the
                              * card GSM 11.11 */
    unsigned exact_record_le : 1; /* READ RECORD wants the record length, not 00 */
    unsigned interindustry : 1;   /* APPEND RECORD, ERASE and the odd instructions exist */

    uint16_t max_le, max_lc; /* initial values for READ BINARY and UPDATE BINARY: 256, 255 */
    uint16_t data_unit;      /* bytes in a data unit of files of which the card does not tell it; 0:
                              * it is found out */
    struct icc_list list;
    struct icc_chv chv;
    struct icc_instruction logout;
    struct icc_instruction create_file, delete_file, deactivate, activate;
    enum icc_create create;
};

/* The built-in families. */
extern const struct icc_profile icc_profile_iso;       /* ISO 7816-4, class 00; for unknown ATRs */
extern const struct icc_profile icc_profile_flex;      /* Schlumberger Cryptoflex, Multiflex */
extern const struct icc_profile icc_profile_cyberflex; /* Schlumberger Cyberflex Access */
extern const struct icc_profile icc_profile_gsm;       /* GSM 11.11, class A0 */
extern const struct icc_profile icc_profile_class_c0;  /* accepts only C0, unknown ATR */

/* True (1) when atr matches one of the profile's patterns. */
int icc_profile_matches(const struct icc_profile *profile, const uint8_t *atr, size_t len);

/* The built-in profile for an ATR; icc_profile_iso when no other matches or atr is NULL. */
const struct icc_profile *icc_profile_for_atr(const uint8_t *atr, size_t len);

#endif
