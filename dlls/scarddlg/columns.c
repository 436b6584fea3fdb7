/*
 * The columns of a list: as wide as what they show needs, while there is room.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "columns.h"

#include <commctrl.h>

/* Beside a text, in the widths of a letter: what a list view leaves free. */
#define MARGIN_TEXT L"MM"

static LONG text_width(const struct columns *columns, const WCHAR *text)
{
    return (LONG)SendMessageW(columns->list, LVM_GETSTRINGWIDTHW, 0, (LPARAM)text);
}

void columns_add_need(const struct columns *columns, LONG *need, const WCHAR *text)
{
    *need = max(*need, text_width(columns, text) + text_width(columns, MARGIN_TEXT));
}

/* Columns that need less than their share leave the rest to the others. */
static void share(LONG width, const LONG needs[COLUMNS], LONG widths[COLUMNS])
{
    int i, open = COLUMNS;
    BOOL found = TRUE;

    ZeroMemory(widths, COLUMNS * sizeof(widths[0]));
    while (found && open)
    {
        found = FALSE;
        for (i = 0; i < COLUMNS; i++)
        {
            if (widths[i] || needs[i] > width / open)
                continue;
            widths[i] = max(needs[i], 1);
            width -= widths[i];
            found = TRUE;
            if (!--open)
                break;
        }
    }
    for (i = 0; i < COLUMNS; i++)
    {
        if (!open)
            widths[i] += width / COLUMNS; /* all have what they need, and more */
        else if (!widths[i])
            widths[i] = width / open;
    }
}

void columns_fit(struct columns *columns, const LONG needs[COLUMNS])
{
    LONG widths[COLUMNS];
    RECT client;
    int i;

    GetClientRect(columns->list, &client);
    if (client.right == columns->width && !memcmp(columns->needs, needs, sizeof(columns->needs)))
        return;
    columns->width = client.right;
    memcpy(columns->needs, needs, sizeof(columns->needs));
    share(client.right, needs, widths);
    for (i = 0; i < COLUMNS; i++)
        SendMessageW(columns->list, LVM_SETCOLUMNWIDTH, i, widths[i]);
}

/* The first and the last letters of text, kept of them. */
static void join(const WCHAR *text, int length, int kept, WCHAR *out)
{
    int head = kept - kept / 2, tail = kept / 2;

    memcpy(out, text, head * sizeof(WCHAR));
    out[head] = 0x2026; /* an ellipsis */
    memcpy(out + head + 1, text + length - tail, (tail + 1) * sizeof(WCHAR));
}

void columns_shorten(const struct columns *columns, int column, const WCHAR *text, WCHAR *out,
                     int size)
{
    LONG width = (LONG)SendMessageW(columns->list, LVM_GETCOLUMNWIDTH, column, 0) -
                 text_width(columns, MARGIN_TEXT);
    int length = lstrlenW(text), low = 2, high = min(length, size - 2) - 1, middle;

    lstrcpynW(out, text, size);
    if (text_width(columns, out) <= width || high <= low)
        return;
    while (low < high)
    {
        middle = (low + high + 1) / 2;
        join(text, length, middle, out);
        if (text_width(columns, out) <= width)
            low = middle;
        else
            high = middle - 1;
    }
    join(text, length, low, out);
}
