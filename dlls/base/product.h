/*
 * The opening line of traces and recordings (product, platform, date) and their clock.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_PRODUCT_H
#define BASE_PRODUCT_H

#include <windows.h>

/* Room for product_text. */
#define PRODUCT_TEXT 160

/* "scardssp 0.9.0, Wine 8.0, 64-bit, 2026-11-27T12:00:00Z"; "Windows" in place of "Wine 8.0" when
 * not under Wine. */
void product_text(char text[PRODUCT_TEXT]);

/* Microseconds since a fixed moment in the past; never decreases. */
ULONG64 product_time(void);

#endif
