/*
 * Sending commands: the class byte, long data, and what may be sent twice.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"
#include "position.h"

#define CLA_CHAINED 0x10
#define PIECE       255u

/* Buffer, length and status word of one command in progress. */
struct reply_room
{
    uint8_t *bytes;
    size_t room;
    size_t len;
    uint16_t sw;
};

static struct exchange_policy policy_for(const struct icc_profile *profile, const struct apdu *cmd,
                                         unsigned how)
{
    unsigned response = profile->response;
    struct exchange_policy policy;

    memset(&policy, 0, sizeof(policy));
    policy.exact = (how & ICC_SEND_EXACT) != 0;
    /* Data that nobody asked for are not fetched; file information is always welcome. */
    if (cmd->ne || cmd->ins == INS_SELECT)
    {
        policy.follow_61 = (response & ICC_FOLLOW_61) != 0;
        policy.follow_9f = (response & ICC_FOLLOW_9F) != 0;
    }
    /* When the card objects to Le it has examined the data: a try may have been counted. */
    if (!(how & ICC_SEND_SECRET))
    {
        policy.correct_6c = (response & ICC_CORRECT_6C) != 0;
        policy.correct_67 = (response & ICC_CORRECT_67) != 0;
    }
    return policy;
}

/* Counts what is sent for one command: itself, GET RESPONSE, itself with another Le. */
struct counter
{
    const struct exchange_link *link;
    unsigned sent;
};

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct counter *counter = context;

    counter->sent++;
    return counter->link->transmit(counter->link->context, command, command_len, reply, reply_len);
}

/* True when the card has announced data and not given them. File information is welcome, but the
 * file is selected without it. */
static int is_incomplete(const struct exchange_policy *policy, const struct apdu *cmd, uint16_t sw)
{
    return cmd->ins != INS_SELECT &&
           ((policy->follow_61 && sw >> 8 == 0x61) || (policy->follow_9f && sw >> 8 == 0x9F));
}

/* All commands pass here, so that none escapes the tracking of the selection. */
static int32_t send_as(struct icc *icc, const struct icc_profile *profile, const struct apdu *cmd,
                       uint8_t cla, unsigned how, struct reply_room *answer)
{
    struct exchange_policy policy = policy_for(profile, cmd, how);
    struct counter counter = {&icc->link, 0};
    struct exchange_link link = {transmit, &counter, icc->link.protocol};
    struct position_move move;
    struct apdu classed = *cmd;
    size_t len = answer->room;
    int32_t result;

    classed.cla = cla;
    policy.response_cla = cla & (uint8_t)~CLA_CHAINED;
    if (how & ICC_SEND_ADMIN)
        policy.response_cla = icc->card.cla;
    position_leaves(icc, &classed, &move);
    result = exchange_command(&link, &policy, &classed, answer->bytes, &len, &answer->sw);
    position_arrives(icc, &classed, &move, result, answer->sw, counter.sent);
    if (result == SC_OK && is_incomplete(&policy, cmd, answer->sw))
        return SC_COMM_DATA_LOST;
    answer->len = result == SC_OK && len >= 2 ? len - 2 : 0;
    /* This is a success of GSM 11.11, and has no meaning elsewhere. */
    if (answer->sw >> 8 == 0x9F && !(profile->response & ICC_FOLLOW_9F))
        answer->sw = SW_NO_DIAGNOSIS;
    if (result)
        icc->broken = result;
    return result;
}

static int32_t send_class(struct icc *icc, const struct apdu *cmd, uint8_t cla, unsigned how,
                          struct reply_room *answer)
{
    return send_as(icc, icc->card.profile, cmd, cla, how, answer);
}

static int is_wrong_class(const struct apdu *cmd, uint16_t sw)
{
    return sw == SW_WRONG_CLA || (sw == SW_WRONG_INS && cmd->ins == INS_SELECT);
}

/* Tries the profile's classes and keeps the first that the card does not reject. */
static int32_t send_probing(struct icc *icc, const struct apdu *cmd, unsigned how,
                            struct reply_room *answer)
{
    const struct icc_profile *profile = icc->card.profile;
    uint16_t first_sw = 0;
    unsigned i;

    for (i = 0; i < profile->class_count; i++)
    {
        const struct icc_class *choice = &profile->classes[i];
        int32_t result = send_as(icc, choice->switch_to ? choice->switch_to : profile, cmd,
                                 choice->cla, how, answer);

        if (result)
            return result;
        if (!is_wrong_class(cmd, answer->sw))
        {
            icc->card.cla = choice->cla;
            icc->card.cla_confirmed = 1;
            if (choice->switch_to)
                icc_use_profile(icc, choice->switch_to);
            return SC_OK;
        }
        if (i == 0)
            first_sw = answer->sw;
    }
    answer->sw = first_sw;
    answer->len = 0;
    return SC_OK;
}

