/*
 * Response chaining and Le correction over a card that answers anything.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: room for the reply (2 bytes), policy and protocol (1), class of GET RESPONSE (1), length
 * of the command (1), the command, then for each answer: length (1), bytes and status word; the
 * length FE is one of 2 more bytes, filled; FF is a result of the transport, or a length that lies.
 */

#include "iso7816/apdu.h"
#include "iso7816/exchange.h"
#include "fuzz.h"
#include "iso7816/codes.h"

struct card
{
    struct input input;
    unsigned commands, first;
};

/* A result of the transport, a short answer, or a count that cannot be. */
static int32_t break_answer(struct card *card, uint8_t *reply, size_t *reply_len)
{
    static const int32_t results[] = {SC_REMOVED_CARD, SC_RESET_CARD, SC_INSUFFICIENT_BUFFER};
    uint8_t how = input_byte(&card->input);

    if (how < 3)
        return results[how];
    if (how == 3 && *reply_len)
    {
        *reply = 0x90;
        *reply_len = 1;
    }
    else
        *reply_len = how == 4 ? *reply_len + 1 : 0;
    return SC_OK;
}

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct card *card = context;
    size_t len, room = *reply_len;
    uint8_t *data;

    CHECK(command_len >= 4 && command_len <= APDU_MAX_COMMAND);
    CHECK(room >= 2);
    card->commands++;
    if (command[1] != 0xC0)
        card->first++;
    if (!card->input.left)
    {
        *reply_len = 0;
        return SC_REMOVED_CARD;
    }
    len = input_byte(&card->input);
    if (len == 0xFF)
        return break_answer(card, reply, reply_len);
    if (len == 0xFE)
        data = calloc(1, (len = input_short(&card->input)) + 1);
    else
        data = input_block(&card->input, len, &len);
    if (len + 2 > room)
        *reply_len = 0;
    else
    {
        memcpy(reply, data, len);
        reply[len] = input_byte(&card->input);
        reply[len + 1] = input_byte(&card->input);
        *reply_len = len + 2;
    }
    free(data);
    return len + 2 > room ? SC_INSUFFICIENT_BUFFER : SC_OK;
}

static void read_policy(struct input *input, struct exchange_policy *policy,
                        struct exchange_link *link)
{
    uint8_t bits = input_byte(input);

    memset(policy, 0, sizeof(*policy));
    policy->follow_61 = bits & 1;
    policy->follow_9f = bits >> 1 & 1;
    policy->correct_6c = bits >> 2 & 1;
    policy->correct_67 = bits >> 3 & 1;
    policy->only_case_4 = bits >> 4 & 1;
    policy->only_case_2 = bits >> 5 & 1;
    link->protocol = bits & 64 ? APDU_T0 : APDU_T1;
    policy->response_cla = input_byte(input);
}

static void exchange(struct card *card, const struct exchange_link *link,
                     const struct exchange_policy *policy, const struct apdu *apdu, size_t room)
{
    uint8_t *reply = malloc(room ? room : 1);
    size_t len = room;
    uint16_t sw = 0xFFFF;
    int32_t result;

    if (!reply)
        abort();
    result = exchange_command(link, policy, apdu, reply, &len, &sw);
    if (result == SC_OK)
    {
        CHECK(len >= 2 && len <= room);
        CHECK(sw == (reply[len - 2] << 8 | reply[len - 1]));
    }
    else
    {
        CHECK(len == 0 && sw == 0);
        CHECK(fuzz_zero(reply, result == SC_INVALID_ARGUMENT || room < 2 ? 0 : room));
    }
    CHECK(card->commands <= 2 + 2 * EXCHANGE_MAX_ROUNDS);
    CHECK(card->first <= 2 || apdu->ins == 0xC0);
    CHECK(card->first <= 1 || apdu->nc == 0 || !apdu_is_secret(apdu));
    free(reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct card card = {{data, size}, 0, 0};
    struct exchange_link link = {transmit, &card, APDU_T1};
    struct exchange_policy policy;
    struct apdu apdu;
    size_t room = input_short(&card.input), len;
    uint8_t *command;

    read_policy(&card.input, &policy, &link);
    len = input_byte(&card.input);
    /* Large commands: from 128 on in units of 8 bytes. */
    command = input_block(&card.input, len < 128 ? len : 8 * (len - 112), &len);
    if (apdu_parse(command, len, &apdu) == SC_OK)
        exchange(&card, &link, &policy, &apdu, room);
    free(command);
    return 0;
}
