/*
 * Connections: the objects behind our HSCARDs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

#include "connection.h"
#include "handles.h"
#include "base/module.h"
#include "readers.h"
#include "base/strings.h"
#include "base/trace.h"

/* More locks than anybody takes. The limit ends the loop that ends them all, even on a stack that
 * never refuses. */
#define MANY_LOCKS 1000
/* How often a connect or reconnect is repeated because another program has reset the card
 * meanwhile. */
#define SETTLE_TRIES 4
/* How long, in milliseconds, closing waits for the return of a call that it has ended. */
#define PATIENCE 100

/* ---- life ---- */

static void connection_free(struct connection *connection)
{
    stack_handle_set(&connection->stack, 0, NULL);
    context_release(connection->context);
    HeapFree(GetProcessHeap(), 0, connection->reader);
    HeapFree(GetProcessHeap(), 0, connection);
    module_release();
}

/* Sets the handle that applications see: the stack's own if it has one, else one of ours. */
static LONG expose(struct connection *connection)
{
    const struct transport_ops *ops = connection_ops(connection);

    if (!ops->native_card)
        return connection->value ? SCARD_S_SUCCESS
                                 : handle_issue(HANDLE_CARD, connection, &connection->value);
    connection->value = ops->native_card(connection->card);
    stack_handle_set(&connection->stack, connection->value, connection);
    return SCARD_S_SUCCESS;
}

static void conceal(struct connection *connection)
{
    stack_handle_set(&connection->stack, 0, NULL);
    handle_free(connection->value); /* does nothing for a value outside our block */
}

/* Called after a reconnect. Ends the locks that pcsc-lite kept through a reset and that nobody will
 * end, and all locks after a removal, as none is valid any more. */
static LONG learn_card(struct connection *connection)
{
    DWORD removals = connection->removals, left = MANY_LOCKS;
    LONG result = connection_status(connection, NULL);

    for (; connection->stuck_locks > 0; connection->stuck_locks--)
        connection_end(connection, SCARD_LEAVE_CARD);
    if (connection->removals != removals)
        for (; left > 0 && !connection_end(connection, SCARD_LEAVE_CARD); left--)
            ;
    /* A direct connection to an empty reader has no status, yet it is a connection. */
    return connection->share == SC_SHARE_DIRECT ? SCARD_S_SUCCESS : result;
}

/*
 * pcsc-lite does not report a reset to a connection that is being made or renewed at that moment.
 * The agreed protocol is then not the card's.
 */
static BOOL is_settled(const struct connection *connection, LONG result, DWORD protocol)
{
    if (connection->share == SC_SHARE_DIRECT)
        return TRUE;
    if (result)
        return result != SCARD_W_RESET_CARD;
    return protocol && protocol == connection->known.protocol;
}

static LONG reconnect_once(struct connection *connection, DWORD share, DWORD protocols,
                           DWORD disposition, DWORD *protocol)
{
    LONG result = SCARD_E_CANCELLED;
    DWORD ticket;

    InterlockedIncrement(&connection->moves);
    connection_status(connection, NULL); /* before the stack forgets a removal by reconnecting */
    if ((ticket = connection_start_call(connection, NULL)))
    {
        result = connection_ops(connection)
                     ->reconnect(connection->card, share, protocols, disposition, ticket, protocol);
        connection_end_call(connection);
    }
    observer_event(&connection->observer, OBSERVER_RECONNECT, disposition, result);
    if (connection_note(connection, result))
        return result;
    AcquireSRWLockExclusive(&connection->guard);
    connection->renewals++;
    connection->share = share;
    connection->protocols = protocols;
    connection->observer.alone = share == SC_SHARE_EXCLUSIVE && !connection->app_handle;
    connection->known.protocol = *protocol;
    ReleaseSRWLockExclusive(&connection->guard);
    return learn_card(connection);
}

/* result and protocol are those of a connect or reconnect. */
static LONG settle(struct connection *connection, DWORD protocols, LONG result, DWORD protocol)
{
    int tries;

    for (tries = 0; !is_settled(connection, result, protocol); tries++)
    {
        if (tries == SETTLE_TRIES)
            return SCARD_W_RESET_CARD;
        result =
            reconnect_once(connection, connection->share, protocols, SCARD_LEAVE_CARD, &protocol);
    }
    return result;
}

static void set_card(struct connection *connection, transport_id card)
{
    AcquireSRWLockExclusive(&connection->guard);
    connection->card = card;
    connection->renewals++;
    ReleaseSRWLockExclusive(&connection->guard);
}

