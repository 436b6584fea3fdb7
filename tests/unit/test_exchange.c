/*
 * Tests of dlls/iso7816/exchange.c: a scripted card, and cards that want to write past the end.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/exchange.h"
#include "iso7816/codes.h"
#include "iso7816/wipe.h"

#define SCRIPT_MAX 5

/* A card that knows what comes and what it says. */
struct script
{
    const char *steps[SCRIPT_MAX][2]; /* command, reply */
    size_t at;
    int wrong;
};

static int32_t play(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                    size_t *reply_len)
{
    struct script *script = context;
    size_t len, room = *reply_len;
    uint8_t *bytes;

    *reply_len = 0;
    if (script->at == SCRIPT_MAX || !script->steps[script->at][0])
    {
        script->wrong = 1;
        return SC_UNEXPECTED;
    }
    bytes = test_bytes(script->steps[script->at][0], &len);
    if (len != command_len || memcmp(bytes, command, len))
        script->wrong = 1;
    free(bytes);
    bytes = test_bytes(script->steps[script->at++][1], &len);
    if (len <= room)
    {
        memcpy(reply, bytes, len);
        *reply_len = len;
    }
    free(bytes);
    return len <= room ? SC_OK : SC_INSUFFICIENT_BUFFER;
}

static const struct exchange_policy plain = {0};
static const struct exchange_policy files = {0, 1, 0, 1, 0, 0, 0, 0};
static const struct exchange_policy exact = {0, 1, 0, 1, 0, 0, 0, 1};
static const struct exchange_policy gsm = {0xA0, 1, 1, 1, 0, 0, 0, 0};
static const struct exchange_policy flex = {0xC0, 1, 0, 1, 1, 0, 0, 0};
static const struct exchange_policy transaction = {0, 1, 0, 1, 0, 1, 1, 0};

#define BYTES_16  "000102030405060708090A0B0C0D0E0F"
#define BYTES_64  BYTES_16 BYTES_16 BYTES_16 BYTES_16
#define BYTES_128 BYTES_64 BYTES_64
#define BYTES_256 BYTES_128 BYTES_128

struct exchange
{
    const char *name;
    const struct exchange_policy *policy;
    enum apdu_protocol protocol;
    const char *command; /* in ISO form */
    const char *steps[SCRIPT_MAX][2];
    size_t room; /* 0: exactly what is expected */
    int32_t result;
    const char *reply;
};

