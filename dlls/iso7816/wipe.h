/*
 * Wiping of codes, keys and memory that may hold them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_WIPE_H
#define ISO7816_WIPE_H

#include <stddef.h>
#include <string.h>

/* Overwrites memory in a way that the compiler does not optimise away. */
static inline void wipe(void *memory, size_t size)
{
    memset(memory, 0, size);
    /* Pretends to read the bytes, so that no compiler may omit the memset. */
    __asm__ volatile("" : : "r"(memory) : "memory");
}

#endif
