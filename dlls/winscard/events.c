/*
 * Events: the one that says that the service runs, and those of Windows 2000.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCardAccessStartedEvent gives each caller a handle of its own to one event. Some programs close
 * it, others call SCardReleaseStartedEvent, which names no handle: it closes the one given last, if
 * that still is our event and not something else that has got its value since.
 */

#include "later.h"

#include <stdio.h>
#include <wchar.h>
#include <winternl.h>

/* How long, in milliseconds, between two looks for a service that does not run. */
#define RETRY 1000
/* Handles that are remembered; older ones are their owners'. */
#define GIVEN_MAX 64

#define NAME_SIZE 64

/* One kind of event and the handles that were given to it. */
struct event
{
    const WCHAR *kind;
    HANDLE event; /* ours, never given away */
    HANDLE given[GIVEN_MAX];
    DWORD count;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct event started = {L"Started", NULL, {NULL}, 0};
static struct event new_reader = {L"NewReader", NULL, {NULL}, 0};
static BOOL is_watched; /* a thread looks for the service */

/* ---- handles ---- */

/* A name that no other event has: it tells ours from what took a closed handle's value. */
static void name_of(const struct event *event, WCHAR name[NAME_SIZE])
{
    swprintf(name, NAME_SIZE, L"Scardssp%ls%lu", event->kind, GetCurrentProcessId());
}

/* Lock held. */
static BOOL open_event(struct event *event)
{
    WCHAR name[NAME_SIZE];

    name_of(event, name);
    if (!event->event)
        event->event = CreateEventW(NULL, TRUE, FALSE, name);
    return event->event != NULL;
}

/* Lock held. A handle for the caller; NULL. */
static HANDLE give(struct event *event)
{
    HANDLE handle;

    if (!open_event(event) ||
        !DuplicateHandle(GetCurrentProcess(), event->event, GetCurrentProcess(), &handle, 0, FALSE,
                         DUPLICATE_SAME_ACCESS))
        return NULL;
    if (event->count == GIVEN_MAX)
        memmove(event->given, event->given + 1, --event->count * sizeof(event->given[0]));
    event->given[event->count++] = handle;
    return handle;
}

static BOOL is_ours(const struct event *event, HANDLE handle)
{
    NTSTATUS(WINAPI * query)(HANDLE, int, void *, ULONG, ULONG *);
    union
    {
        UNICODE_STRING name;
        BYTE room[1024];
    } object;
    WCHAR name[NAME_SIZE];
    DWORD length;
    ULONG size;

    query = (void *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryObject");
    ZeroMemory(&object, sizeof(object));
    if (!query || query(handle, 1 /* ObjectNameInformation */, &object, sizeof(object), &size) ||
        !object.name.Buffer)
        return FALSE;
    name_of(event, name);
    length = lstrlenW(name);
    return object.name.Length >= length * sizeof(WCHAR) &&
           !memcmp(object.name.Buffer + object.name.Length / sizeof(WCHAR) - length, name,
                   length * sizeof(WCHAR));
}

static void take_back(struct event *event)
{
    HANDLE handle = NULL;

    AcquireSRWLockExclusive(&lock);
    while (event->count && !handle)
    {
        handle = event->given[--event->count];
        if (!is_ours(event, handle))
            handle = NULL;
    }
    if (handle)
        CloseHandle(handle);
    ReleaseSRWLockExclusive(&lock);
}

/* ---- the service ---- */

static BOOL service_runs(void)
{
    struct pcsc_context *context;

    if (context_open(&context))
        return FALSE;
    context_release(context);
    return TRUE;
}

/* Lock held. Whether a program still has a handle to it. */
static BOOL is_given(const struct event *event)
{
    DWORD i;

    for (i = 0; i < event->count; i++)
        if (is_ours(event, event->given[i]))
            return TRUE;
    return FALSE;
}

/* TRUE when the service runs, or nobody wants to know any more. */
static BOOL look_once(void)
{
    BOOL runs = service_runs();

    AcquireSRWLockExclusive(&lock);
    is_watched = !runs && is_given(&started);
    if (runs)
        SetEvent(started.event);
    runs = !is_watched;
    ReleaseSRWLockExclusive(&lock);
    return runs;
}

static DWORD WINAPI look_for_service(void *module)
{
    while (!look_once())
        Sleep(RETRY);
    FreeLibraryAndExitThread(module, 0);
}

/* Lock held. */
static void watch_service(void)
{
    HMODULE module;
    HANDLE thread;

    if (is_watched || !GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                                          (const WCHAR *)look_for_service, &module))
        return;
    if ((thread = CreateThread(NULL, 0, look_for_service, module, 0, NULL)))
    {
        is_watched = TRUE;
        CloseHandle(thread);
    }
    else
        FreeLibrary(module);
}

/* ---- the functions ---- */

HANDLE WINAPI SCardAccessStartedEvent(void)
{
    BOOL runs = service_runs();
    HANDLE handle;

    AcquireSRWLockExclusive(&lock);
    if ((handle = give(&started)) && runs)
        SetEvent(started.event);
    else if (handle)
    {
        ResetEvent(started.event);
        watch_service();
    }
    ReleaseSRWLockExclusive(&lock);
    TRACE("%p, %s", handle, runs ? "it runs" : "it does not run");
    return handle;
}

void WINAPI SCardReleaseStartedEvent(void)
{
    take_back(&started);
}

/* No page of Microsoft's tells more of these three than their names: they are of a time before the
 * pseudo reader of SCardGetStatusChange. The event is never set. */
HANDLE WINAPI SCardAccessNewReaderEvent(void)
{
    HANDLE handle;

    AcquireSRWLockExclusive(&lock);
    handle = give(&new_reader);
    ReleaseSRWLockExclusive(&lock);
    TRACE("%p", handle);
    return handle;
}

void WINAPI SCardReleaseNewReaderEvent(void)
{
    take_back(&new_reader);
}

void WINAPI SCardReleaseAllEvents(void)
{
    DWORD i;

    for (i = 0; i < GIVEN_MAX; i++)
    {
        take_back(&started);
        take_back(&new_reader);
    }
}
