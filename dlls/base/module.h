/*
 * The DLL itself: its handle, and the count that keeps it loaded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_MODULE_H
#define BASE_MODULE_H

#include <windows.h>

/* For DllMain, before anything else runs. */
void module_set_handle(HINSTANCE handle);
HINSTANCE module_handle(void);

/*
 * While the count is above 0 DllCanUnloadNow says S_FALSE. Objects, LockServer and threads that
 * run our code each hold one.
 */
void module_retain(void);
void module_release(void);
BOOL module_in_use(void);

#endif
