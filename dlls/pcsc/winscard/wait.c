/*
 * Waiting for readers and cards over winscard.dll.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Wine's winscard (to 11 at least) forgets the states it is given and returns at once, so what it
 * says is compared here, and where it does not wait we do. A wait goes in slices: a cancel that
 * comes before SCardGetStatusChange really waits would be lost otherwise, and the list of readers
 * is looked at between them for "\\?PnP?\Notification".
 */

#include "objects.h"

#include "base/multistring.h"

#define SLICE    250 /* milliseconds */
#define PNP_NAME L"\\\\?PnP?\\Notification"

#define STATE_BITS \
    (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE | SCARD_STATE_EMPTY | SCARD_STATE_PRESENT \
     | SCARD_STATE_ATRMATCH | SCARD_STATE_EXCLUSIVE | SCARD_STATE_INUSE | SCARD_STATE_MUTE \
     | SCARD_STATE_UNPOWERED)

struct winscard_wait
{
    struct winscard_context *context;
    struct transport_reader_state *states;
    DWORD count;
    SCARD_READERSTATEW *native;         /* count of them, used again in every slice */
    struct transport_reader_state *pnp; /* the one of states that stands for all readers, or NULL */
    WCHAR *readers;                     /* when the wait began */
};

static ULONGLONG ticks(void)
{
    return GetTickCount64();
}

/* ---- the list of readers ---- */

/* No readers are an empty list. */
static LONG read_names(SCARDCONTEXT native, WCHAR **names)
{
    LONG result = winscard_names(native, NULL, FALSE, names);

    if (result != SCARD_E_NO_READERS_AVAILABLE)
        return result;
    *names = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, 2 * sizeof(WCHAR));
    return *names ? SCARD_S_SUCCESS : ERROR_OUTOFMEMORY;
}

static BOOL same_names(const WCHAR *a, const WCHAR *b)
{
    for (; *a && !lstrcmpW(a, b); a += lstrlenW(a) + 1, b += lstrlenW(b) + 1)
        ;
    return !*a && !*b;
}

/* The count of readers stands above the bits, as in every state of this pseudo reader. */
static LONG look_for_readers(struct winscard_wait *wait)
{
    WCHAR *now;
    DWORD count;
    LONG result;

    if ((result = read_names(wait->context->native, &now)))
        return result;
    count = (DWORD)multistring16_count(now, multistring16_length(now));
    wait->pnp->event_state = count << 16;
    if (same_names(wait->readers, now))
        result = SCARD_E_TIMEOUT;
    else
        wait->pnp->event_state |= SCARD_STATE_CHANGED;
    HeapFree(GetProcessHeap(), 0, now);
    return result;
}

/* ---- the states ---- */

static BOOL is_watched(const struct transport_reader_state *state, const struct winscard_wait *wait)
{
    return state != wait->pnp && !(state->current_state & SCARD_STATE_IGNORE);
}

static DWORD fill_native(struct winscard_wait *wait)
{
    DWORD i, n = 0;

    for (i = 0; i < wait->count; i++)
    {
        if (!is_watched(&wait->states[i], wait))
            continue;
        ZeroMemory(&wait->native[n], sizeof(wait->native[n]));
        wait->native[n].szReader = wait->states[i].reader;
        wait->native[n].dwCurrentState = wait->states[i].current_state;
        n++;
    }
    return n;
}

static BOOL differs(DWORD current, DWORD event)
{
    if (!(current & STATE_BITS))
        return TRUE; /* SCARD_STATE_UNAWARE */
    if (HIWORD(current) && HIWORD(current) != HIWORD(event))
        return TRUE;
    return ((current ^ event) & STATE_BITS) != 0;
}

