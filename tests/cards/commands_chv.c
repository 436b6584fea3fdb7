/*
 * Codes: VERIFY, CHANGE, RESET RETRY COUNTER, ENABLE and DISABLE (ISO 7816-4, 7.5).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "commands.h"

#include <string.h>

/* P2: b8 the code of a DF, b5-b1 its number; 0 is the first code of the MF. */
static uint16_t find_reference(struct card *card, uint8_t p2, struct chv **chv)
{
    const struct card_file *mf = card->profile->mf, *df;
    uint8_t number = p2 & 0x1f;

    if (p2 & 0x60)
        return SW_WRONG_P1P2;
    *chv = NULL;
    if (!p2)
        *chv = mf->chvs;
    else if (!(p2 & 0x80))
    {
        *chv = file_find_chv(mf, number);
    }
    else
    {
        for (df = card->df; df && df != mf; df = df->parent)
            for (*chv = df->chvs; *chv; *chv = (*chv)->next)
                if ((*chv)->number == number)
                    return SW_OK;
    }
    return *chv ? SW_OK : SW_NO_REFERENCE;
}

static uint16_t tries_left(const struct card *card, uint8_t left)
{
    if (card->profile->counter)
        return (uint16_t)(0x63c0 | left);
    return left ? 0x6300 : SW_BLOCKED;
}

static bool good_length(const struct card *card, size_t len)
{
    return len >= card->profile->chv_min && len <= card->profile->chv_max;
}

static bool same(const struct bytes *code, const uint8_t *data, size_t len)
{
    return code->len == len && !memcmp(code->data, data, len);
}

static uint16_t try_code(const struct card *card, struct chv *chv, const uint8_t *data, size_t len)
{
    if (!chv->tries_left)
        return SW_BLOCKED;
    if (!good_length(card, len))
        return SW_WRONG_LENGTH;
    if (same(&chv->code, data, len))
    {
        chv->tries_left = chv->tries;
        chv->verified = true;
        return SW_OK;
    }
    chv->tries_left--;
    chv->verified = false;
    return tries_left(card, chv->tries_left);
}

static uint16_t query(const struct card *card, const struct chv *chv)
{
    if (!chv->enabled || chv->verified)
        return SW_OK;
    return chv->tries_left ? tries_left(card, chv->tries_left) : SW_BLOCKED;
}

uint16_t command_verify(struct card *card, const struct command *c, struct bytes *out)
{
    struct chv *chv;
    uint16_t sw;

    (void)out;
    if (c->p1)
        return SW_WRONG_P1P2;
    sw = find_reference(card, c->p2, &chv);
    if (sw != SW_OK)
        return sw;
    if (card->profile->family == FAMILY_ISO && !c->nc)
        return query(card, chv);
    if (card->profile->family == FAMILY_GSM && !chv->enabled)
        return SW_CONDITIONS;
    return try_code(card, chv, c->data, c->nc);
}

static void replace(struct bytes *code, const uint8_t *data, size_t len)
{
    bytes_clear(code);
    bytes_add(code, data, len);
}

uint16_t command_change_reference(struct card *card, const struct command *c, struct bytes *out)
{
    size_t old_len;
    struct chv *chv;
    uint16_t sw;

    (void)out;
    if (c->p1 > 1)
        return SW_WRONG_P1P2;
    sw = find_reference(card, c->p2, &chv);
    if (sw != SW_OK)
        return sw;
    if (!chv->tries_left)
        return SW_BLOCKED;
    if (!chv->enabled)
        return SW_CONDITIONS;
    old_len = c->p1 ? 0 : chv->code.len;
    if (c->nc <= old_len || !good_length(card, c->nc - old_len))
        return SW_WRONG_LENGTH;
    if (c->p1 == 1)
        sw = chv->verified ? SW_OK : SW_SECURITY;
    else
        sw = try_code(card, chv, c->data, old_len);
    if (sw == SW_OK)
        replace(&chv->code, c->data + old_len, c->nc - old_len);
    return sw;
}

static uint16_t try_puk(const struct card *card, struct chv *chv, const uint8_t *data, size_t len)
{
    if (!chv->puk.len)
        return SW_CONDITIONS;
    if (!chv->puk_left)
        return SW_BLOCKED;
    if (same(&chv->puk, data, len))
    {
        chv->puk_left = chv->puk_tries;
        return SW_OK;
    }
    chv->puk_left--;
    return tries_left(card, chv->puk_left);
}

/* P1: 0 resetting code and new code, 1 resetting code, 2 new code, 3 nothing. */
uint16_t command_reset_counter(struct card *card, const struct command *c, struct bytes *out)
{
    bool gsm = card->profile->family == FAMILY_GSM;
    size_t puk_len, new_len;
    struct chv *chv;
    uint16_t sw;

    (void)out;
    if (c->p1 > 3)
        return SW_WRONG_P1P2;
    sw = find_reference(card, gsm && !c->p2 ? 1 : c->p2, &chv);
    if (sw != SW_OK)
        return sw;
    puk_len = c->p1 > 1 ? 0 : c->p1 == 1 ? c->nc : chv->puk.len;
    if (c->nc < puk_len)
        return SW_WRONG_LENGTH;
    new_len = c->nc - puk_len;
    if (c->p1 % 2 ? new_len != 0 : !good_length(card, new_len))
        return SW_WRONG_LENGTH;
    if (c->p1 < 2)
        sw = try_puk(card, chv, c->data, puk_len);
    else
        sw = card_condition_met(card->df, &chv->reset) ? SW_OK : SW_SECURITY;
    if (sw != SW_OK)
        return sw;
    if (new_len)
        replace(&chv->code, c->data + puk_len, new_len);
    chv->tries_left = chv->tries;
    if (gsm)
        chv->enabled = chv->verified = true;
    return SW_OK;
}

uint16_t command_requirement(struct card *card, const struct command *c, struct bytes *out)
{
    bool enable = c->ins == 0x28;
    struct chv *chv;
    uint16_t sw;

    (void)out;
    if (c->p1 > 1)
        return SW_WRONG_P1P2;
    sw = find_reference(card, c->p2, &chv);
    if (sw != SW_OK)
        return sw;
    if (c->p1 ? c->nc != 0 : !c->nc)
        return SW_WRONG_LENGTH;
    if (chv->enabled == enable)
        return SW_CONDITIONS;
    if (c->p1)
        sw = chv->verified ? SW_OK : SW_SECURITY;
    else
        sw = try_code(card, chv, c->data, c->nc);
    if (sw == SW_OK)
        chv->enabled = enable;
    return sw;
}

uint16_t command_flex_logout(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;

    (void)out;
    if (c->p1 != 7 || c->p2)
        return SW_WRONG_P1P2;
    for (file = card->profile->mf; file; file = file_walk(file))
        file_clear_security(file);
    return SW_OK;
}
