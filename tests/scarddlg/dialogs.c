/*
 * The dialogs of SCardUIDlgSelectCard and GetOpenCardName, driven by window messages while cards
 * come and go.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tests/scarddlg/dialogs.sh gives it a display (none with SCARDSSP_TEST_NO_DISPLAY), and serves
 * SCARDSSP_TEST_SHOTS as e2e/dialog.sh does.
 */

#include <windows.h>
#include <commctrl.h>
#include "test.h"

#include "../winscard/winscardtest.h"
#include "rig/rigctl.h"
#include "scarddlgtest.h"

#include "../../dlls/scarddlg/dialog.h"
#include "../e2e/dialogdrive.h"

#define OWNER_TITLE L"scardssp test owner"
#define NESTED      L"scardssp test nested"

/* ---- a call in a thread, with a window as its owner ---- */

struct run
{
    enum call_kind kind;
    struct given given;
    BOOL has_owner, disables_owner;
    HANDLE thread;
    DWORD thread_id;
    HWND owner, edit;   /* of that thread */
    HWND focus, active; /* of that thread, afterwards */
    BOOL owner_enabled; /* afterwards */
    struct got got;
};

static void make_owner(struct run *run)
{
    MSG message;

    run->owner = CreateWindowExW(0, L"static", OWNER_TITLE, WS_OVERLAPPEDWINDOW | WS_VISIBLE, 10,
                                 10, 200, 120, NULL, NULL, NULL, NULL);
    run->edit = CreateWindowExW(0, L"edit", L"", WS_CHILD | WS_VISIBLE | WS_TABSTOP, 5, 5, 80, 20,
                                run->owner, NULL, NULL, NULL);
    SetForegroundWindow(run->owner);
    SetActiveWindow(run->owner);
    SetFocus(run->edit);
    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&message);
    run->given.owner = (ULONG_PTR)run->owner;
}

static DWORD WINAPI run_thread(void *parameter)
{
    struct run *run = parameter;

    SetThreadLocale(MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT));
    if (run->has_owner)
        make_owner(run);
    if (run->disables_owner)
        EnableWindow(run->owner, FALSE);
    call(run->kind, &run->given, &run->got);
    run->focus = GetFocus();
    run->active = GetActiveWindow();
    run->owner_enabled = IsWindow(run->owner) && IsWindowEnabled(run->owner);
    if (IsWindow(run->owner))
        DestroyWindow(run->owner);
    return 0;
}

static struct run run_of(enum call_kind kind, DWORD flags)
{
    struct run run = {.kind = kind, .given = usual()};

    run.given.flags = flags;
    run.given.title = (ULONG_PTR) "scardssp test dialog";
    return run;
}

static void start(struct run *run)
{
    run->thread = CreateThread(NULL, 0, run_thread, run, 0, &run->thread_id);
}

static BOOL open_dialog(struct run *run)
{
    start(run);
    return ok(wait_dialog(run->thread, TITLE) != NULL, "no dialog\n");
}

static LONG finish(struct run *run)
{
    ok_uint(WaitForSingleObject(run->thread, PATIENCE), WAIT_OBJECT_0);
    CloseHandle(run->thread);
    if (run->got.handle)
    {
        ok(!run->got.result, "a handle after %#lx\n", run->got.result);
        SCardDisconnect(run->got.handle, SCARD_LEAVE_CARD);
    }
    return run->got.result;
}

static void choose_row(int row)
{
    LVITEMW item = {.stateMask = LVIS_SELECTED | LVIS_FOCUSED,
                    .state = LVIS_SELECTED | LVIS_FOCUSED};

    SendMessageW(control(CONTROL_READERS), LVM_SETITEMSTATE, row, (LPARAM)&item);
}

/* After the service was restarted the tests' context is one of the past. */
static void scarddlg_again(void)
{
    SCardReleaseContext(context);
    context = establish();
}

static HWND focus_of(DWORD thread)
{
    GUITHREADINFO info = {.cbSize = sizeof(info)};

    return GetGUIThreadInfo(thread, &info) ? info.hwndFocus : NULL;
}

