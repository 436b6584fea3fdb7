/*
 * What Cryptoflex and Cyberflex cards do in their own way: SELECT and DIR.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "commands.h"

uint16_t command_flex_select(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    uint16_t sw = select_nearby(card, c, &file);

    if (sw == SW_OK)
        raw_fci_flex(card, file, out);
    return sw;
}

/* Each call names the next file of the current DF, size and identifier, then 6A82; SELECT starts
 * anew. */
uint16_t command_flex_directory(struct card *card, const struct command *c, struct bytes *out)
{
    const struct card_file *child = card->df->children;
    unsigned i;

    if (c->p1 || c->p2)
        return SW_WRONG_P1P2;
    for (i = 0; child && i < card->directory; i++)
        child = child->next;
    if (!child)
    {
        card->directory = 0;
        return SW_NOT_FOUND;
    }
    bytes_add_be(out, (uint32_t)file_size(child), 2);
    bytes_add_be(out, child->fid, 2);
    if (c->ne == out->len)
        card->directory++;
    return SW_OK;
}

/* Names the file of the current DF whose number is P2, from 1 on, with the head of its FCI. */
uint16_t command_cyberflex_directory(struct card *card, const struct command *c, struct bytes *out)
{
    const struct card_file *child = card->df->children;
    unsigned i;

    if (c->p1 || !c->p2)
        return SW_WRONG_P1P2;
    for (i = 1; child && i < c->p2; i++)
        child = child->next;
    if (!child)
        return SW_NO_RECORD;
    raw_fci_head(card, child, out);
    return SW_OK;
}
