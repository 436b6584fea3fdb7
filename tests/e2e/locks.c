/*
 * Locks and threads: another program's lock, a wait that Detach or Release ends, many threads.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"
#include "rig/rigctl.h"

#define PROMPT_MS 1500 /* what "at once" may take on a busy machine */

static BSTR reader;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

/* ---- a wait for another program's lock ---- */

struct waiter
{
    ISCardManage *manage;
    ISCard *card; /* instead of manage */
    HRESULT hr;
    HANDLE started, thread;
};

static DWORD WINAPI wait_for_lock(void *arg)
{
    struct waiter *waiter = arg;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    SetEvent(waiter->started);
    waiter->hr =
        waiter->manage ? ISCardManage_SCardLock(waiter->manage) : ISCard_LockSCard(waiter->card);
    CoUninitialize();
    return 0;
}

static void start_waiter(struct waiter *waiter)
{
    waiter->hr = E_PENDING;
    waiter->started = CreateEventW(NULL, FALSE, FALSE, NULL);
    waiter->thread = CreateThread(NULL, 0, wait_for_lock, waiter, 0, NULL);
    WaitForSingleObject(waiter->started, INFINITE);
    Sleep(300); /* into the wait */
    ok(WaitForSingleObject(waiter->thread, 0) == WAIT_TIMEOUT, "the lock was free: %#lx\n",
       waiter->hr);
}

static void end_waiter(struct waiter *waiter, HRESULT expected)
{
    ok(!WaitForSingleObject(waiter->thread, 10000), "the wait did not end\n");
    ok(waiter->hr == expected, "SCardLock: %#lx\n", waiter->hr);
    CloseHandle(waiter->thread);
    CloseHandle(waiter->started);
}

static void test_wait_gets_lock(void)
{
    struct waiter waiter = {.manage = create_manage()};

    ok_hr(ISCardManage_AttachByIFD(waiter.manage, reader, SHARED), S_OK);
    rig("lock-by-other 1500");
    start_waiter(&waiter);
    end_waiter(&waiter, S_OK);
    ok_hr(ISCardManage_SCardUnlock(waiter.manage, LEAVE), S_OK);
    ISCardManage_Release(waiter.manage);
}

/* Ends a wait in three ways; each comes back at once and the wait says cancelled. */
static void test_wait_cancelled(int how)
{
    struct waiter waiter = {NULL};
    ISCard *owner = NULL;
    HSCARD handle;
    DWORD start;

    if (how == 2)
        waiter.card = create_card();
    else
        waiter.manage = create_manage();
    if (how == 1)
    {
        owner = create_card();
        ok_hr(ISCard_AttachByReader(owner, reader, SHARED, T0 | T1), S_OK);
        ISCard_get_CardHandle(owner, &handle);
        ok_hr(ISCardManage_AttachByHandle(waiter.manage, handle), S_OK);
    }
    else if (how == 2)
        ok_hr(ISCard_AttachByReader(waiter.card, reader, SHARED, T0 | T1), S_OK);
    else
        ok_hr(ISCardManage_AttachByIFD(waiter.manage, reader, SHARED), S_OK);

    rig("lock-by-other 4000");
    start_waiter(&waiter);
    start = GetTickCount();
    if (how == 2)
        ok_hr(ISCard_Detach(waiter.card, LEAVE), S_OK);
    else
        ok_hr(ISCardManage_Detach(waiter.manage), S_OK);
    end_waiter(&waiter, SCARD_E_CANCELLED);
    ok(GetTickCount() - start < PROMPT_MS, "%d: took %lu ms\n", how, GetTickCount() - start);

    /* The connection under a guest stays with its owner. */
    if (owner)
    {
        SCARD_STATES state;

        ok_hr(ISCard_get_Status(owner, &state), S_OK);
        ISCard_Release(owner);
    }
    if (waiter.card)
        ISCard_Release(waiter.card);
    else
        ISCardManage_Release(waiter.manage);
    rig("wait-others");
}

/* The last Release while another thread waits: the same. */
static void test_wait_released(void)
{
    struct waiter waiter = {.manage = create_manage()};
    DWORD start;

    ok_hr(ISCardManage_AttachByIFD(waiter.manage, reader, SHARED), S_OK);
    rig("lock-by-other 3000");
    start_waiter(&waiter);
    /* The waiting call has no reference of its own, as in any COM client that does it wrong. */
    start = GetTickCount();
    ISCardManage_Release(waiter.manage);
    end_waiter(&waiter, SCARD_E_CANCELLED);
    ok(GetTickCount() - start < PROMPT_MS, "took %lu ms\n", GetTickCount() - start);
    rig("wait-others");
}

/* ---- a guest that leaves while the owner's command runs ---- */

