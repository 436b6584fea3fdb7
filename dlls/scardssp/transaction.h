/*
 * What ISCard::Transaction does with one command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_TRANSACTION_H
#define SCARDSSP_TRANSACTION_H

#include "cmd.h"
#include "iso7816/exchange.h"

/* Room for what a command with short length fields can be answered with, and some more. */
#define TRANSACTION_SHORT_REPLY 1024

/* One command on its way. The object may be anybody's, and wait for other threads: it is called by
 * transaction_begin and transaction_end alone, without any lock. */
struct transaction
{
    ISCardCmd *cmd; /* with a reference */
    BOOL ours;
    struct cmd_request request;
    BYTE *reply; /* small, or CoTaskMemAlloc'd; of room bytes, length of which are the answer */
    size_t room, length;
    BYTE small[TRANSACTION_SHORT_REPLY];
};

/* Takes the command out of cmd. What an external object said; nothing is to be ended then. */
HRESULT transaction_begin(struct transaction *transaction, ISCardCmd *cmd);

/*
 * Sends the command over link.
 *
 * Under T=0: a command of case 4 goes without its Le, and 61xx after it is followed with GET
 * RESPONSE, whose class is AlternateClassId or else the command's; an Le above 256 goes as 00 and
 * the rest is collected in the same way; 6Cxx after case 2 repeats the command. All other status
 * words go back untouched, and under other protocols all of them ("ISCard::Transaction" on MSDN).
 *
 * E_INVALIDARG when there is no command, or under T=0 more than 255 bytes of data. What the link
 * said, as an HRESULT.
 */
HRESULT transaction_send(struct transaction *transaction, const struct exchange_link *link);

/*
 * Stores the reply, whatever its status word, or none when sending gave a failure hr, and ends the
 * transaction. hr, or what the object says of the reply.
 */
HRESULT transaction_end(struct transaction *transaction, HRESULT hr);

#endif
