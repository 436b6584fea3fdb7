/*
 * The last Release of an object while another thread is inside one of its methods.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The call that Release makes never waits; what can be ended is ended at once; the memory is the
 * method's until it returns; and nothing stays connected.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "blockspy.h"
#include "cardtest.h"
#include "rig/rigctl.h"

#define PROMPT_MS 1500 /* what "at once" may take on a busy machine */

static BSTR reader;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

/* ---- the objects ---- */

static void *attached_card(void)
{
    ISCard *card = create_card();

    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    return card;
}

static void *attached_manage(void)
{
    ISCardManage *manage = create_manage();

    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    return manage;
}

/* A service of an attached manager, which is gone. */
static void *service(const IID *iid)
{
    ISCardManage *manage = attached_manage();
    IUnknown *object = NULL;
    GUID guid = *iid;

    ok_hr(ISCardManage_CreateInterface(manage, &guid, NULL, NULL, &object), S_OK);
    ISCardManage_Release(manage);
    return object;
}

static void *files(void)
{
    return service(&IID_ISCardFileAccess);
}

static void *codes(void)
{
    return service(&IID_ISCardVerify);
}

static void *keys(void)
{
    return service(&IID_ISCardAuth);
}

static void *free_card(void)
{
    return create_card();
}

static void *free_manage(void)
{
    return create_manage();
}

static void *finder(void)
{
    return create(&CLSID_CSCardLocate, &IID_ISCardLocate);
}

/* ---- the calls, none of which gets the card before the other program gives it back ---- */

static HRESULT lock_card(void *object)
{
    return ISCard_LockSCard((ISCard *)object);
}

static HRESULT ask_card(void *object)
{
    SCARD_STATES state;

    return ISCard_get_Status((ISCard *)object, &state);
}

static HRESULT reattach_card(void *object)
{
    return ISCard_ReAttach((ISCard *)object, SHARED, LEAVE);
}

static HRESULT attach_card(void *object)
{
    return ISCard_AttachByReader((ISCard *)object, reader, SHARED, T0 | T1);
}

