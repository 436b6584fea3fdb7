/*
 * Reading: bytes in short chunks, or one record.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

#define MAX_RECORDS 254u
/* The head of the data object 53 in an answer. */
#define ODD_HEAD 4u
/* Up to here P1 P2 of the odd instruction is a short id, above an identifier. */
#define ODD_LAST_SFI 0x1Fu

/* The bytes received so far. */
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
            return SC_OUT_OF_MEMORY;
        buffer->bytes = larger;
        buffer->room = room;
    }
    if (len)
        memcpy(buffer->bytes + buffer->used, bytes, len);
    buffer->used += len;
    return SC_OK;
}

/* ---- bytes ---- */

/* READ BINARY at an offset, in the file's data units, that P1 P2 can express. */
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
    return icc_send(icc, &cmd, ICC_SEND_EXACT, reply);
}

/* The head of the object 53 that an answer begins with: its length, and that of the data, of which
 * the end may be missing. Returns 0 when there is none. */
static size_t object_head(const struct icc_reply *reply, size_t *length)
{
    size_t head = 2, i;

    if (reply->len < 2 || reply->bytes[0] != 0x53)
        return 0;
    *length = reply->bytes[1];
    if (*length < 0x80)
        return head;
    head += *length & 0x7F;
    if (head < 3 || head > 5 || head > reply->len)
        return 0;
    for (*length = 0, i = 2; i < head; i++)
        *length = *length << 8 | reply->bytes[i];
    return head;
}

/* Extracts the data from the object 53 around them. Some cards send no object, and their data may
 * begin like one: then a first answer that shows neither is refused (SC_COMM_DATA_LOST). *more
 * becomes 1 when the object says that more is there. */
static int32_t unwrap(struct icc_card *card, struct icc_reply *reply, int *more)
{
    size_t length = 0, head = card->odd_bare == ICC_YES ? 0 : object_head(reply, &length);

    if (!head)
    {
        if (card->odd_bare == ICC_UNKNOWN && reply->len)
            card->odd_bare = ICC_YES;
        return SC_OK;
    }
    if (length < reply->len - head)
        return SC_COMM_DATA_LOST;
    card->odd_bare = ICC_NO;
    *more |= length > reply->len - head;
    reply->len -= head;
    memmove(reply->bytes, reply->bytes + head, reply->len);
    return SC_OK;
}

/* READ BINARY with the offset in a data object (ISO 7816-4 7.2.3, odd INS). *more becomes 1 when
 * the answer was as long as it could be, or says itself that it is not all. */
static int32_t read_odd(struct icc *icc, struct icc_file *file, uint32_t offset,
                        struct icc_reply *reply, int *more)
{
    uint8_t data[6];
    struct apdu cmd;
    int32_t result;

    *more = 0;
    result = icc_file_enter(icc, file);
    if (result)
        return result;
    memset(reply, 0, sizeof(*reply));
    reply->sw = SW_WRONG_INS;
    if (!icc->card.profile->interindustry)
        return SC_OK;
    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = INS_READ_BINARY_ODD;
    cmd.data = data;
    cmd.nc = (uint32_t)icc_put_offset(data, offset);
    cmd.ne = icc->card.max_le;
    result = icc_send(icc, &cmd, ICC_SEND_EXACT, reply);
    if (result == SC_OK &&
        (reply->sw == SW_NOT_FOUND || reply->sw == SW_WRONG_P1P2 || reply->sw == SW_WRONG_DATA) &&
        file->path.count && !file->path.sfi && file->path.fids[file->path.count - 1] > ODD_LAST_SFI)
    {
        uint16_t fid = file->path.fids[file->path.count - 1];

        cmd.p1 = (uint8_t)(fid >> 8);
        cmd.p2 = (uint8_t)fid;
        result = icc_send(icc, &cmd, ICC_SEND_EXACT, reply);
    }
    if (result || sw_result(reply->sw, FOR_READ_BINARY))
        return result;
    *more = reply->len >= cmd.ne;
    return unwrap(&icc->card, reply, more);
}

/* A run of chunks. cap: the most to request at once, after the card has refused more. */
struct run
{
    uint32_t unit, cap;
    uint32_t n; /* bytes requested in the chunk */
    int odd;
    int more; /* the odd instruction's answer was not all there is */
};

/*
 * How many bytes to request after the card has answered 6700 to n; 0: no fewer. When the size of
 * the file is unknown, the card may mean that fewer bytes are left: if it has returned as many
 * before, one unit shows whether any are.
 */
