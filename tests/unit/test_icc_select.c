/*
 * Selecting: the forms of SELECT, the values of P1, paths, names, directories.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_script.h"

/* Answers to SELECT, SW included. */
#define MF_FCI \
    "6F0A83023F008A0105820138" \
    "9000"
#define DF_FCI \
    "6F0A830250008A0105820138" \
    "9000"
#define DF2_FCI \
    "6F0A830251008A0105820138" \
    "9000"
#define EF_FCI \
    "6F118302000180020190820101880108" \
    "8A0105" \
    "9000"

static void test_forms(void)
{
    static const struct
    {
        const char *name;
        struct row rows[4];
        size_t count;
    } forms[] = {
        {"P2=00", {{"00A40800045000000100", EF_FCI}}, 1},
        {"P2=04", {{"00A40800045000000100", "6A86"}, {"00A40804045000000100", EF_FCI}}, 2},
        {"P2=0C",
         {{"00A40800045000000100", "6A81"},
          {"00A40804045000000100", "6700"},
          {"00A4080C0450000001", "9000"}},
         3},
        {"no Le",
         {{"00A40800045000000100", "6A80"},
          {"00A40804045000000100", "6B00"},
          {"00A4080C0450000001", "6A87"},
          {"00A408000450000001", "9000"}},
         4},
    };
    /* What worked is kept: the second Open goes there at once. */
    static const char *const again[] =
    {
        "00A40800045000000200", "00A40804045000000200", "00A4080C0450000002", "00A408000450000002"
    };
    struct script script;
    struct icc icc;
    uint32_t handle;
    size_t i;

    for (i = 0; i < COUNT_OF(forms); i++)
    {
        struct row second = {again[i], "9000"};

        script_start(&script, forms[i].name, forms[i].rows, forms[i].count);
        script_icc(&icc, &script);
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F00/5000/0001"), &handle), SC_OK);
        script_next(&script, forms[i].name, &second, 1);
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F00/5000/0002"), &handle), SC_OK);
        END(&script);
        icc_fini(&icc);
    }
}

/* After real answers no other form is tried, whatever they are. */
static void test_real_answers(void)
{
    static const struct
    {
        const char *sw;
        int32_t result;
    } cases[] = {
        {"6982", SC_SECURITY_VIOLATION}, {"6985", SC_SECURITY_VIOLATION},
        {"6285", SC_NO_ACCESS},          {"6F00", SC_UNEXPECTED},
        {"6581", SC_UNEXPECTED},         {"!80100069", SC_REMOVED_CARD},
        {"90", SC_COMM_DATA_LOST},
    };
    struct script script;
    struct icc icc;
    uint32_t handle = 7;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        struct row row = {"00A40800045000000100", cases[i].sw};

        script_start(&script, cases[i].sw, &row, 1);
        script_icc(&icc, &script);
        EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("\\5000\\0001"), &handle), cases[i].result);
        ok(handle == 0, "%s: handle %u", cases[i].sw, (unsigned)handle);
        END(&script);
        icc_fini(&icc);
    }
}

