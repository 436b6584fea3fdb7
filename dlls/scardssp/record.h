/*
 * A record of what programs and cards say to each other, for a report without the card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The environment variable SCARDSSP_RECORD names a file that lines are appended to, by all
 * processes that have the variable; the form is in tests/cards/SESSIONS.md, and simcard plays it
 * back. What the trace hides is hidden here too, but for what GET RESPONSE fetches: it is shown if
 * the command before it on that connection hides nothing (sessions of T=0 cards would hold
 * nothing otherwise). A file that cannot be written is complained of once, and no error.
 */

#ifndef SCARDSSP_RECORD_H
#define SCARDSSP_RECORD_H

#include <windows.h>

#include "transport.h"

/* What a connection keeps for it; starts as zeros. */
struct recording
{
    LONG number;      /* of the connection in this process; 0: nothing is recorded */
    BOOL open_answer; /* the card has more of an answer, and it may be shown */
};

/* A new connection. */
void record_connect(struct recording *recording, const WCHAR *reader, DWORD share,
                    const struct transport_status *status);

/* One command and its reply, or the result that came in place of one. */
void record_exchange(struct recording *recording, const BYTE *command, DWORD command_length,
                     const BYTE *reply, DWORD reply_length, LONG result);

/* Anything else that happened: a word, a number of its own (a disposition), and the result. */
void record_event(const struct recording *recording, const char *word, DWORD value,
                  LONG result);

/* Closes the file. Only while the DLL is unloaded. */
void record_cleanup(void);

#endif
