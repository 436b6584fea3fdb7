/*
 * What SCardDlgExtendedError says: of each thread its own.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_EXTENDED_H
#define SCARDDLG_EXTENDED_H

#include <windows.h>

/* 0 in a thread that has set none, or where there is no memory for it. */
void extended_set(DWORD error);
DWORD extended_get(void);

/* Called when the DLL is unloaded. */
void extended_cleanup(void);

#endif
