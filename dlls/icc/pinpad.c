/*
 * Codes entered at the reader's own keys (PC/SC part 10).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "pinpad.h"

#include <string.h>

#include "internal.h"
#include "position.h"

#define ENTRY        6u /* tag, length, control code */
#define MAX_LENGTH   15u
#define MIN_DIGITS   4u
#define MAX_DIGITS   12u
#define SECONDS      30u /* until the first key, and between keys */
#define MAX_FEATURES 256u

/* Fields of the structures. */
#define FORMAT_ASCII_LEFT 0x82u /* positions in bytes, left justified, ASCII */
#define VALIDATE_BY_KEY   0x02u
#define CONFIRM_AND_OLD   0x03u
#define ENGLISH           0x0409u

uint32_t pinpad_find(const uint8_t *features, size_t len, enum pinpad_feature feature)
{
    size_t at;

    for (at = 0; len - at >= ENTRY && features[at + 1] == 4; at += ENTRY)
        if (features[at] == feature)
            return (uint32_t)features[at + 2] << 24 | (uint32_t)features[at + 3] << 16 |
                   (uint32_t)features[at + 4] << 8 | features[at + 5];
    return 0;
}

static size_t put_le16(uint8_t *out, size_t at, unsigned value)
{
    out[at] = (uint8_t)value;
    out[at + 1] = (uint8_t)(value >> 8);
    return at + 2;
}

/* The command, with padding where the codes will stand; behind its length of 4 bytes. */
static size_t put_command(const struct pinpad_request *request, unsigned codes, uint8_t *out,
                          size_t at)
{
    unsigned data = request->length * codes;

    at = put_le16(out, at, 5 + data);
    at = put_le16(out, at, 0);
    out[at++] = request->cla;
    out[at++] = request->ins;
    out[at++] = request->p1;
    out[at++] = request->p2;
    out[at++] = (uint8_t)data;
    memset(out + at, request->padding, data);
    return at + data;
}

size_t pinpad_block(enum pinpad_feature feature, const struct pinpad_request *request, uint8_t *out)
{
    unsigned max = request->length ? request->length : MAX_DIGITS;
    unsigned min = max < MIN_DIGITS ? max : MIN_DIGITS;
    int modify = feature == PINPAD_MODIFY;
    size_t at = 0;

    if (request->length > MAX_LENGTH)
        return 0;
    out[at++] = SECONDS;
    out[at++] = SECONDS;
    out[at++] = FORMAT_ASCII_LEFT;
    out[at++] = request->length; /* bmPINBlockString */
    out[at++] = 0;               /* bmPINLengthFormat: the length is not told to the card */
    if (modify)
    {
        out[at++] = 0;               /* bInsertionOffsetOld */
        out[at++] = request->length; /* bInsertionOffsetNew */
    }
    at = put_le16(out, at, min << 8 | max);
    if (modify)
        out[at++] = CONFIRM_AND_OLD;
    out[at++] = VALIDATE_BY_KEY;
    out[at++] = modify ? 3 : 1; /* messages shown: old, new, again; or one */
    at = put_le16(out, at, ENGLISH);
    out[at++] = 0; /* bMsgIndex, of each message */
    if (modify)
    {
        out[at++] = 1;
        out[at++] = 2;
    }
    memset(out + at, 0, 3); /* bTeoPrologue: only for T=1 blocks made by the host */
    return put_command(request, modify ? 2 : 1, out, at + 3);
}

int32_t pinpad_result(uint16_t sw)
{
    switch (sw)
    {
    case 0x6400: return SC_TIMEOUT;
    case 0x6401: return SC_CANCELLED_BY_USER;
    case 0x6402:
    case 0x6403: return SC_INVALID_CHV;
    default: return SC_OK;
    }
}

/* ---- the methods ---- */

int32_t icc_pinpad_feature(struct icc *icc, enum pinpad_feature feature, uint32_t *code)
{
    uint8_t features[MAX_FEATURES];
    size_t len = sizeof(features);
    int32_t result;

    *code = 0;
    if (!icc->card.profile->chv.pinpad || !icc->control)
        return SC_INVALID_ARGUMENT;
    result = icc->control(icc->link.context, PINPAD_GET_FEATURES, NULL, 0, features, &len);
    if (result == SC_OK && len > sizeof(features))
        return SC_COMM_DATA_LOST;
    if (result == SC_OK)
        *code = pinpad_find(features, len, feature);
    /* pcscd calls it "not transacted" when a driver does not know the request. */
    else if (result != SC_UNSUPPORTED_FEATURE && result != SC_NOT_TRANSACTED)
        return result;
    return *code ? SC_OK : SC_INVALID_ARGUMENT;
}

int32_t icc_pinpad_enter(struct icc *icc, enum pinpad_feature feature, uint32_t code,
                         const struct icc_instruction *instruction, uint8_t p2, uint16_t *sw)
{
    const struct icc_profile *profile = icc->card.profile;
    struct pinpad_request request = {0};
    uint8_t block[PINPAD_MAX_BLOCK], reply[2];
    size_t size, len = sizeof(reply);
    int32_t result;

    *sw = 0;
    if (!instruction->present)
        return SC_UNSUPPORTED_FEATURE;
    request.cla = instruction->admin ? profile->admin_cla : icc->card.cla;
    request.ins = instruction->ins;
    request.p2 = p2;
    request.length = profile->chv.length;
    request.padding = profile->chv.padding;
    if (!(size = pinpad_block(feature, &request, block)))
        return SC_UNSUPPORTED_FEATURE;
    result = icc->control(icc->link.context, code, block, size, reply, &len);
    if (result)
    {
        position_lose(icc);
        icc->broken = result;
        return result;
    }
    if (len != sizeof(reply))
        return SC_COMM_DATA_LOST;
    *sw = (uint16_t)(reply[0] << 8 | reply[1]);
    return pinpad_result(*sw);
}
