/*
 * Cards: connecting, reconnecting, disconnecting.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "card.h"

#include <stdlib.h>
#include <string.h>

struct native_context *native_context_open(int32_t *result)
{
    struct native_context *native = calloc(1, sizeof(*native));

    if (!native)
    {
        *result = SC_NO_MEMORY;
        return NULL;
    }
    *result = map_result(MAP_CALL_ACCESS, pcsc()->SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL,
                                                                        NULL, &native->context));
    if (*result)
    {
        free(native);
        return NULL;
    }
    native->refs = 1;
    pthread_mutex_init(&native->mutex, NULL);
    return native;
}

void native_context_put(struct native_context *native)
{
    if (!native || __atomic_sub_fetch(&native->refs, 1, __ATOMIC_ACQ_REL))
        return;
    pcsc()->SCardReleaseContext(native->context);
    pthread_mutex_destroy(&native->mutex);
    free(native);
}

void native_context_enter(struct native_context *native)
{
    pthread_mutex_lock(&native->mutex);
    native->calls++;
    pthread_mutex_unlock(&native->mutex);
}

void native_context_leave(struct native_context *native)
{
    pthread_mutex_lock(&native->mutex);
    native->calls--;
    pthread_mutex_unlock(&native->mutex);
}

int native_context_trylock(struct native_context *native)
{
    if (pthread_mutex_trylock(&native->mutex))
        return 0;
    if (!native->calls)
        return 1;
    pthread_mutex_unlock(&native->mutex);
    return 0;
}

void native_context_unlock(struct native_context *native)
{
    pthread_mutex_unlock(&native->mutex);
}

int native_context_answers(struct native_context *native)
{
    DWORD length = 0;
    int32_t result =
        map_result(MAP_CALL_OTHER, pcsc()->SCardListReaders(native->context, NULL, NULL, &length));

    return !result || result == SC_NO_READERS;
}

int native_context_is_valid(struct native_context *native)
{
    int valid;

    /* A call that runs over it would have ended if the daemon were gone. */
    if (!native_context_trylock(native))
        return 1;
    valid = native_context_answers(native);
    native_context_unlock(native);
    return valid;
}

struct native_context *native_context_take(struct context *context, int32_t *result)
{
    struct native_context *native = context->native;

    *result = SC_OK;
    if (!__atomic_exchange_n(&native->taken, 1, __ATOMIC_ACQ_REL))
    {
        __atomic_add_fetch(&native->refs, 1, __ATOMIC_RELAXED);
        return native;
    }
    /* A new one would know nothing of a restart that voided the context. */
    *result = SC_NO_SERVICE;
    return native_context_is_valid(native) ? native_context_open(result) : NULL;
}

void native_context_give(struct native_context *native)
{
    __atomic_store_n(&native->taken, 0, __ATOMIC_RELEASE);
    native_context_put(native);
}

static int32_t close_handle(SCARDHANDLE handle, uint32_t disposition)
{
    int32_t result = map_result(MAP_CALL_OTHER, pcsc()->SCardDisconnect(handle, disposition));

    /* The id is void in any case, and nobody else could ever close the handle. */
    if (result && disposition != SCARD_LEAVE_CARD)
        pcsc()->SCardDisconnect(handle, SCARD_LEAVE_CARD);
    return result;
}

static int32_t destroy_card(struct table_object *object)
{
    struct card *card = (struct card *)object;
    int32_t result = SC_OK;

    native_context_enter(card->native);
    if (!card->lost)
        result = close_handle(card->handle, card->disposition);
    native_context_leave(card->native);
    native_context_give(card->native);
    pthread_mutex_destroy(&card->mutex);
    free(card);
    return result;
}

/* Makes a card with a native context of its own, not connected yet. */
static struct card *new_card(struct context *context, const struct unix_connect *params,
                             int32_t *result)
{
    struct card *card = calloc(1, sizeof(*card));

    *result = SC_NO_MEMORY;
    if (!card)
        return NULL;
    if (!(card->native = native_context_take(context, result)))
    {
        free(card);
        return NULL;
    }
    object_init(&card->object, destroy_card);
    card->context = params->context;
    memcpy(card->name, params->name, sizeof(card->name));
    card->share = params->share;
    card->lost = SC_INVALID_HANDLE;
    pthread_mutex_init(&card->mutex, NULL);
    return card;
}

