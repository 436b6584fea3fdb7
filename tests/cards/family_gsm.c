/*
 * What cards of GSM 11.11 do in their own way: SELECT, STATUS and status words.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "commands.h"

uint16_t command_gsm_select(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    uint16_t sw = select_nearby(card, c, &file);

    if (sw == SW_OK)
        raw_fci_gsm(card, file, out);
    return sw;
}

uint16_t command_gsm_status(struct card *card, const struct command *c, struct bytes *out)
{
    if (c->p1 || c->p2)
        return SW_WRONG_P1P2;
    raw_fci_gsm(card, card->df, out);
    if (out->len > c->ne)
        out->len = c->ne;
    return SW_OK;
}

static bool is_chv_command(uint8_t ins)
{
    return ins >= 0x20 && ins <= 0x2c;
}

uint16_t gsm_status_word(uint16_t sw, uint8_t ins)
{
    static const struct
    {
        uint16_t iso, gsm;
    } table[] = {
        {SW_NOT_FOUND, 0x9404},    {SW_NO_RECORD, 0x9402},  {SW_WRONG_STRUCTURE, 0x9408},
        {SW_NO_EF, 0x9400},        {SW_SECURITY, 0x9804},   {SW_BLOCKED, 0x9840},
        {SW_NO_REFERENCE, 0x9802}, {SW_UNUSABLE, 0x9810},   {SW_CONDITIONS, 0x9808},
        {SW_WRONG_P1P2, 0x6b00},   {SW_NO_SPACE, 0x9240},   {SW_WRONG_OFFSET, 0x9402},
        {0x63c0, 0x9840},          {SW_TERMINATED, 0x6f00},
    };
    size_t i;

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].iso == sw)
            return table[i].gsm;
    if (is_chv_command(ins) && sw >> 8 == 0x63)
        return 0x9804;
    return sw;
}
