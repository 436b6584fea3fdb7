/*
 * Slots by mingw-w64's scardssp.h in C++.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <ole2.h>

#include <mingw_scardssp.h>

#include "mingw_slots.h"

#include <string.h>

/* GCC's pointer to a virtual method is its offset in the vtable plus one. */
template <typename method> static size_t offset_of(method pointer)
{
    ptrdiff_t value;

    memcpy(&value, &pointer, sizeof(value));
    return (size_t)value - 1;
}

/* Filled at each call: a static initialiser would want the C++ runtime. */
const struct slot *slots_mingw_cxx(void)
{
    static struct slot slots[128];
    struct slot *next = slots;

#define SLOT(i, method) \
    next->name = #i "::" #method; \
    (next++)->offset = offset_of(&i::method);
    SLOTS
    return slots;
}
