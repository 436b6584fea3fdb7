/*
 * A dialog of ISCardLocate: FindCard in a thread of its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h, cardtest.h, locatetest.h, rigctl.h and scarddlg/dialog.h.
 */

#ifndef TESTS_E2E_DIALOGTEST_H
#define TESTS_E2E_DIALOGTEST_H

#include "dialogdrive.h"

#define T01 ((SCARD_PROTOCOLS)(T0 | T1))
#define ISO L"scardssp test iso"

struct run
{
    const WCHAR *first, *second, *title;
    LONG flags;
    SCARD_SHARE_MODES share;
    LCID locale; /* 0: as it is */
    HANDLE thread;
    ISCardLocate *locate;
    SCARDINFO *info;
    HRESULT hr;
};

TEST_USED static DWORD WINAPI run_thread(void *parameter)
{
    struct run *run = parameter;
    SAFEARRAY *names = names_array(run->first, run->second);
    BSTR title = SysAllocString(run->title);

    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    if (run->locale)
        SetThreadLocale(run->locale);
    run->locate = create_locate();
    ok_hr(ISCardLocate_ConfigureCardNameSearch(run->locate, names, NULL, title, run->flags), S_OK);
    run->hr = ISCardLocate_FindCard(run->locate, run->share, T01, run->flags, &run->info);
    SysFreeString(title);
    SafeArrayDestroy(names);
    return 0;
}

TEST_USED static void start(struct run *run)
{
    run->thread = CreateThread(NULL, 0, run_thread, run, 0, NULL);
}

TEST_USED static HRESULT finish(struct run *run)
{
    ok_uint(WaitForSingleObject(run->thread, PATIENCE), WAIT_OBJECT_0);
    CloseHandle(run->thread);
    if (run->hr == S_OK)
        ok(run->info && run->info->hCard, "no connection\n");
    else
        ok(!run->info, "a connection\n");
    CoTaskMemFree(run->info);
    if (run->locate)
        ISCardLocate_Release(run->locate);
    return run->hr;
}

/* The dialog with that title, once it shows; NULL when the search ended without it. */
TEST_USED static HWND wait_window(struct run *run, const WCHAR *title)
{
    return wait_dialog(run->thread, title);
}

TEST_USED static BOOL open_dialog(struct run *run, const WCHAR *title)
{
    start(run);
    return ok(wait_window(run, title) != NULL, "no dialog \"%ls\"\n", title);
}

#endif
