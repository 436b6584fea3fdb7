/*
 * What can happen to a thread or a buffer under the unix half: bad pointers, watched memory,
 * suspended and terminated threads.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "../com/cardtest.h"
#include "transporttest.h"

#define PAGE      4096
#define ATTRIBUTE 0x303 /* pcsc-lite's own name for the ATR, which every reader knows */

static const BYTE select_mf[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};

static BYTE *pages(DWORD type, DWORD protection)
{
    BYTE *memory = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT | type, protection);

    ok(memory != NULL, "VirtualAlloc: %lu\n", GetLastError());
    if (!memory)
        ExitProcess(1);
    return memory;
}

/* The card, and the only one: nothing of an earlier connection is left. */
static void check_free(const char *what)
{
    transport_id context = open_context(), card;
    DWORD protocol, length;
    LONG result = ops->connect(context, reader, SC_SHARE_EXCLUSIVE, 3, &card, &protocol);

    ok(!result, "%s: something holds the card: %#lx\n", what, result);
    if (!result)
        ok(!send_select(card, &length), "%s: select\n", what);
    ops->release(context);
}

/* ---- faults inside the unix half ---- */

enum bad_pointer
{
    BAD_COMMAND, BAD_REPLY, READ_ONLY_REPLY, BAD_ATTRIBUTE, READ_ONLY_ATTRIBUTE, BAD_NEW_ATTRIBUTE,
    BAD_CONTROL, BAD_POINTERS
};

static LONG use_bad_pointer(transport_id card, enum bad_pointer which, BYTE *none, BYTE *constant)
{
    BYTE reply[300];
    DWORD length = sizeof(reply);

    switch (which)
    {
    case BAD_COMMAND: return ops->transmit(card, none, 7, reply, &length);
    case BAD_REPLY: return ops->transmit(card, select_mf, sizeof(select_mf), none, &length);
    case READ_ONLY_REPLY:
        return ops->transmit(card, select_mf, sizeof(select_mf), constant, &length);
    case BAD_ATTRIBUTE: return ops->get_attrib(card, ATTRIBUTE, none, &length);
    case READ_ONLY_ATTRIBUTE: return ops->get_attrib(card, ATTRIBUTE, constant, &length);
    case BAD_NEW_ATTRIBUTE: return ops->set_attrib(card, ATTRIBUTE, none, 4);
    default: return ops->control(card, SCARD_CTL_CODE(1), none, 4, reply, &length);
    }
}

/* The call says so, the process and the connection go on, and nothing is held for ever. */
static void test_faults(void)
{
    BYTE *none = pages(0, PAGE_NOACCESS), *constant = pages(0, PAGE_READONLY);
    transport_id context, card;
    enum bad_pointer which;
    DWORD length;
    LONG result;

    for (which = 0; which < BAD_POINTERS; which++)
    {
        test_push("bad pointer %d", which);
        context = open_context();
        card = open_card(context, SC_SHARE_SHARED);
        ok(!ops->begin(card, 0), "begin\n");
        result = use_bad_pointer(card, which, none, constant);
        ok(result == (LONG)SCARD_F_INTERNAL_ERROR, "%#lx\n", result);
        ok(!send_select(card, &length), "the connection is broken\n");
        ok(!ops->end(card, SCARD_LEAVE_CARD), "end\n");
        ok(!ops->disconnect(card, SCARD_LEAVE_CARD), "disconnect\n");
        check_free("after the fault");
        ok(!ops->release(context), "release\n");
        test_pop();
    }
    VirtualFree(none, 0, MEM_RELEASE);
    VirtualFree(constant, 0, MEM_RELEASE);
}

/* ---- memory that the caller's garbage collector watches ---- */

/* Whether the page was written to since the last look. */
static BOOL was_written(BYTE *page)
{
    ULONG_PTR count = 1;
    DWORD granularity;
    void *written;
    UINT result = GetWriteWatch(WRITE_WATCH_FLAG_RESET, page, PAGE, &written, &count, &granularity);

    ok(!result, "GetWriteWatch: %u\n", result);
    return count == 1;
}

