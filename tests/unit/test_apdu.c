/*
 * Tests of dlls/iso7816/apdu.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/apdu.h"
#include "iso7816/codes.h"

static uint8_t data[APDU_MAX_LC + 1];

static void fill_data(void)
{
    size_t i;

    for (i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)(i * 7 + 1);
}

/* Expected bytes: header and length fields before the data, then the data, then Le. */
struct encoding
{
    uint32_t nc, ne;
    int extended;
    enum apdu_case kind;
    const char *head_t1, *tail_t1;
    const char *head_t0, *tail_t0; /* NULL: SC_INVALID_ARGUMENT under T=0 */
};

static const struct encoding encodings[] =
{
    {0, 0, 0, APDU_CASE_1, "00A40102", "", "00A4010200", ""},
    {0, 0, 1, APDU_CASE_1, "00A40102", "", "00A4010200", ""},
    {0, 1, 0, APDU_CASE_2, "00A4010201", "", "00A4010201", ""},
    {0, 255, 0, APDU_CASE_2, "00A40102FF", "", "00A40102FF", ""},
    {0, 256, 0, APDU_CASE_2, "00A4010200", "", "00A4010200", ""},
    {0, 256, 1, APDU_CASE_2, "00A40102000100", "", "00A4010200", ""},
    {0, 257, 0, APDU_CASE_2, "00A40102000101", "", "00A4010200", ""},
    {0, 65535, 0, APDU_CASE_2, "00A4010200FFFF", "", "00A4010200", ""},
    {0, 65536, 0, APDU_CASE_2, "00A40102000000", "", "00A4010200", ""},
    {1, 0, 0, APDU_CASE_3, "00A4010201", "", "00A4010201", ""},
    {255, 0, 0, APDU_CASE_3, "00A40102FF", "", "00A40102FF", ""},
    {1, 0, 1, APDU_CASE_3, "00A40102000001", "", "00A4010201", ""},
    {256, 0, 0, APDU_CASE_3, "00A40102000100", "", NULL, NULL},
    {65535, 0, 0, APDU_CASE_3, "00A4010200FFFF", "", NULL, NULL},
    {1, 1, 0, APDU_CASE_4, "00A4010201", "01", "00A4010201", ""},
    {255, 256, 0, APDU_CASE_4, "00A40102FF", "00", "00A40102FF", ""},
    {2, 257, 0, APDU_CASE_4, "00A40102000002", "0101", "00A4010202", ""},
    {256, 1, 0, APDU_CASE_4, "00A40102000100", "0001", NULL, NULL},
    {3, 3, 1, APDU_CASE_4, "00A40102000003", "0003", "00A4010203", ""},
    {65535, 65536, 0, APDU_CASE_4, "00A4010200FFFF", "0000", NULL, NULL},
};

static struct apdu apdu_of(const struct encoding *row)
{
    struct apdu apdu = {0x00, 0xA4, 0x01, 0x02, NULL, 0, 0, 0};

    apdu.data = row->nc ? data : NULL;
    apdu.nc = row->nc;
    apdu.ne = row->ne;
    apdu.extended = row->extended;
    return apdu;
}

/* Head, nc data bytes and tail in one buffer of exactly that size. */
static uint8_t *expected_bytes(const char *head, uint32_t nc, const char *tail, size_t *len)
{
    size_t head_len, tail_len;
    uint8_t *head_bytes = test_bytes(head, &head_len);
    uint8_t *tail_bytes = test_bytes(tail, &tail_len);
    uint8_t *all;

    *len = head_len + nc + tail_len;
    all = test_alloc(*len);
    memcpy(all, head_bytes, head_len);
    memcpy(all + head_len, data, nc);
    memcpy(all + head_len + nc, tail_bytes, tail_len);
    free(head_bytes);
    free(tail_bytes);
    return all;
}

