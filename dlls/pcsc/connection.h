/*
 * Connections: what an HSCARD of ours stands for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Every object that is attached to the same HSCARD shares its struct connection and sees it
 * refreshed. Each connection has a context, and so a pcsc-lite context, of its own: pcsc-lite
 * serialises all cards of one context.
 *
 * Sequences of calls on a card are serialised by the connection's busy token (connection_enter and
 * connection_leave, re-entrant). No lock is held while the transport is called, so that closing
 * never waits: it marks the connection, ends what waits for the card's lock, and leaves the rest to
 * the token's holder.
 */

#ifndef PCSC_CONNECTION_H
#define PCSC_CONNECTION_H

#include "context.h"
#include "handles.h"
#include "observer.h"

struct connection
{
    LONG refs;
    ULONG_PTR value;           /* the HSCARD; one of ours stays the same over reopen */
    struct stack_handle stack; /* where value is the stack's own */
    BOOL app_handle;           /* the application connected itself: never disconnected by us */

    /* Below: changed only by the token's holder, read under guard. */
    struct pcsc_context *context;
    transport_id card;
    WCHAR *reader; /* never changes */
    DWORD share;
    DWORD protocols;               /* as asked for */
    struct transport_status known; /* as of the last connect, reconnect or status */
    BOOL removed;                  /* some call said that the card or the reader went away */
    DWORD removals;   /* how often one came back after that: all locks from before are gone */
    DWORD cards;      /* how often the card may have become another one, for whatever reason */
    LONG stuck_locks; /* their end met a reset card: pcsc-lite keeps such a lock until it is ended
                        * once more after a reconnect */

    SRWLOCK guard; /* fields below; held for a few instructions only */
    CONDITION_VARIABLE idle;
    DWORD owner; /* thread that has the token, 0 when free */
    DWORD depth;
    BOOL closing;
    BOOL closed;
    DWORD disposition; /* for the disconnect that closing owes */
    LONG owed_ends;    /* locks that the token's holder is to end for others */

    /* The call of the token's holder that may wait for another program's lock: begin, status,
     * reconnect. Each has a ticket of its own, so that who ends one never ends the next. */
    struct
    {
        DWORD ticket;     /* 0: there is none */
        const void *user; /* for whom, as connection_begin was told */
        FILETIME since;
    } running;
    DWORD tickets; /* given out so far */

    struct observer observer;
    LONG transmits; /* commands so far, whoever sent them over this handle; read without a lock */

    const void *volatile finder; /* who offers it; NULL: it has an owner */

    LONG application; /* an application connected by SCardConnect: open, it has a reference */
    struct context_member member; /* then, of its context */
};

/*
 * Connects to reader, or to the one that it is an alias of, over context (which is retained) and
 * asks for the status once.
 * Returns the transport's code; *out has one reference.
 */
LONG connection_open(struct pcsc_context *context, const WCHAR *reader, DWORD share,
                     DWORD protocols, struct connection **out);

/*
 * The connection of an HSCARD, with a reference of its own: one of ours; else one for a handle that
 * the application got from winscard.dll. ERROR_INVALID_PARAMETER for what is neither, else what
 * SCardStatus says of it.
 */
LONG connection_by_handle(ULONG_PTR value, struct connection **out);

/* The connection of an HSCARD that this DLL issued or knows, with a reference; else NULL. */
struct connection *connection_find(ULONG_PTR value);

/*
 * A new connection becomes its context's: whoever closes it, or closes the context, drops the
 * caller's reference. SCARD_E_INVALID_HANDLE when the context was closed already; then the
 * connection is closed.
 */
LONG connection_give(struct connection *connection, struct pcsc_context *context);
/* Closes all that were given to the context, which has been closed. */
void connection_close_given(struct pcsc_context *context);

/*
 * Offers a new connection to the first object that attaches by its handle; takes over the caller's
 * reference. finder names who offers it, and may withdraw it.
 */
void connection_offer(struct connection *connection, const void *finder);
/* TRUE when the connection was on offer: the caller is its owner now and closes it. */
BOOL connection_claim(struct connection *connection);
/* Closes the connection with that HSCARD if it is still on offer from finder. */
void connection_withdraw(ULONG_PTR value, const void *finder);