static BOOL wait_focus(const struct run *run, HWND wanted, const char *what)
{
    DWORD end = GetTickCount() + PATIENCE;

    while (focus_of(run->thread_id) != wanted && GetTickCount() < end)
        Sleep(10);
    return ok(focus_of(run->thread_id) == wanted, "the focus is not on %s\n", what);
}

/* ---- what a program asks of the window ---- */

static void test_looks(enum call_kind kind)
{
    struct run run = run_of(kind, SC_DLG_FORCE_UI);

    test_push("%s", call_names[kind]);
    fact(DOCUMENTED);
    run.has_owner = TRUE;
    run.given.description = (ULONG_PTR) "Insert the card of the health insurance";
    run.given.icon = (ULONG_PTR)LoadIconW(NULL, (const WCHAR *)IDI_INFORMATION);
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        check_columns();
        ok(GetWindow(window, GW_OWNER) == run.owner, "another owner\n");
        ok(!IsWindowEnabled(run.owner), "the owner is enabled\n");
        if (IS_OPEN(kind))
            ok(wcsstr(text_of(CONTROL_HINT), ISO_W) != NULL, "hint %ls\n", text_of(CONTROL_HINT));
        else
            ok(!wcscmp(text_of(CONTROL_HINT), L"Insert the card of the health insurance"),
               "hint %ls\n", text_of(CONTROL_HINT));
        ok(!!(GetWindowLongW(control(CONTROL_ICON), GWL_STYLE) & WS_VISIBLE) == !IS_OPEN(kind),
           "the icon\n");
        if (kind == SELECT_W)
            screenshot("scarddlg-description");
        press(IDCANCEL);
    }
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    ok_uint(run.got.extended, SCARD_W_CANCELLED_BY_USER);
    ok(run.owner_enabled, "the owner stays disabled\n");
    ok(run.active == run.owner && run.focus == run.edit, "the focus is elsewhere\n");
    test_pop();
}

static void test_long_description(void)
{
    static const char line[] = "A description that a program has made as long as it likes. ";
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);
    RECT hint, label, whole;
    char text[500] = "";

    fact(GUESS);
    while (strlen(text) + sizeof(line) < sizeof(text))
        strcat(text, line);
    run.given.description = (ULONG_PTR)text;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        GetWindowRect(control(CONTROL_HINT), &hint);
        GetWindowRect(control(CONTROL_LABEL), &label);
        GetWindowRect(window, &whole);
        check_columns();
        ok(hint.bottom - hint.top > 50, "%ld high\n", hint.bottom - hint.top);
        ok(hint.bottom <= label.top, "it covers the label\n");
        GetWindowRect(control(IDCANCEL), &label);
        ok(label.bottom < whole.bottom, "Cancel is cut off\n");
        screenshot("scarddlg-long-description");
        press(IDCANCEL);
    }
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
}

static void test_titles(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    run.given.title = 0;
    start(&run);
    if (ok(wait_dialog(run.thread, L"Find Smart Card") != NULL, "no dialog\n"))
    {
        ok(!GetWindow(window, GW_OWNER), "an owner\n");
        press(IDCANCEL);
    }
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    run.given.owner = 0x7ffffff0;
    start(&run);
    ok(!wait_dialog(run.thread, L"Find Smart Card"), "a dialog without an owner\n");
    ok_hr(finish(&run), SCARD_E_INVALID_VALUE);
}

/* What a program has disabled itself stays so. */
static void test_disabled_owner(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    run.has_owner = run.disables_owner = TRUE;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(!run.owner_enabled, "the owner is enabled\n");
}

/* The whole desktop, which some programs name, is nobody's to disable. */
static void test_desktop_owner(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    run.given.owner = (ULONG_PTR)GetDesktopWindow();
    if (open_dialog(&run))
    {
        ok(IsWindowEnabled(GetDesktopWindow()), "the desktop is disabled\n");
        press(IDCANCEL);
    }
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    ok(IsWindowEnabled(GetDesktopWindow()), "the desktop stays disabled\n");
}