static uint32_t fewer(const struct icc *icc, const struct icc_file *file, const struct run *run)
{
    uint32_t n = run->n;

    if (n > 255)
        n = 255;
    else if (n > 128)
        n = 128;
    else if (file->fcp.has_size)
        return 0;
    else
        n /= 2;
    if (!file->fcp.has_size && !run->cap && run->n > run->unit && run->n <= icc->card.le_taken)
        n = run->unit;
    /* Less than a unit may be left, too. */
    n = icc_round_down(n, run->unit);
    return n < run->n ? n : 0;
}

/* READ BINARY with ever fewer bytes while the card refuses their number. */
static int32_t read_fewer(struct icc *icc, struct icc_file *file, uint32_t offset, struct run *run,
                          struct icc_reply *reply)
{
    uint32_t first = run->n, n;
    int32_t result;

    for (;;)
    {
        result = read_even(icc, file, offset, run->n, reply);
        if (result || reply->sw != SW_WRONG_LENGTH)
            break;
        n = fewer(icc, file, run);
        if (!n)
            return SC_OK;
        run->cap = n > run->unit ? n : icc_round_down(run->n / 2, run->unit);
        if (run->cap < run->unit)
            run->cap = run->unit;
        run->n = n;
    }
    if (result || sw_result(reply->sw, FOR_READ_BINARY))
        return result;
    /* The number was too large for the card, not for the file. */
    if (run->n < first && run->n >= 128)
        icc->card.max_le = (uint16_t)run->n;
    if (run->n > icc->card.le_taken)
        icc->card.le_taken = (uint16_t)run->n;
    return SC_OK;
}

/* The same with the odd instruction, where Le also counts the head of the data object. */
static int32_t read_fewer_odd(struct icc *icc, struct icc_file *file, uint32_t offset,
                              struct run *run, struct icc_reply *reply)
{
    int32_t result;

    do
        result = read_odd(icc, file, offset, reply, &run->more);
    while (result == SC_OK && reply->sw == SW_WRONG_LENGTH &&
           icc->card.max_le > icc->card.le_taken_odd && icc_lower_le(icc, icc->card.max_le));
    if (result == SC_OK && sw_is_success(reply->sw))
        icc->card.le_taken_odd = icc->card.max_le;
    return result;
}

/* The most bytes that one answer to the odd instruction holds. */
static uint32_t most_odd(const struct icc *icc)
{
    return icc->card.max_le > ODD_HEAD ? icc->card.max_le - ODD_HEAD : 1;
}

int32_t icc_file_read_at(struct icc *icc, struct icc_file *file, uint32_t offset, uint32_t *n,
                         struct icc_reply *reply)
{
    int32_t result;
    int more;

    if (offset <= ICC_MAX_SHORT_OFFSET)
        return read_even(icc, file, offset, *n, reply);
    if (*n > most_odd(icc))
        *n = most_odd(icc);
    result = read_odd(icc, file, offset, reply, &more);
    if (more && *n > reply->len)
        *n = (uint32_t)reply->len;
    return result;
}

/* Reads one chunk of at most want bytes at a byte position. */
static int32_t read_chunk(struct icc *icc, struct icc_file *file, uint32_t position, size_t want,
                          struct run *run, struct icc_reply *reply)
{
    uint32_t offset = position / run->unit;
    uint32_t most = icc->card.max_le;

    run->odd = offset > ICC_MAX_SHORT_OFFSET;
    run->more = 0;
    if (run->odd)
        most = most_odd(icc);
    else if (run->cap && most > run->cap)
        most = run->cap;
    run->n = want <= most ? (uint32_t)want : icc_round_down(most, run->unit);
    run->n = icc_cut_chunk(icc, file, offset, run->n, want);
    return run->odd ? read_fewer_odd(icc, file, offset, run, reply)
                    : read_fewer(icc, file, offset, run, reply);
}

/* Answers, beside 6Bxx, of cards that are asked beyond the last byte. They can mean that only if
 * the size of the file is unknown. */
static int is_behind_end(const struct icc_file *file, uint16_t sw)
{
    return !file->fcp.has_size && (sw == SW_WRONG_LE || sw == SW_WRONG_LENGTH);
}

