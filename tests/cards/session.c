/*
 * A recorded session, played back.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_EXCHANGES 100000u
#define MAX_BYTES     70000u /* of a command or an answer */
#define MAX_ATR       33u

/* Bytes, some of which nobody knows. */
struct message
{
    struct bytes bytes; /* hidden ones are 0 */
    size_t hidden_at, hidden;
};

struct exchange
{
    struct message command, answer;
    bool answered;
};

struct session
{
    struct bytes atr;
    bool t0;
    struct exchange *exchanges;
    size_t count, room;
    size_t next; /* that is expected */
};

/* The line that is being read. */
struct reader
{
    const char *name;
    unsigned line;
    struct bytes *error;
    struct session *session;
    char *source; /* of the command that waits for its answer, or NULL */
};

static bool fail(struct reader *r, const char *message)
{
    bytes_printf(r->error, "%s:%u: %s", r->name, r->line, message);
    return false;
}

/* ---- messages ---- */

static void message_free(struct message *message)
{
    bytes_free(&message->bytes);
}

/* Puts "[n bytes hidden]" into the message; *text is moved behind it. */
static bool read_hidden(struct reader *r, struct message *message, char **text)
{
    char *end;
    unsigned long count = strtoul(*text + 1, &end, 10);

    if (end == *text + 1 || strncmp(end, " bytes hidden]", 14))
        return fail(r, "[n bytes hidden] is wrong");
    if (message->hidden)
        return fail(r, "bytes are hidden twice");
    if (!count || count > MAX_BYTES)
        return fail(r, "so many bytes cannot be hidden");
    message->hidden_at = message->bytes.len;
    message->hidden = count;
    bytes_add(&message->bytes, NULL, count);
    *text = end + 14;
    return true;
}

static bool read_message(struct reader *r, struct message *message, char *text, size_t least)
{
    char *bracket, saved;

    while ((bracket = strchr(text, '[')))
    {
        saved = *bracket;
        *bracket = 0;
        if (!bytes_add_hex(&message->bytes, text))
            return fail(r, "not hexadecimal");
        *bracket = saved;
        text = bracket;
        if (!read_hidden(r, message, &text))
            return false;
    }
    if (!bytes_add_hex(&message->bytes, text))
        return fail(r, "not hexadecimal");
    if (message->bytes.len < least || message->bytes.len > MAX_BYTES)
        return fail(r, "too short or too long");
    return true;
}

/* ---- lines ---- */

static bool same_source(const struct reader *r, const char *source)
{
    return r->source && !strcmp(r->source, source);
}

static bool read_command(struct reader *r, const char *source, char *text)
{
    struct session *session = r->session;
    struct exchange *exchange;

    if (session->count == MAX_EXCHANGES)
        return fail(r, "there are too many commands");
    if (session->count == session->room)
    {
        size_t room = session->room ? 2 * session->room : 64;
        struct exchange *grown = bytes_calloc(room, sizeof(*grown));

        if (session->count)
            memcpy(grown, session->exchanges, session->count * sizeof(*grown));
        free(session->exchanges);
        session->exchanges = grown;
        session->room = room;
    }
    exchange = &session->exchanges[session->count++];
    free(r->source);
    r->source = strdup(source);
    return read_message(r, &exchange->command, text, 4);
}

static bool read_answer(struct reader *r, const char *source, char *text)
{
    struct exchange *exchange;

    if (!same_source(r, source))
        return fail(r, "an answer without its command");
    exchange = &r->session->exchanges[r->session->count - 1];
    free(r->source);
    r->source = NULL;
    exchange->answered = true;
    return read_message(r, &exchange->answer, text, 2);
}

/* connect SHARE PROTOCOL ATR HEX reader NAME */
static bool read_connect(struct reader *r, char *text)
{
    struct session *session = r->session;
    char share[16], protocol[8], atr[2 * MAX_ATR + 8];
    int end = 0;

    if (sscanf(text, "%15s %7s ATR %72s reader %n", share, protocol, atr, &end) != 3 || !end)
        return fail(r, "connect is wrong");
    if (session->atr.len || !strcmp(atr, "none"))
        return true;
    if (!bytes_add_hex(&session->atr, atr) || session->atr.len < 2 || session->atr.len > MAX_ATR)
        return fail(r, "the ATR is wrong");
    session->t0 = !strcmp(protocol, "T0");
    return true;
}

