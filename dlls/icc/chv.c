/*
 * The cardholder's codes: VERIFY and related commands. A code is sent once, and again only after
 * 6E00, by which a card says that it has not examined it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "code.h"
#include "internal.h"
#include "pinpad.h"

/* Checks the flags and the number that select a code. */
static int32_t check_reference(uint32_t flags, int32_t ref)
{
    if (ref < 0 || ref > 255 || ((flags & ICC_GLOBAL) && (flags & ICC_LOCAL)) ||
        ((flags & ICC_GLOBAL) && ref >= 0x80))
        return SC_INVALID_ARGUMENT;
    return icc_check_flags(flags);
}

/*
 * Prepares the card for a command about a code: confirms its class, and makes the directory current
 * to which a local reference is relative, since another application would count a try. *p2 is the
 * reference on the card.
 */
static int32_t prepare(struct icc *icc, uint32_t flags, int32_t ref, uint8_t *p2)
{
    int32_t result;

    icc_start_call(icc);
    result = icc_confirm_class(icc);
    if (result)
        return result;
    *p2 = (uint8_t)ref;
    if (!(flags & ICC_LOCAL))
        return SC_OK;
    if (!icc->card.profile->chv.local_bit)
        return SC_UNSUPPORTED_FEATURE;
    *p2 |= icc->card.profile->chv.local_bit;
    return icc_ensure_current(icc);
}

/* Sends an instruction with one or two codes (second may be NULL). */
static int32_t send_codes(struct icc *icc, const struct icc_instruction *instruction, uint8_t p1,
                          uint8_t p2, const uint8_t *first, size_t first_len, const uint8_t *second,
                          size_t second_len, uint16_t *sw)
{
    uint8_t data[2 * ICC_MAX_CODE];
    struct icc_reply reply;
    struct apdu cmd;
    size_t used = 0;
    int32_t result;

    memset(&cmd, 0, sizeof(cmd));
    cmd.p1 = p1;
    cmd.p2 = p2;
    result = icc_code_put(&icc->card.profile->chv, first, first_len, data, &used);
    if (result == SC_OK && second)
        result = icc_code_put(&icc->card.profile->chv, second, second_len, data, &used);
    cmd.data = data;
    cmd.nc = (uint32_t)used;
    if (result == SC_OK)
        result = icc_send_instruction(icc, instruction, &cmd, ICC_SEND_SECRET, &reply);
    *sw = result == SC_OK ? reply.sw : 0;
    wipe(data, sizeof(data));
    wipe(&reply, sizeof(reply));
    return result;
}

static int32_t send_verify(struct icc *icc, uint8_t p2, const uint8_t *code, size_t len)
{
    int32_t result;
    uint16_t sw;

    result = send_codes(icc, &icc->card.profile->chv.verify, 0, p2, code, len, NULL, 0, &sw);
    return result ? result : sw_result(sw, FOR_CHV);
}

/* VERIFY without data asks whether a code is required. Sent only on request, as some cards count
 * it. */
static int32_t send_query(struct icc *icc, uint8_t p2)
{
    const struct icc_chv *chv = &icc->card.profile->chv;
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;

    if (!chv->query)
        return SC_UNSUPPORTED_FEATURE;
    memset(&cmd, 0, sizeof(cmd));
    cmd.p2 = p2;
    result = icc_send_instruction(icc, &chv->verify, &cmd, ICC_SEND_SECRET, &reply);
    return result ? result : sw_result(reply.sw, FOR_CHV_QUERY);
}

/* The code is entered at the reader's keys; feature_code was found before anything was sent. */
static int32_t enter_verify(struct icc *icc, uint32_t feature_code, uint8_t p2)
{
    int32_t result;
    uint16_t sw;

    result =
        icc_pinpad_enter(icc, PINPAD_VERIFY, feature_code, &icc->card.profile->chv.verify, p2, &sw);
    return result ? result : sw_result(sw, FOR_CHV);
}

