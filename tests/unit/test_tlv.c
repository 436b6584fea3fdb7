/*
 * Tests of dlls/iso7816/tlv.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/tlv.h"

/* The first object of bytes: tag 0 when there is none. */
struct first
{
    const char *bytes;
    uint32_t tag;
    size_t value_at, length, whole_at, whole_length;
};

static const struct first firsts[] =
{
    {"80021234", 0x80, 2, 2, 0, 4},
    {"8000", 0x80, 2, 0, 0, 2},
    {"0000FF80021234", 0x80, 5, 2, 3, 4},
    {"7F660102", 0x7F66, 3, 1, 0, 4},
    {"5F818201AA", 0, 0, 0, 0, 0},
    {"5F810201AA", 0x5F8102, 4, 1, 0, 5},
    {"8081021234", 0x80, 3, 2, 0, 5},
    {"808200021234", 0x80, 4, 2, 0, 6},
    {"80830000021234", 0x80, 5, 2, 0, 7},
    {"8084000000021234", 0x80, 6, 2, 0, 8},
    {"808500000000021234", 0, 0, 0, 0, 0},
    {"808012340000", 0, 0, 0, 0, 0},        /* indefinite */
    {"8084FFFFFFFF1234", 0, 0, 0, 0, 0},
    {"8083FFFFFF1234", 0, 0, 0, 0, 0},
    {"80031234", 0, 0, 0, 0, 0},
    {"80", 0, 0, 0, 0, 0},
    {"7F", 0, 0, 0, 0, 0},
    {"7F66", 0, 0, 0, 0, 0},
    {"8082", 0, 0, 0, 0, 0},
    {"808200", 0, 0, 0, 0, 0},
    {"0000FFFF", 0, 0, 0, 0, 0},
    {"", 0, 0, 0, 0, 0},
};

static void first_objects(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(firsts); i++)
    {
        const struct first *row = &firsts[i];
        size_t len;
        uint8_t *bytes = test_bytes(row->bytes, &len);
        struct tlv_cursor cursor = {bytes, len};
        struct tlv out;
        int found = tlv_next(&cursor, &out);

        ok(found == (row->tag != 0), "%s: found %d\n", row->bytes, found);
        ok(out.tag == row->tag && out.length == row->length, "%s: tag %X length %zu\n", row->bytes,
           (unsigned)out.tag, out.length);
        if (found)
        {
            ok(out.value == bytes + row->value_at, "%s: value\n", row->bytes);
            ok(out.whole == bytes + row->whole_at && out.whole_length == row->whole_length,
               "%s: whole\n", row->bytes);
            ok(cursor.at == out.value + out.length, "%s: cursor\n", row->bytes);
        }
        else
        {
            ok(test_all_zero(&out, sizeof(out)), "%s: not cleared\n", row->bytes);
            ok(!cursor.left && cursor.at == bytes + len, "%s: cursor not at the end\n", row->bytes);
            ok(!tlv_next(&cursor, &out), "%s: goes on\n", row->bytes);
        }
        free(bytes);
    }
}

static void finding(void)
{
    size_t len;
    uint8_t *bytes = test_bytes("8001AA 00 6204 8301BB81 FF 8302CCDD 8101EE", &len);
    struct tlv_cursor empty = {NULL, 0};
    struct tlv out;

    ok(tlv_find(bytes, len, 0x83, &out) && out.length == 2 && out.value[0] == 0xCC, "83 on top\n");
    ok(tlv_find(bytes, len, 0x62, &out) && out.length == 4, "62\n");
    ok(tlv_find(bytes, len, 0x81, &out) && out.value[0] == 0xEE, "81\n");
    ok(!tlv_find(bytes, len, 0x85, &out) && !out.value, "85\n");
    ok(!tlv_find(NULL, 0, 0x85, &out), "nothing at all\n");
    ok(!tlv_next(&empty, &out), "empty cursor\n");
    free(bytes);
}

