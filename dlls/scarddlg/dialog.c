/*
 * The dialog in which a card is chosen, from a live list of readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <commctrl.h>
#include <winscard.h>

#include "columns.h"
#include "resize.h"
#include "dialog.h"
#include "base/module.h"
#include "base/trace.h"

/* Posted by the watching thread when the readers have changed. */
#define WM_READERS_CHANGED (WM_APP + 1)

#define TEXT_SIZE 512

/* Of a description; the rest is cut off, so that the window stays on the screen. */
#define HINT_LINES 12

struct dialog
{
    HWND window, list;
    const struct dialog_request *request;
    struct watch *watch;
    struct watch_view view;
    LONG verdicts[WATCH_READERS]; /* of each row: 0 when its card may be chosen */
    struct layout layout;
    WCHAR chosen[WATCH_NAME_SIZE]; /* reader of the selected row */
    struct columns columns;
    BOOL updating; /* we, not the user, are changing the rows */
    BOOL calling;  /* a function of the request is running, and may pump messages */
    BOOL changed;  /* the readers have, meanwhile */
    BOOL ended;
    LONG result;
};

/* ---- texts ---- */

static const WCHAR *text_of(UINT id, WCHAR *text, int size)
{
    if (!LoadStringW(module_handle(), id, text, size))
        text[0] = 0;
    return text;
}

/* The text with %1 and %2 filled in. */
static void format_text(UINT id, const WCHAR *first, const WCHAR *second, WCHAR *out, DWORD size)
{
    DWORD_PTR arguments[2] = {(DWORD_PTR)first, (DWORD_PTR)second};
    WCHAR format[TEXT_SIZE];

    if (!FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY,
                        text_of(id, format, TEXT_SIZE), 0, 0, out, size, (va_list *)arguments))
        lstrcpynW(out, format, size);
}

static void set_control(struct dialog *dialog, int control, UINT id)
{
    WCHAR text[TEXT_SIZE];

    SetDlgItemTextW(dialog->window, control, text_of(id, text, TEXT_SIZE));
}

/* Leaves an unchanged text alone, so that it neither flickers nor is read out again. */
static void show_message(struct dialog *dialog, const WCHAR *text)
{
    WCHAR shown[TEXT_SIZE];

    GetDlgItemTextW(dialog->window, CONTROL_MESSAGE, shown, TEXT_SIZE);
    if (lstrcmpW(shown, text))
        SetDlgItemTextW(dialog->window, CONTROL_MESSAGE, text);
}

static void show_hint(struct dialog *dialog)
{
    const struct strings *names = &dialog->request->search->names;
    const WCHAR *description = dialog->request->search->description;
    WCHAR joined[TEXT_SIZE] = {0}, text[2 * TEXT_SIZE];
    size_t used = 0;
    DWORD i;

    for (i = 0; i < names->count && used + lstrlenW(names->items[i]) + 3 < TEXT_SIZE; i++)
    {
        if (i)
            lstrcatW(joined, L", ");
        lstrcatW(joined, names->items[i]);
        used = lstrlenW(joined);
    }
    if (description[0])
        SetDlgItemTextW(dialog->window, CONTROL_HINT, description);
    else if (!names->count)
        set_control(dialog, CONTROL_HINT, TEXT_HINT_ANY);
    else
    {
        format_text(TEXT_HINT_CARD, joined, NULL, text, ARRAYSIZE(text));
        SetDlgItemTextW(dialog->window, CONTROL_HINT, text);
    }
}

static void set_texts(struct dialog *dialog)
{
    const WCHAR *title = dialog->request->search->title;
    WCHAR text[TEXT_SIZE];

    SetWindowTextW(dialog->window, title[0] ? title : text_of(TEXT_TITLE, text, TEXT_SIZE));
    show_hint(dialog);
    set_control(dialog, CONTROL_LABEL, TEXT_LABEL);
    set_control(dialog, IDOK, TEXT_OK);
    set_control(dialog, IDCANCEL, TEXT_CANCEL);
}

/* ---- the list ---- */

static BOOL matches(const struct dialog *dialog, DWORD row)
{
    return row < dialog->view.count && !dialog->verdicts[row];
}

