/*
 * The dialog of ISCardLocate, driven by window messages while cards come and go.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tests/e2e/dialog.sh gives it a display (none with SCARDSSP_TEST_NO_DISPLAY), with
 * SCARDSSP_TEST_TWO_CARDS a card in the second reader too, and serves SCARDSSP_TEST_SHOTS: a
 * directory in which a file NAME.want asks for a screenshot.
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

/* ---- the tests ---- */

static void test_insert(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_MINIMAL_UI, .share = SHARED};

    rig("card eject");
    if (!open_dialog(&run, TITLE))
        return;
    wait_cell(0, 2, L"no card");
    ok(row_count() == 2, "%d rows\n", row_count());
    ok(!wcscmp(cell(0, 0), L"Virtual PCD 00 00"), "reader %ls\n", cell(0, 0));
    ok(!wcscmp(cell(1, 0), L"Virtual PCD 00 01"), "reader %ls\n", cell(1, 0));
    ok(wcsstr(text_of(CONTROL_HINT), ISO) != NULL, "hint %ls\n", text_of(CONTROL_HINT));
    ok(wcsstr(text_of(CONTROL_MESSAGE), L"Waiting") != NULL, "message %ls\n",
       text_of(CONTROL_MESSAGE));
    wait_enabled(FALSE);
    screenshot("waiting");

    rig("card insert other");
    wait_cell(0, 2, L"not the card asked for");
    wait_cell(0, 1, L"(unknown card)");
    wait_enabled(FALSE);
    press_key(CONTROL_READERS, VK_RETURN);
    screenshot("other-card");
    rig("card eject");
    wait_cell(0, 2, L"no card");

    rig("card insert default");
    wait_cell(0, 2, L"ready");
    wait_cell(0, 1, ISO);
    wait_enabled(TRUE);
    ok(selected() == 0, "row %d is selected\n", selected());
    screenshot("found");
    rig("card eject");
    wait_enabled(FALSE);
    rig("card insert default");
    wait_enabled(TRUE);
    /* The list has the focus; Enter is the default button. */
    press_key(CONTROL_READERS, VK_RETURN);
    ok_hr(finish(&run), S_OK);
}

static const struct
{
    LONG flags;
    const WCHAR *name;
    BOOL shown;
    HRESULT expected; /* when shown: after Cancel */
} flag_rows[] =
{
    {SC_DLG_MINIMAL_UI, ISO, FALSE, S_OK},
    {SC_DLG_NO_UI, ISO, FALSE, S_OK},
    {SC_DLG_NO_UI, L"scardssp test other", FALSE, SCARD_E_NO_SMARTCARD},
    {SC_DLG_FORCE_UI, ISO, TRUE, SCARD_W_CANCELLED_BY_USER},
    {SC_DLG_MINIMAL_UI, L"scardssp test other", TRUE, SCARD_W_CANCELLED_BY_USER},
    {SC_DLG_FORCE_UI, L"scardssp test nobody", FALSE, SCARD_E_UNKNOWN_CARD},
};

static void test_flags(void)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(flag_rows); i++)
    {
        struct run run = {flag_rows[i].name, NULL, TITLE, flag_rows[i].flags, .share = SHARED};

        test_push("row %u", (unsigned)i);
        start(&run);
        fact(DOCUMENTED);
        ok((wait_window(&run, TITLE) != NULL) == flag_rows[i].shown, "window %p\n", window);
        fact(GUESS);
        if (window)
            press(IDCANCEL);
        ok_hr(finish(&run), flag_rows[i].expected);
    }
    test_pop();
}

/* Every way to give up. */
static void test_cancel(void)
{
    static const struct
    {
        UINT message;
        WPARAM wparam;
    } ways[] = {
        {WM_CLOSE, 0},
        {WM_SYSCOMMAND, SC_CLOSE},
        {WM_COMMAND, IDCANCEL},
    };
    size_t i;

    for (i = 0; i <= ARRAYSIZE(ways); i++)
    {
        struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};

        test_push("way %u", (unsigned)i);
        if (open_dialog(&run, TITLE))
        {
            if (i < ARRAYSIZE(ways))
                PostMessageW(window, ways[i].message, ways[i].wparam, 0);
            else
                press_key(CONTROL_READERS, VK_ESCAPE);
            ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
        }
    }
    test_pop();
}

/* A card that another program keeps stays on the list until it can be had. */
static void test_busy(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = EXCLUSIVE};
    char request[64];

    snprintf(request, sizeof(request), "connect-exclusive-by-other %lu", 3000 * rig_slowness());
    rig(request);
    if (!open_dialog(&run, TITLE))
        return;
    wait_cell(0, 2, L"in use");
    wait_enabled(TRUE);
    SendMessageW(control(IDOK), BM_CLICK, 0, 0);
    ok(wcsstr(text_of(CONTROL_MESSAGE), L"Another program") != NULL, "message %ls\n",
       text_of(CONTROL_MESSAGE));
    screenshot("busy");
    rig("wait-others");
    wait_cell(0, 2, L"ready");
    press(IDOK);
    ok_hr(finish(&run), S_OK);
}

/* ---- two cards, no display ---- */

static void test_two_cards(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = EXCLUSIVE};
    BSTR second = reader_without_card();
    ISCard *card = create_card();

    if (!open_dialog(&run, TITLE))
        return;
    wait_cell(0, 2, L"ready");
    wait_cell(1, 2, L"ready");
    ok(selected() == 0, "row %d is selected\n", selected());
    press_key(CONTROL_READERS, VK_DOWN);
    Sleep(200);
    ok(selected() == 1, "row %d is selected\n", selected());
    wait_enabled(TRUE);
    screenshot("two-cards");
    press(IDOK);
    ok_uint(WaitForSingleObject(run.thread, PATIENCE), WAIT_OBJECT_0);
    ok_hr(ISCard_AttachByReader(card, second, SHARED, T01), SCARD_E_SHARING_VIOLATION);
    ok_hr(finish(&run), S_OK);
    ok_hr(ISCard_AttachByReader(card, second, SHARED, T01), S_OK);
    ISCard_Release(card);
    SysFreeString(second);
}

/* No window can be made: no hang, and an answer that says something. */
static void test_no_display(void)
{
    struct run force = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};
    struct run minimal = {L"scardssp test other", NULL, TITLE, SC_DLG_MINIMAL_UI, .share = SHARED};
    HRESULT hr;

    start(&force);
    hr = finish(&force);
    ok(FAILED(hr) && hr != SCARD_W_CANCELLED_BY_USER, "%#lx\n", hr);
    start(&minimal);
    ok_hr(finish(&minimal), SCARD_E_NO_SMARTCARD);
}

START_TEST(dialog)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    write_card_types();
    if (getenv("SCARDSSP_TEST_NO_DISPLAY"))
        test_no_display();
    else if (getenv("SCARDSSP_TEST_TWO_CARDS"))
        test_two_cards();
    else
    {
        test_flags();
        test_cancel();
        test_insert();
        test_busy();
    }
    delete_card_types();
    CoUninitialize();
}
