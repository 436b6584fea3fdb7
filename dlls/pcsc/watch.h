/*
 * The watch: the readers and the cards in them, as they change.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_WATCH_H
#define PCSC_WATCH_H

#include "transport.h"

/* Further readers are ignored; pcsc-lite has at most 16. */
#define WATCH_READERS   31
#define WATCH_NAME_SIZE 128

struct watch_reader
{
    WCHAR name[WATCH_NAME_SIZE];
    DWORD state; /* SCARD_STATE_ bits */
    BYTE atr[TRANSPORT_ATR_SIZE];
    DWORD atr_length;
};

/* The latest state of the readers. */
struct watch_view
{
    LONG result; /* not 0: the resource manager cannot be asked, and the readers are unknown */
    DWORD count;
    struct watch_reader readers[WATCH_READERS];
};

/*
 * Reads the readers in groups (multi-string; NULL: all) once, over a short-lived context. Returns
 * out->result, which may be SCARD_E_NO_READERS_AVAILABLE.
 */
LONG watch_look(const WCHAR *groups, struct watch_view *out);

struct watch;

/*
 * Starts a thread that waits for changes over its own context. It calls changed after each one, and
 * once at the start; changed must not call watch_stop. Without readers the view is empty and its
 * result 0. While a resource manager that went away is missing, the view's result is
 * SCARD_E_SERVICE_STOPPED; any other failure ends the watch. Returns the result of opening the
 * context, or ERROR_OUTOFMEMORY.
 */
LONG watch_start(const WCHAR *groups, void (*changed)(void *context), void *context,
                 struct watch **out);
void watch_read(struct watch *watch, struct watch_view *out);
/* After it, changed is not called any more. Does not wait for a resource manager that hangs. NULL
 * is allowed. */
void watch_stop(struct watch *watch);

#endif
