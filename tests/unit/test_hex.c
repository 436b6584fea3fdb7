/*
 * Tests of dlls/iso7816/hex.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/hex.h"
#include "iso7816/codes.h"

struct format
{
    const char *bytes;
    size_t cap;
    const char *text;
};

static const struct format formats[] =
{
    {"", 10, ""}, {"", 1, ""}, {"", 0, ""}, {"0A", 4, "0A"}, {"0AFF", 5, "0AFF"},
    {"0AFF", 4, "..."}, {"0AFF11", 7, "0AFF11"}, {"0AFF11", 6, "0A..."}, {"0AFF11", 5, "..."},
    {"0AFF1122", 8, "0AFF..."}, {"0AFF1122", 9, "0AFF1122"}, {"0AFF", 3, ""}, {"0AFF", 1, ""},
};

static void check_text(const char *name, const char *out, size_t len, const char *expected)
{
    ok(len == strlen(expected), "%s: %zu\n", name, len);
    ok(!strcmp(out, expected), "%s: \"%s\", not \"%s\"\n", name, out, expected);
}

static void formatting(void)
{
    size_t i, len;

    for (i = 0; i < COUNT_OF(formats); i++)
    {
        uint8_t *bytes = test_bytes(formats[i].bytes, &len);
        char *out = test_alloc(formats[i].cap);
        size_t written = hex_format(bytes, len, out, formats[i].cap);

        if (formats[i].cap)
            check_text(formats[i].bytes, out, written, formats[i].text);
        else
            ok(!written, "no room\n");
        free(bytes);
        free(out);
    }
}

struct command
{
    const char *bytes;
    int hidden;
    const char *text;
};

static const struct command commands[] =
{
    {"00440000", 0, "00440000"},
    {"00B0000010", 0, "00B00000 10"},
    {"00B00000000100", 0, "00B00000 000100"},
    {"00A4040002 3F00", 0, "00A40400 02 3F00"},
    {"00A4040002 3F00 00", 0, "00A40400 02 3F00 00"},
    {"00D60000000002 3F00", 0, "00D60000 000002 3F00"},
    {"00A40400000002 3F00 0100", 0, "00A40400 000002 3F00 0100"},
    {"00B00000 00 3132", 0, "00B00000 003132"},
    {"00440000", 1, "00440000"},
    {"0020000104 31323334", 1, "00200001 04 [4 bytes hidden]"},
    {"00200001000004 31323334", 1, "00200001 000004 [4 bytes hidden]"},
    {"00C0000010", 1, "00C00000 10"},
    {"C0D6000008 3132333435363738", 1, "C0D60000 08 [8 bytes hidden]"},
    /* a wrong Lc makes a byte of a code look like Le, or a whole code */
    {"0088000002 3132 00", 1, "00880000 02 [3 bytes hidden]"},
    {"0020000103 31323334", 1, "00200001 03 [4 bytes hidden]"},
    {"00200001000002 3132 3334", 1, "00200001 000002 [4 bytes hidden]"},
    {"0020000100 3132", 1, "00200001 [3 bytes hidden]"},
    /* no APDU: nothing but the header is known to be harmless */
    {"0020000105 31323334", 0, "00200001 [5 bytes hidden]"},
    {"00B00000 00 31", 0, "00B00000 [2 bytes hidden]"},
    {"0020", 0, "0020"},
    {"0020", 1, "0020"},
    {"", 0, ""},
};

static const struct command replies[] =
{
    {"9000", 0, "9000"}, {"0102 9000", 0, "0102 9000"}, {"90", 0, "90"}, {"", 0, ""},
    {"63C2", 1, "63C2"}, {"010203 9000", 1, "[3 bytes hidden] 9000"},
    {"01", 1, "[1 bytes hidden]"}, {"", 1, ""},
};

static void commands_and_replies(void)
{
    size_t i, len;

    for (i = 0; i < COUNT_OF(commands) + COUNT_OF(replies); i++)
    {
        const struct command *row =
            i < COUNT_OF(commands) ? &commands[i] : &replies[i - COUNT_OF(commands)];
        uint8_t *bytes = test_bytes(row->bytes, &len);
        size_t cap = 2 * len + 32, written;
        char *out = test_alloc(cap);

        if (i < COUNT_OF(commands))
            written = hex_format_command(bytes, len, row->hidden, out, cap);
        else
            written = hex_format_reply(bytes, len, row->hidden, out, cap);
        check_text(row->bytes, out, written, row->text);
        free(out);
        free(bytes);
    }
}

