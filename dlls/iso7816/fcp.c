/*
 * File control information: what a card says of a file in its answer to SELECT.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "fcp.h"
#include "tlv.h"

#define MAX_DEPTH   4
#define RAW_MINIMUM 14

/* Where the size was found: tag 80 counts, tag 81 (with structure) only in its absence. */
enum size_source
{
    SIZE_NONE,
    SIZE_WITH_STRUCTURE,
    SIZE_OF_DATA
};

static int is_template(uint32_t tag)
{
    return tag == 0x62 || tag == 0x64 || tag == 0x6F;
}

static int has_records(enum fcp_structure structure)
{
    return structure == FCP_LINEAR_FIXED || structure == FCP_LINEAR_VARIABLE ||
           structure == FCP_CYCLIC;
}

static uint16_t get_16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void set_record_length(struct fcp *out, uint16_t length)
{
    if (!has_records(out->structure) || !length)
        return;
    out->record_length = length;
    out->has_record_length = 1;
}

static void set_record_count(struct fcp *out, uint16_t count)
{
    if (!has_records(out->structure))
        return;
    out->record_count = count;
    out->has_record_count = 1;
}

static void set_size(struct fcp *out, uint32_t size)
{
    out->size = size;
    out->has_size = 1;
}

static void set_fid(struct fcp *out, uint16_t fid)
{
    out->fid = fid;
    out->has_fid = 1;
}

/* ISO 7816-4 table "file descriptor byte"; bit b8 set is reserved. */
static void read_descriptor_byte(uint8_t fdb, struct fcp *out)
{
    static const enum fcp_structure structures[8] =
    {
        FCP_STRUCTURE_UNKNOWN, FCP_TRANSPARENT, FCP_LINEAR_FIXED, FCP_LINEAR_FIXED,
        FCP_LINEAR_VARIABLE, FCP_LINEAR_VARIABLE, FCP_CYCLIC, FCP_CYCLIC
    };
    uint8_t shape = fdb & 0x3F;

    if (fdb & 0x80)
        return;
    out->fdb = fdb;
    out->internal = 0;
    out->kind = FCP_KIND_UNKNOWN;
    out->structure = FCP_STRUCTURE_UNKNOWN;
    if (shape == 0x38)
    {
        out->kind = FCP_KIND_DF;
    }
    else if (shape == 0x39 || shape == 0x3A)
    {
        out->kind = FCP_KIND_EF;
        out->structure = FCP_TLV;
    }
    else if (shape < 0x38)
    {
        out->kind = FCP_KIND_EF;
        out->structure = structures[shape & 7];
        out->internal = shape >> 3 == 1;
    }
}

static void read_descriptor(const struct tlv *object, struct fcp *out)
{
    const uint8_t *value = object->value;
    size_t length = object->length;

    if (length < 1 || length > 6)
        return;
    read_descriptor_byte(value[0], out);
    if (length >= 2)
    {
        out->data_coding = value[1];
        out->has_data_coding = 1;
    }
    if (length == 3)
        set_record_length(out, value[2]);
    else if (length >= 4)
        set_record_length(out, get_16(value + 2));
    if (length == 5)
        set_record_count(out, value[4]);
    else if (length == 6)
        set_record_count(out, get_16(value + 4));
}

static void read_size(const struct tlv *object, enum size_source source, struct fcp *out,
                      enum size_source *known)
{
    uint32_t size = 0;
    size_t i;

    if (object->length < 1 || object->length > 4 || source < *known)
        return;
    for (i = 0; i < object->length; i++)
        size = size << 8 | object->value[i];
    set_size(out, size);
    *known = source;
}

static void read_short_id(const struct tlv *object, struct fcp *out)
{
    uint8_t value, sfi;

    if (object->length != 1)
        return;
    value = object->value[0];
    sfi = !(value & 7) && value >= 8 ? value >> 3 : value & 0x1F;
    if (sfi < 1 || sfi > 30)
        return;
    out->sfi = sfi;
    out->has_sfi = 1;
}

/* ISO 7816-4 table "life cycle status byte". */
static void read_life_cycle(const struct tlv *object, struct fcp *out)
{
    uint8_t value;

    if (object->length != 1)
        return;
    value = object->value[0];
    if (value == 1)
        out->life_cycle = FCP_LIFE_CREATION;
    else if (value == 3)
        out->life_cycle = FCP_LIFE_INITIALISATION;
    else if (value == 5 || value == 7)
        out->life_cycle = FCP_LIFE_ACTIVATED;
    else if (value == 4 || value == 6)
        out->life_cycle = FCP_LIFE_DEACTIVATED;
    else if (value >= 0x0C && value <= 0x0F)
        out->life_cycle = FCP_LIFE_TERMINATED;
}

static void read_object(const struct tlv *object, struct fcp *out, enum size_source *known)
{
    switch (object->tag)
    {
    case 0x80: read_size(object, SIZE_OF_DATA, out, known); break;
    case 0x81: read_size(object, SIZE_WITH_STRUCTURE, out, known); break;
    case 0x82: read_descriptor(object, out); break;
    case 0x83:
        if (object->length == 2)
            set_fid(out, get_16(object->value));
        break;
    case 0x84:
        if (!object->length || object->length > FCP_MAX_DF_NAME)
            break;
        memcpy(out->df_name, object->value, object->length);
        out->df_name_length = (uint8_t)object->length;
        break;
    case 0x88: read_short_id(object, out); break;
    case 0x8A: read_life_cycle(object, out); break;
    default: break;
    }
}

static void read_template(const uint8_t *bytes, size_t len, int depth, struct fcp *out,
                          enum size_source *known)
{
    struct tlv_cursor cursor = {bytes, len};
    struct tlv object;

