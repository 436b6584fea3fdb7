/*
 * The only code of winscard.dll and of scarddlg.dll themselves.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, void *reserved)
{
    return TRUE;
}
