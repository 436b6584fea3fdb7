/*
 * CSCardCmd from the inside, for those that send its command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CMD_H
#define SCARDSSP_CMD_H

#include "apdu.h"
#include "object.h"

/* A command that no longer changes: who holds a reference may read it without a lock. */
struct cmd_command
{
    LONG refs;
    BOOL secret;      /* apdu_is_secret: wiped in the end, and so is the reply */
    struct apdu apdu; /* its data are the bytes below */
    BYTE data[];
};

/* A copy of apdu and its data. E_OUTOFMEMORY. */
HRESULT cmd_command_create(const struct apdu *apdu, struct cmd_command **out);

/* NULL is allowed. */
void cmd_command_release(struct cmd_command *command);

/* What is sent for a command. */
struct cmd_request
{
    struct cmd_command *command; /* with a reference; NULL: there is none */
    BYTE response_class;         /* class of GET RESPONSE, when there is a command */
};

/* FALSE when cmd is not an object of ours; *request is all zero then. */
BOOL cmd_get_request(ISCardCmd *cmd, struct cmd_request *request);

/*
 * Stores the reply of an object of ours: length bytes, SW1 SW2 included; 0 clears it. secret: it is
 * wiped when it ends. The NAD of the reply is unknown then. E_OUTOFMEMORY (it is cleared then).
 */
HRESULT cmd_set_reply(ISCardCmd *cmd, const BYTE *reply, DWORD length, BOOL secret);

#endif
