/*
 * Probing a card: one command, what it may be, and its whole answer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probesend.h"

#include <string.h>

#include "iso7816/codes.h"
#include "iso7816/ins.h"
#include "iso7816/sw.h"
#include "iso7816/wipe.h"

#define INS_DIR     0xA8 /* of Schlumberger's cards: names the next file */
#define MAX_FOLLOWS 4u   /* GET RESPONSE for one command */
#define COMMAND_MAX 64u
/* What a transport may have to put down: the longest answer of short length, and SW1 SW2. */
#define REPLY_ROOM 258u

int cardprobe_may_send(const struct apdu *apdu, const struct cardprobe_options *options)
{
    switch (apdu->ins)
    {
    case INS_SELECT: return apdu->nc <= CARDPROBE_MAX_NAME;
    case INS_READ_BINARY:
    case INS_READ_RECORD:
    case INS_GET_RESPONSE:
    case INS_DIR: return !apdu->nc && apdu->ne;
    case INS_READ_BINARY_ODD: return apdu->nc == 3 && apdu->data[0] == 0x54;
    case INS_VERIFY: return options->code_query && !apdu->nc && !apdu->ne;
    default: return 0;
    }
}

int probe_found(uint16_t sw)
{
    return sw_result(sw, FOR_SELECT) == SC_OK;
}

int probe_is_about_form(uint16_t sw)
{
    return sw == SW_WRONG_P1P2 || sw == SW_NOT_SUPPORTED || sw == SW_WRONG_DATA ||
           sw == SW_WRONG_OFFSET || sw == SW_WRONG_LENGTH || sw == SW_LC_P1P2;
}

int probe_is_wrong_class(uint16_t sw)
{
    return sw == SW_WRONG_CLA || sw == SW_WRONG_INS;
}

static int end_with(struct prober *prober, enum cardprobe_end end, int32_t result)
{
    prober->probe->end = end;
    prober->probe->result = result;
    return 0;
}

/* Sends bytes once. reply gets data and SW1 SW2, of which *len is the number. */
static int exchange_once(struct prober *prober, const struct apdu *apdu, uint8_t *reply,
                         size_t *len, uint16_t *sw)
{
    const struct cardprobe_host *host = prober->host;
    char name[CARDPROBE_NAME_ROOM], meaning[CARDPROBE_NAME_ROOM] = "";
    uint8_t command[COMMAND_MAX];
    struct cardprobe_step step;

    *sw = 0;
    memset(&step, 0, sizeof(step));
    if (host->stopped && host->stopped(host->context))
        return end_with(prober, CARDPROBE_STOPPED, SC_OK);
    if (prober->probe->commands == CARDPROBE_MAX_COMMANDS)
        return end_with(prober, CARDPROBE_LIMIT, SC_OK);
    if (!cardprobe_may_send(apdu, prober->options) ||
        apdu_encode_for(apdu, host->protocol, command, sizeof(command), &step.command_len))
        return end_with(prober, CARDPROBE_FAILED, SC_INVALID_ARGUMENT);
    cardprobe_name(apdu, name);
    step.number = ++prober->probe->commands;
    step.command = command;
    step.name = name;
    step.meaning = meaning;
    if (host->sending)
        host->sending(host->context, &step);
    *len = REPLY_ROOM;
    step.result = host->transmit(host->context, command, step.command_len, reply, len);
    if (!step.result && (*len < 2 || *len > REPLY_ROOM))
        step.result = SC_COMM_DATA_LOST;
    if (!step.result)
    {
        step.data_len = *len - 2;
        step.sw = *sw = (uint16_t)(reply[*len - 2] << 8 | reply[*len - 1]);
        prober->probe->last_sw = *sw;
        cardprobe_meaning(*sw, meaning);
    }
    if (host->answered)
        host->answered(host->context, &step);
    return step.result ? end_with(prober, CARDPROBE_FAILED, step.result) : 1;
}

/* The same, with what it gave behind what is there already. */
static int collect(struct prober *prober, const struct apdu *apdu, struct probe_answer *answer)
{
    uint8_t reply[REPLY_ROOM];
    size_t len, room = sizeof(answer->data) - answer->len;
    int good = exchange_once(prober, apdu, reply, &len, &answer->sw);

    if (good)
    {
        len = len - 2 < room ? len - 2 : room;
        memcpy(answer->data + answer->len, reply, len);
        answer->len += len;
    }
    wipe(reply, sizeof(reply));
    return good;
}

static uint32_t count_of(uint16_t sw)
{
    return sw & 0xFF ? sw & 0xFFu : 256u;
}

/* The flag of an answer that asks for another length, 0: it is none. */
static uint8_t correction(const struct apdu *apdu, uint16_t sw)
{
    if (apdu->ins == INS_VERIFY || !apdu->ne || !(sw & 0xFF) || count_of(sw) == apdu->ne)
        return 0;
    return sw >> 8 == 0x6C ? ICC_CORRECT_6C : sw >> 8 == 0x67 ? ICC_CORRECT_67 : 0;
}

static uint8_t continuation(uint16_t sw)
{
    return sw >> 8 == 0x61 ? ICC_FOLLOW_61 : sw >> 8 == 0x9F ? ICC_FOLLOW_9F : 0;
}

/* Whether an answer that asked for something has led on is known by the next one. */
static void note_led_on(struct prober *prober, uint8_t flag, uint16_t sw)
{
    if (sw_is_success(sw) || sw >> 8 == 0x62)
        prober->probe->seen |= flag;
}

/* keep: the bytes in front of the answer that is asked for again. */
static int correct(struct prober *prober, const struct apdu *apdu, size_t keep,
                   struct probe_answer *answer)
{
    uint8_t flag = correction(apdu, answer->sw);
    struct apdu again = *apdu;

    if (!flag)
        return 1;
    again.ne = count_of(answer->sw);
    answer->len = keep;
    if (!collect(prober, &again, answer))
        return 0;
    note_led_on(prober, flag, answer->sw);
    return 1;
}

static int follow(struct prober *prober, uint8_t cla, struct probe_answer *answer)
{
    struct apdu response;
    unsigned i;

    for (i = 0; i < MAX_FOLLOWS && continuation(answer->sw); i++)
    {
        uint8_t flag = continuation(answer->sw);
        size_t before = answer->len;

        memset(&response, 0, sizeof(response));
        response.cla = cla;
        response.ins = INS_GET_RESPONSE;
        response.ne = count_of(answer->sw);
        if (!collect(prober, &response, answer) || !correct(prober, &response, before, answer))
            return 0;
        note_led_on(prober, flag, answer->sw);
        if (answer->len <= before)
            break;
    }
    return 1;
}

int probe_send(struct prober *prober, int cla, const struct apdu *apdu, struct probe_answer *answer)
{
    struct apdu command = *apdu;

    command.cla = cla >= 0 ? (uint8_t)cla : prober->probe->cla;
    memset(answer, 0, sizeof(*answer));
    if (!collect(prober, &command, answer))
        return 0;
    answer->first_sw = answer->sw;
    return correct(prober, &command, 0, answer) && follow(prober, command.cla, answer);
}