static void check_encoding(size_t i, enum apdu_protocol protocol, const char *head,
                           const char *tail)
{
    struct apdu apdu = apdu_of(&encodings[i]);
    size_t len, out_len = 99;
    uint8_t *expected = expected_bytes(head, apdu.nc, tail, &len), *out = test_alloc(len);
    int32_t result = apdu_encode_for(&apdu, protocol, out, len, &out_len);

    ok(result == SC_OK, "row %zu, T=%d: result %x\n", i, protocol - 1, (unsigned)result);
    ok(out_len == len && !memcmp(out, expected, len),
       "row %zu, T=%d: %zu bytes, not %zu or others\n", i, protocol - 1, out_len, len);
    memset(out, 0xEE, len);
    result = apdu_encode_for(&apdu, protocol, out, len - 1, &out_len);
    ok(result == SC_INSUFFICIENT_BUFFER && !out_len, "row %zu, T=%d: too small gives %x\n", i,
       protocol - 1, (unsigned)result);
    ok(out[0] == 0xEE && out[len - 1] == 0xEE, "row %zu, T=%d: wrote\n", i, protocol - 1);
    free(out);
    free(expected);
}

static void check_refusal_t0(size_t i)
{
    struct apdu apdu = apdu_of(&encodings[i]);
    uint8_t out[300];
    size_t len = 99;

    ok(apdu_encode_for(&apdu, APDU_T0, out, sizeof(out), &len) == SC_INVALID_ARGUMENT && !len,
       "row %zu: not refused under T=0\n", i);
}

static void encoding(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(encodings); i++)
    {
        const struct encoding *row = &encodings[i];
        struct apdu apdu = apdu_of(row);

        ok(apdu_case_of(&apdu) == row->kind, "row %zu: case %d\n", i, apdu_case_of(&apdu));
        ok(apdu_needs_extended(&apdu) == (row->nc > 255 || row->ne > 256), "row %zu\n", i);
        check_encoding(i, APDU_T1, row->head_t1, row->tail_t1);
        if (row->head_t0)
            check_encoding(i, APDU_T0, row->head_t0, row->tail_t0);
        else
            check_refusal_t0(i);
    }
}

static void encoding_refuses(void)
{
    struct apdu apdu = {0, 0xA4, 0, 0, data, 1, 0, 0};
    uint8_t out[32];
    size_t len = 99;

    ok(apdu_encode(&apdu, out, sizeof(out), NULL) == SC_INVALID_ARGUMENT, "no len\n");
    ok(apdu_encode_for(&apdu, APDU_T0, out, sizeof(out), NULL) == SC_INVALID_ARGUMENT, "no len\n");
    ok(apdu_encode(NULL, out, sizeof(out), &len) == SC_INVALID_ARGUMENT && !len, "no apdu\n");
    ok(apdu_encode_for(NULL, APDU_T0, out, sizeof(out), &len) == SC_INVALID_ARGUMENT, "no apdu\n");
    ok(apdu_encode(&apdu, NULL, sizeof(out), &len) == SC_INVALID_ARGUMENT, "no out\n");
    apdu.data = NULL;
    ok(apdu_encode(&apdu, out, sizeof(out), &len) == SC_INVALID_ARGUMENT, "no data\n");
    apdu.data = data;
    apdu.nc = 65536;
    ok(apdu_encode(&apdu, out, sizeof(out), &len) == SC_INVALID_ARGUMENT, "nc 65536\n");
    apdu.nc = 1;
    apdu.ne = 65537;
    ok(apdu_encode(&apdu, out, sizeof(out), &len) == SC_INVALID_ARGUMENT, "ne 65537\n");
    ok(apdu_encode_for(&apdu, APDU_T0, out, sizeof(out), &len) == SC_INVALID_ARGUMENT, "T=0\n");
}

