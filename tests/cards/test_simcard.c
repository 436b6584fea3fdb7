/*
 * Drives the simulated card without sockets: tables of commands and answers, and what tables
 * cannot say.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "test_simcard.h"

#include "commands.h"
#include "test.h"

static char profile_dir[4096];

static struct card *load(const char *name)
{
    struct bytes error = {0};
    struct profile *profile;
    char path[4200];

    snprintf(path, sizeof(path), "%s/%s.card", profile_dir, name);
    profile = profile_load(path, &error);
    ok(profile != NULL, "%s: %.*s\n", name, (int)error.len, error.len ? (char *)error.data : "");
    bytes_free(&error);
    return profile ? card_create(profile) : NULL;
}

/* True when the answer is as the pattern of struct step says. */
static bool matches(const char *pattern, const uint8_t *data, size_t len)
{
    size_t pos = 0;

    while (*pattern)
    {
        if (*pattern == ' ') pattern++;
        else if (*pattern == '<')
        {
            pos += strtoul(pattern + 1, (char **)&pattern, 10);
            pattern++;
        }
        else
        {
            char digits[3] = {pattern[0], 0, 0};

            pattern += 1 + strspn(pattern + 1, " ");
            digits[1] = *pattern++;
            if (pos >= len)
                return false;
            if (strcmp(digits, "??") && strtoul(digits, NULL, 16) != data[pos])
                return false;
            pos++;
        }
    }
    return pos == len;
}

static void exchange(struct card *card, const char *hex, struct bytes *answer)
{
    struct bytes command = {0};

    bytes_clear(answer);
    if (!bytes_add_hex(&command, hex))
        ok(false, "the test's own command %s\n", hex);
    card_exchange(card, command.data, command.len, answer);
    bytes_free(&command);
}

static void run_session(const struct test_session *session)
{
    struct card *card = load(session->profile);
    struct bytes answer = {0}, text = {0};
    const struct step *step;

    if (!card)
        return;
    for (step = session->steps; step->command; step++)
    {
        if (!strcmp(step->command, "reset"))
        {
            card_reset(card);
            continue;
        }
        exchange(card, step->command, &answer);
        bytes_clear(&text);
        bytes_add_hex_text(&text, answer.data, answer.len);
        ok(matches(step->expected, answer.data, answer.len), "%s, step %d: %s gave %.*s, not %s\n",
           session->title, (int)(step - session->steps), step->command, (int)text.len,
           (char *)text.data, step->expected);
    }
    bytes_free(&answer);
    bytes_free(&text);
    card_destroy(card);
}

static void run_sessions(const struct test_session *sessions)
{
    for (; sessions->title; sessions++)
        run_session(sessions);
}

/* Sends header and data (Lc in between) and gives the status word. */
static unsigned send_data(struct card *card, const char *header, const uint8_t *data, size_t len,
                          struct bytes *answer)
{
    struct bytes command = {0};

    bytes_clear(answer);
    bytes_add_hex(&command, header);
    bytes_add_u8(&command, (unsigned)len);
    bytes_add(&command, data, len);
    card_exchange(card, command.data, command.len, answer);
    bytes_free(&command);
    return bytes_be(answer->data + answer->len - 2, 2);
}

static void get_challenge(struct card *card, struct bytes *challenge)
{
    exchange(card, "0084000008", challenge);
    ok(challenge->len == 10, "GET CHALLENGE gave %zu bytes\n", challenge->len);
}

static void test_authentication(void)
{
    static const uint8_t key[] = {1, 2, 3, 4, 5, 6, 7, 8}, host[] = "hosthost";
    struct bytes challenge = {0}, answer = {0};
    struct card *card = load("iso-t1");
    uint8_t data[16], wanted[8];

    if (!card)
        return;
    exchange(card, "00A4080C0450000007", &answer);
    exchange(card, "00D600000155", &answer);
    ok(matches("6982", answer.data, answer.len), "writing before authentication\n");
    get_challenge(card, &challenge);
    auth_compute(key, challenge.data, 8, data);
    ok(send_data(card, "00820001", data, 8, &answer) == 0x9000, "EXTERNAL AUTHENTICATE\n");
    ok(send_data(card, "00820001", data, 8, &answer) == 0x6985, "a challenge serves once\n");
    exchange(card, "00D600000155", &answer);
    ok(matches("9000", answer.data, answer.len), "writing after authentication\n");

    get_challenge(card, &challenge);
    exchange(card, "00A4080C0450000007", &answer);
    auth_compute(key, challenge.data, 8, data);
    ok(send_data(card, "00820001", data, 8, &answer) == 0x6985, "SELECT voids the challenge\n");

    get_challenge(card, &challenge);
    auth_compute(key, challenge.data, 8, data);
    memcpy(data + 8, host, 8);
    auth_compute(key, host, 8, wanted);
    ok(send_data(card, "00820001", data, 16, &answer) == 0x6108, "MUTUAL AUTHENTICATE\n");
    exchange(card, "00C0000008", &answer);
    ok(answer.len == 10 && !memcmp(answer.data, wanted, 8), "the card's half\n");

    get_challenge(card, &challenge);
    data[0] ^= 1;
    ok(send_data(card, "00820001", data, 8, &answer) == 0x63c4, "a wrong answer costs a try\n");
    exchange(card, "00D600000155", &answer);
    ok(matches("6982", answer.data, answer.len), "and ends what was reached\n");
    card_destroy(card);
    bytes_free(&challenge);
    bytes_free(&answer);
}

