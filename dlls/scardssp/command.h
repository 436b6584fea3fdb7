/*
 * A command APDU that does not change, shared by count.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_COMMAND_H
#define SCARDSSP_COMMAND_H

#include <windows.h>

#include "iso7816/apdu.h"

/* Who holds a reference may read it without a lock. */
struct command
{
    LONG refs;
    BOOL secret;      /* secrecy_possible: wiped in the end, and so is the reply */
    struct apdu apdu; /* its data are the bytes below */
    BYTE data[];
};

/* A copy of apdu and its data. E_INVALIDARG for lengths that no APDU has, E_OUTOFMEMORY. */
HRESULT command_create(const struct apdu *apdu, struct command **out);

/* NULL is allowed. */
void command_release(struct command *command);

#endif