/* Copies what was seen; TRUE when any state differs from the one that was known. */
static BOOL take_native(struct winscard_wait *wait)
{
    struct transport_reader_state *state;
    const SCARD_READERSTATEW *native = wait->native;
    BOOL changed = FALSE;
    DWORD i;

    for (i = 0; i < wait->count; i++)
    {
        state = &wait->states[i];
        if (!is_watched(state, wait))
            continue;
        state->event_state = native->dwEventState & ~SCARD_STATE_CHANGED;
        state->atr_length = min(native->cbAtr, TRANSPORT_ATR_SIZE);
        memcpy(state->atr, native->rgbAtr, state->atr_length);
        if (differs(state->current_state, native->dwEventState))
        {
            state->event_state |= SCARD_STATE_CHANGED;
            changed = TRUE;
        }
        native++;
    }
    return changed;
}

/* One slice at most. SCARD_E_TIMEOUT when nothing has changed. */
static LONG look(struct winscard_wait *wait, DWORD timeout)
{
    DWORD n = fill_native(wait);
    LONG result = SCARD_E_TIMEOUT, readers = SCARD_E_TIMEOUT;

    if (n)
        result = winscard_result(
            winscard_api()->get_status_change(wait->context->native, timeout, wait->native, n));
    if (n && (!result || result == SCARD_E_TIMEOUT))
        result = take_native(wait) ? SCARD_S_SUCCESS : SCARD_E_TIMEOUT;
    if (wait->pnp && (!result || result == SCARD_E_TIMEOUT))
        readers = look_for_readers(wait);
    return readers == SCARD_E_TIMEOUT ? result : readers;
}

static BOOL cancelled(const struct winscard_wait *wait, DWORD milliseconds)
{
    return WaitForSingleObject(wait->context->cancel, milliseconds) == WAIT_OBJECT_0;
}

static LONG wait_in_slices(struct winscard_wait *wait, DWORD timeout)
{
    ULONGLONG began = ticks(), slice_began;
    DWORD slice, spent;
    LONG result;

    for (;;)
    {
        if (cancelled(wait, 0))
            return SCARD_E_CANCELLED;
        slice_began = ticks();
        slice = SLICE;
        if (timeout != INFINITE)
            slice = slice_began - began >= timeout
                        ? 0
                        : (DWORD)min(SLICE, timeout - (slice_began - began));
        if ((result = look(wait, slice)) != SCARD_E_TIMEOUT || !slice)
            return result;
        spent = (DWORD)(ticks() - slice_began);
        if (spent < slice && cancelled(wait, slice - spent))
            return SCARD_E_CANCELLED;
    }
}

/* ---- the call ---- */

static LONG prepare(struct winscard_wait *wait)
{
    DWORD i;

    for (i = 0; i < wait->count; i++)
    {
        wait->states[i].event_state = 0;
        wait->states[i].atr_length = 0;
        if (!wait->states[i].reader)
            return SCARD_E_INVALID_PARAMETER;
        if (!lstrcmpW(wait->states[i].reader, PNP_NAME))
            wait->pnp = &wait->states[i];
    }
    if (!(wait->native =
              HeapAlloc(GetProcessHeap(), 0, max(wait->count, 1) * sizeof(*wait->native))))
        return ERROR_OUTOFMEMORY;
    return wait->pnp ? read_names(wait->context->native, &wait->readers) : SCARD_S_SUCCESS;
}

LONG winscard_get_status_change(transport_id context, DWORD timeout,
                                struct transport_reader_state *states, DWORD count)
{
    struct winscard_wait wait = {.states = states, .count = count};
    LONG result;

    if (!(wait.context = winscard_context_get(context)))
        return SCARD_E_INVALID_HANDLE;
    InterlockedIncrement(&wait.context->waits);
    if (!(result = prepare(&wait)))
        result = wait_in_slices(&wait, timeout);
    InterlockedDecrement(&wait.context->waits);
    ResetEvent(wait.context->cancel);
    if (wait.native)
        HeapFree(GetProcessHeap(), 0, wait.native);
    if (wait.readers)
        HeapFree(GetProcessHeap(), 0, wait.readers);
    winscard_context_put(wait.context);
    return result;
}
