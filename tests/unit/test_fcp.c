/*
 * Tests of dlls/iso7816/fcp.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/fcp.h"

#define UNSET (-1)

/* Numbers are UNSET when the answer does not tell them. */
struct answer
{
    const char *bytes;
    enum fcp_layout layout;
    enum fcp_kind kind;
    enum fcp_structure structure;
    enum fcp_life_cycle life_cycle;
    long size, fid, sfi, record_length, record_count;
    int internal;
    const char *df_name; /* hex */
};

#define ISO          FCP_LAYOUT_ISO
#define GSM          FCP_LAYOUT_GSM
#define FLEX         FCP_LAYOUT_FLEX
#define CYBERFLEX    FCP_LAYOUT_CYBERFLEX
#define NO_KIND      FCP_KIND_UNKNOWN
#define DF           FCP_KIND_DF
#define EF           FCP_KIND_EF
#define NO_STRUCTURE FCP_STRUCTURE_UNKNOWN
#define NO_LIFE      FCP_LIFE_UNKNOWN
#define ALIVE        FCP_LIFE_ACTIVATED
#define NOTHING      NO_KIND, NO_STRUCTURE, NO_LIFE, -1, -1, -1, -1, -1, 0, ""

static const struct answer answers[] =
{
    /* vsmartcard: MF, transparent EF, records, name */
    {"6F0A 83023F00 8A0105 820138", ISO, DF, NO_STRUCTURE, ALIVE, -1, 0x3F00, -1, -1, -1, 0, ""},
    {"6F15 83020001 8A0105 880108 80020190 81020190 820101", ISO, EF, FCP_TRANSPARENT, ALIVE, 400,
     1, 1, -1, -1, 0, ""},
    {"6215 80020020 820602000010 0002 83020002 8800 8A0105", ISO, EF, FCP_LINEAR_FIXED, ALIVE, 32,
     2, -1, 16, 2, 0, ""},
    {"6F08 8406A00000000102", ISO, DF, NO_STRUCTURE, NO_LIFE, -1, -1, -1, -1, -1, 0,
     "A00000000102"},
    {"6F0E 8407A0000000031010 A503880101", ISO, DF, NO_STRUCTURE, NO_LIFE, -1, -1, -1, -1, -1, 0,
     "A0000000031010"},
    {"", ISO, NOTHING},
    {"62", ISO, NOTHING},
    {"6200", ISO, NOTHING},
    {"6F00", ISO, NOTHING},

    /* sizes */
    {"6204 81020200", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, 512, -1, -1, -1, -1, 0, ""},
    {"6208 81020200 80020100", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, 256, -1, -1, -1, -1, 0, ""},
    {"6208 80020100 81020200", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, 256, -1, -1, -1, -1, 0, ""},
    {"6203 8001FF", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, 255, -1, -1, -1, -1, 0, ""},
    {"6206 800400010000", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, 65536, -1, -1, -1, -1, 0, ""},
    {"6207 80050000010000", ISO, NOTHING},
    {"6202 8000", ISO, NOTHING},

    /* descriptors */
    {"6203 820100", ISO, EF, NO_STRUCTURE, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820141", ISO, EF, FCP_TRANSPARENT, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820109", ISO, EF, FCP_TRANSPARENT, NO_LIFE, -1, -1, -1, -1, -1, 1, ""},
    {"6203 820111", ISO, EF, FCP_TRANSPARENT, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820103", ISO, EF, FCP_LINEAR_FIXED, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820104", ISO, EF, FCP_LINEAR_VARIABLE, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820105", ISO, EF, FCP_LINEAR_VARIABLE, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820106", ISO, EF, FCP_CYCLIC, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820107", ISO, EF, FCP_CYCLIC, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 820139", ISO, EF, FCP_TLV, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 82013A", ISO, EF, FCP_TLV, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 82013B", ISO, NOTHING},
    {"6203 820178", ISO, DF, NO_STRUCTURE, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8201B8", ISO, NOTHING},
    {"6202 8200", ISO, NOTHING},
    {"6209 820702210010000200", ISO, NOTHING},
    {"6205 8203022110", ISO, EF, FCP_LINEAR_FIXED, NO_LIFE, -1, -1, -1, 16, -1, 0, ""},
    {"6206 820402210110", ISO, EF, FCP_LINEAR_FIXED, NO_LIFE, -1, -1, -1, 272, -1, 0, ""},
    {"6207 82050221001003", ISO, EF, FCP_LINEAR_FIXED, NO_LIFE, -1, -1, -1, 16, 3, 0, ""},
    {"6208 820604210010 0103", ISO, EF, FCP_LINEAR_VARIABLE, NO_LIFE, -1, -1, -1, 16, 259, 0, ""},
    {"6205 8203022100", ISO, EF, FCP_LINEAR_FIXED, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    {"6205 8203012110", ISO, EF, FCP_TRANSPARENT, NO_LIFE, -1, -1, -1, -1, -1, 0, ""},
    /* counted from the size, when that is the size of the data */
    {"6209 8203062110 80020040", ISO, EF, FCP_CYCLIC, NO_LIFE, 64, -1, -1, 16, 4, 0, ""},
    {"6209 8203022110 81020048", ISO, EF, FCP_LINEAR_FIXED, NO_LIFE, 72, -1, -1, 16, -1, 0, ""},
    {"6209 8203042110 80020040", ISO, EF, FCP_LINEAR_VARIABLE, NO_LIFE, 64, -1, -1, 16, -1, 0, ""},
    {"620B 8203022101 800400100000", ISO, EF, FCP_LINEAR_FIXED, NO_LIFE, 0x100000, -1, -1, 1, -1,
     0, ""},

    /* ids, names, life cycle */
    {"6203 8301 3F", ISO, NOTHING},
    {"6205 83033F0000", ISO, NOTHING},
    {"6203 8801F0", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, -1, -1, 30, -1, -1, 0, ""},
    {"6203 880105", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, -1, -1, 5, -1, -1, 0, ""},
    {"6203 8801F8", ISO, NOTHING},
    {"6203 880100", ISO, NOTHING},
    {"6204 88020808", ISO, NOTHING},
    {"6202 8400", ISO, NOTHING},
    {"6213 8411 0102030405060708090A0B0C0D0E0F1011", ISO, NOTHING},
    {"6206 820101 840141", ISO, EF, FCP_TRANSPARENT, NO_LIFE, -1, -1, -1, -1, -1, 0, "41"},
    {"6203 8A0101", ISO, NO_KIND, NO_STRUCTURE, FCP_LIFE_CREATION, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8A0103", ISO, NO_KIND, NO_STRUCTURE, FCP_LIFE_INITIALISATION, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8A0107", ISO, NO_KIND, NO_STRUCTURE, ALIVE, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8A0104", ISO, NO_KIND, NO_STRUCTURE, FCP_LIFE_DEACTIVATED, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8A0106", ISO, NO_KIND, NO_STRUCTURE, FCP_LIFE_DEACTIVATED, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8A010C", ISO, NO_KIND, NO_STRUCTURE, FCP_LIFE_TERMINATED, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8A010F", ISO, NO_KIND, NO_STRUCTURE, FCP_LIFE_TERMINATED, -1, -1, -1, -1, -1, 0, ""},
    {"6203 8A0102", ISO, NOTHING},
    {"6204 8A020505", ISO, NOTHING},

    /* templates in templates; too deep; a lie about the length */
    {"6F0C 6204 83025000 6404 84024142", ISO, DF, NO_STRUCTURE, NO_LIFE, -1, 0x5000, -1, -1, -1, 0,
     "4142"},
    {"620A 6208 6206 6204 83025000", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, -1, 0x5000, -1, -1,
     -1, 0, ""},
    {"620C 620A 6208 6206 6204 83025000", ISO, NOTHING},
    {"6205 83025000", ISO, NOTHING},
    {"6208 83025000 8009", ISO, NOTHING},
    {"6206 83025000 8009", ISO, NO_KIND, NO_STRUCTURE, NO_LIFE, -1, 0x5000, -1, -1, -1, 0, ""},

    /* GSM 11.11 */
    {"0000 1234 3F00 01 0000000000 09 00", GSM, DF, NO_STRUCTURE, NO_LIFE, 0x1234, 0x3F00, -1, -1,
     -1, 0, ""},
    {"0000 1234 7F20 02 0000000000 09 00", GSM, DF, NO_STRUCTURE, NO_LIFE, 0x1234, 0x7F20, -1, -1,
     -1, 0, ""},
    {"0000 000A 2FE2 04 00 000000 01 02 00", GSM, EF, FCP_TRANSPARENT, ALIVE, 10, 0x2FE2, -1, -1,
     -1, 0, ""},
    {"0000 000A 2FE2 04 00 000000 00 02 00 00", GSM, EF, FCP_TRANSPARENT, FCP_LIFE_DEACTIVATED, 10,
     0x2FE2, -1, -1, -1, 0, ""},
    {"0000 0048 6F3A 04 00 000000 01 02 01 18", GSM, EF, FCP_LINEAR_FIXED, ALIVE, 72, 0x6F3A, -1,
     24, 3, 0, ""},
    {"0000 0009 6F39 04 00 000000 01 02 03 03", GSM, EF, FCP_CYCLIC, ALIVE, 9, 0x6F39, -1, 3, 3, 0,
     ""},
    {"0000 0009 6F39 04 00 000000 01 02 03 00", GSM, EF, FCP_CYCLIC, ALIVE, 9, 0x6F39, -1, -1, -1,
     0, ""},
    {"0000 0009 6F39 04 00 000000 01 02 02", GSM, EF, NO_STRUCTURE, ALIVE, 9, 0x6F39, -1, -1, -1, 0,
     ""},
    {"0000 0009 6F39 05 00 000000 01 02 02", GSM, NO_KIND, NO_STRUCTURE, NO_LIFE, 9, 0x6F39, -1, -1,
     -1, 0, ""},
    {"0000 0009 6F39 04 00 000000 01 02", GSM, NOTHING}, /* 13 bytes */

    /* Cryptoflex, Multiflex */
    {"0000 0100 0001 01 00 000000 01 00 00", FLEX, EF, FCP_TRANSPARENT, ALIVE, 256, 1, -1, -1, -1,
     0, ""},
    {"0000 0020 0002 02 00 000000 00 00 00 10 02", FLEX, EF, FCP_LINEAR_FIXED, FCP_LIFE_DEACTIVATED,
     32, 2, -1, 16, 2, 0, ""},
    {"0000 0020 0002 02 00 000000 01 00 00 10", FLEX, EF, FCP_LINEAR_FIXED, ALIVE, 32, 2, -1, 16, 2,
     0, ""},
    {"0000 0020 0002 06 00 000000 01 00 00 08 03", FLEX, EF, FCP_CYCLIC, ALIVE, 32, 2, -1, 8, 3, 0,
     ""},
    {"0000 0020 0002 04 00 000000 01 00 00 08 03", FLEX, EF, FCP_LINEAR_VARIABLE, ALIVE, 32, 2, -1,
     -1, -1, 0, ""},
    {"0000 0020 3F00 38 00 000000 01 00 00 08 03", FLEX, DF, NO_STRUCTURE, ALIVE, 32, 0x3F00, -1,
     -1, -1, 0, ""},
    {"0000 0020 3F00 99 00 000000 01 00 00 08 03", FLEX, NO_KIND, NO_STRUCTURE, ALIVE, 32, 0x3F00,
     -1, -1, -1, 0, ""},

    /* Cyberflex */
    {"0000 0020 3F00 20 00 000000 01 00 00", CYBERFLEX, DF, NO_STRUCTURE, ALIVE, 32, 0x3F00, -1, -1,
     -1, 0, ""},
    {"0000 0020 0001 02 00 000000 01 00 00 10 02", CYBERFLEX, EF, FCP_TRANSPARENT, ALIVE, 32, 1, -1,
     -1, -1, 0, ""},
    {"0000 0020 0001 0C 00 000000 01 00 00", CYBERFLEX, EF, FCP_LINEAR_FIXED, ALIVE, 32, 1, -1, -1,
     -1, 0, ""},
    {"0000 0020 0001 19 00 000000 01 00 00", CYBERFLEX, EF, FCP_LINEAR_VARIABLE, ALIVE, 32, 1, -1,
     -1, -1, 0, ""},
    {"0000 0020 0001 1D 00 000000 01 00 00", CYBERFLEX, EF, FCP_CYCLIC, ALIVE, 32, 1, -1, -1, -1, 0,
     ""},

    /* no template, and no other layout known; a template in spite of another layout */
    {"0000 0020 0001 01 00 000000 01 00 00", ISO, NOTHING},
    {"6204 83025000", GSM, NO_KIND, NO_STRUCTURE, NO_LIFE, -1, 0x5000, -1, -1, -1, 0, ""},
};

static void check_number(const char *bytes, const char *what, int has, unsigned long value,
                         long expected)
{
    ok(has == (expected != UNSET), "%s: has %s: %d\n", bytes, what, has);
    ok(value == (expected == UNSET ? 0 : (unsigned long)expected), "%s: %s %lu\n", bytes, what,
       value);
}

static void check_answer(const struct answer *row)
{
    size_t len, name_len;
    uint8_t *bytes = test_bytes(row->bytes, &len), *name = test_bytes(row->df_name, &name_len);
    struct fcp fcp;

    memset(&fcp, 0xEE, sizeof(fcp));
    fcp_parse(bytes, len, row->layout, &fcp);
    ok(fcp.kind == row->kind, "%s: kind %d\n", row->bytes, fcp.kind);
    ok(fcp.structure == row->structure, "%s: structure %d\n", row->bytes, fcp.structure);
    ok(fcp.life_cycle == row->life_cycle, "%s: life cycle %d\n", row->bytes, fcp.life_cycle);
    ok(fcp.internal == (unsigned)row->internal, "%s: internal %d\n", row->bytes, fcp.internal);
    check_number(row->bytes, "size", fcp.has_size, fcp.size, row->size);
    check_number(row->bytes, "fid", fcp.has_fid, fcp.fid, row->fid);
    check_number(row->bytes, "sfi", fcp.has_sfi, fcp.sfi, row->sfi);
    check_number(row->bytes, "record length", fcp.has_record_length, fcp.record_length,
                 row->record_length);
    check_number(row->bytes, "record count", fcp.has_record_count, fcp.record_count,
                 row->record_count);
    ok(fcp.df_name_length == name_len && !memcmp(fcp.df_name, name, name_len), "%s: name\n",
       row->bytes);
    free(bytes);
    free(name);
}

static void reading(void)
{
    struct fcp fcp;
    size_t i;

    for (i = 0; i < COUNT_OF(answers); i++)
        check_answer(&answers[i]);
    memset(&fcp, 0xEE, sizeof(fcp));
    fcp_parse(NULL, 20, FCP_LAYOUT_GSM, &fcp);
    ok(test_all_zero(&fcp, sizeof(fcp)), "NULL\n");
}

/* What every result has in common, whatever came in. */
static void check_sane(const uint8_t *bytes, size_t len, enum fcp_layout layout)
{
    uint8_t *exact = test_memdup(bytes, len);
    struct fcp fcp;

    fcp_parse(exact, len, layout, &fcp);
    ok(fcp.df_name_length <= FCP_MAX_DF_NAME && (!fcp.has_sfi || (fcp.sfi >= 1 && fcp.sfi <= 30)) &&
           (!fcp.has_record_length || fcp.record_length),
       "%zu bytes, layout %d\n", len, layout);
    ok(fcp_data_unit(&fcp) >= 1 && fcp_data_unit(&fcp) <= 16384, "data unit\n");
    free(exact);
}

static void hostile(void)
{
    static const uint8_t tags[] = {0x80, 0x81, 0x82, 0x83, 0x84, 0x88, 0x8A, 0x62, 0x6F, 0x64};
    size_t i, len, k;

    for (i = 0; i < COUNT_OF(answers); i++)
    {
        uint8_t *bytes = test_bytes(answers[i].bytes, &len);

        while (len--)
            check_sane(bytes, len, answers[i].layout);
        free(bytes);
    }
    for (i = 0; i < 20000; i++)
    {
        uint8_t *noise = test_noise(len = test_random() % 48);

        if (len && i % 2)
            noise[0] = 0x62;
        if (len > 1 && i % 2)
            noise[1] = (uint8_t)(len - 2 + i % 8 / 7);
        for (k = 2; k + 1 < len && i % 4 == 1; k += 2 + (noise[k + 1] &= 7))
            noise[k] = tags[noise[k] % COUNT_OF(tags)];
        check_sane(noise, len, (enum fcp_layout)(test_random() % 4));
        free(noise);
    }
}

static void data_units(void)
{
    static const struct
    {
        int has;
        uint8_t coding;
        uint32_t unit;
    } rows[] = {
        {0, 0, 1}, {0, 3, 1},    {1, 0, 1}, {1, 1, 1},    {1, 0x21, 1},
        {1, 2, 2}, {1, 0x22, 2}, {1, 3, 4}, {1, 0xF4, 8}, {1, 0x0F, 16384},
    };
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        struct fcp fcp;

        memset(&fcp, 0, sizeof(fcp));
        fcp.has_data_coding = rows[i].has != 0;
        fcp.data_coding = rows[i].coding;
        ok(fcp_data_unit(&fcp) == rows[i].unit, "coding %02X: %u\n", rows[i].coding,
           (unsigned)fcp_data_unit(&fcp));
    }
}

static void data_coding_and_descriptor_are_kept(void)
{
    struct fcp fcp;

    fcp_parse((const uint8_t *)"\x62\x04\x82\x02\x41\x23", 6, FCP_LAYOUT_ISO, &fcp);
    ok(fcp.fdb == 0x41 && fcp.has_data_coding && fcp.data_coding == 0x23, "fdb %02X, coding %02X\n",
       fcp.fdb, fcp.data_coding);
}

START_TEST(fcp)
{
    reading();
    hostile();
    data_units();
    data_coding_and_descriptor_are_kept();
}
