/*
 * The DLL itself: its handle, and the count that keeps it loaded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "module.h"

static HINSTANCE instance;
static LONG references;

void module_set_handle(HINSTANCE handle)
{
    instance = handle;
}

HINSTANCE module_handle(void)
{
    return instance;
}

void module_retain(void)
{
    InterlockedIncrement(&references);
}

void module_release(void)
{
    InterlockedDecrement(&references);
}

BOOL module_in_use(void)
{
    return InterlockedCompareExchange(&references, 0, 0) != 0;
}
