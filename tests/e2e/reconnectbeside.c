/*
 * Reconnect and resets beside other threads and programs: who waits, who is called away, and whose
 * locks are left.
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
#define ROUNDS    40

static BSTR reader;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

static void expect_lock(const char *expected)
{
    char answer[64] = "";

    ok(!rig_request("tell-lock", answer, sizeof(answer)), "tell-lock: %s\n", answer);
    ok(!strncmp(answer, expected, strlen(expected)), "%s, not %s\n", answer, expected);
}

static ISCardManage *attach(void)
{
    ISCardManage *manage = create_manage();

    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    return manage;
}

/* ---- a Reconnect that waits for another program's lock ---- */

struct call
{
    ISCardManage *manage;
    HRESULT hr;
    HANDLE thread;
};

static DWORD WINAPI reconnect(void *arg)
{
    struct call *call = arg;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    call->hr = ISCardManage_Reconnect(call->manage);
    CoUninitialize();
    return 0;
}

static void test_wait_cancelled(BOOL release)
{
    struct call call = {attach(), E_PENDING, NULL};
    ISCardManage *manage;
    DWORD start;

    rig("reset-by-other");
    rig("lock-by-other 4000");
    call.thread = CreateThread(NULL, 0, reconnect, &call, 0, NULL);
    ok(WaitForSingleObject(call.thread, 400) == WAIT_TIMEOUT, "Reconnect did not wait: %#lx\n",
       call.hr);
    start = GetTickCount();
    if (release)
        ISCardManage_Release(call.manage);
    else
        ok_hr(ISCardManage_Detach(call.manage), S_OK);
    ok(!WaitForSingleObject(call.thread, 10000), "Reconnect does not end\n");
    ok(GetTickCount() - start < PROMPT_MS, "took %lu ms\n", GetTickCount() - start);
    ok_hr(call.hr, SCARD_E_CANCELLED);
    CloseHandle(call.thread);
    if (!release)
        ISCardManage_Release(call.manage);
    rig("wait-others");
    expect_lock("ok free");
    manage = attach();
    ISCardManage_Release(manage);
}

/* ---- Reconnect of one thread while another one works ---- */

static DWORD WINAPI reconnect_often(void *arg)
{
    struct call *call = arg;
    int i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    call->hr = S_OK;
    for (i = 0; i < ROUNDS && call->hr == S_OK; i++)
        call->hr = ISCardManage_Reconnect(call->manage);
    CoUninitialize();
    return 0;
}

/* Each Read is whole: no Reconnect comes between its selection and its commands. */
static void test_beside_reads(int depth)
{
    struct call call = {attach(), E_PENDING, NULL};
    BSTR path = SysAllocString(L"3F00/7001");
    ISCardFileAccess *files;
    IByteBuffer *buffer;
    HSCARD_FILE file;
    LONG count;
    int i;

    ok_hr(ISCardManage_CreateFileAccess(call.manage, &files), S_OK);
    ok_hr(ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file), S_OK);
    for (i = 0; i < depth; i++)
        ok_hr(ISCardManage_SCardLock(call.manage), S_OK);
    call.thread = CreateThread(NULL, 0, reconnect_often, &call, 0, NULL);
    for (i = 0; i < ROUNDS; i++)
    {
        buffer = NULL;
        count = 700;
        ok_hr(ISCardFileAccess_Read(files, file, &count, &buffer, SC_FL_NO_FLAGS), S_OK);
        ok(count == 700, "%ld bytes\n", count);
        if (buffer)
            IByteBuffer_Release(buffer);
    }
    ok(!WaitForSingleObject(call.thread, 30000), "Reconnect does not end\n");
    ok_hr(call.hr, S_OK);
    CloseHandle(call.thread);
    expect_lock(depth ? "ok locked" : "ok free");
    for (i = 0; i < depth; i++)
        ok_hr(ISCardManage_SCardUnlock(call.manage, LEAVE), S_OK);
    ok_hr(ISCardManage_SCardUnlock(call.manage, LEAVE), SCARD_E_NOT_TRANSACTED);
    rig("wait-others");
    SysFreeString(path);
    ISCardFileAccess_Release(files);
    ISCardManage_Release(call.manage);
}

/* ---- the reset of ResetSecurityState ---- */

/* It waits for another program's lock as every command does. */
static void test_reset_security_waits(BOOL reset_before)
{
    ISCardManage *manage = attach();
    ISCardVerify *verify;
    DWORD start;

    ok_hr(ISCardManage_CreateCHVerification(manage, &verify), S_OK);
    if (reset_before)
        rig("reset-by-other");
    rig("lock-by-other 1000");
    start = GetTickCount();
    ok_hr(ISCardVerify_ResetSecurityState(verify, SC_FL_NO_FLAGS), S_OK);
    ok(GetTickCount() - start > 300, "did not wait: %lu ms\n", GetTickCount() - start);
    rig("wait-others");
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardVerify_ResetSecurityState(verify, SC_FL_NO_FLAGS), S_OK);
    expect_lock("ok locked");
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    rig("wait-others");
    expect_lock("ok free");
    ISCardVerify_Release(verify);
    ISCardManage_Release(manage);
}

/* ---- locks of a guest over a reset ---- */

/* pcsc-lite does not end a lock on a connection that is to hear of a reset. A guest that leaves
 * then leaves it to the owner's next reconnect, or the end of the connection. */
static void test_guest_leaves_after_reset(BOOL by_manage, BOOL reattach)
{
    ISCardManage *manage = create_manage();
    ISCard *owner = create_card(), *guest = create_card();
    HSCARD handle;

    ok_hr(ISCard_AttachByReader(owner, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_CardHandle(owner, &handle), S_OK);
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    ok_hr(ISCard_AttachByHandle(guest, handle), S_OK);
    ok_hr(by_manage ? ISCardManage_SCardLock(manage) : ISCard_LockSCard(guest), S_OK);
    ok_hr(ISCard_LockSCard(owner), S_OK);
    ok_hr(ISCard_UnlockSCard(owner, RESET), S_OK);
    ok_hr(by_manage ? ISCardManage_Detach(manage) : ISCard_Detach(guest, LEAVE), S_OK);
    if (reattach)
        ok_hr(ISCard_ReAttach(owner, SHARED, LEAVE), S_OK);
    else
        ok_hr(ISCard_Detach(owner, LEAVE), S_OK);
    expect_lock("ok free");
    ISCardManage_Release(manage);
    ISCard_Release(guest);
    ISCard_Release(owner);
}

/* ---- direct connections ---- */

/* The reader by itself, with its card out, and back. */
static void test_direct_without_card(void)
{
    ISCard *card = create_card();

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    rig("card eject");
    ok_hr(ISCard_ReAttach(card, (SCARD_SHARE_MODES)SCARD_SHARE_DIRECT, LEAVE), S_OK);
    rig("card insert");
    ok_hr(ISCard_ReAttach(card, SHARED, LEAVE), S_OK);
    expect_lock("ok free");
    ISCard_Release(card);
}

START_TEST(reconnectbeside)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    fact(GUESS);
    test_wait_cancelled(FALSE);
    test_wait_cancelled(TRUE);
    test_beside_reads(0);
    test_beside_reads(2);
    test_reset_security_waits(FALSE);
    test_reset_security_waits(TRUE);
    test_guest_leaves_after_reset(TRUE, TRUE);
    test_guest_leaves_after_reset(TRUE, FALSE);
    test_guest_leaves_after_reset(FALSE, TRUE);
    test_guest_leaves_after_reset(FALSE, FALSE);
    test_direct_without_card();
    SysFreeString(reader);
    CoUninitialize();
}
