/*
 * ISCardManage::Reconnect: back to a card or reader without Detach and AttachBy...
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The reconnect leaves the card as it is: a reset by another program has already cost it its state,
 * and a needless one would disturb others. pcsc-lite keeps a lock over a reset and a reconnect, but
 * drops it when the card is removed; in that case, and with a new connection, the locks are taken
 * again.
 */

#include <windows.h>
#include <winscard.h>

#include "attachment.h"
#include "iso7816/result.h"
#include "values.h"

void session_follow(struct session *session)
{
    struct connection *connection = session->use.connection;
    struct transport_status now;

    if (use_follow(&session->use))
        session_update_exclusive(session);
    if (session->cards == connection->cards && !session->atr_unknown)
        return;
    connection_known(connection, &now);
    if (session->cards == connection->cards && !now.atr_length)
        return;
    session_take_profile(session, &now);
    icc_card_is_new(&session->icc, values_apdu_protocol(now.protocol), now.atr, now.atr_length);
    session->cards = connection->cards;
    session->atr_unknown = !now.atr_length;
    session->own_reset = FALSE;
}

/* Called when the card answers again. */
static void follow_or_distrust(struct session *session)
{
    session->own_reset = FALSE;
    session_untrust(session);
    session_follow(session);
}

LONG session_reconnect_card(struct session *session, DWORD disposition)
{
    struct connection *connection = session->use.connection;
    DWORD protocols = SC_PROTOCOL_T0 | SC_PROTOCOL_T1;
    LONG result;

    /* RAW alone, and only as the last attempt: the card would then be RAW for every program. */
    result = connection_reconnect(connection, connection->share, protocols, disposition);
    if (result == SCARD_E_PROTO_MISMATCH)
        result = connection_reconnect(connection, connection->share, SC_PROTOCOL_RAW, disposition);
    session->moves = connection->moves;
    if (!result)
        follow_or_distrust(session);
    return session_note(session, result);
}

/* Takes as many locks as the caller believes it holds. */
static LONG take_locks_again(struct session *session)
{
    LONG result = SCARD_S_SUCCESS;

    for (; !result && session->use.lost_locks > 0; session->use.lost_locks--)
        if (!(result = session_begin(session)))
            use_add_lock(&session->use);
    session->use.lost_locks = 0;
    session_update_exclusive(session);
    return result;
}

LONG session_reconnect(struct session *session, DWORD disposition)
{
    struct connection *connection = session->use.connection;
    LONG before = session->use.owned ? SCARD_S_SUCCESS : connection_status(connection, NULL);
    LONG result = SCARD_S_SUCCESS;
    enum card_event event;

    /* A working handle of the application is left alone: its share mode is only a guess. */
    if (connection->app_handle && disposition == SCARD_LEAVE_CARD && !before)
        follow_or_distrust(session);
    else if (!(result = session_reconnect_card(session, disposition)) &&
             (before == SCARD_W_RESET_CARD || disposition != SCARD_LEAVE_CARD))
        icc_was_reset(&session->icc);
    event = result_event(result);
    if (session->use.owned && (event == EVENT_SERVICE_GONE || event == EVENT_READER_GONE) &&
        !(result = connection_reopen(connection, event == EVENT_SERVICE_GONE)))
        follow_or_distrust(session);
    return result ? result : take_locks_again(session);
}
