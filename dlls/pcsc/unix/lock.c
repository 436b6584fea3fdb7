/*
 * A card's lock, and how a wait for it is broken.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCardBeginTransaction polls inside the library until the other holder is done; neither
 * SCardCancel nor a timeout ends it. It is therefore called only when it need not wait, and the
 * waiting is done here, where a cancel or a disconnect wakes at once. SCardEndTransaction never
 * blocks, so it is used to test whether the lock is free: when we hold no lock, it returns "not
 * transacted" or "sharing violation" and changes nothing.
 *
 * Another program can still take the lock between the test and the begin. Only then is a begin that
 * is cancelled broken by disconnecting the handle under it: the library looks up the handle again
 * in every round.
 */

#include "card.h"

/* Milliseconds between two tests; the library itself polls every 200. */
#define LOOK_INTERVAL 50
/* Milliseconds that a begin that should not have to wait is given. */
#define GRACE 50
/* How long a disconnect waits for SCardStatus: before it asks whether another program's lock keeps
 * that, so that with GRACE it is well apart from the library's own tenths of a second; in all. */
#define STATUS_GRACE 25
#define STATUS_LIMIT 2000

static int32_t native_begin(SCARDHANDLE handle)
{
    return map_result(MAP_CALL_OTHER, pcsc()->SCardBeginTransaction(handle));
}

/* Waits outside the library until something changes or it is time for another test. */
static void wait_outside(struct card *card)
{
    card->waiting++;
    wake_wait(&card->changed, &card->mutex, LOOK_INTERVAL);
    card->waiting--;
}

static int is_cancelled(const struct card *card, uint32_t ticket)
{
    return card->dead || (ticket && card->cancelled && (int32_t)(card->cancelled - ticket) >= 0);
}

int32_t lock_await_handle(struct card *card, uint32_t ticket)
{
    while (card->reopening && !is_cancelled(card, ticket))
        wait_outside(card);
    return card->reopening ? SC_CANCELLED : card->lost;
}

/* The place of a ticket among those of the calls that are inside; ENTERED_MAX when it has none. */
static unsigned place_of(const struct card *card, uint32_t ticket)
{
    unsigned i;

    for (i = 0; i < ENTERED_MAX && card->entered[i] != ticket; i++)
        ;
    return i;
}

static void enter(struct card *card, uint32_t ticket)
{
    unsigned place = place_of(card, 0);

    card->entering++;
    if (ticket && place < ENTERED_MAX)
        card->entered[place] = ticket;
    else if (ticket)
        card->unlisted++;
}

static void leave(struct card *card, uint32_t ticket)
{
    unsigned place = place_of(card, ticket);

    card->entering--;
    if (ticket && place < ENTERED_MAX)
        card->entered[place] = 0;
    else if (ticket)
        card->unlisted--;
    wake_all(&card->changed);
}

/* Called after a native begin, or after deciding against it. */
static int32_t finish_begin(struct card *card, int32_t result)
{
    if (card->lost)
        return SC_CANCELLED; /* broken; if the lock was taken, it went with the handle */
    if (!result)
        card->depth++;
    return result;
}

/*
 * A begin that need not wait, because nobody else can have the lock. Called with the mutex held. On
 * a shared connection another thread may just be ending the lock that was seen, so this begin can
 * be broken too.
 */
static int32_t begin_again(struct card *card, uint32_t ticket)
{
    int shared = card->share != SC_SHARE_EXCLUSIVE;
    SCARDHANDLE handle = card->handle;
    int32_t result;

    if (shared)
        enter(card, ticket);
    pthread_mutex_unlock(&card->mutex);
    result = native_begin(handle);
    pthread_mutex_lock(&card->mutex);
    if (shared)
        leave(card, ticket);
    return finish_begin(card, result);
}

/* Takes the lock unless another program has it; returns SCARD_E_SHARING_VIOLATION then. Called with
 * the mutex held. */
static int32_t try_begin(struct card *card, uint32_t ticket)
{
    SCARDHANDLE handle = card->handle;
    int32_t result;

    enter(card, ticket);
    pthread_mutex_unlock(&card->mutex);
    result = map_result(MAP_CALL_OTHER, pcsc()->SCardEndTransaction(handle, SCARD_LEAVE_CARD));
    if (result != SC_SHARING_VIOLATION)
        result = native_begin(handle);
    pthread_mutex_lock(&card->mutex);
    leave(card, ticket);
    return finish_begin(card, result);
}

static int32_t begin_or_wait(struct card *card, uint32_t ticket)
{
    int32_t result;

    for (;;)
    {
        if (is_cancelled(card, ticket))
            return SC_CANCELLED;
        if ((result = lock_await_handle(card, ticket)))
            return result;
        if (card->depth) /* another thread of this connection was first */
            return begin_again(card, ticket);
        if (card->entering)
        {
            wait_outside(card);
            continue;
        }
        if ((result = try_begin(card, ticket)) != SC_SHARING_VIOLATION)
            return card->dead ? SC_CANCELLED : result;
        if (!is_cancelled(card, ticket))
            wait_outside(card);
    }
}

int32_t lock_take(struct card *card, uint32_t ticket)
{
    int32_t result;

    pthread_mutex_lock(&card->mutex);
    if ((result = lock_await_handle(card, ticket)))
        ; /* there is no handle */
    else if (is_cancelled(card, ticket))
        result = SC_CANCELLED;
    else if (card->share == SC_SHARE_EXCLUSIVE || card->depth)
        result = begin_again(card, ticket);
    else
        result = begin_or_wait(card, ticket);
    pthread_mutex_unlock(&card->mutex);
    return result;
}