/* Connects a card that has no handle. */
static int32_t open_handle(struct card *card, uint32_t share, unsigned long protocols)
{
    SCARDHANDLE handle = 0;
    DWORD active = 0;
    int32_t result;

    result = map_result(MAP_CALL_ACCESS, pcsc()->SCardConnect(card->native->context, card->name,
                                                              share, protocols, &handle, &active));
    /* A refusal, unless pcscd ended meanwhile. */
    if (result == SC_SECURITY_VIOLATION && !native_context_answers(card->native))
        result = SC_NO_SERVICE;
    pthread_mutex_lock(&card->mutex);
    card->lost = result;
    card->reopening = 0;
    if (!result)
    {
        card->handle = handle;
        card->share = share;
        card->protocol = active;
        card->depth = 0;
    }
    wake_all(&card->changed);
    pthread_mutex_unlock(&card->mutex);
    return result;
}

int32_t card_connect(struct unix_connect *params)
{
    struct context *context;
    struct card *card;
    unsigned long protocols;
    int32_t result;

    params->card = 0;
    params->protocol = 0;
    if (!memchr(params->name, 0, sizeof(params->name)))
        return SC_UNKNOWN_READER;
    if ((result = map_protocols(params->protocols, params->share == SC_SHARE_DIRECT, &protocols)))
        return result;
    if (!(context = (struct context *)table_get(TABLE_CONTEXT, params->context)))
        return SC_INVALID_HANDLE;
    if ((card = new_card(context, params, &result)))
    {
        native_context_enter(card->native);
        if (!(result = open_handle(card, params->share, protocols)))
        {
            params->protocol = map_protocol(card->protocol);
            if (!(params->card = table_add(TABLE_CARD, &card->object)))
                result = SC_NO_MEMORY;
        }
        native_context_leave(card->native);
        if (result)
        {
            params->protocol = 0;
            object_put(&card->object);
        }
    }
    object_put(&context->object);
    return result;
}

struct card *card_enter(uint64_t id)
{
    struct card *card = (struct card *)table_get(TABLE_CARD, id);

    if (card)
        native_context_enter(card->native);
    return card;
}

int32_t card_leave(struct card *card)
{
    native_context_leave(card->native);
    return object_put(&card->object);
}

int32_t card_get(uint64_t id, struct card **card, SCARDHANDLE *handle, unsigned long *protocol)
{
    struct card *found = card_enter(id);
    int32_t result;

    *card = NULL;
    if (!found)
        return SC_INVALID_HANDLE;
    pthread_mutex_lock(&found->mutex);
    result = lock_await_handle(found, 0);
    if (handle)
        *handle = found->handle;
    if (protocol)
        *protocol = found->protocol;
    pthread_mutex_unlock(&found->mutex);
    if (result)
        card_leave(found);
    else
        *card = found;
    return result;
}

int32_t card_kill(struct card *card, uint32_t disposition)
{
    SCARDHANDLE handle = 0;
    int32_t result = SC_OK, last;
    int close;

    pthread_mutex_lock(&card->mutex);
    card->dead = 1;
    card->disposition = disposition;
    lock_break(card, 0);
    /* A waiting thread no longer needs the handle, and may never come back (TerminateThread). */
    close = !card->lost && card->waiting &&
            __atomic_load_n(&card->object.refs, __ATOMIC_ACQUIRE) == 1 + (unsigned)card->waiting;
    if (close)
    {
        handle = card->handle;
        card->lost = SC_INVALID_HANDLE;
    }
    pthread_mutex_unlock(&card->mutex);
    if (close)
        result = close_handle(handle, disposition);
    last = object_put(&card->object);
    return result ? result : last;
}

int32_t card_disconnect(struct unix_card *params)
{
    struct card *card = (struct card *)table_remove(TABLE_CARD, params->card);

    return card ? card_kill(card, params->disposition) : SC_INVALID_HANDLE;
}

/* Takes the handle away, so that only this thread disconnects it, and others wait for the next one;
 * a disconnect that fails gives it back. */
