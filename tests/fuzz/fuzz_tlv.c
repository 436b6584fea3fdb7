/*
 * BER-TLV and file control information.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: an answer to SELECT.
 */

#include "iso7816/fcp.h"
#include "fuzz.h"
#include "iso7816/tlv.h"

/* What was read and fits is written again with the same tag and value. */
static void check_written(const struct tlv *object)
{
    uint8_t *out = malloc(object->length + 8);
    struct tlv_writer writer = {out, object->length + 8, 0, 0};
    struct tlv again;

    if (!out)
        abort();
    tlv_put(&writer, object->tag, object->value, object->length);
    if (!writer.failed)
    {
        CHECK(tlv_find(out, writer.used, object->tag, &again));
        CHECK(again.length == object->length && again.whole_length == writer.used);
        CHECK(!again.length || !memcmp(again.value, object->value, again.length));
    }
    CHECK(writer.used <= writer.cap);
    free(out);
}

static void walk(const uint8_t *data, size_t size, unsigned depth)
{
    struct tlv_cursor cursor = {data, size};
    const uint8_t *end = data + size, *last = data;
    struct tlv object, found;

    while (tlv_next(&cursor, &object))
    {
        CHECK(object.whole >= last && object.value >= object.whole);
        CHECK(object.whole_length >= 2 && object.whole_length <= (size_t)(end - object.whole));
        CHECK(object.length <= (size_t)(end - object.value));
        CHECK(object.value + object.length == object.whole + object.whole_length);
        CHECK(object.tag && object.tag <= 0xFFFFFF);
        CHECK(cursor.at == object.whole + object.whole_length);
        CHECK(tlv_find(data, size, object.tag, &found) && found.whole <= object.whole);
        last = cursor.at;
        check_written(&object);
        if (depth < 4)
            walk(object.value, object.length, depth + 1);
    }
    CHECK(!cursor.left && fuzz_zero(&object, sizeof(object)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int layout;

    if (size > 2048)
        return 0;
    walk(data, size, 0);
    for (layout = FCP_LAYOUT_ISO; layout <= FCP_LAYOUT_CYBERFLEX; layout++)
    {
        struct fcp fcp;

        fcp_parse(data, size, (enum fcp_layout)layout, &fcp);
        CHECK(fcp.df_name_length <= FCP_MAX_DF_NAME);
        CHECK(!fcp.has_sfi || (fcp.sfi >= 1 && fcp.sfi <= 30));
        CHECK(fcp_data_unit(&fcp) >= 1);
        CHECK((fcp_data_unit(&fcp) & (fcp_data_unit(&fcp) - 1)) == 0);
    }
    return 0;
}
