/*
 * ISCard::Transaction: the exchange of one command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_TRANSACTION_H
#define SCARDSSP_TRANSACTION_H

#include "cmd.h"
#include "iso7816/exchange.h"

/* Room for the answer to a command with short length fields, and some more. */
#define TRANSACTION_SHORT_REPLY 1024

/* One command in progress. The object may be an external one and wait for other threads: only
 * transaction_begin and transaction_end call it, without any lock. */
struct transaction
{
    ISCardCmd *cmd; /* with a reference */
    BOOL ours;
    struct cmd_request request;
    BYTE *reply; /* small, or CoTaskMemAlloc'd; room bytes, of which length are the answer */
    size_t room, length;
    BYTE small[TRANSACTION_SHORT_REPLY];
};

/* Takes the command out of cmd. Returns an external object's result; after a failure
 * transaction_end must not be called. */
HRESULT transaction_begin(struct transaction *transaction, ISCardCmd *cmd);

/*
 * Sends the command over link.
 *
 * Under T=0, a case 4 command is sent without its Le, and 61xx after it is followed by GET
 * RESPONSE, with AlternateClassId as its class if that is set, else the command's. An Le above 256
 * is sent as 00, and the rest is collected in the same way. 6Cxx after case 2 repeats the command.
 * All other status words are returned unchanged, as are all status words under other protocols
 * ("ISCard::Transaction" on MSDN).
 *
 * Returns E_INVALIDARG when there is no command or, under T=0, for more than 255 bytes of data;
 * else the link's result as an HRESULT.
 */
HRESULT transaction_send(struct transaction *transaction, const struct exchange_link *link);

/*
 * Stores the reply, whatever its status word, or none when hr is a failure of sending, and ends the
 * transaction. Returns hr, or the object's result of storing the reply.
 */
HRESULT transaction_end(struct transaction *transaction, HRESULT hr);

#endif
