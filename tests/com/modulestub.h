/*
 * What module.c is for the DLL, for a test that is linked with the DLL's sources.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_COM_MODULESTUB_H
#define TESTS_COM_MODULESTUB_H

#include "base/module.h"

/* Objects that exist. */
static LONG objects;

HINSTANCE module_handle(void)
{
    return GetModuleHandleW(NULL);
}

void module_retain(void)
{
    InterlockedIncrement(&objects);
}

void module_release(void)
{
    InterlockedDecrement(&objects);
}

#endif
