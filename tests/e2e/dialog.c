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
#include "rigctl.h"

#include "../../dlls/scardssp/locatedialog.h"
#include "dialogtest.h"

/* ---- the tests ---- */

static void test_insert(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_MINIMAL_UI, .share = SHARED};

    rig("card eject");
    start(&run);
    if (!ok(wait_window(&run, TITLE) != NULL, "no dialog\n"))
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
    static const struct { UINT message; WPARAM wparam; } ways[] =
    {
        {WM_CLOSE, 0}, {WM_SYSCOMMAND, SC_CLOSE}, {WM_COMMAND, IDCANCEL},
    };
    size_t i;

    for (i = 0; i <= ARRAYSIZE(ways); i++)
    {
        struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};

        test_push("way %u", (unsigned)i);
        start(&run);
        if (ok(wait_window(&run, TITLE) != NULL, "no dialog\n"))
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

    rig("connect-exclusive-by-other 3000");
    start(&run);
    if (!ok(wait_window(&run, TITLE) != NULL, "no dialog\n"))
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

/* ---- how it looks ---- */

static void client_rect(int id, RECT *rect)
{
    GetWindowRect(control(id), rect);
    MapWindowPoints(NULL, window, (POINT *)rect, 2);
}

/* Whether a control shows anything but its ground: a line through its middle has two colours. */
static BOOL is_painted(int id)
{
    BOOL painted = FALSE;
    HDC dc = GetDC(control(id));
    COLORREF ground;
    RECT rect;
    int x;

    GetClientRect(control(id), &rect);
    ground = GetPixel(dc, 4, rect.bottom / 2);
    for (x = 5; x < rect.right - 4 && !painted; x++)
        painted = GetPixel(dc, x, rect.bottom / 2) != ground;
    ReleaseDC(control(id), dc);
    return painted;
}

static void test_layout(void)
{
    struct run run = {ISO, NULL, L"", SC_DLG_FORCE_UI, .share = SHARED};
    RECT before, after, list, grown, whole, client;
    HWND focus;

    start(&run);
    if (!ok(wait_window(&run, L"Find Smart Card") != NULL, "no dialog\n"))
        return;
    wait_enabled(TRUE);
    focus = GetNextDlgTabItem(window, control(CONTROL_READERS), FALSE);
    ok(focus == control(IDOK), "behind the list comes %p\n", focus);
    focus = GetNextDlgTabItem(window, control(IDOK), FALSE);
    ok(focus == control(IDCANCEL), "behind OK comes %p\n", focus);
    focus = GetNextDlgTabItem(window, control(IDCANCEL), FALSE);
    ok(focus == control(CONTROL_READERS), "behind Cancel comes %p\n", focus);

    GetWindowRect(window, &whole);
    client_rect(IDCANCEL, &before);
    client_rect(CONTROL_READERS, &list);
    SetWindowPos(window, NULL, 20, 20, whole.right - whole.left + 200,
                 whole.bottom - whole.top + 100, SWP_NOZORDER);
    client_rect(IDCANCEL, &after);
    client_rect(CONTROL_READERS, &grown);
    ok(after.left == before.left + 200 && after.top == before.top + 100
           && after.right - after.left == before.right - before.left, "Cancel is at %ld,%ld\n",
       after.left, after.top);
    ok(grown.left == list.left && grown.top == list.top && grown.right == list.right + 200
           && grown.bottom == list.bottom + 100, "the list ends at %ld,%ld\n", grown.right,
       grown.bottom);
    screenshot("large");
    Sleep(300);
    ok(is_painted(IDOK) && is_painted(IDCANCEL), "the larger window has no buttons\n");
    SetWindowPos(window, NULL, 20, 20, 60, 40, SWP_NOZORDER);
    GetWindowRect(window, &after);
    ok(after.right - after.left >= whole.right - whole.left
           && after.bottom - after.top >= whole.bottom - whole.top, "%ld by %ld is too small\n",
       after.right - after.left, after.bottom - after.top);
    GetClientRect(window, &client);
    client_rect(IDCANCEL, &after);
    ok(after.right <= client.right && after.bottom <= client.bottom, "Cancel is cut off\n");
    press(IDCANCEL);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
}

static const struct
{
    LANGID language;
    const char *name;
    const WCHAR *title, *cancel;
} languages[] =
{
    {MAKELANGID(LANG_ENGLISH, SUBLANG_DEFAULT), "english", L"Find Smart Card", L"Cancel"},
    {MAKELANGID(LANG_GERMAN, SUBLANG_DEFAULT), "german", L"Chipkarte suchen", L"Abbrechen"},
    {MAKELANGID(LANG_RUSSIAN, SUBLANG_DEFAULT), "russian",
     L"\x041f\x043e\x0438\x0441\x043a "
     L"\x0441\x043c\x0430\x0440\x0442-\x043a\x0430\x0440\x0442\x044b",
     L"\x041e\x0442\x043c\x0435\x043d\x0430"},
    {MAKELANGID(LANG_SPANISH, SUBLANG_DEFAULT), "spanish", L"Buscar tarjeta inteligente",
     L"Cancelar"},
    {MAKELANGID(LANG_FRENCH, SUBLANG_DEFAULT), "french", L"Rechercher une carte \x00e0 puce",
     L"Annuler"},
    {MAKELANGID(LANG_CHINESE, SUBLANG_CHINESE_TRADITIONAL), "chinese",
     L"\x5c0b\x627e\x667a\x6167\x5361", L"\x53d6\x6d88"},
};