    while (tlv_next(&cursor, &object))
    {
        if (!is_template(object.tag))
            read_object(&object, out, known);
        else if (depth < MAX_DEPTH)
            read_template(object.value, object.length, depth + 1, out, known);
    }
}

static void read_gsm(const uint8_t *answer, size_t len, struct fcp *out)
{
    set_size(out, get_16(answer + 2));
    set_fid(out, get_16(answer + 4));
    if (answer[6] == 0x01 || answer[6] == 0x02)
        out->kind = FCP_KIND_DF;
    if (answer[6] != 0x04)
        return;
    out->kind = FCP_KIND_EF;
    out->life_cycle = answer[11] & 1 ? FCP_LIFE_ACTIVATED : FCP_LIFE_DEACTIVATED;
    if (answer[13] == 0x00)
        out->structure = FCP_TRANSPARENT;
    else if (answer[13] == 0x01)
        out->structure = FCP_LINEAR_FIXED;
    else if (answer[13] == 0x03)
        out->structure = FCP_CYCLIC;
    if (len > 14)
        set_record_length(out, answer[14]);
}

/* One byte tells kind and structure on Schlumberger's cards. */
struct raw_type
{
    uint8_t type;
    enum fcp_kind kind;
    enum fcp_structure structure;
};

static const struct raw_type flex_types[] =
{
    {0x01, FCP_KIND_EF, FCP_TRANSPARENT},
    {0x02, FCP_KIND_EF, FCP_LINEAR_FIXED},
    {0x04, FCP_KIND_EF, FCP_LINEAR_VARIABLE},
    {0x06, FCP_KIND_EF, FCP_CYCLIC},
    {0x38, FCP_KIND_DF, FCP_STRUCTURE_UNKNOWN},
};

static const struct raw_type cyberflex_types[] =
{
    {0x02, FCP_KIND_EF, FCP_TRANSPARENT},
    {0x0C, FCP_KIND_EF, FCP_LINEAR_FIXED},
    {0x19, FCP_KIND_EF, FCP_LINEAR_VARIABLE},
    {0x1D, FCP_KIND_EF, FCP_CYCLIC},
    {0x20, FCP_KIND_DF, FCP_STRUCTURE_UNKNOWN},
};

static void read_schlumberger(const uint8_t *answer, const struct raw_type *types, size_t count,
                              struct fcp *out)
{
    size_t i;

    set_size(out, get_16(answer + 2));
    set_fid(out, get_16(answer + 4));
    out->life_cycle = answer[11] ? FCP_LIFE_ACTIVATED : FCP_LIFE_DEACTIVATED;
    for (i = 0; i < count; i++)
    {
        if (types[i].type != answer[6])
            continue;
        out->kind = types[i].kind;
        out->structure = types[i].structure;
    }
}

static void read_flex(const uint8_t *answer, size_t len, struct fcp *out)
{
    read_schlumberger(answer, flex_types, sizeof(flex_types) / sizeof(flex_types[0]), out);
    if (out->structure != FCP_LINEAR_FIXED && out->structure != FCP_CYCLIC)
        return;
    if (len > 14)
        set_record_length(out, answer[14]);
    if (len > 15)
        set_record_count(out, answer[15]);
}

static void read_raw(const uint8_t *answer, size_t len, enum fcp_layout layout, struct fcp *out)
{
    switch (layout)
    {
    case FCP_LAYOUT_GSM: read_gsm(answer, len, out); break;
    case FCP_LAYOUT_FLEX: read_flex(answer, len, out); break;
    case FCP_LAYOUT_CYBERFLEX:
        read_schlumberger(answer, cyberflex_types,
                          sizeof(cyberflex_types) / sizeof(cyberflex_types[0]), out);
        break;
    case FCP_LAYOUT_ISO:
    default: break;
    }
}

/* Records of one length: what the card did not count follows from the size. */
static void count_records(struct fcp *out)
{
    uint32_t count;

    if (out->has_record_count || !out->has_record_length || !out->has_size)
        return;
    if (out->structure != FCP_LINEAR_FIXED && out->structure != FCP_CYCLIC)
        return;
    count = out->size / out->record_length;
    if (count <= UINT16_MAX)
        set_record_count(out, (uint16_t)count);
}

void fcp_parse(const uint8_t *answer, size_t len, enum fcp_layout layout, struct fcp *out)
{
    enum size_source known = SIZE_NONE;

    memset(out, 0, sizeof(*out));
    if (!answer || !len)
        return;
    if (is_template(answer[0]))
    {
        read_template(answer, len, 0, out, &known);
        if (out->kind == FCP_KIND_UNKNOWN && !out->fdb && out->df_name_length)
            out->kind = FCP_KIND_DF;
    }
    else if (len >= RAW_MINIMUM)
    {
        read_raw(answer, len, layout, out);
        known = SIZE_OF_DATA;
    }
    if (known == SIZE_OF_DATA)
        count_records(out);
}

uint8_t fcp_descriptor(const struct fcp *fcp)
{
    if (fcp->kind == FCP_KIND_DF)
        return 0x38;
    switch (fcp->structure)
    {
    case FCP_TRANSPARENT: return 0x01;
    case FCP_LINEAR_FIXED: return 0x02;
    case FCP_LINEAR_VARIABLE: return 0x04;
    case FCP_CYCLIC: return 0x06;
    default: return 0;
    }
}

uint32_t fcp_data_unit(const struct fcp *fcp)
{
    uint32_t exponent = fcp->has_data_coding ? fcp->data_coding & 0x0Fu : 0;

    return exponent >= 2 ? (uint32_t)1 << (exponent - 1) : 1;
}
