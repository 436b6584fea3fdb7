/*
 * Writing: chunks, flags, records, ends, failures on the way; and records of more than 256 bytes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_model.h"

#define SELECT_1 "00A4080002000100"
#define FCI_BYTES \
    "6F07" \
    "820101" \
    "80020010" \
    "9000"
#define FCI_FIXED \
    "6F08" \
    "820602000010" \
    "0002" \
    "9000"
#define FCI_CYCLIC \
    "6F08" \
    "820606000004" \
    "0003" \
    "9000"

static const uint8_t data[] = {0xAA, 0xBB, 0xCC, 0xDD};

/* 32 KiB in 255-byte chunks; beyond 32 KiB with the odd instruction. */
static void test_model(void)
{
    struct model model;
    struct icc icc;
    uint32_t handle = model_start(&model, &icc, 40000);
    uint8_t *noise = test_noise(40000);

    model.odd = 1;
    EXPECT(icc_write(&icc, handle, 40000, noise, 40000, 0), SC_OK);
    ok(!memcmp(model.bytes, noise, 40000), "contents\n");
    ok(model.writes - model.odd_writes == (32768 + 254) / 255, "%u even writes\n",
       model.writes - model.odd_writes);
    ok(model.selects == 1, "%u selects\n", model.selects);
    EXPECT(icc_write(&icc, handle, 1, noise, 1, 0), SC_WRITE_TOO_MANY);
    EXPECT(icc_seek(&icc, handle, 5, ICC_SEEK_BEGIN), SC_OK);
    EXPECT(icc_write(&icc, handle, 10, noise, 10, ICC_REPLACE), SC_OK);
    ok(!memcmp(model.bytes + 5, noise, 10), "contents\n");
    free(noise);
    model_end(&model, &icc);
}

