/*
 * Creating files: the template for CREATE FILE (ISO 7816-9) and its Cryptoflex form.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

#define TEMPLATE_ROOM 4096u
#define MAX_OBJECTS   64

/* The parsed arguments of Create. */
struct plan
{
    struct path parent;
    uint16_t fid;             /* 0 when the file has none yet */
    const struct path *named; /* the path whose name the new directory gets, or NULL */
    uint8_t sfi;
    struct tlv objects[MAX_OBJECTS];
    int count;
    int is_whole;       /* the only object is the whole template */
    const uint8_t *raw; /* a Cryptoflex header from the caller, or NULL */
    size_t raw_len;
    uint8_t body[TEMPLATE_ROOM];
    size_t body_len;
    struct fcp fcp; /* parsed from the template */
};

static const struct tlv *find(const struct plan *plan, uint32_t tag)
{
    return tlv_pick(plan->objects, plan->count, tag);
}

int icc_is_object(const struct icc_tlv *object, struct tlv *out)
{
    struct tlv_cursor cursor;

    if (object->size <= 0 || !object->data || !object->data[0] || object->data[0] == 0xFF)
        return 0;
    cursor.at = object->data;
    cursor.left = (size_t)object->size;
    return tlv_next(&cursor, out) && out->whole_length == (size_t)object->size;
}

static int32_t take_objects(struct plan *plan, const struct icc_tlv *objects, int32_t count)
{
    int i;

    if (!objects || count <= 0 || count > MAX_OBJECTS)
        return SC_INVALID_ARGUMENT;
    if (count == 1 && objects[0].data && objects[0].size >= 16 && objects[0].data[0] == 0xFF)
    {
        plan->raw = objects[0].data;
        plan->raw_len = (size_t)objects[0].size;
        return SC_OK;
    }
    for (i = 0; i < count; i++)
    {
        struct tlv object;

        if (!icc_is_object(&objects[i], &object) || find(plan, object.tag))
            return SC_INVALID_ARGUMENT;
        plan->objects[plan->count++] = object;
    }
    plan->is_whole = count == 1 && (plan->objects[0].tag == 0x62 || plan->objects[0].tag == 0x6F);
    return SC_OK;
}

/* Determines where the new file goes and what it is called there. */
static int32_t take_place(struct icc *icc, struct plan *plan, const struct icc_reference *ref)
{
    const struct path *path = &ref->path;

    if (path->sfi)
    {
        plan->sfi = path->sfi;
        plan->parent = *path;
        plan->parent.sfi = 0;
        return SC_OK;
    }
    if (path->count)
    {
        plan->parent = *path;
        plan->fid = plan->parent.fids[--plan->parent.count];
        plan->parent.fids[plan->parent.count] = 0;
        return SC_OK;
    }
    if (path->root != PATH_FROM_NAME || path->partial_name)
        return SC_INVALID_ARGUMENT;
    plan->named = path;
    if (icc->current.known)
        plan->parent = icc->current.path;
    return SC_OK;
}

static int is_number(const struct tlv *object, uint16_t number)
{
    return object->length == 2 && object->value[0] == number >> 8 &&
           object->value[1] == (number & 0xFF);
}

/* The caller's objects must not contradict the name of the file. */
static int32_t check_objects(const struct plan *plan, size_t data_len, uint32_t flags)
{
    const struct tlv *fid = find(plan, 0x83);
    const struct tlv *name = find(plan, 0x84);

    if (plan->is_whole || plan->raw)
        return SC_OK;
    if (fid && plan->fid && !is_number(fid, plan->fid))
        return SC_INVALID_ARGUMENT;
    if (name && plan->named &&
        (name->length != plan->named->name_length ||
         memcmp(name->value, plan->named->name, name->length)))
        return SC_INVALID_ARGUMENT;
    if (!find(plan, 0x82) && !plan->named)
        return SC_INVALID_ARGUMENT;
    return (flags & ICC_PREALLOCATE) && data_len > 0xFFFFFF ? SC_WRITE_TOO_MANY : SC_OK;
}