static const struct exchange exchanges[] =
{
    {"case 1, T=1", &files, APDU_T1, "00440000", {{"00440000", "9000"}}, 0, SC_OK, "9000"},
    {"case 1, T=0", &files, APDU_T0, "00440000", {{"0044000000", "9000"}}, 0, SC_OK, "9000"},
    {"case 2", &files, APDU_T1, "00B0000004", {{"00B0000004", "01020304 9000"}}, 0, SC_OK,
     "01020304 9000"},
    {"case 3", &files, APDU_T0, "00D6000001 AA", {{"00D6000001 AA", "9000"}}, 0, SC_OK, "9000"},
    {"case 4, T=1", &files, APDU_T1, "00A4000002 3F00 00",
     {{"00A4000002 3F00 00", "6F00 9000"}}, 0, SC_OK, "6F00 9000"},
    {"case 4, T=0", &files, APDU_T0, "00A4000002 3F00 00",
     {{"00A4000002 3F00", "6102"}, {"00C0000002", "6F00 9000"}}, 0, SC_OK, "6F00 9000"},
    {"an error", &files, APDU_T1, "00A4000002 3F00 00", {{"00A4000002 3F00 00", "6A82"}}, 0, SC_OK,
     "6A82"},

    {"61xx without Le", &files, APDU_T1, "00A4000002 3F00",
     {{"00A4000002 3F00", "6102"}, {"00C0000002", "6F00 9000"}}, 0, SC_OK, "6F00 9000"},
    {"61xx after data, twice", &files, APDU_T1, "00CA000000",
     {{"00CA000000", "01 6101"}, {"00C0000001", "02 6102"}, {"00C0000002", "0304 9000"}}, 0, SC_OK,
     "01020304 9000"},
    {"6100 asks for 256", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "6100"}, {"00C0000000", "01 9000"}}, 0, SC_OK, "01 9000"},
    {"enough although 61xx", &files, APDU_T1, "0084000004",
     {{"0084000004", "01020304 6104"}}, 0, SC_OK, "01020304 9000"},
    {"no more than wanted", &files, APDU_T0, "0088000001 AA 04",
     {{"0088000001 AA", "6110"}, {"00C0000004", "01020304 610C"}}, 0, SC_OK, "01020304 9000"},
    {"the rest of what is wanted", &files, APDU_T0, "0088000001 AA 04",
     {{"0088000001 AA", "6103"}, {"00C0000003", "010203 6103"}, {"00C0000001", "04 9000"}}, 0,
     SC_OK, "01020304 9000"},
    {"extended Le of 256 is 256", &files, APDU_T1, "00CA0000000100",
     {{"00CA0000000100", "01 6101"}, {"00C0000001", "02 9000"}}, 0, SC_OK, "0102 9000"},
    {"256 are there", &exact, APDU_T0, "00B0000000",
     {{"00B0000000", BYTES_256 "6100"}}, 0, SC_OK, BYTES_256 "9000"},
    {"256 in two parts", &exact, APDU_T0, "00B0000000",
     {{"00B0000000", BYTES_128 "6100"}, {"00C0000080", BYTES_128 "6120"}}, 0, SC_OK,
     BYTES_256 "9000"},
    {"256 and all that there is", &files, APDU_T0, "00CA000000",
     {{"00CA000000", BYTES_256 "6102"}, {"00C0000002", "0102 9000"}}, 0, SC_OK,
     BYTES_256 "0102 9000"},
    {"GET RESPONSE corrected once", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "6104"}, {"00C0000004", "EE 6C02"}, {"00C0000002", "0102 9000"}}, 0, SC_OK,
     "0102 9000"},
    {"GET RESPONSE not corrected twice", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "6104"}, {"00C0000004", "6C02"}, {"00C0000002", "6C01"}}, 0, SC_OK, "6C01"},
    {"a round without data ends", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "6104"}, {"00C0000004", "6104"}}, 0, SC_OK, "6104"},
    {"GET RESPONSE fails", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "01 6104"}, {"00C0000004", "6D00"}}, 0, SC_OK, "01 6D00"},
    {"61xx not followed", &plain, APDU_T0, "00CA000000", {{"00CA000000", "6104"}}, 0, SC_OK,
     "6104"},

    {"9Fxx of GSM", &gsm, APDU_T0, "A0A4000002 3F00",
     {{"A0A4000002 3F00", "9F02"}, {"A0C0000002", "0102 9000"}}, 0, SC_OK, "0102 9000"},
    {"9Fxx elsewhere", &files, APDU_T0, "00A4000002 3F00", {{"00A4000002 3F00", "9F02"}}, 0, SC_OK,
     "9F02"},

    {"6Cxx", &files, APDU_T1, "00B0000000",
     {{"00B0000000", "EE 6C02"}, {"00B0000002", "0102 9000"}}, 0, SC_OK, "0102 9000"},
    {"6C00 is 256", &files, APDU_T1, "00B0000001",
     {{"00B0000001", "6C00"}, {"00B0000000", "0102 9000"}}, 0, SC_OK, "0102 9000"},
    /* It has been asked for 256 already. */
    {"6C00 for 256", &files, APDU_T1, "00B0000000", {{"00B0000000", "6C00"}}, 0, SC_OK, "6C00"},
    {"6Cxx of an extended command", &files, APDU_T1, "00B00000000200",
     {{"00B00000000200", "6C02"}, {"00B00000000002", "0102 9000"}}, 0, SC_OK, "0102 9000"},
    {"6Cxx once only", &files, APDU_T1, "00B0000000",
     {{"00B0000000", "6C02"}, {"00B0000002", "6C01"}}, 0, SC_OK, "6C01"},
    {"6Cxx, then 61xx", &files, APDU_T0, "00B0000000",
     {{"00B0000000", "6C03"}, {"00B0000003", "01 6102"}, {"00C0000002", "0203 9000"}}, 0, SC_OK,
     "010203 9000"},
    {"6Cxx of case 4", &files, APDU_T1, "00A4000002 3F00 00",
     {{"00A4000002 3F00 00", "6C02"}, {"00A4000002 3F00 02", "6F00 9000"}}, 0, SC_OK, "6F00 9000"},
    {"6Cxx of case 4, T=0", &files, APDU_T0, "00A4000002 3F00 00",
     {{"00A4000002 3F00", "6C02"}}, 0, SC_OK, "6C02"},
    {"6Cxx without Le", &files, APDU_T1, "00A4000002 3F00", {{"00A4000002 3F00", "6C02"}}, 0,
     SC_OK, "6C02"},
    {"6Cxx of a secret", &files, APDU_T1, "0088000001 AA 00",
     {{"0088000001 AA 00", "6C02"}}, 0, SC_OK, "6C02"},
    {"6Cxx not corrected", &plain, APDU_T1, "00B0000000", {{"00B0000000", "6C02"}}, 0, SC_OK,
     "6C02"},

    {"67xx of a Cryptoflex", &flex, APDU_T0, "C0B0000000",
     {{"C0B0000000", "6702"}, {"C0B0000002", "0102 9000"}}, 0, SC_OK, "0102 9000"},
    {"67xx corrected once with 6Cxx", &flex, APDU_T0, "C0B0000000",
     {{"C0B0000000", "6702"}, {"C0B0000002", "6C01"}}, 0, SC_OK, "6C01"},
    {"6700 says nothing", &flex, APDU_T0, "C0B0000000", {{"C0B0000000", "6700"}}, 0, SC_OK,
     "6700"},
    {"67xx of case 3", &flex, APDU_T0, "C0D6000001 AA", {{"C0D6000001 AA", "6702"}}, 0, SC_OK,
     "6702"},
    {"67xx elsewhere", &files, APDU_T0, "00B0000000", {{"00B0000000", "6702"}}, 0, SC_OK, "6702"},

    {"Transaction, case 4", &transaction, APDU_T0, "00A4000002 3F00 00",
     {{"00A4000002 3F00", "6102"}, {"00C0000002", "6F00 9000"}}, 0, SC_OK, "6F00 9000"},
    {"Transaction, case 3", &transaction, APDU_T0, "00A4000002 3F00",
     {{"00A4000002 3F00", "6102"}}, 0, SC_OK, "6102"},
    {"Transaction, case 2", &transaction, APDU_T0, "00CA000000", {{"00CA000000", "6102"}}, 0,
     SC_OK, "6102"},
    {"Transaction, case 1", &transaction, APDU_T0, "00440000", {{"0044000000", "6102"}}, 0, SC_OK,
     "6102"},
    {"Transaction, 6Cxx of case 2", &transaction, APDU_T0, "00B0000000",
     {{"00B0000000", "6C02"}, {"00B0000002", "0102 9000"}}, 0, SC_OK, "0102 9000"},
    {"Transaction, 6Cxx of case 1", &transaction, APDU_T0, "00440000", {{"0044000000", "6C02"}}, 0,
     SC_OK, "6C02"},
    {"Transaction, 6Cxx of case 4", &transaction, APDU_T1, "00A4000002 3F00 00",
     {{"00A4000002 3F00 00", "6C02"}}, 0, SC_OK, "6C02"},
    {"Transaction, 9Fxx", &transaction, APDU_T0, "A0A4000002 3F00 00",
     {{"A0A4000002 3F00", "9F02"}}, 0, SC_OK, "9F02"},

    {"an answer of one byte", &files, APDU_T1, "00440000", {{"00440000", "90"}}, 8,
     SC_COMM_DATA_LOST, ""},
    {"an empty answer", &files, APDU_T1, "00440000", {{"00440000", ""}}, 8, SC_COMM_DATA_LOST, ""},
    {"one byte to GET RESPONSE", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "01 6102"}, {"00C0000002", "90"}}, 8, SC_COMM_DATA_LOST, ""},
    {"no answer to the repetition", &files, APDU_T0, "00B0000000",
     {{"00B0000000", "6C02"}, {"00B0000002", ""}}, 8, SC_COMM_DATA_LOST, ""},
    {"room for the SW alone", &files, APDU_T1, "00B0000001", {{"00B0000001", "01 9000"}}, 2,
     SC_INSUFFICIENT_BUFFER, ""},
    {"no room for the second part", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "0102 6102"}, {"00C0000002", "0304 9000"}}, 5, SC_INSUFFICIENT_BUFFER, ""},
    {"no room at all left", &files, APDU_T0, "00CA000000",
     {{"00CA000000", "0102 6102"}, {"00C0000002", "0304 9000"}}, 4, SC_INSUFFICIENT_BUFFER, ""},
    {"no room for one byte", &plain, APDU_T1, "00440000", {{NULL, NULL}}, 1,
     SC_INSUFFICIENT_BUFFER, ""},
};

