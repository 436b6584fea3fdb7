/*
 * Codes entered at the reader's keys: lists of features, structures, what readers answer.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: length and bytes of a list of features; then what the profile says (6 bytes), the call (3
 * bytes), and what the reader gives back at each request: result, whether it lies about the
 * length, and what it answers. The card takes every SELECT.
 */

#include "fuzz.h"
#include "icc/icc.h"
#include "icc/pinpad.h"

#define GUARD 0xA5

struct reader
{
    struct input input;
    const struct icc_profile *profile;
    uint8_t *features;
    size_t features_len;
    unsigned asked, entered, most; /* requests for features and for codes, and how many are right */
    uint32_t flags;
    uint8_t p2;
    uint16_t sw;    /* the last one that the reader gave */
    int32_t failed; /* what the last request for a code failed with */
    int lied;       /* a length was told that there is no room for */
};

static const int32_t failures[] = {SC_REMOVED_CARD, SC_RESET_CARD, SC_UNSUPPORTED_FEATURE,
                                   SC_NOT_TRANSACTED, SC_TIMEOUT, SC_INSUFFICIENT_BUFFER};

/* ---- the functions alone ---- */

/* The same as pinpad_find in other words. */
static uint32_t look_up(const uint8_t *features, size_t len, uint8_t tag)
{
    uint32_t code = 0;
    size_t i;

    for (; len >= 6 && features[1] == 4; features += 6, len -= 6)
    {
        if (features[0] != tag)
            continue;
        for (i = 2; i < 6; i++)
            code = code << 8 | features[i];
        return code;
    }
    return 0;
}

static void check_find(const uint8_t *features, size_t len)
{
    CHECK(pinpad_find(features, len, PINPAD_VERIFY) == look_up(features, len, 0x06));
    CHECK(pinpad_find(features, len, PINPAD_MODIFY) == look_up(features, len, 0x07));
}

/* A structure says the same in all its fields, and ends where it says. head: bytes before its
 * prologue. */
static void check_block(const uint8_t *block, size_t size, int modify, uint8_t length,
                        uint8_t padding)
{
    size_t head = modify ? 17 : 12, command = head + 3 + 4, codes = modify ? 2 : 1, data, i;
    const uint8_t *extra = block + (modify ? 7 : 5);

    CHECK(size >= command + 5 && size <= PINPAD_MAX_BLOCK);
    if (size < command + 5)
        return;
    data = size - command - 5;
    CHECK(data == codes * length && block[command + 4] == data);
    CHECK(block[3] == length && extra[1] <= extra[0] && extra[0] <= 12 + 3);
    CHECK(!length || extra[0] == length);
    CHECK(!modify || (block[5] == 0 && block[6] == length));
    CHECK(block[command - 4] == data + 5 && !block[command - 3]);
    CHECK(fuzz_zero(block + head, 3) && fuzz_zero(block + command - 2, 2));
    for (i = command + 5; i < size; i++)
        CHECK(block[i] == padding);
}

static void check_structure(enum pinpad_feature feature, const struct pinpad_request *request)
{
    uint8_t block[PINPAD_MAX_BLOCK + 16];
    size_t size, i;

    memset(block, GUARD, sizeof(block));
    size = pinpad_block(feature, request, block);
    CHECK(!size == (request->length > 15));
    for (i = size; i < sizeof(block); i++)
        CHECK(block[i] == GUARD);
    if (size)
        check_block(block, size, feature == PINPAD_MODIFY, request->length, request->padding);
}

/* ---- the reader and the card ---- */

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    (void)context;
    CHECK(command_len >= 4 && command[1] == 0xA4 && *reply_len >= 2);
    reply[0] = 0x90;
    reply[1] = 0x00;
    *reply_len = 2;
    return SC_OK;
}

/* Fills out from the block, and now and then tells a length that there is no room for. */
static void answer(struct reader *reader, const uint8_t *bytes, size_t len, uint8_t *out,
                   size_t *out_len)
{
    size_t room = *out_len;

    if (len)
        memcpy(out, bytes, len < room ? len : room);
    *out_len = input_byte(&reader->input) == 0xFF ? room + 1 : len;
    reader->lied |= *out_len > room;
}

/* A request for a code: the right one, in the structure for it. */
static void check_entry(struct reader *reader, uint32_t code, const uint8_t *in, size_t in_len)
{
    const struct icc_chv *chv = &reader->profile->chv;
    uint32_t modify_code = look_up(reader->features, reader->features_len, PINPAD_MODIFY);
    int modify = code == modify_code && in_len >= 24 && in[9] == 0x03 && in[10] == 0x02;
    size_t command = modify ? 24 : 19;
    uint8_t ins;

    reader->entered++;
    CHECK(reader->entered <= reader->most && reader->asked);
    CHECK(code && (code == modify_code ||
                   code == look_up(reader->features, reader->features_len, PINPAD_VERIFY)));
    CHECK(in && chv->pinpad);
    check_block(in, in_len, modify, chv->length, chv->padding);
    ins = in[command + 1];
    CHECK(modify ? ins == chv->change.ins
                 : ins == chv->verify.ins || ins == chv->enable.ins || ins == chv->disable.ins);
    CHECK(in[command + 3] == reader->p2);
}

