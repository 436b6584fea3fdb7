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
#include "values.h"

static BOOL same_atr(const struct transport_status *a, const struct transport_status *b)
{
    return a->atr_length == b->atr_length && !memcmp(a->atr, b->atr, a->atr_length);
}

/* An ATR names a model of cards, not a card: after a removal even an equal one may be another. */
static void forget_or_distrust(struct session *session, const struct transport_status *before)
{
    struct transport_status now;

    connection_known(session->connection, &now);
    if (session->saw_removal || !same_atr(before, &now))
    {
        icc_set_profile(&session->icc,
                        profilestore_find(session->profiles, now.atr, now.atr_length));
        icc_card_is_new(&session->icc, values_apdu_protocol(now.protocol), now.atr,
                        now.atr_length);
    }
    else
        session_untrust(session);
    session->own_reset = FALSE;
    session->saw_removal = FALSE;
}

/* before: what was known of the card until now. */
static LONG reconnect_card(struct session *session, DWORD disposition,
                           const struct transport_status *before)
{
    struct connection *connection = session->connection;
    DWORD protocols = TRANSPORT_PROTOCOL_T0 | TRANSPORT_PROTOCOL_T1;
    LONG result;

    if (connection->known.protocol == TRANSPORT_PROTOCOL_RAW)
        protocols |= TRANSPORT_PROTOCOL_RAW;
    result = connection_reconnect(connection, connection->share, protocols, disposition);
    if (result == SCARD_E_PROTO_MISMATCH && !(protocols & TRANSPORT_PROTOCOL_RAW))
        result = connection_reconnect(connection, connection->share,
                                      protocols | TRANSPORT_PROTOCOL_RAW, disposition);
    if (!result)
    {
        for (; session->stuck_locks > 0; session->stuck_locks--)
            connection_end(connection, SCARD_LEAVE_CARD);
        forget_or_distrust(session, before);
    }
    return result;
}

LONG session_reconnect_card(struct session *session)
{
    struct transport_status before;

    connection_known(session->connection, &before);
    return session_note(session, reconnect_card(session, SCARD_LEAVE_CARD, &before));
}

static BOOL says_removed(LONG result)
{
    return result == SCARD_W_REMOVED_CARD || result == SCARD_E_NO_SMARTCARD;
}

static BOOL says_reader_gone(LONG result)
{
    return result == SCARD_E_READER_UNAVAILABLE || result == SCARD_E_UNKNOWN_READER;
}

/* Takes as many locks as the caller believes to hold. Ending what may be left comes first, so that
 * the count is right whatever the stack kept. */
static LONG take_locks_again(struct session *session)
{
    LONG wanted = session->lock_depth, result = SCARD_S_SUCCESS;

    for (; session->lock_depth > 0; session->lock_depth--)
        connection_end(session->connection, SCARD_LEAVE_CARD);
    session->stuck_locks = 0;
    while (!result && session->lock_depth < wanted)
        if (!(result = session_begin(session)))
            session->lock_depth++;
    session_update_exclusive(session);
    return result;
}

LONG session_reconnect(struct session *session, DWORD disposition)
{
    struct connection *connection = session->connection;
    struct transport_status before;
    BOOL removed;
    LONG result;

    connection_known(connection, &before);
    result = connection_status(connection, NULL);
    if (says_removed(result))
        session->saw_removal = TRUE;
    removed = session->saw_removal;
    /* A handle of the application that is well is left alone: its share mode is only a guess. */
    if (connection->foreign && !result && !removed && disposition == SCARD_LEAVE_CARD)
    {
        forget_or_distrust(session, &before);
        return result;
    }

    result = reconnect_card(session, disposition, &before);
    if (says_removed(result))
        session->saw_removal = TRUE;
    if (result && session->owned && (values_service_gone(result) || says_reader_gone(result)))
    {
        removed = session->saw_removal = TRUE;
        if (!(result = connection_reopen(connection, values_service_gone(result))))
            forget_or_distrust(session, &before);
    }
    if (!result && removed)
        result = take_locks_again(session);
    return result;
}