int32_t icc_verify(struct icc *icc, const uint8_t *code, size_t code_len, uint32_t flags,
                   int32_t ref)
{
    int query = (flags & ICC_CHECK_ONLY) != 0;
    int at_reader = !query && !code_len;
    int32_t result = check_reference(flags, ref);
    uint32_t feature_code;
    uint8_t p2;

    if (result == SC_INVALID_ARGUMENT || code_len > ICC_MAX_CODE || (code_len && !code) ||
        (query && code_len) || (at_reader && !icc->card.profile->chv.pinpad))
        return SC_INVALID_ARGUMENT;
    if (result == SC_OK && at_reader)
        result = icc_pinpad_feature(icc, PINPAD_VERIFY, &feature_code);
    if (result == SC_OK)
        result = prepare(icc, flags, ref, &p2);
    if (result)
        return result;
    if (at_reader)
        return enter_verify(icc, feature_code, p2);
    return query ? send_query(icc, p2) : send_verify(icc, p2, code, code_len);
}

/* ENABLE or DISABLE VERIFICATION REQUIREMENT. */
static int32_t send_switch(struct icc *icc, const struct icc_instruction *instruction, uint8_t p2,
                           const uint8_t *code, size_t len)
{
    int32_t result;
    uint16_t sw;

    result = send_codes(icc, instruction, 0, p2, code, len, NULL, 0, &sw);
    if (result)
        return result;
    /* It may already be switched, and then nobody has checked the code. */
    if (sw == SW_CONDITIONS)
        return send_verify(icc, p2, code, len);
    return sw_result(sw, FOR_CHV_SWITCH);
}

static int32_t send_change(struct icc *icc, uint8_t p2, const uint8_t *old_code, size_t old_len,
                           const uint8_t *new_code, size_t new_len)
{
    const struct icc_chv *chv = &icc->card.profile->chv;
    int32_t result;
    uint16_t sw;

    if (old_len)
        result = send_codes(icc, &chv->change, 0, p2, old_code, old_len, new_code, new_len, &sw);
    else if (chv->change_first)
        result = send_codes(icc, &chv->change, 1, p2, new_code, new_len, NULL, 0, &sw);
    else
        return SC_UNSUPPORTED_FEATURE;
    return result ? result : sw_result(sw, FOR_CHV);
}

static int32_t enter_switch(struct icc *icc, const struct icc_instruction *instruction,
                            uint32_t feature_code, uint8_t p2)
{
    int32_t result;
    uint16_t sw;

    result = icc_pinpad_enter(icc, PINPAD_VERIFY, feature_code, instruction, p2, &sw);
    if (result)
        return result;
    return sw == SW_CONDITIONS ? enter_verify(icc, feature_code, p2)
                               : sw_result(sw, FOR_CHV_SWITCH);
}

static int32_t enter_change(struct icc *icc, uint32_t feature_code, uint8_t p2)
{
    int32_t result;
    uint16_t sw;

    result =
        icc_pinpad_enter(icc, PINPAD_MODIFY, feature_code, &icc->card.profile->chv.change, p2, &sw);
    return result ? result : sw_result(sw, FOR_CHV);
}

/* With both codes empty, the reader asks, again for each step. */
static int32_t change_at_reader(struct icc *icc, uint32_t flags, int32_t ref)
{
    int change = (flags & ICC_CHANGE) || !(flags & (ICC_ENABLE | ICC_DISABLE));
    uint32_t verify_code = 0, modify_code = 0;
    const struct icc_chv *chv;
    int32_t result = SC_OK;
    uint8_t p2;

    if (flags & (ICC_ENABLE | ICC_DISABLE))
        result = icc_pinpad_feature(icc, PINPAD_VERIFY, &verify_code);
    if (result == SC_OK && change)
        result = icc_pinpad_feature(icc, PINPAD_MODIFY, &modify_code);
    if (result == SC_OK)
        result = prepare(icc, flags, ref, &p2);
    if (result)
        return result;
    chv = &icc->card.profile->chv;
    if (flags & ICC_ENABLE)
        result = enter_switch(icc, &chv->enable, verify_code, p2);
    if (result == SC_OK && change)
        result = enter_change(icc, modify_code, p2);
    if (result == SC_OK && (flags & ICC_DISABLE))
        result = enter_switch(icc, &chv->disable, verify_code, p2);
    return result;
}