static void check_exchange(const struct exchange *row)
{
    struct script script = {{{0}}, 0, 0};
    struct exchange_link link = {play, NULL, row->protocol};
    size_t command_len, expected_len, steps = 0, room, len;
    uint8_t *command = test_bytes(row->command, &command_len);
    uint8_t *expected = test_bytes(row->reply, &expected_len), *reply;
    struct apdu apdu;
    uint16_t sw = 0xEEEE;
    int32_t result;

    link.context = &script;
    memcpy(script.steps, row->steps, sizeof(script.steps));
    while (steps < SCRIPT_MAX && row->steps[steps][0])
        steps++;
    /* A dropped answer may be longer than the one that stays. */
    room = row->room ? row->room : expected_len + 2;
    len = room;
    reply = test_alloc(room);
    memset(reply, 0xEE, room);
    ok(apdu_parse(command, command_len, &apdu) == SC_OK, "%s: command\n", row->name);

    result = exchange_command(&link, row->policy, &apdu, reply, &len, &sw);
    ok(result == row->result, "%s: result %x\n", row->name, (unsigned)result);
    ok(!script.wrong && script.at == steps, "%s: other commands than expected, %zu of %zu\n",
       row->name, script.at, steps);
    ok(len == expected_len && !memcmp(reply, expected, len), "%s: reply of %zu bytes\n", row->name,
       len);
    if (result == SC_OK)
        ok(len >= 2 && sw == (reply[len - 2] << 8 | reply[len - 1]), "%s: SW %04X\n", row->name,
           sw);
    else
        ok(!sw && (steps == 0 || test_all_zero(reply, room)), "%s: not wiped\n", row->name);
    free(command);
    free(expected);
    free(reply);
}