static void test_update(void)
{
    static const struct row open[] = {{SELECT_1, FCI_BYTES}};
    static const struct row plain[] =
    {
        {"00D6000004AABBCCDD", "9000"},
        {"00D6000402AABB", "63C2"},
        {"00D6000601AA", "6381"},
    };
    static const struct row failing[] =
    {
        {"00D6000701AA", "6982"},
        {"00D6000701AA", "6581"},
        {"00D6000701AA", "6282"},
        {"00D6000701AA", "6B00"},
        {"00D6000701AA", "6A84"},
    };
    static const struct row erase[] =
    {
        {"000E000702" "0009", "9000"},
        {"000E0009", "9000"},
    };
    static const struct row rest[] = {{"000E0000", "9000"}};
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, open, &icc, &handle);
    NEXT(&script, "plain", plain);
    EXPECT(icc_write(&icc, handle, 4, data, 4, 0), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, ICC_REPLACE), SC_OK);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_OK);
    NEXT(&script, "failing", failing);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_SECURITY_VIOLATION);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_UNEXPECTED);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_UNEXPECTED);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_BAD_SEEK);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_WRITE_TOO_MANY);
    NEXT(&script, "erase", erase);
    EXPECT(icc_write(&icc, handle, 2, NULL, 0, ICC_ERASE), SC_OK);
    EXPECT(icc_write(&icc, handle, 7, NULL, 0, ICC_ERASE), SC_OK);
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    NEXT(&script, "rest", rest);
    EXPECT(icc_write(&icc, handle, 0, NULL, 0, ICC_ERASE), SC_OK);
    NOTHING(&script, "arguments");
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_WRITE_TOO_MANY);
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    EXPECT(icc_write(&icc, handle, 0, NULL, 0, 0), SC_OK);
    EXPECT(icc_write(&icc, handle, -1, data, 4, 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_write(&icc, handle, 5, data, 4, 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_write(&icc, handle, 4, NULL, 4, 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_write(&icc, handle, 4, data, 4, ICC_OR | ICC_AND), SC_INVALID_ARGUMENT);
    EXPECT(icc_write(&icc, handle, 4, data, 4, ICC_SECURE_MESSAGING), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_write(&icc, handle + 1, 4, data, 4, 0), SC_INVALID_ARGUMENT);
    /* Nothing says that this file can be or-ed into. */
    EXPECT(icc_write(&icc, handle, 4, data, 4, ICC_OR), SC_UNSUPPORTED_FEATURE);
    END(&script);
    icc_fini(&icc);
}

/* WRITE BINARY where the data coding byte says OR (bits 7 6 = 10) or AND (11). */
static void test_coding(void)
{
    static const struct row rows[] =
    {
        {SELECT_1, "6F08" "82020141" "80020010" "9000"},
        {"00D0000002AABB", "9000"},
        {SELECT_1, "6F08" "82020161" "80020010" "9000"},
        {"00D0000002AABB", "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, rows, &icc, &handle);
    EXPECT(icc_write(&icc, handle, 2, data, 4, ICC_OR), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, ICC_AND), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, ICC_AND), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, ICC_OR), SC_UNSUPPORTED_FEATURE);
    END(&script);
    icc_fini(&icc);
}

/* A later chunk fails: the error, and the position after what was written. */
static void test_failing_later(void)
{
    enum
    {
        LEN = 300
    };
    char first[2 * (5 + 255) + 1], second[2 * (5 + 45) + 1], half[2 * (5 + 128) + 1];
    char rest[2 * (5 + 127) + 1];
    struct row open = {SELECT_1, "6F07"
                                 "820101"
                                 "80020400"
                                 "9000"};
    struct row rows[] = {{first, "9000"}, {second, "6982"}};
    struct row smaller[] = {{first, "6700"}, {half, "9000"}, {rest, "9000"}};
    struct row again = {"00D600FF01AA", "9000"};
    uint8_t *zeros = calloc(1, LEN);
    struct script script;
    struct icc icc;
    uint32_t handle;

    sprintf(first, "00D60000FF%0510d", 0);
    sprintf(second, "00D600FF2D%090d", 0);
    sprintf(rest, "00D600807F%0254d", 0);
    sprintf(half, "00D6000080%0256d", 0);
    script_start(&script, "open", &open, 1);
    script_icc(&icc, &script);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    NEXT(&script, "later", rows);
    EXPECT(icc_write(&icc, handle, LEN, zeros, LEN, 0), SC_SECURITY_VIOLATION);
    script_next(&script, "position", &again, 1);
    EXPECT(icc_write(&icc, handle, 1, data, 1, 0), SC_OK);
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    /* A card that takes 128 bytes at a time. */
    NEXT(&script, "smaller", smaller);
    EXPECT(icc_write(&icc, handle, 255, zeros, LEN, 0), SC_OK);
    free(zeros);
    END(&script);
    icc_fini(&icc);
}

/* A long record that may have been appended is not appended again by shorter commands. */
static void test_append_long(void)
{
    static const struct row open[] =
    {
        {SELECT_1, "6F07" "82050200019001" "9000"},
    };
    static char append[20 + 2 * 300 + 1], previous[20 + 2 * 300 + 1];
    const struct row rows[] = {{append, "!80100016"}};
    const struct row cyclic[] = {{SELECT_1, "6F07" "82050600019001" "9000"},
                                 {previous, "!80100016"}};
    uint8_t *zeros = calloc(1, 300);
    struct script script;
    struct icc icc;
    uint32_t handle;

    sprintf(append,
            "00E200000000"
            "012C"
            "%0600d",
            0);
    sprintf(previous,
            "00DC00030000"
            "012C"
            "%0600d",
            0);
    memmove(append + 8, append + 10, strlen(append + 10) + 1);
    memmove(previous + 8, previous + 10, strlen(previous + 10) + 1);
    START(&script, open);
    script_icc_atr(&icc, &script, APDU_T1, EXTENDED_ATR, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_END), SC_OK);
    NEXT(&script, "append", rows);
    EXPECT(icc_write(&icc, handle, 300, zeros, 300, 0), SC_NOT_TRANSACTED);
    END(&script);
    icc_fini(&icc);
    START(&script, cyclic);
    script_icc_atr(&icc, &script, APDU_T1, EXTENDED_ATR, 0);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT(icc_write(&icc, handle, 300, zeros, 300, 0), SC_NOT_TRANSACTED);
    END(&script);
    icc_fini(&icc);
    free(zeros);
}

static void test_records(void)
{
    static const struct row open[] = {{SELECT_1, FCI_FIXED}};
    static const struct row rows[] =
    {
        {"00DC010404AABBCCDD", "9000"},
        {"00DC020402AABB", "9000"},
        {"00E2000002AABB", "9000"},
        {"00DC0304" "01AA", "6982"},
        {"000C0304", "9000"},
        {"00E2000001AA", "6A84"},
    };
    static const struct row cyclic[] =
    {
        {SELECT_1, FCI_CYCLIC},
        {"00DC000302AABB", "9000"},
        {"00DC020402AABB", "6981"},
    };
    static const uint8_t big[17] = {0};
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, open, &icc, &handle);
    NEXT(&script, "fixed", rows);
    EXPECT(icc_write(&icc, handle, 17, big, 17, 0), SC_WRITE_TOO_MANY);
    EXPECT(icc_write(&icc, handle, 4, data, 4, 0), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, 0), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, 0), SC_OK);
    EXPECT(icc_seek(&icc, handle, -1, ICC_SEEK_END), SC_OK);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_SECURITY_VIOLATION);
    EXPECT(icc_write(&icc, handle, 1, NULL, 0, ICC_ERASE), SC_OK);
    EXPECT(icc_write(&icc, handle, 1, data, 4, 0), SC_WRITE_TOO_MANY);
    NEXT(&script, "cyclic", cyclic);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, 0), SC_OK);
    EXPECT(icc_write(&icc, handle, 2, data, 4, 0), SC_UNSUPPORTED_FEATURE);
    END(&script);
    icc_fini(&icc);
}

