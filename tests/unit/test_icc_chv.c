/*
 * Codes: what is sent, how often, and what the answers mean.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_script.h"

#define FLEX_ATR "3B951540FF6301011234"
#define MF {"00A40000023F0000", "9000"}

static const uint8_t code_1234[] = {'1', '2', '3', '4'};
static const uint8_t code_5678[] = {'5', '6', '7', '8'};

#define OLD  code_1234, 4
#define NEW  code_5678, 4
#define NONE NULL, 0

/* The class is confirmed before the first code, once. */
static void test_verify(void)
{
    static const struct row first[] = {MF, {"002000010431323334", "9000"}};
    static const struct
    {
        const char *sw;
        int32_t result;
    } cases[] = {
        {"9000", SC_OK},
        {"6108", SC_OK},         /* nothing was asked for, so nothing is fetched */
        {"9F08", SC_UNEXPECTED}, /* no success but on a GSM card */
        {"6300", SC_WRONG_CHV},
        {"63C2", SC_WRONG_CHV},
        {"63C0", SC_CHV_BLOCKED},
        {"6983", SC_CHV_BLOCKED},
        {"6984", SC_SECURITY_VIOLATION},
        {"6700", SC_INVALID_CHV},
        {"6C04", SC_UNEXPECTED}, /* never again after 6Cxx */
        {"6A88", SC_INVALID_PARAMETER},
        {"6E00", SC_UNSUPPORTED_FEATURE},
        {"6D00", SC_UNSUPPORTED_FEATURE},
        {"!80100068", SC_RESET_CARD},
    };
    struct script script;
    struct icc icc;
    size_t i;

    START(&script, first);
    script_icc(&icc, &script);
    EXPECT(icc_verify(&icc, OLD, 0, 1), SC_OK);
    for (i = 0; i < COUNT_OF(cases); i++)
    {
        struct row row = {"0020008104"
                          "31323334",
                          cases[i].sw};

        script_next(&script, cases[i].sw, &row, 1);
        EXPECT(icc_verify(&icc, OLD, 0, 0x81), cases[i].result);
    }
    END(&script);
    icc_fini(&icc);
}

