/*
 * Aliases of readers between what programs say and the transport.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_READERS_H
#define PCSC_READERS_H

#include "context.h"

/*
 * The first reader that the alias fits, for a name that no reader has. SCARD_E_UNKNOWN_READER when
 * it is no alias or fits none, SCARD_E_NO_READERS_AVAILABLE, ERROR_OUTOFMEMORY. *reader is
 * HeapAlloc'd from the process heap, the caller frees it; NULL on failure.
 */
LONG readers_of_alias(const struct pcsc_context *context, const WCHAR *name, WCHAR **reader);

/* All readers, as the transport's list_readers gives them, and behind them the aliases of those
 * that are there, each once. */
LONG readers_list(const struct pcsc_context *context, WCHAR **readers);

#endif
