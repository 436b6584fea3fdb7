/*
 * Writing: UPDATE, WRITE, APPEND and ERASE, of bytes and of records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

#define MAX_RECORDS 254u
/* The longest heads of the two data objects 54 and 53. */
#define ODD_HEAD 9u

/* The instructions for the flags of Write. odd is binary with offsets in a data object. */
struct mode
{
    uint32_t flag;
    uint8_t binary, odd, record;
    uint8_t coding; /* bits 7 and 6 of the data coding byte that allow it; 0: always */
};

static const struct mode modes[] =
{
    {ICC_REPLACE, INS_UPDATE_BINARY, INS_UPDATE_BINARY_ODD, INS_UPDATE_RECORD, 0},
    {ICC_OR, INS_WRITE_BINARY, INS_WRITE_BINARY_ODD, INS_WRITE_RECORD, 2},
    {ICC_AND, INS_WRITE_BINARY, INS_WRITE_BINARY_ODD, INS_WRITE_RECORD, 3},
    {ICC_ERASE, INS_ERASE_BINARY, INS_ERASE_BINARY_ODD, INS_ERASE_RECORD, 0},
};

/* Returns NULL when the flags name more than one mode. */
static const struct mode *find_mode(uint32_t flags)
{
    const struct mode *found = NULL;
    size_t i;

    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
    {
        if (!(flags & modes[i].flag))
            continue;
        if (found)
            return NULL;
        found = &modes[i];
    }
    return found ? found : &modes[0];
}

/* True when WRITE has the effect of mode on this file (ISO 7816-4, data coding byte, bits 7 and
 * 6). */
static int is_coded_for(const struct icc *icc, const struct icc_file *file, const struct mode *mode)
{
    const struct atr *atr = &icc->card.atr;
    uint8_t coding;

    if (!mode->coding)
        return 1;
    if (file->fcp.has_data_coding)
        coding = file->fcp.data_coding;
    else if (atr->has_capabilities && atr->capabilities_length >= 2)
        coding = atr->capabilities[1];
    else
        return 0;
    return (coding >> 5 & 3) == mode->coding;
}

/* The result of a write command. That the memory is now full counts as success here. */
static int32_t write_result(uint16_t sw)
{
    return sw == SW_FILE_FULL ? SC_OK : sw_result(sw, FOR_WRITE);
}

static int32_t send(struct icc *icc, const struct apdu *cmd, uint16_t *sw)
{
    struct icc_reply reply;
    int32_t result = icc_send(icc, cmd, 0, &reply);

    *sw = reply.sw;
    return result;
}

/* ---- bytes ---- */

static int32_t write_even(struct icc *icc, struct icc_file *file, uint8_t ins, uint32_t offset,
                          const uint8_t *data, uint32_t n, uint16_t *sw)
{
    struct apdu cmd;
    int32_t result;

    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = ins;
    cmd.data = n ? data : NULL;
    cmd.nc = n;
    result = icc_file_address(icc, file, offset, &cmd);
    return result ? result : send(icc, &cmd, sw);
}

/* The same with the offset in an object 54 and the data in an object 53 (ISO 7816-4, odd INS). */
static int32_t write_odd(struct icc *icc, struct icc_file *file, uint8_t ins, uint32_t offset,
                         const uint8_t *data, uint32_t n, uint16_t *sw)
{
    uint8_t body[255];
    struct tlv_writer writer = {body, sizeof(body), 0, 0};
    struct apdu cmd;
    int32_t result;

    result = icc_file_enter(icc, file);
    if (result)
        return result;
    if (!icc->card.profile->interindustry)
        return SC_UNSUPPORTED_FEATURE;
    writer.used = icc_put_offset(body, offset);
    if (n)
        tlv_put(&writer, 0x53, data, n);
    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = ins;
    cmd.data = body;
    cmd.nc = (uint32_t)writer.used;
    result = send(icc, &cmd, sw);
    wipe(body, sizeof(body));
    return result;
}

/* Writes one chunk of at most left bytes at an offset in data units; *n is the number sent. */
static int32_t write_chunk(struct icc *icc, struct icc_file *file, const struct mode *mode,
                           uint32_t offset, const uint8_t *data, size_t left, uint32_t *n,
                           uint16_t *sw)
{
    int odd = offset > ICC_MAX_SHORT_OFFSET;
    int32_t result;

    for (;;)
    {
        *n = icc->card.max_lc;
        if (odd)
            *n = *n > ODD_HEAD ? *n - ODD_HEAD : 1;
        if (left <= *n)
            *n = (uint32_t)left;
        else
            *n = icc_round_down(*n, icc_file_unit(icc, file));
        *n = icc_cut_chunk(icc, file, offset, *n, left);
        if (odd)
            result = write_odd(icc, file, mode->odd, offset, data, *n, sw);
        else
            result = write_even(icc, file, mode->binary, offset, data, *n, sw);
        if (result || *sw != SW_WRONG_LENGTH)
            return result;
        if (!icc_lower_lc(icc, odd ? *n + ODD_HEAD : *n))
            return SC_OK;
    }
}