/* What was encoded comes back. */
static void parsing(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(encodings); i++)
    {
        const struct encoding *row = &encodings[i];
        int extended = (row->extended || row->nc > 255 || row->ne > 256) && (row->nc || row->ne);
        size_t len;
        uint8_t *bytes = expected_bytes(row->head_t1, row->nc, row->tail_t1, &len);
        struct apdu apdu;
        int32_t result = apdu_parse(bytes, len, &apdu);

        ok(result == SC_OK, "row %zu: result %x\n", i, (unsigned)result);
        ok(apdu.cla == 0 && apdu.ins == 0xA4 && apdu.p1 == 1 && apdu.p2 == 2, "row %zu\n", i);
        ok(apdu.nc == row->nc && apdu.ne == row->ne, "row %zu: nc %u ne %u\n", i, apdu.nc, apdu.ne);
        ok(!apdu.extended == !extended, "row %zu: extended %d\n", i, apdu.extended);
        ok(row->nc ? !memcmp(apdu.data, data, row->nc) : !apdu.data, "row %zu: data\n", i);
        free(bytes);
    }
}

static void parsing_refuses(void)
{
    static const char *const bad[] =
    {
        "", "00", "00A4", "00A400",
        "00A400000000",                   /* extended cut */
        "00A40000 02 00",                 /* data cut */
        "00A40000 01 AA BB CC",           /* a byte too many */
        "00A40000 000000 AA",             /* extended Lc 0 */
        "00A40000 000000 AABB",
        "00A40000 000002 AA",
        "00A40000 000001 AA BB",          /* Le of one byte in extended form */
        "00A40000 000001 AA BBCCDD",
    };
    struct apdu apdu;
    size_t i;

    for (i = 0; i < COUNT_OF(bad); i++)
    {
        size_t len;
        uint8_t *bytes = test_bytes(bad[i], &len);

        memset(&apdu, 0xEE, sizeof(apdu));
        ok(apdu_parse(bytes, len, &apdu) == SC_INVALID_ARGUMENT, "%s taken\n", bad[i]);
        ok(test_all_zero(&apdu, sizeof(apdu)), "%s: not cleared\n", bad[i]);
        free(bytes);
    }
    ok(apdu_parse(NULL, 4, &apdu) == SC_INVALID_ARGUMENT, "NULL taken\n");
    ok(apdu_parse(data, 4, NULL) == SC_INVALID_ARGUMENT, "no out\n");
}

/* Whatever parses must encode to the same bytes; nothing may be read past the end. */
static void check_hostile(const uint8_t *bytes, size_t len)
{
    uint8_t *exact = test_memdup(bytes, len), *out = test_alloc(len);
    struct apdu apdu;
    size_t out_len;

    if (apdu_parse(exact, len, &apdu) == SC_OK)
    {
        int32_t result = apdu_encode(&apdu, out, len, &out_len);

        ok(result == SC_OK && out_len == len && !memcmp(exact, out, len),
           "%zu bytes do not come back\n", len);
        ok(apdu_is_secret(&apdu) >= 0, "secret\n");
    }
    free(exact);
    free(out);
}

static void hostile(void)
{
    size_t i, len;

    for (i = 0; i < COUNT_OF(encodings); i++)
    {
        uint8_t *bytes;

        if (encodings[i].nc > 300)
            continue;
        bytes = expected_bytes(encodings[i].head_t1, encodings[i].nc, encodings[i].tail_t1, &len);
        while (len--)
            check_hostile(bytes, len);
        free(bytes);
    }
    for (i = 0; i < 20000; i++)
    {
        uint8_t *noise = test_noise(len = test_random() % 24);

        if (len > 5 && i % 2)
            noise[4] = (uint8_t)(i % 4 ? len - 5 - i % 3 % 2 : 0);
        if (len > 5 && i % 3)
            noise[1] = 0xC2;
        check_hostile(noise, len);
        free(noise);
    }
}

struct secrecy
{
    const char *bytes;
    int secret;
};