int icc_file_is_end(const struct icc_file *file, uint16_t sw, int odd)
{
    /* Damaged data (6281), or a file deactivated meanwhile (6283), is no short file. */
    if ((sw >> 8) == 0x62)
        return sw_result(sw, FOR_READ_BINARY) == SC_OK;
    if ((sw >> 8) == 0x6B || sw == SW_WRONG_P1P2 || is_behind_end(file, sw))
        return 1;
    return odd && (sw == SW_WRONG_INS || sw == SW_WRONG_CLA || sw == SW_WRONG_DATA ||
                   sw == SW_NOT_SUPPORTED || sw == SW_NOT_FOUND);
}

/* The result of a first chunk without data. */
static int32_t first_failure(const struct icc_file *file, uint16_t sw, int odd)
{
    const struct fcp *fcp = &file->fcp;

    if (sw_is_success(sw) || sw == SW_END)
        return SC_EOF;
    if (sw == SW_WRONG_OFFSET && (!fcp->has_size || file->position >= fcp->size))
        return SC_EOF;
    if (is_behind_end(file, sw) && (sw == SW_WRONG_LE || file->position > 0))
        return SC_EOF;
    if (sw >= SW_LC_TLV && sw <= SW_LC_P1P2)
        return file->position > 0 && !odd ? SC_BAD_SEEK : SC_INVALID_PARAMETER;
    if (odd && (sw == SW_WRONG_INS || sw == SW_NOT_SUPPORTED || sw == SW_WRONG_CLA))
        return SC_UNSUPPORTED_FEATURE;
    return sw_result(sw, FOR_READ_BINARY);
}

/*
 * True when an answer of len bytes was the last one. Fewer bytes than requested are the rest of the
 * file (ISO 7816-4 7.2.3), except on cards that have returned more after such an answer.
 */
static int is_last(struct icc *icc, struct icc_file *file, uint32_t position, size_t len,
                   const struct run *run)
{
    if (file->fcp.has_size)
        return 0;
    if (file->short_end && file->short_end == position)
        icc->card.gives_less = 1;
    if (len >= run->n || run->more || icc->card.gives_less)
        return 0;
    file->short_end = position + (uint32_t)len;
    return 1;
}

/* ---- bytes from a position ---- */

/* Reads want bytes from the file's position into buffer; they count only on success. */
static int32_t read_bytes(struct icc *icc, struct icc_file *file, size_t want,
                          struct buffer *buffer)
{
    struct run run = {0};
    struct icc_reply reply;

    while (buffer->used < want)
    {
        uint32_t position = file->position + (uint32_t)buffer->used;
        uint16_t refusal = 0;
        int32_t result = SC_OK;
        uint32_t skip;
        size_t len;

        /* Where a chunk begins that is not the only one depends on the unit. */
        if (position || want > icc->card.max_le)
            result = icc_file_know_unit(icc, file, &refusal);
        if (result)
            return refusal ? first_failure(file, refusal, 0) : result;
        if (icc_file_is_records(file))
            return SC_OK;
        run.unit = icc_file_unit(icc, file);
        /* An answer may have ended within a unit, of which the first bytes come again. */
        skip = position % run.unit;
        if (skip && !buffer->used)
            return SC_BAD_SEEK;
        if (skip >= icc->card.max_le)
            return SC_UNSUPPORTED_FEATURE;
        position -= skip;
        result = read_chunk(icc, file, position, want - buffer->used + skip, &run, &reply);
        if (result)
            return result;
        if (buffer->used == 0 && icc_file_other_structure(file, reply.sw))
            return SC_OK;
        result = sw_result(reply.sw, FOR_READ_BINARY);
        if (result || reply.len == 0)
        {
            if (buffer->used == 0)
                return first_failure(file, reply.sw, run.odd);
            return result == SC_OK || icc_file_is_end(file, reply.sw, run.odd) ? SC_OK : result;
        }
        len = reply.len < run.n ? reply.len : run.n;
        if (skip && len <= skip)
            return SC_UNSUPPORTED_FEATURE;
        result = append(buffer, reply.bytes + skip, len - skip, want);
        if (result)
            return result;
        if (!sw_is_success(reply.sw) || is_last(icc, file, position, reply.len, &run))
            return SC_OK;
    }
    return SC_OK;
}

static int32_t read_transparent(struct icc *icc, struct icc_file *file, size_t want,
                                struct buffer *buffer)
{
    const struct fcp *fcp = &file->fcp;
    int32_t result;