static int32_t drop_handle(struct card *card, uint32_t disposition, uint32_t *depth)
{
    SCARDHANDLE handle;
    int32_t lost, result;

    pthread_mutex_lock(&card->mutex);
    lost = card->lost;
    handle = card->handle;
    *depth = card->depth;
    card->reopening = 1;
    if (!lost)
    {
        card->lost = SC_INVALID_HANDLE;
        lock_await_status(card, handle, *depth);
    }
    pthread_mutex_unlock(&card->mutex);
    if (lost)
        return SC_OK;
    result = map_result(MAP_CALL_OTHER, pcsc()->SCardDisconnect(handle, disposition));
    if (!result || result == SC_INVALID_HANDLE)
        return SC_OK;
    pthread_mutex_lock(&card->mutex);
    card->lost = SC_OK;
    card->reopening = 0;
    wake_all(&card->changed);
    pthread_mutex_unlock(&card->mutex);
    return result;
}

/* Reopening (see transport.h). */
static int32_t reopen(struct card *card, const struct unix_reconnect *params,
                      unsigned long protocols)
{
    uint32_t depth;
    int32_t result;

    if ((result = drop_handle(card, params->disposition, &depth)) ||
        (result = open_handle(card, params->share, protocols)))
        return result;
    while (depth-- && !result)
        result = lock_take(card, params->head.ticket);
    return result;
}

/* Restores the lock of EXCLUSIVE (see transport.h). */
static void lock_base(SCARDHANDLE handle)
{
    if (!pcsc()->SCardBeginTransaction(handle))
        pcsc()->SCardEndTransaction(handle, SCARD_LEAVE_CARD);
}

/* Lets pcsc-lite itself reconnect; locks survive that. The library waits for another program's lock
 * here, and that wait is broken like one for the lock. */
static int32_t reconnect(struct card *card, const struct unix_reconnect *params,
                         unsigned long protocols)
{
    SCARDHANDLE handle;
    DWORD active = 0;
    int32_t result;

    if ((result = lock_enter(card, params->head.ticket, 0, &handle)))
        return result;
    result = map_result(MAP_CALL_OTHER, pcsc()->SCardReconnect(handle, params->share, protocols,
                                                               params->disposition, &active));
    if (!result && params->share == SC_SHARE_EXCLUSIVE)
        lock_base(handle);
    if ((result = lock_leave(card, params->head.ticket, 0, result)))
        return result;
    pthread_mutex_lock(&card->mutex);
    if (card->handle == handle)
    {
        card->share = params->share;
        card->protocol = active;
    }
    pthread_mutex_unlock(&card->mutex);
    return SC_OK;
}

/* True when only a new handle will do (see transport.h). */
static int needs_reopen(struct card *card, uint32_t share)
{
    int needs;

    pthread_mutex_lock(&card->mutex);
    needs = card->lost || (card->share == SC_SHARE_EXCLUSIVE && share != SC_SHARE_EXCLUSIVE);
    pthread_mutex_unlock(&card->mutex);
    return needs;
}

static int32_t reconnect_in_turn(struct card *card, struct unix_reconnect *params,
                                 unsigned long protocols)
{
    int32_t result;

    if (needs_reopen(card, params->share))
        result = reopen(card, params, protocols);
    else
        result = reconnect(card, params, protocols);
    /* The reader is empty. */
    if (result == SC_NO_SMARTCARD && params->share == SC_SHARE_DIRECT)
        result = reopen(card, params, protocols);
    if (!result)
    {
        pthread_mutex_lock(&card->mutex);
        params->protocol = map_protocol(card->protocol);
        pthread_mutex_unlock(&card->mutex);
    }
    return result;
}

int32_t card_reconnect(struct unix_reconnect *params)
{
    unsigned long protocols;
    struct card *card;
    int32_t result;

    params->protocol = 0;
    if ((result = map_protocols(params->protocols, params->share == SC_SHARE_DIRECT, &protocols)))
        return result;
    if (!(card = card_enter(params->card)))
        return SC_INVALID_HANDLE;
    if (!(result = turn_take(card, params->head.ticket)))
    {
        result = reconnect_in_turn(card, params, protocols);
        turn_give(card);
    }
    card_leave(card);
    return result;
}