/* Advances the position by what was written: nothing if it turns out to be a record file. */
static int32_t write_bytes(struct icc *icc, struct icc_file *file, const struct mode *mode,
                           const uint8_t *data, size_t len)
{
    size_t done = 0;

    while (done < len)
    {
        int32_t result = SC_OK;
        uint32_t n, unit;
        uint16_t sw;

        if (file->position || len > icc->card.max_lc)
            result = icc_file_know_unit(icc, file, &sw);
        if (result || icc_file_is_records(file))
            return result;
        unit = icc_file_unit(icc, file);
        if (file->position % unit)
            return SC_BAD_SEEK;
        result =
            write_chunk(icc, file, mode, file->position / unit, data + done, len - done, &n, &sw);
        if (result)
            return result;
        if (done == 0 && icc_file_other_structure(file, sw))
            return SC_OK;
        result = write_result(sw);
        if (result)
            return result;
        done += n;
        file->position += n;
        if (sw == SW_FILE_FULL && done < len)
            return SC_WRITE_TOO_MANY;
    }
    return SC_OK;
}

/* ERASE BINARY from the position to an end, which is kept; without one, to the end of the file. */
static int32_t erase_bytes(struct icc *icc, struct icc_file *file, const struct mode *mode,
                           size_t len)
{
    int to_end = !len || (file->fcp.has_size && file->position + len == file->fcp.size);
    int32_t result = SC_UNSUPPORTED_FEATURE;
    uint32_t unit, start, end;
    uint8_t body[12];
    struct apdu cmd;
    uint16_t sw;

    if (icc->card.profile->interindustry)
        result = file->position || !to_end ? icc_file_know_unit(icc, file, &sw) : SC_OK;
    if (result || icc_file_is_records(file))
        return result;
    unit = icc_file_unit(icc, file);
    start = file->position / unit;
    end = (file->position + (uint32_t)len) / unit;
    if (file->position % unit || (!to_end && len % unit))
        return SC_BAD_SEEK;
    memset(&cmd, 0, sizeof(cmd));
    cmd.data = body;
    if (start > ICC_MAX_SHORT_OFFSET || (!to_end && end > 0xFFFF))
    {
        cmd.ins = mode->odd;
        cmd.nc = (uint32_t)icc_put_offset(body, start);
        if (!to_end)
            cmd.nc += (uint32_t)icc_put_offset(body + cmd.nc, end);
        result = icc_file_enter(icc, file);
    }
    else
    {
        cmd.ins = mode->binary;
        body[0] = (uint8_t)(end >> 8);
        body[1] = (uint8_t)end;
        cmd.nc = to_end ? 0 : 2;
        result = icc_file_address(icc, file, start, &cmd);
    }
    if (!cmd.nc)
        cmd.data = NULL;
    if (result == SC_OK)
        result = send(icc, &cmd, &sw);
    if (result)
        return result;
    if (icc_file_other_structure(file, sw))
        return SC_OK;
    result = write_result(sw);
    if (result == SC_OK && len)
        file->position += (uint32_t)len;
    else if (result == SC_OK && file->fcp.has_size)
        file->position = file->fcp.size;
    return result;
}

static int32_t write_transparent(struct icc *icc, struct icc_file *file, const struct mode *mode,
                                 const uint8_t *data, size_t len)
{
    const struct fcp *fcp = &file->fcp;
    int32_t result;

    /* Some cards accept data beyond the end and drop them. */
    if (fcp->has_size && (file->position > fcp->size || len > fcp->size - file->position))
        return SC_WRITE_TOO_MANY;
    if (len > UINT32_MAX - file->position)
        return SC_WRITE_TOO_MANY;
    result = icc_file_ensure(icc, file);
    if (result)
        return result;
    return mode->flag == ICC_ERASE ? erase_bytes(icc, file, mode, len)
                                   : write_bytes(icc, file, mode, data, len);
}

/* ---- records ---- */

