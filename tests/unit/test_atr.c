/*
 * Tests of dlls/iso7816/atr.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/atr.h"
#include "iso7816/codes.h"

struct row
{
    const char *bytes;
    unsigned protocols;
    int first_protocol;
    const char *historical;
    int inverse, has_tck;
    int service_data;         /* -1: none */
    const char *capabilities; /* NULL: none */
    int no_mf, chaining, extended;
};

static const struct row rows[] =
{
    {"3B00", 1, 0, "", 0, 0, -1, NULL, 0, 0, 0},
    {"3F00", 1, 0, "", 1, 0, -1, NULL, 0, 0, 0},
    {"3B021450", 1, 0, "1450", 0, 0, -1, NULL, 0, 0, 0},
    /* Cryptoflex: TA1, TD1, TC2 */
    {"3B951540FF6801020202", 1, 0, "6801020202", 0, 0, -1, NULL, 0, 0, 0},
    {"3B80800101", 3, 0, "", 0, 1, -1, NULL, 0, 0, 0},          /* T=0, T=1 */
    {"3B8101AA00", 2, 1, "AA", 0, 1, -1, NULL, 0, 0, 0},
    {"3B8091 1F 00 AA", 3, 1, "", 0, 1, -1, NULL, 0, 0, 0},
    {"3B8081 1F 55", 2, 1, "", 0, 0, -1, NULL, 0, 0, 0},        /* T=15 is no protocol */
    {"3B801F 55", 1, 15, "", 0, 0, -1, NULL, 0, 0, 0},
    /* compact-TLV to the end */
    {"3B0880 31C1 73C001 C0 00", 1, 0, "8031C173C001C000", 0, 0, 0xC1, "C001C0", 1, 1, 1},
    {"3B0480 72C001", 1, 0, "8072C001", 0, 0, -1, "C001", 0, 0, 0},
    {"3B0380 71C0", 1, 0, "8071C0", 0, 0, -1, "C0", 0, 0, 0},
    {"3B0580 73C00180", 1, 0, "8073C00180", 0, 0, -1, "C00180", 0, 1, 0},
    {"3B0580 73C00140", 1, 0, "8073C00140", 0, 0, -1, "C00140", 0, 0, 1},
    {"3B0680 74C00180FF", 1, 0, "8074C00180FF", 0, 0, -1, NULL, 0, 0, 0},
    {"3B0280 70", 1, 0, "8070", 0, 0, -1, NULL, 0, 0, 0},
    {"3B0480 73C001", 1, 0, "8073C001", 0, 0, -1, NULL, 0, 0, 0}, /* cut */
    {"3B0480 320100", 1, 0, "80320100", 0, 0, -1, NULL, 0, 0, 0}, /* service data of two bytes */
    {"3B0580 51AA3180", 1, 0, "8051AA3180", 0, 0, 0x80, NULL, 0, 0, 0},
    /* category 00: a status indicator at the end is no object */
    {"3B0600 31C1 059000", 1, 0, "0031C1059000", 0, 0, 0xC1, NULL, 1, 0, 0},
    {"3B0500 31 059000", 1, 0, "0031059000", 0, 0, -1, NULL, 0, 0, 0},
    {"3B0300 31C1", 1, 0, "0031C1", 0, 0, -1, NULL, 0, 0, 0},
    {"3B0310 31C1", 1, 0, "1031C1", 0, 0, -1, NULL, 0, 0, 0},
    {"3B0180", 1, 0, "80", 0, 0, -1, NULL, 0, 0, 0},
    {"3B0F 0102030405060708090A0B0C0D0E0F", 1, 0, "0102030405060708090A0B0C0D0E0F", 0, 0, -1, NULL,
     0, 0, 0},
    /* a real one: T=0 and T=1, TA1, TA3, TB3, capabilities, TCK */
    {"3BDA18FF81B1FE751F030031F573C00160009000 1C", 2, 1, "0031F573C00160009000", 0, 1, 0xF5,
     "C00160", 1, 0, 1},
};

static const char *const bad[] =
{
    "", "3B", "3C00", "0000", "3B01", "3B0F0102", "3B10", "3B80", "3B8080", "3B8081", "3BF0111111",
    "3B8180", "3BFFFFFFFFFF", "3B020A",
    "3B0000000000000000000000000000000000000000000000000000000000000000 00",
};