static void test_write_watch(void)
{
    BYTE *command = pages(MEM_WRITE_WATCH, PAGE_READWRITE);
    BYTE *reply = pages(MEM_WRITE_WATCH, PAGE_READWRITE);
    transport_id context = open_context(), card = open_card(context, SC_SHARE_SHARED);
    struct transport_status status;
    DWORD length = 258;
    LONG result;
    int i;

    memcpy(command, select_mf, sizeof(select_mf));
    for (i = 0; i < 3; i++)
    {
        was_written(command);
        was_written(reply);
        result = ops->transmit(card, command, sizeof(select_mf), reply, &length);
        ok(!result && length == 2, "transmit: %#lx, %lu bytes\n", result, length);
        ok(was_written(reply), "the reply is not seen as written\n");
        ok(!was_written(command), "the command was written to\n");
        ok(reply[0] == 0x90 || reply[0] == 0x61, "status byte %02x\n", reply[0]);
        length = 258;
    }
    ok(!ops->status(card, 0, &status), "status\n");
    result = ops->get_attrib(card, ATTRIBUTE, reply, &length);
    ok(!result && length == status.atr_length && !memcmp(reply, status.atr, length),
       "attribute: %#lx, %lu bytes\n", result, length);
    ok(was_written(reply), "the attribute is not seen as written\n");
    ops->release(context);
    VirtualFree(command, 0, MEM_RELEASE);
    VirtualFree(reply, 0, MEM_RELEASE);
}

/* The same through the objects: what a program written for a garbage collector passes. */
static void test_watched_objects(void)
{
    BYTE *bytes = pages(MEM_WRITE_WATCH, PAGE_READWRITE);
    IByteBuffer *buffer, *answer = NULL;
    BSTR name = SysAllocString(reader);
    ISCardCmd *cmd;
    ISCard *card;
    LONG count = 0;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    card = create_card();
    memcpy(bytes, select_mf, sizeof(select_mf));
    was_written(bytes);
    buffer = create_buffer(bytes, sizeof(select_mf));
    ok_hr(ISCardCmd_put_Apdu(cmd, buffer), S_OK);
    ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_Transaction(card, &cmd), S_OK);
    ok(!was_written(bytes), "the command was written to\n");
    ok_hr(ISCardCmd_get_ApduReply(cmd, &answer), S_OK);
    ok_hr(IByteBuffer_Seek(answer, 0, STREAM_SEEK_SET, NULL), S_OK);
    ok_hr(IByteBuffer_Read(answer, bytes, PAGE, &count), S_OK);
    ok(was_written(bytes), "the reply is not seen as written\n");
    ok(count >= 2 && (bytes[0] == 0x90 || bytes[0] == 0x61), "%ld bytes: %02x\n", count, bytes[0]);
    IByteBuffer_Release(answer);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
    ISCard_Release(card);
    CoUninitialize();
    SysFreeString(name);
    VirtualFree(bytes, 0, MEM_RELEASE);
}

/* ---- suspended threads ---- */

static void start_wait(struct call *call, DWORD timeout)
{
    call->kind = CALL_WAIT;
    call->id = open_context();
    call->state = (struct transport_reader_state){.reader = reader};
    ok(!ops->get_status_change(call->id, 0, &call->state, 1), "state\n");
    call->state.current_state = call->state.event_state & ~SCARD_STATE_CHANGED;
    call->timeout = timeout;
    start_call(call);
}

/* Being interrupted again and again moves no deadline. */
static void test_suspended_often(void)
{
    struct call wait = {0};
    int i;

    start_wait(&wait, 2500);
    for (i = 0; i < 40; i++)
    {
        ok(SuspendThread(wait.thread) != (DWORD)-1, "suspend: %lu\n", GetLastError());
        Sleep(20);
        ok(ResumeThread(wait.thread) != (DWORD)-1, "resume: %lu\n", GetLastError());
        Sleep(20);
    }
    end_call(&wait);
    ok(wait.result == (LONG)SCARD_E_TIMEOUT && wait.milliseconds >= 2450 &&
           wait.milliseconds < 2500 + AT_ONCE,
       "%#lx after %lu ms\n", wait.result, wait.milliseconds);
    ops->release(wait.id);
}

