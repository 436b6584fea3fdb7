/*
 * What drives the dialog in which a card is chosen, from another thread than its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h, rigctl.h and scarddlg/dialog.h.
 */

#ifndef TESTS_E2E_DIALOGDRIVE_H
#define TESTS_E2E_DIALOGDRIVE_H

#define PATIENCE (10000 * rig_slowness())
#define TITLE    L"scardssp test dialog"

static HWND window;

TEST_USED static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

/* Asks dialog.sh for a picture of the display, and waits until it is taken. */
TEST_USED static void screenshot(const char *name)
{
    char dir[MAX_PATH], path[2 * MAX_PATH];
    HANDLE file;
    int tries;

    if (!GetEnvironmentVariableA("SCARDSSP_TEST_SHOTS", dir, sizeof(dir)))
        return;
    UpdateWindow(window);
    Sleep(300 * rig_slowness());
    snprintf(path, sizeof(path), "%s\\%s.want", dir, name);
    file = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    ok(file != INVALID_HANDLE_VALUE, "%s cannot be written\n", path);
    CloseHandle(file);
    for (tries = 0; tries < 100 && GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES; tries++)
        Sleep(50);
    ok(tries < 100, "no screenshot %s\n", name);
}

/* ---- looking at the window ---- */

/* The dialog with that title, once it shows; NULL when the thread that was to show it ended. */
TEST_USED static HWND wait_dialog(HANDLE thread, const WCHAR *title)
{
    DWORD end = GetTickCount() + PATIENCE;

    window = NULL;
    while (!window && GetTickCount() < end && WaitForSingleObject(thread, 20) == WAIT_TIMEOUT)
    {
        window = FindWindowW(L"#32770", title);
        if (window && !IsWindowVisible(window))
            window = NULL;
    }
    return window;
}

TEST_USED static HWND control(int id)
{
    return GetDlgItem(window, id);
}

TEST_USED static const WCHAR *text_of(int id)
{
    static WCHAR text[1024];

    text[0] = 0;
    SendMessageW(control(id), WM_GETTEXT, ARRAYSIZE(text), (LPARAM)text);
    return text;
}

/* One process, so the list's messages may carry pointers. */
TEST_USED static const WCHAR *cell(int row, int column)
{
    static WCHAR text[512];
    LVITEMW item = {.iSubItem = column, .pszText = text, .cchTextMax = ARRAYSIZE(text)};

    text[0] = 0;
    SendMessageW(control(CONTROL_READERS), LVM_GETITEMTEXTW, row, (LPARAM)&item);
    return text;
}

/* The columns fill the list, and have no need of a scroll bar below it. */
TEST_USED static void check_columns(void)
{
    HWND list = control(CONTROL_READERS);
    RECT client;
    int i, width = 0;

    GetClientRect(list, &client);
    for (i = 0; i < 3; i++)
        width += (int)SendMessageW(list, LVM_GETCOLUMNWIDTH, i, 0);
    ok(width <= client.right && width > client.right - 6, "columns of %d pixels in %ld\n", width,
       client.right);
    ok(!(GetWindowLongW(list, GWL_STYLE) & WS_HSCROLL), "a scroll bar below the list\n");
}

TEST_USED static int row_count(void)
{
    return (int)SendMessageW(control(CONTROL_READERS), LVM_GETITEMCOUNT, 0, 0);
}

TEST_USED static int selected(void)
{
    return (int)SendMessageW(control(CONTROL_READERS), LVM_GETNEXTITEM, -1, LVNI_SELECTED);
}

TEST_USED static BOOL wait_cell(int row, int column, const WCHAR *expected)
{
    DWORD end = GetTickCount() + PATIENCE;

    while (wcscmp(cell(row, column), expected) && GetTickCount() < end)
        Sleep(10);
    return ok(!wcscmp(cell(row, column), expected), "cell %d,%d is %ls, not %ls\n", row, column,
              cell(row, column), expected);
}

TEST_USED static BOOL wait_enabled(BOOL enabled)
{
    DWORD end = GetTickCount() + PATIENCE;

    while (IsWindowEnabled(control(IDOK)) != enabled && GetTickCount() < end)
        Sleep(10);
    return ok(IsWindowEnabled(control(IDOK)) == enabled, "OK is %s\n",
              enabled ? "disabled" : "enabled");
}

TEST_USED static BOOL wait_message(const WCHAR *part)
{
    DWORD end = GetTickCount() + PATIENCE;

    while (!wcsstr(text_of(CONTROL_MESSAGE), part) && GetTickCount() < end)
        Sleep(10);
    return ok(wcsstr(text_of(CONTROL_MESSAGE), part) != NULL, "message %ls\n",
              text_of(CONTROL_MESSAGE));
}

TEST_USED static void press(int id)
{
    PostMessageW(control(id), BM_CLICK, 0, 0);
}

TEST_USED static void press_key(int id, WPARAM key)
{
    PostMessageW(control(id), WM_KEYDOWN, key, 1);
    PostMessageW(control(id), WM_KEYUP, key, 0xc0000001);
}

#endif
