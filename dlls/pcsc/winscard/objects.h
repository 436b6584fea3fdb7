/*
 * Contexts and cards of the transport over winscard.dll.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ids are values of the handle table; whoever uses a record holds a reference, so that a thread
 * that is inside winscard.dll never loses it.
 */

#ifndef PCSC_WINSCARD_OBJECTS_H
#define PCSC_WINSCARD_OBJECTS_H

#include "pcsc/transport.h"
#include "api.h"

struct winscard_context
{
    LONG refs;
    SCARDCONTEXT native;
    HANDLE cancel; /* manual-reset: the wait, or the next one, is to end */
    LONG waits;    /* that are under way */
    SRWLOCK lock;  /* the list of cards */
    struct winscard_card *cards;
};

struct winscard_begin;

struct winscard_card
{
    LONG refs;
    struct winscard_context *context;
    struct winscard_card *next; /* in context's list */
    transport_id id;
    WCHAR *reader;
    BOOL wrapped; /* the handle is the application's */

    SRWLOCK lock; /* fields below */
    SCARDHANDLE native;
    DWORD share;
    DWORD protocol; /* as the stack names it */
    LONG depth;     /* locks taken */
    BOOL lost;      /* has no handle: a reopen failed */
    BOOL closed;
    struct winscard_begin *beginning; /* the begin that may have to be cancelled */
    DWORD cancelled;                  /* tickets up to this one; 0: none was */
};

/* Wine's winscard stands on pcsc-lite, with its values and its ways. */
BOOL winscard_over_lite(void);

/* The record of an id with a reference, or NULL. */
struct winscard_context *winscard_context_get(transport_id id);
void winscard_context_put(struct winscard_context *context);
struct winscard_card *winscard_card_get(transport_id id);
void winscard_card_put(struct winscard_card *card);

/* What callers see for a result of winscard.dll. */
LONG winscard_result(LONG result);

/* The readers in groups (NULL: all), or all groups: a multi-string from the process heap for the
 * caller. SCARD_F_INTERNAL_ERROR for a list longer than its room. */
LONG winscard_names(SCARDCONTEXT native, const WCHAR *groups, BOOL of_groups, WCHAR **names);

/* The functions of struct transport_ops of the same names; winscardcard.c, winscardlock.c,
 * winscardwait.c. */
LONG winscard_connect(transport_id context, const WCHAR *reader, DWORD share, DWORD protocols,
                      transport_id *card, DWORD *protocol);
LONG winscard_reconnect(transport_id card, DWORD share, DWORD protocols, DWORD disposition,
                        DWORD ticket, DWORD *protocol);
LONG winscard_disconnect(transport_id card, DWORD disposition);
LONG winscard_wrap(transport_id context, ULONG_PTR native, transport_id *card, WCHAR **reader,
                   DWORD *share);
LONG winscard_begin(transport_id card, DWORD ticket);
LONG winscard_end(transport_id card, DWORD disposition);
LONG winscard_cancel_begin(transport_id card, DWORD ticket);
LONG winscard_get_status_change(transport_id context, DWORD timeout,
                                struct transport_reader_state *states, DWORD count);

/* Takes the lock once more for a card whose locks a reconnect has ended. */
LONG winscard_lock(struct winscard_card *card, DWORD ticket);
/* Ends the begin that waits for the lock, whichever it is. */
void winscard_break_begin(struct winscard_card *card);

#endif