static HRESULT send_to_card(void *object)
{
    static const BYTE select[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    HRESULT hr;

    send_apdu(object, select, sizeof(select), &hr);
    return hr;
}

static HRESULT lock_manage(void *object)
{
    return ISCardManage_SCardLock((ISCardManage *)object);
}

static HRESULT ask_manage(void *object)
{
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;

    return ISCardManage_Status((ISCardManage *)object, &state, &protocol);
}

static HRESULT reconnect_manage(void *object)
{
    return ISCardManage_Reconnect((ISCardManage *)object);
}

static HRESULT attach_manage(void *object)
{
    return ISCardManage_AttachByIFD((ISCardManage *)object, reader, SHARED);
}

static HRESULT open_file(void *object)
{
    HSCARD_FILE file;
    BSTR name = SysAllocString(L"2F05");
    HRESULT hr = ISCardFileAccess_Open((ISCardFileAccess *)object, SC_TYPE_BY_NAME, name, &file);

    SysFreeString(name);
    return hr;
}

static HRESULT verify_code(void *object)
{
    LONG ref = 1;

    return ISCardVerify_Verify((ISCardVerify *)object, NULL, SC_FL_IHV_CHECKONLY, &ref);
}

static HRESULT get_challenge(void *object)
{
    IByteBuffer *buffer = NULL;
    LONG length = 8;
    HRESULT hr = ISCardAuth_GetChallenge((ISCardAuth *)object, 0, NULL, &length, &buffer);

    if (buffer)
        IByteBuffer_Release(buffer);
    return hr;
}

static HRESULT find_card(void *object)
{
    SCARDINFO *info = NULL;
    HRESULT hr =
        ISCardLocate_FindCard((ISCardLocate *)object, SHARED, T0 | T1, SC_DLG_NO_UI, &info);

    CoTaskMemFree(info);
    return hr;
}

enum end
{
    LATER,   /* when the card is free */
    AT_ONCE, /* with SCARD_E_CANCELLED */
    IN_LIBRARY /* the same, where the unix half can break a wait inside the library; else LATER */
};

static const struct row
{
    const char *name;
    void *(*make)(void);
    HRESULT (*call)(void *object);
    enum end end;
    HRESULT hr; /* when it ends later */
} rows[] =
{
    {"ISCard::LockSCard", attached_card, lock_card, AT_ONCE, 0},
    {"ISCard::get_Status", attached_card, ask_card, IN_LIBRARY, S_OK},
    {"ISCard::ReAttach", attached_card, reattach_card, IN_LIBRARY, SCARD_E_CANCELLED},
    {"ISCard::AttachByReader", free_card, attach_card, LATER, S_OK},
    {"ISCard::Transaction", attached_card, send_to_card, LATER, S_OK},
    {"ISCardManage::SCardLock", attached_manage, lock_manage, AT_ONCE, 0},
    {"ISCardManage::Status", attached_manage, ask_manage, IN_LIBRARY, S_OK},
    {"ISCardManage::Reconnect", attached_manage, reconnect_manage, IN_LIBRARY, SCARD_E_CANCELLED},
    {"ISCardManage::AttachByIFD", free_manage, attach_manage, LATER, S_OK},
    {"ISCardFileAccess::Open", files, open_file, AT_ONCE, 0},
    {"ISCardVerify::Verify", codes, verify_code, AT_ONCE, 0},
    {"ISCardAuth::GetChallenge", keys, get_challenge, AT_ONCE, 0},
    {"ISCardLocate::FindCard", finder, find_card, LATER, S_OK},
};

/* ---- one call ---- */

struct caller
{
    HRESULT (*call)(void *object);
    void *object;
    HRESULT hr;
    DWORD id;
    HANDLE thread;
};

static DWORD WINAPI run(void *argument)
{
    struct caller *caller = argument;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    caller->hr = caller->call(caller->object);
    CoUninitialize();
    return 0;
}

static void start(struct caller *caller)
{
    caller->hr = E_PENDING;
    caller->thread = CreateThread(NULL, 0, run, caller, 0, &caller->id);
    Sleep(300); /* into the wait */
    ok(WaitForSingleObject(caller->thread, 0) == WAIT_TIMEOUT, "it did not wait: %#lx\n",
       caller->hr);
}

static void join(struct caller *caller)
{
    if (!ok(!WaitForSingleObject(caller->thread, 10000), "the method does not end\n"))
        ExitProcess(test_summary());
    CloseHandle(caller->thread);
}

/* A method that Release has ended may be done before Release is. */
static void end(struct caller *caller, BOOL ended)
{
    join(caller);
    ok(ended ? spy_thread != 0 : spy_thread == caller->id, "the object was freed %s\n",
       spy_thread ? "while the method ran" : "by nobody");
}

/* An exclusive connection is had only while there is no other one. */
static void check_free(void)
{
    ISCard *card = create_card();

    ok_hr(ISCard_AttachByReader(card, reader, EXCLUSIVE, T0 | T1), S_OK);
    ISCard_Release(card);
}

static void test_row(const struct row *row)
{
    BOOL ends = row->end == AT_ONCE || (row->end == IN_LIBRARY && !native_handles());
    struct caller caller = {.call = row->call};
    DWORD began;

    test_push("%s", row->name);
    caller.object = row->make();
    spy_watch(caller.object);
    rig("lock-by-other 2800");
    start(&caller);
    began = GetTickCount();
    ok(!IUnknown_Release((IUnknown *)caller.object), "not the last reference\n");
    ok(GetTickCount() - began < PROMPT_MS, "Release took %lu ms\n", GetTickCount() - began);
    end(&caller, row->end != LATER);
    if (ends)
        ok(caller.hr == SCARD_E_CANCELLED && GetTickCount() - began < PROMPT_MS,
           "%#lx after %lu ms\n", caller.hr, GetTickCount() - began);
    else
        ok_hr(caller.hr, row->hr);
    rig("wait-others");
    check_free();
    test_pop();
}

/* ---- UnlockSCard waits for whoever uses the handle ---- */

static HRESULT unlock_card(void *object)
{
    return ISCard_UnlockSCard((ISCard *)object, LEAVE);
}

static void test_unlock(void)
{
    ISCard *owner = attached_card();
    struct caller guest = {.call = lock_card, .object = create_card()};
    struct caller caller = {.call = unlock_card, .object = owner};
    HSCARD handle;

    test_push("ISCard::UnlockSCard");
    ok_hr(ISCard_get_CardHandle(owner, &handle), S_OK);
    ok_hr(ISCard_AttachByHandle((ISCard *)guest.object, handle), S_OK);
    spy_watch(owner);
    rig("lock-by-other 2800");
    start(&guest);
    start(&caller);
    ok(!ISCard_Release(owner), "not the last reference\n");
    end(&caller, TRUE);
    ok_hr(caller.hr, SCARD_E_CANCELLED);
    join(&guest);
    ok_hr(guest.hr, SCARD_E_CANCELLED);
    ISCard_Release((ISCard *)guest.object);
    rig("wait-others");
    check_free();
    test_pop();
}

/* ---- a wait that is ended is never the next one ---- */

/*
 * Two objects share a handle. One waits for the lock and is detached, over and over, while the
 * other asks for it as well: no detaching of the first may end a wait of the second.
 */
static DWORD WINAPI lock_again(void *argument)
{
    ISCard *card = argument;
    LONG i, wrong = 0;
    HRESULT hr;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (i = 0; i < 200; i++)
    {
        if ((hr = ISCard_LockSCard(card)) == S_OK)
            hr = ISCard_UnlockSCard(card, LEAVE);
        if (hr != S_OK && !wrong++)
            ok(0, "round %ld: %#lx\n", i, hr);
    }
    CoUninitialize();
    return wrong;
}

static void test_tickets(void)
{
    ISCard *owner = attached_card(), *guest = create_card();
    HANDLE thread;
    HSCARD handle;
    DWORD wrong = 1;

    ok_hr(ISCard_get_CardHandle(owner, &handle), S_OK);
    thread = CreateThread(NULL, 0, lock_again, owner, 0, NULL);
    while (WaitForSingleObject(thread, 0) == WAIT_TIMEOUT)
    {
        struct caller caller = {.call = lock_card, .object = guest};

        ISCard_AttachByHandle(guest, handle);
        caller.thread = CreateThread(NULL, 0, run, &caller, 0, &caller.id);
        Sleep(1);
        ISCard_Detach(guest, LEAVE);
        WaitForSingleObject(caller.thread, INFINITE);
        CloseHandle(caller.thread);
    }
    ok(GetExitCodeThread(thread, &wrong) && !wrong, "%lu locks were ended by somebody else\n",
       wrong);
    CloseHandle(thread);
    ISCard_Release(guest);
    ISCard_Release(owner);
    check_free();
}

START_TEST(lifetime)
{
    size_t i;

    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    spy_start();
    reader = reader_with_card();
    for (i = 0; i < ARRAYSIZE(rows); i++)
        test_row(&rows[i]);
    test_unlock();
    test_tickets();
    SysFreeString(reader);
    CoRevokeMallocSpy();
    CoUninitialize();
}
