/*
 * Finding and calling the unix half.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_UNIX_CALLER_H
#define PCSC_UNIX_CALLER_H

#include <windows.h>

#include "unixlib.h"

/* True when this is a Wine with support for unix halves, even if Wine's name is hidden. */
BOOL unixcall_possible(void);

/*
 * Looks for the unix half at the first call of the process, which must not be made under the loader
 * lock. Returns 0, or SCARD_E_NO_SERVICE when there is no matching one. *text then gives cause and
 * remedy; otherwise it is "" or why libpcsclite could not be loaded. It is never freed. text may be
 * NULL.
 */
LONG unixcall_start(const char **text);

/* The UNIX_ABI of the unix half that was found, whether it matches or not; 0 when there is none. */
UINT unixcall_abi(void);

/*
 * Fills in the head, makes the call, and returns head.result; every params struct begins with its
 * head. Returns SCARD_E_NO_SERVICE when there is no unix half, SCARD_F_INTERNAL_ERROR when Wine
 * could not make the call. After these two, params hold no results.
 */
LONG unixcall(enum unix_code code, void *params, ULONG size);
#define UNIXCALL(code, params) unixcall((code), &(params), sizeof(params))

/*
 * Makes sure that a file (a Unix path) is a regular one that only this user can access, and creates
 * it if necessary; *inode receives its number. Returns FALSE when it is not; text (size bytes) then
 * says why.
 */
BOOL unixcall_private_file(const char *name, ULONG64 *inode, char *text, size_t size);

#endif
