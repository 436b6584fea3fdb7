/*
 * Reading: bytes in short chunks, or one record.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

#define INS_READ_BINARY 0xB0
#define INS_READ_BINARY_ODD 0xB1
#define INS_READ_RECORD 0xB2
#define MAX_RECORDS 254u
/* What fits into an answer beside the head of the data object 53. */
#define ODD_CHUNK 252u

/* Bytes as they come in. */
struct buffer
{
    uint8_t *bytes;
    size_t used, room;
};

static int32_t append(struct buffer *buffer, const uint8_t *bytes, size_t len, size_t limit)
{
    size_t room = buffer->room ? buffer->room : 1024;
    uint8_t *larger;

    if (len > limit - buffer->used)
        len = limit - buffer->used;
    if (buffer->used + len > buffer->room)
    {
        while (room < buffer->used + len)
            room *= 2;
        larger = icc_grow(buffer->bytes, buffer->used, room);
        if (!larger)
            return ISO_OUT_OF_MEMORY;
        buffer->bytes = larger;
        buffer->room = room;
    }
    if (len)
        memcpy(buffer->bytes + buffer->used, bytes, len);
    buffer->used += len;
    return ISO_OK;
}

/* ---- bytes ---- */

/* READ BINARY at an offset, counted in the file's data units, that P1 P2 can say. */
static int32_t read_even(struct icc *icc, struct icc_file *file, uint32_t offset, uint32_t n,
                         struct icc_reply *reply)
{
    struct apdu cmd;
    int32_t result;

    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = INS_READ_BINARY;
    cmd.ne = n;
    result = icc_file_address(icc, file, offset, &cmd);
    if (result)
        return result;
    return icc_send(icc, &cmd, 0, reply);
}

/* Takes the data out of the object 53 that they are wrapped in; some cards do not wrap them. */
static void unwrap(struct icc_reply *reply)
{
    struct tlv_cursor cursor = {reply->bytes, reply->len};
    struct tlv object;

    if (reply->len == 0 || reply->bytes[0] != 0x53 || !tlv_next(&cursor, &object) ||
        object.tag != 0x53)
        return;
    memmove(reply->bytes, object.value, object.length);
    reply->len = object.length;
}

/* READ BINARY with the offset in a data object (ISO 7816-4 7.2.3, odd INS). */
static int32_t read_odd(struct icc *icc, struct icc_file *file, uint32_t offset,
                        struct icc_reply *reply)
{
    uint8_t data[6];
    struct apdu cmd;
    int32_t result;

    result = icc_file_enter(icc, file);
    if (result)
        return result;
    memset(reply, 0, sizeof(*reply));
    reply->sw = 0x6D00;
    if (!icc->card.profile->interindustry)
        return ISO_OK;
    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = INS_READ_BINARY_ODD;
    cmd.data = data;
    cmd.nc = (uint32_t)icc_put_offset(data, offset);
    cmd.ne = icc->card.max_le;
    result = icc_send(icc, &cmd, 0, reply);
    if (result == ISO_OK && (reply->sw == 0x6A82 || reply->sw == 0x6A86 || reply->sw == 0x6A80) &&
        file->path.count && !file->path.sfi)
    {
        uint16_t fid = file->path.fids[file->path.count - 1];

        cmd.p1 = (uint8_t)(fid >> 8);
        cmd.p2 = (uint8_t)fid;
        result = icc_send(icc, &cmd, 0, reply);
    }
    if (result == ISO_OK)
        unwrap(reply);
    return result;
}

