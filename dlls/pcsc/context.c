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

LONG context_open(struct pcsc_context **out)
{
    return context_open_over(transport_default(), out);
}

LONG context_open_over(const struct transport_ops *transport, struct pcsc_context **out)
{
    struct pcsc_context *context;
    LONG result;

    *out = NULL;
    if (!(context = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*context))))
        return ERROR_OUTOFMEMORY;
    context->refs = 1;
    context->transport = transport;
    if ((result = context->transport->establish(&context->id)))
        goto fail;
    if ((result = expose(context)))
    {
        context->transport->release(context->id);
        goto fail;
    }
    *out = context;
    return SCARD_S_SUCCESS;

fail:
    HeapFree(GetProcessHeap(), 0, context);
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
