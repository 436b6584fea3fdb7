/*
 * What the control commands and the key pad of the simulated card do, without sockets and pcscd.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "control.h"
#include "pad.h"

#include "test.h"

static char profile_path[4200];

static void execute(struct simulator *sim, const char *line, const char *wanted)
{
    struct bytes reply = {0};

    control_execute(sim, line, &reply);
    bytes_add_u8(&reply, 0);
    ok(!strncmp((char *)reply.data, wanted, strlen(wanted)), "\"%s\" gave \"%s\", not \"%s\"\n",
       line, (char *)reply.data, wanted);
    bytes_free(&reply);
}

/* wanted is hexadecimal; NULL: the card is out and nothing comes. */
static void transmit(struct simulator *sim, const char *hex, const char *wanted, unsigned delay)
{
    struct bytes command = {0}, out = {0}, text = {0};
    unsigned delay_ms = 0;
    bool answered;

    bytes_add_hex(&command, hex);
    answered = simulator_command(sim, command.data, command.len, &out, &delay_ms);
    bytes_add_hex_text(&text, out.data, out.len);
    bytes_add_u8(&text, 0);
    ok(answered == (wanted != NULL), "%s: answered %d\n", hex, answered);
    ok(!wanted || !strcmp((char *)text.data, wanted), "%s gave %s, not %s\n", hex,
       (char *)text.data, wanted ? wanted : "nothing");
    ok(delay_ms == delay, "%s: delay %u, not %u\n", hex, delay_ms, delay);
    bytes_free(&command);
    bytes_free(&out);
    bytes_free(&text);
}

static bool start(struct simulator *sim)
{
    struct bytes error = {0};
    bool started;

    memset(sim, 0, sizeof(*sim));
    started = simulator_init(sim, profile_path, &error);
    ok(started, "%.*s\n", (int)error.len, error.len ? (char *)error.data : "");
    bytes_free(&error);
    return started;
}

static void test_lines(void)
{
    static const struct
    {
        const char *line, *wanted;
    } table[] = {
        {"", "error empty"},
        {"bogus", "error unknown"},
        {"status now", "error too few or too many"},
        {"delay", "error too few or too many"},
        {"delay x", "error not a number"},
        {"delay -1", "error not a number"},
        {"script 9", "error not hexadecimal"},
        {"script-sw 90", "error a status word"},
        {"script a b c d e", "error too many words"},
        {"features maybe", "error yes or no"},
        {"mute maybe", "error yes or no"},
        {"insert", "error a card is in"},
        {"  status ", "ok inserted profile=iso-t1 protocol=T1 reader=plugged"},
        {"eject", "ok"},
        {"eject", "error there is no card"},
        {"insert nothing", "error "},
        {"status", "ok ejected profile=iso-t1"},
        {"insert other", "ok"},
        {"status", "ok inserted profile=other"},
        {"exchange iso-t1", "ok"},
        {"exchange nothing", "error "},
        {"status", "ok inserted profile=iso-t1"},
        {"eject", "ok"},
        {"insert gsm.card", "ok"},
        {"status", "ok inserted profile=gsm protocol=T0"},
        {"unplug", "ok"},
        {"status", "ok inserted profile=gsm protocol=T0 reader=unplugged"},
        {"plug", "ok"},
        {"log", "ok total=0"},
        {"dump", "ok "},
    };
    struct simulator sim;
    size_t i;

    if (!start(&sim))
        return;
    for (i = 0; i < COUNT_OF(table); i++)
        execute(&sim, table[i].line, table[i].wanted);
    ok(!sim.quit, "not asked to end yet\n");
    execute(&sim, "quit", "ok");
    ok(sim.quit, "asked to end\n");
    simulator_destroy(&sim);
}

static void test_scripts(void)
{
    struct simulator sim;

    if (!start(&sim))
        return;
    execute(&sim, "script 61", "ok");
    execute(&sim, "script", "ok");
    execute(&sim, "script-sw 6F42", "ok");
    transmit(&sim, "00CA010100", "61", 0);
    transmit(&sim, "00CA010100", "", 0);
    transmit(&sim, "00CA010100", "CAFE016F42", 0);
    transmit(&sim, "00CA010100", "CAFE019000", 0);
    execute(&sim, "log", "ok total=4 CA=4");
    execute(&sim, "dump 2", "ok 00CA010100:CAFE016F42 00CA010100:CAFE019000");
    execute(&sim, "log-clear", "ok");
    execute(&sim, "log", "ok total=0");

    execute(&sim, "delay 30 1", "ok");
    transmit(&sim, "00CA010100", "CAFE019000", 30);
    transmit(&sim, "00CA010100", "CAFE019000", 0);
    execute(&sim, "delay 20", "ok");
    transmit(&sim, "00CA010100", "CAFE019000", 20);
    transmit(&sim, "00CA010100", "CAFE019000", 20);
    execute(&sim, "clear", "ok");
    transmit(&sim, "00CA010100", "CAFE019000", 0);

    execute(&sim, "drop-after 1", "ok");
    transmit(&sim, "00CA010100", "CAFE019000", 0);
    transmit(&sim, "00CA010100", NULL, 0);
    execute(&sim, "status", "ok ejected");
    execute(&sim, "insert", "ok");
    transmit(&sim, "0020000104 31323334", "9000", 0);
    execute(&sim, "reset", "ok");
    transmit(&sim, "00200001", "63C3", 0);
    sim.never_empty = true;
    execute(&sim, "script", "error vpcd");
    simulator_destroy(&sim);
}

