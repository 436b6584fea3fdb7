/*
 * CREATE, DELETE, DEACTIVATE and ACTIVATE FILE of the simulated card (ISO 7816-9, clause 7).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "cardtlv.h"
#include "commands.h"

#include <string.h>

/* What CREATE FILE was told. */
struct parameters
{
    bool has_descriptor, has_fid, has_size, has_lcs;
    uint8_t descriptor, data_coding, sfi, lcs;
    uint16_t fid;
    size_t size, record_size, records;
    const uint8_t *name;
    size_t name_len;
};

static bool take_descriptor(struct parameters *p, const struct cardtlv *tlv)
{
    const uint8_t *v = tlv->value;

    if (!tlv->len || tlv->len > 6)
        return false;
    p->has_descriptor = true;
    p->descriptor = v[0];
    if (tlv->len > 1)
        p->data_coding = v[1];
    if (tlv->len == 3)
        p->record_size = v[2];
    if (tlv->len > 3)
        p->record_size = bytes_be(v + 2, 2);
    if (tlv->len > 4)
        p->records = bytes_be(v + 4, tlv->len - 4);
    return true;
}

static bool take_sfi(struct parameters *p, const struct cardtlv *tlv)
{
    if (!tlv->len)
        return true;
    if (tlv->len != 1 || tlv->value[0] & 7)
        return false;
    p->sfi = tlv->value[0] >> 3;
    return p->sfi != 31;
}

/* False for an object that is malformed; objects that mean nothing here are kept by
 * keep_objects. */
static bool take_object(struct parameters *p, const struct cardtlv *tlv)
{
    switch (tlv->tag)
    {
    case 0x80:
    case 0x81:
        if (!tlv->len || tlv->len > 4)
            return false;
        if (tlv->tag == 0x81 && p->has_size)
            return true;
        p->has_size = true;
        p->size = bytes_be(tlv->value, tlv->len);
        return true;
    case 0x82: return take_descriptor(p, tlv);
    case 0x83:
        p->has_fid = true;
        if (tlv->len != 2)
            return false;
        p->fid = (uint16_t)bytes_be(tlv->value, 2);
        return true;
    case 0x84:
        p->name = tlv->value;
        p->name_len = tlv->len;
        return tlv->len >= 1 && tlv->len <= FILE_MAX_NAME;
    case 0x88: return take_sfi(p, tlv);
    case 0x8a:
        p->has_lcs = true;
        if (tlv->len != 1)
            return false;
        p->lcs = tlv->value[0];
        return p->lcs && p->lcs < LCS_TERMINATED;
    default: return true;
    }
}

static bool take_template(const struct card *card, const struct command *c, struct cardtlv *fcp,
                          struct parameters *p)
{
    const uint8_t *data = c->data;
    size_t len = c->nc;
    struct cardtlv tlv;

    memset(p, 0, sizeof(*p));
    if (!cardtlv_next(&data, &len, fcp) || len)
        return false;
    if (fcp->tag != 0x62 && !(fcp->tag == 0x6f && card->profile->create_6f))
        return false;
    data = fcp->value;
    for (len = fcp->len; len;)
        if (!cardtlv_next(&data, &len, &tlv) || !take_object(p, &tlv))
            return false;
    return p->has_descriptor;
}

static void keep_objects(struct card_file *file, const struct cardtlv *fcp)
{
    const uint8_t *data = fcp->value;
    size_t len = fcp->len;
    struct cardtlv tlv;

    while (cardtlv_next(&data, &len, &tlv))
    {
        struct data_object *object;

        if ((tlv.tag >= 0x80 && tlv.tag <= 0x84) || tlv.tag == 0x88 || tlv.tag == 0x8a)
            continue;
        object = file_add_object(file, tlv.tag);
        object->in_fci = true;
        bytes_add(&object->value, tlv.value, tlv.len);
    }
}

