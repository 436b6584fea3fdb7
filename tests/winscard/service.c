/*
 * A service that stops and starts again while calls and waits run.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A program is told by SCARD_E_SERVICE_STOPPED, and establishes a context anew. Needs the rig and
 * the card iso-t1.
 */

#include <windows.h>
#include "test.h"

#include <tlhelp32.h>

#include "winscardtest.h"

#define THREADS 6
/* Rounds of each thread after the last restart. */
#define ROUNDS 20

static SCARDCONTEXT context;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

static DWORD finish(HANDLE thread)
{
    DWORD result = STILL_ACTIVE;

    ok(WaitForSingleObject(thread, 20000) == WAIT_OBJECT_0, "it does not end\n");
    GetExitCodeThread(thread, &result);
    CloseHandle(thread);
    return result;
}

/* ---- calls that run when it stops ---- */

static DWORD WINAPI wait_for_change(void *parameter)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = SCARD_STATE_EMPTY};

    return SCardGetStatusChangeW(context, INFINITE, &state, 1);
}

static DWORD WINAPI transmit_for_ever(void *parameter)
{
    LONG result;
    WORD sw;

    while (!(result = select_root((SCARDHANDLE)(ULONG_PTR)parameter, &sw)))
        ;
    return result;
}

/* ---- calls after that ---- */

static void check_card(SCARDHANDLE card)
{
    DWORD length = 64, number;
    BYTE bytes[64];
    WORD sw;

    ok_hr(select_root(card, &sw), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardState(card, &number, &number, NULL, NULL), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardStatusA(card, NULL, NULL, &number, &number, NULL, NULL), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardBeginTransaction(card), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardEndTransaction(card, SCARD_LEAVE_CARD), SCARD_E_NOT_TRANSACTED);
    ok_hr(SCardControl(card, SCARD_CTL_CODE(3400), NULL, 0, bytes, sizeof(bytes), &number),
          SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardGetAttrib(card, SCARD_ATTR_VENDOR_NAME, bytes, &length), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardSetAttrib(card, 1, bytes, 1), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardReconnect(card, SCARD_SHARE_SHARED, 3, SCARD_LEAVE_CARD, &number),
          SCARD_E_SERVICE_STOPPED);
}

static void check_context(void)
{
    SCARD_READERSTATEW state = {.szReader = test_reader};
    DWORD length = 0, protocol;
    SCARDHANDLE card;

    ok_hr(SCardListReadersW(context, NULL, NULL, &length), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardConnectW(context, test_reader, SCARD_SHARE_SHARED, 3, &card, &protocol),
          SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardLocateCardsW(context, L"\0", &state, 1), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardIsValidContext(context), ERROR_INVALID_HANDLE);
    ok_hr(SCardCancel(context), SCARD_S_SUCCESS);
}

static DWORD threads_of_process(void)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry = {.dwSize = sizeof(entry)};
    DWORD count = 0;
    BOOL more;

    for (more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry))
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return count;
}

/* Nobody looks for the service when nobody wants to know. */
static void test_event_given_back(void)
{
    DWORD before = threads_of_process(), tries;

    SCardAccessStartedEvent();
    ok(threads_of_process() > before, "nobody looks\n");
    SCardReleaseStartedEvent();
    for (tries = 0; tries < 100 && threads_of_process() > before; tries++)
        Sleep(100);
    ok_uint(threads_of_process(), before);
}

static void test_stopped(void)
{
    DWORD protocol, length = 0;
    SCARDCONTEXT other;
    HANDLE waiter, sender, event;
    SCARDHANDLE card, second;
    WORD sw;

    context = establish();
    card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    second = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    waiter = CreateThread(NULL, 0, wait_for_change, NULL, 0, NULL);
    sender = CreateThread(NULL, 0, transmit_for_ever, (void *)(ULONG_PTR)card, 0, NULL);
    Sleep(300);
    rig("pcscd stop");
    fact(DOCUMENTED);
    ok_hr(finish(waiter), SCARD_E_SERVICE_STOPPED);
    ok_hr(finish(sender), SCARD_E_SERVICE_STOPPED);
    fact(GUESS);
    check_card(card);
    check_card(second);
    check_context();
    other = 1;
    ok_hr(SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &other), SCARD_E_NO_SERVICE);
    ok(!other, "a context\n");
    ok_hr(SCardListReadersW(0, NULL, NULL, &length), SCARD_E_NO_SERVICE);
    test_event_given_back();
    event = SCardAccessStartedEvent();
    ok(WaitForSingleObject(event, 0) == WAIT_TIMEOUT, "it does not run\n");
    ok_hr(SCardDisconnect(second, SCARD_LEAVE_CARD), SCARD_E_SERVICE_STOPPED);
    ok_hr(SCardDisconnect(second, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
    rig("pcscd start");
    ok(WaitForSingleObject(event, 20000) == WAIT_OBJECT_0, "it runs\n");
    SCardReleaseStartedEvent();
    /* The old context and its cards are of a service that is gone. */
    check_card(card);
    check_context();
    ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
    ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), ERROR_INVALID_HANDLE);
    context = establish();
    card = connect_to(context, SCARD_SHARE_SHARED, 3, &protocol);
    ok_hr(select_root(card, &sw), SCARD_S_SUCCESS);
    ok_hr(SCardReleaseContext(context), SCARD_S_SUCCESS);
}

/* ---- many threads ---- */

static volatile LONG restarted;

/* One stay with the service; what ended it. */
static LONG stay(unsigned *rounds)
{
    SCARD_READERSTATEW state = {.szReader = test_empty, .dwCurrentState = SCARD_STATE_EMPTY};
    SCARDCONTEXT own;
    SCARDHANDLE card;
    DWORD protocol;
    LONG result;
    WORD sw;

    if ((result = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &own)))
        return result;
    while (!result && *rounds < ROUNDS)
    {
        result = SCardConnectW(own, test_reader, SCARD_SHARE_SHARED, 3, &card, &protocol);
        if (!result)
            result = select_root(card, &sw);
        if (!result)
            result = SCardGetStatusChangeW(own, 5, &state, 1);
        if (result == (LONG)SCARD_E_TIMEOUT)
            result = SCardDisconnect(card, SCARD_LEAVE_CARD);
        if (!result && restarted)
            ++*rounds;
    }
    ok_hr(SCardReleaseContext(own), SCARD_S_SUCCESS);
    return result;
}

static DWORD WINAPI stay_again(void *parameter)
{
    unsigned rounds = 0;
    LONG result;

    while ((result = stay(&rounds)))
    {
        fact(GUESS);
        /* Just after the start there is no reader yet, and no card. */
        ok(result == (LONG)SCARD_E_SERVICE_STOPPED || result == (LONG)SCARD_E_NO_SERVICE ||
               result == (LONG)SCARD_E_UNKNOWN_READER || result == (LONG)SCARD_E_NO_SMARTCARD ||
               result == (LONG)SCARD_S_SUCCESS,
           "%#lx\n", result);
        Sleep(20);
    }
    return rounds;
}

static void test_restarted(void)
{
    HANDLE threads[THREADS];
    unsigned i;

    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, stay_again, NULL, 0, NULL);
    for (i = 0; i < 3; i++)
    {
        Sleep(300);
        rig("pcscd restart");
    }
    restarted = TRUE;
    for (i = 0; i < THREADS; i++)
        ok_uint(finish(threads[i]), ROUNDS);
}

START_TEST(service)
{
    winscard_begin();
    if (!rig_is_there() || winscard_is_weak())
    {
        skip("needs the rig and this project's winscard.dll\n");
        return;
    }
    test_stopped();
    test_restarted();
}