/* A card without path selection: stepwise, and remembered. */
static void test_no_path(void)
{
    static const struct row first[] =
    {
        {"00A40800045000000100", "6A82"},
        {"00A40000023F0000", MF_FCI},
        {"00A4010002500000", DF_FCI},
        {"00A4020002000100", EF_FCI},
    };
    static const struct row second[] =
    {
        {"00A40000023F0000", MF_FCI},
        {"00A4010002500000", DF_FCI},
        {"00A4020002000200", "6A82"},
    };
    static const struct row third[] =
    {
        {"00A40000023F0000", MF_FCI},
        {"00A4010002500100", "6A82"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, first);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F0050000001"), &handle), SC_OK);
    NEXT(&script, "remembered", second);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F0050000002"), &handle), SC_FILE_NOT_FOUND);
    NEXT(&script, "missing directory", third);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F0050010002"), &handle), SC_DIR_NOT_FOUND);
    END(&script);
    icc_fini(&icc);
}

/* A card that has shown that it knows paths is believed; the parent says what is missing. */
static void test_not_found(void)
{
    static const struct row first[] = {{"00A40800045000000100", EF_FCI}};
    static const struct row file[] =
    {
        {"00A40800045000000200", "6A82"},
        {"00A4080002500000", DF_FCI},
    };
    static const struct row dir[] =
    {
        {"00A40800045001000200", "6A82"},
        {"00A4080002500100", "6A82"},
    };
    static const struct row change[] =
    {
        {"00A4080002500100", "6A82"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, first);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F0050000001"), &handle), SC_OK);
    NEXT(&script, "file", file);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F0050000002"), &handle), SC_FILE_NOT_FOUND);
    NEXT(&script, "directory", dir);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F0050010002"), &handle), SC_DIR_NOT_FOUND);
    NEXT(&script, "ChangeDir", change);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5001")), SC_DIR_NOT_FOUND);
    EXPECT_DIR(&icc, "3F00");
    END(&script);
    icc_fini(&icc);
}

/* P1 01 and 02 fall back to 00; 6981 from P1=02 means a directory. The MF without data. */
static void test_p1_fallback(void)
{
    static const struct row first[] =
    {
        {"00A40800045000000100", "6A86"},
        {"00A40804045000000100", "6A86"},
        {"00A4080C0450000001", "6A86"},
        {"00A408000450000001", "6A86"},
        {"00A40000023F0000", "6A86"},
        {"00A40004023F0000", "6A86"},
        {"00A4000C023F00", "6A86"},
        {"00A40000023F00", "6A86"},
        {"00A4000000", MF_FCI},
        {"00A4010002500000", "6A81"},
        {"00A4000002500000", DF_FCI},
        {"00A4020002000100", "6D00"},
        {"00A4000002000100", EF_FCI},
        /* That P1 looks beside 5000 too: is it in the MF? */
        {"00A40000023F0000", "6A80"},
        {"00A4000000", MF_FCI},
        {"00A4000002000100", "6A82"},
        {"00A4080002500000", "6A86"},
        {"00A4000002500000", DF_FCI},
        {"00A4000002000100", EF_FCI},
    };
    static const struct row directory[] =
    {
        {"00A40000023F0000", "6A80"},
        {"00A4000000", MF_FCI},
        {"00A4000002500000", DF_FCI},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, first);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F00/5000/0001"), &handle), SC_OK);
    NEXT(&script, "EF that is a DF", directory);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F00/5000"), &handle), SC_NO_FILE);
    END(&script);
    icc_fini(&icc);
}

/* The card finds another file by P1=00: that is not the one asked for. */
static void test_wrong_fid(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", "6A82"},
        {"00A40000023F0000", MF_FCI},
        {"00A4020002000100", "6981"},
        {"00A4000002000100", "6F04830200029000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_FILE_NOT_FOUND);
    END(&script);
    icc_fini(&icc);
}

static void test_warnings(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", "6F07" "82010183020001" "6283"},
        {"00A4080002000200", "6F07" "82013883020002" "6284"},
        {"00A4080002000300", "610B"},
        {"00C000000B", "6F09" "82010183020003" "8000" "9000"},
        {"00A4080002000400", "6982"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    /* Not ISO control information: that it claims a directory does not count. */
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0002"), &handle), SC_OK);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0003"), &handle), SC_OK);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0004"), &handle), SC_SECURITY_VIOLATION);
    END(&script);
    icc_fini(&icc);
}

/* A card that is gone, by whatever name, is not asked to go back. */
static void test_card_gone(void)
{
    static const char *const answers[] = {"!80100069", "!8010000C", "!80100017", "!80100009"};
    struct row rows[] =
    {
        {"00A40800045000510000", "6A86"},
        {"00A40804045000510000", "6A86"},
        {"00A4080C0450005100", "6A86"},
        {"00A408000450005100", "6A86"},
        {"00A40000023F0000", MF_FCI},
        {"00A4010002500000", DF_FCI},
        {"00A4010002510000", NULL},
    };
    struct script script;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(answers); i++)
    {
        rows[COUNT_OF(rows) - 1].answer = answers[i];
        script_start(&script, answers[i], rows, COUNT_OF(rows));
        script_icc(&icc, &script);
        EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000/5100")),
               (int32_t)strtoul(answers[i] + 1, NULL, 16));
        END(&script);
        icc_fini(&icc);
    }
}

static void test_directories(void)
{
    static const struct row down[] = {{"00A4080002500000", DF_FCI}};
    static const struct row deeper[] = {{"00A40800045000510000", DF2_FCI}};
    static const struct row up[] = {{"00A4080002500000", DF_FCI}};
    static const struct row file[] =
    {
        {"00A40800045000000100", EF_FCI},
        {"00A4080002500000", DF_FCI},
    };
    static const struct row mf[] = {{"00A40000023F0000", MF_FCI}};
    static const struct row trusted[] = {{"00A4080002500000", DF_FCI}};
    struct script script;
    struct icc icc;

    script_start(&script, "start", NULL, 0);
    script_icc(&icc, &script);
    EXPECT_DIR(&icc, "3F00");
    NEXT(&script, "down", down);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000")), SC_OK);
    EXPECT_DIR(&icc, "3F00/5000");
    NEXT(&script, "deeper", deeper);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5100")), SC_OK);
    EXPECT_DIR(&icc, "3F00/5000/5100");
    NEXT(&script, "up", up);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("..")), SC_OK);
    EXPECT_DIR(&icc, "3F00/5000");
    NEXT(&script, "a file", file);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("0001")), SC_NO_DIR);
    EXPECT_DIR(&icc, "3F00/5000");
    NOTHING(&script, "bad arguments");
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("../../..")), SC_DIR_NOT_FOUND);
    EXPECT(icc_change_dir(&icc, PATH_BY_SHORT_ID, TEXT("01")), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("xyz")), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_dir(&icc, 3, TEXT("5000")), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, NULL, 0), SC_INVALID_ARGUMENT);
    NEXT(&script, "MF", mf);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("MF")), SC_OK);
    EXPECT_DIR(&icc, "3F00");
    icc_set_exclusive(&icc, 1);
    NEXT(&script, "trusted", trusted);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000")), SC_OK);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00/5000")), SC_OK);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT(".")), SC_OK);
    END(&script);
    icc_fini(&icc);
}

