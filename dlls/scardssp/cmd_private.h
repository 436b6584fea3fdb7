/*
 * CSCardCmd as its own two files see it: cmd.c the command, cmdreply.c the reply.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CMD_PRIVATE_H
#define SCARDSSP_CMD_PRIVATE_H

#include "object.h"

struct command;

/* Data, SW1, SW2, and where they came from. All zero is no reply. Its owner locks. */
struct reply
{
    BYTE *bytes;  /* data, SW1, SW2; NULL when room is 0 */
    DWORD length; /* 0 (no reply) or 2 and more */
    DWORD room;
    BOOL secret; /* wiped when it ends */
    BYTE nad;
    BOOL nad_known;
};

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

/* ---- cmdreply.c ---- */

/* No reply; the memory stays for the next one. */
void reply_clear(struct reply *reply);

void reply_free(struct reply *reply);

/* The methods. */
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