static const struct secrecy secrets[] =
{
    {"0020000104 31323334", 1},       /* VERIFY */
    {"00200001", 1},
    {"0021000003 730101", 1},
    {"0024000102 3132", 1},           /* CHANGE */
    {"0026000102 3132", 1},
    {"0028000102 3132", 1},
    {"002C000102 3132", 1},
    {"002D000102 3132", 1},
    {"A020000108 31323334FFFFFFFF", 1}, /* GSM */
    {"A024000102 3132", 1}, {"A026000102 3132", 1}, {"A028000102 3132", 1},
    {"A02C000102 3132", 1}, {"A088000002 3132", 1},
    {"F024000102 3132", 1}, {"F02C000102 3132", 1}, {"F02A000102 3132", 1}, /* Cryptoflex */
    {"C020000102 3132", 1},
    {"F010000002 3132", 1}, {"F0DA000102 3132", 1}, {"F000000002 3132", 1},
    {"B042000002 3132", 1}, {"B032000002 3132", 1}, {"80D4000002 3132", 1},
    {"80F4000002 3132", 1}, {"0014800002 3132", 1}, {"A014000002 3132", 1},
    {"1020000102 3132", 1},           /* chained */
    {"1024000102 3132", 1}, {"9020000102 3132", 1},
    {"0320000102 3132", 1}, {"4020000102 3132", 1},
    {"0082000102 3132", 1}, {"0086000002 7C00", 1}, {"0087000002 7C00", 1},
    {"0088000002 3132", 1}, {"1087000002 7C00", 1},
    {"80D8000002 3132", 1}, {"84D8000002 3132", 1}, {"80E2000002 3132", 1},
    {"00DA000102 3132", 1}, {"00DB3FFF02 3132", 1}, {"002A808602 3132", 1},
    {"0046000000", 1}, {"0047000000", 1},
    {"00C0000010", 1},                /* the reply to who knows what */
    {"A0C0000010", 1},
    {"0CB0000005 8701019900", 1},     /* secure messaging */
    {"04B0000005 8701019900", 1}, {"08B0000005 8701019900", 1}, {"1CB0000005 8701019900", 1},
    {"60B0000005 8701019900", 1}, {"84A4000002 3F00", 1}, {"94B2010400", 1},
    {"20B0000000", 1}, {"30B0000000", 1}, {"E0B0000000", 1}, {"F1B0000000", 1},
    {"00200001 000004 31323334", 1},  /* extended */
    {"00200001 000004 31323334 0000", 1},
    {"FF82000006 FFFFFFFFFFFF", 1}, {"FF86000005 0100046000", 1}, {"FF00000002 D44A", 1},
    {"FFD6000310 FFFFFFFFFFFFFF078069FFFFFFFFFFFF", 1}, /* a MIFARE sector's keys */
    {"FFD6002C04 31323334", 1},       /* a part of an Ultralight C's key */
    {"00C2000009 0020000104 31323334", 1}, /* ENVELOPE */
    {"00C200000E 00C2000009 0020000104 31323334", 1},
    {"00C2000000", 1}, {"00C20000", 1}, {"00C2000003 313233", 1}, {"A0C2000004 D1023132", 1},
    {"10C2000007 00A4000002 3F00", 1}, /* a piece of a chain */
    {"00C3000007 00A4000002 3F00", 1},
    {"80C2000007 00A4000002 3F00", 1},
    {"00C2000005 00B0000000", 1},     /* may be the end of a longer command */
    {"00C2000004 00B00000", 1},
    {"00C20000 00000B 00200001000004 31323334", 1},

    {"00C2000007 00A4000002 3F00", 0},
    {"00C200000C 00C2000007 00A4000002 3F00", 0},
    {"00C2000009 00A40000000002 3F00", 0},
    {"00A4000002 3F00", 0}, {"00B0000000", 0}, {"00B2010400", 0}, {"00D6000001 AA", 0},
    {"10D6000001 AA", 0}, {"A0A4000002 3F00", 0}, {"C0A4000002 3F00", 0}, {"F0E0000001 AA", 0},
    {"0084000008", 0}, {"00CA000000", 0}, {"00E2000001 AA", 0}, {"0022000001 AA", 0},
    {"B0A4000002 3F00", 0}, {"F0D6000002 3132", 0},
    {"80CA9F7F00", 0}, {"40B0000000", 0}, {"FFCA000000", 0}, {"FFB0000410", 0},
};