static void put_number(struct tlv_writer *writer, uint32_t tag, uint32_t number)
{
    uint8_t bytes[3] = {(uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    unsigned skip = number > 0xFFFF ? 0 : 1;

    tlv_put(writer, tag, bytes + skip, 3 - skip);
}

/* Writes the caller's object or, in its absence, the one that follows from the file's name. */
static void put_object(struct plan *plan, struct tlv_writer *writer, uint32_t tag, uint32_t size)
{
    const struct tlv *given = find(plan, tag);
    uint8_t byte;

    if (given)
        tlv_put_raw(writer, given->whole, given->whole_length);
    else if (tag == 0x82 && plan->named)
    {
        byte = 0x38;
        tlv_put(writer, tag, &byte, 1);
    }
    else if (tag == 0x83 && plan->fid)
        put_number(writer, tag, plan->fid);
    else if (tag == 0x84 && plan->named)
        tlv_put(writer, tag, plan->named->name, plan->named->name_length);
    else if (tag == 0x80 && size && !find(plan, 0x81))
        put_number(writer, tag, size);
    else if (tag == 0x88 && plan->sfi)
    {
        byte = (uint8_t)(plan->sfi << 3);
        tlv_put(writer, tag, &byte, 1);
    }
}

/* Builds the template 62 in plan->body. size: of the data to allocate for, or 0. */
static int32_t build_template(struct plan *plan, uint32_t size)
{
    static const uint8_t order[] = {0x82, 0x83, 0x84, 0x80, 0x81, 0x88, 0x8A};
    uint8_t inner[TEMPLATE_ROOM - 8];
    struct tlv_writer writer = {inner, sizeof(inner), 0, 0};
    struct tlv_writer outer = {plan->body, sizeof(plan->body), 0, 0};
    size_t i;

    if (plan->is_whole)
        tlv_put_raw(&outer, plan->objects[0].whole, plan->objects[0].whole_length);
    else
    {
        for (i = 0; i < sizeof(order); i++)
            put_object(plan, &writer, order[i], size);
        for (i = 0; i < (size_t)plan->count; i++)
        {
            if (!memchr(order, (int)(plan->objects[i].tag & 0xFF), sizeof(order)) ||
                plan->objects[i].tag > 0xFF)
                tlv_put_raw(&writer, plan->objects[i].whole, plan->objects[i].whole_length);
        }
        tlv_put(&outer, 0x62, inner, writer.used);
    }
    plan->body_len = outer.used;
    return writer.failed || outer.failed ? SC_INVALID_ARGUMENT : SC_OK;
}

/* ---- Cryptoflex ---- */

static uint32_t declared_size(const struct fcp *fcp)
{
    if (fcp->has_size)
        return fcp->size;
    if (fcp->has_record_length && fcp->has_record_count)
        return (uint32_t)fcp->record_length * fcp->record_count;
    return 0;
}

static int32_t build_flex_header(struct plan *plan)
{
    const struct tlv *access = find(plan, 0x86);
    const struct fcp *fcp = &plan->fcp;
    uint32_t size = declared_size(fcp);
    uint8_t type = fcp_descriptor(fcp); /* these cards use the values of ISO 7816-4 */
    uint8_t header[17] = {0xFF, 0xFF, 0, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0x01, 0x03, 0, 0, 0, 0};
    size_t len = 16;

    if (!type || !size || size > 0xFFFF || !fcp->has_fid)
        return SC_INVALID_ARGUMENT;
    header[2] = (uint8_t)(size >> 8);
    header[3] = (uint8_t)size;
    header[4] = (uint8_t)(fcp->fid >> 8);
    header[5] = (uint8_t)fcp->fid;
    header[6] = type;
    if (access && access->length == 3)
        memcpy(header + 8, access->value, 3);
    if (type == 0x02 || type == 0x06)
    {
        /* Length and number of records are single bytes. */
        if (!fcp->has_record_length || !fcp->record_length || fcp->record_length > 255 ||
            size / fcp->record_length > 255)
            return SC_INVALID_ARGUMENT;
        header[12] = 0x04;
        header[16] = (uint8_t)fcp->record_length;
        len = 17;
    }
    memcpy(plan->body, header, len);
    plan->body_len = len;
    return SC_OK;
}

/* Takes a header from the caller, and the fields of it that are needed later. */
static int32_t take_raw(struct plan *plan)
{
    if (plan->raw_len > sizeof(plan->body))
        return SC_INVALID_ARGUMENT;
    memcpy(plan->body, plan->raw, plan->raw_len);
    plan->body_len = plan->raw_len;
    plan->fcp.has_size = 1;
    plan->fcp.size = (uint32_t)(plan->raw[2] << 8 | plan->raw[3]);
    plan->fcp.has_fid = 1;
    plan->fcp.fid = (uint16_t)(plan->raw[4] << 8 | plan->raw[5]);
    plan->fcp.kind = plan->raw[6] == 0x38 ? FCP_KIND_DF : FCP_KIND_EF;
    return SC_OK;
}

/* The number of records, for P2. Returns SC_INVALID_ARGUMENT when there are too many. */
static int32_t flex_records(const struct plan *plan, uint8_t *records)
{
    uint32_t size = (uint32_t)(plan->body[2] << 8 | plan->body[3]), count = 0;

    if (plan->body_len >= 17 && plan->body[16])
        count = size / plan->body[16];
    *records = (uint8_t)count;
    return count <= 255 ? SC_OK : SC_INVALID_ARGUMENT;
}

/* ---- all cards ---- */

static int32_t send_create(struct icc *icc, struct plan *plan)
{
    const struct icc_profile *profile = icc->card.profile;
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;

    if (profile->create == ICC_CREATE_NONE)
        return SC_UNSUPPORTED_FEATURE;
    if (plan->raw && profile->create != ICC_CREATE_FLEX)
        return SC_INVALID_ARGUMENT;
    memset(&cmd, 0, sizeof(cmd));
    if (profile->create == ICC_CREATE_FLEX && !plan->is_whole)
    {
        result = plan->raw ? SC_OK : build_flex_header(plan);
        if (result == SC_OK)
            result = flex_records(plan, &cmd.p2);
        if (result)
            return result;
    }
    cmd.data = plan->body;
    cmd.nc = (uint32_t)plan->body_len;
    result = icc_send_instruction(icc, &profile->create_file, &cmd, 0, &reply);
    if (result)
        return result;
    return sw_result(reply.sw, FOR_CREATE);
}

/* By its short id alone the new file can be found only if no other file has that id. */
static int32_t check_short_id(struct icc *icc, const struct plan *plan)
{
    struct icc_file file;
    struct path path = plan->parent;
    int32_t result;

    if (!plan->sfi || plan->fcp.has_fid)
        return SC_OK;
    memset(&file, 0, sizeof(file));
    path.sfi = plan->sfi;
    result = icc_file_open(icc, &path, &file);
    if (result == SC_OK)
        return SC_FILE_EXISTS;
    return result == SC_FILE_NOT_FOUND ? SC_OK : result;
}

/* The card may report less about the file than was requested at its creation. */
static void take_requested(struct fcp *fcp, const struct fcp *requested)
{
    if (!fcp->has_record_length && requested->has_record_length)
    {
        fcp->has_record_length = 1;
        fcp->record_length = requested->record_length;
    }
    if (fcp->structure == FCP_STRUCTURE_UNKNOWN)
        fcp->structure = requested->structure;
    if (!fcp->has_data_coding && requested->has_data_coding)
    {
        fcp->has_data_coding = 1;
        fcp->data_coding = requested->data_coding;
    }
}

static int32_t fill(struct icc *icc, const struct plan *plan, const uint8_t *data, size_t len)
{
    struct icc_file file;
    struct path path = plan->parent;
    int32_t result;

    memset(&file, 0, sizeof(file));
    path.sfi = plan->sfi;
    if (plan->fcp.has_fid)
    {
        path.sfi = 0;
        if (path.count >= PATH_MAX_COMPONENTS)
            return SC_INVALID_ARGUMENT;
        path.fids[path.count++] = plan->fcp.fid;
    }
    result = icc_file_open(icc, &path, &file);
    if (result == SC_OK)
        take_requested(&file.fcp, &plan->fcp);
    return result ? result : icc_file_fill(icc, &file, data, len);
}

static int32_t check_data(const struct plan *plan, size_t len)
{
    uint32_t size = declared_size(&plan->fcp);

    if (!len)
        return SC_OK;
    if (plan->fcp.kind == FCP_KIND_DF)
        return SC_INVALID_ARGUMENT;
    if (!plan->fcp.has_fid && !plan->sfi)
        return SC_INVALID_ARGUMENT;
    return size && len > size ? SC_WRITE_TOO_MANY : SC_OK;
}

static int32_t make_plan(struct icc *icc, struct plan *plan, const struct icc_reference *ref,
                         size_t data_len, uint32_t flags)
{
    int32_t result = take_place(icc, plan, ref);

    if (result == SC_OK)
        result = check_objects(plan, data_len, flags);
    if (result)
        return result;
    if (plan->raw)
        result = take_raw(plan);
    else
    {
        result = build_template(plan, flags & ICC_PREALLOCATE ? (uint32_t)data_len : 0);
        fcp_parse(plan->body, plan->body_len, FCP_LAYOUT_ISO, &plan->fcp);
    }
    return result ? result : check_data(plan, data_len);
}

int32_t icc_create(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                   const struct icc_tlv *objects, int32_t count, uint32_t flags,
                   const uint8_t *data, size_t data_len)
{
    struct icc_reference ref;
    struct plan *plan;
    int32_t flag_result = icc_check_flags(flags);
    int32_t result;

    if (flag_result == SC_INVALID_ARGUMENT || (data_len && !data))
        return SC_INVALID_ARGUMENT;
    plan = icc_alloc(sizeof(*plan));
    if (!plan)
        return SC_OUT_OF_MEMORY;
    memset(plan, 0, sizeof(*plan));
    icc_start_call(icc);
    result = take_objects(plan, objects, count);
    if (result == SC_OK)
        result = icc_refer(icc, type, text, length, &ref);
    if (result == SC_OK)
        result = make_plan(icc, plan, &ref, data_len, flags);
    if (result == SC_OK)
        result = flag_result;
    if (result == SC_OK)
        result = icc_settle_place(icc, &plan->parent);
    if (result == SC_OK)
        result = icc_ensure_dir(icc, &plan->parent);
    if (result == SC_OK && data_len)
        result = check_short_id(icc, plan);
    if (result == SC_OK)
        result = send_create(icc, plan);
    if (result == SC_OK && data_len)
        result = fill(icc, plan, data, data_len);
    icc_free(plan);
    return result;
}
