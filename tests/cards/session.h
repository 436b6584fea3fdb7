/*
 * A recorded session, played back: what a card was sent, and what it answered. SESSIONS.md
 * describes the text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_SESSION_H
#define SIMCARD_SESSION_H

#include "bytes.h"

/* 1 or 2 follows, the form: in 2 each line has a time. */
#define SESSION_FIRST_LINE "# scardssp session "

struct session;

/* Reads a session; name stands for the file in errors. Owned by the caller. On failure NULL, and
 * error has one line of text that names file and line. */
struct session *session_parse(const char *name, const char *text, struct bytes *error);
/* NULL is allowed. */
void session_destroy(struct session *session);

/* Of the first connection that had a card. */
const struct bytes *session_atr(const struct session *session);
bool session_is_t0(const struct session *session);

/* Appends what the card answered to this command: the next recorded one that fits, else an earlier
 * one. Hidden bytes of a command fit any. False, and 6F00, when it was never sent. */
bool session_answer(struct session *session, const uint8_t *command, size_t len, struct bytes *out);

#endif