static UINT state_text(const struct dialog *dialog, DWORD row)
{
    DWORD state = dialog->view.readers[row].state;

    if (state & (SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE))
        return STATE_GONE;
    if (!(state & SCARD_STATE_PRESENT))
        return STATE_EMPTY;
    if (state & SCARD_STATE_MUTE)
        return STATE_MUTE;
    if (dialog->verdicts[row] == (LONG)SCARD_E_SHARING_VIOLATION)
        return STATE_IN_USE;
    if (dialog->verdicts[row])
        return STATE_OTHER;
    return state & SCARD_STATE_EXCLUSIVE ? STATE_IN_USE : STATE_READY;
}

static const UINT column_titles[COLUMNS] = {TEXT_READER, TEXT_CARD, TEXT_STATE};

static void add_columns(struct dialog *dialog)
{
    WCHAR text[TEXT_SIZE];
    LVCOLUMNW column = {.mask = LVCF_TEXT | LVCF_SUBITEM};
    int i;

    for (i = 0; i < COLUMNS; i++)
    {
        text_of(column_titles[i], text, TEXT_SIZE);
        column.pszText = text;
        column.iSubItem = i;
        SendMessageW(dialog->list, LVM_INSERTCOLUMNW, i, (LPARAM)&column);
    }
    SendMessageW(dialog->list, LVM_SETEXTENDEDLISTVIEWSTYLE, LVS_EX_FULLROWSELECT,
                 LVS_EX_FULLROWSELECT);
    dialog->columns.list = dialog->list;
}

static void card_text(const struct dialog *dialog, int row, WCHAR text[TEXT_SIZE])
{
    const struct watch_reader *reader = &dialog->view.readers[row];

    candidates_describe(dialog->request->candidates, reader, text, TEXT_SIZE);
    if (!text[0] && reader->state & SCARD_STATE_PRESENT)
        text_of(TEXT_UNKNOWN, text, TEXT_SIZE);
}

/* The states that are not shown now count too: a card that comes should not move the columns. */
static void fit_columns(struct dialog *dialog)
{
    LONG needs[COLUMNS] = {0};
    WCHAR text[TEXT_SIZE];
    UINT id;
    int i;

    if (!dialog->columns.list)
        return;
    for (i = 0; i < COLUMNS; i++)
        columns_add_need(&dialog->columns, &needs[i], text_of(column_titles[i], text, TEXT_SIZE));
    for (i = 0; i < (int)dialog->view.count; i++)
    {
        columns_add_need(&dialog->columns, &needs[0], dialog->view.readers[i].name);
        card_text(dialog, i, text);
        columns_add_need(&dialog->columns, &needs[1], text);
    }
    for (id = STATE_READY; id <= STATE_GONE; id++)
        columns_add_need(&dialog->columns, &needs[2], text_of(id, text, TEXT_SIZE));
    columns_fit(&dialog->columns, needs);
}

static void set_cell(struct dialog *dialog, int row, int column, const WCHAR *text)
{
    LVITEMW item = {.mask = LVIF_TEXT, .iItem = row, .iSubItem = column, .pszText = (WCHAR *)text};

    SendMessageW(dialog->list, LVM_SETITEMW, 0, (LPARAM)&item);
}

static void show_row(struct dialog *dialog, int row)
{
    WCHAR text[TEXT_SIZE];

    columns_shorten(&dialog->columns, 0, dialog->view.readers[row].name, text, TEXT_SIZE);
    set_cell(dialog, row, 0, text);
    card_text(dialog, row, text);
    set_cell(dialog, row, 1, text);
    set_cell(dialog, row, 2, text_of(state_text(dialog, row), text, TEXT_SIZE));
}

static int selected_row(const struct dialog *dialog)
{
    return (int)SendMessageW(dialog->list, LVM_GETNEXTITEM, -1, LVNI_SELECTED);
}

static void select_row(struct dialog *dialog, int row)
{
    LVITEMW item = {.stateMask = LVIS_SELECTED | LVIS_FOCUSED,
                    .state = LVIS_SELECTED | LVIS_FOCUSED};

    SendMessageW(dialog->list, LVM_SETITEMSTATE, row, (LPARAM)&item);
    SendMessageW(dialog->list, LVM_ENSUREVISIBLE, row, FALSE);
}

/* The chosen row if its card is wanted, else the first wanted card, else the chosen row. */
static int best_row(const struct dialog *dialog)
{
    int i, chosen = -1, wanted = -1;

    for (i = 0; i < (int)dialog->view.count; i++)
    {
        if (!lstrcmpW(dialog->view.readers[i].name, dialog->chosen))
            chosen = i;
        if (wanted < 0 && matches(dialog, i))
            wanted = i;
    }
    return wanted < 0 || (chosen >= 0 && matches(dialog, chosen)) ? chosen : wanted;
}