/* One chunk of at most want bytes at a byte position. *n is what was asked for. */
static int32_t read_chunk(struct icc *icc, struct icc_file *file, uint32_t position, size_t want,
                          uint32_t *n, int *odd, struct icc_reply *reply)
{
    uint32_t unit = fcp_data_unit(&file->fcp);
    uint32_t offset = position / unit;
    int32_t result;

    *odd = offset > ICC_MAX_SHORT_OFFSET;
    for (;;)
    {
        *n = *odd ? ODD_CHUNK : icc->card.max_le;
        if (want <= *n)
            *n = (uint32_t)want;
        else
            *n = icc_round_down(*n, unit);
        if (*odd)
            result = read_odd(icc, file, offset, reply);
        else
            result = read_even(icc, file, offset, *n, reply);
        if (result || reply->sw != 0x6700)
            return result;
        if (!icc_lower_le(icc, *odd ? icc->card.max_le : *n))
            return ISO_OK;
    }
}

/* Whether a later chunk was refused because the file, or what can be reached of it, has ended. */
static int is_end(uint16_t sw, int odd)
{
    if ((sw >> 8) == 0x62 || (sw >> 8) == 0x6B || sw == 0x6A86)
        return 1;
    return odd && (sw == 0x6D00 || sw == 0x6E00 || sw == 0x6A80 || sw == 0x6A81 || sw == 0x6A82);
}

/* The result of a first chunk that brought nothing. */
static int32_t first_failure(const struct icc_file *file, uint16_t sw, int odd)
{
    const struct fcp *fcp = &file->fcp;

    if (sw_is_success(sw) || sw == 0x6282)
        return ISO_EOF;
    if (sw == 0x6B00 && (!fcp->has_size || file->position >= fcp->size))
        return ISO_EOF;
    if (sw >= 0x6A85 && sw <= 0x6A87)
        return file->position > 0 && !odd ? ISO_BAD_SEEK : ISO_INVALID_PARAMETER;
    if (odd && (sw == 0x6D00 || sw == 0x6A81 || sw == 0x6E00))
        return ISO_UNSUPPORTED_FEATURE;
    return sw_result(sw, SW_READ_BINARY);
}

/* Reads want bytes from the file's position into buffer; what was read stays on success only. */
static int32_t read_bytes(struct icc *icc, struct icc_file *file, size_t want,
                          struct buffer *buffer)
{
    uint32_t unit = fcp_data_unit(&file->fcp);
    struct icc_reply reply;

    while (buffer->used < want)
    {
        uint32_t position = file->position + (uint32_t)buffer->used;
        uint32_t n;
        int32_t result;
        int odd;

        if (position % unit)
            return buffer->used ? ISO_OK : ISO_BAD_SEEK;
        result = read_chunk(icc, file, position, want - buffer->used, &n, &odd, &reply);
        if (result)
            return result;
        if (buffer->used == 0 && icc_file_other_structure(file, reply.sw))
            return ISO_OK;
        result = sw_result(reply.sw, SW_READ_BINARY);
        if (result || reply.len == 0)
        {
            if (buffer->used == 0)
                return first_failure(file, reply.sw, odd);
            return result == ISO_OK || is_end(reply.sw, odd) ? ISO_OK : result;
        }
        result = append(buffer, reply.bytes, reply.len < n ? reply.len : n, want);
        if (result)
            return result;
        if (!sw_is_success(reply.sw))
            return ISO_OK;
    }
    return ISO_OK;
}

static int32_t read_transparent(struct icc *icc, struct icc_file *file, size_t want,
                                struct buffer *buffer)
{
    const struct fcp *fcp = &file->fcp;
    int32_t result;

    if (fcp->has_size && file->position >= fcp->size)
        return ISO_EOF;
    result = icc_file_ensure(icc, file, ICC_READING);
    if (result)
        return result;
    /* The card may have told another size just now. */
    if (fcp->has_size && file->position >= fcp->size)
        return ISO_EOF;
    if (fcp->has_size && want > fcp->size - file->position)
        want = fcp->size - file->position;
    if (want > UINT32_MAX - file->position)
        want = UINT32_MAX - file->position;
    return read_bytes(icc, file, want, buffer);
}

/* ---- records ---- */

static uint32_t record_le(const struct icc *icc, const struct icc_file *file)
{
    const struct fcp *fcp = &file->fcp;

    if (fcp->has_record_length && fcp->record_length > 256)
        return fcp->record_length;
    if (icc->card.profile->exact_record_le && fcp->has_record_length && fcp->record_length &&
        fcp->structure != FCP_LINEAR_VARIABLE)
        return fcp->record_length;
    return icc->card.max_le;
}

