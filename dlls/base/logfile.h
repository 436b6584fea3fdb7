/*
 * The files that environment variables name for traces and records.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What programs and cards say to each other is its user's business alone. So the file is a regular
 * one that belongs to the user and that nobody else can read or write, and it is no link: under
 * Wine the unix half makes sure of that, and creates it with mode 0600 or narrows its mode. On
 * Windows it has the access rights that its directory gives.
 */

#ifndef BASE_LOGFILE_H
#define BASE_LOGFILE_H

#include <windows.h>

/* Room for a text about what is wrong. */
#define LOGFILE_FAULT 200

/*
 * What makes sure of a file under Wine: unixcall_private_file. Set once, before the first file is
 * opened. A program of ours that has no unix half does not set it: there the DLL alone writes.
 */
extern BOOL (*logfile_make_private)(const char *name, ULONG64 *inode, char *text, size_t size);

/*
 * Opens the file that a variable names, for appending. INVALID_HANDLE_VALUE when it is not set, or
 * cannot be; then fault (LOGFILE_FAULT bytes) says why, else it is empty. Traces nothing.
 */
HANDLE logfile_open(const WCHAR *variable, char *fault);

#endif
