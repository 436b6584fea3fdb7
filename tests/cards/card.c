/*
 * The dispatcher of the simulated card: classes, instructions, chaining, and the answer's way back
 * under T=0 and T=1.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "command.h"
#include "commands.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct card *card_create(struct profile *profile)
{
    struct card *card = bytes_calloc(1, sizeof(*card));

    card->profile = profile;
    card->df = profile->mf;
    card_reset(card);
    return card;
}

void card_destroy(struct card *card)
{
    if (!card)
        return;
    bytes_free(&card->pending);
    bytes_free(&card->chain);
    bytes_free(&card->envelope);
    profile_destroy(card->profile);
    free(card);
}

static void end_chain(struct card *card)
{
    card->chaining = false;
    bytes_clear(&card->chain);
}

void card_reset(struct card *card)
{
    struct card_file *file;

    for (file = card->profile->mf; file; file = file_walk(file))
        file_clear_security(file);
    card->df = card->profile->mf;
    card->ef = NULL;
    card->record = 0;
    card->directory = 0;
    card->challenge_len = 0;
    card->envelope_sw = 0;
    bytes_clear(&card->pending);
    bytes_clear(&card->envelope);
    end_chain(card);
}

/* ---- services for the commands ---- */

void card_select(struct card *card, struct card_file *df, struct card_file *ef)
{
    struct card_file *left;

    for (left = card->df; left && !file_is_within(df, left); left = left->parent)
        file_clear_security(left);
    card->df = df;
    card->ef = ef;
    card->record = 0;
    card->directory = 0;
    card->challenge_len = 0;
}

bool card_condition_met(const struct card_file *file, const struct condition *condition)
{
    const struct chv *chv;
    const struct key *key;

    if (condition->never)
        return false;
    if (condition->chv)
    {
        chv = file_find_chv(file, condition->chv);
        if (!chv || (chv->enabled && !chv->verified))
            return false;
    }
    if (condition->key)
    {
        key = file_find_key(file, condition->key);
        if (!key || !key->authenticated)
            return false;
    }
    return true;
}

uint16_t card_check(struct card *card, struct card_file *file, enum file_operation op)
{
    (void)card;
    if (op != OP_ACTIVATE && op != OP_DEACTIVATE && op != OP_DELETE && file_is_blocked(file))
        return SW_UNUSABLE;
    if (file->lcs == LCS_CREATION || file->lcs == LCS_INITIALISATION)
        return SW_OK;
    return card_condition_met(file, &file->access[op]) ? SW_OK : SW_SECURITY;
}

uint16_t card_working_file(struct card *card, uint8_t sfi, struct card_file **file)
{
    *file = sfi ? file_child_by_sfi(card->df, sfi) : card->ef;
    if (!*file)
        return sfi ? SW_NOT_FOUND : SW_NO_EF;
    if (sfi && *file != card->ef)
        card_select(card, card->df, *file);
    return SW_OK;
}

void card_random(uint8_t *buffer, size_t len)
{
    while (len)
    {
        ssize_t got = getrandom(buffer, len, 0);

        if (got <= 0)
            abort();
        buffer += got;
        len -= (size_t)got;
    }
}

/* ---- the way of a command ---- */

/* The class as a CLASS_ flag, with *sw set when it is not taken. */
static unsigned check_class(const struct card *card, uint8_t cla, uint16_t *sw)
{
    *sw = SW_WRONG_CLA;
    switch (card->profile->family)
    {
    case FAMILY_GSM:
        if (cla == 0xa0)
            *sw = SW_OK;
        return CLASS_GSM;
    case FAMILY_FLEX:
        if (cla == 0xc0 || cla == 0xf0)
            *sw = SW_OK;
        return cla == 0xf0 ? CLASS_FLEX_F0 : CLASS_FLEX_C0;
    case FAMILY_CYBERFLEX:
        if (cla == 0x00)
            *sw = SW_OK;
        return CLASS_CYBERFLEX;
    case FAMILY_ISO: break;
    }
    if (cla & 0x80 || (cla & 0xe0) == 0x20)
        return CLASS_ISO;
    if (cla & 0x40 || cla & 0x03)
        *sw = SW_CHANNEL;
    else if (cla & 0x0c)
        *sw = SW_SECURE_MESSAGING;
    else if (cla & 0x10 && !card->profile->chaining)
        *sw = SW_CHAINING;
    else
        *sw = SW_OK;
    return CLASS_ISO;
}