static void scripts(void)
{
    size_t i;

    for (i = 0; i < COUNT_OF(exchanges); i++)
        check_exchange(&exchanges[i]);
}

/* A card that goes on for ever, or lies about what it sends. */
struct endless
{
    size_t chunk; /* data bytes in each answer */
    uint16_t sw;
    unsigned calls;
    int32_t fail_at; /* the call that fails with SC_REMOVED_CARD, 0: none */
    size_t lie;      /* added to the length that is reported */
};

static int32_t go_on(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                     size_t *reply_len)
{
    struct endless *card = context;
    size_t len = card->chunk + 2;

    (void)command;
    (void)command_len;
    if (++card->calls == (unsigned)card->fail_at)
    {
        memset(reply, 0x5A, *reply_len);
        return SC_REMOVED_CARD;
    }
    if (len > *reply_len)
        return SC_INSUFFICIENT_BUFFER;
    memset(reply, 0x5A, card->chunk);
    reply[card->chunk] = (uint8_t)(card->sw >> 8);
    reply[card->chunk + 1] = (uint8_t)(card->sw & 0xFF);
    *reply_len = len + card->lie;
    return SC_OK;
}

static int32_t run_endless(struct endless *card, const struct exchange_policy *policy, size_t room,
                           size_t *len, uint16_t *sw)
{
    struct exchange_link link = {go_on, NULL, APDU_T0};
    struct apdu apdu = {0, 0xCA, 0, 0, NULL, 0, 65536, 0};
    uint8_t *reply = test_alloc(room);
    int32_t result;

    link.context = card;
    *len = room;
    result = exchange_command(&link, policy, &apdu, reply, len, sw);
    ok(result == SC_OK || test_all_zero(reply, room), "not wiped\n");
    free(reply);
    return result;
}

