/*
 * Many threads at once: contexts, connections, waits, cancels, releases.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCARDSSP_TEST_ROUNDS is how many rounds each thread makes (default 200; 10000 take an hour).
 * Needs the card iso-t1. What pcscd counts is looked at where there is a rig.
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

#define THREADS    8
#define OPEN_CARDS 50
/* What pcscd allows to all programs together. */
#define CONTEXTS_MAX 200

static int rounds = 200;
static SCARDCONTEXT shared;
static volatile LONG handles[64];
static volatile LONG stop;
static int most; /* the most contexts that pcscd had while threads ran */

/* How many contexts pcscd has, for this program alone in a rig; -1 without one. */
static int count_contexts(void)
{
    char answer[64] = "";

    if (!rig_is_there() || rig_request("pcscd contexts", answer, sizeof(answer)))
        return -1;
    return atoi(answer + strlen("ok "));
}

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
    int count;

    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, function, (void *)(ULONG_PTR)(i + 1), 0, NULL);
    while (WaitForMultipleObjects(THREADS, threads, TRUE, 500) == WAIT_TIMEOUT)
        most = (count = count_contexts()) > most ? count : most;
    for (i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
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

/* ---- what pcscd has ---- */

/* pcscd closes its end of a context that was released a moment later. */
static void check_contexts(int limit, const char *when)
{
    int count, tries;

    for (tries = 0; (count = count_contexts()) > limit && tries < 100; tries++)
        Sleep(50);
    ok(count <= limit, "%s: pcscd has %d contexts\n", when, count);
}

/* Cards over contexts of their own, then over one. */
static void test_open_cards(void)
{
    SCARDCONTEXT contexts[OPEN_CARDS];
    SCARDHANDLE cards[OPEN_CARDS];
    DWORD protocol;
    unsigned i;
    WORD sw;

    for (i = 0; i < OPEN_CARDS; i++)
    {
        contexts[i] = establish();
        cards[i] = connect_to(contexts[i], SCARD_SHARE_SHARED, 3, &protocol);
    }
    ok_hr(select_root(cards[OPEN_CARDS - 1], &sw), SCARD_S_SUCCESS);
    check_contexts(CONTEXTS_MAX / 2, "cards over contexts of their own");
    for (i = 0; i < OPEN_CARDS; i++)
        ok_hr(SCardReleaseContext(contexts[i]), SCARD_S_SUCCESS);
    check_contexts(0, "all released");
    contexts[0] = establish();
    for (i = 0; i < OPEN_CARDS; i++)
        cards[i] = connect_to(contexts[0], SCARD_SHARE_SHARED, 3, &protocol);
    check_contexts(CONTEXTS_MAX / 2, "cards over one");
    ok_hr(SCardReleaseContext(contexts[0]), SCARD_S_SUCCESS);
    check_contexts(0, "released");
}

static DWORD WINAPI wait_until_released(void *parameter)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = SCARD_STATE_EMPTY};
    LONG result;

    do
        result = SCardGetStatusChangeW(shared, 1, &state, 1);
    while (result == (LONG)SCARD_E_TIMEOUT);
    return result;
}

/* The last context is released just when a wait over it ends. */
static void test_last_release(void)
{
    DWORD result;
    HANDLE thread;
    unsigned i;

    for (i = 0; i < 60; i++)
    {
        shared = establish();
        thread = CreateThread(NULL, 0, wait_until_released, NULL, 0, NULL);
        Sleep(i % 8);
        ok_hr(SCardReleaseContext(shared), SCARD_S_SUCCESS);
        WaitForSingleObject(thread, INFINITE);
        GetExitCodeThread(thread, &result);
        CloseHandle(thread);
        ok(result == ERROR_INVALID_HANDLE || result == (DWORD)SCARD_E_CANCELLED, "%#lx\n", result);
        check_contexts(0, "the last one is released");
    }
}

START_TEST(threads)
{
    DWORD before, after, handles_before, handles_after;
    char value[16];

    winscard_begin();
    if (winscard_is_weak())
    {
        skip("Wine's own winscard.dll reads freed handles\n");
        return;
    }
    if (GetEnvironmentVariableA("SCARDSSP_TEST_ROUNDS", value, sizeof(value)))
        rounds = atoi(value);
    fact(GUESS);
    test_open_cards();
    test_last_release();
    run(establish_and_connect);
    before = test_heap_blocks();
    GetProcessHandleCount(GetCurrentProcess(), &handles_before);
    run(establish_and_connect);
    run_shared();
    after = test_heap_blocks();
    GetProcessHandleCount(GetCurrentProcess(), &handles_after);
    fact(GUESS);
    ok(after < before + 200, "%lu blocks have become %lu\n", before, after);
    ok(handles_after < handles_before + 10, "%lu handles have become %lu\n", handles_before,
       handles_after);
    ok(most < CONTEXTS_MAX, "pcscd had %d contexts\n", most);
    trace("pcscd had %d contexts\n", most);
    check_contexts(0, "the end");
}
