/*
 * A card that answers anything: every function must come back, with nothing read or written astray.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "icc_script.h"

#define ROUNDS 2000
/* The longest sequence: 512 files, each looked for along several ways, with GET RESPONSE. */
#define MAX_COMMANDS 2000000ul

struct noise
{
    unsigned long commands;
};

/* Status words that lead somewhere. */
static const uint16_t words[] =
{
    0x9000, 0x9000, 0x9000, 0x9000, 0x9000, 0x6110, 0x6C08, 0x6282, 0x6283, 0x6284, 0x63C2, 0x6700,
    0x6704, 0x6981, 0x6982, 0x6985, 0x6A82, 0x6A83, 0x6A86, 0x6A88, 0x6B00, 0x6D00, 0x6E00, 0x6F00,
    0x9F08, 0x9404, 0x9408, 0x6100
};

/* Beginnings of answers that parsers look into. */
static const char *const heads[] =
{
    "", "6F12820138830250008406A000000001028A01", "6208820101800201008801", "6F7F82", "53820100",
    "0000001000010200440000010100081010", "000000003F0001000000", "61084F06A0000000", "53FFFFFFFF",
    "6F0982060200000802018A0105", "6F07820506000004FF"
};

static int32_t noise_transmit(void *context, const uint8_t *command, size_t command_len,
                              uint8_t *reply, size_t *reply_len)
{
    struct noise *noise = context;
    size_t room = *reply_len, len = 0, i;
    uint16_t sw = test_random() % 2 ? 0x9000 : words[test_random() % COUNT_OF(words)];

    noise->commands++;
    if (command_len < 4 || test_random() % 200 == 0)
    {
        *reply_len = test_random() % 3;
        return test_random() % 2 ? SC_REMOVED_CARD : SC_OK;
    }
    hex_parse(heads[test_random() % COUNT_OF(heads)], reply, room, &len);
    for (i = test_random() % 300; i && len + 2 < room; i--)
        reply[len++] = (uint8_t)test_random();
    if (test_random() % 4 == 0)
        len = 0;
    if (len + 2 > room)
        len = room - 2;
    reply[len++] = (uint8_t)(sw >> 8);
    reply[len++] = (uint8_t)sw;
    *reply_len = len;
    return SC_OK;
}

static const char *const texts[] =
{
    "0001", "5000/0001", "3F00", "\\5000\\5100\\0002", "#A00000000102/5000", "AB", "..", "../0001",
    "05", "5000/05", "MF", "A0000000010203", "3F0050005100", ".", "zz//", "4142"
};

static const char *random_text(void)
{
    return texts[test_random() % COUNT_OF(texts)];
}

/* ISCardFileAccess on one file. */
static void use_file(struct icc *icc)
{
    const char *text = random_text();
    uint8_t data[300] = {0};
    uint32_t handle = 0;
    uint8_t *read = NULL;
    int32_t bytes = (int32_t)(test_random() % 2000);
    uint32_t flags = 1u << test_random() % 16;

    if (icc_open(icc, (int32_t)(test_random() % 3), TEXT(text), &handle))
        return;
    icc_seek(icc, handle, (int32_t)(test_random() % 600) - 300, (int32_t)(test_random() % 3));
    icc_read(icc, handle, &bytes, &read, 0);
    ok(bytes >= 0 && bytes <= 2000, "%d bytes\n", (int)bytes);
    icc_free(read);
    icc_write(icc, handle, (int32_t)(test_random() % 300), data, sizeof(data),
              test_random() % 2 ? 0 : flags & ~(uint32_t)ICC_SECURE_MESSAGING);
    if (test_random() % 2)
        icc_close(icc, handle);
}

static void use_files(struct icc *icc)
{
    static const uint8_t descriptor[] = {0x82, 1, 1}, size[] = {0x80, 2, 0, 9};
    static const struct icc_tlv objects[] = {{3, descriptor}, {4, size}};
    const char *text = random_text();
    int32_t type = (int32_t)(test_random() % 3);
    struct icc_tlv *found;
    struct icc_name *names;
    int32_t count;
    size_t name_count;

    switch (test_random() % 7)
    {
    case 0: icc_create(icc, type, TEXT(text), objects, 2, ICC_PREALLOCATE, descriptor, 3); break;
    case 1: icc_delete(icc, type, TEXT(text), test_random() % 2 ? ICC_RECURSIVE : 0); break;
    case 2:
        icc_directory(icc, (int32_t)(test_random() % 8), &names, &name_count);
        icc_free(names);
        break;
    case 3:
        icc_properties(icc, type, TEXT(text), objects, (int32_t)(test_random() % 3), 0, &found,
                       &count);
        icc_free(found);
        break;
    case 4:
        icc_capabilities(icc, NULL, 0, 0, &found, &count);
        icc_free(found);
        break;
    case 5: icc_set_properties(icc, type, TEXT(text), objects, 1, 0); break;
    default:
        icc_invalidate(icc, TEXT(text), 0);
        icc_rehabilitate(icc, TEXT(text), 0);
        break;
    }
}

static void use_codes(struct icc *icc)
{
    static const uint8_t code[8] = {1};
    uint8_t *out;
    int32_t length = (int32_t)(test_random() % 300);

    icc_verify(icc, code, 8, test_random() % 2 ? ICC_LOCAL : 0, 1);
    icc_change_code(icc, code, 8, code, 4, test_random() % 2 ? ICC_ENABLE : ICC_DISABLE, 1);
    icc_get_challenge(icc, 1, NULL, 0, &length, &out);
    icc_free(out);
    length = (int32_t)(test_random() % 300);
    icc_internal_authenticate(icc, 1, NULL, 0, code, 8, &length, &out);
    icc_free(out);
    icc_reset_security(icc, 0);
}

static void test_noise_card(void)
{
    static const struct icc_profile *const profiles[] =
    {
        NULL, &icc_profile_iso, &icc_profile_flex, &icc_profile_cyberflex, &icc_profile_gsm,
        &icc_profile_class_c0
    };
    static const uint8_t atr[] = {0x3B, 0x05, 0x80, 0x73, 0x00, 0x40, 0xC0};
    char directory[PATH_MAX_TEXT + 1];
    int round;

    for (round = 0; round < ROUNDS; round++)
    {
        struct noise noise = {0};
        struct icc icc;
        int step;

        icc_init(&icc, noise_transmit, &noise, test_random() % 2 ? APDU_T0 : APDU_T1, atr,
                 test_random() % 2 ? sizeof(atr) : 2, test_random() % 2);
        icc_set_profile(&icc, profiles[test_random() % COUNT_OF(profiles)]);
        icc_set_exclusive(&icc, test_random() % 2);
        for (step = 0; step < 4; step++)
        {
            const char *text = random_text();

            icc_change_dir(&icc, (int32_t)(test_random() % 3), TEXT(text));
            icc_current_dir(&icc, directory);
            use_file(&icc);
            use_files(&icc);
            if (step == 2)
                use_codes(&icc);
        }
        ok(noise.commands < MAX_COMMANDS, "round %d: %lu commands\n", round, noise.commands);
        icc_card_is_new(&icc, APDU_T1, atr, sizeof(atr));
        use_file(&icc);
        icc_fini(&icc);
    }
}

START_TEST(icc_noise)
{
    test_noise_card();
}
