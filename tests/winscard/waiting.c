/*
 * Waiting for readers and cards: states, counts, ATRs, the pseudo reader, cancels.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * How long something takes is asked for once, where commands that wait for the end of a slice would
 * take five seconds: half of that is no limit that a busy machine misses.
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

#define PNP L"\\\\?PnP?\\Notification"

static SCARDCONTEXT context;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

/* The state of the reader with the card as it is now. */
static DWORD state_now(const WCHAR *reader)
{
    SCARD_READERSTATEW state = {.szReader = reader};

    ok_hr(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_S_SUCCESS);
    return state.dwEventState;
}

/* ---- a look ---- */

static void test_look(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = test_empty}};
    SCARD_READERSTATEA ansi = {.szReader = test_reader_ansi};
    void *mark = states;

    fact(DOCUMENTED);
    states[0].pvUserData = mark;
    ok_hr(SCardGetStatusChangeW(context, INFINITE, states, 2), SCARD_S_SUCCESS);
    ok_uint(states[0].dwEventState & 0xffff & ~SCARD_STATE_INUSE & ~SCARD_STATE_UNPOWERED,
            SCARD_STATE_CHANGED | SCARD_STATE_PRESENT);
    ok_uint(states[1].dwEventState & 0xffff, SCARD_STATE_CHANGED | SCARD_STATE_EMPTY);
    ok(states[0].cbAtr >= 2 && states[0].rgbAtr[0] == 0x3b, "ATR of %lu bytes\n", states[0].cbAtr);
    ok_uint(states[1].cbAtr, 0);
    ok(states[0].pvUserData == mark, "pvUserData has changed\n");
    ok_uint(states[0].dwCurrentState, 0);
    ok_hr(SCardGetStatusChangeA(context, 0, &ansi, 1), SCARD_S_SUCCESS);
    ok_uint(ansi.dwEventState, states[0].dwEventState);
    ok_uint(ansi.cbAtr, states[0].cbAtr);
    ok_bytes(ansi.rgbAtr, states[0].rgbAtr, ansi.cbAtr);
}

static void test_timeout(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = test_empty}};
    DWORD before;

    fact(DOCUMENTED);
    states[0].dwCurrentState = state_now(test_reader) & ~SCARD_STATE_CHANGED;
    states[1].dwCurrentState = state_now(test_empty) & ~SCARD_STATE_CHANGED;
    before = GetTickCount();
    todo_wines_own ok_hr(SCardGetStatusChangeW(context, 300, states, 2), SCARD_E_TIMEOUT);
    todo_wines_own ok(GetTickCount() - before >= 250, "it did not wait\n");
    todo_wines_own ok_uint(states[0].dwEventState, states[0].dwCurrentState);
    todo_wines_own ok_hr(SCardGetStatusChangeW(context, 0, states, 2), SCARD_E_TIMEOUT);
    /* What was seen may be told as it came, too. */
    states[0].dwCurrentState |= SCARD_STATE_CHANGED;
    states[1].dwCurrentState |= SCARD_STATE_CHANGED;
    todo_wines_own ok_hr(SCardGetStatusChangeW(context, 0, states, 2), SCARD_E_TIMEOUT);
}

static void test_ignored(void)
{
    SCARD_READERSTATEW states[2] = {{.szReader = test_reader}, {.szReader = L"No such reader"}};

    fact(GUESS);
    states[1].dwCurrentState = SCARD_STATE_IGNORE;
    todo_wines_own ok_hr(SCardGetStatusChangeW(context, 0, states, 2), SCARD_S_SUCCESS);
    todo_wines_own ok(states[0].dwEventState & SCARD_STATE_PRESENT, "%#lx\n",
                      states[0].dwEventState);
    todo_wines_own ok_uint(states[1].dwEventState, SCARD_STATE_IGNORE);
    states[1].dwCurrentState = 0;
    ok_hr(SCardGetStatusChangeW(context, 0, states, 2), SCARD_E_UNKNOWN_READER);
    todo_wines_own ok(states[1].dwEventState & SCARD_STATE_UNKNOWN, "%#lx\n",
                      states[1].dwEventState);
}

/* ---- changes ---- */

static DWORD WINAPI ask_rig(void *request)
{
    Sleep(200);
    rig(request);
    return 0;
}

/* A wait that a request of another thread ends; the state that it sees. */
static DWORD wait_for(const char *request, const WCHAR *reader)
{
    SCARD_READERSTATEW state = {.szReader = reader};
    HANDLE thread;

    state.dwCurrentState = state_now(reader) & ~SCARD_STATE_CHANGED;
    thread = CreateThread(NULL, 0, ask_rig, (void *)request, 0, NULL);
    ok_hr(SCardGetStatusChangeW(context, 20000, &state, 1), SCARD_S_SUCCESS);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    return state.dwEventState;
}

static void test_changes(void)
{
    DWORD count, state;

    fact(DOCUMENTED);
    count = HIWORD(state_now(test_reader));
    state = wait_for("card eject", test_reader);
    ok(state & SCARD_STATE_EMPTY && state & SCARD_STATE_CHANGED, "%#lx\n", state);
    fact(NATIVE);
    ok_uint(HIWORD(state), count + 1);
    fact(DOCUMENTED);
    state = wait_for("card insert", test_reader);
    ok(state & SCARD_STATE_PRESENT && state & SCARD_STATE_CHANGED, "%#lx\n", state);
    fact(NATIVE);
    ok_uint(HIWORD(state), count + 2);
}

