/*
 * Connections: the objects behind our HSCARDs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * All objects that are attached to the same HSCARD share its struct connection and see it
 * refreshed. Each connection has a context of its own, and so a pcsc-lite context of its own,
 * because pcsc-lite serialises all cards of a context.
 *
 * Sequences of calls on a card are serialised by the connection's token (connection_enter and
 * connection_leave, re-entrant). No lock is held while the transport is called, so closing never
 * waits: it marks the connection, ends a wait for the card's lock, and leaves the rest to the
 * token's holder.
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
    struct stack_handle stack; /* used when value is the stack's own */
    BOOL app_handle;           /* the application opened the handle: we never disconnect it */

    /* The fields below are changed only by the token's holder, and read under guard. */
    struct pcsc_context *context;
    transport_id card;
    WCHAR *reader; /* never changes */
    DWORD share;
    DWORD protocols;               /* as requested */
    struct transport_status known; /* as of the last connect, reconnect or status */
    BOOL removed;                  /* a call reported that the card or the reader went away; set by
                                    * calls without the token too, under guard */
    DWORD renewals;                /* how often it was connected and reconnected */
    DWORD removals;   /* how often one came back after that: all earlier locks are gone */
    DWORD cards;      /* how often the card may have become another one, for any reason */
    LONG moves;       /* counts what may have changed the card's selection: ends of locks and
                       * reconnects once; what may be sent without the token twice, before and after
                       * it goes out: commands, control codes, winscard.dll's ends of locks */
    LONG under_way;   /* how many of the latter have not returned */
    LONG stuck_locks; /* locks whose end failed because the card was reset: pcsc-lite keeps each
                       * until it is ended again after a reconnect */

    SRWLOCK guard; /* for the fields below; held for a few instructions only */
    CONDITION_VARIABLE idle;
    DWORD owner; /* the thread that has the token, 0 when free */
    DWORD depth;
    BOOL closing;
    BOOL closed;
    DWORD disposition; /* for the disconnect that closing left undone */
    LONG owed_ends;    /* locks that the token's holder is to end for others */

    /* A call of the token's holder that may wait for another program's lock: begin, status,
     * reconnect. Each has its own ticket, so that ending one never ends the next. */
    struct
    {
        DWORD ticket;     /* 0: no call is running */
        const void *user; /* the user that connection_begin was given */
        FILETIME since;
    } running;
    DWORD tickets; /* number of the last ticket */

    struct observer observer;
    LONG transmits; /* commands so far, whoever sent them over this handle; read without a lock */

    const void *volatile finder; /* the object that offers it; NULL: it has an owner */

    LONG application; /* an application connected by SCardConnect: open, it has a reference */
    struct context_member member; /* then, of its context */
};

/*
 * Connects to reader, or to the reader that this name is an alias of, over context (which is
 * retained), and asks for the status once. Returns the transport's code; *out has one reference.
 */
LONG connection_open(struct pcsc_context *context, const WCHAR *reader, DWORD share,
                     DWORD protocols, struct connection **out);

/*
 * The connection of an HSCARD, with a reference for the caller: one of ours, or a new one for a
 * handle that the application got from winscard.dll. Returns ERROR_INVALID_PARAMETER for any other
 * value, else SCardStatus's error.
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
 * reference. finder identifies the object that offers it and may withdraw it.
 */
void connection_offer(struct connection *connection, const void *finder);
/* TRUE when the connection was on offer: the caller now owns it and closes it. */
BOOL connection_claim(struct connection *connection);
/* Closes the connection with that HSCARD if finder still offers it. */
void connection_withdraw(ULONG_PTR value, const void *finder);

void connection_retain(struct connection *connection);
/* Dropping the last reference disconnects with LEAVE unless the connection was closed. NULL is
 * allowed. */
void connection_release(struct connection *connection);

/*
 * Closes the connection for all its users: the HSCARD is void at once, a wait for the lock ends
 * with SCARD_E_CANCELLED, and the card is disconnected now or when the token's holder is done.
 * Never waits. Returns the disconnect's result, 0 when that is yet to come, SCARD_E_INVALID_HANDLE
 * when closed before.
 */
LONG connection_close(struct connection *connection, DWORD disposition);
/* The same, with the result in *result; FALSE, and no result, when closed before. */
BOOL connection_close_once(struct connection *connection, DWORD disposition, LONG *result);

/* Takes the token, waiting for other threads. Returns SCARD_E_INVALID_HANDLE once closed, and
 * SCARD_E_CANCELLED when closed during the wait. */
LONG connection_enter(struct connection *connection);
void connection_leave(struct connection *connection);

/* True when everything that is sent to the card over this HSCARD passes here, and is counted in
 * moves. A handle of winscard.dll reaches the card without us, whoever connected it. */
static inline BOOL connection_sees_all(const struct connection *connection)
{
    return !connection->app_handle && !connection->context->transport->native_card;
}

/* The calls below return the transport's code. These two need no token; a sequence of commands
 * does, and so does what a session knows about its card. */
LONG connection_transmit(struct connection *connection, const BYTE *command, DWORD command_length,
                         BYTE *reply, DWORD *reply_length);
/* Sends a control code to the reader. The data may hold codes, so the trace shows lengths only. */
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
/* Returns SCARD_E_CANCELLED when the connection was closed or connection_stop_begin was called for
 * the same user during the wait, or when is_over says that this happened before. */
LONG connection_begin(struct connection *connection, const void *user,
                      BOOL (*is_over)(const void *user, const struct connection *connection));
LONG connection_end(struct connection *connection, DWORD disposition);
/* Ends a lock that nobody will end again if this fails: what a reset card keeps of it is removed
 * after the next reconnect, whoever requests that. */
LONG connection_drop_lock(struct connection *connection);
/* On success share and known are refreshed. */
LONG connection_reconnect(struct connection *connection, DWORD share, DWORD protocols,
                          DWORD disposition);
/* Drops the transport's card and connects to the same reader under the same HSCARD; with_context
 * opens a new context first. On failure the connection has no card until it is reopened. */
LONG connection_reopen(struct connection *connection, BOOL with_context);

/* Called without the token: ends count locks now, or when the token's holder is done; never waits.
 * removals is the value of connection->removals when the locks were taken. */
void connection_give_back(struct connection *connection, LONG count, DWORD removals);

/* Called without the token: ends the begin that runs for user, even if it has not yet reached the
 * transport, and no other user's. The caller must have made sure that is_over is true for later
 * ones. Never waits. */
void connection_stop_begin(struct connection *connection, const void *user);

/* ---- mainly for cardcalls.c and connection.c ---- */

/* Remembers what a result says about the card; returns it. */
LONG connection_note(struct connection *connection, LONG result);

/* Bracket a call of the token's holder that may wait for another program's lock. The first returns
 * the call's ticket, or 0 when the connection is closing and the call must not be made. */
DWORD connection_start_call(struct connection *connection, const void *user);
void connection_end_call(struct connection *connection);

/* Ends the running call, of any user when user is NULL. Returns its ticket, 0 when there was
 * none. */
DWORD connection_stop_call(struct connection *connection, const void *user);

static inline const struct transport_ops *connection_ops(const struct connection *connection)
{
    return connection->context->transport;
}

/* The number of commands that the connection has sent for anybody. */
static inline DWORD connection_transmits(const struct connection *connection)
{
    return connection->transmits;
}

/* A copy of what is known, without asking the card. */
void connection_known(struct connection *connection, struct transport_status *status);

#endif
