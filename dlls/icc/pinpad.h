/*
 * Codes entered at the reader's own keys (PC/SC part 10): the host builds the command without the
 * code, the reader puts the code in and sends it to the card, and gives back the status word.
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

/* One command that a code is missing in. */
struct pinpad_request
{
    uint8_t cla, ins, p1, p2;
    uint8_t length;  /* every code fills so many bytes, at most 15; 0: it goes as it is typed */
    uint8_t padding; /* the byte to fill with */
};

/* Room for any structure. */
#define PINPAD_MAX_BLOCK 64u

/*
 * The control code of a feature in what the reader answered to PINPAD_GET_FEATURES: entries of tag,
 * length 4, and the code, most significant byte first. 0 when it is not there; what follows a
 * damaged entry does not count.
 */
uint32_t pinpad_find(const uint8_t *features, size_t len, enum pinpad_feature feature);

/*
 * PIN_VERIFY_STRUCTURE or PIN_MODIFY_STRUCTURE for a request, into out (PINPAD_MAX_BLOCK bytes).
 * Codes are 4 to 12 ASCII digits, or up to length; a new code is typed twice after the old one.
 * Returns the bytes used, 0 for a length above 15.
 */
size_t pinpad_block(enum pinpad_feature feature, const struct pinpad_request *request,
                    uint8_t *out);

/* What the reader itself answers (6400..6403): time is up, cancelled, unequal, wrong length. SC_OK
 * for every other status word, which then is the card's. */
int32_t pinpad_result(uint16_t sw);

/* ---- for chv.c ---- */

/* Whether a code can be entered at the reader, and by which control code. SC_INVALID_ARGUMENT when
 * the profile or the reader has no such thing; sends no APDU. */
int32_t icc_pinpad_feature(struct icc *icc, enum pinpad_feature feature, uint32_t *code);

/* Has the reader ask for the code(s) of an instruction and send it. *sw is the card's answer; what
 * the reader says itself is a result. Never sent again. */
int32_t icc_pinpad_enter(struct icc *icc, enum pinpad_feature feature, uint32_t code,
                         const struct icc_instruction *instruction, uint8_t p2, uint16_t *sw);

#endif
