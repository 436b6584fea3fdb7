/*
 * The data unit of a file, in which offsets count: as told, or found out by reading.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nearly all cards count in bytes, and ISO 7816-4 lets those that do not say so: for the file in
 * its control information, for the card in the ATR. A file that was opened by its short id has not
 * been asked, and some cards answer SELECT by nothing. There two reads at neighbouring offsets
 * overlap, and the units that do not agree with what they show are ruled out.
 */

#include <string.h>

#include "internal.h"

/* Units are powers of 2, so that a set of them is their sum. The last is data coding byte 0F. */
#define LAST_UNIT 16384u
#define ALL_UNITS (2 * LAST_UNIT - 1)
/* Where to look further: the step from one offset to the next, the last of them, and how often. */
#define STRIDE    8u
#define LAST_LOOK 0x40000u
#define MAX_LOOKS 28

/* What the card returns at an offset in data units, of whatever size. */
struct sample
{
    uint8_t bytes[ICC_REPLY_ROOM];
    size_t len;
    uint16_t sw;
    int to_end;    /* less than was asked for: up to the end of the file */
    int is_behind; /* nothing, as the file ends before */
    int is_part;   /* the card gives no less than it is asked for, and had to be asked for less */
};

uint32_t icc_file_unit(const struct icc *icc, const struct icc_file *file)
{
    if (file->unit)
        return file->unit;
    if (!file->fcp.has_data_coding && icc->card.profile->data_unit)
        return icc->card.profile->data_unit;
    return fcp_data_unit(&file->fcp);
}

/* The unit that the ATR tells for files that have no other one; 0: it tells none. */
static uint32_t unit_of_card(const struct icc *icc)
{
    const struct atr *atr = &icc->card.atr;
    struct fcp fcp;

    if (!atr->has_capabilities || atr->capabilities_length < 2)
        return 0;
    memset(&fcp, 0, sizeof(fcp));
    fcp.has_data_coding = 1;
    fcp.data_coding = atr->capabilities[1];
    return fcp_data_unit(&fcp);
}

/* True when nothing needs to be found out. Control information without a data coding byte means
 * bytes, unless the card says something else of all its files. */
static int is_told(const struct icc *icc, const struct icc_file *file)
{
    if (file->unit || file->fcp.has_data_coding || icc->card.profile->data_unit ||
        !icc->card.profile->interindustry || icc_file_is_records(file))
        return 1;
    return file->fcp.structure != FCP_STRUCTURE_UNKNOWN && unit_of_card(icc) <= 1;
}

/* ---- samples ---- */

/* True when fewer bytes may be there. parts: what means the end of the file may be about their
 * number, as the card has shown before or, at its beginning, may. */
static int may_have_fewer(const struct icc_file *file, uint16_t sw, uint32_t n, int parts)
{
    return n > 1 && (sw == SW_WRONG_LENGTH || (parts && icc_file_is_end(file, sw, 0)));
}

/* True when the card has nothing at an offset: it could not have been asked for less. */
static int is_behind(const struct icc_file *file, uint16_t sw)
{
    return sw_result(sw, FOR_READ_BINARY) == SC_OK || icc_file_is_end(file, sw, 0) ||
           sw == SW_WRONG_LENGTH || sw == SW_WRONG_LE;
}

/* Reads as much as the card returns at once. A card that refuses all has returned nothing; errors
 * are the transport's. */
static int32_t take_sample(struct icc *icc, struct icc_file *file, uint32_t offset, int parts,
                           struct sample *sample)
{
    uint32_t n = icc->card.max_le;
    struct icc_reply reply;
    int32_t result;

    memset(sample, 0, sizeof(*sample));
    for (;;)
    {
        uint32_t asked = n;

        result = icc_file_read_at(icc, file, offset, &asked, &reply);
        if (result)
            return result;
        if (sw_result(reply.sw, FOR_READ_BINARY))
            reply.len = 0;
        if (!reply.len && may_have_fewer(file, reply.sw, n, parts))
        {
            n = n > 255 ? 255 : n > 128 ? 128 : n / 2;
            continue;
        }
        sample->sw = reply.sw;
        sample->is_part = reply.len && n < icc->card.max_le;
        sample->len = reply.len < asked ? reply.len : asked;
        sample->to_end = sample->len && sample->len < asked && !icc->card.gives_less;
        sample->is_behind = !sample->len && is_behind(file, reply.sw);
        memcpy(sample->bytes, reply.bytes, sample->len);
        return SC_OK;
    }
}

/* The number of bytes after which a sample repeats itself; 0: it does not. */
static size_t period_of(const struct sample *sample)
{
    size_t period;

    for (period = 1; period <= sample->len / 2; period++)
    {
        if (!memcmp(sample->bytes, sample->bytes + period, sample->len - period))
            return period;
    }
    return 0;
}

/* True when second may follow on first unit bytes later. Where they do not overlap it can only by
 * what first repeats: that another part of the file looks so by chance is not assumed. */
