/*
 * Dialogs whose controls follow the window's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "resize.h"

void resize_init(struct layout *layout, HWND window, const struct resize_rule *rules,
                 unsigned count)
{
    RECT rect;
    unsigned i;

    GetWindowRect(window, &rect);
    layout->minimum.cx = rect.right - rect.left;
    layout->minimum.cy = rect.bottom - rect.top;
    GetClientRect(window, &rect);
    layout->client.cx = rect.right;
    layout->client.cy = rect.bottom;
    layout->rules = rules;
    layout->count = min(count, LAYOUT_CONTROLS);
    for (i = 0; i < layout->count; i++)
    {
        GetWindowRect(GetDlgItem(window, rules[i].control), &layout->rects[i]);
        MapWindowPoints(NULL, window, (POINT *)&layout->rects[i], 2);
    }
    layout->window = window;
}

/* Moves the near and the far edge on one axis for a window that has grown by grown. */
static void move(LONG *near_edge, LONG *far_edge, LONG grown, BOOL to_near, BOOL to_far)
{
    if (to_far)
        *far_edge += grown;
    if (to_far && !to_near)
        *near_edge += grown;
}

void resize_apply(const struct layout *layout)
{
    RECT client, rect;
    unsigned i, edges;
    HDWP moves;

    if (!layout->window)
        return;
    GetClientRect(layout->window, &client);
    moves = BeginDeferWindowPos(layout->count);
    for (i = 0; i < layout->count && moves; i++)
    {
        rect = layout->rects[i];
        edges = layout->rules[i].edges;
        move(&rect.left, &rect.right, client.right - layout->client.cx, edges & LAYOUT_LEFT,
             edges & LAYOUT_RIGHT);
        move(&rect.top, &rect.bottom, client.bottom - layout->client.cy, edges & LAYOUT_TOP,
             edges & LAYOUT_BOTTOM);
        moves = DeferWindowPos(moves, GetDlgItem(layout->window, layout->rules[i].control), NULL,
                               rect.left, rect.top, rect.right - rect.left, rect.bottom - rect.top,
                               SWP_NOZORDER | SWP_NOACTIVATE);
    }
    if (moves)
        EndDeferWindowPos(moves);
    /* Wine copies the controls' old contents before the window's own picture has grown. */
    RedrawWindow(layout->window, NULL, NULL, RDW_INVALIDATE | RDW_ERASE | RDW_ALLCHILDREN);
}

void resize_minimum(const struct layout *layout, MINMAXINFO *info)
{
    if (!layout->window)
        return;
    info->ptMinTrackSize.x = layout->minimum.cx;
    info->ptMinTrackSize.y = layout->minimum.cy;
}
