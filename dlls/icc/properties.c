/*
 * The data objects that describe a file: getting them, setting them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

#define MAX_OBJECTS 64

/* Data objects to be handed out. synthetic: a copy of the answer, and what no card sent. */
struct found
{
    struct tlv objects[MAX_OBJECTS];
    int count;
    uint8_t synthetic[2 * ICC_ANSWER_ROOM + 64];
    size_t synthetic_len;
};

static int is_template(uint32_t tag)
{
    return tag == 0x62 || tag == 0x64 || tag == 0x6F;
}

static void add_objects(struct found *found, const uint8_t *bytes, size_t len, int depth)
{
    struct tlv_cursor cursor = {bytes, len};
    struct tlv object;

    while (tlv_next(&cursor, &object))
    {
        if (is_template(object.tag) && depth < 3)
            add_objects(found, object.value, object.length, depth + 1);
        else if (found->count < MAX_OBJECTS)
            found->objects[found->count++] = object;
    }
}

static void add_synthetic(struct found *found, uint32_t tag, const uint8_t *value, size_t len)
{
    struct tlv_writer writer = {found->synthetic, sizeof(found->synthetic),
                                found->synthetic_len, 0};
    size_t start = writer.used;

    tlv_put(&writer, tag, value, len);
    if (writer.failed)
        return;
    found->synthetic_len = writer.used;
    add_objects(found, found->synthetic + start, writer.used - start, 3);
}

static void add_fid(struct found *found, uint16_t fid)
{
    uint8_t bytes[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};

    add_synthetic(found, 0x83, bytes, 2);
}

static uint8_t life_cycle_of(const struct fcp *fcp)
{
    switch (fcp->life_cycle)
    {
    case FCP_LIFE_CREATION: return 0x01;
    case FCP_LIFE_INITIALISATION: return 0x03;
    case FCP_LIFE_ACTIVATED: return 0x05;
    case FCP_LIFE_DEACTIVATED: return 0x04;
    case FCP_LIFE_TERMINATED: return 0x0C;
    default: return 0x00;
    }
}

/* Answers of GSM and Cryptoflex cards, told as ISO 7816-4 would; the answer itself as 85. */
static void add_raw(struct found *found, const struct fcp *fcp, const uint8_t *answer, size_t len)
{
    uint8_t size[4] = {(uint8_t)(fcp->size >> 24), (uint8_t)(fcp->size >> 16),
                       (uint8_t)(fcp->size >> 8), (uint8_t)fcp->size};
    uint8_t descriptor[6] = {fcp_descriptor(fcp), 0, (uint8_t)(fcp->record_length >> 8),
                             (uint8_t)fcp->record_length, (uint8_t)(fcp->record_count >> 8),
                             (uint8_t)fcp->record_count};
    uint8_t life_cycle = life_cycle_of(fcp);
    unsigned skip = fcp->size > 0xFFFF ? 0 : 2;

    if (fcp->has_size)
        add_synthetic(found, 0x80, size + skip, 4 - skip);
    if (fcp->has_record_length)
        add_synthetic(found, 0x82, descriptor, fcp->has_record_count ? 6 : 4);
    else if (descriptor[0])
        add_synthetic(found, 0x82, descriptor, 1);
    if (fcp->has_fid)
        add_fid(found, fcp->fid);
    if (life_cycle)
        add_synthetic(found, 0x8A, &life_cycle, 1);
    add_synthetic(found, 0x85, answer, len);
}

static void collect(struct found *found, const struct fcp *fcp, const uint8_t *answer, size_t len,
                    const struct path *path)
{
    if (len && is_template(answer[0]))
        add_objects(found, answer, len, 0);
    else if (len)
        add_raw(found, fcp, answer, len);
    if (!found->count && !path->sfi && path->count)
        add_fid(found, path->fids[path->count - 1]);
    else if (!found->count && path->root == PATH_FROM_MF && !path->sfi)
        add_fid(found, PATH_MF);
}

/* ---- handing out ---- */

