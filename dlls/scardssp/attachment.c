/*
 * Attachments and sessions, shared by ISCardManage and its child objects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

#include "attachment.h"
#include "values.h"

#define PROTOCOLS_T0_T1 (SC_PROTOCOL_T0 | SC_PROTOCOL_T1)

/* ---- the attachment ---- */

struct attachment *attachment_create(void)
{
    struct attachment *attachment;

    if (!(attachment = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*attachment))))
        return NULL;
    attachment->refs = 1;
    InitializeSRWLock(&attachment->lock);
    return attachment;
}

void attachment_retain(struct attachment *attachment)
{
    InterlockedIncrement(&attachment->refs);
}

void attachment_release(struct attachment *attachment)
{
    if (InterlockedDecrement(&attachment->refs))
        return;
    attachment_end(attachment);
    HeapFree(GetProcessHeap(), 0, attachment);
}

void attachment_add_user(struct attachment *attachment)
{
    InterlockedIncrement(&attachment->users);
}

void attachment_remove_user(struct attachment *attachment)
{
    if (!InterlockedDecrement(&attachment->users))
        attachment_end(attachment);
}

/* ---- sessions: life ---- */

static int32_t transmit(void *context, const uint8_t *command, size_t command_length,
                        uint8_t *reply, size_t *reply_length);
static int32_t control(void *context, uint32_t code, const uint8_t *in, size_t in_length,
                       uint8_t *out, size_t *out_length);

/* Handles are never reused in the process: one from before a Detach must not name another file
 * later. */
static uint32_t new_file_handle(void)
{
    static LONG last;
    LONG before, now;

    do
    {
        before = last;
        if (before == -1)
            return 0;
        now = InterlockedCompareExchange(&last, before + 1, before);
    } while (now != before);
    return (uint32_t)before + 1;
}

void session_take_profile(struct session *session, const struct transport_status *card)
{
    const struct icc_profile *profile =
        profile_store_find(session->profiles, card->atr, card->atr_length);

    icc_set_profile(&session->icc, profile);
    if (profile)
        observer_profile(&session->use.connection->observer, profile);
}

static LONG session_create(struct connection *connection, BOOL owned, BOOL exposed,
                           struct session **out)
{
    struct transport_status known;
    struct session *session;

    *out = NULL;
    if (!(session = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*session))))
        return ERROR_OUTOFMEMORY;
    connection_known(connection, &known);
    icc_init(&session->icc, transmit, session, values_apdu_protocol(known.protocol), known.atr,
             known.atr_length, !owned);
    icc_set_control(&session->icc, control);
    icc_set_handles(&session->icc, new_file_handle);
    session->profiles = profile_store_load();
    session->refs = 1;
    use_begin(&session->use, connection, owned);
    session_take_profile(session, &known);
    session->cards = connection->cards;
    session->atr_unknown = !known.atr_length;
    /* Commands sent before an attachment by handle were not ours. */
    session->moves = exposed ? 0 : connection->moves;
    session->exposed = exposed;
    session_update_exclusive(session);
    *out = session;
    return SCARD_S_SUCCESS;
}

static void session_release(struct session *session)
{
    if (InterlockedDecrement(&session->refs))
        return;
    use_end(&session->use);
    icc_fini(&session->icc);
    profile_store_free(session->profiles);
    HeapFree(GetProcessHeap(), 0, session);
}

static void session_end(struct session *session)
{
    InterlockedExchange(&session->ended, 1);
    use_stop(&session->use, session, SCARD_LEAVE_CARD);
    session_release(session);
}

/* When attached to the same handle again we remain its owner: the old session closes nothing. */
static void attachment_replace(struct attachment *attachment, struct session *fresh)
{
    struct session *old;

    AcquireSRWLockExclusive(&attachment->lock);
    old = attachment->session;
    if (old && fresh && old->use.owned && old->use.connection == fresh->use.connection)
    {
        fresh->use.owned = TRUE;
        old->use.owned = FALSE;
    }
    attachment->session = fresh;
    ReleaseSRWLockExclusive(&attachment->lock);
    if (old)
        session_end(old);
}

/* A connection that ISCardLocate has found becomes ours; any other remains its owner's. */
static LONG claim_or_share(struct connection *connection, struct session **out)
{
    BOOL owned = connection_claim(connection);
    LONG result = session_create(connection, owned, TRUE, out);

    if (result && owned)
        connection_close(connection, SCARD_LEAVE_CARD);
    return result;
}

LONG attachment_by_handle(struct attachment *attachment, ULONG_PTR handle)
{
    struct connection *connection;
    struct session *session;
    LONG result;

    if (!handle)
        return ERROR_INVALID_PARAMETER;
    if ((result = connection_by_handle(handle, &connection)))
        return result;
    if (!(result = connection_enter(connection)))
    {
        result = connection_status(connection, NULL);
        connection_leave(connection);
    }
    if (result == SCARD_W_RESET_CARD)
        result = SCARD_S_SUCCESS;
    else if (!result && !connection->known.protocol)
        result = SCARD_E_PROTO_MISMATCH;
    if (result == SCARD_E_INVALID_HANDLE)
        result = ERROR_INVALID_PARAMETER;
    if (!result && !(result = claim_or_share(connection, &session)))
        attachment_replace(attachment, session);
    connection_release(connection);
    return result;
}

LONG attachment_by_reader(struct attachment *attachment, const WCHAR *reader, DWORD share)
{
    struct connection *connection;
    struct pcsc_context *context;
    struct session *session;
    LONG result;

    attachment_end(attachment);
    if ((result = context_open(&context)))
        return result;
    result = connection_open(context, reader, share, PROTOCOLS_T0_T1, &connection);
    context_release(context);
    if (result)
        return result;
    if (!(result = session_create(connection, TRUE, FALSE, &session)))
        attachment_replace(attachment, session);
    connection_release(connection);
    return result;
}

