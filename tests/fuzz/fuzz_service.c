/*
 * The whole file service over a card that answers anything.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input, in the order of time: settings (1 byte), family (1), ATR (length and bytes); then calls,
 * and within each the answers that the card gives. A call: its number, and what it takes. An
 * answer: length (1), bytes, status word; length FE: 2 bytes of length, filled; FF: a result of
 * the transport. When the input ends the card is gone.
 */

#include "fuzz.h"
#include "icc/icc.h"

#define MAX_CALLS 40

struct session
{
    struct input input;
    struct icc icc;
    uint32_t handle;
    unsigned codes; /* commands with a code that the card has looked at */
};

static const int32_t losses[] = {SC_REMOVED_CARD, SC_RESET_CARD, SC_INSUFFICIENT_BUFFER,
                                 SC_UNEXPECTED, SC_CANCELLED, SC_PROTO_MISMATCH};

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct session *session = context;
    struct input *input = &session->input;
    size_t len, room = *reply_len;
    uint8_t *data;

    CHECK(command_len >= 4 && command_len <= APDU_MAX_COMMAND && room >= 2);
    *reply_len = 0;
    if (!input->left)
        return SC_REMOVED_CARD;
    len = input_byte(input);
    if (len == 0xFF)
        return losses[input_byte(input) % (sizeof(losses) / sizeof(losses[0]))];
    data = len == 0xFE ? calloc(1, (len = input_short(input)) + 1) : input_block(input, len, &len);
    if (!data)
        abort();
    if (len + 2 <= room)
    {
        memcpy(reply, data, len);
        reply[len] = input_byte(input);
        reply[len + 1] = input_byte(input);
        *reply_len = len + 2;
    }
    if (command_len > 5 && command[1] == 0x20 && *reply_len &&
        !(reply[*reply_len - 2] == 0x6E && reply[*reply_len - 1] == 0))
        session->codes++;
    free(data);
    return *reply_len ? SC_OK : SC_INSUFFICIENT_BUFFER;
}

/* ---- what calls take ---- */

/* Length and characters, to be freed. */
static uint16_t *read_text(struct input *input, size_t *count)
{
    size_t got, i;
    uint8_t *bytes = input_block(input, input_byte(input) % 64, &got);
    uint16_t *text = malloc(got * sizeof(*text) + 1);

    if (!text)
        abort();
    for (i = 0; i < got; i++)
        text[i] = bytes[i];
    free(bytes);
    *count = got;
    return text;
}

static uint8_t *read_data(struct input *input, size_t *count)
{
    size_t len = input_byte(input);
    uint8_t *data;

    if (len < 0xF0)
        return input_block(input, len, count);
    *count = (len & 15) * 64 + 1;
    if (!(data = calloc(1, *count)))
        abort();
    return data;
}

/* Defined flags, now and then an undefined one. */
static uint32_t read_flags(struct input *input)
{
    uint8_t bits = input_byte(input);

    return bits ? 1u << (bits & 31) | 1u << (bits >> 5) * 2 : 0;
}

/* Up to three objects in data, one a byte of length. */
static int32_t read_objects(struct input *input, struct icc_tlv *objects, uint8_t **data)
{
    struct input rest;
    int32_t count;
    size_t len;

    *data = read_data(input, &len);
    rest.at = *data;
    rest.left = len;
    for (count = 0; count < 3 && rest.left; count++)
    {
        size_t size = input_byte(&rest);

        objects[count].data = rest.at;
        size = size < rest.left ? size : rest.left;
        objects[count].size = (int32_t)size;
        rest.at += size;
        rest.left -= size;
    }
    return count;
}

/* ---- calls ---- */

static void use_handle(struct session *session, uint8_t call)
{
    struct input *input = &session->input;
    uint32_t flags = read_flags(input);
    int32_t amount = (int16_t)input_short(input), bytes = amount;
    uint8_t *data = (uint8_t *)1;
    size_t len;

    if (call == 3)
    {
        icc_seek(&session->icc, session->handle, amount * (flags ? 64 : 1), (int32_t)(flags % 4));
        return;
    }
    if (call == 4)
    {
        int32_t result = icc_read(&session->icc, session->handle, &bytes, &data, flags);

        CHECK(bytes >= 0 && bytes <= (amount > 0 ? amount : 0));
        CHECK(result == SC_OK || (!bytes && !data));
        CHECK(!bytes == !data);
        icc_free(data);
        return;
    }
    data = read_data(input, &len);
    icc_write(&session->icc, session->handle, amount, data, len, flags);
    free(data);
}

static void use_objects(struct session *session, uint8_t call, const uint16_t *text, size_t count)
{
    struct icc_tlv objects[3], *found = (struct icc_tlv *)1;
    int32_t found_count = 1, i, number, type = input_byte(&session->input) % 4;
    uint32_t flags = read_flags(&session->input);
    int32_t result = SC_UNEXPECTED;
    uint8_t *data;

    number = read_objects(&session->input, objects, &data);
    if (call == 6)
        icc_create(&session->icc, type, text, count, objects, number, flags, data, 3u * !!number);
    else if (call == 7)
        icc_set_properties(&session->icc, type, text, count, objects, number, flags);
    else
    {
        result = call == 8 ? icc_properties(&session->icc, type, text, count, objects, number,
                                            flags, &found, &found_count)
                           : icc_capabilities(&session->icc, objects, number, flags, &found,
                                              &found_count);
        CHECK(found_count >= 0 && !found == !found_count && (!result || !found));
        for (i = 0; i < found_count; i++)
            CHECK(found[i].size >= 0 && !found[i].size == !found[i].data);
        icc_free(found);
    }
    free(data);
}