/* The rule for the high word is a guess: waiting.c of dlls/winscard. */
static void test_pnp(void)
{
    SCARD_READERSTATEW state = {.szReader = PNP};
    SCARD_READERSTATEA ansi = {.szReader = "\\\\?PnP?\\Notification"};

    fact(GUESS);
    ok_hr(SCardGetStatusChangeW(context, 100, &state, 1), SCARD_E_TIMEOUT);
    ok_uint(state.dwEventState, MAKELONG(0, 2));
    state.dwCurrentState = MAKELONG(0, 2);
    ok_hr(SCardGetStatusChangeW(context, 100, &state, 1), SCARD_E_TIMEOUT);
    state.dwCurrentState = MAKELONG(0, 1);
    ok_hr(SCardGetStatusChangeW(context, INFINITE, &state, 1), SCARD_S_SUCCESS);
    ok_uint(state.dwEventState, MAKELONG(SCARD_STATE_CHANGED, 2));
    ok_hr(SCardGetStatusChangeA(context, 0, &ansi, 1), SCARD_E_TIMEOUT);
}

/* ---- cancels ---- */

static volatile LONG waiting;

static DWORD WINAPI wait_for_ever(void *parameter)
{
    SCARD_READERSTATEW state = {.szReader = test_empty};

    state.dwCurrentState = SCARD_STATE_EMPTY;
    InterlockedIncrement(&waiting);
    return SCardGetStatusChangeW(context, INFINITE, &state, 1);
}

static HANDLE start_wait(void)
{
    LONG before = waiting;
    HANDLE thread = CreateThread(NULL, 0, wait_for_ever, NULL, 0, NULL);

    while (waiting == before)
        Sleep(1);
    return thread;
}

static LONG end_of(HANDLE thread)
{
    DWORD result = ~0u;

    ok(WaitForSingleObject(thread, 20000) == WAIT_OBJECT_0, "it waits for ever\n");
    GetExitCodeThread(thread, &result);
    CloseHandle(thread);
    return result;
}

static void test_cancel(void)
{
    SCARD_READERSTATEW state = {.szReader = test_empty};
    HANDLE threads[5];
    unsigned i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(threads); i++)
        threads[i] = start_wait();
    Sleep(200);
    ok_hr(SCardCancel(context), SCARD_S_SUCCESS);
    for (i = 0; i < ARRAYSIZE(threads); i++)
        ok_hr(end_of(threads[i]), SCARD_E_CANCELLED);
    /* None that comes later. */
    ok_hr(SCardCancel(context), SCARD_S_SUCCESS);
    state.dwCurrentState = SCARD_STATE_EMPTY;
    ok_hr(SCardGetStatusChangeW(context, 100, &state, 1), SCARD_E_TIMEOUT);
    /* Nor one of another context. */
    threads[0] = start_wait();
    Sleep(100);
    {
        SCARDCONTEXT other = establish();

        ok_hr(SCardCancel(other), SCARD_S_SUCCESS);
        SCardReleaseContext(other);
    }
    ok(WaitForSingleObject(threads[0], 200) == WAIT_TIMEOUT, "another's cancel has ended it\n");
    SCardCancel(context);
    ok_hr(end_of(threads[0]), SCARD_E_CANCELLED);
}

static void test_many_cancels(void)
{
    LONG frequent = 0;
    HANDLE thread;
    unsigned i;

    fact(DOCUMENTED);
    for (i = 0; i < 50; i++)
    {
        thread = start_wait();
        while (WaitForSingleObject(thread, 0) == WAIT_TIMEOUT)
        {
            SCardCancel(context);
            Sleep(1);
            frequent++;
        }
        ok_hr(end_of(thread), SCARD_E_CANCELLED);
    }
    trace("%ld cancels\n", frequent);
}

/* Releasing the context ends its waits. */
static void test_release(void)
{
    SCARDCONTEXT kept = context;
    HANDLE thread;

    fact(GUESS);
    context = establish();
    thread = start_wait();
    Sleep(200);
    ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
    ok_hr(end_of(thread), SCARD_E_CANCELLED);
    context = kept;
}

/* ---- beside cards ---- */

/* In slices of half a second ten commands would take five. */
static void test_beside_commands(void)
{
    HANDLE thread = start_wait();
    DWORD protocol, before, took;
    SCARDHANDLE card;
    unsigned i;
    WORD sw;

    fact(GUESS);
    card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    before = GetTickCount();
    for (i = 0; i < 10; i++)
    {
        ok_hr(select_root(card, &sw), SCARD_S_SUCCESS);
        ok_uint(sw, 0x9000);
    }
    took = GetTickCount() - before;
    trace("a wait and ten commands: %lu ms\n", took);
    ok(took < 2500 * rig_slowness(), "commands wait for a wait: %lu ms\n", took);
    ok(WaitForSingleObject(thread, 0) == WAIT_TIMEOUT, "the wait has ended\n");
    SCardCancel(context);
    ok_hr(end_of(thread), SCARD_E_CANCELLED);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

START_TEST(waiting)
{
    winscard_begin();
    context = establish();
    if (!winscard_needs(NEED_ROOT | NEED_EMPTY))
        return;
    test_look();
    test_timeout();
    test_ignored();
    if (winscard_is_weak())
    {
        skip("Wine's own winscard.dll does not wait\n");
        return;
    }
    if (rig_is_there())
        test_changes();
    else
        skip("nobody takes the card out\n");
    test_pnp();
    test_cancel();
    test_many_cancels();
    test_release();
    test_beside_commands();
    SCardReleaseContext(context);
}