static int may_follow(const struct sample *first, size_t period, const struct sample *second,
                      size_t unit)
{
    size_t i, at;

    for (i = 0; i < second->len; i++)
    {
        at = unit + i;
        if (at >= first->len && unit < first->len)
            return 1;
        if (at >= first->len && !period)
            return 0;
        if (at >= first->len)
            at %= period;
        if (first->bytes[at] != second->bytes[i])
            return 0;
    }
    return 1;
}

/* True when second, read one offset after first, may begin unit bytes after it. */
static int may_be_unit(const struct sample *first, size_t period, const struct sample *second,
                       size_t unit)
{
    if (second->is_behind)
        return unit >= first->len;
    if (!second->len)
        return 1;
    if (first->to_end && second->to_end && first->len != second->len + unit)
        return 0;
    if (first->to_end && first->len < second->len + unit)
        return 0;
    if (second->to_end && first->len > second->len + unit)
        return 0;
    return may_follow(first, period, second, unit);
}

/* Leaves in *units what may be the unit of two samples at neighbouring offsets. */
static void narrow(struct icc *icc, struct sample *first, struct sample *second, uint32_t *units)
{
    size_t period = period_of(first);
    uint32_t unit;

    /* What is short and yet goes on behind its end is not the rest of the file. */
    if (first->to_end && second->len >= first->len)
    {
        icc->card.gives_less = 1;
        first->to_end = second->to_end = 0;
    }
    for (unit = 1; unit <= LAST_UNIT; unit *= 2)
    {
        if (!may_be_unit(first, period, second, unit))
            *units &= ~unit;
    }
}

/* ---- looking further ---- */

static int is_one(uint32_t units)
{
    return !(units & (units - 1));
}

static int looks_like(const struct sample *one, const struct sample *other)
{
    return one->len == other->len && !memcmp(one->bytes, other->bytes, one->len);
}

/* The samples at an offset, which is given, and at the next one. */
static int32_t narrow_from(struct icc *icc, struct icc_file *file, uint32_t offset,
                           struct sample *first, uint32_t *units)
{
    struct sample second;
    int32_t result = take_sample(icc, file, offset + 1, first->is_part, &second);

    if (result == SC_OK)
        narrow(icc, first, &second, units);
    return result;
}

/* Several units agree with the beginning of the file, which looks like first: looks for the place
 * where it changes or ends. */
static int32_t look_further(struct icc *icc, struct icc_file *file, const struct sample *first,
                            uint32_t *units)
{
    uint32_t low = 1, high = 0, offset, looks;
    int32_t result = SC_OK;
    struct sample sample;

    for (looks = 0; result == SC_OK && !is_one(*units) && looks < MAX_LOOKS; looks++)
    {
        if (high)
            offset = low + (high - low) / 2;
        else if (low < ICC_MAX_SHORT_OFFSET && low * STRIDE > ICC_MAX_SHORT_OFFSET)
            offset = ICC_MAX_SHORT_OFFSET;
        else
            offset = low * STRIDE;
        if (offset > LAST_LOOK)
            break;
        result = take_sample(icc, file, offset, first->is_part, &sample);
        if (result || (!sample.len && !sample.is_behind))
            break;
        if (offset == low)
            return sample.len ? narrow_from(icc, file, low, &sample, units) : SC_OK;
        if (sample.is_behind)
        {
            high = offset;
            continue;
        }
        low = offset;
        if (looks_like(&sample, first))
            continue;
        result = narrow_from(icc, file, offset, &sample, units);
        if (result || is_one(*units) || !sample.to_end)
            continue;
        /* The end is near: one offset before it there is a whole unit more. */
        result = take_sample(icc, file, offset - 1, first->is_part, &sample);
        if (result == SC_OK)
            result = narrow_from(icc, file, offset - 1, &sample, units);
        break;
    }
    return result;
}

/* The only unit of a set, or the one of them that the ATR tells, if the card was asked about the
 * file and has told nothing else; 0: nobody knows. */
static uint32_t pick(const struct icc *icc, const struct icc_file *file, uint32_t units)
{
    uint32_t of_card = unit_of_card(icc);

    if (is_one(units))
        return units;
    return !file->path.sfi && (units & of_card) ? of_card : 0;
}

int32_t icc_file_know_unit(struct icc *icc, struct icc_file *file, uint16_t *refusal)
{
    uint32_t units = ALL_UNITS;
    struct sample first, second;
    int32_t result;

    *refusal = 0;
    if (is_told(icc, file))
        return SC_OK;
    result = take_sample(icc, file, 0, 1, &first);
    if (result)
        return result;
    if (!first.len)
    {
        *refusal = first.sw;
        if (icc_file_other_structure(file, first.sw))
            return SC_OK;
    }
    else
    {
        result = take_sample(icc, file, 1, first.is_part, &second);
        if (result)
            return result;
        narrow(icc, &first, &second, &units);
        /* The file is not longer than a unit: then it does not matter how long that is. */
        if (first.to_end && second.is_behind)
            units &= ~units + 1;
        result = look_further(icc, file, &first, &units);
    }
    if (result == SC_OK && !(file->unit = pick(icc, file, units)))
        result = SC_UNSUPPORTED_FEATURE;
    return result;
}