/* Judged by ISO 7816-3 8.2 and pcsc-tools' ATR_analysis. */
static const struct
{
    const char *bytes;
    unsigned faults;
    int tck, right_tck; /* tck -1: none */
    int ta1, ta2;
} fault_rows[] =
{
    {"3B00", 0, -1, 0x00, -1, -1},
    {"3B00 00", ATR_TCK_NEEDLESS, 0x00, 0x00, -1, -1},
    {"3B00 01", ATR_TCK_NEEDLESS | ATR_TCK_WRONG, 0x01, 0x00, -1, -1},
    {"3B8080 01 01", 0, 0x01, 0x01, -1, -1},
    {"3B8080 01", ATR_TCK_MISSING, -1, 0x01, -1, -1},
    {"3B8080 01 02", ATR_TCK_WRONG, 0x02, 0x01, -1, -1},
    {"3B8080 01 01 99", ATR_BYTES_BEHIND, 0x01, 0x01, -1, -1},
    {"3B8001 81", 0, 0x81, 0x81, -1, -1}, /* T=1 alone */
    {"3B8000", 0, -1, 0x80, -1, -1},     /* TD1 says T=0 */
    {"3B801F 55", ATR_GLOBAL_FIRST | ATR_TCK_MISSING | ATR_SPECIFIC_UNKNOWN | ATR_RESERVED, -1,
     0xCA, -1, 0x55},
    {"3B8080 0F 0F", 0, 0x0F, 0x0F, -1, -1}, /* T=0 and T=15 need TCK */
    {"3B8080 0F", ATR_TCK_MISSING, -1, 0x0F, -1, -1},
    {"3B8081 00 01", ATR_PROTOCOL_ORDER, 0x01, 0x01, -1, -1},
    {"3B8081 01 00", 0, 0x00, 0x00, -1, -1},
    {"3B9011 10 00", 0, -1, 0x91, 0x11, 0x00},
    {"3B9011 00", 0, -1, 0x81, 0x11, -1},
    {"3B9071 00", ATR_RESERVED, -1, 0xE1, 0x71, -1},
    {"3B9091 00", 0, -1, 0x01, 0x91, -1},
    {"3B90E1 00", ATR_RESERVED, -1, 0x71, 0xE1, -1},
    {"3B901A 00", ATR_RESERVED, -1, 0x8A, 0x1A, -1},
    {"3B9010 00", ATR_RESERVED, -1, 0x80, 0x10, -1},
    {"3B8010 00", 0, -1, 0x90, -1, 0x00},
    {"3B8010 80", 0, -1, 0x10, -1, 0x80},
    {"3B8010 90", 0, -1, 0x00, -1, 0x90},
    {"3B8010 20", ATR_RESERVED, -1, 0xB0, -1, 0x20},
    {"3B8010 81", ATR_SPECIFIC_UNKNOWN, -1, 0x11, -1, 0x81},
    {"3B8011 81 10", 0, 0x10, 0x10, -1, 0x81},
    {"3BDA18FF81B1FE751F030031F573C00160009000 1C", 0, 0x1C, 0x1C, 0x18, -1},
};

static void fault_finding(void)
{
    struct atr atr;
    size_t i, len;

    for (i = 0; i < COUNT_OF(fault_rows); i++)
    {
        uint8_t *bytes = test_bytes(fault_rows[i].bytes, &len);

        ok(atr_parse(bytes, len, &atr) == SC_OK, "%s refused\n", fault_rows[i].bytes);
        ok(atr.faults == fault_rows[i].faults, "%s: faults %02X\n", fault_rows[i].bytes,
           atr.faults);
        ok((atr.has_tck ? atr.tck : -1) == fault_rows[i].tck &&
               atr.right_tck == fault_rows[i].right_tck,
           "%s: TCK %02X, right %02X\n", fault_rows[i].bytes, atr.tck, atr.right_tck);
        ok((atr.has_ta1 ? atr.ta1 : -1) == fault_rows[i].ta1 &&
               (atr.has_ta2 ? atr.ta2 : -1) == fault_rows[i].ta2,
           "%s: TA1 %02X, TA2 %02X\n", fault_rows[i].bytes, atr.ta1, atr.ta2);
        free(bytes);
    }
}

static void check_row(const struct row *row)
{
    size_t len, historical_len, capabilities_len;
    uint8_t *bytes = test_bytes(row->bytes, &len);
    uint8_t *historical = test_bytes(row->historical, &historical_len);
    uint8_t *capabilities =
        test_bytes(row->capabilities ? row->capabilities : "", &capabilities_len);
    struct atr atr;

    memset(&atr, 0xEE, sizeof(atr));
    ok(atr_parse(bytes, len, &atr) == SC_OK, "%s refused\n", row->bytes);
    ok(atr.protocols == row->protocols && atr.first_protocol == row->first_protocol,
       "%s: protocols %X, first %d\n", row->bytes, atr.protocols, atr.first_protocol);
    ok(atr.historical_length == historical_len &&
           !memcmp(atr.historical, historical, historical_len),
       "%s: historical\n", row->bytes);
    ok(atr.inverse == (unsigned)row->inverse && atr.has_tck == (unsigned)row->has_tck,
       "%s: inverse %d, TCK %d\n", row->bytes, atr.inverse, atr.has_tck);
    ok((atr.has_service_data ? atr.service_data : -1) == row->service_data, "%s: service data\n",
       row->bytes);
    ok(atr.has_capabilities == (row->capabilities != NULL) &&
           atr.capabilities_length == capabilities_len &&
           !memcmp(atr.capabilities, capabilities, capabilities_len),
       "%s: capabilities\n", row->bytes);
    ok(atr.no_mf == (unsigned)row->no_mf && atr.chaining == (unsigned)row->chaining &&
           atr.extended == (unsigned)row->extended,
       "%s: no MF %d, chaining %d, extended %d\n", row->bytes, atr.no_mf, atr.chaining,
       atr.extended);
    free(bytes);
    free(historical);
    free(capabilities);
}