static void secrecy(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(secrets); i++)
    {
        size_t len;
        uint8_t *bytes = test_bytes(secrets[i].bytes, &len);
        struct apdu apdu;

        ok(apdu_parse(bytes, len, &apdu) == SC_OK, "%s\n", secrets[i].bytes);
        ok(apdu_is_secret(&apdu) == secrets[i].secret, "%s is%s secret\n", secrets[i].bytes,
           secrets[i].secret ? " not" : "");
        free(bytes);
    }
    ok(apdu_is_secret(NULL) == 1, "NULL\n");
}

/* No class opens what carries codes. */
static void secrecy_of_all_classes(void)
{
    static const uint8_t codes[] = {0x20, 0x21, 0x24, 0x25, 0x26, 0x28, 0x2C, 0x2D, 0x82, 0x86,
                                    0x87, 0x88, 0xD8};
    struct apdu apdu = {0, 0, 0, 0, data, 8, 0, 0};
    unsigned cla;
    size_t i;

    for (cla = 0; cla < 256; cla++)
    {
        for (i = 0; i < COUNT_OF(codes); i++)
        {
            apdu.cla = (uint8_t)cla;
            apdu.ins = codes[i];
            ok(apdu_is_secret(&apdu) == 1, "class %02X ins %02X\n", cla, codes[i]);
        }
    }
}

/* A long nest of ENVELOPEs ends. */
static void nested_envelopes(void)
{
    uint8_t *bytes = test_alloc(7 * 9000 + 7);
    struct apdu apdu;
    size_t i, len = 7;

    memcpy(bytes + 7 * 9000, "\x00\xA4\x00\x00\x02\x3F\x00", 7);
    for (i = 9000; i-- > 0; len += 7)
    {
        uint8_t head[7] = {0, 0xC2, 0, 0, 0, (uint8_t)(len >> 8), (uint8_t)(len & 0xFF)};

        memcpy(bytes + 7 * i, head, sizeof(head));
    }
    ok(apdu_parse(bytes, len, &apdu) == SC_OK, "nest of %zu bytes\n", len);
    ok(apdu_is_secret(&apdu) == 0, "SELECT inside\n");
    bytes[7 * 9000 + 1] = 0x20;
    ok(apdu_is_secret(&apdu) == 1, "VERIFY inside\n");
    free(bytes);
}

static void names(void)
{
    static const struct
    {
        uint8_t ins;
        const char *name;
    } rows[] = {
        {0xA4, "SELECT"},       {0xB0, "READ BINARY"},           {0xB1, "READ BINARY"},
        {0x20, "VERIFY"},       {0x2C, "RESET RETRY COUNTER"},   {0xC2, "ENVELOPE"},
        {0xC0, "GET RESPONSE"}, {0x88, "INTERNAL AUTHENTICATE"}, {0xFE, "TERMINATE CARD USAGE"},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        const char *name = apdu_instruction_name(rows[i].ins);

        ok(name && !strcmp(name, rows[i].name), "%02X\n", rows[i].ins);
    }
    ok(!apdu_instruction_name(0x00) && !apdu_instruction_name(0x6F), "unknown ones have a name\n");
}

START_TEST(apdu)
{
    fill_data();
    encoding();
    encoding_refuses();
    parsing();
    parsing_refuses();
    hostile();
    secrecy();
    secrecy_of_all_classes();
    nested_envelopes();
    names();
}