/* Connects and learns protocol and ATR; fails when the card is removed meanwhile. */
static LONG try_connect(struct connection *connection)
{
    transport_id card;
    DWORD protocol;
    LONG result;

    result = connection_ops(connection)
                 ->connect(connection->context->id, connection->reader, connection->share,
                           connection->protocols, &card, &protocol);
    if (result)
        return result;
    set_card(connection, card);
    result = connection_status(connection, NULL);
    result = settle(connection, connection->protocols, result, protocol);
    /* A direct connection to an empty reader has no status, yet it is a connection. */
    if (!result || connection->share == SC_SHARE_DIRECT)
        return SCARD_S_SUCCESS;
    connection_ops(connection)->disconnect(connection->card, SCARD_LEAVE_CARD);
    set_card(connection, 0);
    return result;
}

static LONG connect_card(struct connection *connection)
{
    LONG result = try_connect(connection);

    if (!result)
        observer_connect(&connection->observer, connection_ops(connection)->name,
                         connection->reader, connection->share, connection->app_handle,
                         &connection->known);
    return result;
}

/* Makes a connection that is not connected yet; NULL: out of memory. */
static struct connection *connection_create(struct pcsc_context *context, DWORD share,
                                            DWORD protocols)
{
    struct connection *connection =
        HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*connection));

    if (!connection)
        return NULL;
    connection->refs = 1;
    connection->share = share;
    connection->protocols = protocols;
    connection->context = context;
    context_retain(context);
    InitializeSRWLock(&connection->guard);
    InitializeConditionVariable(&connection->idle);
    /* A thread may be in a call when the last object is released: our code must stay loaded. */
    module_retain();
    return connection;
}

/* Most names are readers' own: aliases are looked up only for a name that the stack does not
 * know. */
static LONG connect_named(struct connection *connection, const WCHAR *name)
{
    WCHAR *meant;
    LONG result;

    if (!(connection->reader = string_copy(name)))
        return ERROR_OUTOFMEMORY;
    if ((result = connect_card(connection)) != SCARD_E_UNKNOWN_READER ||
        (result = readers_of_alias(connection->context, name, &meant)))
        return result;
    HeapFree(GetProcessHeap(), 0, connection->reader);
    connection->reader = meant;
    return connect_card(connection);
}

LONG connection_open(struct pcsc_context *context, const WCHAR *reader, DWORD share,
                     DWORD protocols, struct connection **out)
{
    struct connection *connection;
    LONG result;

    *out = NULL;
    if (!(connection = connection_create(context, share, protocols)))
        return ERROR_OUTOFMEMORY;
    if (!(result = connect_named(connection, reader)) && (result = expose(connection)))
        connection_ops(connection)->disconnect(connection->card, SCARD_LEAVE_CARD);
    if (result)
    {
        connection_free(connection);
        return result;
    }
    *out = connection;
    return SCARD_S_SUCCESS;
}

/* A record whose last reference is being dropped must not be revived. */
static BOOL retain_living(void *record)
{
    struct connection *connection = record;
    LONG refs = connection->refs, seen;

    while (refs > 0)
    {
        seen = InterlockedCompareExchange(&connection->refs, refs + 1, refs);
        if (seen == refs)
            return TRUE;
        refs = seen;
    }
    return FALSE;
}

struct connection *connection_find(ULONG_PTR value)
{
    struct connection *connection = handle_find(HANDLE_CARD, value, retain_living);

    return connection ? connection : stack_handle_find(value, retain_living);
}

/* Wraps the application's own handle, which must answer to SCardStatus. */
static LONG wrap(struct connection *connection, ULONG_PTR value)
{
    LONG result;

    result = connection_ops(connection)
                 ->wrap(connection->context->id, value, &connection->card, &connection->reader,
                        &connection->share);
    if (result)
        return result == ERROR_INVALID_HANDLE ? ERROR_INVALID_PARAMETER : result;
    connection->app_handle = TRUE;
    connection_status(connection, NULL);
    observer_connect(&connection->observer, connection_ops(connection)->name, connection->reader,
                     connection->share, TRUE, &connection->known);
    return expose(connection);
}

static LONG open_app_handle(ULONG_PTR value, struct connection **out)
{
    const struct transport_ops *transport = transport_of_app();
    struct connection *connection;
    struct pcsc_context *context;
    LONG result;

    /* Without a context nobody can have a handle. */
    if (!value || !transport || context_open_over(transport, &context))
        return ERROR_INVALID_PARAMETER;
    connection = connection_create(context, SC_SHARE_SHARED, SC_PROTOCOL_T0 | SC_PROTOCOL_T1);
    context_release(context);
    if (!connection)
        return ERROR_OUTOFMEMORY;
    if ((result = wrap(connection, value)))
        connection_release(connection);
    else
        *out = connection;
    return result;
}

