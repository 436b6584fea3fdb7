/*
 * One command and everything it takes to get its whole answer: GET RESPONSE, Le correction.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "ins.h"
#include "codes.h"
#include "wipe.h"

/* Header, extended Lc, 255 data bytes, extended Le: only longer data need the heap. */
#define SMALL_COMMAND (4u + 3u + 255u + 2u)

#define ANY_AMOUNT SIZE_MAX

/* What the card has said so far: used data bytes in bytes, the newest fresh of them at the end. */
struct answer
{
    uint8_t *bytes;
    size_t cap;
    size_t used;
    size_t fresh;
    uint16_t sw;
};

/* One round. The new data stand behind the old ones, the status word leaves the buffer. */
static int32_t transmit(const struct exchange_link *link, const uint8_t *command, size_t len,
                        struct answer *answer)
{
    size_t room = answer->cap - answer->used;
    size_t got = room;
    uint8_t *at = answer->bytes + answer->used;
    int32_t result;

    if (room < 2)
        return SC_INSUFFICIENT_BUFFER;
    result = link->transmit(link->context, command, len, at, &got);
    if (result != SC_OK)
        return result;
    /* More than the room would be the transport's fault; going on would make it ours. */
    if (got < 2 || got > room)
        return SC_COMM_DATA_LOST;
    answer->fresh = got - 2;
    answer->used += answer->fresh;
    answer->sw = (uint16_t)(at[got - 2] << 8 | at[got - 1]);
    return SC_OK;
}

static void drop_fresh(struct answer *answer)
{
    answer->used -= answer->fresh;
    answer->fresh = 0;
}

static uint32_t length_in(uint16_t sw)
{
    return sw & 0xFF ? (uint32_t)(sw & 0xFF) : 256;
}

/* Whether the answer asks for the same command with another Le, and the policy lets it. */
static int wants_other_le(const struct exchange_link *link, const struct exchange_policy *policy,
                          const struct apdu *apdu, uint16_t sw)
{
    enum apdu_case kind = apdu_case_of(apdu);
    uint8_t sw1 = (uint8_t)(sw >> 8);

    /* Under T=0 a case 4 command goes without its Le: the same bytes would go out again. */
    if (kind != APDU_CASE_2 && (kind != APDU_CASE_4 || link->protocol == APDU_T0))
        return 0;
    if (kind == APDU_CASE_4 && (policy->only_case_2 || apdu_is_secret(apdu)))
        return 0;
    /* Some cards name an Le of 256 where there is nothing: they would only say it again. */
    if (length_in(sw) == apdu->ne)
        return 0;
    if (sw1 == 0x6C)
        return policy->correct_6c;
    return sw1 == 0x67 && (sw & 0xFF) && policy->correct_67;
}

static int has_more(const struct exchange_policy *policy, uint16_t sw)
{
    uint8_t sw1 = (uint8_t)(sw >> 8);

    return (sw1 == 0x61 && policy->follow_61) || (sw1 == 0x9F && policy->follow_9f);
}

static size_t wanted_by(const struct exchange_policy *policy, const struct apdu *apdu)
{
    int all = !apdu->ne || apdu->ne == APDU_MAX_NE ||
              (apdu->ne == 256 && !apdu->extended && !policy->exact);

    return all ? ANY_AMOUNT : apdu->ne;
}

static int32_t get_response(const struct exchange_link *link, const struct exchange_policy *policy,
                            uint32_t le, struct answer *answer)
{
    uint8_t command[5] = {policy->response_cla, INS_GET_RESPONSE, 0, 0, (uint8_t)(le & 0xFF)};
    int32_t result = transmit(link, command, sizeof(command), answer);

    if (result != SC_OK || answer->sw >> 8 != 0x6C)
        return result;
    drop_fresh(answer);
    command[4] = (uint8_t)(answer->sw & 0xFF);
    return transmit(link, command, sizeof(command), answer);
}

static int32_t collect(const struct exchange_link *link, const struct exchange_policy *policy,
                       size_t wanted, struct answer *answer)
{
    int rounds;

    for (rounds = 0; rounds < EXCHANGE_MAX_ROUNDS && has_more(policy, answer->sw); rounds++)
    {
        uint32_t le = length_in(answer->sw);
        int32_t result;

        if (answer->used >= wanted)
        {
            answer->sw = SW_OK;
            break;
        }
        if (le > wanted - answer->used)
            le = (uint32_t)(wanted - answer->used);
        result = get_response(link, policy, le, answer);
        if (result != SC_OK)
            return result;
        if (!answer->fresh)
            break;
    }
    return SC_OK;
}

/* Sends apdu, once more with the Le that the card names, and fetches what the card holds back. */
static int32_t run(const struct exchange_link *link, const struct exchange_policy *policy,
                   const struct apdu *apdu, uint8_t *command, size_t cap, struct answer *answer)
{
    struct apdu again = *apdu;
    size_t len;
    int32_t result = apdu_encode_for(apdu, link->protocol, command, cap, &len);

    if (result == SC_OK)
        result = transmit(link, command, len, answer);
    if (result == SC_OK && wants_other_le(link, policy, apdu, answer->sw))
    {
        drop_fresh(answer);
        again.ne = length_in(answer->sw);
        result = apdu_encode_for(&again, link->protocol, command, cap, &len);
        if (result == SC_OK)
            result = transmit(link, command, len, answer);
    }
    if (result != SC_OK || (policy->only_case_4 && apdu_case_of(apdu) != APDU_CASE_4))
        return result;
    return collect(link, policy, wanted_by(policy, apdu), answer);
}

int32_t exchange_command(const struct exchange_link *link, const struct exchange_policy *policy,
                         const struct apdu *apdu, uint8_t *reply, size_t *reply_len, uint16_t *sw)
{
    uint8_t small[SMALL_COMMAND], *command = small;
    size_t cap = sizeof(small);
    struct answer answer = {0};
    int32_t result;

    if (sw)
        *sw = 0;
    if (!reply_len)
        return SC_INVALID_ARGUMENT;
    answer.bytes = reply;
    answer.cap = *reply_len;
    *reply_len = 0;
    if (!link || !link->transmit || !policy || !apdu || !reply || !sw)
        return SC_INVALID_ARGUMENT;
    if (answer.cap < 2)
        return SC_INSUFFICIENT_BUFFER;
    if (apdu->nc > APDU_MAX_LC)
        return SC_INVALID_ARGUMENT;
    if (apdu->nc > 255)
    {
        cap = SMALL_COMMAND - 255 + (size_t)apdu->nc;
        command = malloc(cap);
        if (!command)
            return SC_OUT_OF_MEMORY;
    }

    result = run(link, policy, apdu, command, cap, &answer);
    if (result == SC_OK)
    {
        reply[answer.used] = (uint8_t)(answer.sw >> 8);
        reply[answer.used + 1] = (uint8_t)(answer.sw & 0xFF);
        *reply_len = answer.used + 2;
        *sw = answer.sw;
    }
    else
    {
        wipe(reply, answer.cap);
    }
    wipe(command, cap);
    if (command != small)
        free(command);
    return result;
}
