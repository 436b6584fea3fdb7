/*
 * Files and directories that environment variables name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_ENVPATH_H
#define BASE_ENVPATH_H

#include <windows.h>

/*
 * The path in a variable, for CreateFileW and its kind; under Wine one that begins with '/' is a
 * Unix path. NULL when the variable is not set, is empty, or names nothing that Wine can reach.
 * HeapAlloc'd from the process heap, the caller frees it.
 */
WCHAR *envpath_get(const WCHAR *variable);

/* Whether a variable is set, and not empty. */
BOOL envpath_is_set(const WCHAR *variable);

#endif
