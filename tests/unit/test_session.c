/*
 * Recorded sessions: what is read, what is refused and where, what is played back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"

#include "../cards/session.h"

#define FIRST   SESSION_FIRST_LINE "1, process 0020: a.exe\n"
#define CONNECT "0020.1 connect shared T1 ATR 3B8781318073 reader A reader\n"

static struct session *parse(const char *text, struct bytes *error)
{
    struct session *session;

    bytes_clear(error);
    session = session_parse("file", text, error);
    bytes_add_u8(error, 0);
    return session;
}

static void test_refused(void)
{
    static const struct
    {
        const char *text, *error;
    } rows[] =
    {
        {"", "file:1: the first line is not"},
        {"# another file\n", "file:1: the first line is not"},
        {FIRST, "file:2: no connection has a card"},
        {FIRST "0020.1 connect direct none ATR none reader A\n",
         "file:3: no connection has a card"},
        {SESSION_FIRST_LINE "3, process 0020: a.exe\n", "file:1: the first line is not"},
        {SESSION_FIRST_LINE "12\n", "file:1: the first line is not"},
        {FIRST "0020.1 1.5\n", "file:2: there is nothing behind the word"},
        {FIRST CONNECT "0020.1 1.5 > 00A4 xx\n", "file:3: not hexadecimal"},
        {FIRST "0020.1\n", "file:2: a line begins with its connection"},
        {FIRST "0020.1 connect\n", "file:2: there is nothing behind the word"},
        {FIRST "0020.1 connect shared\n", "file:2: connect is wrong"},
        {FIRST "0020.1 connect shared T1 ATR 3B reader A\n", "file:2: the ATR is wrong"},
        {FIRST "0020.1 connect shared T1 ATR 3B0 reader A\n", "file:2: the ATR is wrong"},
        {FIRST CONNECT "0020.1 > 00A400\n", "file:3: too short or too long"},
        {FIRST CONNECT "0020.1 > 00A4000\n", "file:3: not hexadecimal"},
        {FIRST CONNECT "0020.1 > 00A4 xx\n", "file:3: not hexadecimal"},
        {FIRST CONNECT "0020.1 < 9000\n", "file:3: an answer without its command"},
        {FIRST CONNECT "0020.1 > 00A40000\n0020.2 < 9000\n", "file:4: an answer without its"},
        {FIRST CONNECT "0020.1 > 00A40000\n0020.1 < 9000\n0020.1 < 9000\n", "file:5: an answer"},
        {FIRST CONNECT "0020.1 > 00A40000\n0020.1 < 90\n", "file:4: too short or too long"},
        {FIRST CONNECT "0020.1 > 0020 [4 bytes\n", "file:3: [n bytes hidden] is wrong"},
        {FIRST CONNECT "0020.1 > 0020 [x bytes hidden]\n", "file:3: [n bytes hidden] is wrong"},
        {FIRST CONNECT "0020.1 > 0020 [0 bytes hidden]\n", "file:3: so many bytes"},
        {FIRST CONNECT "0020.1 > 0020 [99999999999 bytes hidden]\n", "file:3: so many bytes"},
        {FIRST CONNECT "0020.1 > 0020 [1 bytes hidden] [1 bytes hidden]\n", "file:3: bytes are"},
    };
    struct bytes error = {0};
    size_t i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        struct session *session = parse(rows[i].text, &error);

        ok(!session, "row %zu was taken\n", i);
        ok(!strncmp((char *)error.data, rows[i].error, strlen(rows[i].error)), "row %zu: %s\n", i,
           (char *)error.data);
        session_destroy(session);
    }
    bytes_free(&error);
}

static const char text[] =
    FIRST "\n"
          "0020.1 connect direct none ATR none reader Empty\n" CONNECT "# a remark\r\n"
          "0020.1 begin 0: 00000000\n"
          "0020.1 > 00A40000 02 3F00\n"
          "0020.1 < 9000\n"
          "0020.1 > 00B0000002\n"
          "0020.1 < 0102 9000\n"
          "0020.1 > 00200001 04 [4 bytes hidden]\n"
          "0020.1 < 63C2\n"
          "0020.1 > 00B0000002\n"
          "0020.1 < 0304 9000\n"
          "0020.1 > 00B0000003\n"
          "0020.1 ! 80100069\n"
          "0020.1 > 00880000 02 [2 bytes hidden] 04\n"
          "0020.1 < [4 bytes hidden] 9000\n"
          "0020.1 disconnect 0: 00000000\n" SESSION_FIRST_LINE "2, process 0024: b.exe\n"
          "0024.1 connect shared T0 ATR 3B00 reader Another\n"
          "0024.1 > 00CA0000\n"
          "0024.1 < 6A88\n";

static void test_played(void)
{
    static const struct
    {
        const char *command, *answer;
        int known;
    } rows[] =
    {
        {"00A40000023F00", "9000", 1},
        {"00B0000002", "01029000", 1},
        {"00B0000002", "03049000", 1}, /* the second time what came the second time */
        {"00B0000002", "01029000", 1}, /* then from the beginning */
        {"002000010431323334", "63C2", 1},
        {"002000010499999999", "63C2", 1},
        {"00200001053132333435", "6F00", 0}, /* another length */
        {"002000020431323334", "6F00", 0},   /* another header */
        {"00B0000003", "6F00", 0},           /* was never answered */
        {"0088000002AABB04", "000000009000", 1},
        {"0088000002AABB05", "6F00", 0},     /* another Le behind what is hidden */
        {"00CA0000", "6A88", 1},
        {"00", "6F00", 0},
    };
    struct bytes error = {0}, command = {0}, answer = {0}, expected = {0};
    struct session *session = parse(text, &error);
    size_t i;

    ok(session != NULL, "%s\n", (char *)error.data);
    if (!session)
        return;
    ok(!session_is_t0(session) && session_atr(session)->len == 6, "the ATR of another\n");
    for (i = 0; i < COUNT_OF(rows); i++)
    {
        bytes_clear(&command);
        bytes_clear(&answer);
        bytes_clear(&expected);
        bytes_add_hex(&command, rows[i].command);
        bytes_add_hex(&expected, rows[i].answer);
        ok(session_answer(session, command.data, command.len, &answer) == !!rows[i].known,
           "row %zu: known\n", i);
        ok(answer.len == expected.len && !memcmp(answer.data, expected.data, answer.len),
           "row %zu: another answer\n", i);
    }
    session_destroy(session);
    bytes_free(&error);
    bytes_free(&command);
    bytes_free(&answer);
    bytes_free(&expected);
}

START_TEST(session)
{
    test_refused();
    test_played();
}
