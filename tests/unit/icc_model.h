/*
 * A card of one file, in memory: for contents that no script could list. Counts what it is sent.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_ICC_MODEL_H
#define TESTS_UNIT_ICC_MODEL_H

#include "iso7816/apdu.h"
#include "icc_script.h"
#include "iso7816/tlv.h"

struct model
{
    uint8_t *bytes; /* of the file 0001 in the MF */
    size_t size;
    size_t max_answer;  /* most bytes in one answer */
    uint32_t max_le;    /* more is 6700 */
    int tell_size;      /* the size is in the FCI */
    int tell_nothing;   /* there is no FCI */
    uint16_t end;       /* the answer behind the last byte; 0: 6B00 */
    int whole;          /* less than was asked for is never given, but end */
    int odd;            /* INS B1 and D7 are known */
    size_t fail_at;     /* READ BINARY number from which on fail_with is the answer; 0: never */
    uint16_t fail_with; /* 0: the card is gone */
    unsigned selects, reads, odd_reads, writes, odd_writes;
};

static size_t model_answer(uint8_t *reply, size_t len, uint16_t sw)
{
    reply[len] = (uint8_t)(sw >> 8);
    reply[len + 1] = (uint8_t)sw;
    return len + 2;
}

static size_t model_select(struct model *model, const struct apdu *apdu, uint8_t *reply)
{
    uint8_t fci[] = {0x6F, 13, 0x83, 2, 0, 1, 0x82, 1, 1, 0x80, 4, 0, 0, 0, 0};
    unsigned i;

    model->selects++;
    if (apdu->nc != 2 || memcmp(apdu->data, "\x00\x01", 2))
        return model_answer(reply, 0, 0x6A82);
    if (model->tell_nothing)
        return model_answer(reply, 0, 0x9000);
    for (i = 0; i < 4; i++)
        fci[11 + i] = (uint8_t)(model->size >> (24 - 8 * i));
    if (!model->tell_size)
        fci[1] = 7;
    memcpy(reply, fci, 2u + fci[1]);
    return model_answer(reply, 2u + fci[1], 0x9000);
}

/* The offset from P1 P2 or, with odd instructions, from the object 54. */
static size_t model_offset(const struct apdu *apdu)
{
    size_t offset = 0;
    unsigned i;

    if (!(apdu->ins & 1))
        return (size_t)apdu->p1 << 8 | apdu->p2;
    for (i = 0; i < apdu->data[1]; i++)
        offset = offset << 8 | apdu->data[2 + i];
    return offset;
}

static size_t model_read(struct model *model, const struct apdu *apdu, uint8_t *reply)
{
    size_t head = apdu->ins & 1 ? 4 : 0;
    size_t offset = model_offset(apdu);
    size_t len = apdu->ne - head;

    if (len > model->max_answer)
        len = model->max_answer;
    if (apdu->ne > model->max_le)
        return model_answer(reply, 0, 0x6700);
    if (offset >= model->size || (model->whole && len > model->size - offset))
        return model_answer(reply, 0, model->end ? model->end : 0x6B00);
    if (len > model->size - offset)
        len = model->size - offset;
    if (head)
    {
        reply[0] = 0x53;
        reply[1] = 0x82;
        reply[2] = (uint8_t)(len >> 8);
        reply[3] = (uint8_t)len;
    }
    memcpy(reply + head, model->bytes + offset, len);
    return model_answer(
        reply, head + len,
        offset + len == model->size && len + head < apdu->ne && !model->end ? 0x6282 : 0x9000);
}

static size_t model_write(struct model *model, const struct apdu *apdu, uint8_t *reply)
{
    const uint8_t *data = apdu->data;
    size_t offset = model_offset(apdu);
    size_t len = apdu->nc;

    if (apdu->ins & 1)
    {
        struct tlv object;

        if (!tlv_find(apdu->data, apdu->nc, 0x53, &object))
            return model_answer(reply, 0, 0x6A80);
        data = object.value;
        len = object.length;
    }
    if (offset + len > model->size)
        return model_answer(reply, 0, 0x6B00);
    memcpy(model->bytes + offset, data, len);
    return model_answer(reply, 0, 0x9000);
}

static int32_t model_transmit(void *context, const uint8_t *command, size_t command_len,
                              uint8_t *reply, size_t *reply_len)
{
    struct model *model = context;
    struct apdu apdu;
    size_t len = 0;
    int known = !apdu_parse(command, command_len, &apdu);

    ok(known && *reply_len >= 258, "command of %u bytes, room %u\n", (unsigned)command_len,
       (unsigned)*reply_len);
    if (known && (apdu.ins & 0xFE) == 0xB0)
    {
        model->reads++;
        if (model->fail_at && model->reads >= model->fail_at)
        {
            *reply_len = model->fail_with ? model_answer(reply, 0, model->fail_with) : 0;
            return model->fail_with ? SC_OK : SC_REMOVED_CARD;
        }
        model->odd_reads += apdu.ins & 1;
        if (model->odd || !(apdu.ins & 1))
            len = model_read(model, &apdu, reply);
    }
    else if (known && (apdu.ins & 0xFE) == 0xD6)
    {
        model->writes++;
        model->odd_writes += apdu.ins & 1;
        if (model->odd || !(apdu.ins & 1))
            len = model_write(model, &apdu, reply);
    }
    else if (known && apdu.ins == 0xA4)
        len = model_select(model, &apdu, reply);
    *reply_len = len ? len : model_answer(reply, 0, 0x6D00);
    return SC_OK;
}

/* A file of size bytes of noise, told in the FCI, and an icc with it open. Frees with model_end. */
static inline uint32_t model_start(struct model *model, struct icc *icc, size_t size)
{
    uint32_t handle = 0;

    memset(model, 0, sizeof(*model));
    model->bytes = test_noise(size);
    model->size = size;
    model->max_answer = 256;
    model->max_le = 256;
    model->tell_size = 1;
    icc_init(icc, model_transmit, model, APDU_T1, NULL, 0, 0);
    icc_set_exclusive(icc, 1);
    EXPECT(icc_open(icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    return handle;
}

static inline void model_end(struct model *model, struct icc *icc)
{
    icc_fini(icc);
    free(model->bytes);
}

#endif
