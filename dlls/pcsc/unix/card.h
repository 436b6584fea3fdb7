/*
 * Contexts and cards of the unix half.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pcsc-lite serialises all calls of one context under a mutex, so every card and every wait has a
 * pcsc-lite context that no other one uses: the first of a context borrows that context's own,
 * later ones open theirs. And who waits in the library for that mutex keeps all other calls out of
 * it, also the end of a lock for which pcscd lets a connect wait. So nothing is listed over a pcsc-
 * lite context that is in use. Contexts and cards are reference counted; dropping a card's last
 * reference disconnects it.
 */

#ifndef PCSC_UNIX_CARD_H
#define PCSC_UNIX_CARD_H

#include <pthread.h>

#include "unixlib.h"
#include "map.h"
#include "pcsclite.h"
#include "objects.h"
#include "futex.h"

/* One context of pcsc-lite, released with its last reference. */
struct native_context
{
    unsigned refs;
    int taken; /* it is a card's, or a wait's */
    SCARDCONTEXT context;
    pthread_mutex_t mutex; /* for calls; held while something is listed over it */
    unsigned calls;        /* that its owner makes or is about to make */
};

struct context
{
    struct table_object object;
    struct native_context *native;
    /* All atomic. */
    int waits;            /* running waits */
    SCARDCONTEXT waiting; /* pcsc-lite's context of the latest of them */
    int waiter;           /* its thread, as the kernel numbers it */
    int cancelled;        /* ends the running wait, else the next one */
};

/* How many calls of one card that can be cancelled run at once: connections make one at a time, but
 * a thread may be terminated in it. */
#define ENTERED_MAX 8

struct card
{
    struct table_object object;
    uint64_t context; /* id of the context that it was made under */
    struct native_context *native;
    char name[UNIX_NAME_SIZE];

    pthread_mutex_t mutex; /* for the fields below; never held during a call of pcsc-lite */
    struct wake changed;
    SCARDHANDLE handle;
    uint32_t share;
    unsigned long protocol;        /* pcsc-lite's */
    int32_t lost;                  /* not 0: there is no handle, and every call returns this */
    uint32_t depth;                /* begins not yet ended */
    int dead;                      /* its id is void */
    int reconnecting;              /* a thread is reconnecting it */
    int reopening;                 /* that thread is about to get another handle */
    uint32_t disposition;          /* for the disconnect in destroy */
    int entering;                  /* threads in calls that wait for the lock inside the library */
    int asking;                    /* those of them that are in SCardStatus */
    uint32_t entered[ENTERED_MAX]; /* the tickets of those that have one; 0: free */
    int unlisted;                  /* tickets for which there was no place */
    int waiting;        /* threads with a reference that wait for the lock outside the library */
    uint32_t cancelled; /* tickets up to this one are cancelled; 0: none */
};

/* The operations of unixlib.h, with its ids. Each returns a WinSCard result. */
int32_t context_establish(struct unix_establish *params);
int32_t context_release(struct unix_context *params);
int32_t context_is_valid(struct unix_context *params);
int32_t context_list_groups(struct unix_list *params);
int32_t context_list_readers(struct unix_list *params);
int32_t context_wait(struct unix_wait *params);
int32_t context_cancel(struct unix_context *params);

int32_t card_connect(struct unix_connect *params);
int32_t card_reconnect(struct unix_reconnect *params);
int32_t card_disconnect(struct unix_card *params);
int32_t card_begin(struct unix_card *params);
int32_t card_end(struct unix_card *params);
int32_t card_cancel_begin(struct unix_card *params);
int32_t card_transmit(struct unix_transmit *params);
int32_t card_status(struct unix_status *params);
int32_t card_control(struct unix_control *params);
int32_t card_get_attrib(struct unix_attrib *params);
int32_t card_set_attrib(struct unix_attrib *params);

/* Makes sure that name is a regular file of this user, not a link and without other names, which
 * nobody else may read or write; creates it if necessary. Otherwise returns SCARD_E_NO_ACCESS, with
 * the reason in text. */
