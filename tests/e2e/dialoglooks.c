/*
 * How the dialog of ISCardLocate looks: its layout, its texts in all languages, high resolutions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * tests/e2e/dialoglooks.sh gives it a display, with SCARDSSP_TEST_DPI one of so many dots an inch,
 * with SCARDSSP_TEST_MANY readers as many as there can be, and serves SCARDSSP_TEST_SHOTS as
 * dialog.sh does.
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

/* ---- the layout ---- */

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

    if (!open_dialog(&run, L"Find Smart Card"))
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
    ok(after.left == before.left + 200 && after.top == before.top + 100 &&
           after.right - after.left == before.right - before.left,
       "Cancel is at %ld,%ld\n", after.left, after.top);
    ok(grown.left == list.left && grown.top == list.top && grown.right == list.right + 200 &&
           grown.bottom == list.bottom + 100,
       "the list ends at %ld,%ld\n", grown.right, grown.bottom);
    screenshot("large");
    Sleep(300 * rig_slowness());
    ok(is_painted(IDOK) && is_painted(IDCANCEL), "the larger window has no buttons\n");
    SetWindowPos(window, NULL, 20, 20, 60, 40, SWP_NOZORDER);
    GetWindowRect(window, &after);
    ok(after.right - after.left >= whole.right - whole.left &&
           after.bottom - after.top >= whole.bottom - whole.top,
       "%ld by %ld is too small\n", after.right - after.left, after.bottom - after.top);
    GetClientRect(window, &client);
    client_rect(IDCANCEL, &after);
    ok(after.right <= client.right && after.bottom <= client.bottom, "Cancel is cut off\n");
    press(IDCANCEL);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
}

/* ---- languages ---- */

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

/* One string of a table's block of 16: counted, not terminated. */
static const WCHAR *find_string(HMODULE module, LANGID language, UINT id, UINT *length)
{
    HRSRC found =
        FindResourceExW(module, (const WCHAR *)RT_STRING, MAKEINTRESOURCEW(id / 16 + 1), language);
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

/* ---- texts in their places ---- */

/* A reader with a long name, as they are. */
#define READER L"Gemalto PC Twin Reader (70D7E2EE) 00 00"

static void format_string(HMODULE module, LANGID language, UINT id, WCHAR *out, DWORD size)
{
    DWORD_PTR arguments[2] = {(DWORD_PTR)READER, (DWORD_PTR)L"0x8010000B"};
    WCHAR format[512] = L"";
    UINT length;
    const WCHAR *text = find_string(module, language, id, &length);

    if (text)
        lstrcpynW(format, text, min(length + 1, ARRAYSIZE(format)));
    if (!FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, format, 0, 0,
                        out, size, (va_list *)arguments))
        *out = 0;
}

/* In the control's font, on as many lines as need be, within width and height. */
static void check_fits(HWND control, const WCHAR *text, int width, int height)
{
    RECT needed = {0, 0, width, 0};
    HDC dc = GetDC(control);
    HGDIOBJ old = SelectObject(dc, (HGDIOBJ)SendMessageW(control, WM_GETFONT, 0, 0));

    DrawTextW(dc, text, -1, &needed, DT_CALCRECT | DT_NOPREFIX | (height ? DT_WORDBREAK : 0));
    ok(needed.right <= width && (!height || needed.bottom <= height),
       "%ls needs %ld by %ld, has %d by %d\n", text, needed.right, needed.bottom, width, height);
    SelectObject(dc, old);
    ReleaseDC(control, dc);
}

/* All that this language can show there, not only what it shows now. */
static void check_texts(LANGID language)
{
    static const struct
    {
        int control;
        UINT first, last;
    } places[] = {
        {CONTROL_HINT, TEXT_HINT_ANY, TEXT_HINT_CARD},
        {CONTROL_MESSAGE, MESSAGE_NONE, MESSAGE_SERVICE},
    };
    HMODULE module = GetModuleHandleA("scardssp.dll");
    HWND list = control(CONTROL_READERS);
    WCHAR text[1024];
    RECT client;
    size_t i;
    UINT id;

    for (i = 0; i < ARRAYSIZE(places); i++)
    {
        GetClientRect(control(places[i].control), &client);
        for (id = places[i].first; id <= places[i].last; id++)
        {
            format_string(module, language, id, text, ARRAYSIZE(text));
            check_fits(control(places[i].control), text, client.right, client.bottom);
        }
    }
    for (id = STATE_READY; id <= STATE_GONE; id++)
    {
        format_string(module, language, id, text, ARRAYSIZE(text));
        check_fits(list, text, SendMessageW(list, LVM_GETCOLUMNWIDTH, 2, 0) - 12, 0);
    }
    for (i = 0; i < 2; i++)
    {
        GetClientRect(control(i ? IDOK : IDCANCEL), &client);
        check_fits(control(IDOK), text_of(i ? IDOK : IDCANCEL), client.right - 8, 0);
    }
}