/* In any room: ended, within it, and a beginning of the whole. */
static void small_rooms(void)
{
    size_t i, len, cap;
    char whole[200];

    for (i = 0; i < COUNT_OF(commands); i++)
    {
        uint8_t *bytes = test_bytes(commands[i].bytes, &len);
        size_t whole_len = hex_format_command(bytes, len, commands[i].hidden, whole, sizeof(whole));

        for (cap = 0; cap <= whole_len + 1; cap++)
        {
            char *out = test_alloc(cap);
            size_t n = hex_format_command(bytes, len, commands[i].hidden, out, cap);
            size_t m = n >= 3 && cap <= whole_len ? n - 3 : n;

            ok(cap ? n < cap && strlen(out) == n : !n, "%s in %zu: %zu\n", commands[i].bytes, cap,
               n);
            ok(!n || !memcmp(out, whole, m), "%s in %zu: %s\n", commands[i].bytes, cap, out);
            ok(n == m || !strcmp(out + m, "..."), "%s in %zu: %s\n", commands[i].bytes, cap, out);
            hex_format_reply(bytes, len, commands[i].hidden, out, cap);
            ok(!cap || strlen(out) < cap, "reply in %zu\n", cap);
            free(out);
        }
        free(bytes);
    }
}

/* The largest secrets fit into the room that the header promises. */
static void promised_room(void)
{
    size_t len = 7 + 65535, cap = 2 * len + 32;
    uint8_t *bytes = test_noise(len);
    char *out = test_alloc(cap);

    memcpy(bytes, "\x00\xD6\x00\x00\x00\xFF\xFF", 7);
    ok(hex_format_command(bytes, len, 0, out, cap) == 2 * len + 2, "plain\n");
    ok(hex_format_command(bytes, len, 1, out, cap) ==
           strlen("00D60000 00FFFF [65535 bytes hidden]"),
       "secret: %s\n", out);
    free(out);
    free(bytes);
}

struct text
{
    const char *text;
    size_t cap;
    int32_t result;
    const char *bytes;
};

static const struct text texts[] =
{
    {"", 4, SC_OK, ""}, {"0aFf", 4, SC_OK, "0AFF"}, {" 0A:ff\t12\r\n34 ", 4, SC_OK, "0AFF1234"},
    {"0A", 0, SC_INSUFFICIENT_BUFFER, ""}, {"0AFF", 1, SC_INSUFFICIENT_BUFFER, ""},
    {"", 0, SC_OK, ""}, {" : ", 0, SC_OK, ""},
    {"0", 4, SC_INVALID_ARGUMENT, ""}, {"0AF", 4, SC_INVALID_ARGUMENT, ""},
    {"0 A", 4, SC_INVALID_ARGUMENT, ""}, {"0G", 4, SC_INVALID_ARGUMENT, ""},
    {"G0", 4, SC_INVALID_ARGUMENT, ""}, {"0A,FF", 4, SC_INVALID_ARGUMENT, ""},
    {"0x0A", 4, SC_INVALID_ARGUMENT, ""}, {"0A-", 4, SC_INVALID_ARGUMENT, ""},
};

static void parsing(void)
{
    uint8_t byte;
    size_t i, len = 99;

    for (i = 0; i < COUNT_OF(texts); i++)
    {
        size_t expected_len;
        uint8_t *expected = test_bytes(texts[i].bytes, &expected_len);
        uint8_t *out = test_alloc(texts[i].cap);
        char *text = test_memdup(texts[i].text, strlen(texts[i].text) + 1);
        int32_t result = hex_parse(text, out, texts[i].cap, &len);

        ok(result == texts[i].result, "\"%s\": %x\n", text, (unsigned)result);
        ok(len == expected_len && !memcmp(out, expected, len), "\"%s\": %zu bytes\n", text, len);
        free(expected);
        free(out);
        free(text);
    }
    ok(hex_parse(NULL, &byte, 1, &len) == SC_INVALID_ARGUMENT && !len, "NULL\n");
    ok(hex_parse("00", &byte, 1, NULL) == SC_INVALID_ARGUMENT, "no len\n");
    ok(hex_parse("00", NULL, 1, &len) == SC_INVALID_ARGUMENT, "no out\n");
    ok(hex_parse("", NULL, 0, &len) == SC_OK, "no room is needed\n");
}

static void there_and_back(void)
{
    size_t i, len, back_len;

    for (i = 0; i < 1000; i++)
    {
        uint8_t *noise = test_noise(len = test_random() % 64), *back = test_alloc(len);
        char *text = test_alloc(2 * len + 4);

        ok(hex_format(noise, len, text, 2 * len + 4) == 2 * len, "length\n");
        ok(hex_parse(text, back, len, &back_len) == SC_OK && back_len == len &&
               !memcmp(noise, back, len),
           "round %zu\n", i);
        free(noise);
        free(back);
        free(text);
    }
}

START_TEST(hex)
{
    formatting();
    commands_and_replies();
    small_rooms();
    promised_room();
    parsing();
    there_and_back();
}
