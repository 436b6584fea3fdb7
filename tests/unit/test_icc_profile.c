/*
 * Card families: which ATR is which, and how their cards are spoken to.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_script.h"
#include "icc/internal.h"

#define FLEX_ATR "3B951540FF6301011234"
#define MF_FCI \
    "6F0A83023F008A0105820138" \
    "9000"

static void test_atrs(void)
{
    static const struct
    {
        const char *atr;
        const char *profile;
    } cases[] = {
        {"3B951540206801020000", "flex"},
        {"3B951540FF6801020201", "flex"},
        {"3B951540FF6801020204", "flex"},
        {"3B951540FF6801020202", "iso"},
        {"3B951540FF6301010000", "flex"},
        {"3B951540FF630101FFFF", "flex"},
        {"3B951540FF630102FFFF", "iso"},
        {"3B951840FF6212345678", "flex"},
        {"3B951840FF62123456", "iso"},
        {"3B951840FF621234567800", "iso"},
        {"3BE2000040204907", "flex"},
        {"3BE2000040204908", "iso"},
        {"3B021450", "flex"},
        {"3B169481100601813F", "cyberflex"},
        {"3B169481100601812F", "cyberflex"},
        {"3B00", "iso"},
        {"", "iso"},
    };
    uint8_t atr[ATR_MAX];
    size_t i, len;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        const struct icc_profile *profile;

        ok(!hex_parse(cases[i].atr, atr, sizeof(atr), &len), "%s is no hex\n", cases[i].atr);
        profile = icc_profile_for_atr(atr, len);
        ok(!strcmp(profile->name, cases[i].profile), "%s is %s, expected %s\n", cases[i].atr,
           profile->name, cases[i].profile);
    }
    ok(icc_profile_for_atr(NULL, 0) == &icc_profile_iso, "no ATR\n");
}

/* Every built-in profile can be worked with. */
static void test_sane(void)
{
    static const struct icc_profile *const all[] =
    {
        &icc_profile_iso, &icc_profile_flex, &icc_profile_cyberflex, &icc_profile_gsm,
        &icc_profile_class_c0
    };
    size_t i;

    for (i = 0; i < COUNT_OF(all); i++)
    {
        ok(all[i]->class_count >= 1 && all[i]->class_count <= ICC_MAX_CLASSES, "%s: classes\n",
           all[i]->name);
        ok(all[i]->select_form_count >= 1 && all[i]->select_form_count <= ICC_MAX_SELECT_FORMS,
           "%s: select_forms\n", all[i]->name);
        ok(all[i]->max_le == 256 && all[i]->max_lc == 255, "%s: lengths\n", all[i]->name);
    }
}

/* 6E00 leads to the next class for any command, 6D00 for SELECT. */
static void test_probe(void)
{
    static const struct row c0[] =
    {
        {"00A4080002000100", "6E00"},
        {"C0A4080002000100", "6B00"},
        {"C0A40000023F0000", "6114"},
        {"C0C0000014", "0000 1000 3F00 38 00 00 00 00 01 06 02 00 01 00 00 9000"},
        {"C0A4000002000100", "6110"},
        {"C0C0000010", "0000 0010 0001 01 00 4400FF 01 01 00 00 00 9000"},
    };
    static const struct row gsm[] =
    {
        {"00A4080002" "2FE200", "6D00"},
        {"C0A4080002" "2FE200", "6E00"},
        {"A0A4080002" "2FE200", "6B00"},
        {"A0A40000023F0000", "9F16"},
        {"A0C0000016", "0000 0000 3F00 01 00 0000000000 09 13 03 05 04 00 83 8A 83 8A 9000"},
        {"A0A4000002" "2FE200", "9F0F"},
        {"A0C000000F", "0000 000A 2FE2 04 00 0A 0F FF 01 02 00 00 9000"},
    };
    static const struct row none[] =
    {
        {"00A4080002000100", "6D00"},
        {"C0A4080002000100", "6E00"},
        {"A0A4080002000100", "6E00"},
        {"00A40000023F0000", "6E00"},
        {"C0A40000023F0000", "6E00"},
        {"A0A40000023F0000", "6E00"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, c0);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_OK);
    ok(icc.card.cla == 0xC0 && icc.card.profile == &icc_profile_class_c0, "class C0\n");
    icc_fini(&icc);

    NEXT(&script, "gsm", gsm);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("2FE2"), &handle), SC_OK);
    ok(icc.card.cla == 0xA0 && icc.card.profile == &icc_profile_gsm, "class A0\n");
    ok(icc.files->fcp.size == 10 && icc.files->fcp.structure == FCP_TRANSPARENT, "GSM size %u\n",
       (unsigned)icc.files->fcp.size);
    icc_fini(&icc);

    NEXT(&script, "none", none);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &handle), SC_UNSUPPORTED_FEATURE);
    ok(!icc.card.cla_confirmed && icc.card.cla == 0, "still unconfirmed\n");
    icc_fini(&icc);
    END(&script);
}