static void endless_cards(void)
{
    struct endless card = {256, 0x6100, 0, 0, 0};
    size_t len, room;
    uint16_t sw;

    ok(run_endless(&card, &files, APDU_MAX_REPLY, &len, &sw) == SC_INSUFFICIENT_BUFFER && !len,
       "64 KiB and more\n");
    ok(card.calls == 257, "%u calls\n", card.calls);
    for (room = 2; room < 600; room++)
    {
        card.calls = 0;
        ok(run_endless(&card, &files, room, &len, &sw) == SC_INSUFFICIENT_BUFFER, "room %zu\n",
           room);
    }

    card.chunk = 1;
    card.calls = 0;
    ok(run_endless(&card, &files, APDU_MAX_REPLY, &len, &sw) == SC_OK, "cut off\n");
    ok(card.calls == EXCHANGE_MAX_ROUNDS + 1 && len == EXCHANGE_MAX_ROUNDS + 3 && sw == 0x6100,
       "%u calls, %zu bytes, SW %04X\n", card.calls, len, sw);

    card.sw = 0x6C01;
    card.calls = 0;
    ok(run_endless(&card, &files, 100, &len, &sw) == SC_OK, "6Cxx for ever\n");
    ok(card.calls == 2 && len == 3 && sw == 0x6C01, "%u calls\n", card.calls);

    card.chunk = 0;
    card.sw = 0x9FFF;
    card.calls = 0;
    ok(run_endless(&card, &gsm, 100, &len, &sw) == SC_OK, "9Fxx for ever\n");
    ok(card.calls == 2 && len == 2 && sw == 0x9FFF, "%u calls\n", card.calls);
}

static void bad_transports(void)
{
    struct endless card = {4, 0x6104, 0, 0, 0};
    size_t len;
    uint16_t sw;
    int32_t i;

    for (i = 1; i < 5; i++)
    {
        card.calls = 0;
        card.fail_at = i;
        ok(run_endless(&card, &files, 64, &len, &sw) == SC_REMOVED_CARD && !len && !sw,
           "failure at call %d\n", i);
        ok(card.calls == (unsigned)i, "%u calls\n", card.calls);
    }
    card.fail_at = 0;
    for (card.lie = 1; card.lie < 200; card.lie++)
    {
        len = 0;
        if (card.lie > 59)
            ok(run_endless(&card, &files, 64, &len, &sw) == SC_COMM_DATA_LOST && !len, "lie %zu\n",
               card.lie);
    }
    card.lie = SIZE_MAX - 5; /* wraps to 0 */
    ok(run_endless(&card, &files, 64, &len, &sw) == SC_COMM_DATA_LOST && !len, "length 0\n");
}

/* A card that says anything, in any room: all that counts is that it stays inside. */
static int32_t babble(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                      size_t *reply_len)
{
    static const uint8_t openings[] = {0x61, 0x61, 0x61, 0x6C, 0x67, 0x9F, 0x90, 0x6A};
    size_t room = *reply_len, len = test_random() % 40;
    size_t i;

    (void)command;
    (void)command_len;
    *(unsigned *)context += 1;
    if (len > room)
        return SC_INSUFFICIENT_BUFFER;
    for (i = 0; i < len; i++)
        reply[i] = (uint8_t)test_random();
    if (len >= 2)
        reply[len - 2] = openings[test_random() % COUNT_OF(openings)];
    *reply_len = len;
    return test_random() % 50 ? SC_OK : SC_REMOVED_CARD;
}

static void babbling_cards(void)
{
    unsigned i, calls;
    struct exchange_link link = {babble, &calls, APDU_T0};

    for (i = 0; i < 20000; i++)
    {
        uint32_t flags = test_random();
        struct exchange_policy policy = {0, flags & 1, flags >> 1 & 1, flags >> 2 & 1,
                                         flags >> 3 & 1, flags >> 4 & 1, flags >> 5 & 1,
                                         flags >> 7 & 1};
        struct apdu apdu = {0, 0xA4, 0, 0, (const uint8_t *)"abcdef", 0, 0, 0};
        size_t room = test_random() % 300, len = room;
        uint8_t *reply = test_alloc(room);
        uint16_t sw;
        int32_t result;

        apdu.nc = flags >> 8 & 3;
        apdu.ne = flags >> 10 & 1 ? 256 : flags >> 12 & 31;
        link.protocol = flags >> 6 & 1 ? APDU_T0 : APDU_T1;
        calls = 0;
        result = exchange_command(&link, &policy, &apdu, reply, &len, &sw);
        ok(len <= room && (result == SC_OK ? len >= 2 : !len && !sw), "round %u: %zu of %zu\n", i,
           len, room);
        ok(calls <= 2 + 2 * EXCHANGE_MAX_ROUNDS, "%u calls\n", calls);
        free(reply);
    }
}

