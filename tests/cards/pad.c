/*
 * Control codes of the simulated reader: its features and its key pad (PC/SC part 10).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "pad.h"

#include <string.h>

/* What the pad itself answers (PC/SC part 10, table of SW1-SW2). */
enum
{
    PAD_SW_TIMEOUT = 0x6400,
    PAD_SW_CANCELLED = 0x6401,
    PAD_SW_MISMATCH = 0x6402,
    PAD_SW_LENGTH = 0x6403,
    PAD_SW_PARAMETER = 0x6b80
};

/* PIN_VERIFY_STRUCTURE and PIN_MODIFY_STRUCTURE: where their fields are, numbers being little-
 * endian. */
struct layout
{
    size_t old_offset, new_offset; /* of the insertion offsets, 0: there are none */
    size_t extra_digits, confirm, data_length, data;
};

static const struct layout verify_layout = {0, 0, 5, 0, 15, 19};
static const struct layout modify_layout = {5, 6, 7, 9, 20, 24};

struct request
{
    unsigned format, block_size, length_bits, length_position;
    unsigned min, max;
    bool wants_old;
    unsigned old_offset, new_offset;
    struct bytes apdu;
};

static void add_feature(struct bytes *out, unsigned tag, uint32_t code)
{
    bytes_add_u8(out, tag);
    bytes_add_u8(out, 4);
    bytes_add_be(out, code, 4);
}

static void add_features(struct bytes *out)
{
    add_feature(out, 0x06, PAD_VERIFY);
    add_feature(out, 0x07, PAD_MODIFY);
    add_feature(out, 0x0a, PAD_PIN_PROPERTIES);
    add_feature(out, 0x12, PAD_TLV_PROPERTIES);
}

static void add_tlv_properties(struct bytes *out)
{
    /* Display 2 x 16, validation by key, sizes of codes 4 to 8, commands of 65536 bytes. */
    static const uint8_t properties[] = {
        0x01, 0x02, 0x10, 0x02, 0x02, 0x01, 0x02, 0x03, 0x01, 0x00, 0x06, 0x01, 0x04,
        0x07, 0x01, 0x08, 0x0a, 0x04, 0x00, 0x00, 0x01, 0x00,
    };

    bytes_add(out, properties, sizeof(properties));
}

static unsigned le16(const uint8_t *data)
{
    return data[0] | (unsigned)data[1] << 8;
}

static bool parse(const struct layout *layout, const uint8_t *in, size_t len, struct request *r)
{
    size_t data_len;

    memset(r, 0, sizeof(*r));
    if (len < layout->data + 5)
        return false;
    data_len = le16(in + layout->data_length) | (size_t)le16(in + layout->data_length + 2) << 16;
    if (data_len != len - layout->data)
        return false;
    r->format = in[2];
    r->block_size = in[3] & 15;
    r->length_bits = in[3] >> 4;
    r->length_position = (in[4] & 15) * (in[4] & 16 ? 8 : 1);
    r->max = in[layout->extra_digits];
    r->min = in[layout->extra_digits + 1];
    if (layout->confirm)
    {
        r->wants_old = in[layout->confirm] & 2;
        r->old_offset = in[layout->old_offset];
        r->new_offset = in[layout->new_offset];
    }
    bytes_add(&r->apdu, in + layout->data, data_len);
    return (r->format & 3) != 3 && !(r->format & 4) && data_len >= 5 &&
           data_len - 5 >= r->apdu.data[4];
}

/* Makes sure that the data of the command have len bytes. */
static void need_data(struct request *r, size_t len)
{
    while (r->apdu.len < 5 + len)
        bytes_add_u8(&r->apdu, 0xff);
    if (r->apdu.data[4] < len)
        r->apdu.data[4] = (uint8_t)len;
}

static void put_digit(struct request *r, size_t offset, unsigned index, uint8_t digit)
{
    uint8_t *byte;

    if ((r->format & 3) != 1)
    {
        need_data(r, offset + index + 1);
        r->apdu.data[5 + offset + index] = (r->format & 3) == 2 ? digit : digit & 15;
        return;
    }
    need_data(r, offset + index / 2 + 1);
    byte = &r->apdu.data[5 + offset + index / 2];
    if (index % 2)
        *byte = (uint8_t)((*byte & 0xf0) | (digit & 15));
    else
        *byte = (uint8_t)((*byte & 0x0f) | (digit & 15) << 4);
}