/* The documented algorithm, by hand: F = K ^ D, rotated left, plus 17 times the index. */
static void test_algorithm(void)
{
    static const uint8_t key[8] = {0x80, 0x01, 0, 0, 0, 0, 0, 0xff};
    static const uint8_t data[9] = {0, 0, 0, 0, 0, 0, 0, 0, 0x01};
    static const uint8_t wanted[8] = {0x03, 0x13, 0x22, 0x33, 0x44, 0x55, 0x66, 0x76};
    uint8_t out[8];

    auth_compute(key, data, sizeof(data), out);
    ok(!memcmp(out, wanted, 8), "the test algorithm\n");
}

static void test_large_file(void)
{
    struct card *card = load("iso-t1");
    struct bytes answer = {0};
    unsigned offset, bad = 0;
    char command[32];

    if (!card)
        return;
    exchange(card, "00A4080C027001", &answer);
    for (offset = 0; offset < 32768; offset += 256)
    {
        size_t i;

        snprintf(command, sizeof(command), "00B0%04X00", offset);
        exchange(card, command, &answer);
        for (i = 0; i < 256 && answer.len == 258; i++)
            bad += answer.data[i] != (((offset + i) * 7 + (offset + i) / 256) & 255);
        bad += answer.len != 258;
    }
    ok(!bad, "the 32768 bytes of the pattern: %u differ\n", bad);
    card_destroy(card);
    bytes_free(&answer);
}

static void test_profile_errors(void)
{
    static const struct
    {
        const char *text, *error;
    } table[] = {
        {"", "p:0"},
        {"atr-unchecked 3B00\n", "there is no mf"},
        {"atr 3B00\nprotocol T0\nmf\nend\n", "p:1: the ATR"},
        {"protocol T0\natr 3B00\nmf\n", "\"end\" is missing"},
        {"protocol T0\natr 3B00\nmf\nend\nmf\nend\n", "p:5: there is one mf"},
        {"bogus 1\n", "p:1: \"bogus\" is unknown"},
        {"fci-hide 80 A5\n", "p:1: only 80 to 8F can be hidden"},
        {"read-end 6B000\n", "p:1: not an even number of hexadecimal digits"},
        {"name\n", "p:1: \"name\" takes"},
        {"mf\nef 0001 transparent x\n", "p:2: \"x\" is not a number"},
        {"mf\nef 3F00 transparent 1\n", "p:2: 3F00"},
        {"mf\nef 0001 transparent 1\ndata 0102\n", "p:3: more data"},
        {"mf\nef 0001 transparent 1\naccess read chv3\nend\n", "p:4: an access condition"},
        {"mf\nef 0001 transparent 1\nend\nef 0001 transparent 1\n", "p:4: the directory has"},
        {"mf\nchv 1 code 12\n", "p:2: the code is shorter"},
        {"mf\nkey 1 0102\n", "p:2: a key has 8"},
        {"mf\nef 0001 cyclic 10\n", "p:2: a size is missing"},
        {"mf\nef 0001 linear-fixed 4 2\nrecord 3 00\nrecord 4 00\n", "p:3: no such record"},
        {"include /nonexistent/file\n", "/nonexistent/file:0: No such file"},
        {"name \"open\n", "p:1: a quotation mark"},
        {"extended maybe\n", "p:1: yes or no"},
        {"refuse A4 00 00\n", "p:1: \"refuse\" takes"},
        {"end\n", "p:1: \"end\" does not belong"},
    };
    size_t i;

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
    {
        struct bytes error = {0};
        struct profile *profile = profile_parse("p", table[i].text, &error);

        bytes_add_u8(&error, 0);
        ok(!profile && (i == 0 || strstr((char *)error.data, table[i].error)),
           "profile %zu: \"%s\", not \"%s\"\n", i, (char *)error.data, table[i].error);
        profile_destroy(profile);
        bytes_free(&error);
    }
}

/* Any bytes get an answer of at least a status word, and the card stays whole (for the
 * sanitizers). */
static void test_garbage(void)
{
    static const char *const names[] = {"iso-t1", "iso-t0", "gsm", "flex", "cyberflex", "big",
                                       "bad-fci"};
    unsigned seed = 1, i, k, n, short_answers = 0;
    struct bytes answer = {0};

    for (k = 0; k < sizeof(names) / sizeof(names[0]); k++)
    {
        static const uint8_t classes[] = {0x00, 0x00, 0x10, 0xa0, 0xc0, 0xf0, 0x80};
        struct card *card = load(names[k]);

        if (!card)
            return;
        for (n = 0; n < 20000; n++)
        {
            uint8_t apdu[24];
            size_t len = (seed >> 8) % sizeof(apdu);

            for (i = 0; i < sizeof(apdu); i++)
            {
                seed = seed * 1103515245 + 12345;
                apdu[i] = (uint8_t)(seed >> 16) & (i == 2 || i == 3 || i == 4 ? 0x0f : 0xff);
            }
            if (n % 3)
                apdu[0] = classes[(seed >> 12) % sizeof(classes)];
            bytes_clear(&answer);
            card_exchange(card, apdu, len, &answer);
            short_answers += answer.len < 2;
        }
        card_destroy(card);
    }
    ok(!short_answers, "%u answers without a status word\n", short_answers);
    bytes_free(&answer);
}

static void test_tables(void)
{
    run_sessions(test_sessions_iso);
    run_sessions(test_sessions_files);
    run_sessions(test_sessions_security);
    run_sessions(test_sessions_families);
}

/* The argument is the directory of the profiles. */
START_TEST(simcard)
{
    const char *srcdir = getenv("srcdir");

    if (test_argument)
        snprintf(profile_dir, sizeof(profile_dir), "%s", test_argument);
    else
        snprintf(profile_dir, sizeof(profile_dir), "%s/tests/cards/profiles",
                 srcdir ? srcdir : ".");
    test_tables();
    test_algorithm();
    test_authentication();
    test_large_file();
    test_profile_errors();
    test_garbage();
}
