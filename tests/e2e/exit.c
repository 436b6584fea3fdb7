/*
 * Ends of processes and of the DLL while a thread waits inside: prompt, and nothing stays held.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program starts itself with --child WAIT END: a thread begins to wait, and the process ends.
 * exit.sh sees to it that windows can be made.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "../com/cardtest.h"
#include "../com/locatetest.h"
#include "transporttest.h"

#define INTO_THE_WAIT 700
#define PROMPT_MS     3000
/* Exit codes of the child: it ended as it was to, it could not begin. */
#define ENDED  77
#define BROKEN 100

/* ---- what threads wait in ---- */

/* A change of a reader that never comes, below COM. */
static void wait_for_change(void *unused)
{
    struct transport_reader_state state = {.reader = reader};
    transport_id context = open_context();

    (void)unused;
    ops->get_status_change(context, 0, &state, 1);
    state.current_state = state.event_state & ~SCARD_STATE_CHANGED;
    ops->get_status_change(context, INFINITE, &state, 1);
}

static void wait_for_lock(void *manage)
{
    ISCardManage_SCardLock((ISCardManage *)manage);
}

static void wait_for_answer(void *card)
{
    static const BYTE challenge[] = {0x00, 0x84, 0x00, 0x00, 0x08};
    HRESULT hr;

    send_apdu(card, challenge, sizeof(challenge), &hr);
}

/* The user's click, with a thread of the DLL's own behind the dialog. */
static void wait_for_user(void *unused)
{
    ISCardLocate *locate = create(&CLSID_CSCardLocate, &IID_ISCardLocate);
    SAFEARRAY *names = names_array(test_card_types[0].name, NULL);
    SCARDINFO *info;

    (void)unused;
    ok_hr(ISCardLocate_ConfigureCardNameSearch(locate, names, NULL, NULL, SC_DLG_FORCE_UI), S_OK);
    ISCardLocate_FindCard(locate, SHARED, T0 | T1, SC_DLG_FORCE_UI, &info);
}

static void *attach_manage(void)
{
    ISCardManage *manage = create_manage();
    BSTR name = SysAllocString(reader);

    ok_hr(ISCardManage_AttachByIFD(manage, name, SHARED), S_OK);
    SysFreeString(name);
    return manage;
}

static void *attach_card(void)
{
    ISCard *card = create_card();
    BSTR name = SysAllocString(reader);

    ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), S_OK);
    SysFreeString(name);
    return card;
}

static const struct wait
{
    const char *name;
    void (*run)(void *object);
    void *(*prepare)(void); /* makes the object, in the main thread */
    const char *request;    /* what makes it wait */
} waits[] =
{
    {"change", wait_for_change, NULL, NULL},
    {"lock", wait_for_lock, attach_manage, "lock-by-other 3000"},
    {"answer", wait_for_answer, attach_card, "card delay 3000 1"},
    {"user", wait_for_user, NULL, NULL},
};

/* How the process ends: it calls ExitProcess; it gives COM back before; it terminates the thread
 * and frees the DLL before; another process ends it. */
static const char *const ends[] = {"exit", "com", "thread", "killed"};

/* ---- the child ---- */

struct waiter
{
    const struct wait *wait;
    void *object;
};

static DWORD WINAPI run_waiter(void *arg)
{
    struct waiter *waiter = arg;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    waiter->wait->run(waiter->object);
    CoUninitialize();
    return 0;
}

static HANDLE start_waiter(struct waiter *waiter)
{
    HANDLE thread = CreateThread(NULL, 0, run_waiter, waiter, 0, NULL);

    Sleep(INTO_THE_WAIT);
    return thread;
}

static HANDLE ready_event(DWORD parent)
{
    char name[64];

    snprintf(name, sizeof(name), "scardssp-exit-%lu", parent);
    return CreateEventA(NULL, FALSE, FALSE, name);
}

static void free_module(void)
{
    HMODULE module = GetModuleHandleW(L"scardssp.dll");

    while (GetModuleHandleW(L"scardssp.dll"))
        FreeLibrary(module);
}

static void be_child(const struct wait *wait, const char *end, DWORD parent)
{
    struct waiter waiter = {.wait = wait};
    HANDLE thread;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (wait->prepare)
        waiter.object = wait->prepare();
    if (wait->request)
        rig(wait->request);
    thread = start_waiter(&waiter);
    if (WaitForSingleObject(thread, 0) != WAIT_TIMEOUT)
        ExitProcess(BROKEN);
    SetEvent(ready_event(parent));
    if (!strcmp(end, "killed"))
        Sleep(INFINITE);
    if (!strcmp(end, "thread"))
    {
        TerminateThread(thread, 0);
        free_module();
    }
    if (!strcmp(end, "com"))
        CoUninitialize();
    ExitProcess(ENDED);
}

