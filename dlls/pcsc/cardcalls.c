/*
 * Calls on a connection's card, and what their results reveal about it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

#include "connection.h"
#include "base/trace.h"
#include "iso7816/result.h"

LONG connection_note(struct connection *connection, LONG result)
{
    if (result_is_card_gone(result))
        connection->removed = TRUE;
    return result;
}

/* The transport and its card of this moment; a reopen by the token's holder may exchange both. */
struct route
{
    const struct transport_ops *ops;
    transport_id card; /* 0: there is none */
    DWORD renewals;
};

static struct route route_of(struct connection *connection)
{
    struct route route;

    AcquireSRWLockShared(&connection->guard);
    route.ops = connection_ops(connection);
    route.card = connection->card;
    route.renewals = connection->renewals;
    ReleaseSRWLockShared(&connection->guard);
    return route;
}

/* For calls that may be made without the token: what one of them has to say about a card is of no
 * interest when the connection was renewed meanwhile. */
static LONG note_route(struct connection *connection, const struct route *route, LONG result)
{
    if (!result_is_card_gone(result))
        return result;
    AcquireSRWLockExclusive(&connection->guard);
    if (route->renewals == connection->renewals)
        connection->removed = TRUE;
    ReleaseSRWLockExclusive(&connection->guard);
    return result;
}

/* Around what may be sent without the token: whoever looks at the counts meanwhile sees it. */
static void start_move(struct connection *connection)
{
    InterlockedIncrement(&connection->under_way);
    InterlockedIncrement(&connection->moves);
}

static void end_move(struct connection *connection)
{
    InterlockedIncrement(&connection->moves);
    InterlockedDecrement(&connection->under_way);
}

LONG connection_transmit(struct connection *connection, const BYTE *command, DWORD command_length,
                         BYTE *reply, DWORD *reply_length)
{
    struct route route = route_of(connection);
    struct observed observed;
    LONG result;

    if (!route.card)
    {
        *reply_length = 0;
        return SCARD_E_INVALID_HANDLE;
    }
    InterlockedIncrement(&connection->transmits);
    observer_command(&connection->observer, &observed, command, command_length);
    start_move(connection);
    result = route.ops->transmit(route.card, command, command_length, reply, reply_length);
    end_move(connection);
    /* The protocol was agreed on, so another program has reset the card and pcsc-lite has not
     * reported it. */
    if (result == SCARD_E_PROTO_MISMATCH && connection->share != SC_SHARE_DIRECT)
        result = SCARD_W_RESET_CARD;
    observer_reply(&connection->observer, &observed, command, command_length, reply, *reply_length,
                   result);
    return note_route(connection, &route, result);
}

LONG connection_control(struct connection *connection, DWORD code, const BYTE *in, DWORD in_length,
                        BYTE *out, DWORD *out_length)
{
    struct route route = route_of(connection);
    DWORD room = *out_length;
    LONG result = SCARD_E_INVALID_HANDLE;

    *out_length = 0;
    if (!route.card)
        return result;
    *out_length = room;
    start_move(connection);
    result = route.ops->control(route.card, code, in, in_length, out, out_length);
    end_move(connection);
    observer_event(&connection->observer, OBSERVER_CONTROL, code, result);
    TRACE("%lu bytes in, %lu bytes out", in_length, *out_length);
    return note_route(connection, &route, result);
}

/* An ATR identifies a model, not a card: after a removal, even a card with an equal ATR may be
 * another. */
static BOOL is_another(const struct connection *connection, const struct transport_status *fresh)
{
    const struct transport_status *known = &connection->known;

    return connection->removed ||
           (known->atr_length && (known->atr_length != fresh->atr_length ||
                                  memcmp(known->atr, fresh->atr, fresh->atr_length)));
}

LONG connection_status(struct connection *connection, struct transport_status *status)
{
    struct transport_status fresh = {0};
    LONG result = SCARD_E_INVALID_HANDLE;
    BOOL another;
    DWORD ticket;

    if (connection->card)
    {
        result = SCARD_E_CANCELLED;
        if ((ticket = connection_start_call(connection, NULL)))
        {
            result = connection_ops(connection)->status(connection->card, ticket, &fresh);
            connection_end_call(connection);
        }
    }
    if (!result)
    {
        if ((another = is_another(connection, &fresh)))
            observer_card(&connection->observer, &fresh);
        AcquireSRWLockExclusive(&connection->guard);
        connection->cards += another;
        connection->removals += connection->removed;
        connection->removed = FALSE;
        connection->known = fresh;
        ReleaseSRWLockExclusive(&connection->guard);
    }
    if (status)
        *status = fresh;
    return connection_note(connection, result);
}

/* ---- calls that may wait ---- */

