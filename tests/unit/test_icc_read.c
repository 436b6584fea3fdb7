/*
 * Reading and seeking: chunks, ends, short ids, records, failures on the way.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_model.h"

static void check_bytes(struct icc *icc, struct model *model, uint32_t handle, size_t offset,
                        int32_t want, size_t expected)
{
    int32_t bytes = want;
    uint8_t *data;
    int32_t result = icc_read(icc, handle, &bytes, &data, 0);

    ok(result == SC_OK && (size_t)bytes == expected &&
           !memcmp(data, model->bytes + offset, expected),
       "read %d at %u gave %08x, %d bytes\n", (int)want, (unsigned)offset, (unsigned)result,
       (int)bytes);
    icc_free(data);
}

/* 32 KiB are exactly 128 commands; a selection that is trusted is not made again. */
static void test_32k(void)
{
    struct model model;
    struct icc icc;
    uint32_t handle = model_start(&model, &icc, 32768);

    check_bytes(&icc, &model, handle, 0, 32768, 32768);
    ok(model.reads == 128 && model.selects == 1, "%u reads, %u selects\n", model.reads,
       model.selects);
    EXPECT(icc_seek(&icc, handle, 1000, ICC_SEEK_BEGIN), SC_OK);
    check_bytes(&icc, &model, handle, 1000, 10, 10);
    ok(model.reads == 129 && model.selects == 1, "%u reads, %u selects\n", model.reads,
       model.selects);
    EXPECT(icc_seek(&icc, handle, -10, ICC_SEEK_END), SC_OK);
    check_bytes(&icc, &model, handle, 32758, 0x7FFFFFFF, 10);
    EXPECT_READ(&icc, handle, 1, SC_EOF, "");
    ok(model.reads == 130, "%u reads\n", model.reads);
    /* Trust ends with exclusive use. */
    icc_set_exclusive(&icc, 0);
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    check_bytes(&icc, &model, handle, 0, 10, 10);
    ok(model.reads == 131 && model.selects == 2, "%u reads, %u selects\n", model.reads,
       model.selects);
    check_bytes(&icc, &model, handle, 10, 10, 10);
    ok(model.selects == 3, "%u selects\n", model.selects);
    model_end(&model, &icc);
}

/* Beyond 32 KiB the offset goes into a data object; cards that do not know that give a part. */
static void test_odd(void)
{
    struct model model;
    struct icc icc;
    uint32_t handle = model_start(&model, &icc, 70000);

    model.odd = 1;
    check_bytes(&icc, &model, handle, 0, 80000, 70000);
    ok(model.reads - model.odd_reads == 128, "%u even reads\n", model.reads - model.odd_reads);
    ok(model.odd_reads == (70000 - 32768 + 251) / 252, "%u odd reads\n", model.odd_reads);
    EXPECT(icc_seek(&icc, handle, 0x7FFF, ICC_SEEK_BEGIN), SC_OK);
    check_bytes(&icc, &model, handle, 0x7FFF, 300, 300);
    model.odd = 0;
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    check_bytes(&icc, &model, handle, 0, 80000, 32768);
    EXPECT_READ(&icc, handle, 10, SC_UNSUPPORTED_FEATURE, "");
    model_end(&model, &icc);
}

/* A size that is not known, answers shorter than asked for, cards that take less than 256. */
static void test_shapes(void)
{
    static const struct
    {
        size_t size, max_answer;
        uint32_t max_le;
        unsigned reads;
    } cases[] = {
        {1000, 256, 256, 4},
        {1024, 256, 256, 5},  /* the fifth is told that this is the end */
        {1000, 256, 255, 5},  /* one refusal */
        {1000, 256, 128, 10}, /* two */
    };
    struct model model;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        uint32_t handle = model_start(&model, &icc, cases[i].size);

        EXPECT(icc_close(&icc, handle), SC_OK);
        model.tell_size = 0;
        model.max_answer = cases[i].max_answer;
        model.max_le = cases[i].max_le;
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
        EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_END), SC_BAD_SEEK);
        check_bytes(&icc, &model, handle, 0, 0x7FFFFFFF, cases[i].size);
        ok(model.reads == cases[i].reads, "case %u: %u reads\n", (unsigned)i, model.reads);
        EXPECT_READ(&icc, handle, 1, SC_EOF, "");
        model_end(&model, &icc);
    }
}

