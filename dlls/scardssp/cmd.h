/*
 * CSCardCmd from the inside, for those that send its command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CMD_H
#define SCARDSSP_CMD_H

#include "command.h"
#include "object.h"

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