static void test_names(void)
{
    static const struct row name[] =
    {
        {"00A4040006A0000000010200", "6F08" "8406A00000000102" "9000"},
    };
    static const struct row again[] =
    {
        {"00A4040006A0000000010200", "9000"},
        {"00A4020002000100", EF_FCI},
    };
    static const struct row open[] = {{"00A4020002000100", EF_FCI}};
    static const struct row gone[] = {{"00A4020002000200", "6A82"}};
    static const struct row above[] =
    {
        {"00A4040006A0000000010200", "9000"},
        {"00A4030000", MF_FCI},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, name);
    script_icc(&icc, &script);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("#A00000000102")), SC_OK);
    EXPECT_DIR(&icc, "#A00000000102");
    /* Somebody else may have been there in between. */
    NEXT(&script, "again", again);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    icc_set_exclusive(&icc, 1);
    NEXT(&script, "alone", again);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    NEXT(&script, "below", open);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    /* What is not found moves nothing. */
    NEXT(&script, "not below", gone);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0002"), &handle), SC_FILE_NOT_FOUND);
    NEXT(&script, "below again", open);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    NEXT(&script, "above", above);
    icc_untrust(&icc, APDU_T1);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("..")), SC_OK);
    EXPECT_DIR(&icc, "3F00");
    END(&script);
    icc_fini(&icc);
}

/* Four hex digits: a FID first, else the text as a name. */
static void test_fid_or_name(void)
{
    static const struct row rows[] =
    {
        {"00A4080002414200", "6A82"},
        {"00A40000023F0000", MF_FCI},
        {"00A4010002414200", "6A82"},
        {"00A40400043431343200", "9000"},
    };
    struct script script;
    struct icc icc;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("4142")), SC_OK);
    EXPECT_DIR(&icc, "#34313432");
    END(&script);
    icc_fini(&icc);
}

/* Connections of the application: it may have moved the card, which is asked whether it is in
 * its MF. */
static void test_by_handle(void)
{
    static const struct row in_mf[] =
    {
        {"00A4030000", "6A82"},
        {"00A4080002000100", EF_FCI},
    };
    static const struct row second[] = {{"00A4080002000200", EF_FCI}};
    static const struct row down[] = {{"00A4080002500000", DF_FCI}};
    static const struct row elsewhere[] = {{"00A4030000", MF_FCI}};
    static const struct row mf[] = {{"00A40000023F0000", MF_FCI}};
    static const struct row nobody[] =
    {
        {"00A4030000", "6A81"},
        {"00A4030400", "6A81"},
        {"00A4030C", "6A81"},
        {"00A40300", "6A81"},
        {"00A4010002500000", "6F0D" "83025000" "8404" "41424344" "820138" "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, in_mf);
    script_icc_atr(&icc, &script, APDU_T1, "3B00", 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("../0001"), &handle), SC_DIR_NOT_FOUND);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    NEXT(&script, "second", second);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0002"), &handle), SC_OK);
    EXPECT_DIR(&icc, "3F00");
    /* Not even an exclusive connection is trusted, for the application has it too. */
    icc_set_exclusive(&icc, 1);
    NEXT(&script, "first", down);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000")), SC_OK);
    NEXT(&script, "again", down);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT(".")), SC_OK);
    icc_card_is_new(&icc, APDU_T1, (const uint8_t *)"\x3B\x00", 2);
    icc_set_exclusive(&icc, 0);
    NEXT(&script, "elsewhere", elsewhere);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_DIR_NOT_FOUND);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000")), SC_DIR_NOT_FOUND);
    NEXT(&script, "asked", mf);
    EXPECT_DIR(&icc, "3F00");
    EXPECT_DIR(&icc, "3F00");
    icc_card_is_new(&icc, APDU_T1, (const uint8_t *)"\x3B\x00", 2);
    icc_set_exclusive(&icc, 1);
    /* Nobody knows, but nobody else can move it either. */
    NEXT(&script, "nobody", nobody);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000")), SC_OK);
    EXPECT_DIR(&icc, "#41424344");
    END(&script);
    icc_fini(&icc);
}

/* Cards without MF (payment cards answer 6A86): what is relative stays so. */
static void test_no_mf(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", "6A82"},
        {"00A40000023F0000", "6A82"},
        {"00A4020002000100", EF_FCI},
    };
    static const struct row second[] = {{"00A4020002000200", EF_FCI}};
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    NEXT(&script, "known", second);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0002"), &handle), SC_OK);
    EXPECT_DIR(&icc, "");
    END(&script);
    icc_fini(&icc);
}

TEST_MAIN(test_forms, test_real_answers, test_no_path, test_not_found, test_p1_fallback,
          test_wrong_fid, test_warnings, test_card_gone, test_directories, test_names,
          test_fid_or_name, test_by_handle, test_no_mf)