static uint16_t find_refusal(const struct card *card, const struct command *c)
{
    const struct refusal *r;

    for (r = card->profile->refusals; r; r = r->next)
        if (r->ins == c->ins && (r->p1 < 0 || r->p1 == c->p1) && (r->p2 < 0 || r->p2 == c->p2))
            return r->sw;
    return SW_OK;
}

/* Keeps a piece of a chain. True when more must come or the chain is broken; *sw is the answer. */
static bool collect_chain(struct card *card, struct command *c, uint16_t *sw)
{
    const struct command *first = &card->chain_header;
    bool more = card->profile->family == FAMILY_ISO && c->cla & 0x10;

    if (card->chaining && ((c->cla ^ first->cla) & ~0x10 || c->ins != first->ins ||
                           c->p1 != first->p1 || c->p2 != first->p2))
    {
        end_chain(card);
        *sw = SW_LAST_EXPECTED;
        return true;
    }
    if (!more && !card->chaining)
        return false;
    if (more && c->ne)
        *sw = SW_WRONG_LENGTH;
    else if (card->chain.len + c->nc > CARD_MAX_DATA)
        *sw = SW_NO_SPACE;
    else
        *sw = SW_OK;
    if (*sw != SW_OK)
    {
        end_chain(card);
        return true;
    }
    if (!card->chaining)
        card->chain_header = *c;
    card->chaining = more;
    bytes_add(&card->chain, c->data, c->nc);
    if (more)
        return true;
    c->data = card->chain.data;
    c->nc = card->chain.len;
    return false;
}

static bool has_data(uint16_t sw)
{
    return sw == SW_OK || sw >> 8 == 0x61 || sw >> 8 == 0x62 || sw >> 8 == 0x63;
}

static uint16_t execute(struct card *card, const struct instruction *instruction,
                        const struct command *c, struct bytes *data)
{
    struct card_file *df = card->df, *ef = card->ef;
    uint16_t sw = find_refusal(card, c);

    if (sw != SW_OK)
        return sw;
    if (c->nc && !(instruction->flags & TAKES_DATA))
        return SW_WRONG_LENGTH;
    if (c->ne && !(instruction->flags & GIVES_DATA))
        return SW_WRONG_LENGTH;
    if (c->ins != 0xc2)
        card->envelope_sw = 0;
    if (c->ins != 0xc0 && !card->envelope_sw)
        bytes_clear(&card->pending);
    sw = instruction->execute(card, c, data);
    if (card->profile->sfi_late && !has_data(sw) && card->df == df)
        card->ef = ef;
    return sw;
}

static uint16_t more_bytes(uint8_t sw1, size_t len)
{
    return (uint16_t)(sw1 << 8 | (len < 256 ? len : 0));
}

/* Keeps what is more than the answer has room for; GET RESPONSE fetches it. */
static uint16_t give_part(struct card *card, size_t room, struct bytes *data)
{
    bytes_clear(&card->pending);
    bytes_add(&card->pending, data->data + room, data->len - room);
    data->len = room;
    return more_bytes(0x61, card->pending.len);
}

/* Leaves in data what goes out with the answer, and keeps the rest for GET RESPONSE. */
static uint16_t finish_t1(struct card *card, const struct command *c, struct bytes *data,
                          uint16_t sw)
{
    if (!c->ne)
    {
        if (!data->len)
            return sw;
        if (card->profile->no_le_61 && sw == SW_OK)
        {
            bytes_add(&card->pending, data->data, data->len);
            sw = more_bytes(0x61, data->len);
        }
        bytes_clear(data);
        return sw;
    }
    if (data->len <= c->ne)
        return sw;
    if (!c->le_all)
    {
        sw = more_bytes(0x6c, data->len);
        bytes_clear(data);
        return sw;
    }
    return give_part(card, c->ne, data);
}

