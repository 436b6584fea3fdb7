/*
 * The trace and recording files that environment variables name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What programs and cards exchange is private to their user. The file must therefore be a
 * regular file, not a link, that belongs to the user and that nobody else can read or write. Under
 * Wine the unix half checks this, and creates the file with mode 0600 or narrows its mode. On
 * Windows the file has the access rights that its directory gives.
 */

#ifndef BASE_LOGFILE_H
#define BASE_LOGFILE_H

#include <windows.h>

/* Room for a text that says what is wrong. */
#define LOGFILE_FAULT 200

/*
 * Checks and creates files under Wine: unixcall_private_file. Set once, before the first file is
 * opened. Our programs without a unix half leave it unset: there, only the DLL writes files.
 */
extern BOOL (*logfile_make_private)(const char *name, ULONG64 *inode, char *text, size_t size);

/*
 * Opens the file that a variable names, for appending. Returns INVALID_HANDLE_VALUE when the
 * variable is not set or the file cannot be opened; fault (LOGFILE_FAULT bytes) then gives the
 * reason, and is empty otherwise. Traces nothing.
 */
HANDLE logfile_open(const WCHAR *variable, char *fault);

#endif
