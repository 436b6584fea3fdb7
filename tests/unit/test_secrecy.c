/*
 * Tests of dlls/iso7816/secrecy.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "iso7816/hex.h"
#include "iso7816/secrecy.h"

/* Words of a script beside commands. */
#define FORGET "forget"

struct step
{
    const char *command; /* NULL ends the script */
    const char *reply;   /* "" none */
    int hidden;
};

#define STEPS 14

struct script
{
    const char *name;
    unsigned flags;
    struct step steps[STEPS];
};

static const struct script scripts[] =
{
    {"T=0: an answer belongs to the command before it", 0, {
        {"00C0000010", "0102 9000", 1},
        {"00A4000002 3F00", "6110", 0},
        {"00C0000010", "6F00 9000", 0},
        {"00C0000010", "0102 9000", 1},
        {"0088000002 3132", "6108", 1},
        {"00C0000008", "0102 9000", 1},
        {"A0A4000002 3F00", "9F10", 0},
        {"A0C0000020", "6C10", 0},
        {"A0C0000010", "0102 9000", 0},
        {"00CA010300", "6104", 0},
        {"00C0000002", "0102 6102", 0},
        {"00C0000002", "0102 9000", 0},
        {"00C0000002", "6D00", 1}}},
    {"an answer that another command has taken away", 0, {
        {"00A4000002 3F00", "6110", 0},
        {"0020000102 3132", "9000", 1},
        {"00C0000010", "0102 9000", 1},
        {"00A4000002 3F00", "6110", 0},
        {"00B0000000", "", 0},
        {"00C0000010", "0102 9000", 1},
        {"00A4000002 3F00", "6110", 0},
        {FORGET, "", 0},
        {"00C0000010", "0102 9000", 1},
        {"00A4000002 3F00", "6110", 0},
        {"0CC0000010", "0102 9000", 1}}},
    {"a command in pieces", 0, {
        {"00C2000006 00200001 0000", "9000", 1},
        {"00C2000007 00A4000002 3F00", "9000", 1},
        {"00C2000000", "6110", 1},
        {"00C0000010", "0102 9000", 1},
        {"00C2000007 00A4000002 3F00", "6110", 0},
        {"00C0000010", "0102 9000", 0},
        {"00C2000006 00200001 0000", "9000", 1},
        {"00A4000002 3F00", "9000", 0},
        {"00C2000007 00A4000002 3F00", "9000", 0}}},
    {"an unknown card's file 0001", 0, {
        {"00B0000004", "01020304 9000", 0},
        {"00A4000002 0001", "9000", 0},
        {"00B0000004", "01020304 9000", 0},
        {"00D6000002 3132", "9000", 0},
        {"00B0810004", "01020304 9000", 0},
        {"C0A4000002 0001", "6E00", 0},
        {"00B0000004", "01020304 9000", 0}}},
    {"Cryptoflex by its class", 0, {
        {"C0B0000004", "01020304 9000", 1},
        {"C0A4000002 0002", "6114", 0},
        {"C0C0000014", "0102 9000", 0},
        {"C0B0000004", "01020304 9000", 0},
        {"C0D6000002 3132", "9000", 0},
        {"C0A4000002 0000", "6114", 0},
        {"C0D6000002 3132", "9000", 1},
        {"C0B0000004", "01020304 9000", 1},
        {"00B0000004", "6104", 1},
        {"00C0000004", "01020304 9000", 1},
        {"C0A4000002 5000", "6104", 0},
        {"C0D6000002 3132", "9000", 0}}},
    {"Cryptoflex by its ATR, in class 00", SECRECY_FLEX, {
        {"00D6000002 3132", "9000", 1},
        {"00A4000002 0100", "9000", 0},
        {"00D6000002 3132", "9000", 1},
        {"00A4000002 0002", "9000", 0},
        {"00D6000002 3132", "9000", 0},
        {"00A4000002 0011", "9000", 0},
        {"00DC010402 3132", "9000", 1},
        {"00A4000004 50000012", "9000", 0},
        {"00D0000002 3132", "9000", 1},
        {"00A4040007 A0000000010001", "9000", 0},
        {"00B0000002", "6986", 0}}},
    {"Cryptoflex: the position is known or it is hidden", SECRECY_FLEX, {
        {"C0A4000002 0002", "9000", 0},
        {"C0A4000002 0003", "6A82", 0},
        {"C0B0000002", "3132 9000", 1},
        {"C0A4000002 0002", "9000", 0},
        {FORGET, "", 0},
        {"C0B0000002", "3132 9000", 1},
        {"C0A4000002 0002", "", 0},
        {"C0B0000002", "3132 9000", 1},
        {"C0A4000002 0002", "9000", 0},
        {"F0E4000002 0002", "9000", 0},
        {"C0B0000002", "3132 9000", 1},
        {"C0A4000002 0002", "9000", 0},
        {"C0A40000 03 0002", "6700", 1},
        {"C0B0000002", "3132 9000", 1}}},
    {"Cryptoflex: a file that was just made", SECRECY_FLEX, {
        {"F0E0000010 FFFF 0017 0000 01 3F44FF440103 110000", "9000", 0},
        {"C0D6000002 3132", "9000", 1},
        {"F0E0000010 FFFF 0017 2F01 01 3F44FF440103 110000", "9000", 0},
        {"C0D6000002 3132", "9000", 0},
        {"00E0000009 6207 820138 83026000", "9000", 0},
        {"C0D6000002 3132", "9000", 1}}},
    {"Cryptoflex: its own commands", SECRECY_FLEX, {
        {"F02A000108 3132333435363738", "9000", 1},
        {"C020000108 3132333435363738", "9000", 1},
        {"F0A4000002 3F00", "9000", 0},
        {"F0A8000010", "0102 9000", 0},
        {"F010000008 3132333435363738", "9000", 1}}},
    {"a handle that others use too", SECRECY_FLEX | SECRECY_OTHERS, {
        {"C0A4000002 0002", "9000", 0},
        {"C0B0000002", "3132 9000", 1}}},
    {"logical channels have positions of their own", 0, {
        {"A0A4000002 2FE2", "9000", 0},
        {"01A4000002 6F20", "9000", 0},
        {"01B0000009", "3132 9000", 1},
        {"00B0000009", "3132 9000", 1}}},
    {"GSM", 0, {
        {"A0A4000002 6F20", "9F0F", 0},
        {"A0B0000009", "3132 9000", 1},
        {"A0D6000002 3132", "9000", 1},
        {"A0A4000002 2FE2", "9F0F", 0},
        {"A0B000000A", "3132 9000", 0},
        {"A088000010 000102030405060708090A0B0C0D0E0F", "9F0C", 1},
        {"A0C000000C", "3132 9000", 1},
        {"A026000108 31323334FFFFFFFF", "9000", 1},
        {"A028000108 31323334FFFFFFFF", "9000", 1},
        {"A02C000010 31323334FFFFFFFF31323334FFFFFFFF", "9000", 1}}},
    {"a USIM", 0, {
        {"00A4040007 A0000000871002", "9000", 0},
        {"00B0880009", "3132 9000", 1},
        {"00A4000002 6F07", "9000", 0},
        {"00B0000009", "3132 9000", 0},
        {"00A4000002 6F08", "9000", 0},
        {"00B0000009", "3132 9000", 1},
        {"00A4000002 6F07", "9000", 0},
        {"00B2014409", "3132 9000", 1},
        {"00B0000009", "3132 9000", 1}}},
    {"makers' own", 0, {
        {"80F4000102 3132", "9000", 1},
        {"80D4010102 3132", "9000", 1},
        {"B042000004 31323334", "9000", 1},
        {"B058000000", "0102 9000", 0}}},
};