static BOOL is_child(void)
{
    const char *option = strstr(GetCommandLineA(), "--child ");
    char wait[16], end[16];
    DWORD parent;
    size_t i;

    if (!option || sscanf(option, "--child %15s %15s %lu", wait, end, &parent) != 3)
        return FALSE;
    for (i = 0; i < ARRAYSIZE(waits); i++)
        if (!strcmp(waits[i].name, wait))
            be_child(&waits[i], end, parent);
    return TRUE;
}

/* ---- the parent ---- */

static HANDLE start_child(const struct wait *wait, const char *end)
{
    char file[MAX_PATH], command[MAX_PATH + 64];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;

    GetModuleFileNameA(NULL, file, sizeof(file));
    snprintf(command, sizeof(command), "\"%s\" --child %s %s %lu", file, wait->name, end,
             GetCurrentProcessId());
    if (!CreateProcessA(file, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return NULL;
    CloseHandle(process.hThread);
    return process.hProcess;
}

static void test_end(const struct wait *wait, const char *end)
{
    HANDLE handles[2] = {ready_event(GetCurrentProcessId())};
    DWORD start, code = 0;

    handles[1] = start_child(wait, end);
    ok(handles[1] != NULL, "CreateProcess: %lu\n", GetLastError());
    if (WaitForMultipleObjects(2, handles, FALSE, 30000) != WAIT_OBJECT_0)
    {
        GetExitCodeProcess(handles[1], &code);
        ok(0, "the child does not wait: %lu\n", code);
        TerminateProcess(handles[1], 1);
    }
    start = GetTickCount();
    if (!strcmp(end, "killed"))
        TerminateProcess(handles[1], ENDED);
    ok(!WaitForSingleObject(handles[1], 20000), "no end\n");
    ok(GetTickCount() - start < PROMPT_MS, "took %lu ms\n", GetTickCount() - start);
    trace("%lu ms\n", GetTickCount() - start);
    GetExitCodeProcess(handles[1], &code);
    ok(code == ENDED, "exit code %#lx\n", code);
    CloseHandle(handles[0]);
    CloseHandle(handles[1]);
}

/* Once the daemon has noticed that the child is gone, nobody has the card. */
static void check_free(void)
{
    DWORD start = GetTickCount(), protocol;
    transport_id context = open_context(), card;
    LONG result;

    do
    {
        result = ops->connect(context, reader, SC_SHARE_EXCLUSIVE, 3, &card, &protocol);
        Sleep(result ? 100 : 0);
    } while (result && GetTickCount() - start < 10000);
    ok(!result, "something holds the card: %#lx\n", result);
    ops->release(context);
}

static void test_ends(void)
{
    size_t i, j;

    for (i = 0; i < ARRAYSIZE(waits); i++)
    {
        for (j = 0; j < ARRAYSIZE(ends); j++)
        {
            test_push("%s, %s", waits[i].name, ends[j]);
            test_end(&waits[i], ends[j]);
            rig("wait-others");
            check_free();
            test_pop();
        }
    }
}

/* ---- the DLL's own end ---- */

static HRESULT can_unload(HMODULE module)
{
    HRESULT(WINAPI * can)
    (void) = (HRESULT(WINAPI *)(void))(void (*)(void))GetProcAddress(module, "DllCanUnloadNow");

    return can ? can() : E_NOTIMPL;
}

/* A thread is inside, and the object that it came in by is released: the code stays. */
static void test_unload(void)
{
    struct waiter waiter = {.wait = &waits[1], .object = attach_manage()};
    HMODULE module = GetModuleHandleW(L"scardssp.dll");
    HANDLE thread;

    rig("lock-by-other 5000");
    thread = start_waiter(&waiter);
    ok(WaitForSingleObject(thread, 0) == WAIT_TIMEOUT, "the lock was free\n");
    ok_hr(can_unload(module), S_FALSE);
    SuspendThread(thread);
    ISCardManage_Release((ISCardManage *)waiter.object);
    ok_hr(can_unload(module), S_FALSE);
    CoFreeUnusedLibrariesEx(0, 0);
    CoFreeUnusedLibrariesEx(0, 0);
    ok(GetModuleHandleW(L"scardssp.dll") == module, "unloaded under a thread\n");
    ResumeThread(thread);
    ok(!WaitForSingleObject(thread, PROMPT_MS), "the wait does not end\n");
    ok_hr(can_unload(module), S_OK);
    CloseHandle(thread);
    rig("wait-others");
    CoFreeUnusedLibrariesEx(0, 0);
    CoFreeUnusedLibrariesEx(0, 0);
    ok(!GetModuleHandleW(L"scardssp.dll"), "not unloaded\n");
}

START_TEST(exit)
{
    ops = &transport_unix;
    if (!find_readers() || is_child())
        return;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    write_card_types();
    test_unload();
    test_ends();
    delete_card_types();
    CoUninitialize();
}
