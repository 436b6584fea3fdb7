/*
 * Card profiles that users write, and the file service with what such a text says.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the text.
 */

#include "fuzz.h"
#include "icc/icc.h"
#include "icc/profiletext.h"

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    unsigned *count = context;
    static const uint16_t words[] = {0x6E00, 0x6A86, 0x6700, 0x9000, 0x6D00, 0x6A82, 0x9000};
    uint16_t sw = words[*count % (sizeof(words) / sizeof(words[0]))];
    size_t len = sw == 0x9000 ? 40 : 0;

    CHECK(command_len >= 4 && *reply_len >= 258);
    ++*count;
    memset(reply, 0x3F, len);
    reply[len] = (uint8_t)(sw >> 8);
    reply[len + 1] = (uint8_t)sw;
    *reply_len = len + 2;
    return SC_OK;
}

static void use(const struct icc_profile *profile)
{
    static const uint16_t mf[] = {'3', 'F', '0', '0'}, ef[] = {'0', '0', '0', '1'};
    static const uint8_t code[] = {'1', '2', '3', '4'};
    struct icc_name *names;
    unsigned commands = 0;
    uint32_t handle;
    struct icc icc;
    size_t count;

    icc_init(&icc, transmit, &commands, APDU_T1, NULL, 0, 0);
    icc_set_profile(&icc, profile);
    icc_change_dir(&icc, PATH_BY_ID, mf, 4);
    icc_verify(&icc, code, sizeof(code), 0, 1);
    icc_change_code(&icc, code, 4, code, 4, ICC_LOCAL, 1);
    if (icc_open(&icc, PATH_BY_ID, ef, 4, &handle) == SC_OK)
    {
        uint8_t *data = NULL;
        int32_t bytes = 600;

        icc_read(&icc, handle, &bytes, &data, 0);
        icc_free(data);
        icc_write(&icc, handle, 4, code, 4, 0);
    }
    if (icc_directory(&icc, ICC_TYPE_ALL, &names, &count) == SC_OK)
        icc_free(names);
    icc_reset_security(&icc, 0);
    icc_fini(&icc);
    CHECK(commands < 20000);
}

static void check_profile(const struct profiletext *text)
{
    const struct icc_profile *profile = &text->profile;
    const char *const *atr;

    CHECK(profile->name == text->name && profile->name[0]);
    CHECK(profile->class_count >= 1 && profile->class_count <= ICC_MAX_CLASSES);
    CHECK(profile->select_form_count >= 1 && profile->select_form_count <= ICC_MAX_SELECT_FORMS);
    CHECK(profile->max_le >= 1 && profile->max_le <= 256);
    CHECK(profile->max_lc >= 1 && profile->max_lc <= 255);
    CHECK(profile->atrs && profile->atrs[0]);
    for (atr = profile->atrs; *atr; atr++)
        CHECK(strlen(*atr) >= 4 && strlen(*atr) <= 2 * ATR_MAX && strlen(*atr) % 2 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct profiletext *text = malloc(sizeof(*text));
    struct profiletext_error error;

    if (!text)
        abort();
    if (profiletext_parse((const char *)data, size, text, &error) == SC_OK)
    {
        CHECK(!error.line && !error.message[0]);
        check_profile(text);
        use(&text->profile);
    }
    else
    {
        CHECK(error.line && error.message[0] && fuzz_zero(text, sizeof(*text)));
        CHECK(strlen(error.message) < sizeof(error.message));
    }
    free(text);
    return 0;
}
