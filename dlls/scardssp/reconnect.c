/*
 * ISCardManage::Reconnect: back to a card or reader without Detach and AttachBy...
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The reconnect leaves the card as it is: whoever reset it has already cost it its state, and a
 * needless reset would disturb others. pcsc-lite keeps a lock over a reset and a reconnect, but
 * drops it when the card is taken out; then, and with a new connection, the locks are taken again.
 */

#include <windows.h>
#include <winscard.h>

#include "attachment.h"
#include "iso7816/result.h"
#include "values.h"

void session_follow(struct session *session)
{
    struct connection *connection = session->connection;
    struct transport_status now;

    if (session->removals != connection->removals)
    {
        session->lost_locks += session->lock_depth;
        session->lock_depth = 0;
        session->removals = connection->removals;
        session_update_exclusive(session);
    }
    if (session->cards == connection->cards)
        return;
    connection_known(connection, &now);
    icc_set_profile(&session->icc, profile_store_find(session->profiles, now.atr, now.atr_length));
    icc_card_is_new(&session->icc, values_apdu_protocol(now.protocol), now.atr, now.atr_length);
    session->cards = connection->cards;
    session->own_reset = FALSE;
}

/* The card answers again. */
static void follow_or_distrust(struct session *session)
{
    session->own_reset = FALSE;
    session_untrust(session);
    session_follow(session);
}

LONG session_reconnect_card(struct session *session, DWORD disposition)
{
    struct connection *connection = session->connection;
    DWORD protocols = SC_PROTOCOL_T0 | SC_PROTOCOL_T1;
    LONG result;

    /* RAW alone, and only then: the card would be RAW for every program. */
    result = connection_reconnect(connection, connection->share, protocols, disposition);
    if (result == SCARD_E_PROTO_MISMATCH)
        result = connection_reconnect(connection, connection->share, SC_PROTOCOL_RAW, disposition);
    if (!result)
        follow_or_distrust(session);
    return session_note(session, result);
}

/* As many locks as the caller believes to hold. */
static LONG take_locks_again(struct session *session)
{
    LONG result = SCARD_S_SUCCESS;

    for (; !result && session->lost_locks > 0; session->lost_locks--)
        if (!(result = session_begin(session)))
            session->lock_depth++;
    session->lost_locks = 0;
    session_update_exclusive(session);
    return result;
}

LONG session_reconnect(struct session *session, DWORD disposition)
{
    struct connection *connection = session->connection;
    LONG result = SCARD_S_SUCCESS;
    enum card_event event;

    /* A handle of the application that is well is left alone: its share mode is only a guess. */
    if (connection->app_handle && disposition == SCARD_LEAVE_CARD &&
        !connection_status(connection, NULL))
        follow_or_distrust(session);
    else
        result = session_reconnect_card(session, disposition);
    event = result_event(result);
    if (session->owned && (event == EVENT_SERVICE_GONE || event == EVENT_READER_GONE) &&
        !(result = connection_reopen(connection, event == EVENT_SERVICE_GONE)))
        follow_or_distrust(session);
    return result ? result : take_locks_again(session);
}
