/*
 * CSCardCmd's internals, for the code that sends its command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CMD_H
#define SCARDSSP_CMD_H

#include "iso7816/apdu.h"
#include "object.h"

/* An immutable command APDU, reference counted: a holder of a reference may read it without a
 * lock. */
struct command
{
    LONG refs;
    BOOL secret;      /* by secrecy_possible: it and its reply are wiped at the end */
    struct apdu apdu; /* its data are the bytes below */
    BYTE data[];
};

/* Makes a copy of apdu and its data. Returns E_INVALIDARG for lengths that no APDU has,
 * E_OUTOFMEMORY. */
HRESULT command_create(const struct apdu *apdu, struct command **out);

/* NULL is allowed. */
void command_release(struct command *command);

/* The data needed for sending a command. */
struct cmd_request
{
    struct command *command; /* with a reference; NULL: there is none */
    BYTE response_class;     /* class of GET RESPONSE, valid when there is a command */
};

/* Returns FALSE when cmd is an external object; *request is all zero then. */
BOOL cmd_get_request(ISCardCmd *cmd, struct cmd_request *request);

/*
 * Stores the reply in an object of ours: length bytes, including SW1 SW2; 0 clears it. secret: it
 * is wiped at its end. The reply's NAD is then unknown. Returns E_OUTOFMEMORY, with the reply
 * cleared, on failure.
 */
HRESULT cmd_set_reply(ISCardCmd *cmd, const BYTE *reply, DWORD length, BOOL secret);

#endif
