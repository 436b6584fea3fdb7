/*
 * GET CHALLENGE and the AUTHENTICATE commands of the simulated card (ISO 7816-4, 7.5).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "commands.h"

#include <string.h>

#define AUTH_LENGTH 8u

void auth_compute(const uint8_t key[8], const uint8_t *data, size_t len, uint8_t *out)
{
    uint8_t fold[AUTH_LENGTH];
    size_t i;

    memcpy(fold, key, sizeof(fold));
    for (i = 0; i < len; i++)
        fold[i % AUTH_LENGTH] ^= data[i];
    for (i = 0; i < AUTH_LENGTH; i++)
        out[i] = (uint8_t)((fold[i] << 1 | fold[i] >> 7) + 0x11 * i);
}

/* P1 is the algorithm (0, or the card's own); P2 names the key as it names codes in VERIFY. */
static uint16_t find_key(struct card *card, const struct command *c, struct key **key)
{
    const struct card_file *mf = card->profile->mf, *df;

    if (c->p1 && c->p1 != card->profile->algorithm)
        return SW_WRONG_P1P2;
    if (c->p2 & 0x60)
        return SW_WRONG_P1P2;
    *key = NULL;
    if (!c->p2)
        *key = mf->keys;
    else if (!(c->p2 & 0x80))
    {
        *key = file_find_key(mf, c->p2);
    }
    else
    {
        for (df = card->df; df && df != mf; df = df->parent)
            for (*key = df->keys; *key; *key = (*key)->next)
                if ((*key)->number == (c->p2 & 0x1f))
                    return SW_OK;
    }
    return *key ? SW_OK : SW_NO_REFERENCE;
}

uint16_t command_get_challenge(struct card *card, const struct command *c, struct bytes *out)
{
    unsigned fixed = card->profile->challenge_length;
    size_t len = c->ne;

    if (c->p1 && c->p1 != card->profile->algorithm)
        return SW_WRONG_P1P2;
    if (c->p2)
        return SW_WRONG_P1P2;
    if (!c->ne)
        return SW_WRONG_LENGTH;
    if (c->le_all)
        len = fixed ? fixed : AUTH_LENGTH;
    else if (fixed && len != fixed)
        return (uint16_t)(0x6c00 | fixed);
    if (len > sizeof(card->challenge))
        return SW_WRONG_LENGTH;
    card_random(card->challenge, len);
    card->challenge_len = len;
    bytes_add(out, card->challenge, len);
    return SW_OK;
}

uint16_t command_internal_authenticate(struct card *card, const struct command *c,
                                       struct bytes *out)
{
    uint8_t answer[AUTH_LENGTH];
    struct key *key;
    uint16_t sw = find_key(card, c, &key);

    if (sw != SW_OK)
        return sw;
    if (!c->nc)
        return SW_WRONG_LENGTH;
    if (card->profile->family == FAMILY_GSM && c->nc != 16)
        return SW_WRONG_LENGTH;
    auth_compute(key->value, c->data, c->nc, answer);
    bytes_add(out, answer, sizeof(answer));
    return SW_OK;
}

static uint16_t key_status(const struct card *card, const struct key *key)
{
    if (!key->tries_left)
        return SW_BLOCKED;
    return card->profile->counter ? (uint16_t)(0x63c0 | key->tries_left) : 0x6300;
}

/* 8 bytes are EXTERNAL AUTHENTICATE; 16 are MUTUAL AUTHENTICATE, whose second half the card
 * answers; none ask for the tries left. A challenge serves once. */
uint16_t command_external_authenticate(struct card *card, const struct command *c,
                                       struct bytes *out)
{
    uint8_t wanted[AUTH_LENGTH];
    struct key *key;
    uint16_t sw = find_key(card, c, &key);

    if (sw != SW_OK)
        return sw;
    if (!c->nc)
        return key->authenticated ? SW_OK : key_status(card, key);
    if (c->nc != AUTH_LENGTH && c->nc != 2 * AUTH_LENGTH)
        return SW_WRONG_LENGTH;
    if (!key->tries_left)
        return SW_BLOCKED;
    if (card->challenge_len < AUTH_LENGTH)
        return SW_CONDITIONS;
    auth_compute(key->value, card->challenge, card->challenge_len, wanted);
    card->challenge_len = 0;
    if (memcmp(wanted, c->data, sizeof(wanted)))
    {
        key->authenticated = false;
        key->tries_left--;
        return card->profile->counter ? (uint16_t)(0x63c0 | key->tries_left) : 0x6300;
    }
    key->tries_left = key->tries;
    key->authenticated = true;
    if (c->nc == AUTH_LENGTH)
        return SW_OK;
    auth_compute(key->value, c->data + AUTH_LENGTH, AUTH_LENGTH, wanted);
    bytes_add(out, wanted, sizeof(wanted));
    return SW_OK;
}