void connection_retain(struct connection *connection);
/* Dropping the last reference disconnects with LEAVE when nobody has closed it. NULL is allowed. */
void connection_release(struct connection *connection);

/*
 * Ends the connection for everybody: the HSCARD is void at once, a wait for the lock ends with
 * SCARD_E_CANCELLED, the card is disconnected now or when the token's holder is done. Never
 * waits. Returns the disconnect's result, 0 when that is yet to come, SCARD_E_INVALID_HANDLE when
 * closed
 * before.
 */
LONG connection_close(struct connection *connection, DWORD disposition);

/* Takes the token, waiting for other threads. SCARD_E_INVALID_HANDLE once closed (SCARD_E_CANCELLED
 * when that happened during the wait). */
LONG connection_enter(struct connection *connection);
void connection_leave(struct connection *connection);

/* The calls below return the transport's code. These two need no token: a sequence of commands does,
 * and what a session knows of its card. */
LONG connection_transmit(struct connection *connection, const BYTE *command, DWORD command_length,
                         BYTE *reply, DWORD *reply_length);
/* A control code of the reader; codes may be on their way, so the trace shows lengths only. */
LONG connection_control(struct connection *connection, DWORD code, const BYTE *in, DWORD in_length,
                        BYTE *out, DWORD *out_length);

/* Without the token, for winscard.dll, whose calls wait for none of COM's: status, begin, end,
 * attributes, as transport.h has them. What is known of the card stays as it was. */
LONG connection_ask(struct connection *connection, struct transport_status *status);
LONG connection_lock(struct connection *connection);
LONG connection_unlock(struct connection *connection, DWORD disposition);
LONG connection_get_attrib(struct connection *connection, DWORD attribute, BYTE *value,
                           DWORD *length);
LONG connection_set_attrib(struct connection *connection, DWORD attribute, const BYTE *value,
                           DWORD length);

/* The calls below need the token. */

/* Fills *status (may be NULL) and, on success, connection->known. */
LONG connection_status(struct connection *connection, struct transport_status *status);
/* SCARD_E_CANCELLED when the connection was closed during the wait, or connection_stop_begin was
 * called for the same user; also when is_over says that it was before. */
LONG connection_begin(struct connection *connection, const void *user,
                      BOOL (*is_over)(const void *user, const struct connection *connection));
LONG connection_end(struct connection *connection, DWORD disposition);
/* Ends a lock that nobody will end again when this fails: what a reset card keeps of it goes with
 * the next reconnect, whoever asks for that. */
LONG connection_drop_lock(struct connection *connection);
/* On success share and known are refreshed. */
LONG connection_reconnect(struct connection *connection, DWORD share, DWORD protocols,
                          DWORD disposition);
/* Drops the transport's card and connects to the same reader under the same HSCARD; with_context
 * opens a new context first. On failure the connection has no card until it is reopened. */
LONG connection_reopen(struct connection *connection, BOOL with_context);

/* Without the token: ends count locks, now or when the token's holder is done; never waits. They
 * were taken when connection->removals was removals. */
void connection_give_back(struct connection *connection, LONG count, DWORD removals);

/* Without the token: ends the begin that runs for user, even when it has not reached the transport
 * yet, and nobody else's. The caller has made sure that is_over holds for those that follow. Never
 * waits. */
void connection_stop_begin(struct connection *connection, const void *user);

/* ---- for the files of this noun ---- */

/* What a result says of the card is remembered; returns it. */
LONG connection_note(struct connection *connection, LONG result);

/* Around a call of the token's holder that may wait for another program's lock. The call's ticket;
 * 0 when the connection is closing: no call is to be made. */
DWORD connection_start_call(struct connection *connection, const void *user);
void connection_end_call(struct connection *connection);

/* Ends the running call: anybody's (user NULL) or that user's. Its ticket, 0 when there is none. */
DWORD connection_stop_call(struct connection *connection, const void *user);

static inline const struct transport_ops *connection_ops(const struct connection *connection)
{
    return connection->context->transport;
}

/* How many commands the connection has sent, by whomever. */
static inline DWORD connection_transmits(const struct connection *connection)
{
    return connection->transmits;
}

/* A copy of what is known, without any message. */
void connection_known(struct connection *connection, struct transport_status *status);

#endif