static void control(struct simulator *sim, uint32_t code, const char *in, const char *wanted)
{
    struct bytes data = {0}, out = {0}, text = {0};
    enum reader_status status;

    bytes_add_hex(&data, in);
    status = pad_control(sim, code, data.data, data.len, &out);
    bytes_add_hex_text(&text, out.data, out.len);
    bytes_add_u8(&text, 0);
    ok(status == READER_DONE && !strcmp((char *)text.data, wanted), "%s gave %d %s, not %s\n", in,
       status, (char *)text.data, wanted);
    bytes_free(&data);
    bytes_free(&out);
    bytes_free(&text);
}

/* Timeouts, ASCII from byte 0, no block, 4 to 8 characters; VERIFY of code 1. */
#define VERIFY "0000 82 00 00 0804 02 00 0904 00 000000 05000000 0020000100"
#define CHANGE "0000 82 00 00 00 00 0804 03 02 03 0904 00 01 02 000000 05000000 0024000100"

static void test_pad(void)
{
    struct simulator sim;

    if (!start(&sim))
        return;
    control(&sim, PAD_ECHO, "010203", "010203");
    control(&sim, PAD_GET_FEATURES, "",
            "060442330006"
            "070442330007"
            "0A044233000A"
            "120442330012");
    control(&sim, PAD_VERIFY, VERIFY, "6400"); /* nobody types */
    execute(&sim, "pad-cancel", "ok");
    control(&sim, PAD_VERIFY, VERIFY, "6401");
    execute(&sim, "pad-mismatch", "ok");
    control(&sim, PAD_MODIFY, CHANGE, "6402");
    execute(&sim, "pad 123", "ok");
    control(&sim, PAD_VERIFY, VERIFY, "6403");
    execute(&sim, "pad 123456789", "ok");
    control(&sim, PAD_VERIFY, VERIFY, "6403");
    execute(&sim, "log", "ok total=0"); /* none of it reached the card */
    execute(&sim, "pad 1234", "ok");
    control(&sim, PAD_VERIFY, "00", "6B80");
    control(&sim, PAD_VERIFY, VERIFY "00", "6B80");
    control(&sim, PAD_VERIFY, "0000 82 00 00 0804 02 00 0904 00 000000 06000000 0020000101",
            "6B80");
    execute(&sim, "log", "ok total=0");
    control(&sim, PAD_VERIFY, VERIFY, "9000");
    execute(&sim, "dump 1",
            "ok 00200001"
            "0431323334:9000");
    /* a block of 8 filled with FF, as the template has it: not this card's code */
    control(&sim, PAD_VERIFY,
            "0000 82 08 00 0804 02 00 0904 00 000000 0D000000"
            "0020000108 FFFFFFFFFFFFFFFF",
            "63C2");
    execute(&sim, "dump 1",
            "ok 0020000108"
            "31323334FFFFFFFF:63C2");
    /* BCD in a block with the length in the low half of byte 0, digits from byte 1 */
    control(&sim, PAD_VERIFY,
            "0000 89 47 04 0804 02 00 0904 00 000000 0D000000"
            "0020000108 20FFFFFFFFFFFFFF",
            "63C1");
    execute(&sim, "dump 1",
            "ok 0020000108"
            "241234FFFFFFFFFF:63C1");
    execute(&sim, "pad 1234 87654321", "ok");
    control(&sim, PAD_MODIFY, CHANGE, "9000");
    execute(&sim, "dump 1",
            "ok 002400010C"
            "313233343837363534333231:9000");
    execute(&sim, "features no", "ok");
    control(&sim, PAD_GET_FEATURES, "", "");
    ok(pad_control(&sim, PAD_VERIFY, NULL, 0, NULL) == READER_UNKNOWN_CONTROL, "no pad\n");
    execute(&sim, "features yes", "ok");
    execute(&sim, "eject", "ok");
    ok(pad_control(&sim, PAD_VERIFY, NULL, 0, NULL) == READER_NO_CARD, "no card\n");
    simulator_destroy(&sim);
}

/* The argument is the directory of the profiles. */
START_TEST(control)
{
    const char *srcdir = getenv("srcdir");

    if (test_argument)
        snprintf(profile_path, sizeof(profile_path), "%s/iso-t1.card", test_argument);
    else
        snprintf(profile_path, sizeof(profile_path), "%s/tests/cards/profiles/iso-t1.card",
                 srcdir ? srcdir : ".");
    test_lines();
    test_scripts();
    test_pad();
}