/* The reason why the card of a row cannot be used; 0 when there is none. */
static UINT card_message(const struct dialog *dialog, int row)
{
    if (row < 0 || row >= (int)dialog->view.count)
        return 0;
    switch (state_text(dialog, row))
    {
    case STATE_IN_USE: return matches(dialog, row) ? 0 : MESSAGE_BUSY;
    case STATE_OTHER: return MESSAGE_OTHER;
    case STATE_MUTE: return MESSAGE_MUTE;
    default: return 0;
    }
}

/* The selected row or, if nothing is wrong there, the first row with a wrong card; -1: none. */
static int wrong_row(const struct dialog *dialog, int selected)
{
    int i;

    if (card_message(dialog, selected))
        return selected;
    for (i = 0; i < (int)dialog->view.count; i++)
        if (card_message(dialog, i))
            return i;
    return -1;
}

static void wrong_card_text(struct dialog *dialog, int selected, WCHAR *text)
{
    int row = wrong_row(dialog, selected);

    if (row < 0)
        text_of(MESSAGE_WAITING, text, TEXT_SIZE);
    else
        format_text(card_message(dialog, row), dialog->view.readers[row].name, NULL, text,
                    TEXT_SIZE);
}

static void selection_changed(struct dialog *dialog)
{
    int row = selected_row(dialog);
    WCHAR text[TEXT_SIZE];
    BOOL good;

    if (row >= 0 && row < (int)dialog->view.count)
        lstrcpynW(dialog->chosen, dialog->view.readers[row].name, WATCH_NAME_SIZE);
    good = row >= 0 && matches(dialog, row);
    if (!good && GetFocus() == GetDlgItem(dialog->window, IDOK))
        SendMessageW(dialog->window, WM_NEXTDLGCTL, (WPARAM)dialog->list, TRUE);
    EnableWindow(GetDlgItem(dialog->window, IDOK), good);
    if (dialog->view.result)
        text_of(MESSAGE_SERVICE, text, TEXT_SIZE);
    else if (!dialog->view.count)
        text_of(MESSAGE_NONE, text, TEXT_SIZE);
    else if (good)
        text_of(MESSAGE_FOUND, text, TEXT_SIZE);
    else
        wrong_card_text(dialog, row, text);
    show_message(dialog, text);
}

/* As many rows as readers. */
static void set_row_count(struct dialog *dialog)
{
    LVITEMW item = {.mask = LVIF_TEXT, .pszText = (WCHAR *)L""};
    int i, count = (int)SendMessageW(dialog->list, LVM_GETITEMCOUNT, 0, 0);

    for (i = count; i > (int)dialog->view.count; i--)
        SendMessageW(dialog->list, LVM_DELETEITEM, i - 1, 0);
    for (i = count; i < (int)dialog->view.count; i++)
    {
        item.iItem = i;
        SendMessageW(dialog->list, LVM_INSERTITEMW, 0, (LPARAM)&item);
    }
}

static void show_rows(struct dialog *dialog)
{
    int i;

    fit_columns(dialog);
    SendMessageW(dialog->list, WM_SETREDRAW, FALSE, 0);
    for (i = 0; i < (int)dialog->view.count; i++)
        show_row(dialog, i);
    SendMessageW(dialog->list, WM_SETREDRAW, TRUE, 0);
    InvalidateRect(dialog->list, NULL, TRUE);
}

static void show_readers(struct dialog *dialog)
{
    int row;

    dialog->updating = TRUE;
    set_row_count(dialog); /* the scroll bar that comes or goes takes room from the columns */
    show_rows(dialog);
    if ((row = best_row(dialog)) >= 0)
        select_row(dialog, row);
    dialog->updating = FALSE;
    selection_changed(dialog);
}

/* ---- events ---- */

static void post_changed(void *context)
{
    struct dialog *dialog = context;

    PostMessageW(dialog->window, WM_READERS_CHANGED, 0, 0);
}

/* The first end counts: what was under way then comes too late. */
static void end(struct dialog *dialog, LONG result)
{
    if (dialog->ended)
        return;
    dialog->ended = TRUE;
    dialog->result = result;
    EndDialog(dialog->window, 0);
}