/* Remembers the longest command; says 9000. */
static int32_t swallow(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                       size_t *reply_len)
{
    size_t *longest = context;
    size_t i;
    unsigned sum = 0;

    for (i = 0; i < command_len; i++)
        sum += command[i];
    *longest = command_len;
    memcpy(reply, sum ? "\x90\x00" : "\x6F\x00", 2);
    *reply_len = 2;
    return SC_OK;
}

static void long_commands(void)
{
    static const struct
    {
        uint32_t nc, ne;
        int extended;
        size_t len;
    } rows[] = {
        {255, 256, 0, 261}, {255, 300, 0, 264},   {255, 1, 1, 264},
        {256, 0, 0, 263},   {256, 65536, 0, 265}, {65535, 65536, 0, APDU_MAX_COMMAND},
    };
    uint8_t *data = test_noise(APDU_MAX_LC), reply[8];
    size_t i, sent = 0, len;
    struct exchange_link link = {swallow, &sent, APDU_T1};
    struct apdu apdu = {0, 0xD6, 0, 0, data, 0, 0, 0};
    uint16_t sw;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        apdu.nc = rows[i].nc;
        apdu.ne = rows[i].ne;
        apdu.extended = rows[i].extended;
        len = sizeof(reply);
        ok(exchange_command(&link, &files, &apdu, reply, &len, &sw) == SC_OK && sw == 0x9000,
           "row %zu\n", i);
        ok(sent == rows[i].len, "row %zu: %zu bytes\n", i, sent);
    }
    link.protocol = APDU_T0;
    len = sizeof(reply);
    ok(exchange_command(&link, &files, &apdu, reply, &len, &sw) == SC_INVALID_ARGUMENT && !len,
       "long data under T=0\n");
    apdu.nc = APDU_MAX_LC + 1;
    len = sizeof(reply);
    ok(exchange_command(&link, &files, &apdu, reply, &len, &sw) == SC_INVALID_ARGUMENT && !len,
       "nc 65536\n");
    free(data);
}

static void arguments(void)
{
    size_t sent, len;
    struct exchange_link link = {swallow, &sent, APDU_T1}, unlinked = {NULL, NULL, APDU_T1};
    struct apdu apdu = {0, 0x44, 0, 0, NULL, 0, 0, 0};
    uint8_t reply[8];
    uint16_t sw;

#define REFUSED(link, policy, apdu, reply, sw) \
    ok((len = sizeof(reply), exchange_command(link, policy, apdu, reply, &len, sw)) == \
       SC_INVALID_ARGUMENT && !len, "taken\n")
    REFUSED(NULL, &files, &apdu, reply, &sw);
    REFUSED(&unlinked, &files, &apdu, reply, &sw);
    REFUSED(&link, NULL, &apdu, reply, &sw);
    REFUSED(&link, &files, NULL, reply, &sw);
    REFUSED(&link, &files, &apdu, NULL, &sw);
    REFUSED(&link, &files, &apdu, reply, NULL);
    ok(exchange_command(&link, &files, &apdu, reply, NULL, &sw) == SC_INVALID_ARGUMENT, "no len\n");
#undef REFUSED
}

static void wiping(void)
{
    uint8_t *bytes = test_noise(100);

    wipe(bytes, 100);
    ok(test_all_zero(bytes, 100), "not wiped\n");
    bytes[0] = 1;
    wipe(bytes, 0);
    ok(bytes[0] == 1, "wiped too much\n");
    free(bytes);
}

START_TEST(exchange)
{
    scripts();
    endless_cards();
    bad_transports();
    babbling_cards();
    long_commands();
    arguments();
    wiping();
}
