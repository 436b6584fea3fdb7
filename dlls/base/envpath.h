/*
 * Paths that environment variables name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_ENVPATH_H
#define BASE_ENVPATH_H

#include <windows.h>

/*
 * Returns the path in a variable, for CreateFileW and its like; under Wine, a value that begins
 * with '/' is a Unix path. Returns NULL when the variable is not set, is empty, or names nothing
 * that Wine can reach. The caller frees the path, which comes from the process heap.
 */
WCHAR *envpath_get(const WCHAR *variable);

/* True when a variable is set and not empty. */
BOOL envpath_is_set(const WCHAR *variable);

#endif