LONG connection_by_handle(ULONG_PTR value, struct connection **out)
{
    if ((*out = connection_find(value)))
        return SCARD_S_SUCCESS;
    return open_app_handle(value, out);
}

void connection_retain(struct connection *connection)
{
    InterlockedIncrement(&connection->refs);
}

void connection_release(struct connection *connection)
{
    if (!connection || InterlockedDecrement(&connection->refs))
        return;
    connection_close(connection, SCARD_LEAVE_CARD);
    connection_free(connection);
}

/* The disconnect that closing left undone; nobody else uses the card any more. */
static LONG disconnect_card(struct connection *connection)
{
    LONG result = SCARD_S_SUCCESS;

    if (connection->card)
    {
        result = connection_ops(connection)->disconnect(connection->card, connection->disposition);
        observer_event(&connection->observer, OBSERVER_DISCONNECT, connection->disposition, result);
    }
    set_card(connection, 0);
    return result;
}

/* True when the thread that had this id at that time has ended. Ids are reused by newer threads. */
static BOOL thread_ended(DWORD id, const FILETIME *when)
{
    HANDLE thread = OpenThread(SYNCHRONIZE | THREAD_QUERY_INFORMATION, FALSE, id);
    FILETIME created, exited, kernel, user;
    BOOL ended;

    if (!thread)
        return TRUE;
    ended = WaitForSingleObject(thread, 0) == WAIT_OBJECT_0 ||
            (GetThreadTimes(thread, &created, &exited, &kernel, &user) &&
             CompareFileTime(&created, when) > 0);
    CloseHandle(thread);
    return ended;
}

static BOOL still_runs(struct connection *connection, DWORD ticket, DWORD *owner, FILETIME *since)
{
    BOOL runs;

    AcquireSRWLockShared(&connection->guard);
    runs = connection->running.ticket == ticket;
    *owner = connection->owner;
    *since = connection->running.since;
    ReleaseSRWLockShared(&connection->guard);
    return runs;
}

/*
 * Called after the call with that ticket was ended. TRUE when its thread was terminated inside the
 * call and so will never disconnect: the caller must. A living thread disconnects by itself,
 * however long that takes.
 */
static BOOL take_over(struct connection *connection, DWORD ticket)
{
    DWORD owner, began = GetTickCount();
    FILETIME since;

    /* Not so many rounds: on a busy machine each takes longer. */
    while (ticket && GetTickCount() - began < PATIENCE)
    {
        if (!still_runs(connection, ticket, &owner, &since))
            return FALSE;
        if (thread_ended(owner, &since))
        {
            AcquireSRWLockExclusive(&connection->guard);
            connection->closed = TRUE;
            ReleaseSRWLockExclusive(&connection->guard);
            return TRUE;
        }
        Sleep(1);
    }
    return FALSE;
}

/* The application's reference, and its place in the context. */
static void take_from_application(struct connection *connection)
{
    if (!InterlockedExchange(&connection->application, 0))
        return;
    context_remove(&connection->member);
    connection_release(connection);
}

BOOL connection_close_once(struct connection *connection, DWORD disposition, LONG *result)
{
    BOOL busy;

    *result = SCARD_S_SUCCESS;
    AcquireSRWLockExclusive(&connection->guard);
    if (connection->closing)
    {
        ReleaseSRWLockExclusive(&connection->guard);
        return FALSE;
    }
    connection->closing = TRUE;
    connection->disposition = disposition;
    busy = connection->owner != 0;
    connection->closed = !busy;
    WakeAllConditionVariable(&connection->idle);
    ReleaseSRWLockExclusive(&connection->guard);

    conceal(connection);
    if (!busy || take_over(connection, connection_stop_call(connection, NULL)))
        *result = disconnect_card(connection);
    take_from_application(connection);
    connection_claim(connection); /* of one on offer nobody finds the value any more */
    return TRUE;
}

LONG connection_close(struct connection *connection, DWORD disposition)
{
    LONG result;

    return connection_close_once(connection, disposition, &result) ? result
                                                                   : SCARD_E_INVALID_HANDLE;
}

LONG connection_give(struct connection *connection, struct pcsc_context *context)
{
    LONG result = SCARD_S_SUCCESS;

    connection_retain(connection);
    connection->member.record = connection;
    InterlockedExchange(&connection->application, 1);
    if (!context_add(context, &connection->member))
    {
        result = SCARD_E_INVALID_HANDLE;
        connection_close(connection, SCARD_LEAVE_CARD);
    }
    /* Who closed it by its value before now found no reference to drop. */
    if (connection->closing)
        take_from_application(connection);
    connection_release(connection);
    return result;
}