/* Where nobody says how long the file is a short answer ends it; but what is read behind it shows
 * that this card gives less than it is asked for. */
static void test_short_answers(void)
{
    struct model model;
    struct icc icc;
    uint32_t handle = model_start(&model, &icc, 1000);

    EXPECT(icc_close(&icc, handle), SC_OK);
    model.tell_size = 0;
    model.max_answer = 100;
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    check_bytes(&icc, &model, handle, 0, 0x7FFFFFFF, 100);
    ok(model.reads == 1, "%u reads\n", model.reads);
    check_bytes(&icc, &model, handle, 100, 0x7FFFFFFF, 900);
    EXPECT_READ(&icc, handle, 1, SC_EOF, "");
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    check_bytes(&icc, &model, handle, 0, 0x7FFFFFFF, 1000);
    model_end(&model, &icc);
}

/* Cards that answer 6C00 or 6700 behind the end, or where fewer bytes are left than are asked for;
 * the next file is read with as many at once as before. */
static void test_other_ends(void)
{
    static const struct
    {
        uint16_t end;
        int whole; /* no short answers: 6700 */
        size_t size;
        unsigned reads;
    } cases[] = {
        {0x6C00, 0, 1000, 4}, {0x6C00, 0, 1024, 5},
        {0x6700, 0, 1000, 4}, {0x6700, 0, 1024, 6}, /* one byte less and less is not there either */
        {0x6700, 1, 1024, 6}, {0x6700, 1, 1000, 19},
        {0x6700, 1, 100, 13}, {0x6C00, 0, 0, 2},
    };
    struct model model;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        uint32_t handle = model_start(&model, &icc, cases[i].size);

        EXPECT(icc_close(&icc, handle), SC_OK);
        model.tell_size = 0;
        model.end = cases[i].end;
        model.whole = cases[i].whole;
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
        if (cases[i].size)
            check_bytes(&icc, &model, handle, 0, 0x7FFFFFFF, cases[i].size);
        else
            EXPECT_READ(&icc, handle, 100, SC_EOF, "");
        ok(model.reads == cases[i].reads, "case %u: %u reads\n", (unsigned)i, model.reads);
        EXPECT_READ(&icc, handle, 300, SC_EOF, "");
        EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
        model.reads = 0;
        if (cases[i].size == 1024)
        {
            check_bytes(&icc, &model, handle, 0, 1024, 1024);
            ok(model.reads == 4, "case %u: again %u reads\n", (unsigned)i, model.reads);
        }
        model_end(&model, &icc);
    }
}

/* In what units a file counts is found out on all these cards. */
static void test_shapes_untold(void)
{
    static const struct
    {
        size_t size, max_answer;
        uint32_t max_le;
        uint16_t end;
        int whole;
        size_t got; /* at once: fewer end the file, as nobody says how long it is */
    } cases[] = {
        {1000, 256, 256, 0, 0, 1000},
        {1000, 256, 128, 0, 0, 1000},
        {1000, 100, 256, 0, 0, 1000},
        {1000, 256, 256, 0x6C00, 0, 1000},
        {1000, 256, 256, 0x6700, 0, 1000},
        {1000, 256, 256, 0x6700, 1, 1000},
        {100, 256, 256, 0x6700, 1, 100},
        {100, 256, 256, 0, 1, 0},
        {3, 256, 256, 0, 1, 0},
        {5000, 256, 16, 0, 0, 5000},
    };
    struct model model;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        uint32_t handle = model_start(&model, &icc, cases[i].size);
        const uint8_t byte[] = {(uint8_t)~model.bytes[2]};

        EXPECT(icc_close(&icc, handle), SC_OK);
        model.tell_nothing = 1;
        model.max_answer = cases[i].max_answer;
        model.max_le = cases[i].max_le;
        model.end = cases[i].end;
        model.whole = cases[i].whole;
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
        if (cases[i].got)
            check_bytes(&icc, &model, handle, 0, 0x7FFFFFFF, cases[i].got);
        EXPECT(icc_seek(&icc, handle, 1, ICC_SEEK_BEGIN), SC_OK);
        check_bytes(&icc, &model, handle, 1, 2, 2);
        EXPECT(icc_seek(&icc, handle, 2, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 1, byte, 1, 0), SC_OK);
        ok(model.bytes[2] == byte[0], "case %u: written elsewhere\n", (unsigned)i);
        model_end(&model, &icc);
    }
}