static void run_step(struct secrecy *secrecy, const char *name, const struct step *step)
{
    size_t len, reply_len;
    uint8_t *command, *reply;

    if (!strcmp(step->command, FORGET))
    {
        secrecy_forget(secrecy);
        return;
    }
    command = test_bytes(step->command, &len);
    reply = test_bytes(step->reply, &reply_len);
    ok(!secrecy_hides(secrecy, command, len) == !step->hidden, "%s: %s is%s hidden\n", name,
       step->command, step->hidden ? " not" : "");
    secrecy_follow(secrecy, command, len, reply, reply_len);
    free(command);
    free(reply);
}

static void following(void)
{
    size_t i, k;

    for (i = 0; i < COUNT_OF(scripts); i++)
    {
        struct secrecy secrecy;

        secrecy_start(&secrecy, scripts[i].flags);
        for (k = 0; k < STEPS && scripts[i].steps[k].command; k++)
            run_step(&secrecy, scripts[i].name, &scripts[i].steps[k]);
    }
}

static void possible(void)
{
    static const char *const rows[] = {"C0D6000002 3132", "C0B0000008", "0020000102 3132",
                                       "00C2000007 00D6000002 3132", "00C2000000",
                                       "00DC010402 3132"};
    struct apdu apdu;
    size_t i, len;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        uint8_t *bytes = test_bytes(rows[i], &len);

        apdu_parse(bytes, len, &apdu);
        ok(secrecy_possible(&apdu), "%s\n", rows[i]);
        free(bytes);
    }
    apdu_parse((const uint8_t *)"\x00\xA4\x00\x00\x02\x3F\x00", 7, &apdu);
    ok(!secrecy_possible(&apdu), "SELECT\n");
    ok(secrecy_possible(NULL), "NULL\n");
}

START_TEST(secrecy)
{
    following();
    possible();
}