/* The end, by us or by others. */
static BOOL is_over(const struct dialog *dialog)
{
    return dialog->ended || !IsWindow(dialog->window);
}

/* TRUE when a failure of the request's functions has ended the dialog. */
static BOOL is_hopeless(struct dialog *dialog)
{
    const struct dialog_request *request = dialog->request;
    LONG result = request->hopeless ? request->hopeless(request->context) : 0;

    if (result)
        end(dialog, result);
    return result != 0;
}

static LONG judge(struct dialog *dialog, const struct watch_reader *reader)
{
    const struct dialog_request *request = dialog->request;
    LONG verdict;

    if (!candidates_match(request->candidates, reader))
        return SCARD_E_CARD_UNSUPPORTED;
    if (!request->accept)
        return SCARD_S_SUCCESS;
    dialog->calling = TRUE;
    verdict = request->accept(request->context, reader);
    dialog->calling = FALSE;
    if (verdict && !is_over(dialog))
        is_hopeless(dialog);
    return verdict;
}

static void read_readers(struct dialog *dialog)
{
    DWORD i;

    dialog->changed = FALSE;
    watch_read(dialog->watch, &dialog->view);
    if (dialog->view.result && dialog->view.result != SCARD_E_SERVICE_STOPPED)
        end(dialog, dialog->view.result);
    for (i = 0; i < dialog->view.count && !is_over(dialog); i++)
        dialog->verdicts[i] = judge(dialog, &dialog->view.readers[i]);
}

/* Judging may take a while, in which they change again. */
static void readers_changed(struct dialog *dialog)
{
    dialog->changed = TRUE;
    if (dialog->calling)
        return;
    while (dialog->changed && !is_over(dialog))
        read_readers(dialog);
    if (!is_over(dialog))
        show_readers(dialog);
}

/* A card that was not accepted stays on the list: the user may free it or choose another one. */
static void show_failure(struct dialog *dialog, const WCHAR *reader, LONG result)
{
    WCHAR text[TEXT_SIZE], digits[12];
    UINT id = MESSAGE_FAILED;

    if (result == SCARD_E_SHARING_VIOLATION)
        id = MESSAGE_BUSY;
    else if (result == SCARD_E_PROTO_MISMATCH)
        id = MESSAGE_PROTOCOL;
    wsprintfW(digits, L"0x%08X", (unsigned)result);
    format_text(id, reader, digits, text, TEXT_SIZE);
    show_message(dialog, text);
    MessageBeep(MB_ICONEXCLAMATION);
}

static void choose(struct dialog *dialog)
{
    const struct dialog_request *request = dialog->request;
    int row = selected_row(dialog);
    struct watch_reader reader;
    HCURSOR cursor;
    LONG result;

    if (dialog->calling || row < 0 || !matches(dialog, row))
        return;
    reader = dialog->view.readers[row];
    cursor = SetCursor(LoadCursorW(NULL, (const WCHAR *)IDC_WAIT));
    dialog->calling = TRUE;
    result = request->connect(request->context, &reader);
    dialog->calling = FALSE;
    SetCursor(cursor);
    TRACE("reader %s: %#lx", trace_wstr(reader.name), result);
    if (is_over(dialog)) /* what was connected comes too late */
        return;
    if (!result)
        end(dialog, SCARD_S_SUCCESS);
    else if (!is_hopeless(dialog))
    {
        if (dialog->changed)
            readers_changed(dialog);
        show_failure(dialog, reader.name, result);
    }
}

static void list_event(struct dialog *dialog, const NMHDR *event)
{
    const NMLISTVIEW *change = (const NMLISTVIEW *)event;

    if (event->code == LVN_ITEMCHANGED && change->uChanged & LVIF_STATE && !dialog->updating)
        selection_changed(dialog);
    else if (event->code == NM_DBLCLK)
        choose(dialog);
}

/* The user has made a column wider or narrower; the header says so before it is. */
static void columns_changed(struct dialog *dialog)
{
    PostMessageW(dialog->window, WM_READERS_CHANGED, 0, 0);
}

static const struct resize_rule rules[] =
{
    {CONTROL_HINT, LAYOUT_LEFT | LAYOUT_RIGHT | LAYOUT_TOP},
    {CONTROL_LABEL, LAYOUT_LEFT | LAYOUT_RIGHT | LAYOUT_TOP},
    {CONTROL_READERS, LAYOUT_LEFT | LAYOUT_RIGHT | LAYOUT_TOP | LAYOUT_BOTTOM},
    {CONTROL_MESSAGE, LAYOUT_LEFT | LAYOUT_RIGHT | LAYOUT_BOTTOM},
    {IDOK, LAYOUT_RIGHT | LAYOUT_BOTTOM},
    {IDCANCEL, LAYOUT_RIGHT | LAYOUT_BOTTOM},
};