static int32_t control(void *context, uint32_t code, const uint8_t *in, size_t in_len, uint8_t *out,
                       size_t *out_len)
{
    struct reader *reader = context;
    uint8_t how = input_byte(&reader->input), *bytes;
    size_t len;

    if (code == PINPAD_GET_FEATURES)
    {
        reader->asked++;
        CHECK(!in_len);
        if (how >= 0xF8)
            return failures[how % (sizeof(failures) / sizeof(failures[0]))];
        answer(reader, reader->features, reader->features_len, out, out_len);
        return SC_OK;
    }
    check_entry(reader, code, in, in_len);
    reader->failed = SC_OK;
    reader->sw = 0;
    if (how >= 0xF0)
        return reader->failed = failures[how % (sizeof(failures) / sizeof(failures[0]))];
    bytes = input_block(&reader->input, how >= 0xE0 ? how & 3 : 2, &len);
    CHECK(*out_len >= 2);
    if (len == 2)
        reader->sw = (uint16_t)(bytes[0] << 8 | bytes[1]);
    answer(reader, bytes, len, out, out_len);
    if (*out_len != 2)
        reader->failed = SC_COMM_DATA_LOST;
    free(bytes);
    return SC_OK;
}

/* ---- the service ---- */

static int32_t expected_of(uint16_t sw)
{
    switch (sw)
    {
    case 0x6400: return SC_TIMEOUT;
    case 0x6401: return SC_CANCELLED_BY_USER;
    case 0x6402:
    case 0x6403: return SC_INVALID_CHV;
    case 0x6983:
    case 0x63C0: return SC_CHV_BLOCKED;
    default: return (sw & 0xFFF0) == 0x63C0 ? SC_WRONG_CHV : SC_OK;
    }
}

static int is_success(uint16_t sw)
{
    return sw == 0x9000 || sw >> 8 == 0x61 || sw >> 8 == 0x91 || sw >> 8 == 0x9F ||
           (sw & 0xFFF0) == 0x9200;
}

/* What was told to the caller is what the reader said last. */
static void check_result(const struct reader *reader, int32_t result)
{
    int switching = (reader->flags & (ICC_ENABLE | ICC_DISABLE)) != 0;

    CHECK(!reader->lied || result != SC_OK);
    if (!reader->entered)
        CHECK(result != SC_OK);
    else if (reader->failed)
        CHECK(result == reader->failed);
    else if (expected_of(reader->sw))
        CHECK(result == expected_of(reader->sw));
    else if (result == SC_OK)
        CHECK(is_success(reader->sw) || (switching && reader->sw == 0x9808));
}

static void set_profile(struct reader *reader, struct icc_profile *profile)
{
    struct input *input = &reader->input;
    uint8_t bits = input_byte(input), present = input_byte(input);

    *profile = icc_profile_iso;
    profile->chv.pinpad = (bits & 7) != 0;
    profile->chv.length = input_byte(input) % 18;
    profile->chv.padding = input_byte(input);
    profile->chv.verify.admin = bits >> 3 & 1;
    profile->chv.change.admin = bits >> 4 & 1;
    profile->chv.verify.present = !(present & 1);
    profile->chv.change.present = !(present & 2);
    profile->chv.enable.present = !(present & 4);
    profile->chv.disable.present = !(present & 8);
    profile->admin_cla = input_byte(input);
    profile->chv.local_bit = input_byte(input) & 1 ? 0x80 : 0;
    reader->profile = profile;
}

static void run(struct reader *reader, struct icc *icc)
{
    uint8_t call = input_byte(&reader->input);
    static const uint32_t switches[] = {0, ICC_ENABLE, ICC_DISABLE, ICC_ENABLE | ICC_CHANGE,
                                        ICC_DISABLE | ICC_CHANGE, ICC_CHANGE,
                                        ICC_ENABLE | ICC_DISABLE, ICC_CHECK_ONLY};
    int32_t ref = input_byte(&reader->input), result;
    uint32_t flags = input_byte(&reader->input);
    int change = call & 1;

    reader->flags = change ? switches[call >> 1 & 7] : 0;
    flags = (flags & 1 ? ICC_LOCAL : 0) | (flags & 2 ? ICC_GLOBAL : 0) |
            (flags == 0xFF ? ICC_SECURE_MESSAGING : 0);
    reader->p2 = (uint8_t)(ref | (flags & ICC_LOCAL ? reader->profile->chv.local_bit : 0));
    /* Switching asks once more when the card says that it is so already. */
    reader->most = !change ? 1
                           : 1 + !!(reader->flags & (ICC_ENABLE | ICC_DISABLE)) +
                                 !!(reader->flags & ICC_CHANGE);
    if (change)
        result = icc_change_code(icc, NULL, 0, NULL, 0, flags | reader->flags, ref);
    else
        result = icc_verify(icc, NULL, 0, flags, ref);
    CHECK(reader->profile->chv.pinpad || (!reader->asked && !reader->entered));
    CHECK(!(flags & ICC_SECURE_MESSAGING) || !reader->entered);
    check_result(reader, result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = {.input = {data, size}};
    struct pinpad_request request = {0};
    struct icc_profile profile;
    struct icc icc;

    reader.features = input_block(&reader.input, input_byte(&reader.input), &reader.features_len);
    check_find(reader.features, reader.features_len);
    set_profile(&reader, &profile);
    request.ins = profile.chv.verify.ins;
    request.length = profile.chv.length;
    request.padding = profile.chv.padding;
    check_structure(PINPAD_VERIFY, &request);
    check_structure(PINPAD_MODIFY, &request);
    icc_init(&icc, transmit, &reader, APDU_T1, NULL, 0, 0);
    icc_set_profile(&icc, &profile);
    icc_set_control(&icc, control);
    run(&reader, &icc);
    icc_fini(&icc);
    free(reader.features);
    return 0;
}