/* The control of a window, not the window, may be named as the owner. */
static void test_child_owner(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);
    HWND owner = CreateWindowExW(0, L"static", OWNER_TITLE, WS_OVERLAPPEDWINDOW | WS_VISIBLE, 10,
                                 10, 200, 120, NULL, NULL, NULL, NULL);
    HWND child = CreateWindowExW(0, L"static", L"", WS_CHILD | WS_VISIBLE, 5, 5, 80, 20, owner,
                                 NULL, NULL, NULL);
    DWORD end = GetTickCount() + PATIENCE;
    MSG message;

    fact(GUESS);
    run.given.owner = (ULONG_PTR)child;
    start(&run);
    /* The owner's thread has to answer while the dialog comes. */
    while (!(window = FindWindowW(L"#32770", TITLE)) && GetTickCount() < end)
    {
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
        Sleep(10);
    }
    if (ok(window != NULL, "no dialog\n"))
    {
        while (IsWindowEnabled(owner) && GetTickCount() < end)
        {
            while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
                DispatchMessageW(&message);
            Sleep(10);
        }
        ok(!IsWindowEnabled(owner), "its window is enabled\n");
        PostMessageW(window, WM_COMMAND, IDCANCEL, 0);
    }
    while (MsgWaitForMultipleObjects(1, &run.thread, FALSE, PATIENCE, QS_ALLINPUT) ==
           WAIT_OBJECT_0 + 1)
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&message);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    ok(IsWindowEnabled(owner), "it stays disabled\n");
    DestroyWindow(owner);
}

/* ---- choosing ---- */

static void test_choose(enum call_kind kind)
{
    struct run run = run_of(kind, SC_DLG_FORCE_UI);

    test_push("%s", call_names[kind]);
    fact(DOCUMENTED);
    run.has_owner = TRUE;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        press_key(CONTROL_READERS, VK_RETURN);
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(run.got.handle && run.got.protocol == SCARD_PROTOCOL_T1, "handle %p, protocol %lu\n",
       (void *)run.got.handle, run.got.protocol);
    ok(!lstrcmpW(run.got.reader, test_reader) && !lstrcmpW(run.got.card, ISO_W), "%ls, %ls\n",
       run.got.reader, run.got.card);
    ok(run.owner_enabled && run.focus == run.edit, "the owner has not got the focus back\n");
    test_pop();
}

/* No card at first: the least UI is a dialog, until one comes. */
static void test_insert(enum call_kind kind)
{
    struct run run = run_of(kind, SC_DLG_MINIMAL_UI);

    test_push("%s", call_names[kind]);
    fact(DOCUMENTED);
    rig("card eject");
    run.given.names = 0;
    run.given.interfaces = (ULONG_PTR)test_interfaces;
    run.given.interface_count = 2;
    run.given.share = 0;
    if (open_dialog(&run))
    {
        wait_cell(0, 2, L"no card");
        wait_enabled(FALSE);
        rig("card insert other");
        wait_cell(0, 2, L"not the card asked for");
        wait_enabled(FALSE);
        rig("card eject");
        rig("card insert default");
        wait_cell(0, 2, L"ready");
        wait_cell(0, 1, ISO_W);
        wait_enabled(TRUE);
        press(IDOK);
    }
    else
        rig("card insert default");
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(!run.got.handle && !lstrcmpW(run.got.card, ISO_W), "card %ls\n", run.got.card);
    test_pop();
}

/* The rows, by arrow keys; Escape gives up. */
static void test_keys_of_list(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    if (!open_dialog(&run))
        return;
    wait_enabled(TRUE);
    ok_uint(selected(), 0);
    press_key(CONTROL_READERS, VK_DOWN);
    wait_enabled(FALSE); /* the other reader is empty */
    ok_uint(selected(), 1);
    press_key(CONTROL_READERS, VK_RETURN); /* OK is disabled */
    press_key(CONTROL_READERS, VK_HOME);
    wait_enabled(TRUE);
    ok_uint(selected(), 0);
    press_key(CONTROL_READERS, VK_ESCAPE);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
}

