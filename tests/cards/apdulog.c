/*
 * Counts, remembers and writes down the commands that the simulated card got. These are test cards
 * with test codes, so everything is shown.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "apdulog.h"

#include <string.h>
#include <time.h>

bool apdulog_open(struct apdulog *log, const char *path)
{
    log->stream = fopen(path, "a");
    if (log->stream)
        setvbuf(log->stream, NULL, _IOLBF, 0);
    return log->stream != NULL;
}

static void write_time(FILE *stream)
{
    struct timespec now;
    struct tm tm;
    char text[32];

    clock_gettime(CLOCK_REALTIME, &now);
    localtime_r(&now.tv_sec, &tm);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
    fprintf(stream, "%s.%06ld ", text, now.tv_nsec / 1000);
}

static void write_bytes_line(FILE *stream, char sign, const uint8_t *data, size_t len)
{
    struct bytes text = {0};

    bytes_add_hex_text(&text, data, len);
    write_time(stream);
    fprintf(stream, "%c %.*s\n", sign, (int)text.len, text.len ? (const char *)text.data : "");
    bytes_free(&text);
}

void apdulog_add(struct apdulog *log, const uint8_t *command, size_t command_len,
                 const uint8_t *answer, size_t answer_len)
{
    unsigned slot = log->total % APDULOG_KEPT;

    bytes_clear(&log->commands[slot]);
    bytes_clear(&log->answers[slot]);
    bytes_add(&log->commands[slot], command, command_len);
    bytes_add(&log->answers[slot], answer, answer_len);
    log->total++;
    if (command_len > 1)
        log->by_ins[command[1]]++;
    if (!log->stream)
        return;
    write_bytes_line(log->stream, '>', command, command_len);
    write_bytes_line(log->stream, '<', answer, answer_len);
}

void apdulog_event(struct apdulog *log, const char *text)
{
    if (!log->stream)
        return;
    write_time(log->stream);
    fprintf(log->stream, "# %s\n", text);
}

void apdulog_clear(struct apdulog *log)
{
    log->total = 0;
    memset(log->by_ins, 0, sizeof(log->by_ins));
}

void apdulog_counts(const struct apdulog *log, struct bytes *out)
{
    unsigned ins;

    bytes_printf(out, "total=%lu", log->total);
    for (ins = 0; ins < 256; ins++)
        if (log->by_ins[ins])
            bytes_printf(out, " %02X=%lu", ins, log->by_ins[ins]);
}

void apdulog_dump(const struct apdulog *log, unsigned count, struct bytes *out)
{
    unsigned long i = log->total;

    if (count > APDULOG_KEPT)
        count = APDULOG_KEPT;
    for (i = log->total > count ? log->total - count : 0; i < log->total; i++)
    {
        const struct bytes *command = &log->commands[i % APDULOG_KEPT];
        const struct bytes *answer = &log->answers[i % APDULOG_KEPT];

        if (out->len && out->data[out->len - 1] != ' ')
            bytes_add_u8(out, ' ');
        bytes_add_hex_text(out, command->data, command->len);
        bytes_add_u8(out, ':');
        bytes_add_hex_text(out, answer->data, answer->len);
    }
}

void apdulog_close(struct apdulog *log)
{
    unsigned i;

    for (i = 0; i < APDULOG_KEPT; i++)
    {
        bytes_free(&log->commands[i]);
        bytes_free(&log->answers[i]);
    }
    if (log->stream)
        fclose(log->stream);
    log->stream = NULL;
}