static uint16_t check_identity(struct card *card, const struct parameters *p)
{
    struct card_file *file;

    if (p->has_fid && (!p->fid || p->fid == FILE_MF || p->fid == 0x3fff || p->fid == 0xffff))
        return SW_WRONG_DATA;
    if (p->has_fid && file_child(card->df, p->fid))
        return SW_FILE_EXISTS;
    if (p->sfi && file_child_by_sfi(card->df, p->sfi))
        return SW_FILE_EXISTS;
    for (file = card->profile->mf; p->name && file; file = file_walk(file))
        if (file->name_len == p->name_len && !memcmp(file->name, p->name, p->name_len))
            return SW_NAME_EXISTS;
    return SW_OK;
}

/* Structure and sizes; a DF gets no size. */
static uint16_t check_structure(struct parameters *p, enum file_structure *structure)
{
    static const enum file_structure structures[] = {FILE_DF, FILE_TRANSPARENT, FILE_LINEAR_FIXED,
        FILE_LINEAR_FIXED, FILE_LINEAR_VARIABLE, FILE_LINEAR_VARIABLE, FILE_CYCLIC, FILE_CYCLIC};

    *structure = FILE_DF;
    if ((p->descriptor & 0x3f) == 0x38)
        return p->sfi || (!p->has_fid && !p->name) ? SW_WRONG_DATA : SW_OK;
    if (p->descriptor & 0xb8 || !(p->descriptor & 7))
        return SW_NOT_SUPPORTED;
    if (!p->has_fid || p->name)
        return SW_WRONG_DATA;
    *structure = structures[p->descriptor & 7];
    if (*structure == FILE_TRANSPARENT)
    {
        if (!p->has_size)
            return SW_WRONG_DATA;
        return p->size <= FILE_MAX_SIZE ? SW_OK : SW_NO_SPACE;
    }
    if (!p->record_size)
        return SW_WRONG_DATA;
    if (!p->records && p->has_size)
        p->records = p->size / p->record_size;
    if (!p->records)
        return SW_WRONG_DATA;
    if (p->records > FILE_MAX_RECORDS)
        return SW_NO_SPACE;
    p->size = p->records * p->record_size;
    return SW_OK;
}

/* A DF that has a name only gets an identifier that its directory does not have. */
static uint16_t free_fid(const struct card_file *df)
{
    uint16_t fid = 0x7f00;

    while (file_child(df, fid))
        fid++;
    return fid;
}

static struct card_file *build_file(struct card *card, const struct parameters *p,
                                    enum file_structure structure)
{
    struct card_file *file;
    unsigned i;

    file = file_create(card->df, structure, p->has_fid ? p->fid : free_fid(card->df));
    file->sfi = p->sfi;
    file->data_coding = p->data_coding;
    if (p->has_lcs)
        file->lcs = p->lcs;
    file->name_len = p->name_len;
    if (p->name)
        memcpy(file->name, p->name, p->name_len);
    if (structure == FILE_TRANSPARENT)
    {
        bytes_add(&file->content, NULL, p->size);
        if (p->size)
            memset(file->content.data, file_erased_value(file), p->size);
    }
    else if (structure != FILE_DF)
        file_set_records(file, (unsigned)p->records, p->record_size);
    if (structure == FILE_LINEAR_FIXED || structure == FILE_CYCLIC)
    {
        for (i = 0; i < p->records; i++)
            bytes_add(&file->records[i], NULL, p->record_size);
        file->record_count = (unsigned)p->records;
    }
    return file;
}

static uint16_t create(struct card *card, struct parameters *p, struct card_file **file)
{
    enum file_structure structure;
    uint16_t sw = card_check(card, card->df, OP_CREATE);

    if (sw == SW_OK)
        sw = check_structure(p, &structure);
    if (sw == SW_OK)
        sw = check_identity(card, p);
    if (sw != SW_OK)
        return sw;
    if (16 + p->size + 2 * p->records + file_tree_size(card->profile->mf) > card->profile->memory)
        return SW_NO_SPACE;
    *file = build_file(card, p, structure);
    return SW_OK;
}