static DWORD WINAPI send_slowly(void *card)
{
    static const BYTE select_mf[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    HRESULT hr;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    send_apdu(card, select_mf, sizeof(select_mf), &hr);
    CoUninitialize();
    return hr;
}

/* Detach returns at once, and the guest's locks are gone when the command is done. */
static void test_guest_leaves(BOOL by_manage)
{
    struct waiter other = {.manage = create_manage(), .hr = E_PENDING};
    ISCardManage *manage = create_manage();
    ISCard *owner = create_card(), *guest = create_card();
    HANDLE thread;
    HSCARD handle;
    DWORD start, hr;

    ok_hr(ISCard_AttachByReader(owner, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCardManage_AttachByIFD(other.manage, reader, SHARED), S_OK);
    ok_hr(ISCard_get_CardHandle(owner, &handle), S_OK);
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    ok_hr(ISCard_AttachByHandle(guest, handle), S_OK);
    ok_hr(by_manage ? ISCardManage_SCardLock(manage) : ISCard_LockSCard(guest), S_OK);

    rig("card delay 2500 1");
    thread = CreateThread(NULL, 0, send_slowly, owner, 0, NULL);
    Sleep(300);
    start = GetTickCount();
    ok_hr(by_manage ? ISCardManage_Detach(manage) : ISCard_Detach(guest, LEAVE), S_OK);
    ok(GetTickCount() - start < PROMPT_MS, "Detach took %lu ms\n", GetTickCount() - start);
    ok(WaitForSingleObject(thread, 0) == WAIT_TIMEOUT, "the command was not slow\n");
    ok(!WaitForSingleObject(thread, 10000), "the command did not end\n");
    GetExitCodeThread(thread, &hr);
    ok(hr == S_OK, "the owner's command: %#lx\n", hr);
    CloseHandle(thread);

    other.started = CreateEventW(NULL, FALSE, FALSE, NULL);
    other.thread = CreateThread(NULL, 0, wait_for_lock, &other, 0, NULL);
    end_waiter(&other, S_OK);
    ISCardManage_Release(other.manage);
    ISCardManage_Release(manage);
    ISCard_Release(guest);
    ISCard_Release(owner);
}

/* ---- another program's exclusive connection ---- */

static void test_exclusive_by_other(void)
{
    ISCardManage *manage = create_manage();

    /* A connection whose wait was broken ends when pcsc-lite looks at the lock again. */
    Sleep(500);
    rig("connect-exclusive-by-other 1000");
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), SCARD_E_SHARING_VIOLATION);
    rig("wait-others");
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ISCardManage_Release(manage);
}

/* ---- many threads ---- */

#define THREADS 8
#define ROUNDS  20

static ISCardManage *shared_manage;

static DWORD WINAPI hammer(void *arg)
{
    ISCardFileAccess *files;
    BSTR path = SysAllocString(L"3F00/5000/0001");
    LONG i, count, failures = 0;
    IByteBuffer *buffer;
    HSCARD_FILE file;

    CoInitializeEx(NULL, (ULONG_PTR)arg & 1 ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    if (ISCardManage_CreateFileAccess(shared_manage, &files) == S_OK)
    {
        for (i = 0; i < ROUNDS; i++)
        {
            count = 16;
            buffer = NULL;
            failures += ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file) != S_OK;
            failures += ISCardFileAccess_Read(files, file, &count, &buffer, 0) != S_OK;
            failures += count != 16;
            if (buffer)
                IByteBuffer_Release(buffer);
            failures += ISCardFileAccess_Close(files, file) != S_OK;
            if (!(i % 5))
            {
                failures += ISCardManage_SCardLock(shared_manage) != S_OK;
                failures += ISCardManage_SCardUnlock(shared_manage, LEAVE) != S_OK;
            }
        }
        ISCardFileAccess_Release(files);
    }
    SysFreeString(path);
    CoUninitialize();
    return failures;
}

static void test_threads(void)
{
    HANDLE threads[THREADS];
    DWORD failures;
    ULONG_PTR i;

    shared_manage = create_manage();
    ok_hr(ISCardManage_AttachByIFD(shared_manage, reader, SHARED), S_OK);
    for (i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, hammer, (void *)i, 0, NULL);
    ok(!WaitForMultipleObjects(THREADS, threads, TRUE, 60000), "threads hang\n");
    for (i = 0; i < THREADS; i++)
    {
        GetExitCodeThread(threads[i], &failures);
        ok(!failures, "thread %u: %lu failures\n", (unsigned)i, failures);
        CloseHandle(threads[i]);
    }
    ISCardManage_Release(shared_manage);
}

START_TEST(locks)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    fact(GUESS);
    test_wait_gets_lock();
    test_wait_cancelled(0);
    test_wait_cancelled(1);
    test_wait_cancelled(2);
    test_wait_released();
    test_guest_leaves(TRUE);
    test_guest_leaves(FALSE);
    test_exclusive_by_other();
    test_threads();
    SysFreeString(reader);
    CoUninitialize();
}
