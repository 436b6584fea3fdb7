/*
 * What ISCard::Transaction does with one command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_TRANSACTION_H
#define SCARDSSP_TRANSACTION_H

#include "exchange.h"
#include "object.h"

/*
 * Sends the command of cmd over link and stores the reply, whatever its status word, in cmd. The
 * object may be anybody's; its reference count does not change.
 *
 * Under T=0: a command of case 4 goes without its Le, and 61xx after it is followed with GET
 * RESPONSE, whose class is AlternateClassId or else the command's; an Le above 256 goes as 00 and
 * the rest is collected in the same way; 6Cxx after case 2 repeats the command. All other status
 * words go back untouched, and under other protocols all of them ("ISCard::Transaction" on MSDN).
 *
 * E_INVALIDARG when there is no command, or under T=0 more than 255 bytes of data. What the link
 * said, as an HRESULT, or what a foreign object said; there is no reply then.
 */
HRESULT transaction_run(ISCardCmd *cmd, const struct exchange_link *link);

#endif
