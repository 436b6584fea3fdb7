/*
 * The lock of a card, and how a wait for it is broken.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCardBeginTransaction polls inside the library until the other holder is done; neither
 * SCardCancel nor a timeout ends it. So the begin that may wait, the outermost of a connection
 * that is not exclusive, runs on a worker thread and the caller waits on a condition, which a
 * cancel or a disconnect wakes at once. A worker that then gets the lock after all gives it back,
 * or drops the last reference of the card and so disconnects it.
 *
 * Workers block all signals: those of Wine must never run on a thread that Wine does not know.
 */

#include "unixlib_card.h"

#include <signal.h>
#include <stdlib.h>

/* Workers that are kept for the next begin. */
#define IDLE_MAX 4
#define STACK_SIZE (256 * 1024)

struct worker
{
    pthread_cond_t wake;
    struct card *card; /* what to begin, with a reference */
    struct worker *next;
};

static pthread_mutex_t pool_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct worker *idle;
static unsigned idle_count;

static int32_t native_begin(SCARDHANDLE handle)
{
    return map_result(MAP_CALL_OTHER, pcsc()->SCardBeginTransaction(handle));
}

/* Hands the result over, or back to pcsc-lite when nobody waits for it any more. */
static void run_begin(struct card *card)
{
    int32_t result = native_begin(card->handle);

    pthread_mutex_lock(&card->mutex);
    if (!result && !card->dead && !card->begin_waiters)
    {
        pthread_mutex_unlock(&card->mutex);
        pcsc()->SCardEndTransaction(card->handle, SCARD_LEAVE_CARD);
        pthread_mutex_lock(&card->mutex);
        result = WIN_CANCELLED;
    }
    card->begin_state = result == WIN_CANCELLED || !card->begin_waiters ? BEGIN_NONE : BEGIN_DONE;
    card->begin_result = result;
    pthread_cond_broadcast(&card->changed);
    if (card->begin_waiters)
    {
        /* A waiter has a reference too. Once it wakes ours must be gone, or its disconnect would
         * be left to this thread and come late. */
        __atomic_sub_fetch(&card->object.refs, 1, __ATOMIC_ACQ_REL);
        pthread_mutex_unlock(&card->mutex);
        return;
    }
    pthread_mutex_unlock(&card->mutex);
    object_put(&card->object);
}

static void *work(void *arg)
{
    struct worker *worker = arg;

    for (;;)
    {
        run_begin(worker->card);
        pthread_mutex_lock(&pool_mutex);
        worker->card = NULL;
        if (idle_count == IDLE_MAX)
            break;
        worker->next = idle;
        idle = worker;
        idle_count++;
        while (!worker->card)
            pthread_cond_wait(&worker->wake, &pool_mutex);
        pthread_mutex_unlock(&pool_mutex);
    }
    pthread_mutex_unlock(&pool_mutex);
    pthread_cond_destroy(&worker->wake);
    free(worker);
    return NULL;
}

static int32_t start_thread(struct card *card)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    pthread_attr_t attr;
    sigset_t all, old;
    pthread_t thread;
    int error;

    if (!worker)
        return WIN_NO_MEMORY;
    worker->card = card;
    pthread_cond_init(&worker->wake, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    error = pthread_create(&thread, &attr, work, worker);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
    if (!error)
        return WIN_SUCCESS;
    pthread_cond_destroy(&worker->wake);
    free(worker);
    return WIN_NO_MEMORY;
}

/* Called with the card's mutex held. */
static int32_t start_begin(struct card *card)
{
    struct worker *worker;
    int32_t result = WIN_SUCCESS;

    object_get(&card->object);
    pthread_mutex_lock(&pool_mutex);
    if ((worker = idle))
    {
        idle = worker->next;
        idle_count--;
        worker->card = card;
        pthread_cond_signal(&worker->wake);
    }
    pthread_mutex_unlock(&pool_mutex);
    if (!worker && (result = start_thread(card)))
        __atomic_sub_fetch(&card->object.refs, 1, __ATOMIC_ACQ_REL); /* the caller has one too */
    else
        card->begin_state = BEGIN_RUNNING;
    return result;
}

/* A begin that cannot wait: nobody else has or can get the lock. Called with the mutex held. */
static int32_t begin_here(struct card *card)
{
    SCARDHANDLE handle = card->handle;
    int32_t result;

    pthread_mutex_unlock(&card->mutex);
    result = native_begin(handle);
    pthread_mutex_lock(&card->mutex);
    if (!result)
        card->depth++;
    return result;
}

/* The same for one that may wait. Adopts a begin that an earlier caller was called away from. */
static int32_t begin_there(struct card *card)
{
    unsigned cancels = card->begin_cancels;
    int32_t result = WIN_CANCELLED;
    int here = 0;

    card->begin_waiters++;
    for (;;)
    {
        if (card->dead)
            break;
        if (card->begin_state == BEGIN_DONE)
        {
            card->begin_state = BEGIN_NONE;
            if (!(result = card->begin_result))
                card->depth++;
            break;
        }
        if (card->begin_cancels != cancels)
            break;
        if (card->begin_state == BEGIN_RUNNING)
            pthread_cond_wait(&card->changed, &card->mutex);
        else if ((here = card->depth != 0)) /* another thread of this connection was first */
            break;
        else if ((result = start_begin(card)))
            break;
        else
            result = WIN_CANCELLED;
    }
    card->begin_waiters--;
    return here ? begin_here(card) : result;
}

int32_t lock_take(struct card *card)
{
    int32_t result;

    pthread_mutex_lock(&card->mutex);
    if (card->lost)
        result = card->lost;
    else if (card->share == SCARD_SHARE_EXCLUSIVE || card->depth)
        result = begin_here(card);
    else
        result = begin_there(card);
    pthread_mutex_unlock(&card->mutex);
    return result;
}

int32_t card_begin(struct unix_card *params)
{
    struct card *card;
    int32_t result;

    if (!(result = card_get(params->card, &card, NULL, NULL)))
    {
        result = lock_take(card);
        object_put(&card->object);
    }
    return result;
}

int32_t card_cancel_begin(struct unix_card *params)
{
    struct card *card = (struct card *)table_get(TABLE_CARD, params->card);

    if (!card)
        return WIN_INVALID_HANDLE;
    pthread_mutex_lock(&card->mutex);
    card->begin_cancels++;
    pthread_cond_broadcast(&card->changed);
    pthread_mutex_unlock(&card->mutex);
    object_put(&card->object);
    return WIN_SUCCESS;
}

/* Without a begin of ours pcsc-lite must not be asked: of an exclusive connection older versions
 * would take away the very lock that makes it exclusive. */
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
    result = WIN_NOT_TRANSACTED;
    if (depth)
        result = map_result(MAP_CALL_OTHER,
                            pcsc()->SCardEndTransaction(handle, params->disposition));
    pthread_mutex_lock(&card->mutex);
    if (!result && card->depth)
        card->depth--;
    else if (result == WIN_NOT_TRANSACTED)
        card->depth = 0;
    pthread_mutex_unlock(&card->mutex);
    object_put(&card->object);
    return result;
}
