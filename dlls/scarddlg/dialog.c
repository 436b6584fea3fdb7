/*
 * The dialog of ISCardLocate: a live list of readers, from which the user chooses a card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <commctrl.h>
#include <winscard.h>

#include "resize.h"
#include "dialog.h"
#include "base/module.h"
#include "base/trace.h"

/* Posted by the watching thread when the readers have changed. */
#define WM_READERS_CHANGED (WM_APP + 1)

#define TEXT_SIZE 512

struct dialog
{
    HWND window, list;
    const struct search *search;
    const struct candidates *candidates;
    LONG (*connect)(void *context, const WCHAR *reader);
    void *connect_context;
    struct watch *watch;
    struct watch_view view;
    struct layout layout;
    WCHAR chosen[WATCH_NAME_SIZE]; /* reader of the selected row */
    BOOL updating;                 /* we, not the user, are changing the rows */
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
    const struct strings *names = &dialog->search->names;
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
    if (!names->count)
        set_control(dialog, CONTROL_HINT, TEXT_HINT_ANY);
    else
    {
        format_text(TEXT_HINT_CARD, joined, NULL, text, ARRAYSIZE(text));
        SetDlgItemTextW(dialog->window, CONTROL_HINT, text);
    }
}

static void set_texts(struct dialog *dialog)
{
    WCHAR text[TEXT_SIZE];

    SetWindowTextW(dialog->window, dialog->search->title[0] ? dialog->search->title
                                                            : text_of(TEXT_TITLE, text, TEXT_SIZE));
    show_hint(dialog);
    set_control(dialog, CONTROL_LABEL, TEXT_LABEL);
    set_control(dialog, IDOK, TEXT_OK);
    set_control(dialog, IDCANCEL, TEXT_CANCEL);
}

/* ---- the list ---- */

static BOOL matches(const struct dialog *dialog, DWORD row)
{
    return row < dialog->view.count &&
           candidates_match(dialog->candidates, &dialog->view.readers[row]);
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
    if (!matches(dialog, row))
        return STATE_OTHER;
    return state & SCARD_STATE_EXCLUSIVE ? STATE_IN_USE : STATE_READY;
}

static void add_columns(struct dialog *dialog)
{
    static const UINT titles[] = {TEXT_READER, TEXT_CARD, TEXT_STATE};
    WCHAR text[TEXT_SIZE];
    LVCOLUMNW column = {.mask = LVCF_TEXT | LVCF_SUBITEM};
    int i;

    for (i = 0; i < (int)ARRAYSIZE(titles); i++)
    {
        text_of(titles[i], text, TEXT_SIZE);
        column.pszText = text;
        column.iSubItem = i;
        SendMessageW(dialog->list, LVM_INSERTCOLUMNW, i, (LPARAM)&column);
    }
    SendMessageW(dialog->list, LVM_SETEXTENDEDLISTVIEWSTYLE, LVS_EX_FULLROWSELECT,
                 LVS_EX_FULLROWSELECT);
}

/* The columns share the available width, so that no scroll bar is needed. */
static void size_columns(struct dialog *dialog)
{
    static const int percent[] = {32, 34, 34};
    RECT client;
    int i;

    GetClientRect(dialog->list, &client);
    for (i = 0; i < (int)ARRAYSIZE(percent); i++)
        SendMessageW(dialog->list, LVM_SETCOLUMNWIDTH, i, client.right * percent[i] / 100);
}

static void set_cell(struct dialog *dialog, int row, int column, const WCHAR *text)
{
    LVITEMW item = {.mask = LVIF_TEXT, .iItem = row, .iSubItem = column, .pszText = (WCHAR *)text};

    SendMessageW(dialog->list, LVM_SETITEMW, 0, (LPARAM)&item);
}