static int32_t check_change(size_t old_len, size_t new_len, uint32_t flags)
{
    int enable = (flags & ICC_ENABLE) != 0;
    int disable = (flags & ICC_DISABLE) != 0;

    if ((enable && disable) || (flags & ICC_CHECK_ONLY) || old_len > ICC_MAX_CODE ||
        new_len > ICC_MAX_CODE)
        return SC_INVALID_ARGUMENT;
    if (!old_len && !new_len)
        return SC_OK;
    if ((enable && !old_len) || ((flags & ICC_CHANGE) && !new_len))
        return SC_INVALID_ARGUMENT;
    return new_len || enable || disable ? SC_OK : SC_INVALID_ARGUMENT;
}

int32_t icc_change_code(struct icc *icc, const uint8_t *old_code, size_t old_len,
                        const uint8_t *new_code, size_t new_len, uint32_t flags, int32_t ref)
{
    const struct icc_chv *chv;
    int32_t result = check_reference(flags, ref);
    uint8_t p2;

    if (result == SC_INVALID_ARGUMENT || (old_len && !old_code) || (new_len && !new_code) ||
        check_change(old_len, new_len, flags) ||
        (!old_len && !new_len && !icc->card.profile->chv.pinpad))
        return SC_INVALID_ARGUMENT;
    if (result == SC_OK && !old_len && !new_len)
        return change_at_reader(icc, flags, ref);
    if (result == SC_OK)
        result = prepare(icc, flags, ref, &p2);
    if (result)
        return result;
    chv = &icc->card.profile->chv;
    if (flags & ICC_ENABLE)
        result = send_switch(icc, &chv->enable, p2, old_code, old_len);
    if (result == SC_OK && new_len)
        result = send_change(icc, p2, old_code, old_len, new_code, new_len);
    if (result == SC_OK && (flags & ICC_DISABLE))
        result = send_switch(icc, &chv->disable, p2, new_len ? new_code : old_code,
                             new_len ? new_len : old_len);
    return result;
}

int32_t icc_unblock(struct icc *icc, int32_t data, uint32_t flags, int32_t ref)
{
    const struct icc_chv *chv;
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result = check_reference(flags, ref);

    if (result == SC_INVALID_ARGUMENT || data || (flags & ICC_CHECK_ONLY))
        return SC_INVALID_ARGUMENT;
    memset(&cmd, 0, sizeof(cmd));
    if (result == SC_OK)
        result = prepare(icc, flags, ref, &cmd.p2);
    if (result)
        return result;
    chv = &icc->card.profile->chv;
    if (!chv->unblock_bare)
        return SC_UNSUPPORTED_FEATURE;
    cmd.p1 = 3;
    result = icc_send_instruction(icc, &chv->unblock, &cmd, ICC_SEND_SECRET, &reply);
    return result ? result : sw_result(reply.sw, FOR_CHV);
}

int32_t icc_reset_security(struct icc *icc, uint32_t flags)
{
    const struct icc_instruction *logout = &icc->card.profile->logout;
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result = icc_check_flags(flags);

    if (result)
        return result;
    icc_start_call(icc);
    memset(&cmd, 0, sizeof(cmd));
    cmd.p1 = logout->p1;
    cmd.p2 = logout->p2;
    result = icc_send_instruction(icc, logout, &cmd, 0, &reply);
    if (result)
        return result;
    /* Whatever the card's objection is, a reset also drops the state. */
    return sw_is_success(reply.sw) ? SC_OK : SC_UNSUPPORTED_FEATURE;
}
