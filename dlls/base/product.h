/*
 * What a trace and a record say of themselves first: which product, over what, when.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_PRODUCT_H
#define BASE_PRODUCT_H

#include <windows.h>

/* Room for product_text. */
#define PRODUCT_TEXT 160

/* "scardssp 0.9.0, Wine 8.0, 64-bit, 2026-11-27T12:00:00Z"; "Windows" where there is no Wine. */
void product_text(char text[PRODUCT_TEXT]);

/* Microseconds since some moment of the past, never fewer than before. */
ULONG64 product_time(void);

#endif