    if (fcp->has_size && file->position >= fcp->size)
        return SC_EOF;
    result = icc_file_ensure(icc, file);
    if (result)
        return result;
    /* The card may have reported another size just now. */
    if (fcp->has_size && file->position >= fcp->size)
        return SC_EOF;
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

static int32_t send_read_record(struct icc *icc, struct icc_file *file, uint32_t ne, uint8_t *reply,
                                size_t room, size_t *len, uint16_t *sw)
{
    const struct fcp *fcp = &file->fcp;
    unsigned how = fcp->has_record_length && fcp->record_length <= 256 ? ICC_SEND_EXACT : 0;
    struct apdu cmd;
    int32_t result;

    for (;;)
    {
        memset(&cmd, 0, sizeof(cmd));
        cmd.ins = INS_READ_RECORD;
        cmd.p1 = (uint8_t)(file->position + 1);
        cmd.p2 = icc_record_p2(icc, file, ICC_RECORD_NUMBER);
        cmd.ne = ne;
        result = icc_send_into(icc, &cmd, how, reply, room, len, sw);
        if (result || *sw != SW_WRONG_LENGTH || ne > 256)
            return result;
        ne = icc_lower_le(icc, ne);
        if (!ne)
            return SC_OK;
    }
}

/* True when len bytes may not be the whole record: the most that an answer to a short Le can hold.
 * Over T=0 a card announces what is left (61xx). */
static int is_cut(const struct icc *icc, const struct icc_file *file, uint32_t ne, size_t len)
{
    const struct fcp *fcp = &file->fcp;

    if (len != 256 || (fcp->has_record_length && fcp->record_length <= 256))
        return 0;
    if (fcp->has_record_length && fcp->structure != FCP_LINEAR_VARIABLE)
        return 1;
    return icc->link.protocol != APDU_T0 && (ne <= 256 || !icc->card.extended);
}

/* Reads the record at the file's position, asking for ne bytes; *cut: it may have more. */
static int32_t read_record_part(struct icc *icc, struct icc_file *file, uint32_t ne, size_t want,
                                struct buffer *buffer, int *cut)
{
    size_t room = ne > ICC_REPLY_ROOM - 258 ? ne + 258 : ICC_REPLY_ROOM, len = 0;
    uint8_t *reply = icc_alloc(room);
    int32_t result;
    uint16_t sw;

    if (!reply)
        return SC_OUT_OF_MEMORY;
    result = send_read_record(icc, file, ne, reply, room, &len, &sw);
    if (result == SC_OK)
        result = sw_result(sw, FOR_READ_RECORD);
    *cut = result == SC_OK && want > len && is_cut(icc, file, ne, len);
    if (result == SC_OK && !*cut)
        result = append(buffer, reply, len, want);
    icc_free(reply);
    return result;
}

static int32_t read_record(struct icc *icc, struct icc_file *file, size_t want,
                           struct buffer *buffer)
{
    int32_t result;
    uint32_t ne;
    int cut;

    if (file->position >= MAX_RECORDS)
        return SC_EOF;
    result = icc_file_ensure(icc, file);
    if (result)
        return result;
    ne = record_le(icc, file);
    result = read_record_part(icc, file, ne, want, buffer, &cut);
    if (result == SC_OK && cut && ne <= 256 && icc->card.extended && icc->link.protocol != APDU_T0)
        result = read_record_part(icc, file, APDU_MAX_NE, want, buffer, &cut);
    /* A part must not look like the record. */
    return result == SC_OK && cut ? SC_UNSUPPORTED_FEATURE : result;
}

/* ---- both ---- */

static int32_t read_either(struct icc *icc, struct icc_file *file, size_t want,
                           struct buffer *buffer)
{
    int32_t result;

    if (!icc_file_is_records(file))
    {
        result = read_transparent(icc, file, want, buffer);
        /* The card's objection to the first chunk may have shown only now what the file is. */
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
    return SC_OK;
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
        return SC_INVALID_ARGUMENT;
    want = *bytes;
    *bytes = 0;
    result = want < 0 ? SC_INVALID_ARGUMENT : icc_file_find(icc, handle, &file);
    if (result != SC_INVALID_ARGUMENT && icc_check_flags(flags))
        result = icc_check_flags(flags);
    if (result || want == 0)
        return result;
    icc_start_call(icc);
    result = icc_file_read(icc, file, (size_t)want, data, &len);
    *bytes = (int32_t)len;
    return result;
}
