/*
 * The recording of what programs and cards exchange, for a report without the card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The environment variable SCARDSSP_RECORD names a file to which every process with that variable
 * appends lines. tests/cards/SESSIONS.md describes the format, and simcard plays it back.
 * observer.c decides what is in the lines. A file that cannot be written is reported once, and is
 * no error.
 */

#ifndef PCSC_RECORDING_H
#define PCSC_RECORDING_H

#include <windows.h>

/* The number of a new connection in this process, over that transport; 0: nothing is recorded. */
LONG recording_connection(const char *transport);

/* Writes one line of a connection; nothing for number 0. */
void recording_line(LONG number, const char *word, const char *text);

/* Writes a command and its outcome (word is "<" or "!") as two adjacent lines. sent: the
 * product_time at which the command was sent. */
void recording_exchange(LONG number, ULONG64 sent, const char *command, const char *word,
                        const char *text);

/* Closes the file. Call it only while the DLL is unloaded. */
void recording_cleanup(void);

#endif
