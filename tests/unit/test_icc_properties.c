/*
 * The data objects that describe a file: getting them, setting them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_given.h"

#define FLEX_ATR "3B951540FF6301011234"
#define MF {"00A40000023F0000", "6F0A83023F008A0105820138" "9000"}
#define FLEX_DF(fid) \
    "0000" \
    "1000" fid "38" \
    "00000000" \
    "0106020001000000" \
    "9000"

static void check_found(int32_t result, int32_t expected, struct icc_tlv *found, int32_t count,
                        const char *text, int line)
{
    char hex[1200] = "";
    int32_t i;

    for (i = 0; i < count; i++)
    {
        strcat(hex, i ? " " : "");
        if (found[i].data)
            hex_format(found[i].data, (size_t)found[i].size, hex + strlen(hex), 300);
        else
            strcat(hex, found[i].size ? "?" : "-");
    }
    ok(result == expected && !strcmp(hex, text) && !found == !count,
       "line %d: %08x %s, expected %08x %s\n", line, (unsigned)result, hex, (unsigned)expected,
       text);
    icc_free(found);
}

#define EXPECT_PROPERTIES(type, text, filter, count, flags, expected, hex) \
    result = icc_properties(&icc, type, TEXT(text), filter, count, flags, &found, &found_count); \
    check_found(result, expected, found, found_count, hex, __LINE__)

#define EXPECT_CAPABILITIES(expected, hex) \
    result = icc_capabilities(&icc, NULL, 0, 0, &found, &found_count); \
    check_found(result, expected, found, found_count, hex, __LINE__)

#define FCI_1 \
    "6F11" \
    "83020001" \
    "80020190" \
    "820101" \
    "880108" \
    "8A0105" \
    "9000"

static void test_properties(void)
{
    static const char *const wanted[] = {"80", "8B00", "83", NULL};
    static const struct row rows[] =
    {
        {"00A4080002000100", FCI_1},
        {"00A4080002000100", FCI_1},
        {"00A4080002000100", FCI_1},
        {"00A4080002000100", "6F0A" "6208" "820101" "A503" "800101" "9000"},
        {"00A4080002000100", "9000"},
        MF,
        {"00A4080002000100", FCI_1},
    };
    struct icc_tlv *found;
    int32_t found_count, result;
    struct script script;
    struct given given;
    struct icc icc;
    uint32_t handle;

    give(&given, wanted);
    START(&script, rows);
    script_icc_atr(&icc, &script, APDU_T1, "3B078031027300008090", 0);
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", NULL, 0, 0, SC_OK,
                      "83020001 80020190 820101 880108 8A0105");
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", given.objects, 3, 0, SC_OK, "80020190 - 83020001");
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", given.objects, 3, ICC_GET_ALL_PROPERTIES, SC_OK,
                      "83020001 80020190 820101 880108 8A0105");
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", NULL, 0, 0, SC_OK, "820101 A503800101");
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", NULL, 0, 0, SC_OK, "83020001");
    EXPECT_PROPERTIES(PATH_BY_SHORT_ID, "01", NULL, 0, 0, SC_UNSUPPORTED_FEATURE, "");
    EXPECT_PROPERTIES(PATH_BY_ID, "xyz", NULL, 0, 0, SC_INVALID_ARGUMENT, "");
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", NULL, 0, 0x10000, SC_INVALID_ARGUMENT, "");
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", NULL, 0, 1, SC_UNSUPPORTED_FEATURE, "");
    EXPECT_CAPABILITIES(SC_OK, "83023F00 8A0105 820138 430102 4703000080");
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT_CAPABILITIES(SC_OK, "83020001 80020190 820101 880108 8A0105 430102 4703000080");
    END(&script);
    icc_fini(&icc);
    take_back(&given);
}

/* An open file lends its FID to its short id. */
static void test_properties_short(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", FCI_1},
        {"00A4080002000100", FCI_1},
        {"00A4080002000100", FCI_1},
        {"00E40000020001", "9000"},
    };
    struct icc_tlv *found;
    int32_t found_count, result;
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    EXPECT_PROPERTIES(PATH_BY_SHORT_ID, "01", NULL, 0, 0, SC_OK,
                      "83020001 80020190 820101 880108 8A0105");
    EXPECT(icc_delete(&icc, PATH_BY_SHORT_ID, TEXT("01"), 0), SC_OK);
    END(&script);
    icc_fini(&icc);
}

static void test_properties_raw(void)
{
    static const struct row rows[] =
    {
        {"C0A40000023F0000", FLEX_DF("3F00")},
        {"C0A4000002000100", "0000" "0010" "0001" "01" "00000000" "0100" "0000" "9000"},
    };
    struct icc_tlv *found;
    int32_t found_count, result;
    struct script script;
    struct icc icc;

    START(&script, rows);
    script_icc_atr(&icc, &script, APDU_T1, FLEX_ATR, 0);
    EXPECT_PROPERTIES(PATH_BY_ID, "0001", NULL, 0, 0, SC_OK,
                      "80020010 820101 83020001 8A0105 850F000000100001010000000001000000");
    END(&script);
    icc_fini(&icc);
}

static void test_set_properties(void)
{
    static const char *const objects[] = {"860203FF", "8A0104", "5F500141", NULL};
    static const char *const identity[] = {"860203FF", "820101", NULL};
    static const char *const broken[] = {"860303FF", NULL};
    static const char *const long_tag[] = {"5F81010141", NULL};
    static const struct row rows[] =
    {
        {"00A4080002000100", "9000"},
        {"00DA00860203FF", "9000"},
        {"00A4080002000100", "9000"},
        {"00040000", "9000"},
        {"00A4080002000100", "9000"},
        {"00DA5F500141", "6A88"},
    };
    static const struct row stops[] =
    {
        {"00A4080002000100", "9000"},
        {"00DA00860203FF", "6982"},
    };
    struct script script;
    struct given given;
    struct icc icc;

    START(&script, rows);
    script_icc(&icc, &script);
    give(&given, objects);
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), given.objects, 3, 0),
           SC_UNSUPPORTED_FEATURE);
    NEXT(&script, "stops", stops);
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), given.objects, 3, 0),
           SC_SECURITY_VIOLATION);
    NOTHING(&script, "arguments");
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), given.objects, 0, 0),
           SC_INVALID_ARGUMENT);
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), NULL, 3, 0), SC_INVALID_ARGUMENT);
    EXPECT(
        icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), given.objects, 3, ICC_SECURE_MESSAGING),
        SC_UNSUPPORTED_FEATURE);
    take_back(&given);
    give(&given, identity);
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), given.objects, 2, 0),
           SC_UNSUPPORTED_FEATURE);
    take_back(&given);
    give(&given, broken);
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), given.objects, 1, 0),
           SC_INVALID_ARGUMENT);
    take_back(&given);
    give(&given, long_tag);
    EXPECT(icc_set_properties(&icc, PATH_BY_ID, TEXT("0001"), given.objects, 1, 0),
           SC_INVALID_ARGUMENT);
    take_back(&given);
    END(&script);
    icc_fini(&icc);
}

START_TEST(icc_properties)
{
    test_properties();
    test_properties_short();
    test_properties_raw();
    test_set_properties();
}
