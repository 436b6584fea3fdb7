/*
 * Contexts and cards of the unix half.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pcsc-lite serialises everything of one context under a mutex, so every card has a pcsc-lite
 * context that no other card uses: the first card of a context borrows the context's own, later
 * ones open theirs. Both are counted; whoever drops the last reference of a card disconnects it.
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
    int taken; /* a card uses it */
    SCARDCONTEXT context;
};

struct context
{
    struct table_object object;
    struct native_context *native;
    int waits;     /* waits that are running */
    int cancelled; /* ends the wait that runs, else the next one; both atomic */
};

struct card
{
    struct table_object object;
    uint64_t context; /* id that it was made under */
    struct native_context *native;
    char name[UNIX_NAME_SIZE];

    pthread_mutex_t mutex; /* fields below; never held over a call of pcsc-lite */
    struct wake changed;
    SCARDHANDLE handle;
    uint32_t share;
    unsigned long protocol; /* pcsc-lite's */
    int32_t lost;           /* not 0: there is no handle, every call says this */
    uint32_t depth;         /* begins that were not ended */
    int dead;               /* its id is void */
    int reconnecting;       /* a thread reconnects it */
    uint32_t disposition;   /* of the disconnect that destroy does */
    int entering;           /* threads that look for the lock or take it */
    uint32_t entered;       /* ticket of the last of them */
    int waiting;            /* threads with a reference that wait for it outside of the library */
    uint32_t cancelled;     /* tickets up to this one; 0: none was */
};

/* The operations of unixlib.h; ids as there. Each returns a WinSCard result. */
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

/* Makes sure that name is a regular file of this user, by no other name and under no link, that
 * nobody else may read or write; creates it. SCARD_E_NO_ACCESS, with the reason in text. */
int32_t private_file(struct unix_private_file *params);

/* Parts that the files of this layer share. */

/* Ends the wait on the context, now or the one that is about to begin. */
void context_stop(struct context *context);

/* The readers, a multi-string of *length bytes in UNIX_LIST_SIZE; empty on failure.
 * SCARD_F_INTERNAL_ERROR when what the library gives is none. */
int32_t context_readers(struct context *context, char *names, uint32_t *length);

struct native_context *native_context_open(int32_t *result);
void native_context_put(struct native_context *native);

/* The card with a reference and its handle and protocol of this moment (NULL: not wanted).
 * SCARD_E_INVALID_HANDLE, or why the card is lost. */
int32_t card_get(uint64_t id, struct card **card, SCARDHANDLE *handle, unsigned long *protocol);

/* Voids a card whose id was removed already, wakes its waiters and drops that reference. */
int32_t card_kill(struct card *card, uint32_t disposition);

/* Takes the lock once more. The caller has a reference. SCARD_E_CANCELLED. */
int32_t lock_take(struct card *card, uint32_t ticket);
/* Wakes who waits for the lock. A call with that ticket (0: any) that does not return for all that
 * loses its handle; the card is lost then, with SCARD_W_RESET_CARD. Called with the mutex held,
 * which it gives up for a while. */
void lock_break(struct card *card, uint32_t ticket);

/* One reconnect at a time: share mode and handle change in it, and an exclusive handle must never
 * be asked to be shared. SCARD_E_CANCELLED. */
int32_t turn_take(struct card *card, uint32_t ticket);
void turn_give(struct card *card);

/* Around a call of pcsc-lite that waits for another program's lock and that lock_break may end;
 * then lock_leave says SCARD_E_CANCELLED, else result. lock_enter gives the handle of now, or says
 * why the call is not to be made. */
int32_t lock_enter(struct card *card, uint32_t ticket, SCARDHANDLE *handle);
int32_t lock_leave(struct card *card, int32_t result);

#endif
