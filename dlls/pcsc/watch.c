/*
 * The watch: the readers and the cards in them, as they change.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The transport does the waiting. Nobody reports a reader that appears between listing the readers
 * and the beginning of the wait, so the list is read again at an interval.
 */

#include "watch.h"

#include <winscard.h>

#include "readers.h"
#include "base/multistring.h"
#include "base/trace.h"
#include "iso7816/result.h"

#define RECHECK 5000
/* Milliseconds before asking again about a reader that is listed, yet unknown. */
#define RETRY 100
/* Milliseconds between two attempts to reach a resource manager that went away. */
#define SERVICE_RETRY 1000
/* How long stopping waits for the thread, in milliseconds. */
#define PATIENCE 2000

static const WCHAR pnp_name[] = L"\\\\?PnP?\\Notification";

struct watch
{
    LONG refs; /* the starter's and the thread's */
    WCHAR *groups;
    void (*changed)(void *context);
    void *changed_context;
    HMODULE module; /* keeps our code loaded while the thread runs */
    HANDLE thread;
    HANDLE stop; /* set together with stopped */

    SRWLOCK lock;                 /* for the fields below and the call of changed */
    struct pcsc_context *context; /* replaced only by the thread, which may therefore read it
                                   * without lock */
    struct watch_view view;
    BOOL stopped;
};

/* ---- looking ---- */

/* A name that is too long for a view is left out: pcsc-lite has none. */
static void add_reader(struct watch_view *view, const WCHAR *name)
{
    struct watch_reader *reader = &view->readers[view->count];

    if (view->count == WATCH_READERS || lstrlenW(name) >= WATCH_NAME_SIZE)
    {
        WARN("reader %s is left out", trace_wstr(name));
        return;
    }
    ZeroMemory(reader, sizeof(*reader));
    lstrcpyW(reader->name, name);
    view->count++;
}

static const struct watch_reader *find_reader(const struct watch_view *view, const WCHAR *name)
{
    DWORD i;

    for (i = 0; i < view->count; i++)
    {
        if (!lstrcmpW(view->readers[i].name, name))
            return &view->readers[i];
    }
    return NULL;
}

/* Lists the readers; those already listed keep their states. */
static LONG list_readers(const struct pcsc_context *context, const WCHAR *groups,
                         struct watch_view *view)
{
    struct watch_view old = *view;
    const struct watch_reader *known;
    const uint16_t *name;
    WCHAR *names = NULL;
    size_t at = 0, size;
    LONG result;

    result = readers_in_groups(context, groups, &names);
    view->result = result;
    view->count = 0;
    if (result)
        return result;
    size = HeapSize(GetProcessHeap(), 0, names) / sizeof(WCHAR);
    while ((name = multistring16_next((const uint16_t *)names, size, &at)))
    {
        if ((known = find_reader(&old, (const WCHAR *)name)) && view->count < WATCH_READERS)
            view->readers[view->count++] = *known;
        else
            add_reader(view, (const WCHAR *)name);
    }
    HeapFree(GetProcessHeap(), 0, names);
    return result;
}

/* Waits for a change of the view, including the list of readers; timeout 0 just reads the
 * states. */
static LONG wait_change(const struct pcsc_context *context, struct watch_view *view, DWORD timeout)
{
    struct transport_reader_state states[WATCH_READERS + 1] = {{0}};
    DWORD i, count = view->count;
    LONG result;

    for (i = 0; i < count; i++)
    {
        states[i].reader = view->readers[i].name;
        states[i].current_state = view->readers[i].state;
    }
    if (timeout)
        states[count++].reader = pnp_name;
    result = context->transport->get_status_change(context->id, timeout, states, count);
    if (result)
        return result;
    for (i = 0; i < view->count; i++)
    {
        view->readers[i].state = states[i].event_state & ~SCARD_STATE_CHANGED;
        view->readers[i].atr_length = min(states[i].atr_length, TRANSPORT_ATR_SIZE);
        memcpy(view->readers[i].atr, states[i].atr, view->readers[i].atr_length);
    }
    return result;
}

LONG watch_look(const WCHAR *groups, struct watch_view *out)
{
    struct pcsc_context *context;
    LONG result;

    ZeroMemory(out, sizeof(*out));
    if (!(result = context_open(&context)))
    {
        if (!(result = list_readers(context, groups, out)) && out->count)
            result = wait_change(context, out, 0);
        context_release(context);
    }
    /* When a reader went away in between, the others stay as listed, without states. */
    if (result == SCARD_E_TIMEOUT || result == SCARD_E_UNKNOWN_READER)
        result = SCARD_S_SUCCESS;
    out->result = result;
    return result;
}

/* ---- the thread ---- */

static void watch_release(struct watch *watch)
{
    if (InterlockedDecrement(&watch->refs))
        return;
    context_release(watch->context);
    if (watch->thread)
        CloseHandle(watch->thread);
    if (watch->stop)
        CloseHandle(watch->stop);
    HeapFree(GetProcessHeap(), 0, watch->groups);
    HeapFree(GetProcessHeap(), 0, watch);
}

static BOOL same_view(const struct watch_view *a, const struct watch_view *b)
{
    return a->result == b->result && a->count == b->count &&
           !memcmp(a->readers, b->readers, a->count * sizeof(a->readers[0]));
}