/* A GSM card may speak class C0: its MF says so (type byte 01), for the whole card. */
static void test_gsm_under_c0(void)
{
    static const struct row rows[] =
    {
        {"00A40000023F0000", "6E00"},
        {"C0A40000023F0000", "6116"},
        {"C0C0000016", "0000 0000 3F00 01 00 0000000000 09 13 03 05 04 00 83 8A 83 8A 9000"},
        {"C0A40000023F0000", "6116"},
        {"C0C0000016", "0000 0000 3F00 01 00 0000000000 09 13 03 05 04 00 83 8A 83 8A 9000"},
        {"C0A4000002" "6F3A00", "610F"},
        {"C0C000000F", "0000 001E 6F3A 04 00 0A 0F FF 01 02 01 0A 9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("3F00")), SC_OK);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("6F3A"), &handle), SC_OK);
    ok(icc.files->fcp.structure == FCP_LINEAR_FIXED && icc.files->fcp.record_length == 10,
       "record length %u\n", icc.files->fcp.record_length);
    END(&script);
    icc_fini(&icc);
}

/* Cryptoflex: class C0, only P1=00 and P2=00, 67xx names the length. */
static void test_flex(void)
{
    static const struct row t0[] =
    {
        {"C0A40000023F00", "6112"},
        {"C0C0000012", "0000 1000 3F00 38 00 00 00 00 01 06 02 00 01 00 00 00 00 9000"},
        {"C0A40000020002", "6110"},
        {"C0C0000010", "0000 0010 0002 01 00 3F00FF 01 01 00 00 00 9000"},
    };
    /* Others may have been there in between. */
    static const struct row read[] =
    {
        {"C0A40000023F00", "6112"},
        {"C0C0000012", "0000 1000 3F00 38 00 00 00 00 01 06 02 00 01 00 00 00 00 9000"},
        {"C0A40000020002", "6110"},
        {"C0C0000010", "0000 0010 0002 01 00 3F00FF 01 01 00 00 00 9000"},
        {"C0B0000010", "6704"},
        {"C0B0000004", "01020304" "9000"},
        {"C0B000040C", "05060708090A0B0C0D0E0F10" "9000"},
    };
    static const struct row again[] =
    {
        {"C0A40000023F00", "6112"},
        {"C0C0000012", "0000 1000 3F00 38 00 00 00 00 01 06 02 00 01 00 00 00 00 9000"},
        {"C0A40000020002", "6110"},
        {"C0C0000010", "0000 0010 0002 01 00 3F00FF 01 01 00 00 00 9000"},
        {"C0B0000402", "0506" "9000"},
    };
    static const struct row bad[] =
    {
        {"C0A40000023F00", "6A82"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, t0);
    script_icc_atr(&icc, &script, APDU_T0, FLEX_ATR, 0);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0002"), &handle), SC_OK);
    NEXT(&script, "read", read);
    EXPECT_READ(&icc, handle, 16, SC_OK, "0102030405060708090A0B0C0D0E0F10");
    EXPECT(icc_seek(&icc, handle, 4, ICC_SEEK_BEGIN), SC_OK);
    NEXT(&script, "again", again);
    EXPECT_READ(&icc, handle, 2, SC_OK, "0506");
    NEXT(&script, "missing", bad);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("3F00/5000/0002"), &handle), SC_DIR_NOT_FOUND);
    END(&script);
    icc_fini(&icc);
}

/* A GSM record is read with its exact length, its transparent file with 9F and 94. */
static void test_gsm_records(void)
{
    static const struct row open[] =
    {
        {"A0A40000023F00", "9F16"},
        {"A0C0000016", "0000 0000 3F00 01 00 0000000000 09 13 03 05 04 00 83 8A 83 8A 9000"},
        {"A0A40000027F10", "9F16"},
        {"A0C0000016", "0000 0000 7F10 02 00 0000000000 09 13 03 05 04 00 83 8A 83 8A 9000"},
        {"A0A40000026F3A", "9F0F"},
        {"A0C000000F", "0000 0014 6F3A 04 00 0A 0F FF 01 02 01 0A 9000"},
    };
    static const struct row read[] =
    {
        {"A0B201040A", "FFFFFFFFFFFFFFFFFFFF" "9000"},
        {"A0B202040A", "01020304050607080910" "9000"},
        {"A0B203040A", "9402"},
    };
    struct script script;
    struct icc icc;
    uint32_t handle;

    START(&script, open);
    script_icc_atr(&icc, &script, APDU_T0, "3B00", 0);
    icc_set_profile(&icc, &icc_profile_gsm);
    icc_set_exclusive(&icc, 1);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("7F10/6F3A"), &handle), SC_OK);
    NEXT(&script, "read", read);
    EXPECT_READ(&icc, handle, 100, SC_OK, "FFFFFFFFFFFFFFFFFFFF");
    EXPECT_READ(&icc, handle, 4, SC_OK, "01020304");
    EXPECT_READ(&icc, handle, 100, SC_EOF, "");
    END(&script);
    icc_fini(&icc);
}

/* The parts of an attachment's life that send nothing. */
static void test_life(void)
{
    static const struct row rows[] =
    {
        {"00A4080002000100", "9000"},
        {"00A4080002000100", "9000"},
    };
    struct script script;
    struct icc icc;
    uint32_t first = 0, second = 0;
    int32_t bytes = 1;
    uint8_t *data;

    START(&script, rows);
    script_icc(&icc, &script);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &first), SC_OK);
    icc_card_is_new(&icc, APDU_T1, NULL, 0);
    EXPECT(icc_seek(&icc, first, 0, ICC_SEEK_BEGIN), SC_INVALID_HANDLE);
    EXPECT(icc_read(&icc, first, &bytes, &data, 0), SC_INVALID_HANDLE);
    EXPECT(icc_open(&icc, PATH_BY_ID, TEXT("0001"), &second), SC_OK);
    ok(second != first && second != 0, "handles %u and %u\n", (unsigned)first, (unsigned)second);
    EXPECT(icc_close(&icc, first), SC_OK);
    EXPECT(icc_close(&icc, first), SC_INVALID_ARGUMENT);
    EXPECT(icc_close(&icc, 0), SC_INVALID_ARGUMENT);
    EXPECT(icc_close(&icc, second), SC_OK);
    END(&script);
    icc_fini(&icc);
    icc_fini(&icc);
}

START_TEST(icc_profile)
{
    test_atrs();
    test_sane();
    test_probe();
    test_gsm_under_c0();
    test_flex();
    test_gsm_records();
    test_life();
}