static int is_inside(const struct card *card, uint32_t ticket)
{
    if (!ticket || card->unlisted)
        return card->entering != 0;
    return place_of(card, ticket) < ENTERED_MAX;
}

void lock_break(struct card *card, uint32_t ticket)
{
    uint64_t time = wake_clock(), end = time + GRACE;
    SCARDHANDLE handle;
    uint32_t depth;

    wake_all(&card->changed);
    for (; is_inside(card, ticket) && time < end; time = wake_clock())
        wake_wait(&card->changed, &card->mutex, (unsigned)(end - time));
    if (!is_inside(card, ticket) || card->lost)
        return;
    handle = card->handle;
    depth = card->depth;
    card->lost = SC_RESET_CARD;
    card->depth = 0;
    lock_await_status(card, handle, depth);
    pthread_mutex_unlock(&card->mutex);
    pcsc()->SCardDisconnect(handle, SCARD_LEAVE_CARD);
    pthread_mutex_lock(&card->mutex);
}

int32_t lock_enter(struct card *card, uint32_t ticket, int asks, SCARDHANDLE *handle)
{
    int32_t result;

    pthread_mutex_lock(&card->mutex);
    result = lock_await_handle(card, ticket);
    if (!result && is_cancelled(card, ticket))
        result = SC_CANCELLED;
    if (!result)
    {
        enter(card, ticket);
        card->asking += asks;
    }
    *handle = card->handle;
    pthread_mutex_unlock(&card->mutex);
    return result;
}

int32_t lock_leave(struct card *card, uint32_t ticket, int asks, int32_t result)
{
    pthread_mutex_lock(&card->mutex);
    card->asking -= asks;
    leave(card, ticket);
    if (card->lost)
        result = SC_CANCELLED;
    pthread_mutex_unlock(&card->mutex);
    return result;
}

/* That no program has the lock; false when pcsc-lite has other news of the card. Called with the
 * mutex held, which is released for a while. */
static int is_free(struct card *card, SCARDHANDLE handle)
{
    int32_t result;

    pthread_mutex_unlock(&card->mutex);
    result = map_result(MAP_CALL_OTHER, pcsc()->SCardEndTransaction(handle, SCARD_LEAVE_CARD));
    pthread_mutex_lock(&card->mutex);
    return result == SC_NOT_TRANSACTED;
}

/* A status that another program's lock keeps in the library sleeps there, but for a moment every
 * tenth of a second, and may do so for ever: that one is not waited for, and the moment risked. A
 * terminated thread never comes back either. */
void lock_await_status(struct card *card, SCARDHANDLE handle, uint32_t depth)
{
    uint64_t time = wake_clock(), end = time + STATUS_LIMIT, look = time + STATUS_GRACE;

    for (; card->asking && time < end; time = wake_clock())
    {
        if (time < look)
        {
            wake_wait(&card->changed, &card->mutex, (unsigned)(look - time));
            continue;
        }
        if (!depth && !is_free(card, handle))
            break;
        look = time + STATUS_GRACE;
    }
}

int32_t turn_take(struct card *card, uint32_t ticket)
{
    int32_t result = SC_OK;

    pthread_mutex_lock(&card->mutex);
    while (card->reconnecting && !is_cancelled(card, ticket))
        wait_outside(card);
    if (is_cancelled(card, ticket))
        result = SC_CANCELLED;
    else
        card->reconnecting = 1;
    pthread_mutex_unlock(&card->mutex);
    return result;
}

void turn_give(struct card *card)
{
    pthread_mutex_lock(&card->mutex);
    card->reconnecting = 0;
    wake_all(&card->changed);
    pthread_mutex_unlock(&card->mutex);
}

int32_t card_begin(struct unix_card *params)
{
    struct card *card;
    int32_t result;

    if (!(result = card_get(params->card, &card, NULL, NULL)))
    {
        result = lock_take(card, params->head.ticket);
        card_leave(card);
    }
    return result;
}

int32_t card_cancel_begin(struct unix_card *params)
{
    uint32_t ticket = params->head.ticket;
    struct card *card;

    if (!ticket)
        return SC_INVALID_PARAMETER;
    if (!(card = card_enter(params->card)))
        return SC_INVALID_HANDLE;
    pthread_mutex_lock(&card->mutex);
    if (!card->cancelled || (int32_t)(ticket - card->cancelled) > 0)
        card->cancelled = ticket;
    lock_break(card, ticket);
    pthread_mutex_unlock(&card->mutex);
    card_leave(card);
    return SC_OK;
}

int32_t card_end(struct unix_card *params)
{
    struct card *card;
    SCARDHANDLE handle;
    uint32_t depth;
    int32_t result;

    if ((result = card_get(params->card, &card, &handle, NULL)))
        return result;
    pthread_mutex_lock(&card->mutex);
    depth = card->depth;
    pthread_mutex_unlock(&card->mutex);
    /* Counting (see transport.h). */
    result = SC_NOT_TRANSACTED;
    if (depth)
        result =
            map_result(MAP_CALL_OTHER, pcsc()->SCardEndTransaction(handle, params->disposition));
    pthread_mutex_lock(&card->mutex);
    if (!result && card->depth)
        card->depth--;
    else if (result == SC_NOT_TRANSACTED)
        card->depth = 0;
    pthread_mutex_unlock(&card->mutex);
    card_leave(card);
    return result;
}