static void parsing(void)
{
    struct atr atr;
    size_t i, len;

    for (i = 0; i < COUNT_OF(rows); i++)
        check_row(&rows[i]);
    for (i = 0; i < COUNT_OF(bad); i++)
    {
        uint8_t *bytes = test_bytes(bad[i], &len);

        memset(&atr, 0xEE, sizeof(atr));
        ok(atr_parse(bytes, len, &atr) == SC_INVALID_ARGUMENT, "%s taken\n", bad[i]);
        ok(test_all_zero(&atr, sizeof(atr)), "%s: not cleared\n", bad[i]);
        free(bytes);
    }
    ok(atr_parse(NULL, 2, &atr) == SC_INVALID_ARGUMENT, "NULL\n");
    ok(atr_parse((const uint8_t *)"\x3B", 2, NULL) == SC_INVALID_ARGUMENT, "no out\n");
}

static void hostile(void)
{
    size_t i, len;
    struct atr atr;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        size_t whole;
        uint8_t *bytes = test_bytes(rows[i].bytes, &whole);

        for (len = 0; len + rows[i].has_tck < whole; len++)
        {
            uint8_t *exact = test_memdup(bytes, len);

            ok(atr_parse(exact, len, &atr) == SC_INVALID_ARGUMENT, "%s cut to %zu\n", rows[i].bytes,
               len);
            free(exact);
        }
        free(bytes);
    }
    for (i = 0; i < 20000; i++)
    {
        uint8_t *noise = test_noise(len = test_random() % 36);

        if (len > 3 && i % 8)
        {
            noise[0] = 0x3B;
            noise[1] &= 0x7F;
            noise[2] = i % 2 ? 0x80 : noise[2];
        }
        if (atr_parse(noise, len, &atr) == SC_OK)
            ok(atr.historical_length <= 15 && atr.protocols && atr.capabilities_length <= 3,
               "round %zu\n", i);
        free(noise);
    }
}

static void matching(void)
{
    static const uint8_t atr[] = {0x3B, 0x95, 0x15, 0x40};
    static const uint8_t masked[] = {0x3B, 0x95, 0x00, 0x40}, mask[] = {0xFF, 0xFF, 0x00, 0xFF};
    static const uint8_t unmasked[] = {0x3B, 0x95, 0x15, 0x40}, other[] = {0x3B, 0x95, 0x00, 0x41};

    ok(atr_matches(atr, masked, mask, 4) == 1, "masked\n");
    ok(atr_matches(atr, unmasked, mask, 4) == 0, "a stored ATR is already masked\n");
    ok(atr_matches(atr, other, mask, 4) == 0, "other\n");
    ok(atr_matches(atr, other, mask, 3) == 1, "the end does not count\n");
    ok(atr_matches(NULL, NULL, NULL, 0) == 1, "nothing\n");
}

/* What stands behind the ATR does not count, and is not read. */
static void own_length(void)
{
    static const uint8_t t0[] = {0x3B, 0x02, 0x14, 0x50};
    static const uint8_t t1[] = {0x3B, 0x81, 0x01, 0x55, 0xD5};
    static const uint8_t both[] = {0x3B, 0xD1, 0x11, 0x00, 0x81, 0x01, 0xAA, 0xFA};
    static const uint8_t endless[ATR_MAX + 4] = {0x3B, 0xF0, [2 ... ATR_MAX + 3] = 0xF0};
    static const uint8_t none[] = {0x3C, 0x00};

    ok(atr_length(t0) == sizeof(t0), "T=0 alone has no TCK: %zu\n", atr_length(t0));
    ok(atr_length(t1) == sizeof(t1), "T=1 has one: %zu\n", atr_length(t1));
    ok(atr_length(both) == sizeof(both), "interface bytes: %zu\n", atr_length(both));
    ok(atr_length(endless) == 0, "it never ends\n");
    ok(atr_length(none) == 0, "no ATR\n");
}

START_TEST(atr)
{
    parsing();
    fault_finding();
    hostile();
    matching();
    own_length();
}
