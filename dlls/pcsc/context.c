/*
 * Contexts: the objects behind our HSCARDCONTEXTs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

#include "context.h"
#include "handles.h"

/* Sets the handle that applications see. */
static LONG expose(struct pcsc_context *context)
{
    if (!context->transport->native_context)
        return handle_issue(HANDLE_CONTEXT, context, &context->value);
    context->value = context->transport->native_context(context->id);
    return SCARD_S_SUCCESS;
}

static LONG start(const struct transport_ops *transport, struct pcsc_context **out)
{
    struct pcsc_context *context;
    LONG result;

    *out = NULL;
    if (!(context = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*context))))
        return ERROR_OUTOFMEMORY;
    context->refs = 1;
    context->transport = transport;
    InitializeSRWLock(&context->lock);
    if ((result = context->transport->establish(&context->id)))
        HeapFree(GetProcessHeap(), 0, context);
    else
        *out = context;
    return result;
}

/* With the result of exposing it; a failure releases it. */
static LONG finish(LONG result, struct pcsc_context **out)
{
    if (result)
    {
        context_release(*out);
        *out = NULL;
    }
    return result;
}

LONG context_open(struct pcsc_context **out)
{
    return context_open_over(transport_default(), out);
}

LONG context_open_over(const struct transport_ops *transport, struct pcsc_context **out)
{
    LONG result = start(transport, out);

    return result ? result : finish(expose(*out), out);
}

LONG context_establish(ULONG_PTR *value)
{
    struct pcsc_context *context;
    LONG result;

    *value = 0;
    if ((result = start(transport_default(), &context)))
        return result;
    context->established = 1;
    result = finish(handle_issue(HANDLE_CONTEXT, context, &context->value), &context);
    if (!result)
        *value = context->value;
    return result;
}

void context_retain(struct pcsc_context *context)
{
    InterlockedIncrement(&context->refs);
}

void context_release(struct pcsc_context *context)
{
    if (!context || InterlockedDecrement(&context->refs))
        return;
    handle_free(context->value);
    context->transport->release(context->id);
    HeapFree(GetProcessHeap(), 0, context);
}

/* ---- by value ---- */

/* A record whose last reference is just going must not be brought back. */
static BOOL retain_living(void *record)
{
    struct pcsc_context *context = record;
    LONG refs = context->refs, seen;

    for (; refs > 0; refs = seen)
        if ((seen = InterlockedCompareExchange(&context->refs, refs + 1, refs)) == refs)
            return TRUE;
    return FALSE;
}

struct pcsc_context *context_find(ULONG_PTR value)
{
    return handle_find(HANDLE_CONTEXT, value, retain_living);
}

BOOL context_close(struct pcsc_context *context)
{
    ULONG_PTR value = 0;

    AcquireSRWLockExclusive(&context->lock);
    if (!context->closed)
    {
        value = context->value;
        context->value = 0;
        context->closed = TRUE;
    }
    ReleaseSRWLockExclusive(&context->lock);
    if (!value)
        return FALSE;
    handle_free(value);
    if (InterlockedExchange(&context->established, 0))
        context_release(context);
    return TRUE;
}

/* ---- what is open over it ---- */

BOOL context_add(struct pcsc_context *context, struct context_member *member)
{
    BOOL added;

    AcquireSRWLockExclusive(&context->lock);
    if ((added = !context->closed))
    {
        member->context = context;
        member->next = context->members;
        context->members = member;
    }
    ReleaseSRWLockExclusive(&context->lock);
    if (added)
        context_retain(context);
    return added;
}

void context_remove(struct context_member *member)
{
    struct pcsc_context *context =
        InterlockedExchangePointer((void *volatile *)&member->context, NULL);
    struct context_member **at;

    if (!context)
        return;
    AcquireSRWLockExclusive(&context->lock);
    for (at = &context->members; *at && *at != member; at = &(*at)->next)
        ;
    if (*at)
        *at = member->next;
    ReleaseSRWLockExclusive(&context->lock);
    context_release(context);
}

void *context_first(struct pcsc_context *context, BOOL (*retain)(void *record))
{
    struct context_member *member;
    void *record = NULL;

    AcquireSRWLockShared(&context->lock);
    for (member = context->members; member && !record; member = member->next)
        if (retain(member->record))
            record = member->record;
    ReleaseSRWLockShared(&context->lock);
    return record;
}