/* The tag that a filter entry begins with. */
static int filter_tag(const struct icc_tlv *entry, uint32_t *tag)
{
    int32_t i = 0;

    if (entry->size <= 0 || !entry->data || !entry->data[0] || entry->data[0] == 0xFF)
        return 0;
    *tag = entry->data[i];
    if ((*tag & 0x1F) != 0x1F)
        return 1;
    do
    {
        if (++i >= entry->size || i > 2)
            return 0;
        *tag = *tag << 8 | entry->data[i];
    } while (entry->data[i] & 0x80);
    return 1;
}

/* The n-th object to hand out, or NULL. */
static const struct tlv *choose(const struct found *found, const struct icc_tlv *filter, int n)
{
    uint32_t tag = 0;

    if (!filter)
        return &found->objects[n];
    return filter_tag(&filter[n], &tag) ? tlv_pick(found->objects, found->count, tag) : NULL;
}

static int32_t hand_out(const struct found *found, const struct icc_tlv *filter, int32_t count,
                        struct icc_tlv **out, int32_t *out_count)
{
    struct icc_tlv *entries;
    size_t size = 0;
    uint8_t *at;
    int i;

    if (!filter)
        count = found->count;
    if (!count)
        return SC_OK;
    for (i = 0; i < count; i++)
    {
        const struct tlv *object = choose(found, filter, i);

        size += sizeof(*entries) + (object ? object->whole_length : 0);
    }
    entries = icc_alloc(size);
    if (!entries)
        return SC_OUT_OF_MEMORY;
    at = (uint8_t *)(entries + count);
    for (i = 0; i < count; i++)
    {
        const struct tlv *object = choose(found, filter, i);

        entries[i].size = object ? (int32_t)object->whole_length : 0;
        entries[i].data = object ? at : NULL;
        if (!object)
            continue;
        memcpy(at, object->whole, object->whole_length);
        at += object->whole_length;
    }
    *out = entries;
    *out_count = count;
    return SC_OK;
}

/* ---- GetProperties, GetFileCapabilities ---- */

static int32_t find_properties(struct icc *icc, struct icc_reference *ref, struct found *found)
{
    struct icc_target target;
    int32_t result;

    if (ref->path.sfi)
    {
        const struct icc_file *file = icc_file_by_short_id(icc, &ref->path);

        if (!file || !file->answer_len)
            return SC_UNSUPPORTED_FEATURE;
        ref->path = file->path;
    }
    result = icc_select_reference(icc, ref, ICC_WANT_ANY, &target);
    if (result)
        return result;
    /* What a target holds lives no longer than this call. */
    found->synthetic_len = target.len;
    memcpy(found->synthetic, target.answer, target.len);
    collect(found, &target.fcp, found->synthetic, target.len, &ref->path);
    return SC_OK;
}

/* Clears the out parameters and says whether the arguments will do; a filter that is none: NULL. */
static int32_t check_query(const struct icc_tlv **filter, int32_t count, uint32_t flags,
                           struct icc_tlv **found, int32_t *found_count)
{
    if (found)
        *found = NULL;
    if (found_count)
        *found_count = 0;
    if (count <= 0 || (flags & ICC_GET_ALL_PROPERTIES))
        *filter = NULL;
    if (!found || !found_count || count > 0xFFFF)
        return SC_INVALID_ARGUMENT;
    return icc_check_flags(flags);
}

int32_t icc_properties(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                       const struct icc_tlv *filter, int32_t filter_count, uint32_t flags,
                       struct icc_tlv **found, int32_t *found_count)
{
    struct found objects = {.count = 0};
    struct icc_reference ref;
    int32_t checked = check_query(&filter, filter_count, flags, found, found_count);
    int32_t result;

    if (checked == SC_INVALID_ARGUMENT)
        return checked;
    icc_start_call(icc);
    result = icc_refer(icc, type, text, length, &ref);
    if (result == SC_OK)
        result = checked;
    if (result == SC_OK)
        result = find_properties(icc, &ref, &objects);
    return result ? result : hand_out(&objects, filter, filter_count, found, found_count);
}

/* The file opened last of those still open, and of this card. */
static const struct icc_file *newest_file(const struct icc *icc)
{
    const struct icc_file *file = icc->files;

    while (file && file->generation != icc->generation)
        file = file->next;
    return file;
}