/* ---- room for what a program shows ---- */

static void client_rect(struct dialog *dialog, int control, RECT *rect)
{
    GetWindowRect(GetDlgItem(dialog->window, control), rect);
    MapWindowPoints(NULL, dialog->window, (POINT *)rect, 2);
}

static void place(struct dialog *dialog, int control, const RECT *rect)
{
    SetWindowPos(GetDlgItem(dialog->window, control), NULL, rect->left, rect->top,
                 rect->right - rect->left, rect->bottom - rect->top, SWP_NOZORDER | SWP_NOACTIVATE);
}

/* Shows the icon, and takes its width from the description. */
static LONG show_icon(struct dialog *dialog, RECT *hint)
{
    HWND control = GetDlgItem(dialog->window, CONTROL_ICON);
    LONG gap = hint->left;
    RECT rect;

    if (!dialog->request->icon)
        return 0;
    SendMessageW(control, STM_SETICON, (WPARAM)dialog->request->icon, 0);
    ShowWindow(control, SW_SHOW);
    client_rect(dialog, CONTROL_ICON, &rect);
    hint->left = rect.right + gap;
    return rect.bottom - rect.top;
}

/* The height of the description in that width, at most lines of it. */
static LONG hint_height(struct dialog *dialog, LONG width, int lines)
{
    HWND control = GetDlgItem(dialog->window, CONTROL_HINT);
    int length = GetWindowTextLengthW(control) + 1;
    WCHAR *text = HeapAlloc(GetProcessHeap(), 0, length * sizeof(*text));
    RECT needed = {0, 0, width, 0};
    TEXTMETRICW metric = {0};
    HGDIOBJ old;
    HDC dc;

    if (!text)
        return 0;
    GetWindowTextW(control, text, length);
    dc = GetDC(control);
    old = SelectObject(dc, (HGDIOBJ)SendMessageW(control, WM_GETFONT, 0, 0));
    DrawTextW(dc, text, -1, &needed, DT_CALCRECT | DT_NOPREFIX | DT_WORDBREAK);
    GetTextMetricsW(dc, &metric);
    SelectObject(dc, old);
    ReleaseDC(control, dc);
    HeapFree(GetProcessHeap(), 0, text);
    return min(needed.bottom, metric.tmHeight * lines);
}

/* All below the description moves down, and the window grows up and down. */
static void grow(struct dialog *dialog, LONG more)
{
    RECT rect;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(rules); i++)
    {
        if (rules[i].control == CONTROL_HINT)
            continue;
        client_rect(dialog, rules[i].control, &rect);
        OffsetRect(&rect, 0, more);
        place(dialog, rules[i].control, &rect);
    }
    GetWindowRect(dialog->window, &rect);
    SetWindowPos(dialog->window, NULL, rect.left, max(rect.top - more / 2, 0),
                 rect.right - rect.left, rect.bottom - rect.top + more,
                 SWP_NOZORDER | SWP_NOACTIVATE);
}

/* A program's description may be of any length. */
static void make_room(struct dialog *dialog)
{
    RECT hint;
    LONG needed, icon;

    client_rect(dialog, CONTROL_HINT, &hint);
    icon = show_icon(dialog, &hint);
    needed = hint_height(dialog, hint.right - hint.left, HINT_LINES);
    needed = max(needed, icon) - (hint.bottom - hint.top);
    if (needed > 0)
    {
        grow(dialog, needed);
        hint.bottom += needed;
    }
    place(dialog, CONTROL_HINT, &hint);
}

/* ---- the window ---- */

static void begin(struct dialog *dialog, HWND window)
{
    LONG result;

    dialog->window = window;
    dialog->list = GetDlgItem(window, CONTROL_READERS);
    set_texts(dialog);
    make_room(dialog);
    resize_init(&dialog->layout, window, rules, ARRAYSIZE(rules));
    add_columns(dialog);
    fit_columns(dialog);
    result = watch_start(dialog->request->search->groups, post_changed, dialog, &dialog->watch);
    if (result)
        end(dialog, result);
}