int32_t private_file(struct unix_private_file *params);

/* Parts that the files of the unix half share. */

/* Ends the wait on the context, whether it is running or about to begin. Returns when the wait has
 * noticed, after a second at most. */
void context_stop(struct context *context);

/* How long a call of the library may wait, in milliseconds; tests shorten it. */
extern unsigned wait_slice;

struct native_context *native_context_open(int32_t *result);
void native_context_put(struct native_context *native);
/* Whether pcscd still knows it; pcsc-lite's own check does not ask the daemon. The first only when
 * no other thread calls over it. */
int native_context_answers(struct native_context *native);
int native_context_is_valid(struct native_context *native);
/* One that no other card and no other wait uses: the context's own or a new one. Given back by the
 * second. */
struct native_context *native_context_take(struct context *context, int32_t *result);
void native_context_give(struct native_context *native);
/* Bracket the calls of its owner. */
void native_context_enter(struct native_context *native);
void native_context_leave(struct native_context *native);
/* True when its owner does not call: nobody does then until native_context_unlock. */
int native_context_trylock(struct native_context *native);
void native_context_unlock(struct native_context *native);
/* The readers, a multi-string of *length bytes in UNIX_LIST_SIZE; empty on failure. Only when no
 * other thread calls over it. Returns SCARD_F_INTERNAL_ERROR when the library's list is
 * malformed. */
int32_t native_context_readers(struct native_context *native, char *names, uint32_t *length);

/* The card with a reference, about to be called; NULL for an id that is not valid. */
struct card *card_enter(uint64_t id);
/* The same, and its current handle and protocol (NULL: not wanted). Returns SCARD_E_INVALID_HANDLE,
 * or the reason why the card is lost. */
int32_t card_get(uint64_t id, struct card **card, SCARDHANDLE *handle, unsigned long *protocol);
/* Drops the reference of either; returns what object_put does. */
int32_t card_leave(struct card *card);

/* Voids a card whose id was already removed, wakes its waiters and drops the id's reference. */
int32_t card_kill(struct card *card, uint32_t disposition);

/* Takes the lock once more. The caller has a reference. Returns SCARD_E_CANCELLED when
 * cancelled. */
int32_t lock_take(struct card *card, uint32_t ticket);
/* Wakes the threads that wait for the lock. If a call with that ticket (0: any) still does not
 * return, its handle is disconnected; the card is then lost, with SCARD_W_RESET_CARD. Called with
 * the mutex held, which is released for a while. */
void lock_break(struct card *card, uint32_t ticket);

/* Waits while another thread reopens the card. Returns the reason why it is lost, SCARD_E_CANCELLED
 * when the wait was cancelled (ticket 0: by the end of the card). Called with the mutex held, which
 * is released for a while. */
int32_t lock_await_handle(struct card *card, uint32_t ticket);

/* Allow one reconnect at a time: it changes share mode and handle, and an exclusive handle must
 * never be asked to be shared. turn_take returns SCARD_E_CANCELLED when cancelled. */
int32_t turn_take(struct card *card, uint32_t ticket);
void turn_give(struct card *card);

/* Bracket a call of pcsc-lite that waits for another program's lock and that lock_break may end;
 * asks: 1 for SCardStatus, else 0. lock_enter returns the current handle, or the reason why the
 * call must not be made. lock_leave returns SCARD_E_CANCELLED when the call was ended, else
 * result. */
int32_t lock_enter(struct card *card, uint32_t ticket, int asks, SCARDHANDLE *handle);
int32_t lock_leave(struct card *card, uint32_t ticket, int asks, int32_t result);
/* Called with the mutex held before a disconnect of a handle that no new call can get any more, and
 * on which the connection held that many locks: waits for those in SCardStatus with it. The library
 * looks a handle up, waits for its context, and SCardStatus then reads what it found, which a
 * disconnect has freed meanwhile. */
void lock_await_status(struct card *card, SCARDHANDLE handle, uint32_t depth);

#endif
