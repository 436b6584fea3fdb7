/*
 * As much of Windows' winscard.h as the conversion of strings needs, for native tests of it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_WINDOWS_WINSCARD_H
#define TESTS_UNIT_WINDOWS_WINSCARD_H

#include <windows.h>

typedef ULONG_PTR SCARDCONTEXT, SCARDHANDLE;

#define SCARD_AUTOALLOCATE          0xffffffffu
#define SCARD_S_SUCCESS             0
#define SCARD_E_INVALID_PARAMETER   ((LONG)0x80100004)
#define SCARD_E_NO_MEMORY           ((LONG)0x80100006)
#define SCARD_E_INSUFFICIENT_BUFFER ((LONG)0x80100008)

LONG WINAPI SCardFreeMemory(SCARDCONTEXT context, const void *memory);

#endif
