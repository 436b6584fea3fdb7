/*
 * GET DATA and PUT DATA of the simulated card (ISO 7816-4, 7.4).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "commands.h"

static struct card_file *current_file(const struct card *card)
{
    return card->ef ? card->ef : card->df;
}

uint16_t command_get_data(struct card *card, const struct command *c, struct bytes *out)
{
    const struct card_file *file = current_file(card);
    const struct data_object *object = file_find_object(file, (uint32_t)(c->p1 << 8 | c->p2));

    if (!c->ne)
        return SW_WRONG_LENGTH;
    if (!object)
        return SW_NO_REFERENCE;
    if (!card_condition_met(file, &object->get))
        return SW_SECURITY;
    bytes_add(out, object->value.data, object->value.len);
    return SW_OK;
}

uint16_t command_put_data(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file = current_file(card);
    uint32_t tag = (uint32_t)(c->p1 << 8 | c->p2);
    struct data_object *object = file_find_object(file, tag);

    (void)out;
    if (!tag)
        return SW_WRONG_P1P2;
    if (!c->nc)
        return SW_WRONG_LENGTH;
    if (!object)
    {
        if (!card->profile->put_creates)
            return SW_NO_REFERENCE;
        if (card_check(card, file, OP_PUT) != SW_OK)
            return SW_SECURITY;
        object = file_add_object(file, tag);
        object->in_fci = true;
    }
    if (!card_condition_met(file, &object->put))
        return SW_SECURITY;
    bytes_clear(&object->value);
    bytes_add(&object->value, c->data, c->nc);
    return SW_OK;
}