static void resized(struct dialog *dialog)
{
    int row = selected_row(dialog);

    resize_apply(&dialog->layout);
    show_rows(dialog);
    if (row >= 0)
        SendMessageW(dialog->list, LVM_ENSUREVISIBLE, row, FALSE);
}

static BOOL command(struct dialog *dialog, WPARAM command_id)
{
    if (LOWORD(command_id) == IDOK)
        choose(dialog);
    else if (LOWORD(command_id) == IDCANCEL)
        end(dialog, SCARD_W_CANCELLED_BY_USER);
    else
        return FALSE;
    return TRUE;
}

static INT_PTR CALLBACK dialog_proc(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    struct dialog *dialog = (struct dialog *)GetWindowLongPtrW(window, DWLP_USER);

    if (message == WM_INITDIALOG)
    {
        SetWindowLongPtrW(window, DWLP_USER, lparam);
        begin((struct dialog *)lparam, window);
        return TRUE;
    }
    if (!dialog)
        return FALSE;
    switch (message)
    {
    case WM_READERS_CHANGED: readers_changed(dialog); return TRUE;
    case WM_COMMAND: return command(dialog, wparam);
    case WM_NOTIFY:
        if (((const NMHDR *)lparam)->hwndFrom == dialog->list)
            list_event(dialog, (const NMHDR *)lparam);
        else if (((const NMHDR *)lparam)->code == HDN_ENDTRACKW)
            columns_changed(dialog);
        return FALSE;
    case WM_GETMINMAXINFO: resize_minimum(&dialog->layout, (MINMAXINFO *)lparam); return TRUE;
    case WM_SIZE: resized(dialog); return TRUE;
    }
    return FALSE;
}

/* ---- showing it ---- */

/* Loaded only now, so that a program that never shows the dialog does not load comctl32. */
static HMODULE load_list_class(void)
{
    INITCOMMONCONTROLSEX classes = {sizeof(classes), ICC_LISTVIEW_CLASSES};
    BOOL(WINAPI * initialize)(const INITCOMMONCONTROLSEX *classes);
    HMODULE module = LoadLibraryW(L"comctl32.dll");

    if (!module)
        return NULL;
    initialize = (void *)GetProcAddress(module, "InitCommonControlsEx");
    if (initialize && initialize(&classes))
        return module;
    FreeLibrary(module);
    return NULL;
}

/* As it was before: enabled also when somebody destroyed the dialog, disabled though EndDialog may
 * have enabled it, and with the focus where it was in the window, which a window that is activated
 * again takes itself. */
static void give_back(HWND owner, BOOL enabled, HWND focus)
{
    if (!owner || !IsWindow(owner))
        return;
    if (enabled != IsWindowEnabled(owner))
    {
        EnableWindow(owner, enabled);
        if (enabled)
            SetActiveWindow(owner);
    }
    if (focus && IsWindow(focus) && GetActiveWindow() == owner)
        SetFocus(focus);
}

static void show(struct dialog *dialog)
{
    HWND owner = dialog->request->owner, focus = GetFocus();
    BOOL enabled;

    if (owner)
        owner = GetAncestor(owner, GA_ROOT);
    enabled = owner && IsWindowEnabled(owner);
    if (focus && GetAncestor(focus, GA_ROOT) != owner)
        focus = NULL;
    if (DialogBoxParamW(module_handle(), MAKEINTRESOURCEW(DIALOG_LOCATE), owner, dialog_proc,
                        (LPARAM)dialog) == -1 &&
        !dialog->window)
        dialog->result = GetLastError() ? (LONG)GetLastError() : ERROR_INVALID_WINDOW_HANDLE;
    watch_stop(dialog->watch);
    give_back(owner, enabled, focus);
}

LONG dialog_run(const struct dialog_request *request)
{
    HMODULE controls = load_list_class();
    struct dialog *dialog;
    LONG result;

    if (!controls)
        return ERROR_MOD_NOT_FOUND;
    if (!(dialog = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*dialog))))
    {
        FreeLibrary(controls);
        return ERROR_OUTOFMEMORY;
    }
    dialog->request = request;
    dialog->result = SCARD_W_CANCELLED_BY_USER; /* also the result when the window is destroyed from
                                                 * outside */
    show(dialog);
    result = dialog->result;
    HeapFree(GetProcessHeap(), 0, dialog);
    FreeLibrary(controls);
    return result;
}
