/*
 * Looking at readers, and waiting until something changes there.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef WINSCARD_WAITING_H
#define WINSCARD_WAITING_H

#include "calls.h"

/*
 * SCardGetStatusChange over a context. Names are of the code page when ansi. pvUserData and
 * dwCurrentState are left alone; the rest is filled on success and SCARD_E_TIMEOUT.
 */
LONG waiting_run(struct pcsc_context *context, DWORD timeout, SCARD_READERSTATEW *states,
                 DWORD count, BOOL ansi);

#endif
