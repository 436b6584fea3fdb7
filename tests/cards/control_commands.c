/*
 * What the commands of the control socket do.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "control.h"

#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 4

struct line
{
    struct simulator *sim;
    char *words[MAX_WORDS];
    int count;
    struct bytes *reply;
};

static void fail(struct line *line, const char *text)
{
    bytes_clear(line->reply);
    bytes_printf(line->reply, "error %s", text);
}

/* False, and the line has failed, when the word is not a number from 0 to 1000000000. */
static bool number(struct line *line, int word, long *value)
{
    char *end;

    *value = strtol(line->words[word], &end, 10);
    if (*end || end == line->words[word] || *value < 0 || *value > 1000000000)
    {
        fail(line, "not a number");
        return false;
    }
    return true;
}

static void do_status(struct line *line)
{
    const struct simulator *sim = line->sim;
    const struct profile *profile = sim->card->profile;

    bytes_printf(line->reply, " %s profile=%s protocol=%s reader=%s",
                 sim->inserted ? "inserted" : "ejected", profile->name, profile->t0 ? "T0" : "T1",
                 sim->unplugged ? "unplugged" : "plugged");
}

static void do_eject(struct line *line)
{
    if (!line->sim->inserted)
        fail(line, "there is no card in the reader");
    line->sim->inserted = false;
    card_reset(line->sim->card);
}

static void do_insert(struct line *line)
{
    struct bytes error = {0};

    if (line->sim->inserted)
        fail(line, "a card is in the reader already");
    else if (line->count > 1 && !simulator_load(line->sim, line->words[1], &error))
    {
        bytes_add_u8(&error, 0);
        fail(line, (const char *)error.data);
    }
    else
    {
        line->sim->inserted = true;
        line->sim->insertions++;
    }
    bytes_free(&error);
}

static void do_exchange(struct line *line)
{
    struct bytes error = {0};

    if (!simulator_load(line->sim, line->words[1], &error))
    {
        bytes_add_u8(&error, 0);
        fail(line, (const char *)error.data);
    }
    bytes_free(&error);
}

static void do_reset(struct line *line)
{
    simulator_reset(line->sim, "reset by control");
}

static void do_delay(struct line *line)
{
    long ms, count = -1;

    if (!number(line, 1, &ms) || (line->count > 2 && !number(line, 2, &count)))
        return;
    line->sim->delay_ms = (unsigned)ms;
    line->sim->delay_count = ms ? count : 0;
}

static void do_script(struct line *line)
{
    struct bytes answer = {0};
    bool status_only = !strcmp(line->words[0], "script-sw");

    if (line->count > 1 && !bytes_add_hex(&answer, line->words[1]))
        fail(line, "not hexadecimal");
    else if (!answer.len && line->sim->never_empty)
        fail(line, "vpcd hangs on an empty answer: use the IFD handler (simcard --ifd)");
    else if (status_only && answer.len != 2)
        fail(line, "a status word has two bytes");
    else
        simulator_add_script(line->sim, answer.data, answer.len, status_only);
    bytes_free(&answer);
}

static void do_drop(struct line *line)
{
    long after = 0;

    if (line->count > 1 && !number(line, 1, &after))
        return;
    line->sim->drop_after = after;
}

static void do_clear(struct line *line)
{
    simulator_clear(line->sim);
}

static void do_log(struct line *line)
{
    bytes_add_u8(line->reply, ' ');
    apdulog_counts(&line->sim->log, line->reply);
}

static void do_log_clear(struct line *line)
{
    apdulog_clear(&line->sim->log);
}

static void do_dump(struct line *line)
{
    long count = APDULOG_KEPT;

    if (line->count > 1 && !number(line, 1, &count))
        return;
    bytes_add_u8(line->reply, ' ');
    apdulog_dump(&line->sim->log, (unsigned)count, line->reply);
}

static void do_pad(struct line *line)
{
    struct simulator *sim = line->sim;

    bytes_clear(&sim->pad_code);
    bytes_clear(&sim->pad_new_code);
    sim->pad = PAD_CODE;
    if (line->count > 1)
    {
        bytes_add(&sim->pad_code, line->words[1], strlen(line->words[1]));
        if (line->count > 2)
            bytes_add(&sim->pad_new_code, line->words[2], strlen(line->words[2]));
    }
    else if (!strcmp(line->words[0], "pad-cancel"))
        sim->pad = PAD_CANCEL;
    else if (!strcmp(line->words[0], "pad-timeout"))
        sim->pad = PAD_TIMEOUT;
    else
        sim->pad = PAD_MISMATCH;
}

static bool yes_or_no(struct line *line)
{
    bool yes = !strcmp(line->words[1], "yes");

    if (!yes && strcmp(line->words[1], "no"))
        fail(line, "yes or no");
    return yes;
}

static void do_features(struct line *line)
{
    line->sim->has_pad = yes_or_no(line);
}

static void do_mute(struct line *line)
{
    line->sim->mute = yes_or_no(line);
}

static void do_plug(struct line *line)
{
    line->sim->unplugged = !strcmp(line->words[0], "unplug");
}

static void do_quit(struct line *line)
{
    line->sim->quit = true;
}

static const struct
{
    const char *word;
    int min_args, max_args;
    void (*execute)(struct line *line);
} table[] = {
    {"status", 0, 0, do_status},
    {"eject", 0, 0, do_eject},
    {"insert", 0, 1, do_insert},
    {"reset", 0, 0, do_reset},
    {"exchange", 1, 1, do_exchange},
    {"delay", 1, 2, do_delay},
    {"script", 0, 1, do_script},
    {"script-sw", 1, 1, do_script},
    {"drop", 0, 0, do_drop},
    {"drop-after", 1, 1, do_drop},
    {"clear", 0, 0, do_clear},
    {"log", 0, 0, do_log},
    {"log-clear", 0, 0, do_log_clear},
    {"dump", 0, 1, do_dump},
    {"pad", 1, 2, do_pad},
    {"pad-cancel", 0, 0, do_pad},
    {"pad-timeout", 0, 0, do_pad},
    {"pad-mismatch", 0, 0, do_pad},
    {"unplug", 0, 0, do_plug},
    {"mute", 1, 1, do_mute},
    {"plug", 0, 0, do_plug},
    {"features", 1, 1, do_features},
    {"quit", 0, 0, do_quit},
};

static void dispatch(struct line *line)
{
    size_t i;

    for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
    {
        if (strcmp(table[i].word, line->words[0]))
            continue;
        if (line->count - 1 < table[i].min_args || line->count - 1 > table[i].max_args)
            fail(line, "too few or too many words");
        else
            table[i].execute(line);
        return;
    }
    fail(line, "unknown command");
}

void control_execute(struct simulator *sim, const char *text, struct bytes *reply)
{
    struct line line = {.sim = sim, .reply = reply};
    char *copy = bytes_calloc(strlen(text) + 1, 1), *rest = copy, *word;

    strcpy(copy, text);
    bytes_clear(reply);
    bytes_printf(reply, "ok");
    while ((word = strsep(&rest, " \t\r")))
    {
        if (!*word)
            continue;
        if (line.count == MAX_WORDS)
            break;
        line.words[line.count++] = word;
    }
    if (!line.count)
        fail(&line, "empty line");
    else if (word && *word)
        fail(&line, "too many words");
    else
        dispatch(&line);
    free(copy);
}