/* FALSE once stopped. */
static BOOL publish(struct watch *watch, const struct watch_view *view, BOOL first)
{
    BOOL go_on;

    AcquireSRWLockExclusive(&watch->lock);
    go_on = !watch->stopped;
    if (go_on && (first || !same_view(view, &watch->view)))
    {
        watch->view = *view;
        watch->changed(watch->changed_context);
    }
    ReleaseSRWLockExclusive(&watch->lock);
    return go_on;
}

static void set_failure(struct watch_view *view, LONG result)
{
    view->result = result_event(result) == EVENT_SERVICE_GONE ? SCARD_E_SERVICE_STOPPED : result;
    view->count = 0;
}

/* True for results that only mean that the readers must be listed again. */
static BOOL list_again(LONG result)
{
    if (result == SCARD_E_UNKNOWN_READER)
        Sleep(RETRY);
    return !result || result == SCARD_E_TIMEOUT || result == SCARD_E_UNKNOWN_READER;
}

/* Reads the present view, without waiting. */
static void look(struct watch *watch, struct watch_view *view)
{
    LONG result = list_readers(watch->context, watch->groups, view);

    if (result == SCARD_E_NO_READERS_AVAILABLE)
        result = SCARD_S_SUCCESS;
    if (!result && view->count)
        result = wait_change(watch->context, view, 0);
    view->result = SCARD_S_SUCCESS;
    if (!list_again(result))
        set_failure(view, result);
}

/* Returns when the resource manager is back, or when the watch is stopped (also 0). */
static LONG reopen(struct watch *watch)
{
    struct pcsc_context *fresh, *old;
    LONG result;

    do
    {
        if (WaitForSingleObject(watch->stop, SERVICE_RETRY) == WAIT_OBJECT_0)
            return SCARD_S_SUCCESS;
        result = context_open(&fresh);
    } while (result_event(result) == EVENT_SERVICE_GONE);
    if (result)
        return result;
    AcquireSRWLockExclusive(&watch->lock);
    old = watch->context;
    watch->context = fresh;
    ReleaseSRWLockExclusive(&watch->lock);
    context_release(old);
    return SCARD_S_SUCCESS;
}

static void watch_run(struct watch *watch)
{
    struct watch_view *view;
    BOOL first = TRUE;
    LONG result;

    if (!(view = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*view))))
        return;
    for (look(watch, view); publish(watch, view, first); look(watch, view))
    {
        first = FALSE;
        if (!view->result)
        {
            result = wait_change(watch->context, view, RECHECK);
            if (list_again(result))
                continue;
            set_failure(view, result);
            publish(watch, view, FALSE);
        }
        result = view->result;
        if (result == SCARD_E_SERVICE_STOPPED && !(result = reopen(watch)))
            continue;
        set_failure(view, result);
        publish(watch, view, FALSE);
        break;
    }
    HeapFree(GetProcessHeap(), 0, view);
}

static DWORD WINAPI watch_thread(void *parameter)
{
    struct watch *watch = parameter;
    HMODULE module = watch->module;

    watch_run(watch);
    watch_release(watch);
    FreeLibraryAndExitThread(module, 0);
}

/* ---- for the starter ---- */

static LONG copy_groups(const WCHAR *groups, WCHAR **out)
{
    SIZE_T size;

    *out = NULL;
    if (!groups)
        return ERROR_SUCCESS;
    size = multistring16_length(groups) * sizeof(WCHAR);
    if (!(*out = HeapAlloc(GetProcessHeap(), 0, size)))
        return ERROR_OUTOFMEMORY;
    memcpy(*out, groups, size);
    return ERROR_SUCCESS;
}

static LONG start_thread(struct watch *watch)
{
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const WCHAR *)watch_thread,
                            &watch->module))
        return GetLastError();
    watch->refs++;
    if ((watch->thread = CreateThread(NULL, 0, watch_thread, watch, CREATE_SUSPENDED, NULL)))
    {
        ResumeThread(watch->thread);
        return ERROR_SUCCESS;
    }
    watch->refs--;
    FreeLibrary(watch->module);
    return ERROR_OUTOFMEMORY;
}

LONG watch_start(const WCHAR *groups, void (*changed)(void *context), void *context,
                 struct watch **out)
{
    struct watch *watch;
    LONG result;

    *out = NULL;
    if (!(watch = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*watch))))
        return ERROR_OUTOFMEMORY;
    watch->refs = 1;
    watch->changed = changed;
    watch->changed_context = context;
    InitializeSRWLock(&watch->lock);
    if (!(watch->stop = CreateEventW(NULL, TRUE, FALSE, NULL)))
        result = ERROR_OUTOFMEMORY;
    else if (!(result = copy_groups(groups, &watch->groups)))
        result = context_open(&watch->context);
    if (!result)
        result = start_thread(watch);
    if (result)
        watch_release(watch);
    else
        *out = watch;
    return result;
}

void watch_read(struct watch *watch, struct watch_view *out)
{
    AcquireSRWLockShared(&watch->lock);
    *out = watch->view;
    ReleaseSRWLockShared(&watch->lock);
}

void watch_stop(struct watch *watch)
{
    if (!watch)
        return;
    AcquireSRWLockExclusive(&watch->lock);
    watch->stopped = TRUE;
    SetEvent(watch->stop);
    watch->context->transport->cancel(watch->context->id);
    ReleaseSRWLockExclusive(&watch->lock);
    WaitForSingleObject(watch->thread, PATIENCE);
    watch_release(watch);
}