void connection_close_given(struct pcsc_context *context)
{
    struct connection *connection;

    while ((connection = context_first(context, retain_living)))
    {
        connection_close(connection, SCARD_LEAVE_CARD);
        context_remove(&connection->member);
        connection_release(connection);
    }
}

/* ---- connections that wait for an owner ---- */

void connection_offer(struct connection *connection, const void *finder)
{
    InterlockedExchangePointer((void *volatile *)&connection->finder, (void *)finder);
}

BOOL connection_claim(struct connection *connection)
{
    if (!InterlockedExchangePointer((void *volatile *)&connection->finder, NULL))
        return FALSE;
    connection_release(connection); /* the offer's reference; the caller has its own */
    return TRUE;
}

void connection_withdraw(ULONG_PTR value, const void *finder)
{
    struct connection *connection = connection_find(value);

    if (!connection)
        return;
    if (InterlockedCompareExchangePointer((void *volatile *)&connection->finder, NULL,
                                          (void *)finder) == finder)
    {
        connection_close(connection, SCARD_LEAVE_CARD);
        connection_release(connection);
    }
    connection_release(connection);
}

/* ---- the busy token ---- */

LONG connection_enter(struct connection *connection)
{
    DWORD self = GetCurrentThreadId();
    LONG result = SCARD_S_SUCCESS;

    AcquireSRWLockExclusive(&connection->guard);
    if (connection->closing && connection->owner != self)
        result = SCARD_E_INVALID_HANDLE;
    while (!result && connection->owner && connection->owner != self)
    {
        SleepConditionVariableSRW(&connection->idle, &connection->guard, INFINITE, 0);
        if (connection->closing)
            result = SCARD_E_CANCELLED;
    }
    if (!result)
    {
        connection->owner = self;
        connection->depth++;
    }
    ReleaseSRWLockExclusive(&connection->guard);
    return result;
}

/* Token and guard are held; the guard is released for a while. */
static void end_owed_locks(struct connection *connection)
{
    while (connection->owed_ends > 0)
    {
        connection->owed_ends--;
        ReleaseSRWLockExclusive(&connection->guard);
        connection_drop_lock(connection);
        AcquireSRWLockExclusive(&connection->guard);
    }
}

void connection_leave(struct connection *connection)
{
    BOOL disconnect = FALSE;

    AcquireSRWLockExclusive(&connection->guard);
    if (connection->depth == 1)
        end_owed_locks(connection);
    if (!--connection->depth)
    {
        connection->owner = 0;
        disconnect = connection->closing && !connection->closed;
        if (disconnect)
            connection->closed = TRUE;
        WakeConditionVariable(&connection->idle);
    }
    ReleaseSRWLockExclusive(&connection->guard);
    if (disconnect)
        disconnect_card(connection);
}

void connection_give_back(struct connection *connection, LONG count, DWORD removals)
{
    BOOL idle;

    AcquireSRWLockExclusive(&connection->guard);
    if (removals == connection->removals)
        connection->owed_ends += count;
    if ((idle = !connection->owner && !connection->closing))
    {
        connection->owner = GetCurrentThreadId();
        connection->depth = 1;
    }
    ReleaseSRWLockExclusive(&connection->guard);
    if (idle)
        connection_leave(connection);
}

/* ---- reconnecting ---- */

LONG connection_reconnect(struct connection *connection, DWORD share, DWORD protocols,
                          DWORD disposition)
{
    DWORD protocol;
    LONG result;

    if (!connection->card)
        return SCARD_E_INVALID_HANDLE;
    result = reconnect_once(connection, share, protocols, disposition, &protocol);
    result = settle(connection, protocols, result, protocol);
    if (!result && !connection->closing)
        expose(connection);
    return result;
}

LONG connection_reopen(struct connection *connection, BOOL with_context)
{
    struct pcsc_context *context, *old;
    LONG result;

    if (connection->app_handle)
        return SCARD_E_INVALID_HANDLE;
    if (connection->card)
        connection_ops(connection)->disconnect(connection->card, SCARD_LEAVE_CARD);
    set_card(connection, 0);
    connection->removed = TRUE;
    connection->stuck_locks = 0;
    if (with_context)
    {
        if ((result = context_open_over(connection_ops(connection), &context)))
            return result;
        AcquireSRWLockExclusive(&connection->guard);
        old = connection->context;
        connection->context = context;
        ReleaseSRWLockExclusive(&connection->guard);
        context_release(old);
    }
    if ((result = connect_card(connection)))
        return result;
    if (!connection->closing)
        expose(connection);
    return result;
}
