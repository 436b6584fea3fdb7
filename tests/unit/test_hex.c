/*
 * Tests of dlls/iso7816/hex.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "hex.h"
#include "result.h"

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
    ok(len == strlen(expected), "%s: %zu", name, len);
    ok(!strcmp(out, expected), "%s: \"%s\", not \"%s\"", name, out, expected);
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
            ok(!written, "no room");
        free(bytes);
        free(out);
    }
}

struct command
{
    const char *bytes, *text;
    const char *reply, *reply_text;
};

static const struct command commands[] =
{
    {"00440000", "00440000", "9000", "9000"},
    {"00B0000010", "00B00000 10", "0102 9000", "0102 9000"},
    {"00B00000000100", "00B00000 000100", "01 6282", "01 6282"},
    {"00A4040002 3F00", "00A40400 02 3F00", "6110", "6110"},
    {"00A4040002 3F00 00", "00A40400 02 3F00 00", "6F00 9000", "6F00 9000"},
    {"00D60000000002 3F00", "00D60000 000002 3F00", "", ""},
    {"00A40400000002 3F00 0100", "00A40400 000002 3F00 0100", "90", "90"},
    {"0020000104 31323334", "00200001 04 [4 bytes hidden]", "63C2", "63C2"},
    {"00200001000004 31323334", "00200001 000004 [4 bytes hidden]", "9000", "9000"},
    {"0088000002 3132 00", "00880000 02 [2 bytes hidden] 00", "010203 9000",
     "[3 bytes hidden] 9000"},
    {"0088000000", "00880000 00", "01", "[1 bytes hidden]"},
    {"00C0000010", "00C00000 10", "0102 9000", "[2 bytes hidden] 9000"},
    {"0CB0000004 97010000 00", "0CB00000 04 [4 bytes hidden] 00", "9900 9000",
     "[2 bytes hidden] 9000"},
    {"1020000102 3132", "10200001 02 [2 bytes hidden]", "9000", "9000"},
    {"00C2000009 0020000104 31323334", "00C20000 09 [9 bytes hidden]", "9000", "9000"},
    {"00C2000007 00A4000002 3F00", "00C20000 07 00A40000023F00", "01 9000", "01 9000"},
    /* no APDU: nothing but the header is known to be harmless */
    {"0020000105 31323334", "00200001 [5 bytes hidden]", "01 9000", "[1 bytes hidden] 9000"},
    {"00B00000 00 3132", "00B00000 003132", "9000", "9000"},
    {"00B00000 00 31", "00B00000 [2 bytes hidden]", "9000", "9000"},
    {"0020", "0020", "9000", "9000"},
    {"", "", "0102 9000", "[2 bytes hidden] 9000"},
};

static void commands_and_replies(void)
{
    size_t i, len, reply_len;

    for (i = 0; i < COUNT_OF(commands); i++)
    {
        const struct command *row = &commands[i];
        uint8_t *bytes = test_bytes(row->bytes, &len);
        uint8_t *reply = test_bytes(row->reply, &reply_len);
        size_t cap = 2 * len + 32, reply_cap = 2 * reply_len + 32, written;
        char *out = test_alloc(cap), *reply_out = test_alloc(reply_cap);

        written = hex_format_command(bytes, len, out, cap);
        check_text(row->bytes, out, written, row->text);
        written = hex_format_reply(bytes, len, reply, reply_len, reply_out, reply_cap);
        check_text(row->bytes, reply_out, written, row->reply_text);
        free(out);
        free(reply_out);
        free(bytes);
        free(reply);
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
        size_t whole_len = hex_format_command(bytes, len, whole, sizeof(whole));

        for (cap = 0; cap <= whole_len + 1; cap++)
        {
            char *out = test_alloc(cap);
            size_t n = hex_format_command(bytes, len, out, cap);
            size_t m = n >= 3 && cap <= whole_len ? n - 3 : n;

            ok(cap ? n < cap && strlen(out) == n : !n, "%s in %zu: %zu", commands[i].bytes, cap, n);
            ok(!n || !memcmp(out, whole, m), "%s in %zu: %s", commands[i].bytes, cap, out);
            ok(n == m || !strcmp(out + m, "..."), "%s in %zu: %s", commands[i].bytes, cap, out);
            hex_format_reply(bytes, len, bytes, len, out, cap);
            ok(!cap || strlen(out) < cap, "reply in %zu", cap);
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
    ok(hex_format_command(bytes, len, out, cap) == 2 * len + 2, "plain");
    bytes[1] = 0x20;
    ok(hex_format_command(bytes, len, out, cap) == strlen("00200000 00FFFF [65535 bytes hidden]"),
       "secret: %s", out);
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
    {"", 4, ISO_OK, ""}, {"0aFf", 4, ISO_OK, "0AFF"}, {" 0A:ff\t12\r\n34 ", 4, ISO_OK, "0AFF1234"},
    {"0A", 0, ISO_INSUFFICIENT_BUFFER, ""}, {"0AFF", 1, ISO_INSUFFICIENT_BUFFER, ""},
    {"", 0, ISO_OK, ""}, {" : ", 0, ISO_OK, ""},
    {"0", 4, ISO_INVALID_ARGUMENT, ""}, {"0AF", 4, ISO_INVALID_ARGUMENT, ""},
    {"0 A", 4, ISO_INVALID_ARGUMENT, ""}, {"0G", 4, ISO_INVALID_ARGUMENT, ""},
    {"G0", 4, ISO_INVALID_ARGUMENT, ""}, {"0A,FF", 4, ISO_INVALID_ARGUMENT, ""},
    {"0x0A", 4, ISO_INVALID_ARGUMENT, ""}, {"0A-", 4, ISO_INVALID_ARGUMENT, ""},
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
        char *text = test_copy(texts[i].text, strlen(texts[i].text) + 1);
        int32_t result = hex_parse(text, out, texts[i].cap, &len);

        ok(result == texts[i].result, "\"%s\": %x", text, (unsigned)result);
        ok(len == expected_len && !memcmp(out, expected, len), "\"%s\": %zu bytes", text, len);
        free(expected);
        free(out);
        free(text);
    }
    ok(hex_parse(NULL, &byte, 1, &len) == ISO_INVALID_ARGUMENT && !len, "NULL");
    ok(hex_parse("00", &byte, 1, NULL) == ISO_INVALID_ARGUMENT, "no len");
    ok(hex_parse("00", NULL, 1, &len) == ISO_INVALID_ARGUMENT, "no out");
    ok(hex_parse("", NULL, 0, &len) == ISO_OK, "no room is needed");
}

static void there_and_back(void)
{
    size_t i, len, back_len;

    for (i = 0; i < 1000; i++)
    {
        uint8_t *noise = test_noise(len = test_random() % 64), *back = test_alloc(len);
        char *text = test_alloc(2 * len + 4);

        ok(hex_format(noise, len, text, 2 * len + 4) == 2 * len, "length");
        ok(hex_parse(text, back, len, &back_len) == ISO_OK && back_len == len &&
           !memcmp(noise, back, len), "round %zu", i);
        free(noise);
        free(back);
        free(text);
    }
}

TEST_MAIN(formatting, commands_and_replies, small_rooms, promised_room, parsing, there_and_back)
