/*
 * Reader aliases: from the names that programs use to the transport's readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_READERS_H
#define PCSC_READERS_H

#include "context.h"

/*
 * The first reader that the alias name matches; for a name that no reader has. Returns
 * SCARD_E_UNKNOWN_READER when it is no alias or matches none, SCARD_E_NO_READERS_AVAILABLE,
 * ERROR_OUTOFMEMORY. The caller frees *reader, which comes from the process heap; it is NULL on
 * failure.
 */
LONG readers_of_alias(const struct pcsc_context *context, const WCHAR *name, WCHAR **reader);

/* All readers, as from the transport's list_readers, followed by the aliases that match one of
 * them, each once. */
LONG readers_list(const struct pcsc_context *context, WCHAR **readers);

/* The transport's readers that are in one of the groups (multi-string; NULL and "" for all) by
 * their own name or by an alias. SCARD_E_NO_READERS_AVAILABLE, ERROR_OUTOFMEMORY. */
LONG readers_in_groups(const struct pcsc_context *context, const WCHAR *groups, WCHAR **readers);

#endif