DWORD connection_start_call(struct connection *connection, const void *user)
{
    DWORD ticket = 0;

    AcquireSRWLockExclusive(&connection->guard);
    if (!connection->closing)
    {
        if (!(ticket = ++connection->tickets))
            ticket = ++connection->tickets;
        connection->running.ticket = ticket;
        connection->running.user = user;
        GetSystemTimeAsFileTime(&connection->running.since);
    }
    ReleaseSRWLockExclusive(&connection->guard);
    return ticket;
}

void connection_end_call(struct connection *connection)
{
    AcquireSRWLockExclusive(&connection->guard);
    connection->running.ticket = 0;
    ReleaseSRWLockExclusive(&connection->guard);
}

/* A call that has not yet reached the transport is ended there by its ticket. */
DWORD connection_stop_call(struct connection *connection, const void *user)
{
    const struct transport_ops *ops;
    transport_id card;
    DWORD ticket;

    AcquireSRWLockShared(&connection->guard);
    ops = connection_ops(connection);
    card = connection->card;
    ticket = !user || connection->running.user == user ? connection->running.ticket : 0;
    ReleaseSRWLockShared(&connection->guard);
    if (ticket)
        ops->cancel_begin(card, ticket);
    return ticket;
}

void connection_stop_begin(struct connection *connection, const void *user)
{
    connection_stop_call(connection, user);
}

/* The call is noted before is_over is asked, and is_over becomes true before the note is looked
 * for, so at least one side sees the other. */
LONG connection_begin(struct connection *connection, const void *user,
                      BOOL (*is_over)(const void *user, const struct connection *connection))
{
    LONG result = SCARD_E_CANCELLED;
    DWORD ticket;

    if (!connection->card)
        return SCARD_E_INVALID_HANDLE;
    if (!(ticket = connection_start_call(connection, user)))
        return result;
    if (!is_over(user, connection))
    {
        result = connection_ops(connection)->begin(connection->card, ticket);
        observer_event(&connection->observer, OBSERVER_BEGIN, 0, result);
    }
    connection_end_call(connection);
    return connection_note(connection, result);
}

/* ---- the rest ---- */

LONG connection_end(struct connection *connection, DWORD disposition)
{
    LONG result;

    if (!connection->card)
        return SCARD_E_INVALID_HANDLE;
    InterlockedIncrement(&connection->moves);
    result = connection_ops(connection)->end(connection->card, disposition);
    observer_event(&connection->observer, OBSERVER_END, disposition, result);
    return connection_note(connection, result);
}

LONG connection_drop_lock(struct connection *connection)
{
    LONG result = connection_end(connection, SCARD_LEAVE_CARD);

    if (result == SCARD_W_RESET_CARD)
        connection->stuck_locks++;
    return result;
}

/* ---- without the token ---- */

LONG connection_ask(struct connection *connection, struct transport_status *status)
{
    struct route route = route_of(connection);

    ZeroMemory(status, sizeof(*status));
    if (!route.card)
        return SCARD_E_INVALID_HANDLE;
    return note_route(connection, &route, route.ops->status(route.card, 0, status));
}

LONG connection_lock(struct connection *connection)
{
    struct route route = route_of(connection);
    LONG result = SCARD_E_INVALID_HANDLE;

    if (!route.card)
        return result;
    result = route.ops->begin(route.card, 0);
    observer_event(&connection->observer, OBSERVER_BEGIN, 0, result);
    return note_route(connection, &route, result);
}

LONG connection_unlock(struct connection *connection, DWORD disposition)
{
    struct route route = route_of(connection);
    LONG result = SCARD_E_INVALID_HANDLE;

    if (!route.card)
        return result;
    start_move(connection);
    result = route.ops->end(route.card, disposition);
    end_move(connection);
    observer_event(&connection->observer, OBSERVER_END, disposition, result);
    return note_route(connection, &route, result);
}

LONG connection_get_attrib(struct connection *connection, DWORD attribute, BYTE *value,
                           DWORD *length)
{
    struct route route = route_of(connection);

    if (route.card)
        return note_route(connection, &route,
                          route.ops->get_attrib(route.card, attribute, value, length));
    *length = 0;
    return SCARD_E_INVALID_HANDLE;
}

LONG connection_set_attrib(struct connection *connection, DWORD attribute, const BYTE *value,
                           DWORD length)
{
    struct route route = route_of(connection);

    if (!route.card)
        return SCARD_E_INVALID_HANDLE;
    return note_route(connection, &route,
                      route.ops->set_attrib(route.card, attribute, value, length));
}

void connection_known(struct connection *connection, struct transport_status *status)
{
    AcquireSRWLockShared(&connection->guard);
    *status = connection->known;
    ReleaseSRWLockShared(&connection->guard);
}
