/*
 * Dialogs whose controls follow the window's size.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_LAYOUT_H
#define SCARDDLG_LAYOUT_H

#include <windows.h>

/* The edges of the window that a control keeps its distance from; both of an axis: it stretches. */
#define LAYOUT_LEFT   1
#define LAYOUT_TOP    2
#define LAYOUT_RIGHT  4
#define LAYOUT_BOTTOM 8

#define LAYOUT_CONTROLS 8

struct layout_rule
{
    int control;
    unsigned edges;
};

struct layout
{
    HWND window;  /* NULL: not set up yet */
    SIZE minimum; /* of the whole window */
    SIZE client;
    const struct layout_rule *rules;
    unsigned count;
    RECT rects[LAYOUT_CONTROLS];
};

/* Remembers where everything is; that size is the smallest. At most LAYOUT_CONTROLS rules. */
void layout_init(struct layout *layout, HWND window, const struct layout_rule *rules,
                 unsigned count);

/* For WM_SIZE and WM_GETMINMAXINFO, which may come before layout_init. */
void layout_apply(const struct layout *layout);
void layout_minimum(const struct layout *layout, MINMAXINFO *info);

#endif
