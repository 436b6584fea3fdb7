/*
 * The binary commands of the simulated card, even and odd INS (ISO 7816-4, 7.2).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "cardtlv.h"
#include "commands.h"

#include <string.h>

/* Bytes in a data unit; the codings 0 and 1 (half bytes and bytes) both mean bytes to cards. */
static size_t data_unit(const struct card_file *file)
{
    unsigned exponent = file->data_coding & 15;

    return exponent < 2 ? 1 : (size_t)1 << (exponent - 1);
}

static uint16_t check_transparent(struct card *card, struct card_file *file, enum file_operation op,
                                  size_t offset)
{
    uint16_t sw;

    if (file->structure != FILE_TRANSPARENT)
        return SW_WRONG_STRUCTURE;
    sw = card_check(card, file, op);
    if (sw == SW_OK && offset >= file->content.len)
        sw = op == OP_READ ? card->profile->read_end : SW_WRONG_OFFSET;
    return sw;
}

/* File and byte offset of an even instruction: P1-P2 is 0 and 15 bits, or 100, SFI and 8 bits. */
static uint16_t even_target(struct card *card, const struct command *c, enum file_operation op,
                            struct card_file **file, size_t *offset)
{
    uint8_t sfi = 0;
    uint16_t sw;

    *offset = (size_t)c->p1 << 8 | c->p2;
    if (c->p1 & 0x80)
    {
        sfi = c->p1 & 0x1f;
        if (c->p1 & 0x60 || !sfi || sfi == 31)
            return SW_WRONG_P1P2;
        *offset = c->p2;
    }
    sw = card_working_file(card, sfi, file);
    if (sw != SW_OK)
        return sw;
    *offset *= data_unit(*file);
    return check_transparent(card, *file, op, *offset);
}

static uint16_t odd_file(struct card *card, const struct command *c, struct card_file **file)
{
    uint16_t p = (uint16_t)(c->p1 << 8 | c->p2);

    if (!p)
        return card_working_file(card, 0, file);
    if (p == 0x1f)
        return SW_WRONG_P1P2;
    if (p < 0x1f)
        return card_working_file(card, (uint8_t)p, file);
    *file = file_child(card->df, p);
    if (!*file || file_is_df(*file))
        return SW_NOT_FOUND;
    if (*file != card->ef)
        card_select(card, card->df, *file);
    return SW_OK;
}

static bool take_offset(const uint8_t **data, size_t *len, size_t unit, size_t *offset)
{
    struct cardtlv tlv;

    if (!cardtlv_next(data, len, &tlv) || tlv.tag != 0x54 || !tlv.len || tlv.len > 3)
        return false;
    *offset = bytes_be(tlv.value, tlv.len) * unit;
    return true;
}

static uint16_t odd_target(struct card *card, const struct command *c, enum file_operation op,
                           struct card_file **file, size_t *offset, const uint8_t **rest,
                           size_t *rest_len)
{
    uint16_t sw = odd_file(card, c, file);

    if (sw != SW_OK)
        return sw;
    *rest = c->data;
    *rest_len = c->nc;
    if (!c->nc)
        return SW_WRONG_LENGTH;
    if (!take_offset(rest, rest_len, data_unit(*file), offset))
        return SW_WRONG_DATA;
    return check_transparent(card, *file, op, *offset);
}

uint16_t command_read_binary(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    size_t offset, count;
    uint16_t sw;

    if (!c->ne || (card->profile->max_read && c->ne > card->profile->max_read))
        return SW_WRONG_LENGTH;
    sw = even_target(card, c, OP_READ, &file, &offset);
    if (sw != SW_OK)
        return sw;
    count = file->content.len - offset;
    if (count > c->ne)
        count = c->ne;
    bytes_add(out, file->content.data + offset, count);
    if (count == c->ne || c->le_all)
        return SW_OK;
    return card->profile->read_short == 0x6c00 ? (uint16_t)(0x6c00 | (count & 0xff))
                                               : card->profile->read_short;
}