static void test_short_id(void)
{
    static const struct row open[] = {{"00A40000023F0000", "9000"},
                                      {"00B0850001", "01"
                                                     "9000"}};
    static const struct row write[] =
    {
        {"00A40000023F0000", "9000"},
        {"00D6850002AABB", "9000"},
    };
    static const struct row more[] =
    {
        {"00B0000000", "AABB03" "9000"},
        {"00B0000100", "BB03" "9000"},
        {"00D6000202AABB", "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, open);
    script_icc(&icc, &script);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_SHORT_ID, TEXT("05"), &handle), SC_OK);
    icc_untrust(&icc, APDU_T1);
    NEXT(&script, "write", write);
    EXPECT(icc_write(&icc, handle, 2, data, 4, 0), SC_OK);
    NEXT(&script, "more", more);
    EXPECT(icc_write(&icc, handle, 2, data, 4, 0), SC_OK);
    END(&script);
    icc_fini(&icc);
}

#define BYTES_16  "000102030405060708090A0B0C0D0E0F"
#define BYTES_64  BYTES_16 BYTES_16 BYTES_16 BYTES_16
#define BYTES_256 BYTES_64 BYTES_64 BYTES_64 BYTES_64

/* Records above 256 bytes on a card without extended length fields: in parts or not at all. */
static void test_long_records(void)
{
    static const struct row fixed[] =
    {
        {SELECT_1, "6F08" "82060200" "012C0002" "9000"},
        {"00B2010400", BYTES_256 "6104"},
        {"00C0000004", "A0A1A2A3" "9000"},
        {"00B2020400", BYTES_256 "9000"}, /* and the other 44? */
    };
    static const struct row variable[] =
    {
        {SELECT_1, "6F08" "82060400" "012C0002" "9000"},
        {"00B2010400", BYTES_256 "9000"}, /* and more? */
        {"00B2010400", BYTES_256 "9000"},
    };
    static const struct row parts[] = {{"00B2010400", BYTES_256 "9000"}}; /* 61xx would announce */
    struct script script;
    struct icc icc;
    uint32_t handle;

    START_0001(&script, fixed, &icc, &handle);
    EXPECT_READ(&icc, handle, 300, SC_OK, BYTES_256 "A0A1A2A3");
    EXPECT_READ(&icc, handle, 300, SC_UNSUPPORTED_FEATURE, "");
    NEXT(&script, "variable", variable);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT_READ(&icc, handle, 300, SC_UNSUPPORTED_FEATURE, "");
    EXPECT_READ(&icc, handle, 256, SC_OK, BYTES_256);
    EXPECT(icc_seek(&icc, handle, 0, ICC_SEEK_BEGIN), SC_OK);
    NEXT(&script, "T=0", parts);
    icc.link.protocol = APDU_T0;
    EXPECT_READ(&icc, handle, 300, SC_OK, BYTES_256);
    END(&script);
    icc_fini(&icc);
}

/* Beyond 7FFF two heads go with the data: a card that takes no more at once gets single bytes. */
static void test_small_pieces(void)
{
    static const struct row rows[] =
    {
        {"00A40800020001" "00", "6F0B" "820101" "80029C40" "83020001" "9000"},
        {"00A40800020001" "00", "6F0B" "820101" "80029C40" "83020001" "9000"},
        {"00D7000007" "54028000" "5301AA", "9000"},
        {"00D7000007" "54028001" "5301BB", "9000"},
    };
    static const struct row refused[] =
    {
        {"00A40800020001" "00", "6F0B" "820101" "80029C40" "83020001" "9000"},
        {"00D7000007" "54028002" "5301AA", "6700"},
    };
    static const uint16_t sizes[] = {9, 8, 1};
    struct icc_profile profile = icc_profile_iso;
    struct script script;
    struct icc icc;
    uint32_t handle;
    size_t i;

    for (i = 0; i < COUNT_OF(sizes); i++)
    {
        START(&script, rows);
        script_icc(&icc, &script);
        profile.max_lc = sizes[i];
        icc_set_profile(&icc, &profile);
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F00/0001"), &handle), SC_OK);
        EXPECT(icc_seek(&icc, handle, 0x8000, ICC_SEEK_BEGIN), SC_OK);
        EXPECT(icc_write(&icc, handle, 2, data, 2, 0), SC_OK);
        NEXT(&script, "refused", refused);
        EXPECT(icc_write(&icc, handle, 2, data, 2, 0), SC_INVALID_PARAMETER);
        END(&script);
        icc_fini(&icc);
    }
}

START_TEST(icc_write)
{
    test_model();
    test_update();
    test_coding();
    test_failing_later();
    test_append_long();
    test_records();
    test_short_id();
    test_long_records();
    test_small_pieces();
}
