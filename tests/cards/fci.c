/*
 * What the simulated card says about a file: control parameters of ISO 7816-4 and raw answers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "cardtlv.h"
#include "commands.h"

static void add_number(struct bytes *out, uint32_t tag, size_t value)
{
    unsigned width = value > 0xffff ? 3 : 2;

    bytes_add_u8(out, tag);
    bytes_add_u8(out, width);
    bytes_add_be(out, (uint32_t)value, width);
}

static void add_descriptor(struct bytes *out, const struct card_file *file)
{
    static const uint8_t descriptors[] = {0x38, 0x01, 0x02, 0x04, 0x06};
    struct bytes value = {0};

    bytes_add_u8(&value, descriptors[file->structure]);
    if (file->data_coding || file_has_records(file))
        bytes_add_u8(&value, file->data_coding);
    if (file_has_records(file))
    {
        bytes_add_be(&value, (uint32_t)file->record_size, 2);
        bytes_add_be(&value, file->record_count, 2);
    }
    cardtlv_add(out, 0x82, value.data, value.len);
    bytes_free(&value);
}

static bool is_told(const struct card *card, uint32_t tag)
{
    return tag < 0x80 || tag > 0x8f || !(card->profile->fci_hidden >> (tag & 15) & 1);
}

void fci_add_parameters(const struct card *card, struct bytes *out, struct card_file *file)
{
    const struct data_object *object;
    uint8_t sfi = (uint8_t)(file->sfi << 3);

    if (is_told(card, 0x83))
        add_number(out, 0x83, file->fid);
    if (is_told(card, 0x8a))
        cardtlv_add(out, 0x8a, &file->lcs, 1);
    if (file->name_len && is_told(card, 0x84))
        cardtlv_add(out, 0x84, file->name, file->name_len);
    if (sfi && is_told(card, 0x88))
        cardtlv_add(out, 0x88, &sfi, 1);
    if (!file_is_df(file))
    {
        if (is_told(card, 0x80))
            add_number(out, 0x80, file_size(file));
        if (is_told(card, 0x81))
            add_number(out, 0x81, file_total_size(file));
    }
    if (is_told(card, 0x82))
        add_descriptor(out, file);
    for (object = file->objects; object; object = object->next)
        if (object->in_fci && is_told(card, object->tag))
            cardtlv_add(out, object->tag, object->value.data, object->value.len);
}

static unsigned count_children(const struct card_file *df, bool dfs)
{
    const struct card_file *child;
    unsigned count = 0;

    for (child = df->children; child; child = child->next)
        count += file_is_df(child) == dfs;
    return count;
}

static size_t free_memory(struct card *card)
{
    size_t used = file_tree_size(card->profile->mf), memory = card->profile->memory;

    memory = used < memory ? memory - used : 0;
    return memory < 0xffff ? memory : 0xffff;
}

static unsigned count_chvs(const struct card_file *df)
{
    unsigned number, count = 0;

    for (number = 1; number < 32; number++)
        count += file_find_chv(df, (uint8_t)number) != NULL;
    return count;
}

/* A condition as GSM 11.11, 9.3 codes it: 0 ALW, 1 CHV1, 2 CHV2, 4 ADM, F NEV. */
static unsigned access_nibble(const struct condition *c)
{
    if (c->never)
        return 15;
    if (c->key)
        return 4;
    return c->chv;
}

static void add_access(struct bytes *out, const struct card_file *file)
{
    bytes_add_u8(out, access_nibble(&file->access[OP_READ]) << 4 |
                          access_nibble(&file->access[OP_UPDATE]));
    bytes_add_u8(out, access_nibble(&file->access[OP_APPEND]) << 4 | 15);
    bytes_add_u8(out, access_nibble(&file->access[OP_ACTIVATE]) << 4 |
                          access_nibble(&file->access[OP_DEACTIVATE]));
}

static unsigned chv_status(const struct card_file *df, uint8_t number, bool puk)
{
    const struct chv *chv = file_find_chv(df, number);

    if (!chv)
        return 0;
    return 0x80u | (puk ? chv->puk_left : chv->tries_left);
}

void raw_fci_head(struct card *card, const struct card_file *file, struct bytes *out)
{
    bytes_add_be(out, 0, 2);
    bytes_add_be(out, (uint32_t)(file_is_df(file) ? free_memory(card) : file_size(file)), 2);
    bytes_add_be(out, file->fid, 2);
}

void raw_fci_gsm(struct card *card, struct card_file *file, struct bytes *out)
{
    const struct chv *chv1 = file_find_chv(file, 1);
    static const uint8_t structures[] = {0, 0x00, 0x01, 0x01, 0x03};
    bool df = file_is_df(file);

    raw_fci_head(card, file, out);
    bytes_add_u8(out, !df ? 0x04 : file->parent ? 0x02 : 0x01);
    if (df)
    {
        bytes_add(out, NULL, 5);
        bytes_add_u8(out, 9);
        bytes_add_u8(out, chv1 && !chv1->enabled ? 0x80 : 0);
        bytes_add_u8(out, count_children(file, true));
        bytes_add_u8(out, count_children(file, false));
        bytes_add_u8(out, 2 * count_chvs(file));
        bytes_add_u8(out, 0);
        bytes_add_u8(out, chv_status(file, 1, false));
        bytes_add_u8(out, chv_status(file, 1, true));
        bytes_add_u8(out, chv_status(file, 2, false));
        bytes_add_u8(out, chv_status(file, 2, true));
        return;
    }
    bytes_add_u8(out, 0);
    add_access(out, file);
    bytes_add_u8(out, !file_is_blocked(file));
    bytes_add_u8(out, 2);
    bytes_add_u8(out, structures[file->structure]);
    bytes_add_u8(out, file_has_records(file) ? (unsigned)file->record_size : 0);
}

void raw_fci_flex(struct card *card, struct card_file *file, struct bytes *out)
{
    static const uint8_t types[][5] = {
        {0x38, 0x01, 0x02, 0x04, 0x06},
        {0x20, 0x02, 0x0c, 0x19, 0x1d}, /* Cyberflex */
    };
    bool df = file_is_df(file);
    bool fixed = file->structure == FILE_LINEAR_FIXED || file->structure == FILE_CYCLIC;

    raw_fci_head(card, file, out);
    bytes_add_u8(out, types[card->profile->family == FAMILY_CYBERFLEX][file->structure]);
    bytes_add_u8(out, 0);
    add_access(out, file);
    bytes_add_u8(out, !file_is_blocked(file));
    bytes_add_u8(out, df ? 6 : file_has_records(file) ? 3 : 1);
    bytes_add_u8(out, 0);
    if (df)
    {
        bytes_add_u8(out, count_children(file, true));
        bytes_add_u8(out, count_children(file, false));
        bytes_add_u8(out, count_chvs(file));
        bytes_add_u8(out, 0);
        bytes_add_u8(out, chv_status(file, 1, false));
        bytes_add_u8(out, chv_status(file, 1, true));
    }
    else if (file_has_records(file))
    {
        bytes_add_u8(out, fixed ? (unsigned)file->record_size : 0);
        bytes_add_u8(out, file->record_count);
    }
}