int32_t icc_capabilities(struct icc *icc, const struct icc_tlv *filter, int32_t filter_count,
                         uint32_t flags, struct icc_tlv **found, int32_t *found_count)
{
    const struct atr *atr = &icc->card.atr;
    const struct icc_file *file = newest_file(icc);
    struct found objects = {.count = 0};
    int32_t result = check_query(&filter, filter_count, flags, found, found_count);

    if (result)
        return result;
    icc_start_call(icc);
    if (file)
        collect(&objects, &file->fcp, file->answer, file->answer_len, &file->path);
    else if (icc->current.known)
    {
        struct icc_reference ref = {icc->current.path, icc->current.path};

        result = find_properties(icc, &ref, &objects);
    }
    if (result)
        return result;
    if (atr->has_service_data)
        add_synthetic(&objects, 0x43, &atr->service_data, 1);
    if (atr->has_capabilities)
        add_synthetic(&objects, 0x47, atr->capabilities, atr->capabilities_length);
    return hand_out(&objects, filter, filter_count, found, found_count);
}

/* ---- SetProperties ---- */

static int is_identity(uint32_t tag)
{
    return tag == 0x62 || tag == 0x6F || (tag >= 0x80 && tag <= 0x83);
}

/* 1 to activate, 0 to deactivate, -1 when the object is about something else. */
static int life_cycle_switch(const struct tlv *object)
{
    if (object->tag != 0x8A || object->length != 1)
        return -1;
    if (object->value[0] == 0x05 || object->value[0] == 0x07)
        return 1;
    return object->value[0] == 0x04 || object->value[0] == 0x06 ? 0 : -1;
}

static int32_t check_objects(const struct icc_tlv *objects, int32_t count)
{
    int32_t result = SC_OK;
    struct tlv object;
    int32_t i;

    if (!objects || count <= 0)
        return SC_INVALID_ARGUMENT;
    for (i = 0; i < count; i++)
    {
        if (!icc_is_object(&objects[i], &object) || object.tag > 0xFFFF)
            return SC_INVALID_ARGUMENT;
        if (is_identity(object.tag))
            result = SC_UNSUPPORTED_FEATURE;
    }
    return result;
}

static int32_t put_object(struct icc *icc, struct icc_reference *ref, const struct tlv *object)
{
    struct icc_target target;
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;

    result = icc_select_to_change(icc, ref, &target);
    if (result)
        return result;
    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = INS_PUT_DATA;
    cmd.p1 = (uint8_t)(object->tag >> 8);
    cmd.p2 = (uint8_t)object->tag;
    cmd.nc = (uint32_t)object->length;
    cmd.data = cmd.nc ? object->value : NULL;
    result = icc_send(icc, &cmd, 0, &reply);
    if (result)
        return result;
    if (reply.sw == SW_NO_REFERENCE)
        return SC_UNSUPPORTED_FEATURE;
    return sw_result(reply.sw, FOR_DATA_OBJECT);
}

int32_t icc_set_properties(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                           const struct icc_tlv *objects, int32_t count, uint32_t flags)
{
    int32_t checked = icc_check_flags(flags);
    int32_t allowed = check_objects(objects, count);
    struct icc_reference ref;
    int32_t result;
    int32_t i;

    if (checked == SC_INVALID_ARGUMENT || allowed == SC_INVALID_ARGUMENT)
        return SC_INVALID_ARGUMENT;
    icc_start_call(icc);
    result = icc_refer(icc, type, text, length, &ref);
    if (result || checked || allowed)
        return result ? result : SC_UNSUPPORTED_FEATURE;
    if (ref.path.sfi)
    {
        const struct icc_file *file = icc_file_by_short_id(icc, &ref.path);

        if (!file)
            return SC_UNSUPPORTED_FEATURE;
        ref.path = file->path;
    }
    for (i = 0; i < count && result == SC_OK; i++)
    {
        struct tlv object;
        int activate;

        if (!icc_is_object(&objects[i], &object))
            return SC_INVALID_ARGUMENT;
        activate = life_cycle_switch(&object);
        if (activate >= 0)
            result = icc_switch_file(icc, &ref, activate);
        else
            result = put_object(icc, &ref, &object);
    }
    return result;
}