/* The order of Tab, the list's mnemonic, Enter on a button. */
static void test_keyboard(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    if (!open_dialog(&run))
        return;
    wait_enabled(TRUE);
    wait_focus(&run, control(CONTROL_READERS), "the list");
    press_key(CONTROL_READERS, VK_TAB);
    wait_focus(&run, control(IDOK), "OK");
    press_key(IDOK, VK_TAB);
    wait_focus(&run, control(IDCANCEL), "Cancel");
    PostMessageW(control(IDCANCEL), WM_SYSCHAR, 'r', 1 << 29);
    wait_focus(&run, control(CONTROL_READERS), "the list");
    press_key(CONTROL_READERS, VK_TAB);
    wait_focus(&run, control(IDOK), "OK");
    press_key(IDOK, VK_TAB);
    wait_focus(&run, control(IDCANCEL), "Cancel");
    press_key(IDCANCEL, VK_RETURN);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
}

/* ---- routines ---- */

/* What they do, and how often they were called. */
struct play
{
    LONG checks, connects, disconnects;
    BOOL refuses, fails;
    enum
    {
        DO_NOTHING,
        DO_CANCEL,  /* Cancel is pressed while the routine runs */
        DO_DESTROY, /* the window goes */
        DO_PUMP,    /* as a message box does */
        DO_NEST     /* another search, with a dialog */
    } deed;
    LONG nested_result;
};

static void pump(DWORD milliseconds)
{
    DWORD end = GetTickCount() + milliseconds;
    MSG message;

    while (GetTickCount() < end)
    {
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        {
            TranslateMessage(&message);
            DispatchMessageW(&message);
        }
        Sleep(10);
    }
}

static void nest(struct play *play)
{
    struct given given = usual();
    struct got got;

    given.flags = SC_DLG_FORCE_UI;
    given.title = (ULONG_PTR) "scardssp test nested";
    given.owner = (ULONG_PTR)GetActiveWindow();
    given.share = 0;
    call(SELECT_W, &given, &got);
    play->nested_result = got.result;
}

static void act(struct play *play)
{
    HWND dialog = FindWindowW(L"#32770", TITLE);

    switch (play->deed)
    {
    case DO_CANCEL: SendMessageW(dialog, WM_COMMAND, IDCANCEL, 0); break;
    case DO_DESTROY: DestroyWindow(dialog); break;
    case DO_PUMP: pump(500); break;
    case DO_NEST: nest(play); break;
    default: break;
    }
}

static SCARDHANDLE WINAPI connect_routine(SCARDCONTEXT routine_context, WCHAR *reader, WCHAR *names,
                                          void *user)
{
    struct play *play = user;
    SCARDHANDLE card = 0;
    DWORD protocol;

    InterlockedIncrement(&play->connects);
    act(play);
    if (!play->fails)
        SCardConnectW(routine_context, reader, SCARD_SHARE_SHARED, 3, &card, &protocol);
    return card;
}

static BOOL WINAPI check_routine(SCARDCONTEXT routine_context, SCARDHANDLE card, void *user)
{
    struct play *play = user;

    InterlockedIncrement(&play->checks);
    act(play);
    return !play->refuses;
}

static void WINAPI disconnect_routine(SCARDCONTEXT routine_context, SCARDHANDLE card, void *user)
{
    struct play *play = user;

    InterlockedIncrement(&play->disconnects);
    ok_hr(SCardDisconnect(card, SCARD_LEAVE_CARD), SCARD_S_SUCCESS);
}