static void suspend_for(struct call *call, DWORD milliseconds)
{
    ok(SuspendThread(call->thread) != (DWORD)-1, "suspend: %lu\n", GetLastError());
    Sleep(milliseconds);
    ok(ResumeThread(call->thread) != (DWORD)-1, "resume: %lu\n", GetLastError());
}

/* A deadline that passes meanwhile ends the wait when the thread runs again. */
static void test_suspended_long(void)
{
    struct call wait = {0};

    start_wait(&wait, 1000);
    suspend_for(&wait, 1500);
    end_call(&wait);
    ok(wait.result == (LONG)SCARD_E_TIMEOUT && wait.milliseconds < 1800 + AT_ONCE,
       "%#lx after %lu ms\n", wait.result, wait.milliseconds);
    ops->release(wait.id);
}

static void test_suspended_in_call(void)
{
    transport_id context = open_context();
    struct call call = {.kind = CALL_SELECT, .id = open_card(context, SC_SHARE_SHARED)};
    DWORD length;

    rig("card delay 1000 1");
    start_call(&call);
    suspend_for(&call, 1500); /* the answer comes meanwhile */
    end_call(&call);
    ok(!call.result, "transmit: %#lx\n", call.result);

    call.kind = CALL_BEGIN;
    rig("lock-by-other 1000");
    start_call(&call);
    suspend_for(&call, 1500);
    end_call(&call);
    ok(!call.result, "begin: %#lx\n", call.result);
    ok(!send_select(call.id, &length), "select\n");
    rig("wait-others");
    ops->release(context);
}

static DWORD WINAPI lock_card(void *manage)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    return (DWORD)ISCardManage_SCardLock((ISCardManage *)manage);
}

/* An object whose thread, call's, waits in SCardLock for another program's lock. */
static ISCardManage *start_locking(BSTR name, struct call *call)
{
    ISCardManage *manage = create_manage();

    ok_hr(ISCardManage_AttachByIFD(manage, name, SHARED), S_OK);
    rig("lock-by-other 2000");
    call->thread = CreateThread(NULL, 0, lock_card, manage, 0, NULL);
    Sleep(300);
    return manage;
}

/* A thread that only does not run is not taken for a dead one: Detach returns, and leaves the card
 * to the thread, which disconnects it when it goes on. */
static void test_suspended_object(void)
{
    BSTR name = SysAllocString(reader);
    transport_id context = open_context(), card;
    DWORD start, protocol, hr = 0;
    struct call call = {0};
    ISCardManage *manage;
    LONG result;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    manage = start_locking(name, &call);
    ok(SuspendThread(call.thread) != (DWORD)-1, "suspend: %lu\n", GetLastError());
    start = GetTickCount();
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok(GetTickCount() - start < AT_ONCE, "Detach took %lu ms\n", GetTickCount() - start);
    rig("wait-others");
    result = ops->connect(context, reader, SC_SHARE_EXCLUSIVE, 3, &card, &protocol);
    ok(result == (LONG)SCARD_E_SHARING_VIOLATION, "the thread has no card any more: %#lx\n",
       result);
    start = GetTickCount();
    ok(ResumeThread(call.thread) != (DWORD)-1, "resume: %lu\n", GetLastError());
    ok(!WaitForSingleObject(call.thread, 5000) && GetTickCount() - start < AT_ONCE,
       "the thread ends after %lu ms\n", GetTickCount() - start);
    GetExitCodeThread(call.thread, &hr);
    CloseHandle(call.thread);
    ok_hr((HRESULT)hr, SCARD_E_CANCELLED);
    ops->release(context);
    check_free("after the thread went on");
    ISCardManage_Release(manage);
    CoUninitialize();
    SysFreeString(name);
}

/* ---- terminated threads ---- */

static void terminate(struct call *call)
{
    DWORD start = GetTickCount();

    ok(WaitForSingleObject(call->thread, 0) == WAIT_TIMEOUT, "the call did not wait: %#lx\n",
       call->result);
    ok(TerminateThread(call->thread, 7), "TerminateThread: %lu\n", GetLastError());
    ok(!WaitForSingleObject(call->thread, 5000) && GetTickCount() - start < AT_ONCE,
       "the thread ends after %lu ms\n", GetTickCount() - start);
    CloseHandle(call->thread);
}

