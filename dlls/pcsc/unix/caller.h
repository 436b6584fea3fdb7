/*
 * Finding and calling the unix half.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_UNIX_CALLER_H
#define PCSC_UNIX_CALLER_H

#include <windows.h>

#include "unixlib.h"

/* Whether this is a Wine that has unix halves at all; what hides Wine's name does not hide it. */
BOOL unixcall_possible(void);

/*
 * Looks for the unix half at the first call of the process, which may not be made under the loader
 * lock. 0, or SCARD_E_NO_SERVICE when there is none that fits. *text is then cause and remedy, else
 * "" or why libpcsclite could not be loaded; it lives for ever. text may be NULL.
 */
LONG unixcall_start(const char **text);

/* The UNIX_ABI of the unix half that was found, ours or not; 0 when there is none. */
UINT unixcall_abi(void);

/*
 * Fills in the head, calls, and returns head.result; every params struct begins with its head.
 * SCARD_E_NO_SERVICE when there is no unix half, SCARD_F_INTERNAL_ERROR when Wine could not make
 * the call. 0 results leave what the call put into params.
 */
LONG unixcall(enum unix_code code, void *params, ULONG size);
#define UNIXCALL(code, params) unixcall((code), &(params), sizeof(params))

/*
 * Makes sure that a file (a Unix path) is a regular one of this user's alone, and creates it;
 * *inode is its number. FALSE when it is not, and text (size bytes) says why.
 */
BOOL unixcall_private_file(const char *name, ULONG64 *inode, char *text, size_t size);

#endif