/* The check decides, once for each stay of a card. */
static void test_judged(enum call_kind kind)
{
    struct play play = {.refuses = TRUE};
    struct run run = run_of(kind, SC_DLG_FORCE_UI);

    test_push("%s", call_names[kind]);
    fact(DOCUMENTED);
    run.given.check = (ULONG_PTR)check_routine;
    run.given.disconnect = (ULONG_PTR)disconnect_routine;
    run.given.user = (ULONG_PTR)&play;
    if (open_dialog(&run))
    {
        wait_cell(0, 2, L"not the card asked for");
        wait_enabled(FALSE);
        wait_message(L"is not the one asked for");
        if (kind == OPEN_W)
            screenshot("scarddlg-refused");
        fact(GUESS);
        ok(play.checks == 1 && play.disconnects == 1, "%ld checks, %ld disconnected\n", play.checks,
           play.disconnects);
        rig("reset-by-other"); /* another program's use of the card is no other card */
        Sleep(500 * rig_slowness());
        ok(play.checks == 1, "%ld checks\n", play.checks);
        play.refuses = FALSE;
        fact(DOCUMENTED);
        rig("card eject");
        wait_cell(0, 2, L"no card");
        rig("card insert default");
        wait_cell(0, 2, L"ready");
        wait_enabled(TRUE);
        ok(play.checks == 2, "%ld checks\n", play.checks);
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(run.got.handle != 0, "no handle\n");
    fact(GUESS);
    /* Of OPENCARDNAME the connection of the check is the one that comes back. */
    ok(play.disconnects == (IS_OPEN(kind) ? 1 : 2), "%ld disconnected\n", play.disconnects);
    test_pop();
}

/* Cards that the check accepted stay connected; once one is chosen the others are disconnected. */
static void test_two_cards(void)
{
    struct play play = {.refuses = FALSE};
    struct run run = run_of(OPEN_W, SC_DLG_FORCE_UI);

    fact(DOCUMENTED);
    rig("card2 insert iso-t1");
    run.given.connect = (ULONG_PTR)connect_routine;
    run.given.check = (ULONG_PTR)check_routine;
    run.given.disconnect = (ULONG_PTR)disconnect_routine;
    run.given.user = (ULONG_PTR)&play;
    if (open_dialog(&run))
    {
        wait_cell(0, 2, L"ready");
        wait_cell(1, 2, L"ready");
        ok(play.connects == 2 && play.checks == 2 && !play.disconnects,
           "%ld connected, %ld checked, %ld disconnected\n", play.connects, play.checks,
           play.disconnects);
        choose_row(1);
        wait_enabled(TRUE);
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(!lstrcmpW(run.got.reader, test_empty), "reader %ls\n", run.got.reader);
    ok(play.connects == 2 && play.disconnects == 1, "%ld connected, %ld disconnected\n",
       play.connects, play.disconnects);
    rig("card2 eject");
}

/* Two cards of the kind that is wanted: the user says which, unless the program wants no window. */
static void test_several(enum call_kind kind)
{
    struct run run = run_of(kind, SC_DLG_MINIMAL_UI);
    struct run silent = run_of(kind, SC_DLG_NO_UI);

    test_push("%s", call_names[kind]);
    fact(DOCUMENTED);
    rig("card2 insert iso-t1");
    start(&silent);
    ok(!wait_dialog(silent.thread, TITLE), "a dialog\n");
    ok_hr(finish(&silent), SCARD_S_SUCCESS);
    ok(!lstrcmpW(silent.got.reader, test_reader), "reader %ls\n", silent.got.reader);
    if (open_dialog(&run))
    {
        wait_cell(1, 2, L"ready");
        choose_row(1);
        wait_enabled(TRUE);
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(!lstrcmpW(run.got.reader, test_empty), "reader %ls\n", run.got.reader);
    rig("card2 eject");
    test_pop();
}

/* Two threads with a dialog each. */
static void test_two_threads(void)
{
    struct run runs[] = {run_of(SELECT_W, SC_DLG_FORCE_UI), run_of(OPEN_A, SC_DLG_FORCE_UI)};

    fact(GUESS);
    runs[1].given.title = (ULONG_PTR) "scardssp test nested";
    if (open_dialog(&runs[0]))
    {
        wait_enabled(TRUE);
        start(&runs[1]);
        if (ok(wait_dialog(runs[1].thread, NESTED) != NULL, "no second dialog\n"))
        {
            wait_enabled(TRUE);
            press(IDCANCEL);
        }
        ok_hr(finish(&runs[1]), SCARD_W_CANCELLED_BY_USER);
        if (ok(wait_dialog(runs[0].thread, TITLE) != NULL, "the first is gone\n"))
            press(IDOK);
    }
    ok_hr(finish(&runs[0]), SCARD_S_SUCCESS);
    ok_uint(runs[0].got.extended, 0);
    ok_uint(runs[1].got.extended, SCARD_W_CANCELLED_BY_USER);
}

/* The service went away and came back, and the program's context with it: no card can be
 * connected over it ever again, and the program is told why. Where nothing is to be connected the
 * dialog goes on. */
static void test_service(enum call_kind kind, DWORD share)
{
    struct run run = run_of(kind, SC_DLG_FORCE_UI);

    test_push("%s, share %lu", call_names[kind], share);
    fact(GUESS);
    run.given.context = establish();
    run.given.share = share;
    if (open_dialog(&run))
    {
        wait_cell(0, 2, L"ready");
        rig("pcscd restart");
        wait_message(L"has stopped");
        wait_cell(0, 2, L"ready");
        wait_enabled(TRUE);
        press(IDOK);
    }
    ok_hr(finish(&run), share ? (LONG)SCARD_E_SERVICE_STOPPED : SCARD_S_SUCCESS);
    SCardReleaseContext(run.given.context);
    test_pop();
}

/* The same while a check's connections are open. */
static void test_service_check(void)
{
    struct play play = {.refuses = FALSE};
    struct run run = run_of(OPEN_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    run.given.context = establish();
    run.given.check = (ULONG_PTR)check_routine;
    run.given.user = (ULONG_PTR)&play;
    if (open_dialog(&run))
    {
        wait_cell(0, 2, L"ready");
        ok(play.checks == 1, "%ld checks\n", play.checks);
        rig("pcscd stop");
        wait_message(L"has stopped");
        rig("pcscd start");
        wait_cell(0, 2, L"ready");
        wait_enabled(TRUE);
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_E_SERVICE_STOPPED);
    SCardReleaseContext(run.given.context);
}

/* A routine has ended the context: there is nothing more to do. */
static SCARDHANDLE WINAPI release_routine(SCARDCONTEXT routine_context, WCHAR *reader, WCHAR *names,
                                          void *user)
{
    SCardReleaseContext(routine_context);
    return 0;
}

static void test_context_goes(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    run.given.context = establish();
    run.given.final_connect = (ULONG_PTR)release_routine;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        press(IDOK);
    }
    ok_hr(finish(&run), ERROR_INVALID_HANDLE);
}

/* A card that another program keeps is not judged until it is free. */
static void test_busy_check(void)
{
    struct play play = {.refuses = FALSE};
    struct run run = run_of(OPEN_W, SC_DLG_FORCE_UI);
    char request[64];

    fact(GUESS);
    run.given.check = (ULONG_PTR)check_routine;
    run.given.user = (ULONG_PTR)&play;
    snprintf(request, sizeof(request), "connect-exclusive-by-other %lu", 3000 * rig_slowness());
    rig(request);
    if (open_dialog(&run))
    {
        wait_cell(0, 2, L"in use");
        wait_enabled(FALSE);
        wait_message(L"Another program is using the card");
        ok(!play.checks, "%ld checks\n", play.checks);
        rig("wait-others");
        wait_cell(0, 2, L"ready");
        wait_enabled(TRUE);
        ok(play.checks == 1, "%ld checks\n", play.checks);
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
}

/* A connect routine that fails says so in the dialog, and may be tried again. */
static void test_failing_connect(void)
{
    struct play play = {.fails = TRUE};
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    run.given.final_connect = (ULONG_PTR)connect_routine;
    run.given.user = (ULONG_PTR)&play;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        press(IDOK);
        wait_message(L"cannot be used (error 0x8010001C)");
        ok(play.connects == 1, "%ld connected\n", play.connects);
        play.fails = FALSE;
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(run.got.handle && play.connects == 2, "%ld connected\n", play.connects);
}

static BOOL is_free(void)
{
    SCARDHANDLE card;
    DWORD protocol;

    if (SCardConnectW(context, test_reader, SCARD_SHARE_EXCLUSIVE, 3, &card, &protocol))
        return FALSE;
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    return TRUE;
}

/* The user gives up, or the window goes, while a routine runs: nothing stays connected. */
static void test_ended(int deed, BOOL in_check)
{
    struct play play = {.deed = deed};
    struct run run = run_of(OPEN_W, SC_DLG_FORCE_UI);

    test_push("deed %d in %s", deed, in_check ? "check" : "connect");
    fact(GUESS);
    run.has_owner = TRUE;
    run.given.connect = (ULONG_PTR)connect_routine;
    run.given.user = (ULONG_PTR)&play;
    if (in_check)
    {
        run.given.connect = 0;
        run.given.check = (ULONG_PTR)check_routine;
        start(&run);
    }
    else if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        press(IDOK);
    }
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    ok(play.connects + play.checks == 1, "%ld connected, %ld checked\n", play.connects,
       play.checks);
    ok(!run.got.handle && is_free(), "the card is still connected\n");
    ok(run.owner_enabled, "the owner stays disabled\n");
    test_pop();
}

/* A routine that shows windows: the reader's changes, and OK, wait for it. */
static void test_pumping(void)
{
    struct play play = {.deed = DO_PUMP};
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);
    DWORD end = GetTickCount() + PATIENCE;

    fact(GUESS);
    run.given.final_connect = (ULONG_PTR)connect_routine;
    run.given.user = (ULONG_PTR)&play;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        press(IDOK);
        while (!play.connects && GetTickCount() < end)
            Sleep(5);
        press(IDOK); /* while the first is under way */
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok(play.connects == 1, "%ld connected\n", play.connects);
}

static void test_nested(void)
{
    struct play play = {.deed = DO_NEST, .nested_result = -1};
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);
    HWND outer;

    fact(GUESS);
    run.given.final_connect = (ULONG_PTR)connect_routine;
    run.given.user = (ULONG_PTR)&play;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        outer = window;
        press(IDOK);
        if (ok(wait_dialog(run.thread, NESTED) != NULL, "no nested dialog\n"))
        {
            ok(!IsWindowEnabled(outer), "the outer one is enabled\n");
            wait_enabled(TRUE);
            press(IDOK);
        }
    }
    ok_hr(finish(&run), SCARD_S_SUCCESS);
    ok_hr(play.nested_result, SCARD_S_SUCCESS);
    ok(run.got.handle != 0, "no handle\n");
}

