/*
 * A record of what programs and cards say to each other, for a report without the card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The environment variable SCARDSSP_RECORD names a file that lines are appended to, by all
 * processes that have the variable; the form is in tests/cards/SESSIONS.md, and simcard plays it
 * back. What the trace hides is hidden here too. A file that cannot be written is no error.
 */

#ifndef SCARDSSP_RECORD_H
#define SCARDSSP_RECORD_H

#include <windows.h>

#include "transport.h"

/* A new connection; its number in this process, 0 when nothing is recorded. */
LONG record_connect(const WCHAR *reader, DWORD share, const struct transport_status *status);

/* One command and its reply, or the result that came in place of one. Nothing for number 0. */
void record_exchange(LONG number, const BYTE *command, DWORD command_length, const BYTE *reply,
                     DWORD reply_length, LONG result);

/* Anything else that happened: a word, a number of its own (a disposition), and the result. */
void record_event(LONG number, const char *word, DWORD value, LONG result);

/* Closes the file. Only while the DLL is unloaded. */
void record_cleanup(void);

#endif
