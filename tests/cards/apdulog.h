/*
 * Counts, remembers and writes down the commands that the simulated card got.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_APDULOG_H
#define SIMCARD_APDULOG_H

#include "bytes.h"

#include <stdio.h>

#define APDULOG_KEPT 256u

struct apdulog
{
    FILE *stream; /* NULL: nothing is written */
    unsigned long total;
    unsigned long by_ins[256];
    struct bytes commands[APDULOG_KEPT], answers[APDULOG_KEPT]; /* a ring of the last ones */
};

/* Opens the file for appending; false with errno when that fails. */
bool apdulog_open(struct apdulog *log, const char *path);
/* One command and its answer. */
void apdulog_add(struct apdulog *log, const uint8_t *command, size_t command_len,
                 const uint8_t *answer, size_t answer_len);
/* A line about something other than a command. */
void apdulog_event(struct apdulog *log, const char *text);
/* Forgets counts and commands; the file stays. */
void apdulog_clear(struct apdulog *log);
/* Appends "total=N A4=n B0=n ..". */
void apdulog_counts(const struct apdulog *log, struct bytes *out);
/* Appends the last `count` commands, oldest first, as COMMAND:ANSWER, blanks between them. */
void apdulog_dump(const struct apdulog *log, unsigned count, struct bytes *out);
void apdulog_close(struct apdulog *log);

#endif
