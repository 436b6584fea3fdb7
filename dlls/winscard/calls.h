/*
 * What the functions of winscard.dll have in common: contexts, results, the trace.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * winscard.dll itself consists of forwarders (winscard.def); its functions are here, under their
 * own names, and scardssp.dll exports them by private ones. Each takes any arguments: NULL, stale
 * and made-up handles give an error. What a pointer leads to is trusted, as on Windows.
 */

#ifndef WINSCARD_CALLS_H
#define WINSCARD_CALLS_H

#include <windows.h>
#include <winscard.h>

#define TRACE_CHANNEL TRACE_WINSCARD
#include "base/trace.h"
#include "pcsc/context.h"

/*
 * The context of a handle, with a reference. ERROR_INVALID_HANDLE. Where a function allows 0 for
 * it, may_be_none, that gives one for this call: what opening it returns.
 */
LONG call_context(SCARDCONTEXT value, BOOL may_be_none, struct pcsc_context **out);

/* What Windows says where a call on a context that is open gave result: SCARD_E_SERVICE_STOPPED for
 * all that means that its service went. */
LONG call_context_result(LONG result);

/* Windows' code of a result, traced with the function's name. */
LONG call_result(const char *function, LONG result);
#define CALL_RETURN(result) return call_result(__func__, (result))

#endif