/* Where the size is told such an answer is no end. */
static void test_no_end(void)
{
    static const uint16_t answers[] = {0x6C00, 0x6700};
    struct model model;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(answers); i++)
    {
        uint32_t handle = model_start(&model, &icc, 1000);
        int32_t bytes = 1000;
        uint8_t *data;

        model.fail_at = 3;
        model.fail_with = answers[i];
        ok(icc_read(&icc, handle, &bytes, &data, 0) != SC_OK && !bytes && !data, "%04x: %d bytes\n",
           answers[i], (int)bytes);
        model_end(&model, &icc);
    }
}

/* The odd instruction's answer is longer than what was asked for, or lacks its end. */
static void test_odd_answers(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", "6F05820101" "8100" "9000"},
        {"00B10000045402" "8000" "00", "5305AABB" "9000"},
        {"00B10000045402" "8002" "00", "538201F0CCDD" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, rows, &icc, &handle);
    EXPECT(icc_seek(&icc, handle, 0x8000, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, handle, 2, SC_OK, "AABB");
    EXPECT_READ(&icc, handle, 2, SC_OK, "CCDD");
    END(&script);
    icc_fini(&icc);
}

#define HEX_4(byte)   byte byte byte byte
#define HEX_16(byte)  HEX_4(byte) HEX_4(byte) HEX_4(byte) HEX_4(byte)
#define HEX_64(byte)  HEX_16(byte) HEX_16(byte) HEX_16(byte) HEX_16(byte)
#define HEX_256(byte) HEX_64(byte) HEX_64(byte) HEX_64(byte) HEX_64(byte)

/* Cards that send no object around the data may begin them like one. */
static void test_odd_bare(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", "6F05820101" "8100" "9000"},
        {"00B10000045402" "8000" "00", "5302AABBCCDD" "9000"},
        {"00B10000045402" "8000" "00", "11530253" "9000"},
        {"00B10000045402" "8001" "00", "53025300" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, rows, &icc, &handle);
    EXPECT(icc_seek(&icc, handle, 0x8000, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, handle, 4, SC_COMM_DATA_LOST, "");
    EXPECT_READ(&icc, handle, 1, SC_OK, "11");
    EXPECT_READ(&icc, handle, 4, SC_OK, "53025300");
    END(&script);
    icc_fini(&icc);
}

/* An object whose end is missing, or whose head is long, is not the end of the file. */
static void test_odd_goes_on(void)
{
    static const struct row cut[] =
    {
        {"00A4080002000100", "6F05820101" "8100" "9000"},
        {"00B10000045402" "8000" "00", "5303AABB" "9000"},
        {"00B10000045402" "8002" "00", "5301CC" "9000"},
    };
    static const struct row full[] =
    {
        {"00A4080002000100", "6F05820101" "8100" "9000"},
        {"00B10000045402" "8000" "00", "53830000FB" HEX_64("AB") HEX_64("AB") HEX_64("AB")
                                       HEX_16("AB") HEX_16("AB") HEX_16("AB")
                                       "ABABABABABABABABABABAB" "9000"},
        {"00B10000045402" "80FB" "00", "5301CC" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;
    int32_t bytes = 1000;
    uint8_t *data = NULL;

    START_0001(&script, cut, &icc, &handle);
    EXPECT(icc_seek(&icc, handle, 0x8000, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, handle, 1000, SC_OK, "AABBCC");
    END(&script);
    icc_fini(&icc);

    START_0001(&script, full, &icc, &handle);
    EXPECT(icc_seek(&icc, handle, 0x8000, ICC_SEEK_BEGIN), SC_OK);
    EXPECT(icc_read(&icc, handle, &bytes, &data, 0), SC_OK);
    ok(bytes == 252 && data && data[250] == 0xAB && data[251] == 0xCC, "%d bytes\n", (int)bytes);
    icc_free(data);
    END(&script);
    icc_fini(&icc);
}

/* A record of which the card can return no more than 256 bytes is asked for by an extended Le where
 * there is one, and else refused: it may be longer. */
static void test_long_record(void)
{
    static const struct row cut[] =
    {
        {"00A4080002000100", "6F08" "8206" "0400012C0008" "9000"},
        {"00B2010400", HEX_256("AB") "9000"},
    };
    static const struct row untold[] =
    {
        {"00A4080002000100", "9000"},
        {"00B0000000", "6981"},
        {"00B2010400", HEX_256("AB") "9000"},
    };
    static const struct row enough[] = {{"00B2010400", HEX_256("AB") "9000"}};
    static const struct row extended[] =
    {
        {"00A4080002000100", "9000"},
        {"00B0000000", "6981"},
        {"00B2010400", HEX_256("AB") "9000"},
        {"00B20104000000", HEX_256("AB") "CD" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;
    int32_t bytes = 1000;
    uint8_t *data = NULL;

    START_0001(&script, cut, &icc, &handle);
    EXPECT_READ(&icc, handle, 1000, SC_UNSUPPORTED_FEATURE, "");
    END(&script);
    icc_fini(&icc);

    START_0001(&script, untold, &icc, &handle);
    EXPECT_READ(&icc, handle, 1000, SC_UNSUPPORTED_FEATURE, "");
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    NEXT(&script, "enough", enough);
    EXPECT_READ(&icc, handle, 16, SC_OK, HEX_16("AB"));
    END(&script);
    icc_fini(&icc);

    START(&script, extended);
    script_icc_atr(&icc, &script, APDU_T1, EXTENDED_ATR, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT(icc_read(&icc, handle, &bytes, &data, 0), SC_OK);
    ok(bytes == 257 && data && data[256] == 0xCD, "%d bytes\n", (int)bytes);
    icc_free(data);
    END(&script);
    icc_fini(&icc);
}

/* A card that announces more and does not give it has not given the record. */
static void test_announced(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", "6F05" "8203020008" "9000"},
        {"00B2010400", "0102" "6106"},
        {"00C0000006", "6106"},
        {"00B2010400", "0102" "6106"},
        {"00C0000006", "030405060708" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, rows, &icc, &handle);
    EXPECT_READ(&icc, handle, 8, SC_COMM_DATA_LOST, "");
    EXPECT_READ(&icc, handle, 8, SC_OK, "0102030405060708");
    END(&script);
    icc_fini(&icc);
}

/* What a later chunk's failure does: the part, or nothing at all. */
static void test_failing_later(void)
{
    static const struct
    {
        uint16_t sw;
        int32_t result;
    } cases[] = {
        {0x0000, SC_REMOVED_CARD},
        {0x6982, SC_SECURITY_VIOLATION},
        {0x6981, SC_UNSUPPORTED_FEATURE},
        {0x6F00, SC_UNEXPECTED},
        {0x6581, SC_UNEXPECTED},
        {0x6282, SC_OK},
        {0x6281, SC_COMM_DATA_LOST},
        {0x6283, SC_NO_ACCESS},
        {0x6285, SC_NO_ACCESS},
        {0x6B00, SC_OK},
        {0x6A86, SC_OK},
    };
    struct model model;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        uint32_t handle = model_start(&model, &icc, 2000);

        EXPECT(icc_seek(&icc, handle, 5, ICC_SEEK_BEGIN), SC_OK);
        model.fail_at = 3;
        model.fail_with = cases[i].sw;
        if (cases[i].result == SC_OK)
            check_bytes(&icc, &model, handle, 5, 1000, 512);
        else
            EXPECT_READ(&icc, handle, 1000, cases[i].result, "");
        model.fail_at = 0;
        check_bytes(&icc, &model, handle, cases[i].result == SC_OK ? 517 : 5, 1000, 1000);
        /* After a transport failure the file is selected again. */
        ok(model.selects == (cases[i].sw ? 1 : 2), "%04x: %u selects\n", cases[i].sw,
           model.selects);
        model_end(&model, &icc);
    }
}

#define SELECT_1 "00A4080002000100"
#define TRANSPARENT \
    "6F03820101" \
    "9000"

static void test_first_failure(void)
{
    static const struct
    {
        const char *fci;
        int32_t position;
        const char *answer;
        int32_t result;
        const char *data;
    } cases[] = {
        {"9000", 0, "6B00", SC_EOF, ""},
        {TRANSPARENT, 9, "6B00", SC_EOF, ""},
        {"6F07"
         "82010180020100"
         "9000",
         9, "6B00", SC_BAD_SEEK, ""},
        {"9000", 0, "6282", SC_EOF, ""},
        {"9000", 0, "9000", SC_EOF, ""},
        {"9000", 0,
         "0102"
         "6282",
         SC_OK, "0102"},
        {"9000", 0,
         "0102"
         "6281",
         SC_COMM_DATA_LOST, ""},
        {TRANSPARENT, 9, "6A86", SC_BAD_SEEK, ""},
        {"9000", 0, "6A86", SC_INVALID_PARAMETER, ""},
        {TRANSPARENT, 9, "6A85", SC_BAD_SEEK, ""},
        {"9000", 0, "6A85", SC_INVALID_PARAMETER, ""},
        {TRANSPARENT, 9, "6A87", SC_BAD_SEEK, ""},
        {"9000", 0, "6A87", SC_INVALID_PARAMETER, ""},
        {"9000", 0, "9F04", SC_UNEXPECTED, ""}, /* GSM's, not this card's */
        {"9000", 0, "6982", SC_SECURITY_VIOLATION, ""},
        {"9000", 0, "6986", SC_NO_FILE, ""},
        {"9000", 0, "6D00", SC_UNSUPPORTED_FEATURE, ""},
        {"9000", 0, "6F00", SC_UNEXPECTED, ""},
        {"9000", 0, "!80100068", SC_RESET_CARD, ""},
        {"9000", 0, "", SC_COMM_DATA_LOST, ""},
        /* More than asked for is cut. */
        {"9000", 0,
         "01020304050607080900"
         "9000",
         SC_OK, "01020304"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        char read[] = "00B0000004";
        struct row open = {SELECT_1, cases[i].fci};
        struct row row = {read, cases[i].answer};

        read[7] = (char)('0' + cases[i].position);
        script_start(&script, cases[i].answer, &open, 1);
        script_icc(&icc, &script);
        icc_set_exclusive(&icc, 1);
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
        EXPECT(icc_seek(&icc, handle, cases[i].position, ICC_SEEK_RELATIVE), SC_OK);
        script_next(&script, cases[i].answer, &row, 1);
        EXPECT_READ(&icc, handle, 4, cases[i].result, cases[i].data);
        END(&script);
        icc_fini(&icc);
    }
}

/* 6Cxx and 61xx on the way, over T=0. */
static void test_t0(void)
{
    static const struct row rows[] =
    {
        {"00A40800020001", "6109"},
        {"00C0000009", "6F0782010180020014" "9000"},
        {"00B0000014", "6C0A"},
        {"00B000000A", "0102030405060708090A" "9000"},
        {"00B0000A0A", "6105"},
        {"00C0000005", "0102030405" "6105"},
        {"00C0000005", "060708090A" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc_atr(&icc, &script, APDU_T0, "3B00", 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT_READ(&icc, handle, 100, SC_OK, "0102030405060708090A0102030405060708090A");
    EXPECT_READ(&icc, handle, 100, SC_EOF, "");
    END(&script);
    icc_fini(&icc);
}

/* The control information claims more than there is; and one that cannot be parsed. */
static void test_lying_fci(void)
{
    static const struct row rows[] =
    {
        {SELECT_1, "6F078201018002FFFF" "9000"},
        {"00B0000000", "0102" "6282"},
    };
    static const struct row broken[] =
    {
        {SELECT_1, "6F7F82010180" "9000"},
        {"00B0000008", "0102" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, rows, &icc, &handle);
    EXPECT_READ(&icc, handle, 300, SC_OK, "0102");
    NEXT(&script, "broken", broken);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT_READ(&icc, handle, 8, SC_OK, "0102");
    END(&script);
    icc_fini(&icc);
}

static void test_records(void)
{
    static const struct row fixed[] = {{SELECT_1, "6F08"
                                                  "82060200"
                                                  "00100002"
                                                  "9000"}};
    static const struct row read[] =
    {
        {"00B2010400", "00112233" "9000"},
        {"00B2020400", "44556677" "6282"},
        {"00B2030400", "6A83"},
    };
    static const struct row cut[] =
    {
        {"00B2010400", "6700"},
        {"00B20104FF", "00112233" "9000"},
        {"00B20204FF", "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, fixed, &icc, &handle);
    NEXT(&script, "read", read);
    EXPECT_READ(&icc, handle, 100, SC_OK, "00112233");
    EXPECT_READ(&icc, handle, 100, SC_OK, "44556677");
    EXPECT_READ(&icc, handle, 100, SC_EOF, "");
    NOTHING(&script, "seek");
    EXPECT(icc_seek(&icc, handle, 3, ICC_SEEK_BEGIN), SC_BAD_SEEK);
    EXPECT(icc_seek(&icc, handle, -1, ICC_SEEK_BEGIN), SC_BAD_SEEK);
    EXPECT(icc_seek(&icc, handle, -3, ICC_SEEK_RELATIVE), SC_BAD_SEEK);
    EXPECT(icc_seek(&icc, handle, 1, ICC_SEEK_END), SC_BAD_SEEK);
    EXPECT(icc_seek(&icc, handle, 0, 3), SC_INVALID_ARGUMENT);
    EXPECT(icc_seek(&icc, handle + 1, 0, 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_seek(&icc, handle, -2, ICC_SEEK_END), SC_OK);
    NEXT(&script, "cut", cut);
    EXPECT_READ(&icc, handle, 2, SC_OK, "0011");
    EXPECT_READ(&icc, handle, 100, SC_OK, "");
    END(&script);
    icc_fini(&icc);
}

/* Nothing says that it is a record file but the card's refusal; the end is counted. */
static void test_unknown_structure(void)
{
    static const struct row rows[] =
    {
        {SELECT_1, "9000"},
        {"00B0000008", "6981"},
        {"00B2010400", "0011" "9000"},
    };
    static const struct row count[] =
    {
        {"00B2010400", "0011" "9000"},
        {"00B2020400", "0011" "9000"},
        {"00B2030400", "6A83"},
        {"00B2020400", "2233" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, rows, &icc, &handle);
    EXPECT_READ(&icc, handle, 8, SC_OK, "0011");
    NEXT(&script, "count", count);
    EXPECT(icc_seek(&icc, handle, -1, ICC_SEEK_END), SC_OK);
    EXPECT_READ(&icc, handle, 8, SC_OK, "2233");
    END(&script);
    icc_fini(&icc);
}

static void test_short_id(void)
{
    static const struct row rows[] =
    {
        {"00A4080002500000", "6F03820138" "9000"},
        {"00B0850001", "01" "9000"},
    };
    static const struct row current[] = {{"00B0000004", "01020304"
                                                        "9000"}};
    /* The first offset that is not 0 shows in what units the file counts. */
    static const struct row again[] =
    {
        {"00A4080002500000", "6F03820138" "9000"},
        {"00B0850000", "0102030405060708090A" "9000"},
        {"00B0000100", "02030405060708090A" "9000"},
        {"00B0000404", "05060708" "9000"},
    };
    static const struct row more[] =
    {
        {"00A4080002500000", "6F03820138" "9000"},
        {"00B0850802", "090A" "9000"},
    };
    static const struct row far[] =
    {
        {"00A4080002500000", "6F03820138" "9000"},
        {"00B0850001", "01" "9000"},
        {"00B0012C02", "AABB" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc(&icc, &script);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_SHORT_ID, TEXT("5000/05"), &handle), SC_OK);
    NEXT(&script, "current", current);
    EXPECT_READ(&icc, handle, 4, SC_OK, "01020304");
    icc_untrust(&icc, APDU_T1);
    NEXT(&script, "again", again);
    EXPECT_READ(&icc, handle, 4, SC_OK, "05060708");
    icc_untrust(&icc, APDU_T1);
    NEXT(&script, "more", more);
    EXPECT_READ(&icc, handle, 2, SC_OK, "090A");
    icc_untrust(&icc, APDU_T1);
    NEXT(&script, "far", far);
    EXPECT(icc_seek(&icc, handle, 300, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, handle, 2, SC_OK, "AABB");
    END(&script);
    icc_fini(&icc);
}

/* What the two touches of a file by short id mean. */
static void test_short_id_probe(void)
{
    static const struct
    {
        const char *binary, *record;
        int32_t result;
    } cases[] = {
        {"01"
         "9000",
         NULL, SC_OK},
        {"6982", NULL, SC_OK},
        {"6A82", NULL, SC_FILE_NOT_FOUND},
        {"6981",
         "0011"
         "9000",
         SC_OK},
        {"6986", "6A83", SC_OK},
        {"6D00", "6982", SC_OK},
        {"6981", "6A82", SC_FILE_NOT_FOUND},
        {"6B00", "6A86", SC_UNSUPPORTED_FEATURE},
        {"6A86", "6A81", SC_UNSUPPORTED_FEATURE},
        {"6A81", "6B00", SC_UNSUPPORTED_FEATURE},
        {"!80100069", NULL, SC_REMOVED_CARD},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        struct row rows[] =
        {
            {"00A40000023F0000", "9000"},
            {"00B09E0001", cases[i].binary},
            {"00B201F400", cases[i].record},
        };

        script_start(&script, cases[i].binary, rows, cases[i].record ? 3 : 2);
        script_icc(&icc, &script);
        EXPECT(icc_open(&icc, PATH_BY_SHORT_ID, TEXT("1E"), &handle), cases[i].result);
        END(&script);
        icc_fini(&icc);
    }
}

/* Offsets in units of the data coding byte: 03 means 4 bytes. */
static void test_data_unit(void)
{
    static const struct row rows[] =
    {
        {SELECT_1, "6F08" "82020103" "80021000" "9000"},
        {"00B0000204", "08090A0B" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, rows, &icc, &handle);
    EXPECT(icc_seek(&icc, handle, 8, ICC_SEEK_BEGIN), SC_OK);
    EXPECT_READ(&icc, handle, 4, SC_OK, "08090A0B");
    EXPECT(icc_seek(&icc, handle, 2, ICC_SEEK_RELATIVE), SC_OK);
    EXPECT_READ(&icc, handle, 4, SC_BAD_SEEK, "");
    END(&script);
    icc_fini(&icc);
}

/* An answer that ends within a unit is no end: the next one begins with that unit. */
static void test_within_unit(void)
{
    static const struct row rows[] =
    {
        {SELECT_1, "6F08" "82020104" "80020190" "9000"},
        {"00B0000000", HEX_64("AA") HEX_16("AA") HEX_16("AA") HEX_4("AA") "9000"},
        {"00B0000CCC", HEX_4("AA") HEX_64("BB") HEX_64("BB") HEX_64("BB") HEX_4("BB") HEX_4("BB")
                       "9000"},
    };
    static const struct row large[] =
    {
        {SELECT_1, "6F08" "8202010A" "800202BC" "9000"},
        {"00B0000000", HEX_256("AA") "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;
    int32_t bytes = 300;
    uint8_t *data = NULL;

    START_0001(&script, rows, &icc, &handle);
    EXPECT(icc_read(&icc, handle, &bytes, &data, 0), SC_OK);
    ok(bytes == 300 && data && data[99] == 0xAA && data[100] == 0xBB && data[299] == 0xBB,
       "%d bytes\n", (int)bytes);
    icc_free(data);
    END(&script);
    icc_fini(&icc);

    START_0001(&script, large, &icc, &handle);
    EXPECT_READ(&icc, handle, 700, SC_UNSUPPORTED_FEATURE, "");
    END(&script);
    icc_fini(&icc);
}

static void test_arguments(void)
{
    static const struct row rows[] = {{SELECT_1, "9000"}};
    struct script script;
    struct icc icc;
    uint32_t handle;
    int32_t bytes = -1;
    uint8_t *data;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), NULL), SC_INVALID_ARGUMENT);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT(icc_read(&icc, handle, &bytes, &data, 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_read(&icc, handle, NULL, &data, 0), SC_INVALID_ARGUMENT);
    bytes = 4;
    EXPECT(icc_read(&icc, handle, &bytes, &data, 0x10000), SC_INVALID_ARGUMENT);
    bytes = 4;
    EXPECT(icc_read(&icc, handle, &bytes, &data, ICC_SECURE_MESSAGING), SC_UNSUPPORTED_FEATURE);
    ok(bytes == 0 && !data, "%d bytes\n", (int)bytes);
    bytes = 4;
    EXPECT(icc_read(&icc, handle + 1, &bytes, &data, 0), SC_INVALID_ARGUMENT);
    EXPECT_READ(&icc, handle, 0, SC_OK, "");
    END(&script);
    icc_fini(&icc);
}

START_TEST(icc_read)
{
    test_32k();
    test_odd();
    test_shapes();
    test_short_answers();
    test_other_ends();
    test_shapes_untold();
    test_no_end();
    test_odd_answers();
    test_odd_bare();
    test_odd_goes_on();
    test_long_record();
    test_announced();
    test_failing_later();
    test_first_failure();
    test_t0();
    test_lying_fci();
    test_records();
    test_unknown_structure();
    test_short_id();
    test_short_id_probe();
    test_data_unit();
    test_within_unit();
    test_arguments();
}
