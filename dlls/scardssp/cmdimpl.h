/*
 * CSCardCmd as its own two files see it: cmd.c the command, cmdreply.c the reply.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CMDIMPL_H
#define SCARDSSP_CMDIMPL_H

#include "command.h"
#include "object.h"
#include "reply.h"

/* No lock is held while somebody else's object is called, or memory of the caller's is touched. */
struct cmd
{
    struct object object;
    SRWLOCK lock;            /* guards all below */
    struct command *command; /* NULL: none yet */
    struct reply reply;
    BYTE nad;
    BYTE alternate_class;
    BOOL alternate_set; /* never set is not the same as 00 */
};

static inline struct cmd *impl_from_ISCardCmd(ISCardCmd *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct cmd, object);
}

/* The command with a reference, NULL when there is none. */
struct command *cmd_get_command(struct cmd *cmd);

/* The methods in cmdreply.c. */
HRESULT WINAPI cmd_get_ApduReply(ISCardCmd *iface, IByteBuffer **out);
HRESULT WINAPI cmd_put_ApduReply(ISCardCmd *iface, IByteBuffer *buffer);
HRESULT WINAPI cmd_get_ApduReplyLength(ISCardCmd *iface, LONG *out);
HRESULT WINAPI cmd_put_ApduReplyLength(ISCardCmd *iface, LONG length);
HRESULT WINAPI cmd_get_ReplyStatus(ISCardCmd *iface, WORD *out);
HRESULT WINAPI cmd_put_ReplyStatus(ISCardCmd *iface, WORD status);
HRESULT WINAPI cmd_get_ReplyStatusSW1(ISCardCmd *iface, BYTE *out);
HRESULT WINAPI cmd_get_ReplyStatusSW2(ISCardCmd *iface, BYTE *out);
HRESULT WINAPI cmd_get_ReplyNad(ISCardCmd *iface, BYTE *out);
HRESULT WINAPI cmd_put_ReplyNad(ISCardCmd *iface, BYTE nad);

#endif
