/*
 * Wiping of codes, keys and what may hold them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_WIPE_H
#define ISO7816_WIPE_H

#include <stddef.h>
#include <string.h>

/* Overwrites memory in a way that the compiler keeps. */
static inline void wipe(void *memory, size_t size)
{
    memset(memory, 0, size);
    /* Pretends to look at the bytes: no compiler may leave the memset out. */
    __asm__ volatile("" : : "r"(memory) : "memory");
}

#endif
