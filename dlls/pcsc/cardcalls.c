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

LONG connection_transmit(struct connection *connection, const BYTE *command, DWORD command_length,
                         BYTE *reply, DWORD *reply_length)
{
    LONG result;

    if (!connection->card)
    {
        *reply_length = 0;
        return SCARD_E_INVALID_HANDLE;
    }
    connection->moves++;
    observer_command(&connection->observer, command, command_length);
    result = connection_ops(connection)
                 ->transmit(connection->card, command, command_length, reply, reply_length);
    /* The protocol was agreed on, so another program has reset the card and pcsc-lite has not
     * reported it. */
    if (result == SCARD_E_PROTO_MISMATCH && connection->share != SC_SHARE_DIRECT)
        result = SCARD_W_RESET_CARD;
    observer_reply(&connection->observer, command, command_length, reply, *reply_length, result);
    return connection_note(connection, result);
}

LONG connection_control(struct connection *connection, DWORD code, const BYTE *in, DWORD in_length,
                        BYTE *out, DWORD *out_length)
{
    DWORD room = *out_length;
    LONG result = SCARD_E_INVALID_HANDLE;

    *out_length = 0;
    if (!connection->card)
        return result;
    *out_length = room;
    connection->moves++;
    result =
        connection_ops(connection)->control(connection->card, code, in, in_length, out, out_length);
    observer_event(&connection->observer, OBSERVER_CONTROL, code, result);
    TRACE("%lu bytes in, %lu bytes out", in_length, *out_length);
    return connection_note(connection, result);
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
    connection->moves++;
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

void connection_known(struct connection *connection, struct transport_status *status)
{
    AcquireSRWLockShared(&connection->guard);
    *status = connection->known;
    ReleaseSRWLockShared(&connection->guard);
}
