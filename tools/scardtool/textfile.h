/*
 * scardtool: text files of any usual encoding.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_TEXTFILE_H
#define SCARDTOOL_TEXTFILE_H

#include <windows.h>

struct textfile
{
    WCHAR *text; /* NUL-terminated, CoTaskMemAlloc'd; NULs inside became blanks */
    DWORD length;
    BOOL wide; /* it was UTF-16 */
};

/*
 * The whole text of a file. UTF-16 (either order) and UTF-8 by their marks, UTF-16 when nearly
 * every other byte is 0, UTF-8 when it is that, else the system's code page. Windows's code, or
 * E_INVALIDARG for more than 4 MiB; file->text is NULL then.
 */
HRESULT textfile_read(const WCHAR *name, struct textfile *file);

#endif
