/*
 * Waiting for readers and cards: SCardGetStatusChange.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The pseudo reader "\\?PnP?\Notification" stands for the list of readers. Windows of today has
 * their number in the high word of its state; the documentation of XP wants zeros there. So here a
 * high word of 0 only waits, any other is compared, and what comes back has the number.
 */

#include "waiting.h"

#include "pcsc/readers.h"
#include "pcsc/waits.h"
#include "readers.h"
#include "strings.h"

/* More than any array has. */
#define COUNT_MAX 4096u

#define PNP_NAME L"\\\\?PnP?\\Notification"

/* SCARD_READERSTATEA and -W differ in the type of the name alone. */
C_ASSERT(sizeof(SCARD_READERSTATEA) == sizeof(SCARD_READERSTATEW));

/* One reader that is waited for. */
struct waited_reader
{
    SCARD_READERSTATEW *state; /* the caller's */
    WCHAR *name;
    BOOL is_pnp;
};

struct waiting
{
    struct pcsc_context *context;
    struct waited_reader *rows;
    struct transport_reader_state *transport; /* one a row */
    DWORD count;
    DWORD cancels; /* the context's when the call began */
};

/* ---- rows ---- */

static LONG add_row(struct waiting *job, SCARD_READERSTATEW *state, BOOL ansi)
{
    struct waited_reader *row = &job->rows[job->count];
    struct transport_reader_state *transport = &job->transport[job->count];
    LONG result;

    if (!state->szReader)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = readers_take_name(job->context, state->szReader, ansi, &row->name)))
        return result;
    job->count++;
    row->state = state;
    row->is_pnp = !lstrcmpiW(row->name, PNP_NAME);
    transport->reader = row->name;
    transport->current_state = row->is_pnp ? 0 : state->dwCurrentState;
    return SCARD_S_SUCCESS;
}

/* Those to be ignored are no rows. */
static LONG add_rows(struct waiting *job, SCARD_READERSTATEW *states, DWORD count, BOOL ansi)
{
    LONG result = SCARD_S_SUCCESS;
    DWORD i;

    for (i = 0; i < count && !result; i++)
    {
        if (states[i].dwCurrentState & SCARD_STATE_IGNORE)
            states[i].dwEventState = SCARD_STATE_IGNORE;
        else
            result = add_row(job, &states[i], ansi);
    }
    return result;
}

static void free_rows(struct waiting *job)
{
    DWORD i;

    for (i = 0; i < job->count; i++)
        HeapFree(GetProcessHeap(), 0, job->rows[i].name);
}

/* ---- the number of readers ---- */

/* Of the caller's last look; 0: there was none. */
static DWORD number_known(const struct waited_reader *row)
{
    return HIWORD(row->state->dwCurrentState);
}

/* Whether the pseudo reader is asked for with another number than there is now. */
static BOOL number_differs(const struct waiting *job)
{
    DWORD i;

    for (i = 0; i < job->count; i++)
        if (job->rows[i].is_pnp && number_known(&job->rows[i]))
            return number_known(&job->rows[i]) != readers_count(job->context);
    return FALSE;
}

static void fill_number(const struct waiting *job, SCARD_READERSTATEW *state, DWORD event)
{
    DWORD number = readers_count(job->context);
    DWORD known = HIWORD(state->dwCurrentState);

    state->dwEventState = MAKELONG(event & SCARD_STATE_CHANGED, number);
    if (known && known != number)
        state->dwEventState |= SCARD_STATE_CHANGED;
}

/* ---- waiting ---- */

static void fill(struct waiting *job)
{
    DWORD i;

    for (i = 0; i < job->count; i++)
    {
        const struct transport_reader_state *seen = &job->transport[i];
        SCARD_READERSTATEW *state = job->rows[i].state;

        state->cbAtr = min(seen->atr_length, sizeof(state->rgbAtr));
        memcpy(state->rgbAtr, seen->atr, state->cbAtr);
        if (job->rows[i].is_pnp)
            fill_number(job, state, seen->event_state);
        else
            state->dwEventState = seen->event_state;
    }
}

