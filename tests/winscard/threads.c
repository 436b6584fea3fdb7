/*
 * Many threads at once: contexts, connections, waits, cancels, releases.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCARDSSP_TEST_ROUNDS is how many rounds each thread makes (default 200). Needs the card iso-t1.
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

#define THREADS 8

static int rounds = 200;
static SCARDCONTEXT shared;
static volatile LONG handles[64];
static volatile LONG stop;

/* ---- nothing is shared ---- */

static DWORD WINAPI establish_and_connect(void *parameter)
{
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol;
    LONG result;
    WORD sw;
    int i;

    fact(DOCUMENTED);
    for (i = 0; i < rounds; i++)
    {
        if ((result = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context)))
        {
            ok_hr(result, SCARD_S_SUCCESS);
            continue;
        }
        result = SCardConnectW(context, test_reader, SCARD_SHARE_SHARED, 3, &card, &protocol);
        ok_hr(result, SCARD_S_SUCCESS);
        if (!result)
        {
            ok_hr(select_root(card, &sw), SCARD_S_SUCCESS);
            if (i % 2)
                ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
        }
        ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
        ok_hr(SCardState(card, NULL, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
    }
    return 0;
}

/* ---- everything is shared ---- */

static void any_call(unsigned number)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = SCARD_STATE_EMPTY};
    volatile LONG *slot = &handles[number / 16 % ARRAYSIZE(handles)];
    SCARDHANDLE card = 0;
    DWORD protocol, length = 0;
    WORD sw;

    switch (number % 10)
    {
    case 0:
    case 1:
        SCardConnectW(shared, test_reader, SCARD_SHARE_SHARED, 3, &card, &protocol);
        card = (ULONG)InterlockedExchange(slot, (LONG)card);
        if (card)
            SCardDisconnect(card, SCARD_LEAVE_CARD);
        break;
    case 2: SCardDisconnect((ULONG)*slot, SCARD_LEAVE_CARD); break;
    case 3: SCardState((ULONG)*slot, &protocol, NULL, NULL, NULL); break;
    case 4: select_root((ULONG)*slot, &sw); break;
    case 5: SCardListReadersW(shared, NULL, NULL, &length); break;
    case 6: SCardGetStatusChangeW(shared, 1, &state, 1); break;
    case 7: SCardCancel(shared); break;
    case 8:
        if (!SCardBeginTransaction((ULONG)*slot))
            SCardEndTransaction((ULONG)*slot, SCARD_LEAVE_CARD);
        break;
    default: SCardReconnect((ULONG)*slot, 2, 3, SCARD_LEAVE_CARD, &protocol); break;
    }
}

static DWORD WINAPI call_anything(void *parameter)
{
    unsigned seed = (unsigned)(ULONG_PTR)parameter;
    int i;

    for (i = 0; i < rounds; i++)
    {
        seed = seed * 1103515245u + 12345u;
        any_call(seed >> 8);
    }
    return 0;
}

static DWORD WINAPI wait_until_stopped(void *parameter)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = SCARD_STATE_EMPTY};

    while (!stop)
        SCardGetStatusChangeW(shared, INFINITE, &state, 1);
    return 0;
}

/* ---- running them ---- */

static void run(DWORD(WINAPI *function)(void *))
{
    HANDLE threads[THREADS];
    unsigned i;

    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, function, (void *)(ULONG_PTR)(i + 1), 0, NULL);
    for (i = 0; i < THREADS; i++)
    {
        WaitForSingleObject(threads[i], INFINITE);
        CloseHandle(threads[i]);
    }
}

/* An unlocked connection that was overwritten goes with its context: nothing is left. */
static void run_shared(void)
{
    HANDLE waiter;
    DWORD protocol;
    SCARDHANDLE card;
    WORD sw;

    shared = establish();
    stop = 0;
    waiter = CreateThread(NULL, 0, wait_until_stopped, NULL, 0, NULL);
    run(call_anything);
    stop = 1;
    while (WaitForSingleObject(waiter, 1) == WAIT_TIMEOUT)
        SCardCancel(shared);
    CloseHandle(waiter);
    ok_hr(SCardReleaseContext(shared), SCARD_S_SUCCESS);
    memset((void *)handles, 0, sizeof(handles));
    shared = establish();
    card = connect_to(shared, SCARD_SHARE_EXCLUSIVE, 3, &protocol);
    ok_hr(select_root(card, &sw), SCARD_S_SUCCESS);
    ok_hr(SCardReleaseContext(shared), SCARD_S_SUCCESS);
}

START_TEST(threads)
{
    char value[16];
    DWORD before, after;

    winscard_begin();
    if (winscard_is_weak())
    {
        skip("Wine's own winscard.dll reads freed handles\n");
        return;
    }
    if (GetEnvironmentVariableA("SCARDSSP_TEST_ROUNDS", value, sizeof(value)))
        rounds = atoi(value);
    run(establish_and_connect);
    before = test_heap_blocks();
    run(establish_and_connect);
    run_shared();
    after = test_heap_blocks();
    fact(GUESS);
    ok(after < before + 200, "%lu blocks have become %lu\n", before, after);
}