static void test_languages(void)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(languages); i++)
    {
        struct run run = {ISO, NULL, L"", SC_DLG_FORCE_UI, .share = SHARED};

        run.locale = MAKELCID(languages[i].language, SORT_DEFAULT);
        test_push("%s", languages[i].name);
        if (open_dialog(&run, languages[i].title))
        {
            wait_enabled(TRUE);
            ok(!wcscmp(text_of(IDCANCEL), languages[i].cancel), "Cancel is %ls\n",
               text_of(IDCANCEL));
            if (PRIMARYLANGID(languages[i].language) == LANG_CHINESE &&
                !GetEnvironmentVariableA("SCARDSSP_TEST_CJK_FONT", NULL, 0))
                skip("no font with Chinese letters\n");
            else
                check_glyphs(languages[i].cancel);
            check_texts(languages[i].language);
            screenshot(languages[i].name);
            press(IDCANCEL);
        }
        ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
    }
    test_pop();
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
    static const struct
    {
        UINT first, last;
    } ranges[] = {
        {TEXT_TITLE, TEXT_UNKNOWN},
        {STATE_READY, STATE_GONE},
        {MESSAGE_NONE, MESSAGE_MUTE},
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

/* ---- high resolutions ---- */

static void test_resolution(int dpi)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};
    RECT client, units = {0, 0, 300, 170};
    TEXTMETRICW metric = {0};
    HDC dc = GetDC(NULL);
    char name[32];

    ok(GetDeviceCaps(dc, LOGPIXELSX) == dpi, "%d dpi\n", GetDeviceCaps(dc, LOGPIXELSX));
    ReleaseDC(NULL, dc);
    if (!open_dialog(&run, TITLE))
        return;
    wait_enabled(TRUE);
    dc = GetDC(control(IDOK));
    SelectObject(dc, (HGDIOBJ)SendMessageW(control(IDOK), WM_GETFONT, 0, 0));
    GetTextMetricsW(dc, &metric);
    ReleaseDC(control(IDOK), dc);
    /* 8 points. */
    ok(abs((int)(metric.tmHeight - metric.tmInternalLeading) - MulDiv(8, dpi, 72)) <= 2,
       "letters of %ld pixels\n", metric.tmHeight - metric.tmInternalLeading);
    MapDialogRect(window, &units);
    GetClientRect(window, &client);
    ok(client.right == units.right && client.bottom == units.bottom, "%ld by %ld, not %ld by %ld\n",
       client.right, client.bottom, units.right, units.bottom);
    ok(client.right > 300 * dpi / 72, "only %ld wide\n", client.right);
    check_texts(MAKELANGID(LANG_ENGLISH, SUBLANG_DEFAULT));
    check_columns();
    snprintf(name, sizeof(name), "%ddpi", dpi);
    screenshot(name);
    press(IDCANCEL);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
}

/* ---- many readers ---- */

/* Whether a row lies between the list's header and its lower edge. */
static BOOL is_visible(int row)
{
    HWND list = control(CONTROL_READERS);
    int top = (int)SendMessageW(list, LVM_GETTOPINDEX, 0, 0);

    return row >= top && row < top + (int)SendMessageW(list, LVM_GETCOUNTPERPAGE, 0, 0);
}

static void test_many(int dpi)
{
    struct run run = {ISO, NULL, TITLE, SC_DLG_FORCE_UI, .share = SHARED};
    const WCHAR *shown;
    WCHAR end[8];
    HWND list;
    char name[32];
    int i;

    if (!open_dialog(&run, TITLE))
        return;
    list = control(CONTROL_READERS);
    wait_cell(15, 2, L"no card");
    ok_uint(row_count(), 16);
    /* What differs is at the end: a name that has no room is cut in its middle. */
    for (i = 0; i < 16; i++)
    {
        swprintf(end, ARRAYSIZE(end), L") %02d", i);
        shown = cell(i, 0);
        ok(wcslen(shown) > 10 && !wcscmp(shown + wcslen(shown) - 4, end) &&
               !wcsncmp(shown, L"Gemalto PC", 10) && wcschr(shown, 0x2026),
           "row %d is %ls\n", i, shown);
        check_fits(list, shown, SendMessageW(list, LVM_GETCOLUMNWIDTH, 0, 0) - 12, 0);
    }
    ok(!!(GetWindowLongW(list, GWL_STYLE) & WS_VSCROLL) == !is_visible(15),
       "the scroll bar beside the list\n");
    check_columns();
    for (i = 0; i < 16; i++)
        press_key(CONTROL_READERS, VK_DOWN);
    Sleep(500 * rig_slowness());
    ok(selected() == 15 && is_visible(15), "row %d is selected\n", selected());
    check_columns();
    SetWindowPos(window, NULL, 0, 0, 1270, 500, SWP_NOZORDER | SWP_NOMOVE);
    ok(!wcschr(cell(15, 0), 0x2026), "in a wide window it is %ls\n", cell(15, 0));
    check_columns();
    SetWindowPos(window, NULL, 0, 0, 60, 40, SWP_NOZORDER | SWP_NOMOVE);
    ok(wcschr(cell(15, 0), 0x2026) != NULL, "in a small window it is %ls\n", cell(15, 0));
    ok(is_visible(15), "the selected row is out of sight\n");
    check_columns();
    snprintf(name, sizeof(name), "16-readers-%ddpi", dpi);
    screenshot(name);
    press(IDCANCEL);
    ok_hr(finish(&run), SCARD_W_CANCELLED_BY_USER);
}

START_TEST(dialoglooks)
{
    const char *dpi = getenv("SCARDSSP_TEST_DPI");

    SetProcessDPIAware();
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    write_card_types();
    if (getenv("SCARDSSP_TEST_MANY"))
        test_many(atoi(dpi));
    else if (dpi)
        test_resolution(atoi(dpi));
    else
    {
        test_strings();
        test_layout();
        test_languages();
    }
    delete_card_types();
    CoUninitialize();
}