/* Passes over the time that form 2 has before the word: digits, a point, digits, a blank. */
static char *skip_time(char *text)
{
    size_t seconds = strspn(text, "0123456789"), fraction;

    if (!seconds || text[seconds] != '.')
        return text;
    fraction = strspn(text + seconds + 1, "0123456789");
    if (!fraction || text[seconds + 1 + fraction] != ' ')
        return text;
    return text + seconds + fraction + 2;
}

/* SOURCE [TIME] WORD REST. Words that say nothing about the card are passed over. */
static bool read_line(struct reader *r, char *line)
{
    char *word, *rest;

    if (!*line || *line == '#')
        return true;
    word = strchr(line, ' ');
    if (!word)
        return fail(r, "a line begins with its connection");
    *word++ = 0;
    word = skip_time(word);
    rest = strchr(word, ' ');
    if (!rest)
        return fail(r, "there is nothing behind the word");
    *rest++ = 0;
    if (!strcmp(word, ">"))
        return read_command(r, line, rest);
    if (!strcmp(word, "<"))
        return read_answer(r, line, rest);
    if (!strcmp(word, "connect"))
        return read_connect(r, rest);
    return true;
}

static bool read_text(struct reader *r, const char *text)
{
    char *line;

    for (r->line = 1; (line = bytes_next_line(&text)); r->line++)
    {
        bool ok = read_line(r, line);

        free(line);
        if (!ok)
            return false;
    }
    if (!r->session->atr.len)
        return fail(r, "no connection has a card");
    return true;
}

static bool is_first_line(const char *text)
{
    size_t len = strlen(SESSION_FIRST_LINE);

    return !strncmp(text, SESSION_FIRST_LINE, len) && (text[len] == '1' || text[len] == '2') &&
           strchr(",\r\n", text[len + 1]);
}

struct session *session_parse(const char *name, const char *text, struct bytes *error)
{
    struct session *session = bytes_calloc(1, sizeof(*session));
    struct reader r = {.name = name, .line = 1, .error = error, .session = session};
    bool ok = is_first_line(text)
                  ? read_text(&r, text)
                  : fail(&r, "the first line is not \"" SESSION_FIRST_LINE "1\" or 2");

    free(r.source);
    if (ok)
        return session;
    session_destroy(session);
    return NULL;
}

void session_destroy(struct session *session)
{
    size_t i;

    if (!session)
        return;
    for (i = 0; i < session->count; i++)
    {
        message_free(&session->exchanges[i].command);
        message_free(&session->exchanges[i].answer);
    }
    free(session->exchanges);
    bytes_free(&session->atr);
    free(session);
}

const struct bytes *session_atr(const struct session *session)
{
    return &session->atr;
}

bool session_is_t0(const struct session *session)
{
    return session->t0;
}

/* ---- playing ---- */

static bool fits(const struct exchange *exchange, const uint8_t *command, size_t len)
{
    const struct message *m = &exchange->command;
    size_t end = m->hidden_at + m->hidden;

    return exchange->answered && m->bytes.len == len &&
           !memcmp(m->bytes.data, command, m->hidden ? m->hidden_at : len) &&
           (!m->hidden || !memcmp(m->bytes.data + end, command + end, len - end));
}

bool session_answer(struct session *session, const uint8_t *command, size_t len, struct bytes *out)
{
    size_t i, at;

    for (i = 0; i < session->count; i++)
    {
        at = (session->next + i) % session->count;
        if (!fits(&session->exchanges[at], command, len))
            continue;
        bytes_add(out, session->exchanges[at].answer.bytes.data,
                  session->exchanges[at].answer.bytes.len);
        session->next = (at + 1) % session->count;
        return true;
    }
    bytes_add_be(out, 0x6f00, 2);
    return false;
}
