/*
 * Watching readers: which there are, and what is in them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_WATCH_H
#define PCSC_WATCH_H

#include "transport.h"

/* Readers beyond these are not looked at; pcsc-lite has at most 16. */
#define WATCH_READERS   31
#define WATCH_NAME_SIZE 128

struct watch_reader
{
    WCHAR name[WATCH_NAME_SIZE];
    DWORD state; /* SCARD_STATE_ bits */
    BYTE atr[TRANSPORT_ATR_SIZE];
    DWORD atr_length;
};

/* What was seen last. */
struct watch_view
{
    LONG result; /* not 0: the resource manager cannot be asked, and the readers are unknown */
    DWORD count;
    struct watch_reader readers[WATCH_READERS];
};

/*
 * One look over a short-lived context at the readers in groups (multi-string; NULL: all). Returns
 * out->result, also SCARD_E_NO_READERS_AVAILABLE.
 */
LONG watch_look(const WCHAR *groups, struct watch_view *out);

struct watch;

/*
 * Starts a thread that waits for changes over a context of its own. changed is called in that
 * thread after each one, and once at the start; it must not call watch_stop. No readers is a view
 * with none and result 0. While a resource manager that went away is missing the view's result is
 * SCARD_E_SERVICE_STOPPED; any other failure there ends the watch. What opening the context
 * returns, ERROR_OUTOFMEMORY.
 */
LONG watch_start(const WCHAR *groups, void (*changed)(void *context), void *context,
                 struct watch **out);
void watch_read(struct watch *watch, struct watch_view *out);
/* changed is not called any more. Waits for no resource manager that hangs. NULL is allowed. */
void watch_stop(struct watch *watch);

#endif
