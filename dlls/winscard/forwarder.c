/*
 * winscard.dll's only code of its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    return TRUE;
}