static void put_length(struct request *r, size_t offset, size_t len)
{
    unsigned i, bit;

    for (i = 0; i < r->length_bits; i++)
    {
        uint8_t mask;

        bit = r->length_position + i;
        need_data(r, offset + bit / 8 + 1);
        mask = (uint8_t)(0x80 >> bit % 8);
        if (len >> (r->length_bits - 1 - i) & 1)
            r->apdu.data[5 + offset + bit / 8] |= mask;
        else
            r->apdu.data[5 + offset + bit / 8] &= (uint8_t)~mask;
    }
}

/* Puts a code into the command; 0 or the pad's own status word. */
static uint16_t put_code(struct request *r, size_t offset, const struct bytes *code)
{
    size_t position = (r->format >> 3 & 15) / (r->format & 0x80 ? 1u : 8u);
    size_t i, bytes = (r->format & 3) == 1 ? (code->len + 1) / 2 : code->len;

    if (code->len < r->min || (r->max && code->len > r->max))
        return PAD_SW_LENGTH;
    if (r->block_size && bytes > r->block_size)
        return PAD_SW_LENGTH;
    if (offset + position + bytes > 255)
        return PAD_SW_LENGTH;
    need_data(r, offset + position + (r->block_size ? r->block_size : bytes));
    for (i = 0; i < code->len; i++)
        put_digit(r, offset + position, (unsigned)i, code->data[i]);
    put_length(r, offset, code->len);
    return 0;
}

static uint16_t pad_status(const struct simulator *sim)
{
    switch (sim->pad)
    {
    case PAD_CODE: return 0;
    case PAD_CANCEL: return PAD_SW_CANCELLED;
    case PAD_MISMATCH: return PAD_SW_MISMATCH;
    default: return PAD_SW_TIMEOUT;
    }
}

static uint16_t put_codes(const struct simulator *sim, bool modify, struct request *r)
{
    size_t new_offset = r->new_offset;
    uint16_t sw = pad_status(sim);

    if (sw)
        return sw;
    if (!modify)
        return put_code(r, 0, &sim->pad_code);
    if (r->wants_old)
        sw = put_code(r, r->old_offset, &sim->pad_code);
    if (sw)
        return sw;
    /* Codes of their own length follow each other. */
    if (r->wants_old && !r->block_size)
        new_offset = r->old_offset + sim->pad_code.len;
    return put_code(r, new_offset, &sim->pad_new_code);
}

static enum reader_status enter_code(struct simulator *sim, bool modify, const uint8_t *in,
                                     size_t len, struct bytes *out)
{
    struct request r;
    unsigned delay_ms;
    uint16_t sw = PAD_SW_PARAMETER;

    if (!sim->inserted)
        return READER_NO_CARD;
    if (parse(modify ? &modify_layout : &verify_layout, in, len, &r))
        sw = put_codes(sim, modify, &r);
    if (sw)
        bytes_add_be(out, sw, 2);
    else if (!simulator_command(sim, r.apdu.data, r.apdu.len, out, &delay_ms))
    {
        bytes_free(&r.apdu);
        return READER_NO_ANSWER;
    }
    bytes_free(&r.apdu);
    return READER_DONE;
}

enum reader_status pad_control(struct simulator *sim, uint32_t code, const uint8_t *in, size_t len,
                               struct bytes *out)
{
    static const uint8_t pin_properties[] = {0x10, 0x02, 0x02, 0x00};

    if (code == PAD_ECHO)
    {
        bytes_add(out, in, len);
        return READER_DONE;
    }
    if (!sim->has_pad)
    {
        /* A reader without features answers with an empty list. */
        return code == PAD_GET_FEATURES ? READER_DONE : READER_UNKNOWN_CONTROL;
    }
    switch (code)
    {
    case PAD_GET_FEATURES: add_features(out); return READER_DONE;
    case PAD_VERIFY:
    case PAD_MODIFY: return enter_code(sim, code == PAD_MODIFY, in, len, out);
    case PAD_PIN_PROPERTIES:
        bytes_add(out, pin_properties, sizeof(pin_properties));
        return READER_DONE;
    case PAD_TLV_PROPERTIES: add_tlv_properties(out); return READER_DONE;
    default: return READER_UNKNOWN_CONTROL;
    }
}