static uint16_t finish_t0(struct card *card, const struct command *c, bool takes_data,
                          struct bytes *data, uint16_t sw)
{
    if (!data->len)
        return sw;
    if (takes_data)
    {
        bytes_add(&card->pending, data->data, data->len);
        if (sw == SW_OK)
            sw = more_bytes(card->profile->family == FAMILY_GSM ? 0x9f : 0x61, data->len);
        bytes_clear(data);
        return sw;
    }
    if (data->len == 256 && c->ne == 256 && sw == SW_OK && card->profile->full_61)
        return 0x6100;
    if (data->len == c->ne)
        return sw;
    if (data->len > c->ne && c->ne == 256)
        return give_part(card, c->ne, data);
    sw = more_bytes(wrong_le(card), data->len);
    bytes_clear(data);
    return sw;
}

/* Where a command came from. */
enum link
{
    LINK_T0,
    LINK_T1,
    LINK_ENVELOPE /* an APDU inside ENVELOPE commands: its answer goes out as theirs */
};

static uint16_t finish(struct card *card, const struct command *c, enum link link, bool takes_data,
                       struct bytes *data, uint16_t sw)
{
    if (c->ins == 0xc0)
        return sw;
    if (link == LINK_T0)
        return finish_t0(card, c, takes_data, data, sw);
    if (link == LINK_T1)
        return finish_t1(card, c, data, sw);
    if (!c->ne)
        bytes_clear(data);
    return sw;
}

static uint16_t run(struct card *card, const uint8_t *apdu, size_t len, enum link link,
                    struct bytes *data)
{
    const struct instruction *instruction;
    struct command c;
    uint16_t sw;
    unsigned class_flag;
    bool parsed, takes_data;

    if (len < 4)
        return SW_WRONG_LENGTH;
    class_flag = check_class(card, apdu[0], &sw);
    if (sw != SW_OK)
        return sw;
    instruction = commands_find(apdu[1], class_flag);
    if (!instruction)
        return SW_WRONG_INS;
    takes_data = instruction->flags & TAKES_DATA || !(instruction->flags & GIVES_DATA);
    if (link == LINK_T0)
        parsed = command_parse_t0(apdu, len, takes_data, &c);
    else
        parsed = command_parse(apdu, len, card->profile->extended || link == LINK_ENVELOPE, &c);
    if (!parsed)
    {
        end_chain(card);
        return SW_WRONG_LENGTH;
    }
    if (collect_chain(card, &c, &sw))
        return sw;
    sw = execute(card, instruction, &c, data);
    end_chain(card);
    if (!has_data(sw))
        bytes_clear(data);
    return finish(card, &c, link, takes_data, data, sw);
}

uint16_t card_execute_inner(struct card *card, const uint8_t *apdu, size_t len, struct bytes *out)
{
    struct bytes data = {0};
    uint16_t sw;

    if (len >= 2 && apdu[1] == 0xc2)
        return SW_CONDITIONS;
    sw = run(card, apdu, len, LINK_ENVELOPE, &data);
    bytes_add(out, data.data, data.len);
    bytes_free(&data);
    return sw;
}

void card_exchange(struct card *card, const uint8_t *apdu, size_t len, struct bytes *out)
{
    struct bytes data = {0};
    bool was_chaining = card->chaining;
    uint16_t sw = run(card, apdu, len, card->profile->t0 ? LINK_T0 : LINK_T1, &data);

    if (was_chaining && sw >> 8 == 0x6e)
        end_chain(card);
    if (card->profile->family == FAMILY_GSM)
        sw = gsm_status_word(sw, len > 1 ? apdu[1] : 0);
    bytes_add(out, data.data, data.len);
    bytes_add_be(out, sw, 2);
    bytes_free(&data);
}
