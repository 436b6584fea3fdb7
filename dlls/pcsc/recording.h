/*
 * A record of what programs and cards say to each other, for a report without the card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The environment variable SCARDSSP_RECORD names a file that lines are appended to, by all
 * processes that have the variable; the form is in tests/cards/SESSIONS.md, and simcard plays it
 * back. observer.c says what is in the lines. A file that cannot be written is complained of once,
 * and no error.
 */

#ifndef PCSC_RECORDING_H
#define PCSC_RECORDING_H

#include <windows.h>

/* The number of a new connection in this process, over that transport; 0: nothing is recorded. */
LONG recording_connection(const char *transport);

/* One line of a connection; nothing for number 0. */
void recording_line(LONG number, const char *word, const char *text);

/* A command and what came for it (word is "<" or "!"), as two lines that stay together. sent: the
 * product_time at which the command went out. */
void recording_exchange(LONG number, ULONG64 sent, const char *command, const char *word,
                        const char *text);

/* Closes the file. Only while the DLL is unloaded. */
void recording_cleanup(void);

#endif
