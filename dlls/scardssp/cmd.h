/*
 * CSCardCmd from the inside, for those that send its command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CMD_H
#define SCARDSSP_CMD_H

#include "iso7816/apdu.h"
#include "object.h"

/* A command APDU that does not change, shared by count: with a reference no lock is needed. */
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

/* What is sent for a command. */
struct cmd_request
{
    struct command *command; /* with a reference; NULL: there is none */
    BYTE response_class;     /* class of GET RESPONSE, when there is a command */
};

/* FALSE when cmd is not an object of ours; *request is all zero then. */
BOOL cmd_get_request(ISCardCmd *cmd, struct cmd_request *request);

/*
 * Stores the reply of an object of ours: length bytes, SW1 SW2 included; 0 clears it. secret: it is
 * wiped when it ends. The NAD of the reply is unknown then. E_OUTOFMEMORY (it is cleared then).
 */
HRESULT cmd_set_reply(ISCardCmd *cmd, const BYTE *reply, DWORD length, BOOL secret);

#endif