static void use_codes(struct session *session)
{
    struct input *input = &session->input;
    uint8_t call = input_byte(input);
    uint32_t flags = read_flags(input);
    int32_t ref = input_byte(input), length = (int16_t)input_short(input);
    uint8_t param = input_byte(input), *out = (uint8_t *)1, *code;
    size_t len;
    int32_t result = SC_OK;

    code = read_data(input, &len);
    session->codes = 0;
    switch (call % 8)
    {
    case 0:
        icc_verify(&session->icc, code, len, flags, ref);
        CHECK(session->codes <= 1);
        break;
    case 1:
        icc_change_code(&session->icc, code, len / 2, code + len / 2, len - len / 2, flags, ref);
        CHECK(session->codes <= 1);
        break;
    case 2: icc_unblock(&session->icc, param & 1, flags, ref); break;
    case 3: icc_reset_security(&session->icc, flags); break;
    case 4:
        result = icc_external_authenticate(&session->icc, ref, &param, param & 1, code, len);
        break;
    case 5:
        result = icc_internal_authenticate(&session->icc, ref, &param, param & 1, code, len,
                                           &length, &out);
        break;
    case 6:
        result =
            icc_user_authenticate(&session->icc, ref, &param, param & 1, code, len, &length, &out);
        break;
    default: result = icc_get_challenge(&session->icc, ref, &param, param & 1, &length, &out);
    }
    if (call % 8 > 4)
    {
        CHECK(result == SC_OK || (!out && !length));
        CHECK(length >= 0 && (!length || out));
        icc_free(out);
    }
    free(code);
}

static void use_path(struct session *session, uint8_t call)
{
    int32_t type = input_byte(&session->input) % 4, result;
    uint32_t flags;
    size_t count;
    uint16_t *text = read_text(&session->input, &count);

    switch (call)
    {
    case 0: icc_change_dir(&session->icc, type, text, count); break;
    case 1:
        result = icc_open(&session->icc, type, text, count, &session->handle);
        CHECK(!result == !!session->handle);
        break;
    case 2:
        flags = read_flags(&session->input);
        icc_delete(&session->icc, type, text, count, flags);
        break;
    case 10: icc_invalidate(&session->icc, text, count, 0); break;
    case 11: icc_rehabilitate(&session->icc, text, count, 0); break;
    default: use_objects(session, call, text, count);
    }
    free(text);
}

static void use_directory(struct session *session)
{
    char text[PATH_MAX_TEXT + 1] = "?";
    struct icc_name *names = (struct icc_name *)1;
    size_t count = 1, i;
    int32_t type = input_byte(&session->input) % 9;
    int32_t result = icc_directory(&session->icc, type, &names, &count);

    CHECK(!names == !count && (!result || !names));
    for (i = 0; i < count; i++)
        CHECK(memchr(names[i].text, 0, sizeof(names[i].text)));
    icc_free(names);
    result = icc_current_dir(&session->icc, text);
    CHECK(memchr(text, 0, sizeof(text)) && (!result || !text[0]));
}

static void change_card(struct session *session)
{
    uint8_t how = input_byte(&session->input);

    if (how & 1)
        icc_set_exclusive(&session->icc, how >> 1 & 1);
    if (how & 4)
        icc_untrust(&session->icc, how & 8 ? APDU_T0 : APDU_T1);
    if (how & 16)
        icc_card_is_new(&session->icc, how & 8 ? APDU_T0 : APDU_T1, (const uint8_t *)"\x3B", 2);
}

static void call_one(struct session *session)
{
    uint8_t call = input_byte(&session->input) & 15;

    if (call >= 3 && call <= 5)
        use_handle(session, call);
    else if (call <= 11)
        use_path(session, call);
    else if (call == 12)
        use_directory(session);
    else if (call == 13)
        use_codes(session);
    else if (call == 14)
        change_card(session);
    else
        icc_close(&session->icc, session->handle);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct icc_profile *const families[] =
    {
        NULL, &icc_profile_iso, &icc_profile_flex, &icc_profile_cyberflex, &icc_profile_gsm,
        &icc_profile_class_c0
    };
    struct session session = {.input = {data, size}};
    uint8_t settings = input_byte(&session.input), family = input_byte(&session.input), *atr;
    size_t len;
    int i;

    atr = input_block(&session.input, input_byte(&session.input) % 40, &len);
    icc_init(&session.icc, transmit, &session, settings & 1 ? APDU_T0 : APDU_T1, atr, len,
             settings >> 1 & 1);
    free(atr);
    icc_set_profile(&session.icc, families[family % (sizeof(families) / sizeof(families[0]))]);
    icc_set_exclusive(&session.icc, settings >> 2 & 1);
    for (i = 0; i < MAX_CALLS && session.input.left; i++)
        call_one(&session);
    icc_fini(&session.icc);
    return 0;
}