static int32_t send_short(struct icc *icc, const struct apdu *cmd, unsigned how,
                          struct reply_room *answer)
{
    const struct icc_profile *profile = icc->card.profile;
    int32_t result;

    if (how & ICC_SEND_ADMIN)
    {
        result = send_class(icc, cmd, profile->admin_cla, how, answer);
        if (result ||
            (answer->sw != SW_WRONG_CLA && (answer->sw != SW_WRONG_INS || (how & ICC_SEND_SECRET))))
            return result;
        how &= ~ICC_SEND_ADMIN;
    }
    if (!icc->card.cla_confirmed)
        return send_probing(icc, cmd, how, answer);
    return send_class(icc, cmd, icc->card.cla, how, answer);
}

/* Command chaining (ISO 7816-4 5.3.3): all pieces but the last are case 3 and must be accepted. */
static int32_t send_chained(struct icc *icc, const struct apdu *cmd, unsigned how,
                            struct reply_room *answer)
{
    struct apdu piece = *cmd;
    uint32_t left = cmd->nc;

    piece.extended = 0;
    piece.ne = 0;
    piece.nc = PIECE;
    while (left > PIECE)
    {
        int32_t result = send_class(icc, &piece, icc->card.cla | CLA_CHAINED, how, answer);

        if (result || answer->sw != SW_OK)
            return result;
        piece.data += PIECE;
        left -= PIECE;
    }
    piece.nc = left;
    piece.ne = cmd->ne > 256 ? 256 : cmd->ne;
    return send_class(icc, &piece, icc->card.cla, how, answer);
}

/* Only the answer is long: a short Le requests all of it, which may come in parts (61xx). */
static int32_t send_all_of_answer(struct icc *icc, const struct apdu *cmd, unsigned how,
                                  struct reply_room *answer)
{
    struct apdu all = *cmd;

    all.extended = 0;
    all.ne = 256;
    return send_short(icc, &all, how, answer);
}

/* True when a command may be sent again though the card may have executed it: it reads, or writes
 * the same once more. */
static int may_repeat(const struct apdu *cmd)
{
    switch (cmd->ins)
    {
    case INS_READ_RECORD:
    case INS_PUT_DATA: return 1;
    case INS_UPDATE_RECORD:
    case INS_WRITE_RECORD: return (cmd->p2 & 7) == ICC_RECORD_NUMBER;
    default: return 0;
    }
}

static int32_t send_long(struct icc *icc, const struct apdu *cmd, unsigned how,
                         struct reply_room *answer)
{
    struct icc_card *card = &icc->card;
    int32_t result;

    if (icc->link.protocol != APDU_T0 && card->extended)
    {
        struct apdu extended = *cmd;

        extended.extended = 1;
        result = send_class(icc, &extended, card->cla, how, answer);
        if (result == SC_OK && answer->sw != SW_WRONG_LENGTH)
            return SC_OK;
        if (result_is_card_lost(result) || (how & ICC_SEND_SECRET))
            return result;
        card->extended = 0;
        if (result && !may_repeat(cmd))
            return result;
        if (cmd->nc > PIECE && !card->chaining)
            return result;
    }
    if (cmd->nc <= PIECE)
        return send_all_of_answer(icc, cmd, how, answer);
    if (!card->chaining)
        return SC_UNSUPPORTED_FEATURE;
    return send_chained(icc, cmd, how, answer);
}

int32_t icc_send_into(struct icc *icc, const struct apdu *cmd, unsigned how, uint8_t *reply,
                      size_t room, size_t *len, uint16_t *sw)
{
    struct reply_room answer = {reply, room, 0, 0};
    int32_t result;

    if (apdu_needs_extended(cmd))
        result = send_long(icc, cmd, how, &answer);
    else
        result = send_short(icc, cmd, how, &answer);
    *len = result ? 0 : answer.len;
    *sw = result ? 0 : answer.sw;
    return result;
}

int32_t icc_send(struct icc *icc, const struct apdu *cmd, unsigned how, struct icc_reply *reply)
{
    return icc_send_into(icc, cmd, how, reply->bytes, sizeof(reply->bytes), &reply->len,
                         &reply->sw);
}

int32_t icc_send_instruction(struct icc *icc, const struct icc_instruction *instruction,
                             struct apdu *cmd, unsigned how, struct icc_reply *reply)
{
    if (!instruction->present)
        return SC_UNSUPPORTED_FEATURE;
    cmd->ins = instruction->ins;
    if (instruction->admin)
        how |= ICC_SEND_ADMIN;
    return icc_send(icc, cmd, how, reply);
}

uint16_t icc_lower_le(struct icc *icc, uint32_t tried)
{
    if (tried <= 128)
        return 0;
    icc->card.max_le = tried > 255 ? 255 : 128;
    return icc->card.max_le;
}

uint16_t icc_lower_lc(struct icc *icc, uint32_t tried)
{
    if (tried < 128)
        return 0;
    icc->card.max_lc = tried > 128 ? 128 : 64;
    return icc->card.max_lc;
}
