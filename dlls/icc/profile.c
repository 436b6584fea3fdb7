/*
 * The built-in card families, and which of them an ATR belongs to.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Sources: ISO 7816-4, 7816-8, 7816-9; GSM 11.11; OpenSC's card-flex.c for the Schlumberger cards.
 */

#include "iso7816/hex.h"
#include "iso7816/ins.h"
#include "profile.h"

#define PLAIN(ins, p1, p2) { ins, p1, p2, 1, 0 }
#define ADMIN(ins, p1, p2) { ins, p1, p2, 1, 1 }
#define NO_INS { 0, 0, 0, 0, 0 }

/* The five commands for codes, in ISO 7816-4 and GSM 11.11 alike. */
#define CHV_PLAIN \
    .verify = PLAIN(INS_VERIFY, 0, 0), .change = PLAIN(INS_CHANGE_REFERENCE_DATA, 0, 0), \
    .disable = PLAIN(INS_DISABLE_VERIFICATION, 0, 0), \
    .enable = PLAIN(INS_ENABLE_VERIFICATION, 0, 0), .unblock = PLAIN(INS_RESET_RETRY_COUNTER, 0, 0)

static const char *const flex_atrs[] =
{
    "3B951540206801020000",
    "3B951540FF6801020201",
    "3B951540FF6801020204",
    "3B8540206801010501",
    "3B959440FF6301010201",
    "3B951540FF630101xxxx",
    "3B951840FF640201xxxx",
    "3B951840FF62xxxxxxxx",
    "3B951540FF6801024547",
    "3BE2000040204905",
    "3BE2000040204906",
    "3BE2000040204907",
    "3B8540206801010305",
    "3B021450",
    "3B19145590010201000504B0",
    "3B3215000680",
    "3B3215000695",
    "3B19145901010F01000508B0",
    "3B19145590010101000508B0",
    NULL
};

static const char *const cyberflex_atrs[] =
{
    "3B169481100601813F",
    "3B169481100601812F",
    NULL
};

const struct icc_profile icc_profile_iso =
{
    .name = "iso",
    .classes = {{0x00, NULL}, {0xC0, &icc_profile_class_c0}, {0xA0, &icc_profile_gsm}},
    .class_count = 3,
    .response = ICC_FOLLOW_61 | ICC_CORRECT_6C,
    .select_p1 = ICC_P1_CHILD | ICC_P1_EF | ICC_P1_PARENT | ICC_P1_NAME | ICC_P1_PATH,
    .select_forms = {{0x00, 1}, {0x04, 1}, {0x0C, 0}, {0x00, 0}},
    .select_form_count = 4,
    .layout = FCP_LAYOUT_ISO,
    .interindustry = 1,
    .max_le = 256,
    .max_lc = 255,
    .chv =
    {
        CHV_PLAIN,
        .local_bit = 0x80,
        .query = 1,
        .unblock_bare = 1,
        .change_first = 1,
    },
    .create_file = PLAIN(INS_CREATE_FILE, 0, 0),
    .delete_file = PLAIN(INS_DELETE_FILE, 0, 0),
    .deactivate = PLAIN(INS_DEACTIVATE_FILE, 0, 0),
    .activate = PLAIN(INS_ACTIVATE_FILE, 0, 0),
    .create = ICC_CREATE_FCP,
};

const struct icc_profile icc_profile_flex =
{
    .name = "flex",
    .atrs = flex_atrs,
    .classes = {{0xC0, NULL}, {0x00, NULL}, {0xA0, &icc_profile_gsm}},
    .class_count = 3,
    .admin_cla = 0xF0,
    .response = ICC_FOLLOW_61 | ICC_CORRECT_6C | ICC_CORRECT_67,
    .select_forms = {{0x00, 1}},
    .select_form_count = 1,
    .layout = FCP_LAYOUT_FLEX,
    .exact_record_le = 1,
    .max_le = 256,
    .max_lc = 255,
    .list = {ADMIN(0xA8, 0, 0), 0, 4, 2, SW_NOT_FOUND},
    .chv =
    {
        .verify = PLAIN(INS_VERIFY, 0, 0),
        .change = ADMIN(INS_CHANGE_REFERENCE_DATA, 0, 0),
        .disable = PLAIN(INS_DISABLE_VERIFICATION, 0, 0),
        .enable = PLAIN(INS_ENABLE_VERIFICATION, 0, 0),
        .unblock = ADMIN(INS_RESET_RETRY_COUNTER, 0, 0),
    },
    .logout = ADMIN(0x22, 0x07, 0x00),
    .create_file = ADMIN(INS_CREATE_FILE, 0, 0),
    .delete_file = ADMIN(INS_DELETE_FILE, 0, 0),
    .deactivate = ADMIN(INS_DEACTIVATE_FILE, 0, 0),
    .activate = ADMIN(INS_ACTIVATE_FILE, 0, 0),
    .create = ICC_CREATE_FLEX,
};

