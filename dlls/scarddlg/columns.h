/*
 * The columns of a list: as wide as what they show needs, while there is room.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_COLUMNS_H
#define SCARDDLG_COLUMNS_H

#include <windows.h>

#define COLUMNS 3

/* All zero but for list, a list view in report style that has its columns. */
struct columns
{
    HWND list;
    LONG width; /* of the list, and what the texts needed, when the columns were made; what the user
                 * has made of them stays until one of these is another */
    LONG needs[COLUMNS];
};

/* Raises the need of a column to that of a text, in pixels with its margins. */
void columns_add_need(const struct columns *columns, LONG *need, const WCHAR *text);

/* Gives every column its need, or a fair share of what the others leave; together they fill the
 * list, so that there is no scroll bar below it. */
void columns_fit(struct columns *columns, const LONG needs[COLUMNS]);

/* Copies text, at most size units with its NUL; what does not fit into the column is left out in
 * the middle: the names of readers differ at the end. */
void columns_shorten(const struct columns *columns, int column, const WCHAR *text, WCHAR *out,
                     int size);

#endif
