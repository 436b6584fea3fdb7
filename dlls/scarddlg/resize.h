/*
 * Dialogs whose controls follow the window's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_RESIZE_H
#define SCARDDLG_RESIZE_H

#include <windows.h>

/* The window edges to which a control keeps its distance; with both of an axis, it stretches. */
#define LAYOUT_LEFT   1
#define LAYOUT_TOP    2
#define LAYOUT_RIGHT  4
#define LAYOUT_BOTTOM 8

#define LAYOUT_CONTROLS 8

struct resize_rule
{
    int control;
    unsigned edges;
};

struct layout
{
    HWND window;  /* NULL: not set up yet */
    SIZE minimum; /* of the whole window */
    SIZE client;
    const struct resize_rule *rules;
    unsigned count;
    RECT rects[LAYOUT_CONTROLS];
};

/* Remembers the present layout, whose size is the smallest allowed. At most LAYOUT_CONTROLS
 * rules. */
void resize_init(struct layout *layout, HWND window, const struct resize_rule *rules,
                 unsigned count);

/* Called for WM_SIZE and WM_GETMINMAXINFO, which may arrive before resize_init. */
void resize_apply(const struct layout *layout);
void resize_minimum(const struct layout *layout, MINMAXINFO *info);

#endif
