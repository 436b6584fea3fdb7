/*
 * Contexts: SCardEstablishContext, SCardReleaseContext, SCardIsValidContext, SCardCancel.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "calls.h"

#include "pcsc/connection.h"
#include "pcsc/waits.h"
#include "base/error.h"
#include "base/module.h"
#include "iso7816/result.h"

/* ---- what the functions have in common ---- */

LONG call_context(SCARDCONTEXT value, BOOL may_be_none, struct pcsc_context **out)
{
    if (!value && may_be_none)
        return context_open(out);
    *out = context_find(value);
    return *out ? SCARD_S_SUCCESS : ERROR_INVALID_HANDLE;
}

LONG call_context_result(LONG result)
{
    if (result_event(result) == EVENT_SERVICE_GONE && result != (LONG)SCARD_E_INVALID_VALUE)
        return SCARD_E_SERVICE_STOPPED;
    return result;
}

LONG call_result(const char *function, LONG result)
{
    switch ((ULONG)result)
    {
    case SCARD_E_INVALID_HANDLE: result = ERROR_INVALID_HANDLE; break;
    case ERROR_OUTOFMEMORY: result = SCARD_E_NO_MEMORY; break;
    case ERROR_INVALID_PARAMETER: result = SCARD_E_INVALID_PARAMETER; break;
    }
    if (trace_enabled(TRACE_TRACE))
        trace_line(TRACE_TRACE, function, "-> %s", trace_hr(result));
    return result;
}

/* ---- the functions ---- */

static LONG establish(DWORD scope, SCARDCONTEXT *out)
{
    LONG result;

    if (!out)
        return SCARD_E_INVALID_PARAMETER;
    *out = 0;
    if (scope > SCARD_SCOPE_SYSTEM)
        return SCARD_E_INVALID_VALUE;
    if (!(result = context_establish(out)))
    {
        waits_retain();
        module_retain();
    }
    return result;
}

LONG WINAPI SCardEstablishContext(DWORD scope, const void *reserved1, const void *reserved2,
                                  SCARDCONTEXT *context)
{
    LONG result = establish(scope, context);

    TRACE("scope %lu: %p", scope, context ? (void *)*context : NULL);
    CALL_RETURN(result);
}

static LONG release(SCARDCONTEXT value)
{
    struct pcsc_context *context = context_find(value);
    LONG result = ERROR_INVALID_HANDLE;
    BOOL ours;

    if (!context)
        return result;
    ours = context->established;
    if (context_close(context))
    {
        result = SCARD_S_SUCCESS;
        context_cancel(context);
        connection_close_given(context);
        if (ours)
        {
            waits_release();
            module_release();
        }
    }
    context_release(context);
    return result;
}

LONG WINAPI SCardReleaseContext(SCARDCONTEXT context)
{
    TRACE("%p", (void *)context);
    CALL_RETURN(release(context));
}

LONG WINAPI SCardIsValidContext(SCARDCONTEXT value)
{
    struct pcsc_context *context;
    LONG result;

    TRACE("%p", (void *)value);
    if (!(result = call_context(value, FALSE, &context)))
    {
        result = context->transport->is_valid(context->id);
        context_release(context);
    }
    CALL_RETURN(result);
}

LONG WINAPI SCardCancel(SCARDCONTEXT value)
{
    struct pcsc_context *context;
    LONG result;

    TRACE("%p", (void *)value);
    if (!(result = call_context(value, FALSE, &context)))
    {
        context_cancel(context);
        context_release(context);
    }
    CALL_RETURN(result);
}