/* What other threads do with other contexts and other readers. */
static void others_go_on(void)
{
    DWORD start = GetTickCount(), protocol;
    struct transport_status status;
    transport_id context = open_context(), card;
    WCHAR *names;

    ok(!ops->connect(context, empty_reader, SC_SHARE_DIRECT, 0, &card, &protocol), "connect\n");
    ok(!ops->status(card, 0, &status), "status\n");
    ok(!ops->list_readers(context, NULL, &names), "list\n");
    HeapFree(GetProcessHeap(), 0, names);
    ok(!ops->release(context), "release\n");
    ok(GetTickCount() - start < AT_ONCE, "others took %lu ms\n", GetTickCount() - start);
}

/* Nothing that the dead thread held keeps its context or card from being closed. */
static void close_all(transport_id card, transport_id context)
{
    DWORD start = GetTickCount();

    if (card)
        ok(!ops->disconnect(card, SCARD_LEAVE_CARD), "disconnect\n");
    ok(!ops->release(context), "release\n");
    ok(GetTickCount() - start < AT_ONCE, "closing took %lu ms\n", GetTickCount() - start);
}

static void test_terminated_wait(void)
{
    struct call wait = {0};
    DWORD start;

    start_wait(&wait, INFINITE);
    terminate(&wait);
    others_go_on();
    start = GetTickCount();
    ok(!ops->is_valid(wait.id), "valid\n");
    ok(!ops->cancel(wait.id), "cancel\n");
    ok(GetTickCount() - start < AT_ONCE, "took %lu ms\n", GetTickCount() - start);
    close_all(0, wait.id);
    check_free("after a wait");
}

static void test_terminated_begin(void)
{
    transport_id context = open_context();
    struct call begin = {.kind = CALL_BEGIN, .id = open_card(context, SC_SHARE_SHARED)};
    struct transport_status status;
    DWORD start, length;

    rig("lock-by-other 3000");
    start_call(&begin);
    terminate(&begin);
    others_go_on();
    start = GetTickCount();
    ok(!ops->cancel_begin(begin.id, begin.ticket), "cancel\n");
    ok(GetTickCount() - start < AT_ONCE, "took %lu ms\n", GetTickCount() - start);
    rig("wait-others");
    /* The connection is as good as before. */
    ok(!ops->status(begin.id, 0, &status), "status\n");
    ok(!ops->begin(begin.id, 0), "begin\n");
    ok(!send_select(begin.id, &length), "select\n");
    ok(!ops->end(begin.id, SCARD_LEAVE_CARD), "end\n");
    close_all(begin.id, context);
    check_free("after a begin");
}

/* Through the object, whose owner goes on. */
static void test_terminated_object(void)
{
    BSTR name = SysAllocString(reader);
    struct call call = {0};
    ISCardManage *manage;
    DWORD start;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    manage = start_locking(name, &call);
    terminate(&call);
    start = GetTickCount();
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok(GetTickCount() - start < AT_ONCE, "Detach took %lu ms\n", GetTickCount() - start);
    rig("wait-others");
    ok_hr(ISCardManage_AttachByIFD(manage, name, EXCLUSIVE), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ISCardManage_Release(manage);
    check_free("after SCardLock");
    CoUninitialize();
    SysFreeString(name);
}

static void test_terminated_call(void)
{
    transport_id context = open_context();
    struct call call = {.kind = CALL_SELECT, .id = open_card(context, SC_SHARE_SHARED)};

    rig("card delay 1500 1");
    start_call(&call);
    terminate(&call);
    others_go_on();
    close_all(call.id, context);
}

START_TEST(threads)
{
    ops = &transport_unix;
    if (!find_readers())
        return;
    test_faults();
    test_suspended_often();
    test_suspended_long();
    test_suspended_in_call();
    test_suspended_object();
    if (rig_slowness() > 1)
    {
        skip("QEMU names no page fault, so that Wine cannot watch memory, and terminated threads "
             "fault once more\n");
        return;
    }
    test_write_watch();
    test_watched_objects();
    test_terminated_wait();
    test_terminated_begin();
    test_terminated_object();
    /* Last: pcsc-lite cannot close what a dead thread was talking to. */
    test_terminated_call();
}
