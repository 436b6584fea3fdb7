/*
 * The DLL itself: its handle, and the count that keeps it loaded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_MODULE_H
#define BASE_MODULE_H

#include <windows.h>

/* Called by DllMain before anything else runs. */
void module_set_handle(HINSTANCE handle);
HINSTANCE module_handle(void);

/*
 * DllCanUnloadNow returns S_FALSE while the count is above 0. Each object, each LockServer and each
 * thread that runs our code holds one reference.
 */
void module_retain(void);
void module_release(void);
BOOL module_in_use(void);

#endif
