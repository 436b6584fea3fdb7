/*
 * Codes entered at the reader's own keys (PC/SC part 10): the host builds the command without the
 * code; the reader inserts the code, sends the command to the card, and returns the status word.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_PINPAD_H
#define ICC_PINPAD_H

#include <stddef.h>
#include <stdint.h>

struct icc;
struct icc_instruction;

/* CM_IOCTL_GET_FEATURE_REQUEST in WinSCard's numbers. */
#define PINPAD_GET_FEATURES (0x00310000u | 3400u << 2)

/* Tags of the list of features. */
enum pinpad_feature
{
    PINPAD_VERIFY = 0x06, /* FEATURE_VERIFY_PIN_DIRECT */
    PINPAD_MODIFY = 0x07  /* FEATURE_MODIFY_PIN_DIRECT */
};

/* A command without its code. */
struct pinpad_request
{
    uint8_t cla, ins, p1, p2;
    uint8_t length;  /* the number of bytes that each code fills, at most 15; 0: the code is sent as
                      * typed */
    uint8_t padding; /* the byte to pad with */
    uint8_t bcd;     /* digits of four bits, else ASCII */
    uint8_t counted; /* with bcd and a length: preceded by a byte of control and count */
    uint8_t control; /* its upper half */
};

/* Room for any of the structures. */
#define PINPAD_MAX_BLOCK 64u

/*
 * The control code of a feature in the reader's answer to PINPAD_GET_FEATURES: entries of tag,
 * length 4, and the code, most significant byte first. Returns 0 when it is missing; anything after
 * a damaged entry is ignored.
 */
uint32_t pinpad_find(const uint8_t *features, size_t len, enum pinpad_feature feature);

/*
 * Writes the PIN_VERIFY_STRUCTURE or PIN_MODIFY_STRUCTURE for a request to out (PINPAD_MAX_BLOCK
 * bytes). Codes are 4 to 12 digits, or as many as fit into length; a new code is typed twice after
 * the old one. Returns the bytes used; 0 for a length above 15, or for counted digits without a
 * length.
 */
size_t pinpad_block(enum pinpad_feature feature, const struct pinpad_request *request,
                    uint8_t *out);

/* The reader's own answers (6400..6403) as results: timeout, cancelled, codes differ, wrong length.
 * SC_OK for every other status word, which is then the card's. */
int32_t pinpad_result(uint16_t sw);

/* ---- for chv.c ---- */

/* Finds out whether a code can be entered at the reader, and by which control code. Returns
 * SC_INVALID_ARGUMENT when the profile or the reader does not support it; sends no APDU. */
int32_t icc_pinpad_feature(struct icc *icc, enum pinpad_feature feature, uint32_t *code);

/* Makes the reader ask for the code(s) of an instruction and send it. *sw is the card's answer; the
 * reader's own answer becomes a result. Never repeated. */
int32_t icc_pinpad_enter(struct icc *icc, enum pinpad_feature feature, uint32_t code,
                         const struct icc_instruction *instruction, uint8_t p2, uint16_t *sw);

#endif