static int32_t send_read_record(struct icc *icc, struct icc_file *file, uint32_t ne,
                                uint8_t *reply, size_t room, size_t *len, uint16_t *sw)
{
    struct apdu cmd;
    int32_t result;

    for (;;)
    {
        memset(&cmd, 0, sizeof(cmd));
        cmd.ins = INS_READ_RECORD;
        cmd.p1 = (uint8_t)(file->position + 1);
        cmd.p2 = icc_record_p2(icc, file, 4);
        cmd.ne = ne;
        result = icc_send_into(icc, &cmd, 0, reply, room, len, sw);
        if (result || *sw != 0x6700 || ne > 256)
            return result;
        ne = icc_lower_le(icc, ne);
        if (!ne)
            return ISO_OK;
    }
}

static int32_t read_record(struct icc *icc, struct icc_file *file, size_t want,
                           struct buffer *buffer)
{
    uint32_t ne;
    uint8_t *reply;
    size_t room, len;
    int32_t result;
    uint16_t sw;

    if (file->position >= MAX_RECORDS)
        return ISO_EOF;
    result = icc_file_ensure(icc, file, ICC_READING);
    if (result)
        return result;
    ne = record_le(icc, file);
    room = ne > ICC_REPLY_ROOM - 258 ? ne + 258 : ICC_REPLY_ROOM;
    reply = icc_alloc(room);
    if (!reply)
        return ISO_OUT_OF_MEMORY;
    result = send_read_record(icc, file, ne, reply, room, &len, &sw);
    if (result == ISO_OK)
        result = sw_result(sw, SW_READ_RECORD);
    /* A card that cannot give more than a short answer: a part must not look like the record. */
    if (result == ISO_OK && ne > 256 && len == 256 &&
        file->fcp.structure != FCP_LINEAR_VARIABLE)
        result = ISO_UNSUPPORTED_FEATURE;
    if (result == ISO_OK)
        result = append(buffer, reply, len, want);
    icc_free(reply);
    return result;
}

/* ---- both ---- */

static int32_t read_either(struct icc *icc, struct icc_file *file, size_t want,
                           struct buffer *buffer)
{
    int32_t result;

    if (!icc_file_is_records(file))
    {
        result = read_transparent(icc, file, want, buffer);
        /* Only now is it known what the file is, when the card objected to the first chunk. */
        if (result || !icc_file_is_records(file))
            return result;
    }
    return read_record(icc, file, want, buffer);
}

int32_t icc_file_read(struct icc *icc, struct icc_file *file, size_t want, uint8_t **data,
                      size_t *len)
{
    struct buffer buffer = {NULL, 0, 0};
    int32_t result = read_either(icc, file, want, &buffer);

    if (result)
    {
        icc_free(buffer.bytes);
        return result;
    }
    file->position += icc_file_is_records(file) ? 1 : (uint32_t)buffer.used;
    *data = buffer.bytes;
    *len = buffer.used;
    return ISO_OK;
}

int32_t icc_read(struct icc *icc, uint32_t handle, int32_t *bytes, uint8_t **data, uint32_t flags)
{
    struct icc_file *file;
    size_t len = 0;
    int32_t result;
    int32_t want;

    if (data)
        *data = NULL;
    if (!bytes || !data)
        return ISO_INVALID_ARGUMENT;
    want = *bytes;
    *bytes = 0;
    result = want < 0 ? ISO_INVALID_ARGUMENT : icc_file_find(icc, handle, &file);
    if (result != ISO_INVALID_ARGUMENT && icc_check_flags(flags))
        result = icc_check_flags(flags);
    if (result || want == 0)
        return result;
    icc_begin(icc);
    result = icc_file_read(icc, file, (size_t)want, data, &len);
    *bytes = (int32_t)len;
    return result;
}