void attachment_end(struct attachment *attachment)
{
    attachment_replace(attachment, NULL);
}

/* ---- sessions: one method ---- */

/* Other users of the handle may have sent something since the last method. */
static void notice_others(struct session *session)
{
    LONG moves = session->use.connection->moves;

    if (session->moves != moves)
    {
        /* A reconnect may have changed protocol and share mode. */
        session_untrust(session);
        session_update_exclusive(session);
        icc_was_moved(&session->icc);
    }
    session->moves = moves;
}

LONG session_enter(struct attachment *attachment, struct session **out)
{
    struct session *session;
    LONG result;

    *out = NULL;
    AcquireSRWLockShared(&attachment->lock);
    if ((session = attachment->session))
        InterlockedIncrement(&session->refs);
    ReleaseSRWLockShared(&attachment->lock);
    if (!session)
        return SCARD_E_INVALID_HANDLE;
    result = connection_enter(session->use.connection);
    if (!result && session->ended)
    {
        connection_leave(session->use.connection);
        result = SCARD_E_CANCELLED;
    }
    if (result)
    {
        session_release(session);
        return result;
    }
    session_follow(session);
    notice_others(session);
    *out = session;
    return SCARD_S_SUCCESS;
}

static void end_own_transaction(struct session *session)
{
    session->in_transaction = FALSE;
    session_note(session, connection_drop_lock(session->use.connection));
    session->moves++;
}

void session_leave(struct session *session)
{
    if (session->in_transaction)
        end_own_transaction(session);
    connection_leave(session->use.connection);
    session_release(session);
}

static BOOL has_ended(const void *user, const struct connection *connection)
{
    const struct session *session = user;

    return InterlockedCompareExchange((LONG *)&session->ended, 0, 0);
}

static LONG begin_once(struct session *session)
{
    return session_note(session, connection_begin(session->use.connection, session, has_ended));
}

LONG session_begin(struct session *session)
{
    LONG result = begin_once(session);

    if (result != SCARD_W_RESET_CARD || !session->own_reset)
        return result;
    if ((result = session_reconnect_card(session, SCARD_LEAVE_CARD)))
        return result;
    return begin_once(session);
}

/* Before an APDU: takes the lock or, if a lock is already held, recovers as taking it would. Only
 * from a reset; a card that was removed is reported by the APDU itself. */
static LONG ready_card(struct session *session)
{
    LONG result = SCARD_S_SUCCESS;

    if (session->use.locks > 0)
    {
        if (session->own_reset &&
            connection_status(session->use.connection, NULL) == SCARD_W_RESET_CARD)
            result = session_reconnect_card(session, SCARD_LEAVE_CARD);
    }
    else if (!session->in_transaction && !(result = session_begin(session)))
        session->in_transaction = TRUE;
    return result;
}

LONG session_note(struct session *session, LONG result)
{
    if (result)
        session_untrust(session);
    return result;
}

void session_untrust(struct session *session)
{
    icc_untrust(&session->icc, values_apdu_protocol(session->use.connection->known.protocol));
}

/* A command of ours has gone out. In the middle of a method another thread of the program may have
 * sent one over the same handle, even under the card's lock: then a reply may be another file's. */
static LONG count_own(struct session *session, LONG result)
{
    struct connection *connection = session->use.connection;
    /* First those under way: one that ends now is in moves then. */
    BOOL others = InterlockedCompareExchange(&connection->under_way, 0, 0) != 0;

    session->moves += 2;
    if (!result && (others || session->moves != connection->moves))
        result = SCARD_E_SHARING_VIOLATION;
    return result;
}

/* Called by icc. Every method that talks to the card does so in a transaction of its own, unless
 * the caller holds the lock. It begins before the first APDU, so that a method without APDUs costs
 * nothing. */
static int32_t transmit(void *context, const uint8_t *command, size_t command_length,
                        uint8_t *reply, size_t *reply_length)
{
    struct session *session = context;
    DWORD length = *reply_length;
    LONG result;

    *reply_length = 0;
    if ((result = ready_card(session)))
        return result;
    if (session->ended)
        return SCARD_E_CANCELLED;
    result = connection_transmit(session->use.connection, command, command_length, reply, &length);
    result = count_own(session, result);
    if (!result)
        *reply_length = length;
    return session_note(session, result);
}

/* Called by icc, like transmit: the reader may send a command of its own to the card. */
static int32_t control(void *context, uint32_t code, const uint8_t *in, size_t in_length,
                       uint8_t *out, size_t *out_length)
{
    struct session *session = context;
    DWORD length = *out_length;
    LONG result;

    *out_length = 0;
    if ((result = ready_card(session)))
        return result;
    if (session->ended)
        return SCARD_E_CANCELLED;
    result = connection_control(session->use.connection, code, in, in_length, out, &length);
    result = count_own(session, result);
    if (!result)
        *out_length = length;
    return session_note(session, result);
}

/* The application may also use a handle that it has; this is either seen, or makes the card count
 * as not exclusive. The share mode of the application's own handle is only a guess. */
void session_update_exclusive(struct session *session)
{
    const struct connection *connection = session->use.connection;
    BOOL alone = session->use.locks > 0 ||
                 (connection->share == SC_SHARE_EXCLUSIVE && !connection->app_handle);

    icc_set_exclusive(&session->icc,
                      alone && (!session->exposed || connection_sees_all(connection)));
}
