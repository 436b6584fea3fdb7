/*
 * Contexts and cards of the transport over winscard.dll.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Ids are values of the handle table. Each user of a record holds a reference, so that the record
 * outlives threads that are inside winscard.dll.
 */

#ifndef PCSC_WINSCARD_OBJECTS_H
#define PCSC_WINSCARD_OBJECTS_H

#include "pcsc/transport.h"
#include "api.h"

struct winscard_context
{
    LONG refs;
    SCARDCONTEXT native;
    HANDLE cancel; /* manual-reset: the wait, or the next one, must end */
    LONG waits;    /* running waits */
    SRWLOCK lock;  /* for the list of cards */
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

    SRWLOCK lock; /* for the fields below */
    SCARDHANDLE native;
    DWORD share;
    DWORD protocol; /* in the stack's own numbers */
    LONG depth;     /* locks taken */
    BOOL lost;      /* has no handle: a reopen failed */
    BOOL closed;
    struct winscard_begin *beginning; /* the begin that may have to be cancelled */
    DWORD cancelled;                  /* tickets up to this one are cancelled; 0: none */
};

/* True for Wine's winscard, which is based on pcsc-lite and has its values and behaviour. */
BOOL winscard_over_lite(void);

/* The record of an id with a reference, or NULL. */
struct winscard_context *winscard_context_get(transport_id id);
void winscard_context_put(struct winscard_context *context);
struct winscard_card *winscard_card_get(transport_id id);
void winscard_card_put(struct winscard_card *card);

/* Maps a result of winscard.dll to the caller's. */
LONG winscard_result(LONG result);

/* The readers in groups (NULL: all), or all groups: a multi-string from the process heap for the
 * caller. Returns SCARD_F_INTERNAL_ERROR for a list longer than its room. */
LONG winscard_names(SCARDCONTEXT native, const WCHAR *groups, BOOL of_groups, WCHAR **names);

/* The functions of struct transport_ops of the same names, in card.c, lock.c and wait.c. */
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

/* Takes the lock once more, as begin does, or again after a reconnect has ended it. */
LONG winscard_lock(struct winscard_card *card, DWORD ticket);
/* Ends the begin that waits for the lock, whichever it is. */
void winscard_break_begin(struct winscard_card *card);

#endif
