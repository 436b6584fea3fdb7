/*
 * Codes entered at the reader: structures byte for byte, lists of features, the service over a
 * scripted reader.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/hex.h"
#include "icc/icc.h"
#include "icc/pinpad.h"

static size_t hex_given(const char *text, uint8_t *out, size_t room)
{
    size_t len = 0;

    ok(!hex_parse(text, out, room, &len), "%s\n", text);
    return len;
}

/* ---- the list of features ---- */

static void test_find(void)
{
    static const struct
    {
        const char *features;
        uint32_t verify, modify;
    } rows[] =
    {
        {"", 0, 0},
        {"060442330006", 0x42330006, 0},
        {"060442330006070442330007", 0x42330006, 0x42330007},
        {"070480000007060480000006", 0x80000006, 0x80000007},
        {"010411111111060422222222", 0x22222222, 0},
        {"0604423300", 0, 0},               /* cut off */
        {"0603423300060442330006", 0, 0},   /* another length: nothing behind it counts */
        {"060442330006FF", 0x42330006, 0},
    };
    uint8_t bytes[32];
    size_t i, len;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        len = hex_given(rows[i].features, bytes, sizeof(bytes));
        ok(pinpad_find(bytes, len, PINPAD_VERIFY) == rows[i].verify, "row %zu: verify\n", i);
        ok(pinpad_find(bytes, len, PINPAD_MODIFY) == rows[i].modify, "row %zu: modify\n", i);
    }
}

/* ---- the structures ---- */

static void test_block(void)
{
    static const struct
    {
        enum pinpad_feature feature;
        struct pinpad_request request;
        const char *block;
    } rows[] =
    {
        /* PIN_VERIFY_STRUCTURE: times, format, block, length format, max, min, validation,
         * messages, language, message, prologue, length, command */
        {PINPAD_VERIFY, {0x00, 0x20, 0, 1, 0, 0},
         "1E1E 82 00 00 0C04 02 01 0904 00 000000 05000000 0020000100"},
        {PINPAD_VERIFY, {0x00, 0x20, 0, 0x81, 8, 0xFF},
         "1E1E 82 08 00 0804 02 01 0904 00 000000 0D000000 0020008108 FFFFFFFFFFFFFFFF"},
        {PINPAD_VERIFY, {0xC0, 0x20, 0, 1, 2, 0},
         "1E1E 82 02 00 0202 02 01 0904 00 000000 07000000 C020000102 0000"},
        /* PIN_MODIFY_STRUCTURE: two offsets before max and min, confirmation behind them */
        {PINPAD_MODIFY, {0x00, 0x24, 0, 1, 0, 0},
         "1E1E 82 00 00 00 00 0C04 03 02 03 0904 00 01 02 000000 05000000 0024000100"},
        {PINPAD_MODIFY, {0xA0, 0x24, 0, 2, 8, 0xFF},
         "1E1E 82 08 00 00 08 0804 03 02 03 0904 00 01 02 000000 15000000 A024000210"
         "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"},
    };
    static const struct pinpad_request too_long = {0, 0x20, 0, 1, 16, 0};
    uint8_t expected[PINPAD_MAX_BLOCK], block[PINPAD_MAX_BLOCK];
    size_t i, len, wanted;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        wanted = hex_given(rows[i].block, expected, sizeof(expected));
        len = pinpad_block(rows[i].feature, &rows[i].request, block);
        ok(len == wanted && !memcmp(block, expected, len), "row %zu: %zu bytes, not %zu\n", i, len,
           wanted);
    }
    ok(!pinpad_block(PINPAD_VERIFY, &too_long, block), "16 bytes do not fit into four bits\n");
    {
        struct pinpad_request longest = {0, 0x24, 0, 1, 15, 0};

        ok(pinpad_block(PINPAD_MODIFY, &longest, block) == 24 + 5 + 30, "the longest one\n");
    }
}

/* ---- the service ---- */

static struct
{
    const char *features; /* NULL: the reader knows no such request */
    int32_t result;       /* of entering a code */
    const char *reply;
    unsigned asked, entered, sent;
    uint32_t code;
    uint8_t block[PINPAD_MAX_BLOCK];
    size_t block_len;
} reader;

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    (void)context, (void)command_len;
    ok(command[1] == 0xA4, "INS %02x went to the card from here\n", command[1]);
    reader.sent++;
    reply[0] = 0x90;
    reply[1] = 0x00;
    *reply_len = 2;
    return SC_OK;
}

static int32_t control(void *context, uint32_t code, const uint8_t *in, size_t in_len, uint8_t *out,
                       size_t *out_len)
{
    (void)context;
    if (code == PINPAD_GET_FEATURES)
    {
        reader.asked++;
        *out_len = reader.features ? hex_given(reader.features, out, *out_len) : 0;
        return reader.features ? SC_OK : SC_UNSUPPORTED_FEATURE;
    }
    reader.entered++;
    reader.code = code;
    reader.block_len = in_len < sizeof(reader.block) ? in_len : sizeof(reader.block);
    memcpy(reader.block, in, reader.block_len);
    *out_len = reader.result ? 0 : hex_given(reader.reply, out, *out_len);
    return reader.result;
}