uint16_t command_read_binary_odd(struct card *card, const struct command *c, struct bytes *out)
{
    size_t offset, count, available, rest_len, limit = c->ne ? c->ne : 256;
    struct card_file *file;
    const uint8_t *rest;
    uint16_t sw = odd_target(card, c, OP_READ, &file, &offset, &rest, &rest_len);

    if (sw != SW_OK)
        return sw;
    if (rest_len)
        return SW_WRONG_DATA;
    if (limit < 3)
        return SW_WRONG_LENGTH;
    count = limit - 2;
    while (count + cardtlv_header_size(count) > limit)
        count--;
    available = file->content.len - offset;
    if (count > available)
        count = available;
    cardtlv_add(out, 0x53, file->content.data + offset, count);
    return c->ne && !c->le_all && count == available && out->len < c->ne ? SW_END : SW_OK;
}

static uint8_t combine(unsigned behaviour, uint8_t old, uint8_t new)
{
    return behaviour == 2 ? old | new : behaviour == 3 ? old &new : new;
}

uint16_t write_bytes(const struct card_file *file, bool update, uint8_t *old, const uint8_t *data,
                     size_t len)
{
    unsigned behaviour = file->data_coding >> 5 & 3;
    size_t i;

    if (update)
    {
        memcpy(old, data, len);
        return SW_OK;
    }
    if (behaviour == 1)
        return SW_NOT_SUPPORTED;
    for (i = 0; behaviour == 0 && i < len; i++)
        if (old[i] != file_erased_value(file))
            return SW_CONDITIONS;
    for (i = 0; i < len; i++)
        old[i] = combine(behaviour, old[i], data[i]);
    return SW_OK;
}

static uint16_t write_at(struct card_file *file, size_t offset, bool update, const uint8_t *data,
                         size_t len)
{
    if (!len || len > file->content.len - offset)
        return SW_WRONG_LENGTH;
    return write_bytes(file, update, file->content.data + offset, data, len);
}

uint16_t command_update_binary(struct card *card, const struct command *c, struct bytes *out)
{
    bool update = c->ins == 0xd6;
    struct card_file *file;
    size_t offset;
    uint16_t sw;

    (void)out;
    if (!c->nc)
        return SW_WRONG_LENGTH;
    sw = even_target(card, c, update ? OP_UPDATE : OP_WRITE, &file, &offset);
    return sw == SW_OK ? write_at(file, offset, update, c->data, c->nc) : sw;
}

uint16_t command_update_binary_odd(struct card *card, const struct command *c, struct bytes *out)
{
    bool update = c->ins == 0xd7;
    struct card_file *file;
    struct cardtlv tlv;
    const uint8_t *rest;
    size_t offset, rest_len;
    uint16_t sw =
        odd_target(card, c, update ? OP_UPDATE : OP_WRITE, &file, &offset, &rest, &rest_len);

    (void)out;
    if (sw != SW_OK)
        return sw;
    if (!cardtlv_next(&rest, &rest_len, &tlv) || rest_len || tlv.tag != 0x53)
        return SW_WRONG_DATA;
    return write_at(file, offset, update, tlv.value, tlv.len);
}

static uint16_t erase_range(struct card_file *file, size_t start, size_t end)
{
    if (end <= start || end > file->content.len)
        return SW_WRONG_OFFSET;
    memset(file->content.data + start, file_erased_value(file), end - start);
    return SW_OK;
}

uint16_t command_erase_binary(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    size_t offset;
    uint16_t sw;

    (void)out;
    if (c->nc != 0 && c->nc != 2)
        return SW_WRONG_LENGTH;
    sw = even_target(card, c, OP_ERASE, &file, &offset);
    if (sw != SW_OK)
        return sw;
    return erase_range(file, offset,
                       c->nc ? bytes_be(c->data, 2) * data_unit(file) : file->content.len);
}

uint16_t command_erase_binary_odd(struct card *card, const struct command *c, struct bytes *out)
{
    struct card_file *file;
    const uint8_t *rest;
    size_t offset, end, rest_len;
    uint16_t sw = odd_target(card, c, OP_ERASE, &file, &offset, &rest, &rest_len);

    (void)out;
    if (sw != SW_OK)
        return sw;
    end = file->content.len;
    if (rest_len && (!take_offset(&rest, &rest_len, data_unit(file), &end) || rest_len))
        return SW_WRONG_DATA;
    return erase_range(file, offset, end);
}