static void show_row(struct dialog *dialog, int row)
{
    const struct watch_reader *reader = &dialog->view.readers[row];
    WCHAR text[TEXT_SIZE];

    set_cell(dialog, row, 0, reader->name);
    candidates_describe(dialog->candidates, reader, text, TEXT_SIZE);
    if (!text[0] && reader->state & SCARD_STATE_PRESENT)
        text_of(TEXT_UNKNOWN, text, TEXT_SIZE);
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

static void show_readers(struct dialog *dialog)
{
    LVITEMW item = {.mask = LVIF_TEXT, .pszText = (WCHAR *)L""};
    int count, i;

    dialog->updating = TRUE;
    SendMessageW(dialog->list, WM_SETREDRAW, FALSE, 0);
    count = (int)SendMessageW(dialog->list, LVM_GETITEMCOUNT, 0, 0);
    for (i = count; i > (int)dialog->view.count; i--)
        SendMessageW(dialog->list, LVM_DELETEITEM, i - 1, 0);
    for (i = count; i < (int)dialog->view.count; i++)
    {
        item.iItem = i;
        SendMessageW(dialog->list, LVM_INSERTITEMW, 0, (LPARAM)&item);
    }
    for (i = 0; i < (int)dialog->view.count; i++)
        show_row(dialog, i);
    if ((i = best_row(dialog)) >= 0)
        select_row(dialog, i);
    SendMessageW(dialog->list, WM_SETREDRAW, TRUE, 0);
    InvalidateRect(dialog->list, NULL, TRUE);
    dialog->updating = FALSE;
    selection_changed(dialog);
}

/* ---- events ---- */

static void post_changed(void *context)
{
    struct dialog *dialog = context;

    PostMessageW(dialog->window, WM_READERS_CHANGED, 0, 0);
}

static void end(struct dialog *dialog, LONG result)
{
    dialog->result = result;
    EndDialog(dialog->window, 0);
}

static void readers_changed(struct dialog *dialog)
{
    watch_read(dialog->watch, &dialog->view);
    if (dialog->view.result && dialog->view.result != SCARD_E_SERVICE_STOPPED)
        end(dialog, dialog->view.result);
    else
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
    int row = selected_row(dialog);
    WCHAR reader[WATCH_NAME_SIZE];
    HCURSOR cursor;
    LONG result;

    if (row < 0 || !matches(dialog, row))
        return;
    lstrcpynW(reader, dialog->view.readers[row].name, WATCH_NAME_SIZE);
    cursor = SetCursor(LoadCursorW(NULL, (const WCHAR *)IDC_WAIT));
    result = dialog->connect(dialog->connect_context, reader);
    SetCursor(cursor);
    TRACE("reader %s: %#lx", trace_wstr(reader), result);
    if (result)
        show_failure(dialog, reader, result);
    else
        end(dialog, SCARD_S_SUCCESS);
}

static void list_event(struct dialog *dialog, const NMHDR *event)
{
    const NMLISTVIEW *change = (const NMLISTVIEW *)event;

    if (event->code == LVN_ITEMCHANGED && change->uChanged & LVIF_STATE && !dialog->updating)
        selection_changed(dialog);
    else if (event->code == NM_DBLCLK)
        choose(dialog);
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

static void begin(struct dialog *dialog, HWND window)
{
    LONG result;

    dialog->window = window;
    dialog->list = GetDlgItem(window, CONTROL_READERS);
    resize_init(&dialog->layout, window, rules, ARRAYSIZE(rules));
    set_texts(dialog);
    add_columns(dialog);
    size_columns(dialog);
    result = watch_start(dialog->search->groups, post_changed, dialog, &dialog->watch);
    if (result)
        end(dialog, result);
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
        return FALSE;
    case WM_GETMINMAXINFO: resize_minimum(&dialog->layout, (MINMAXINFO *)lparam); return TRUE;
    case WM_SIZE:
        resize_apply(&dialog->layout);
        size_columns(dialog);
        return TRUE;
    }
    return FALSE;
}

/* ---- for ISCardLocate ---- */

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

LONG dialog_run(const struct search *search, const struct candidates *candidates,
                LONG (*connect)(void *context, const WCHAR *reader), void *context)
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
    dialog->search = search;
    dialog->candidates = candidates;
    dialog->connect = connect;
    dialog->connect_context = context;
    dialog->result = SCARD_W_CANCELLED_BY_USER; /* also the result when the window is destroyed from
                                                 * outside */
    if (DialogBoxParamW(module_handle(), MAKEINTRESOURCEW(DIALOG_LOCATE), GetActiveWindow(),
                        dialog_proc, (LPARAM)dialog) == -1)
        dialog->result = GetLastError() ? (LONG)GetLastError() : ERROR_INVALID_WINDOW_HANDLE;
    watch_stop(dialog->watch);
    result = dialog->result;
    HeapFree(GetProcessHeap(), 0, dialog);
    FreeLibrary(controls);
    return result;
}
