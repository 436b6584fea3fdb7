/*
 * Waits for readers that several threads run over one context, and what ends them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "waits.h"

#include <winscard.h>

#include "iso7816/result.h"

/* On the heap, since its thread may be terminated. */
struct context_wait
{
    struct context_wait *next;
    transport_id id;
    BOOL cancelled; /* its transport context may get a cancel late, and is of no other use */
    BOOL untold;    /* cancelled, and the transport is to be told */
};

/* ---- transport contexts ---- */

static struct
{
    SRWLOCK lock;
    unsigned users; /* without any, none is kept */
    const struct transport_ops *ops;
    transport_id id; /* 0: none is kept */
} idle = {SRWLOCK_INIT, 0, NULL, 0};

/* The one that is kept, which is the caller's then, and its transport; 0: there is none. */
static transport_id take_idle(const struct transport_ops **ops)
{
    transport_id id;

    AcquireSRWLockExclusive(&idle.lock);
    *ops = idle.ops;
    id = idle.id;
    idle.id = 0;
    ReleaseSRWLockExclusive(&idle.lock);
    return id;
}

static void keep(const struct transport_ops *ops, transport_id id)
{
    BOOL kept;

    AcquireSRWLockExclusive(&idle.lock);
    if ((kept = idle.users && !idle.id))
    {
        idle.ops = ops;
        idle.id = id;
    }
    ReleaseSRWLockExclusive(&idle.lock);
    if (!kept)
        ops->release(id);
}

void waits_retain(void)
{
    AcquireSRWLockExclusive(&idle.lock);
    idle.users++;
    ReleaseSRWLockExclusive(&idle.lock);
}

void waits_release(void)
{
    const struct transport_ops *ops = NULL;
    transport_id id = 0;

    AcquireSRWLockExclusive(&idle.lock);
    if (!--idle.users)
    {
        ops = idle.ops;
        id = idle.id;
        idle.id = 0;
    }
    ReleaseSRWLockExclusive(&idle.lock);
    if (id)
        ops->release(id);
}

/* reused: it is an old one, which a restart of the service may have voided. */
static LONG get(const struct transport_ops *ops, transport_id *id, BOOL *reused)
{
    const struct transport_ops *of;

    *id = take_idle(&of);
    *reused = *id && of == ops;
    if (*reused)
        return SCARD_S_SUCCESS;
    if (*id)
        of->release(*id);
    return ops->establish(id);
}

/* ---- the list ---- */

/* FALSE when the context was closed or cancelled since cancels was read. */
static BOOL enlist(struct pcsc_context *context, struct context_wait *wait, DWORD cancels)
{
    BOOL listed;

    AcquireSRWLockExclusive(&context->lock);
    if ((listed = !context->closed && context->cancels == cancels))
    {
        wait->next = context->waits;
        context->waits = wait;
    }
    ReleaseSRWLockExclusive(&context->lock);
    return listed;
}

static void strike(struct pcsc_context *context, struct context_wait *wait)
{
    struct context_wait **at;

    AcquireSRWLockExclusive(&context->lock);
    for (at = &context->waits; *at != wait; at = &(*at)->next)
        ;
    *at = wait->next;
    ReleaseSRWLockExclusive(&context->lock);
}

/* The transport context of a wait that is to be told; 0 when there is none left. */
static transport_id next_untold(struct pcsc_context *context)
{
    struct context_wait *wait;
    transport_id id = 0;

    AcquireSRWLockExclusive(&context->lock);
    for (wait = context->waits; wait && !wait->untold; wait = wait->next)
        ;
    if (wait)
    {
        wait->untold = FALSE;
        id = wait->id;
    }
    ReleaseSRWLockExclusive(&context->lock);
    return id;
}

void context_cancel(struct pcsc_context *context)
{
    struct context_wait *wait;
    transport_id id;

    AcquireSRWLockExclusive(&context->lock);
    context->cancels++;
    for (wait = context->waits; wait; wait = wait->next)
        wait->cancelled = wait->untold = TRUE;
    ReleaseSRWLockExclusive(&context->lock);
    while ((id = next_untold(context)))
        context->transport->cancel(id);
}

/* ---- waiting ---- */

static LONG wait_once(struct pcsc_context *context, DWORD cancels, DWORD timeout,
                      struct transport_reader_state *states, DWORD count, BOOL *reused)
{
    const struct transport_ops *ops = context->transport;
    struct context_wait *wait;
    LONG result;

    *reused = FALSE;
    if (!(wait = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*wait))))
        return ERROR_OUTOFMEMORY;
    if (!(result = get(ops, &wait->id, reused)))
    {
        result = SCARD_E_CANCELLED;
        if (enlist(context, wait, cancels))
        {
            result = ops->get_status_change(wait->id, timeout, states, count);
            strike(context, wait);
        }
        if (wait->cancelled || result_event(result) == EVENT_SERVICE_GONE)
            ops->release(wait->id);
        else
            keep(ops, wait->id);
    }
    HeapFree(GetProcessHeap(), 0, wait);
    return result;
}

LONG context_wait(struct pcsc_context *context, DWORD cancels, DWORD timeout,
                  struct transport_reader_state *states, DWORD count)
{
    BOOL reused;
    LONG result;

    /* What the wait uses does not know that a restart of the service has voided the context. */
    if ((result = context->transport->is_valid(context->id)))
        return result;
    result = wait_once(context, cancels, timeout, states, count, &reused);
    /* Only what was kept is void, not the program's own context. */
    if (reused && result_event(result) == EVENT_SERVICE_GONE &&
        !context->transport->is_valid(context->id))
        result = wait_once(context, cancels, timeout, states, count, &reused);
    return result;
}
