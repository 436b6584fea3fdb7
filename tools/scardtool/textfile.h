/*
 * scardtool: text files of any usual encoding.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_TEXTFILE_H
#define SCARDTOOL_TEXTFILE_H

#include <windows.h>

/*
 * The whole text, NUL-terminated, CoTaskMemAlloc'd. UTF-16 (either order) and UTF-8 by their marks,
 * UTF-8 when it is that, else the system's code page. NULs inside become blanks. Windows's code,
 * or E_INVALIDARG for more than 4 MiB.
 */
HRESULT textfile_read(const WCHAR *name, WCHAR **text);

#endif