static void start(struct icc *icc, struct icc_profile *profile, int pinpad)
{
    memset(&reader, 0, sizeof(reader));
    reader.features = "060442330006070442330007";
    reader.reply = "9000";
    *profile = icc_profile_iso;
    profile->chv.pinpad = pinpad != 0;
    icc_init(icc, transmit, NULL, APDU_T1, NULL, 0, 0);
    icc_set_profile(icc, profile);
    icc_set_control(icc, control);
}

static void test_verify(void)
{
    static const struct
    {
        int32_t result;
        const char *reply;
        int32_t expected;
    } rows[] =
    {
        {SC_OK, "9000", SC_OK},
        {SC_OK, "63C2", SC_WRONG_CHV},
        {SC_OK, "6983", SC_CHV_BLOCKED},
        {SC_OK, "6400", SC_TIMEOUT},
        {SC_OK, "6401", SC_CANCELLED_BY_USER},
        {SC_OK, "6402", SC_INVALID_CHV},
        {SC_OK, "6403", SC_INVALID_CHV},
        {SC_OK, "90", SC_COMM_DATA_LOST},
        {SC_OK, "", SC_COMM_DATA_LOST},
        {SC_REMOVED_CARD, "", SC_REMOVED_CARD},
        {SC_UNSUPPORTED_FEATURE, "", SC_UNSUPPORTED_FEATURE},
    };
    struct icc_profile profile;
    struct icc icc;
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        int32_t result;

        start(&icc, &profile, 1);
        reader.result = rows[i].result;
        reader.reply = rows[i].reply;
        result = icc_verify(&icc, NULL, 0, 0, 1);
        ok(result == rows[i].expected, "row %zu: %08x\n", i, (unsigned)result);
        ok(reader.entered == 1 && reader.code == 0x42330006, "row %zu: %u times, code %x\n", i,
           reader.entered, (unsigned)reader.code);
        ok(reader.block_len == 24 && !memcmp(reader.block + 19, "\x00\x20\x00\x01\x00", 5),
           "row %zu: another command\n", i);
        icc_fini(&icc);
    }
}

/* What stays E_INVALIDARG, with nothing sent to anybody. */
static void test_refused(void)
{
    struct icc_profile profile;
    struct icc icc;

    start(&icc, &profile, 0);
    ok(icc_verify(&icc, NULL, 0, 0, 1) == SC_INVALID_ARGUMENT && !reader.asked, "no profile\n");
    ok(icc_change_code(&icc, NULL, 0, NULL, 0, 0, 1) == SC_INVALID_ARGUMENT, "no profile\n");
    icc_fini(&icc);
    start(&icc, &profile, 1);
    reader.features = NULL;
    ok(icc_verify(&icc, NULL, 0, 0, 1) == SC_INVALID_ARGUMENT && reader.asked, "no features\n");
    reader.features = "";
    ok(icc_verify(&icc, NULL, 0, 0, 1) == SC_INVALID_ARGUMENT, "an empty list\n");
    reader.features = "060442330006";
    ok(icc_change_code(&icc, NULL, 0, NULL, 0, 0, 1) == SC_INVALID_ARGUMENT, "no way to modify\n");
    ok(icc_verify(&icc, NULL, 0, ICC_SECURE_MESSAGING, 1) == SC_UNSUPPORTED_FEATURE, "no keys\n");
    ok(icc_verify(&icc, NULL, 0, 0, 256) == SC_INVALID_ARGUMENT, "reference\n");
    icc_set_control(&icc, NULL);
    ok(icc_verify(&icc, NULL, 0, 0, 1) == SC_INVALID_ARGUMENT, "no way to the reader\n");
    ok(!reader.entered && !reader.sent, "%u entered, %u sent\n", reader.entered, reader.sent);
    icc_fini(&icc);
}

static void test_change(void)
{
    struct icc_profile profile;
    struct icc icc;

    start(&icc, &profile, 1);
    ok(icc_change_code(&icc, NULL, 0, NULL, 0, 0, 1) == SC_OK, "change\n");
    ok(reader.entered == 1 && reader.code == 0x42330007 &&
           !memcmp(reader.block + 24, "\x00\x24\x00\x01", 4),
       "change: %u times\n", reader.entered);
    ok(icc_change_code(&icc, NULL, 0, NULL, 0, ICC_DISABLE, 1) == SC_OK, "disable\n");
    ok(reader.entered == 2 && reader.block[20] == 0x26, "disable: INS %02x\n", reader.block[20]);
    ok(icc_change_code(&icc, NULL, 0, NULL, 0, ICC_ENABLE, 1) == SC_OK, "enable\n");
    ok(reader.entered == 3 && reader.block[20] == 0x28, "enable: INS %02x\n", reader.block[20]);
    ok(icc_change_code(&icc, NULL, 0, NULL, 0, ICC_ENABLE | ICC_CHANGE, 1) == SC_OK, "both\n");
    ok(reader.entered == 5 && reader.code == 0x42330007, "both: %u times\n", reader.entered);
    /* It is on already: the code is asked for by VERIFY, whose answer decides. */
    reader.reply = "6985";
    ok(icc_change_code(&icc, NULL, 0, NULL, 0, ICC_ENABLE, 1) != SC_OK && reader.entered == 7 &&
           reader.block[20] == 0x20,
       "on already: %u times\n", reader.entered);
    icc_fini(&icc);
}

START_TEST(pinpad)
{
    test_find();
    test_block();
    test_verify();
    test_refused();
    test_change();
}
