/*
 * Recorded sessions that somebody sends.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: the text. What it says that was sent and answered is then sent, and must be answered; then
 * its own bytes are sent as commands.
 */

#include "fuzz.h"
#include "../cards/session.h"

#define MAX_LINE 4096

/* The bytes of "HEX [n bytes hidden] HEX"; hidden ones are AA. The text was taken already. */
static void read_message(const char *text, struct bytes *bytes)
{
    unsigned value;

    for (; *text; text++)
    {
        if (*text == '[')
        {
            for (value = (unsigned)strtoul(text + 1, NULL, 10); value; value--)
                bytes_add_u8(bytes, 0xAA);
            text = strchr(text, ']');
        }
        else if (*text != ' ' && *text != '\t' && sscanf(text, "%2x", &value) == 1)
        {
            bytes_add_u8(bytes, value);
            text++;
        }
    }
}

/* The word of a line that has one, moved to what follows it. */
static char word_of(char **line)
{
    char *at = strchr(*line, ' ');
    size_t seconds, fraction;

    if (**line == '#' || !at)
        return 0;
    at++;
    seconds = strspn(at, "0123456789");
    fraction = seconds && at[seconds] == '.' ? strspn(at + seconds + 1, "0123456789") : 0;
    if (fraction && at[seconds + 1 + fraction] == ' ')
        at += seconds + fraction + 2;
    if ((*at != '>' && *at != '<') || at[1] != ' ')
        return 0;
    *line = at + 2;
    return *at;
}

static void send_recorded(struct session *session, const struct bytes *command)
{
    struct bytes got = {0};

    CHECK(session_answer(session, command->data, command->len, &got));
    CHECK(got.len >= 2);
    bytes_free(&got);
}

/* Whether a line is plain enough for the reader above: printable, of moderate length. */
static int is_plain(const char *line)
{
    size_t i;

    for (i = 0; line[i]; i++)
    {
        if (line[i] < ' ' || line[i] > '~' || i == MAX_LINE)
            return 0;
    }
    return 1;
}

/* Every command that has an answer in the text is answered. */
static void play(struct session *session, char *text)
{
    struct bytes command = {0};
    char *line, *next;
    char word;

    for (line = text; *line; line = next)
    {
        next = line + strcspn(line, "\r\n");
        next += *next && (*next = 0, 1);
        if (!is_plain(line) || !(word = word_of(&line)))
            continue;
        if (word == '<')
        {
            send_recorded(session, &command);
            continue;
        }
        bytes_clear(&command);
        read_message(line, &command);
    }
    bytes_free(&command);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = {0}, error = {0}, answer = {0};
    struct session *session;
    size_t at, len;

    bytes_add(&text, data, size);
    bytes_add_u8(&text, 0);
    session = session_parse("input", (char *)text.data, &error);
    CHECK(!session == !!error.len);
    if (session)
    {
        CHECK(session_atr(session)->len >= 2 && session_atr(session)->len <= 33);
        play(session, (char *)text.data);
        for (at = 0; at < size; at += len)
        {
            len = size - at < 7 ? size - at : 7;
            bytes_clear(&answer);
            session_answer(session, data + at, len, &answer);
            CHECK(answer.len >= 2);
        }
    }
    session_destroy(session);
    bytes_free(&text);
    bytes_free(&error);
    bytes_free(&answer);
    return 0;
}