/* Names that are aliases become their readers'. TRUE when there was one. */
static BOOL resolve(struct waiting *job)
{
    BOOL resolved = FALSE;
    WCHAR *name;
    DWORD i;

    for (i = 0; i < job->count; i++)
    {
        if (job->rows[i].is_pnp || readers_of_alias(job->context, job->rows[i].name, &name))
            continue;
        HeapFree(GetProcessHeap(), 0, job->rows[i].name);
        job->rows[i].name = name;
        job->transport[i].reader = name;
        resolved = TRUE;
    }
    return resolved;
}

static BOOL is_listed(const WCHAR *names, const WCHAR *name)
{
    for (; names && *names; names += lstrlenW(names) + 1)
        if (!wcscmp(names, name))
            return TRUE;
    return FALSE;
}

/* The states of readers that nobody knows say so. */
static void mark_unknown(struct waiting *job)
{
    WCHAR *names = NULL;
    DWORD i;

    job->context->transport->list_readers(job->context->id, NULL, &names);
    for (i = 0; i < job->count; i++)
        if (!job->rows[i].is_pnp && !is_listed(names, job->rows[i].name))
            job->rows[i].state->dwEventState =
                SCARD_STATE_UNKNOWN | SCARD_STATE_CHANGED | SCARD_STATE_IGNORE;
    HeapFree(GetProcessHeap(), 0, names);
}

static LONG wait_for(struct waiting *job, DWORD timeout)
{
    BOOL differs = number_differs(job);
    LONG result;

    if (differs)
        timeout = 0;
    result = context_wait(job->context, job->cancels, timeout, job->transport, job->count);
    if (result == (LONG)SCARD_E_UNKNOWN_READER && resolve(job))
        result = context_wait(job->context, job->cancels, timeout, job->transport, job->count);
    if (result == (LONG)SCARD_E_UNKNOWN_READER)
        mark_unknown(job);
    if (!result || result == (LONG)SCARD_E_TIMEOUT)
        fill(job);
    return differs && result == (LONG)SCARD_E_TIMEOUT ? SCARD_S_SUCCESS
                                                      : call_context_result(result);
}

LONG waiting_run(struct pcsc_context *context, DWORD timeout, SCARD_READERSTATEW *states,
                 DWORD count, BOOL ansi)
{
    struct waiting job = {context, NULL, NULL, 0, context->cancels};
    LONG result = SCARD_E_NO_MEMORY;

    if (!count)
        return SCARD_S_SUCCESS;
    if (!states || count > COUNT_MAX)
        return SCARD_E_INVALID_PARAMETER;
    job.rows = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, count * sizeof(*job.rows));
    job.transport = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, count * sizeof(*job.transport));
    if (job.rows && job.transport)
        result = add_rows(&job, states, count, ansi);
    if (!result && job.count)
        result = wait_for(&job, timeout);
    free_rows(&job);
    HeapFree(GetProcessHeap(), 0, job.rows);
    HeapFree(GetProcessHeap(), 0, job.transport);
    return result;
}

/* ---- the functions ---- */

static LONG get_status_change(SCARDCONTEXT value, DWORD timeout, SCARD_READERSTATEW *states,
                              DWORD count, BOOL ansi)
{
    struct pcsc_context *context;
    LONG result;

    if ((result = call_context(value, FALSE, &context)))
        return result;
    result = waiting_run(context, timeout, states, count, ansi);
    context_release(context);
    return result;
}

LONG WINAPI SCardGetStatusChangeA(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATEA *states,
                                  DWORD count)
{
    TRACE("%p, %lu ms, %lu readers", (void *)context, timeout, count);
    CALL_RETURN(get_status_change(context, timeout, (SCARD_READERSTATEW *)states, count, TRUE));
}

LONG WINAPI SCardGetStatusChangeW(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATEW *states,
                                  DWORD count)
{
    TRACE("%p, %lu ms, %lu readers", (void *)context, timeout, count);
    CALL_RETURN(get_status_change(context, timeout, states, count, FALSE));
}
