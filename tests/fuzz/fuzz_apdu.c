/*
 * Command APDUs and their traces: what parses must encode to the same bytes again.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the bytes of a command; its last third stands for a reply.
 */

#include "iso7816/apdu.h"
#include "fuzz.h"
#include "iso7816/hex.h"
#include "iso7816/codes.h"

/* Parsed and encoded again, the bytes are the same. */
static void check_round(const uint8_t *data, size_t size, const struct apdu *apdu)
{
    size_t len = 1, room = size + 8;
    uint8_t *out = malloc(room);

    if (!out)
        abort();
    CHECK(apdu_encode(apdu, out, room, &len) == SC_OK);
    CHECK(len == size && !memcmp(out, data, size));
    CHECK(apdu_encode(apdu, out, size - 1, &len) == SC_INSUFFICIENT_BUFFER && len == 0);
    if (apdu_encode_for(apdu, APDU_T0, out, room, &len) == SC_OK)
        CHECK(len == 5 + (size_t)apdu->nc && apdu->nc <= 255);
    else
        CHECK(len == 0 && apdu->nc > 255);
    free(out);
}

static void check_trace(const uint8_t *data, size_t size, size_t cap)
{
    size_t reply = size / 3, len;
    char *text = malloc(cap ? cap : 1);

    if (!text)
        abort();
    len = hex_format_command(data, size, size % 2, text, cap);
    CHECK(cap ? len < cap && text[len] == '\0' : !len);
    len = hex_format_reply(data + size - reply, reply, size % 2, text, cap);
    CHECK(cap ? len < cap && text[len] == '\0' : !len);
    len = hex_format(data, size, text, cap);
    CHECK(cap ? len < cap && text[len] == '\0' : !len);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct apdu apdu;
    int32_t result;

    if (size > 8192)
        return 0;
    result = apdu_parse(data, size, &apdu);
    if (result == SC_OK)
    {
        CHECK(apdu.nc <= APDU_MAX_LC && apdu.ne <= APDU_MAX_NE);
        CHECK(!apdu.nc == !apdu.data);
        CHECK(!apdu_needs_extended(&apdu) || apdu.extended);
        check_round(data, size, &apdu);
    }
    else
        CHECK(result == SC_INVALID_ARGUMENT && fuzz_zero(&apdu, sizeof(apdu)));
    apdu_is_secret(&apdu);
    apdu_instruction_name(apdu.ins);
    check_trace(data, size, 2 * size + 32);
    check_trace(data, size, size);
    check_trace(data, size, size % 5);
    return 0;
}
