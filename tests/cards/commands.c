/*
 * The table of instructions, and the commands that belong to the transport of others.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "commands.h"

#define ISO CLASS_ISO
#define C0  CLASS_FLEX_C0
#define F0  CLASS_FLEX_F0
#define GSM CLASS_GSM
#define CY  CLASS_CYBERFLEX
#define IN  TAKES_DATA
#define OUT GIVES_DATA

static const struct instruction instructions[] = {
    {0x04, ISO | F0 | GSM | CY | IN, command_life_cycle},
    {0x0c, ISO | IN, command_erase_record},
    {0x0e, ISO | IN, command_erase_binary},
    {0x0f, ISO | IN, command_erase_binary_odd},
    {0x20, ISO | C0 | GSM | CY | IN, command_verify},
    {0x22, F0, command_flex_logout},
    {0x24, ISO | F0 | GSM | CY | IN, command_change_reference},
    {0x26, ISO | GSM | IN, command_requirement},
    {0x28, ISO | GSM | IN, command_requirement},
    {0x2c, ISO | F0 | GSM | CY | IN, command_reset_counter},
    {0x44, ISO | F0 | GSM | CY | IN, command_life_cycle},
    {0x70, ISO | OUT, command_manage_channel},
    {0x82, ISO | C0 | CY | IN | OUT, command_external_authenticate},
    {0x84, ISO | C0 | CY | OUT, command_get_challenge},
    {0x88, ISO | C0 | GSM | CY | IN | OUT, command_internal_authenticate},
    {0xa4, ISO | IN | OUT, command_select},
    {0xa4, C0 | CY | IN | OUT, command_flex_select},
    {0xa4, GSM | IN | OUT, command_gsm_select},
    {0xa8, F0 | OUT, command_flex_directory},
    {0xa8, CY | OUT, command_cyberflex_directory},
    {0xb0, ISO | C0 | GSM | CY | OUT, command_read_binary},
    {0xb1, ISO | IN | OUT, command_read_binary_odd},
    {0xb2, ISO | C0 | GSM | CY | OUT, command_read_record},
    {0xc0, ISO | C0 | F0 | GSM | CY | OUT, command_get_response},
    {0xc2, ISO | IN | OUT, command_envelope},
    {0xca, ISO | OUT, command_get_data},
    {0xd0, ISO | IN, command_update_binary},
    {0xd1, ISO | IN, command_update_binary_odd},
    {0xd2, ISO | IN, command_update_record},
    {0xd6, ISO | C0 | GSM | CY | IN, command_update_binary},
    {0xd7, ISO | IN, command_update_binary_odd},
    {0xda, ISO | IN, command_put_data},
    {0xdc, ISO | C0 | GSM | CY | IN, command_update_record},
    {0xe0, ISO | IN, command_create_file},
    {0xe0, F0 | IN, command_flex_create},
    {0xe2, ISO | C0 | IN, command_append_record},
    {0xe4, ISO | F0 | CY | IN, command_delete_file},
    {0xf2, GSM | OUT, command_gsm_status},
};

const struct instruction *commands_find(uint8_t ins, unsigned class_flag)
{
    size_t i;

    for (i = 0; i < sizeof(instructions) / sizeof(instructions[0]); i++)
        if (instructions[i].ins == ins && instructions[i].flags & class_flag)
            return &instructions[i];
    return NULL;
}

uint8_t wrong_le(const struct card *card)
{
    enum card_family family = card->profile->family;

    return family == FAMILY_ISO || family == FAMILY_CYBERFLEX ? 0x6c : 0x67;
}

/* The dispatcher leaves the answer of this one alone: more bytes and wrong Le are decided here. */
uint16_t command_get_response(struct card *card, const struct command *c, struct bytes *out)
{
    enum card_family family = card->profile->family;
    size_t have = card->pending.len;

    if (c->p1 || c->p2)
        return SW_WRONG_P1P2;
    if (!have)
        return SW_CONDITIONS;
    if (!c->ne)
        return SW_WRONG_LENGTH;
    if (c->ne > have && (card->profile->t0 || !c->le_all))
        return (uint16_t)(wrong_le(card) << 8 | (have & 0xff));
    if (c->ne < have)
        have = c->ne;
    bytes_add(out, card->pending.data, have);
    bytes_drop(&card->pending, have);
    have = card->pending.len;
    if (!have)
        return SW_OK;
    return (uint16_t)((family == FAMILY_GSM ? 0x9f00 : 0x6100) | (have < 256 ? have : 0));
}

uint16_t command_manage_channel(struct card *card, const struct command *c, struct bytes *out)
{
    (void)card;
    (void)c;
    (void)out;
    return SW_CHANNEL;
}

/* True when the bytes are one APDU by its own length fields. */
static bool is_complete(const struct bytes *apdu)
{
    const uint8_t *b = apdu->data;
    size_t lc, n = apdu->len;

    if (n < 4)
        return false;
    if (n <= 5)
        return true;
    lc = b[4];
    if (lc)
        return n == 5 + lc || n == 6 + lc;
    if (n < 7)
        return false;
    lc = bytes_be(b + 5, 2);
    return n == 7 || n == 7 + lc || n == 9 + lc;
}

static uint16_t repeat_status(const struct card *card)
{
    size_t len = card->pending.len;

    if (!len || card->envelope_sw != SW_OK)
        return card->envelope_sw;
    return (uint16_t)(0x6100 | (len < 256 ? len : 0));
}

/* Under T=0 an empty ENVELOPE ends the series (ISO 7816-4, 7.6.1). A card executes at once what is
 * complete and came in a piece that is not full; the empty one then only repeats the status. */
uint16_t command_envelope(struct card *card, const struct command *c, struct bytes *out)
{
    uint16_t sw;

    if (c->p1 || c->p2)
        return SW_WRONG_P1P2;
    if (!c->nc && card->envelope_sw)
        return repeat_status(card);
    card->envelope_sw = 0;
    bytes_clear(&card->pending);
    if (card->envelope.len + c->nc > CARD_MAX_DATA)
    {
        bytes_clear(&card->envelope);
        return SW_NO_SPACE;
    }
    bytes_add(&card->envelope, c->data, c->nc);
    if (c->nc == 255 || (c->nc && !is_complete(&card->envelope)))
        return SW_OK;
    if (!card->envelope.len)
        return SW_CONDITIONS;
    sw = card_execute_inner(card, card->envelope.data, card->envelope.len, out);
    bytes_clear(&card->envelope);
    card->envelope_sw = sw;
    return sw;
}
