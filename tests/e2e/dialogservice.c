/*
 * The dialog of ISCardLocate while readers and the daemon come and go under it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tests/e2e/dialogservice.sh gives it a display and serves SCARDSSP_TEST_SHOTS as dialog.sh does.
 */

#define COBJMACROS
#include <windows.h>
#include <commctrl.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "../com/cardtest.h"
#include "../com/locatetest.h"
#include "rig/rigctl.h"

#include "../../dlls/scarddlg/dialog.h"
#include "dialogtest.h"

/* The daemon goes and comes back under an open dialog, which says so and goes on. */
static void test_daemon_restarts(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};

    if (!open_dialog(&run, TITLE))
        return;
    wait_cell(0, 2, L"ready");
    rig("pcscd stop");
    wait_message(L"has stopped");
    wait_enabled(FALSE);
    ok_uint(row_count(), 0);
    screenshot("service-stopped");
    rig("pcscd start");
    wait_cell(0, 2, L"ready");
    wait_enabled(TRUE);
    rig("pcscd restart");
    Sleep(2000);
    wait_cell(0, 2, L"ready");
    wait_enabled(TRUE);
    press(IDOK);
    ok_hr(finish(&run), S_OK);
}

/* Cancel does not wait for the daemon; without a dialog nothing waits for it. */
static void test_no_daemon(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};
    struct run silent = {ISO, NULL, TITLE, SC_DLG_NO_UI, .share = SHARED};
    DWORD began;

    if (!open_dialog(&run, TITLE))
        return;
    wait_cell(0, 2, L"ready");
    rig("pcscd stop");
    wait_message(L"has stopped");
    began = GetTickCount();
    press(IDCANCEL);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    /* Without a window manager Wine itself takes two seconds to close a window. */
    ok(GetTickCount() - began < 3500, "%lu ms\n", GetTickCount() - began);
    start(&silent);
    ok_hr(finish(&silent), SCARD_E_NO_SERVICE);
    rig("pcscd start");
}

/* No reader at the start; then readers come, by a restart of the daemon, the only way there is. */
static void test_reader_comes(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_MINIMAL_UI, .share = SHARED};
    struct run silent = {ISO, NULL, TITLE, SC_DLG_NO_UI, .share = SHARED};

    rig("pcscd stop");
    rig("pcscd start without-readers");
    start(&silent);
    ok_hr(finish(&silent), SCARD_E_NO_READERS_AVAILABLE);
    if (!open_dialog(&run, TITLE))
        return;
    wait_message(L"no smart card reader");
    ok_uint(row_count(), 0);
    wait_enabled(FALSE);
    screenshot("no-reader");
    rig("pcscd restart");
    wait_cell(0, 2, L"ready");
    wait_enabled(TRUE);
    ok_uint(row_count(), 2);
    press(IDOK);
    ok_hr(finish(&run), S_OK);
}

/* A driver whose reader can be unplugged while the daemon goes on. */
static void test_unplug(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};

    rig("reader ifd");
    if (!open_dialog(&run, TITLE))
        return;
    wait_cell(0, 2, L"ready");
    rig("card unplug");
    wait_cell(0, 2, L"not available");
    wait_enabled(FALSE);
    screenshot("unplugged");
    rig("card plug");
    wait_cell(0, 2, L"ready");
    wait_enabled(TRUE);
    press(IDOK);
    ok_hr(finish(&run), S_OK);
}

START_TEST(dialogservice)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    write_card_types();
    test_reader_comes();
    test_daemon_restarts();
    test_no_daemon();
    test_unplug();
    delete_card_types();
    CoUninitialize();
}