uint16_t command_create_file(struct card *card, const struct command *c, struct bytes *out)
{
    struct parameters p;
    struct card_file *file;
    struct cardtlv fcp;
    uint16_t sw;

    (void)out;
    if (c->p1 || c->p2)
        return SW_WRONG_P1P2;
    if (!c->nc)
        return SW_WRONG_LENGTH;
    if (!take_template(card, c, &fcp, &p))
        return SW_WRONG_DATA;
    sw = create(card, &p, &file);
    if (sw != SW_OK)
        return sw;
    keep_objects(file, &fcp);
    select_file(card, file);
    return SW_OK;
}

/* FF FF size(2) FID(2) type .. and, from byte 16 on, the record length; P2 is the number of
 * records. */
uint16_t command_flex_create(struct card *card, const struct command *c, struct bytes *out)
{
    struct parameters p = {.has_descriptor = true, .has_fid = true, .has_size = true};
    struct card_file *file;
    const uint8_t *h = c->data;
    uint16_t sw;

    (void)out;
    if (c->p1)
        return SW_WRONG_P1P2;
    if (c->nc < 16 || c->nc > 17)
        return SW_WRONG_LENGTH;
    if (h[0] != 0xff || h[1] != 0xff)
        return SW_WRONG_DATA;
    p.size = bytes_be(h + 2, 2);
    p.fid = (uint16_t)bytes_be(h + 4, 2);
    p.descriptor = h[6];
    if (p.descriptor == 0x38)
        p.size = 0;
    else if (p.descriptor != 1)
    {
        if (p.descriptor != 2 && p.descriptor != 4 && p.descriptor != 6)
            return SW_WRONG_DATA;
        if (p.descriptor != 4 && c->nc != 17)
            return SW_WRONG_LENGTH;
        p.records = c->p2;
        p.record_size = c->nc == 17 ? h[16] : p.records ? p.size / p.records : 0;
    }
    sw = create(card, &p, &file);
    if (sw != SW_OK)
        return sw;
    if (!h[11])
        file->lcs = LCS_DEACTIVATED;
    select_file(card, file);
    return SW_OK;
}

/* The file that a command without or with data names: the current one, or as in SELECT. */
static uint16_t named_file(struct card *card, const struct command *c, struct card_file **file)
{
    if (c->p2)
        return SW_WRONG_P1P2;
    if (!c->nc && !c->p1)
    {
        *file = card->ef ? card->ef : card->df;
        return SW_OK;
    }
    return select_resolve(card, c->p1, 0, c->data, c->nc, file);
}

uint16_t command_delete_file(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    uint16_t sw = named_file(card, c, &file);

    (void)out;
    if (sw == SW_OK)
        sw = card_check(card, file, OP_DELETE);
    if (sw != SW_OK)
        return sw;
    if (!file->parent)
        return SW_CONDITIONS;
    if (file->children && card->profile->delete_nonempty)
        return card->profile->delete_nonempty;
    if (file_is_within(card->df, file))
        card_select(card, file->parent, NULL);
    else if (card->ef && file_is_within(card->ef, file))
        card_select(card, card->df, NULL);
    file_destroy(file);
    return SW_OK;
}

uint16_t command_life_cycle(struct card *card, const struct command *c, struct bytes *out)
{
    bool activate = c->ins == 0x44;
    struct card_file *file;
    uint16_t sw = named_file(card, c, &file);

    (void)out;
    if (sw == SW_OK)
        sw = card_check(card, file, activate ? OP_ACTIVATE : OP_DEACTIVATE);
    if (sw != SW_OK)
        return sw;
    if (file->lcs >= LCS_TERMINATED)
        return SW_UNUSABLE;
    if (card->profile->family == FAMILY_GSM && file_is_df(file))
        return SW_NO_EF;
    if (!activate && !file->parent)
        return SW_CONDITIONS;
    if (card->profile->family == FAMILY_GSM && activate == (file->lcs == LCS_ACTIVATED))
        return SW_UNUSABLE;
    file->lcs = activate ? LCS_ACTIVATED : LCS_DEACTIVATED;
    return SW_OK;
}