static void test_verify_arguments(void)
{
    static const uint8_t big[256] = {0};
    struct script script;
    struct icc icc;

    script_start(&script, "arguments", NULL, 0);
    script_icc(&icc, &script);
    EXPECT(icc_verify(&icc, OLD, 0, 256), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, OLD, 0, -1), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, OLD, ICC_GLOBAL, 0x81), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, OLD, ICC_GLOBAL | ICC_LOCAL, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, OLD, ICC_CHECK_ONLY, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, OLD, 0x10000, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, NONE, 0, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, big, 256, 0, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_verify(&icc, OLD, ICC_SECURE_MESSAGING, 1), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_unblock(&icc, 1, 0, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_unblock(&icc, 0, ICC_CHECK_ONLY, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_unblock(&icc, 0, ICC_SECURE_MESSAGING, 1), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_change_code(&icc, NONE, NONE, 0, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_code(&icc, OLD, NONE, 0, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_code(&icc, OLD, NONE, ICC_CHANGE, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_code(&icc, NONE, NEW, ICC_ENABLE, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_code(&icc, OLD, NEW, ICC_ENABLE | ICC_DISABLE, 1), SC_INVALID_ARGUMENT);
    EXPECT(icc_change_code(&icc, OLD, NEW, ICC_CHECK_ONLY, 1), SC_INVALID_ARGUMENT);
    END(&script);
    icc_fini(&icc);
}

/* LOCAL is bit 8 of P2, relative to the current directory, which is made current again. */
static void test_local(void)
{
    static const struct row dir[] = {{"00A4080002500000", "6F03820138"
                                                          "9000"}};
    static const struct row local[] =
    {
        {"00A4080002500000", "6F03820138" "9000"},
        {"002000810431323334", "9000"},
    };
    static const struct row global[] = {{"002000010431323334", "9000"}};
    static const struct row trusted[] =
    {
        {"00A4080002500000", "6F03820138" "9000"},
        {"002000810431323334", "9000"},
        {"002000820431323334", "9000"},
    };
    static const struct row named[] =
    {
        {"00A40400024142" "00", "9000"},
        {"00A40400024142" "00", "9000"},
        {"002000810431323334", "9000"},
    };
    static const struct row alone[] =
    {
        {"00A40400024142" "00", "9000"},
        {"002000810431323334", "9000"},
        {"002000810431323334", "9000"},
    };
    struct script script;
    struct icc icc;

    START(&script, dir);
    script_icc(&icc, &script);
    EXPECT(icc_change_dir(&icc, PATH_BY_ID, TEXT("5000")), SC_OK);
    NEXT(&script, "local", local);
    EXPECT(icc_verify(&icc, OLD, ICC_LOCAL, 1), SC_OK);
    NEXT(&script, "global", global);
    EXPECT(icc_verify(&icc, OLD, ICC_GLOBAL, 1), SC_OK);
    icc_set_exclusive(&icc, 1);
    NEXT(&script, "trusted", trusted);
    EXPECT(icc_verify(&icc, OLD, ICC_LOCAL, 1), SC_OK);
    EXPECT(icc_verify(&icc, OLD, ICC_LOCAL, 2), SC_OK);
    icc_set_exclusive(&icc, 0);
    /* Another application may have been selected in between. */
    NEXT(&script, "named", named);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("AB")), SC_OK);
    EXPECT(icc_verify(&icc, OLD, ICC_LOCAL, 1), SC_OK);
    /* An application is not started anew for a code without need. */
    icc_set_exclusive(&icc, 1);
    NEXT(&script, "alone", alone);
    EXPECT(icc_change_dir(&icc, PATH_BY_NAME, TEXT("AB")), SC_OK);
    EXPECT(icc_verify(&icc, OLD, ICC_LOCAL, 1), SC_OK);
    EXPECT(icc_verify(&icc, OLD, ICC_LOCAL, 1), SC_OK);
    END(&script);
    icc_fini(&icc);
}

static void test_query(void)
{
    static const struct
    {
        const char *sw;
        int32_t result;
    } cases[] = {
        {"9000", SC_OK},          {"63C3", SC_NOT_AUTHENTICATED}, {"6300", SC_NOT_AUTHENTICATED},
        {"63C0", SC_CHV_BLOCKED}, {"6983", SC_CHV_BLOCKED},
    };
    struct script script;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(cases); i++)
    {
        struct row rows[] = {MF, {"00200001", cases[i].sw}};

        script_start(&script, cases[i].sw, rows, 2);
        script_icc(&icc, &script);
        EXPECT(icc_verify(&icc, NONE, ICC_CHECK_ONLY, 1), cases[i].result);
        END(&script);
        icc_fini(&icc);
    }
}

/* On a connection of the application there is no SELECT MF: 6E00 finds the class, and only that. */
static void test_probing_with_codes(void)
{
    static const struct row by_handle[] =
    {
        {"002000010431323334", "6E00"},
        {"C02000010431323334", "6E00"},
        {"A02000010431323334", "9804"},
    };
    static const struct row not_6d00[] = {{"002000010431323334", "6D00"}};
    static const struct row not_6c[] = {{"002000010431323334", "6C04"}};
    static const struct row mf_says_gsm[] =
    {
        {"00A40000023F0000", "6D00"},
        {"C0A40000023F0000", "6E00"},
        {"A0A40000023F0000", "9F16"},
        {"A0C0000016", "00000000" "3F00" "01" "000000000009130305040083" "8A838A" "9000"},
        {"A0200001083132" "3334FFFFFFFF", "9840"},
    };
    static const struct row no_mf[] =
    {
        {"00A40000023F0000", "6A82"},
        {"002000010431323334", "9000"},
    };
    static const uint8_t padded[] = {'1', '2', '3', '4', 255, 255, 255, 255};
    struct script script;
    struct icc icc;

    START(&script, by_handle);
    script_icc_atr(&icc, &script, APDU_T1, "3B00", 1);
    EXPECT(icc_verify(&icc, OLD, 0, 1), SC_WRONG_CHV);
    icc_fini(&icc);
    NEXT(&script, "6D00", not_6d00);
    script_icc_atr(&icc, &script, APDU_T1, "3B00", 1);
    EXPECT(icc_verify(&icc, OLD, 0, 1), SC_UNSUPPORTED_FEATURE);
    icc_fini(&icc);
    NEXT(&script, "6C04", not_6c);
    script_icc_atr(&icc, &script, APDU_T1, "3B00", 1);
    EXPECT(icc_verify(&icc, OLD, 0, 1), SC_UNEXPECTED);
    icc_fini(&icc);
    NEXT(&script, "gsm", mf_says_gsm);
    script_icc(&icc, &script);
    EXPECT(icc_verify(&icc, padded, 8, 0, 1), SC_CHV_BLOCKED);
    EXPECT(icc_verify(&icc, padded, 8, ICC_LOCAL, 1), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_unblock(&icc, 0, 0, 1), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_verify(&icc, NONE, ICC_CHECK_ONLY, 1), SC_UNSUPPORTED_FEATURE);
    icc_fini(&icc);
    NEXT(&script, "no MF", no_mf);
    script_icc(&icc, &script);
    EXPECT(icc_verify(&icc, OLD, 0, 1), SC_OK);
    END(&script);
    icc_fini(&icc);
}

static void test_change(void)
{
    static const struct row change[] = {MF, {"00240001083132333435363738", "9000"}};
    static const struct row first[] = {{"002401010435363738", "9000"}};
    static const struct row enable[] =
    {
        {"002800010431323334", "9000"},
        {"00240001083132333435363738", "9000"},
    };
    static const struct row disable[] =
    {
        {"00240001083132333435363738", "9000"},
        {"002600010435363738", "9000"},
    };
    static const struct row already[] =
    {
        {"002800010431323334", "6985"},
        {"002000010431323334", "9000"},
    };
    static const struct row wrong[] =
    {
        {"002600010431323334", "6985"},
        {"002000010431323334", "63C1"},
    };
    static const struct row stop[] = {{"002800010431323334", "63C1"}};
    static const struct row unblock[] = {{"002C0301", "9000"}};
    static const struct row unblock_no[] = {{"002C0301", "6982"}};
    struct script script;
    struct icc icc;

    START(&script, change);
    script_icc(&icc, &script);
    EXPECT(icc_change_code(&icc, OLD, NEW, ICC_CHANGE, 1), SC_OK);
    NEXT(&script, "first", first);
    EXPECT(icc_change_code(&icc, NONE, NEW, 0, 1), SC_OK);
    NEXT(&script, "enable", enable);
    EXPECT(icc_change_code(&icc, OLD, NEW, ICC_ENABLE, 1), SC_OK);
    NEXT(&script, "disable", disable);
    EXPECT(icc_change_code(&icc, OLD, NEW, ICC_DISABLE, 1), SC_OK);
    NEXT(&script, "already", already);
    EXPECT(icc_change_code(&icc, OLD, NONE, ICC_ENABLE, 1), SC_OK);
    NEXT(&script, "wrong", wrong);
    EXPECT(icc_change_code(&icc, OLD, NONE, ICC_DISABLE, 1), SC_WRONG_CHV);
    NEXT(&script, "stop", stop);
    EXPECT(icc_change_code(&icc, OLD, NEW, ICC_ENABLE, 1), SC_WRONG_CHV);
    NEXT(&script, "unblock", unblock);
    EXPECT(icc_unblock(&icc, 0, 0, 1), SC_OK);
    NEXT(&script, "unblock no", unblock_no);
    EXPECT(icc_unblock(&icc, 0, 0, 1), SC_SECURITY_VIOLATION);
    END(&script);
    icc_fini(&icc);
}

/* Cryptoflex: F0 for the administrative commands, C0 after 6E00, never after 6D00 with a code. */
static void test_flex(void)
{
    static const struct row change[] =
    {
        {"C0A40000023F00", "9000"},
        {"F0240001083132333435363738", "9000"},
    };
    static const struct row fallback[] =
    {
        {"F0240001083132333435363738", "6E00"},
        {"C0240001083132333435363738", "6300"},
    };
    static const struct row no_fallback[] = {{"F0240001083132333435363738", "6D00"}};
    static const struct row verify[] = {{"C02000010431323334", "9000"}};
    static const struct row logout[] = {{"F022070000", "9000"}};
    static const struct row no_logout[] = {{"F022070000", "6E00"}, {"C022070000", "6D00"}};
    struct script script;
    struct icc icc;

    START(&script, change);
    script_icc_atr(&icc, &script, APDU_T0, FLEX_ATR, 0);
    EXPECT(icc_change_code(&icc, OLD, NEW, 0, 1), SC_OK);
    NEXT(&script, "fallback", fallback);
    EXPECT(icc_change_code(&icc, OLD, NEW, 0, 1), SC_WRONG_CHV);
    NEXT(&script, "no fallback", no_fallback);
    EXPECT(icc_change_code(&icc, OLD, NEW, 0, 1), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_change_code(&icc, NONE, NEW, 0, 1), SC_UNSUPPORTED_FEATURE);
    NEXT(&script, "verify", verify);
    EXPECT(icc_verify(&icc, OLD, 0, 1), SC_OK);
    NEXT(&script, "logout", logout);
    EXPECT(icc_reset_security(&icc, 0), SC_OK);
    NEXT(&script, "no logout", no_logout);
    EXPECT(icc_reset_security(&icc, ICC_GLOBAL), SC_UNSUPPORTED_FEATURE);
    icc_fini(&icc);
    NOTHING(&script, "iso");
    script_icc(&icc, &script);
    EXPECT(icc_reset_security(&icc, 0), SC_UNSUPPORTED_FEATURE);
    EXPECT(icc_reset_security(&icc, 0x20000), SC_INVALID_ARGUMENT);
    END(&script);
    icc_fini(&icc);
}

/* A profile that pads. */
static void test_padding(void)
{
    static const struct row rows[] =
    {
        MF,
        {"002000010831323334FFFFFFFF", "9000"},
        {"002400011031323334FFFFFFFF35363738FFFFFFFF", "9000"},
    };
    static const uint8_t nine[9] = {1};
    struct icc_profile profile = icc_profile_iso;
    struct script script;
    struct icc icc;

    profile.chv.length = 8;
    profile.chv.padding = 0xFF;
    START(&script, rows);
    script_icc(&icc, &script);
    icc_set_profile(&icc, &profile);
    EXPECT(icc_verify(&icc, OLD, 0, 1), SC_OK);
    EXPECT(icc_change_code(&icc, OLD, NEW, 0, 1), SC_OK);
    EXPECT(icc_verify(&icc, nine, 9, 0, 1), SC_INVALID_CHV);
    END(&script);
    icc_fini(&icc);
}

START_TEST(icc_chv)
{
    test_verify();
    test_verify_arguments();
    test_local();
    test_query();
    test_probing_with_codes();
    test_change();
    test_flex();
    test_padding();
}
