/*
 * Tests of dlls/iso7816/text.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/text.h"

#define ROOM 64

static const struct
{
    const char *bytes;
    size_t units;
    uint16_t text[8];
} names[] =
{
    {"Reader", 6, {'R', 'e', 'a', 'd', 'e', 'r'}},
    {"\xC3\xA9", 1, {0xE9}},
    {"\xE2\x82\xAC", 1, {0x20AC}},
    {"\xF0\x9F\x98\x80", 2, {0xD83D, 0xDE00}},
    {"L\xE9", 2, {'L', 0xDCE9}},          /* Latin-1 */
    {"\xE9t", 2, {0xDCE9, 't'}},
    {"\xC3", 1, {0xDCC3}},                /* cut off */
    {"\xE2\x82", 2, {0xDCE2, 0xDC82}},
    {"\xC0\x80", 2, {0xDCC0, 0xDC80}},    /* too long */
    {"\xE0\x80\xAF", 3, {0xDCE0, 0xDC80, 0xDCAF}},
    {"\xED\xB2\x80", 3, {0xDCED, 0xDCB2, 0xDC80}}, /* a surrogate */
    {"\xF4\x90\x80\x80", 4, {0xDCF4, 0xDC90, 0xDC80, 0xDC80}},
    {"\xFF\x80\x9B", 3, {0xDCFF, 0xDC80, 0xDC9B}},
};

static void there_and_back(void)
{
    size_t i, len;
    uint16_t text[ROOM];
    char bytes[ROOM];

    for (i = 0; i < COUNT_OF(names); i++)
    {
        len = strlen(names[i].bytes);
        ok(text_from_bytes(names[i].bytes, len, NULL, 0) == names[i].units, "row %zu: asked\n", i);
        ok(text_from_bytes(names[i].bytes, len, text, names[i].units) == names[i].units &&
               !memcmp(text, names[i].text, 2 * names[i].units),
           "row %zu: other units\n", i);
        ok(!text_from_bytes(names[i].bytes, len, text, names[i].units - 1), "row %zu: room\n", i);
        ok(text_to_bytes(names[i].text, names[i].units, NULL, 0) == len, "row %zu: asked\n", i);
        ok(text_to_bytes(names[i].text, names[i].units, bytes, len) == len &&
               !memcmp(bytes, names[i].bytes, len),
           "row %zu: other bytes\n", i);
        ok(!text_to_bytes(names[i].text, names[i].units, bytes, len - 1), "row %zu: room\n", i);
    }
}

/* Lone surrogates that stand for no byte. */
static void no_bytes(void)
{
    static const uint16_t rows[][2] = {{0xD800, 'a'}, {0xDC00, 'a'}, {0xDC7F, 'a'}, {0xDD00, 'a'},
                                       {'a', 0xD83D}, {0xD83D, 0xD83D}};
    char bytes[ROOM];
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
        ok(!text_to_bytes(rows[i], 2, bytes, ROOM), "row %zu\n", i);
}

/* Whatever the bytes: they come back, and what is shown is safe. */
static void any_bytes(void)
{
    size_t i, k, len, units, shown;
    uint16_t text[ROOM];
    char bytes[ROOM], out[6 * ROOM + 1];

    for (i = 0; i < 20000; i++)
    {
        uint8_t *noise = test_noise(len = 1 + test_random() % (ROOM - 1));

        for (k = 0; k < len; k++)
            noise[k] = (uint8_t)(i % 3 ? noise[k] | 0x80 : noise[k]);
        units = text_from_bytes((char *)noise, len, text, ROOM);
        ok(units && units <= len && text_to_bytes(text, units, bytes, ROOM) == len &&
               !memcmp(bytes, noise, len),
           "round %zu\n", i);
        shown = text_show(text, units, "", out, sizeof(out));
        ok(shown == strlen(out) && shown <= 6 * units, "round %zu\n", i);
        memcpy(bytes, out, shown < ROOM ? shown : ROOM - 1);
        bytes[shown < ROOM ? shown : ROOM - 1] = 0;
        if (shown < ROOM)
        {
            text_clean(bytes);
            ok(!strcmp(bytes, out), "round %zu: \"%s\" is not clean\n", i, out);
        }
        free(noise);
    }
}

static const struct
{
    uint16_t text[6];
    const char *keep, *shown;
} shows[] =
{
    {{'a', '\n', 'b'}, "", "a\\u000Ab"}, {{'a', '\n', 'b'}, "\n", "a\nb"},
    {{0x1B, '[', '2', 'J'}, "\n", "\\u001B[2J"}, {{0x9B, 'A'}, "", "\\u009BA"},
    {{0x7F, '\r', '\t', 7}, "\t", "\\u007F\\u000D\t\\u0007"}, {{0x2028}, "", "\\u2028"},
    {{0x202E, 'x'}, "", "\\u202Ex"}, {{0xDC80}, "", "\\uDC80"}, {{0xD83D}, "", "\\uD83D"},
    {{0xD83D, 0xDE00}, "", "\xF0\x9F\x98\x80"}, {{0xE9, 0x20AC}, "", "\xC3\xA9\xE2\x82\xAC"},
    {{'Z', ':', '\\', '"'}, "", "Z:\\\""}, {{0xDB40, 0xDC41}, "", "\\uDB40\\uDC41"},
};

static void showing(void)
{
    char out[ROOM];
    size_t i, len, cap, n;

    for (i = 0; i < COUNT_OF(shows); i++)
    {
        for (len = 0; len < 6 && shows[i].text[len]; len++)
            ;
        n = text_show(shows[i].text, len, shows[i].keep, out, ROOM);
        ok(n == strlen(shows[i].shown) && !strcmp(out, shows[i].shown), "row %zu: \"%s\"\n", i,
           out);
        for (cap = 1; cap <= n; cap++)
        {
            char *exact = test_alloc(cap);
            size_t cut = text_show(shows[i].text, len, shows[i].keep, exact, cap);

            ok(cut < cap && !exact[cut] && !memcmp(exact, shows[i].shown, cut), "row %zu\n", i);
            free(exact);
        }
    }
    ok(text_show((const uint16_t[]){0}, 1, "\n", out, ROOM) == 6 && !strcmp(out, "\\u0000"),
       "NUL\n");
}

static void cleaning(void)
{
    static const char *const rows[][2] =
    {
        {"plain", "plain"}, {"a\nb\x1B[2J", "a?b?[2J"}, {"\x9B" "A", "?A"}, {"\xC2\x9B" "A", "??A"},
        {"\xC3\xA9", "\xC3\xA9"}, {"\xE9t", "?t"}, {"\xE2\x80\xAE", "???"}, {"\xE2\x82", "??"},
        {"", ""}
    };
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        char *text = test_memdup(rows[i][0], strlen(rows[i][0]) + 1);

        text_clean(text);
        ok(!strcmp(text, rows[i][1]), "row %zu: \"%s\"\n", i, text);
        free(text);
    }
}

START_TEST(text)
{
    there_and_back();
    no_bytes();
    any_bytes();
    showing();
    cleaning();
}