static void append_record(const struct icc *icc, const struct icc_file *file, struct apdu *cmd)
{
    cmd->ins = INS_APPEND_RECORD;
    cmd->p1 = 0;
    cmd->p2 = icc_record_p2(icc, file, 0);
}

static void address_record(const struct icc *icc, const struct icc_file *file,
                           const struct mode *mode, struct apdu *cmd)
{
    uint32_t count;
    int known = icc_file_size(file, &count);

    cmd->ins = mode->record;
    cmd->p1 = (uint8_t)(file->position + 1);
    cmd->p2 = icc_record_p2(icc, file, ICC_RECORD_NUMBER);
    if (mode->record != INS_UPDATE_RECORD)
        return;
    if (file->fcp.structure == FCP_CYCLIC)
    {
        if (file->position == 0)
        {
            cmd->p1 = 0;
            cmd->p2 = icc_record_p2(icc, file, ICC_RECORD_PREVIOUS);
        }
    }
    else if (known && file->position == count && icc->card.profile->interindustry)
        append_record(icc, file, cmd);
}

static int32_t write_record(struct icc *icc, struct icc_file *file, const struct mode *mode,
                            const uint8_t *data, size_t len)
{
    struct apdu cmd;
    int32_t result;
    uint16_t sw;

    if (mode->flag != ICC_ERASE &&
        ((file->fcp.has_record_length && len > file->fcp.record_length) || len > APDU_MAX_LC))
        return SC_WRITE_TOO_MANY;
    if (file->position >= MAX_RECORDS)
        return SC_BAD_SEEK;
    result = icc_file_ensure(icc, file);
    if (result)
        return result;
    memset(&cmd, 0, sizeof(cmd));
    address_record(icc, file, mode, &cmd);
    if (mode->flag != ICC_ERASE)
    {
        cmd.data = data;
        cmd.nc = (uint32_t)len;
    }
    result = send(icc, &cmd, &sw);
    /* Cards differ in whether a new file already has its records. */
    if (result == SC_OK && sw == SW_NO_RECORD && file->is_new && cmd.ins == INS_UPDATE_RECORD &&
        icc->card.profile->interindustry)
    {
        append_record(icc, file, &cmd);
        result = send(icc, &cmd, &sw);
    }
    if (result)
        return result;
    result = write_result(sw);
    if (result)
        return result;
    if (cmd.ins == INS_APPEND_RECORD && file->fcp.has_record_count)
        file->fcp.record_count++;
    file->position++;
    return SC_OK;
}

/* ---- both ---- */

static int32_t write_either(struct icc *icc, struct icc_file *file, const struct mode *mode,
                            const uint8_t *data, size_t len)
{
    int32_t result;

    if (!is_coded_for(icc, file, mode))
        return SC_UNSUPPORTED_FEATURE;
    if (!icc_file_is_records(file))
    {
        result = write_transparent(icc, file, mode, data, len);
        if (result || !icc_file_is_records(file))
            return result;
    }
    return write_record(icc, file, mode, data, len);
}

int32_t icc_file_fill(struct icc *icc, struct icc_file *file, const uint8_t *data, size_t len)
{
    size_t piece = len;
    size_t done;

    file->is_new = 1;
    if (icc_file_is_records(file) && file->fcp.has_record_length && file->fcp.record_length)
        piece = file->fcp.record_length;
    for (done = 0; done < len; done += piece)
    {
        size_t n = len - done < piece ? len - done : piece;
        int32_t result;

        /* In a cyclic file each new record becomes the first one. */
        if (file->fcp.structure == FCP_CYCLIC)
            file->position = 0;
        result = write_either(icc, file, &modes[0], data + done, n);
        if (result)
            return result;
    }
    return SC_OK;
}

int32_t icc_write(struct icc *icc, uint32_t handle, int32_t length, const uint8_t *data,
                  size_t data_len, uint32_t flags)
{
    const struct mode *mode = find_mode(flags);
    struct icc_file *file = NULL;
    int32_t found = icc_file_find(icc, handle, &file);
    int32_t result = icc_check_flags(flags);

    if (length < 0 || !mode || found == SC_INVALID_ARGUMENT || result == SC_INVALID_ARGUMENT)
        return SC_INVALID_ARGUMENT;
    if (mode->flag != ICC_ERASE && ((size_t)length > data_len || (length && !data)))
        return SC_INVALID_ARGUMENT;
    if (result || found)
        return result ? result : found;
    if (length == 0 && mode->flag != ICC_ERASE)
        return SC_OK;
    icc_start_call(icc);
    return write_either(icc, file, mode, data, (size_t)length);
}