/* Boxes for letters: only a font of the language has them all. */
static void check_glyphs(const WCHAR *text)
{
    HWND button = control(IDCANCEL);
    HDC dc = GetDC(button);
    HGDIOBJ old = SelectObject(dc, (HGDIOBJ)SendMessageW(button, WM_GETFONT, 0, 0));
    WORD glyphs[32] = {0};
    DWORD i, count = GetGlyphIndicesW(dc, text, wcslen(text), glyphs, GGI_MARK_NONEXISTING_GLYPHS);

    ok(count == wcslen(text), "%lu glyphs\n", count);
    for (i = 0; i < count && i < ARRAYSIZE(glyphs); i++)
        ok(glyphs[i] != 0xffff, "the font has no letter %04x\n", text[i]);
    SelectObject(dc, old);
    ReleaseDC(button, dc);
}

static void test_languages(void)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(languages); i++)
    {
        struct run run = {ISO, NULL, L"", SC_DLG_FORCE_UI, .share = SHARED};

        run.locale = MAKELCID(languages[i].language, SORT_DEFAULT);
        test_push("%s", languages[i].name);
        start(&run);
        if (ok(wait_window(&run, languages[i].title) != NULL, "no dialog of that title\n"))
        {
            wait_enabled(TRUE);
            ok(!wcscmp(text_of(IDCANCEL), languages[i].cancel), "Cancel is %ls\n",
               text_of(IDCANCEL));
            if (PRIMARYLANGID(languages[i].language) == LANG_CHINESE
                && !GetEnvironmentVariableA("SCARDSSP_TEST_CJK_FONT", NULL, 0))
                skip("no font with Chinese letters\n");
            else
                check_glyphs(languages[i].cancel);
            screenshot(languages[i].name);
            press(IDCANCEL);
        }
        ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    }
    test_pop();
}

/* One string of a table's block of 16: counted, not terminated. */
static const WCHAR *find_string(HMODULE module, LANGID language, UINT id, UINT *length)
{
    HRSRC found = FindResourceExW(module, (const WCHAR *)RT_STRING,
                                  MAKEINTRESOURCEW(id / 16 + 1), language);
    const WCHAR *at = found ? LockResource(LoadResource(module, found)) : NULL;
    UINT i;

    *length = 0;
    if (!at)
        return NULL;
    for (i = 0; i < id % 16; i++)
        at += *at + 1;
    *length = *at;
    return at + 1;
}

static unsigned inserts(const WCHAR *text, UINT length)
{
    unsigned count = 0;
    UINT i;

    for (i = 0; i + 1 < length; i++)
        if (text[i] == '%')
            count += 1 << (text[i + 1] - '0');
    return count;
}

/* No text is missing in any language, and all fill in the same things. */
static void test_strings(void)
{
    static const struct { UINT first, last; } ranges[] =
    {
        {TEXT_TITLE, TEXT_UNKNOWN}, {STATE_READY, STATE_GONE}, {MESSAGE_NONE, MESSAGE_SERVICE},
    };
    HMODULE module = LoadLibraryA("scardssp.dll");
    const WCHAR *text, *english;
    UINT id, length, english_length;
    size_t i, j;

    for (i = 0; i < ARRAYSIZE(languages); i++)
        for (j = 0; j < ARRAYSIZE(ranges); j++)
            for (id = ranges[j].first; id <= ranges[j].last; id++)
            {
                text = find_string(module, languages[i].language, id, &length);
                english = find_string(module, languages[0].language, id, &english_length);
                ok(text && length, "%s: text %u is missing\n", languages[i].name, id);
                if (text && english)
                    ok(inserts(text, length) == inserts(english, english_length),
                       "%s: text %u fills in something else\n", languages[i].name, id);
            }
    FreeLibrary(module);
}

/* ---- two cards, no display ---- */

static void test_two_cards(void)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = EXCLUSIVE};
    BSTR second = reader_without_card();
    ISCard *card = create_card();

    start(&run);
    if (!ok(wait_window(&run, TITLE) != NULL, "no dialog\n"))
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
        test_strings();
        test_flags();
        test_cancel();
        test_insert();
        test_busy();
        test_layout();
        test_languages();
    }
    delete_card_types();
    CoUninitialize();
}