const struct icc_profile icc_profile_cyberflex =
{
    .name = "cyberflex",
    .atrs = cyberflex_atrs,
    .classes = {{0x00, NULL}, {0xC0, NULL}, {0xA0, &icc_profile_gsm}},
    .class_count = 3,
    .response = ICC_FOLLOW_61 | ICC_CORRECT_6C,
    .select_forms = {{0x00, 1}},
    .select_form_count = 1,
    .layout = FCP_LAYOUT_CYBERFLEX,
    .exact_record_le = 1,
    .max_le = 256,
    .max_lc = 255,
    .list = {PLAIN(0xA8, 0, 0), 1, 6, 4, SW_NO_RECORD},
    .chv = { CHV_PLAIN },
    .create_file = PLAIN(INS_CREATE_FILE, 0, 0),
    .delete_file = PLAIN(INS_DELETE_FILE, 0, 0),
    .deactivate = PLAIN(INS_DEACTIVATE_FILE, 0, 0),
    .activate = PLAIN(INS_ACTIVATE_FILE, 0, 0),
    .create = ICC_CREATE_NONE,
};

const struct icc_profile icc_profile_gsm =
{
    .name = "gsm",
    .classes = {{0xA0, NULL}},
    .class_count = 1,
    .response = ICC_FOLLOW_61 | ICC_FOLLOW_9F | ICC_CORRECT_6C,
    .select_forms = {{0x00, 1}},
    .select_form_count = 1,
    .layout = FCP_LAYOUT_GSM,
    .exact_record_le = 1,
    .max_le = 256,
    .max_lc = 255,
    .chv = { CHV_PLAIN },
    .deactivate = PLAIN(INS_DEACTIVATE_FILE, 0, 0),
    .activate = PLAIN(INS_ACTIVATE_FILE, 0, 0),
    .create = ICC_CREATE_NONE,
};

const struct icc_profile icc_profile_class_c0 =
{
    .name = "class-c0",
    .classes = {{0xC0, NULL}},
    .class_count = 1,
    .response = ICC_FOLLOW_61 | ICC_CORRECT_6C,
    .select_forms = {{0x00, 1}},
    .select_form_count = 1,
    .layout = FCP_LAYOUT_FLEX,
    .may_be_gsm = 1,
    .exact_record_le = 1,
    .max_le = 256,
    .max_lc = 255,
    .chv = { CHV_PLAIN },
    .create_file = PLAIN(INS_CREATE_FILE, 0, 0),
    .delete_file = PLAIN(INS_DELETE_FILE, 0, 0),
    .deactivate = PLAIN(INS_DEACTIVATE_FILE, 0, 0),
    .activate = PLAIN(INS_ACTIVATE_FILE, 0, 0),
    .create = ICC_CREATE_FLEX,
};

static const struct icc_profile *const known_by_atr[] =
{
    &icc_profile_flex,
    &icc_profile_cyberflex,
};

/* An 'x' stands for any digit. */
static int nibble_fits(char pattern, unsigned nibble)
{
    return pattern == 'x' || pattern == 'X' || hex_digit(pattern) == (int)nibble;
}

static int pattern_fits(const char *pattern, const uint8_t *atr, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++, pattern += 2)
    {
        if (!nibble_fits(pattern[0], atr[i] >> 4) || !nibble_fits(pattern[1], atr[i] & 15u))
            return 0;
    }
    return *pattern == '\0';
}

int icc_profile_matches(const struct icc_profile *profile, const uint8_t *atr, size_t len)
{
    const char *const *pattern;

    if (!profile->atrs || !atr || !len)
        return 0;
    for (pattern = profile->atrs; *pattern; pattern++)
    {
        if (pattern_fits(*pattern, atr, len))
            return 1;
    }
    return 0;
}

const struct icc_profile *icc_profile_for_atr(const uint8_t *atr, size_t len)
{
    size_t i;

    for (i = 0; i < sizeof(known_by_atr) / sizeof(known_by_atr[0]); i++)
    {
        if (icc_profile_matches(known_by_atr[i], atr, len))
            return known_by_atr[i];
    }
    return &icc_profile_iso;
}