static void hostile(void)
{
    size_t i, len;

    for (i = 0; i < COUNT_OF(firsts); i++)
    {
        uint8_t *bytes = test_bytes(firsts[i].bytes, &len);

        while (len--)
        {
            uint8_t *exact = test_memdup(bytes, len);
            struct tlv_cursor cursor = {exact, len};
            struct tlv out;

            ok(!firsts[i].tag || !tlv_next(&cursor, &out), "%s cut to %zu\n", firsts[i].bytes, len);
            free(exact);
        }
        free(bytes);
    }
    for (i = 0; i < 20000; i++)
    {
        uint8_t *noise = test_noise(len = test_random() % 40);
        struct tlv_cursor cursor = {noise, len};
        struct tlv out;
        size_t objects = 0;
        unsigned sum = 0;

        while (tlv_next(&cursor, &out) && objects++ <= len)
        {
            while (out.whole_length)
                sum += out.whole[--out.whole_length];
        }
        ok(objects <= len && !cursor.left && sum < 256 * 40, "round %zu: %zu objects\n", i,
           objects);
        free(noise);
    }
}

struct put
{
    uint32_t tag;
    size_t length;
    const char *header; /* NULL: fails whatever the room */
};

static const struct put puts_made[] =
{
    {0x80, 0, "8000"}, {0x80, 1, "8001"}, {0x80, 0x7F, "807F"}, {0x80, 0x80, "808180"},
    {0x80, 0xFF, "8081FF"}, {0x80, 0x100, "80820100"}, {0x7F66, 2, "7F6602"},
    {0x5F8102, 2, "5F810202"}, {0x80, 0xFFFF, "8082FFFF"}, {0x80, 0x10000, "8083010000"},
    {0x80, 0x1000000, "808401000000"}, {0x1000000, 1, NULL},
};

static void check_put(const struct put *row, const uint8_t *value)
{
    size_t header_len, need;
    uint8_t *header = test_bytes(row->header ? row->header : "", &header_len), *out;
    struct tlv_writer writer = {NULL, 0, 0, 0};

    need = header_len + row->length;
    out = test_alloc(need);
    writer.out = out;
    writer.cap = need;
    tlv_put(&writer, row->tag, value, row->length);
    ok(writer.failed == !row->header, "tag %X: failed %d\n", (unsigned)row->tag, writer.failed);
    if (row->header)
    {
        ok(writer.used == need && !memcmp(out, header, header_len) &&
               (!row->length || !memcmp(out + header_len, value, row->length)),
           "%s\n", row->header);
        writer.cap = need - 1;
        writer.used = 0;
        tlv_put(&writer, row->tag, value, row->length);
        ok(writer.failed && !writer.used, "%s: too small\n", row->header);
        writer.cap = need;
        tlv_put(&writer, row->tag, value, row->length);
        ok(writer.failed && !writer.used, "%s: failure does not stick\n", row->header);
    }
    free(header);
    free(out);
}

static void writing(void)
{
    uint8_t *value = test_noise(0x1000000), out[8];
    struct tlv_writer writer = {NULL, 0, 0, 0};
    size_t i;

    for (i = 0; i < COUNT_OF(puts_made); i++)
        check_put(&puts_made[i], value);
    free(value);

    writer.out = out;
    writer.cap = sizeof(out);
    tlv_put_raw(&writer, (const uint8_t *)"abc", 3);
    tlv_put_raw(&writer, NULL, 0);
    tlv_put(&writer, 0x80, (const uint8_t *)"d", 1);
    ok(!writer.failed && writer.used == 6 &&
           !memcmp(out,
                   "abc\x80\x01"
                   "d",
                   6),
       "in a row\n");
    tlv_put_raw(&writer, (const uint8_t *)"efg", 3);
    ok(writer.failed && writer.used == 6, "too small for raw bytes\n");
    tlv_put_raw(&writer, (const uint8_t *)"e", 1);
    ok(writer.failed && writer.used == 6, "failure does not stick\n");

    writer.failed = 0;
    tlv_put(&writer, 0x80, NULL, 1);
    ok(writer.failed, "NULL with a length\n");
    writer.failed = 0;
    tlv_put_raw(&writer, NULL, 1);
    ok(writer.failed, "NULL with a length\n");
    writer.failed = 0;
    tlv_put(&writer, 0x80, (const uint8_t *)"d", SIZE_MAX - 2);
    ok(writer.failed && writer.used == 6, "a length that wraps\n");
}

START_TEST(tlv)
{
    first_objects();
    finding();
    hostile();
    writing();
}