/* The owner is destroyed under its dialog. */
static void test_owner_goes(void)
{
    struct run run = run_of(SELECT_W, SC_DLG_FORCE_UI);

    fact(GUESS);
    run.has_owner = TRUE;
    if (open_dialog(&run))
    {
        wait_enabled(TRUE);
        PostMessageW(run.owner, WM_CLOSE, 0, 0);
    }
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    ok(is_free(), "the card is still connected\n");
}

/* No window can be made: no hang, and an answer that says something. */
static void test_no_display(enum call_kind kind)
{
    struct run force = run_of(kind, SC_DLG_FORCE_UI);
    struct run minimal = run_of(kind, SC_DLG_MINIMAL_UI);
    LONG result;

    test_push("%s", call_names[kind]);
    fact(GUESS);
    start(&force);
    result = finish(&force);
    ok(result && result != (LONG)SCARD_W_CANCELLED_BY_USER, "%#lx\n", result);
    ok_uint(force.got.extended, result);
    minimal.given.names = (ULONG_PTR)OTHER "\0";
    start(&minimal);
    ok_hr(finish(&minimal), SCARD_E_NO_SMARTCARD);
    ok(is_free(), "the card is still connected\n");
    test_pop();
}

START_TEST(dialogs)
{
    enum call_kind kind;

    if (!scarddlg_begin())
        return;
    if (getenv("SCARDSSP_TEST_NO_DISPLAY"))
    {
        for (kind = 0; kind < CALL_KINDS; kind++)
            test_no_display(kind);
        scarddlg_end();
        return;
    }
    for (kind = 0; kind < CALL_KINDS; kind++)
    {
        test_looks(kind);
        test_choose(kind);
        test_insert(kind);
        test_judged(kind);
    }
    test_long_description();
    test_titles();
    test_disabled_owner();
    test_desktop_owner();
    test_child_owner();
    test_keyboard();
    test_keys_of_list();
    test_two_cards();
    test_several(SELECT_A);
    test_several(OPEN_W);
    test_two_threads();
    test_busy_check();
    test_context_goes();
    test_service(SELECT_W, SCARD_SHARE_SHARED);
    test_service(OPEN_A, 0);
    test_service_check();
    scarddlg_again();
    test_failing_connect();
    test_ended(DO_CANCEL, FALSE);
    test_ended(DO_DESTROY, FALSE);
    test_ended(DO_CANCEL, TRUE);
    test_ended(DO_DESTROY, TRUE);
    test_pumping();
    test_nested();
    test_owner_goes();
    scarddlg_end();
}
