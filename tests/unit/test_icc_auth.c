/*
 * Authentication of card, application and user: nothing but the command itself, and that once.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_script.h"

#define MF {"00A40000023F0000", "9000"}

static void check_out(int32_t result, int32_t expected, int32_t length, uint8_t *out,
                      const char *hex, int line)
{
    char text[1200] = "";

    if (out)
        hex_format(out, (size_t)length, text, sizeof(text));
    ok(result == expected && !strcmp(text, hex) && (size_t)length == strlen(hex) / 2,
       "line %d: %08x %d %s, expected %08x %s\n", line, (unsigned)result, (int)length, text,
       (unsigned)expected, hex);
    icc_free(out);
}

#define CHALLENGE(algo, param, param_len, len, expected, hex) \
    length = len; \
    result = icc_get_challenge(&icc, algo, param, param_len, &length, &out); \
    check_out(result, expected, length, out, hex, __LINE__)

#define INTERNAL(algo, len, expected, hex) \
    length = len; \
    result = icc_internal_authenticate(&icc, algo, NULL, 0, data, 2, &length, &out); \
    check_out(result, expected, length, out, hex, __LINE__)

#define USER(algo, param_len, len, expected, hex) \
    length = len; \
    result = icc_user_authenticate(&icc, algo, param, param_len, data, 2, &length, &out); \
    check_out(result, expected, length, out, hex, __LINE__)

static void test_challenge(void)
{
    static const struct row rows[] =
    {
        {"0084000008", "0102030405060708" "9000"},
        {"0084000004", "0102030405060708" "9000"},
        {"0084020104", "01020304" "6104"},
        {"0084028104", "01020304" "9000"},
        {"0084000000", "6C08"},
        {"0084000008", "0102030405060708" "9000"},
        {"0084000004", "6700"},
        {"0084000004", "6D00"},
        {"0084000004", "!80100069"},
    };
    static const uint8_t key = 0x81;
    struct script script;
    struct icc icc;
    int32_t length, result;
    uint8_t *out;

    START(&script, rows);
    script_icc(&icc, &script);
    CHALLENGE(0, NULL, 0, 0, SC_OK, "0102030405060708");
    CHALLENGE(0, NULL, 0, 4, SC_OK, "01020304");
    CHALLENGE(0x102, NULL, 0, 4, SC_OK, "01020304");
    CHALLENGE(0x102, &key, 1, 4, SC_OK, "01020304");
    CHALLENGE(0, NULL, 0, 256, SC_OK, "0102030405060708");
    CHALLENGE(0, NULL, 0, 4, SC_INVALID_PARAMETER, "");
    CHALLENGE(0, NULL, 0, 4, SC_UNSUPPORTED_FEATURE, "");
    CHALLENGE(0, NULL, 0, 4, SC_REMOVED_CARD, "");
    CHALLENGE(0, NULL, 0, -1, SC_INVALID_ARGUMENT, "");
    CHALLENGE(0, NULL, 0, 257, SC_INVALID_ARGUMENT, "");
    CHALLENGE(0x10000, NULL, 0, 8, SC_INVALID_ARGUMENT, "");
    CHALLENGE(-1, NULL, 0, 8, SC_INVALID_ARGUMENT, "");
    CHALLENGE(0, &key, 2, 8, SC_INVALID_ARGUMENT, "");
    END(&script);
    icc_fini(&icc);
}

static void test_authenticate(void)
{
    static const uint8_t data[] = {0xAA, 0xBB};
    static const uint8_t param[] = {0x82};
    static const struct row rows[] =
    {
        MF,
        {"0088010002AABB00", "A1A2A3" "9000"},
        {"0088010002AABB02", "A1A2A3" "9000"},
        {"0088010002AABB00", "6C03"},
        {"0088010002AABB00", "6300"},
        {"0082010002AABB", "9000"},
        {"0082010002AABB", "63C2"},
        {"0082010002AABB", "63C0"},
        {"0082010002AABB", "6985"},
        {"0082010002AABB", "6A88"},
        {"0020008202AABB", "63C2"},
        {"0082018202AABB08", "A1A2" "9000"},
        {"0082018202AABB", "9000"},
    };
    struct script script;
    struct icc icc;
    int32_t length, result;
    uint8_t *out;

    START(&script, rows);
    script_icc(&icc, &script);
    INTERNAL(1, 0, SC_OK, "A1A2A3");
    INTERNAL(1, 2, SC_OK, "A1A2");
    INTERNAL(1, 0, SC_UNEXPECTED, "");
    INTERNAL(1, 0, SC_SECURITY_VIOLATION, "");
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, 2), SC_OK);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, 2), SC_SECURITY_VIOLATION);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, 2), SC_CHV_BLOCKED);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, 2), SC_SECURITY_VIOLATION);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, 2), SC_INVALID_PARAMETER);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, NULL, 0), SC_INVALID_ARGUMENT);
    USER(0, 1, 5, SC_WRONG_CHV, "");
    USER(1, 1, 8, SC_OK, "A1A2");
    USER(1, 1, 0, SC_OK, "");
    INTERNAL(1, -1, SC_INVALID_ARGUMENT, "");
    USER(0x10000, 1, 0, SC_INVALID_ARGUMENT, "");
    END(&script);
    icc_fini(&icc);
}

/* Data of 300 bytes: extended, chained, or not at all; never a second way after a refusal. */
static void test_long(void)
{
    enum
    {
        LEN = 300
    };
    char chained[2][2 * (5 + 255) + 1], extended[2 * (7 + LEN) + 1];
    struct row rows[2] = {{chained[0], "9000"}, {chained[1], "9000"}};
    struct row whole = {extended, "9000"};
    struct row mf = MF;
    uint8_t data[LEN];
    struct script script;
    struct icc icc;
    size_t i, at[3];

    memset(data, 0x5A, sizeof(data));
    at[0] = (size_t)sprintf(chained[0], "10820100FF");
    at[1] = (size_t)sprintf(chained[1], "008201002D");
    at[2] = (size_t)sprintf(extended, "0082010000012C");
    for (i = 0; i < LEN; i++)
    {
        at[i >= 255] += (size_t)sprintf(chained[i >= 255] + at[i >= 255], "5A");
        at[2] += (size_t)sprintf(extended + at[2], "5A");
    }

    script_start(&script, "neither", &mf, 1);
    script_icc_atr(&icc, &script, APDU_T1, "3B00", 0);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, LEN), SC_UNSUPPORTED_FEATURE);
    icc_fini(&icc);
    /* Historical bytes: compact TLV, 73 00 00 80: chaining. */
    script_next(&script, "mf", &mf, 1);
    script_icc_atr(&icc, &script, APDU_T1, "3B058073000080", 0);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00")), SC_OK);
    script_next(&script, "chained", rows, 2);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, LEN), SC_OK);
    rows[0].answer = "6883";
    script_next(&script, "chain broken", rows, 1);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, LEN), SC_UNEXPECTED);
    icc_fini(&icc);
    script_next(&script, "mf", &mf, 1);
    script_icc_atr(&icc, &script, APDU_T1, "3B0580730000C0", 0);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00")), SC_OK);
    script_next(&script, "extended", &whole, 1);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, LEN), SC_OK);
    whole.answer = "6700";
    script_next(&script, "refused", &whole, 1);
    EXPECT(icc_external_authenticate(&icc, 1, NULL, 0, data, LEN), SC_INVALID_PARAMETER);
    END(&script);
    icc_fini(&icc);
}

START_TEST(icc_auth)
{
    test_challenge();
    test_authenticate();
    test_long();
}
