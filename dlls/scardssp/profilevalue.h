/*
 * Card profiles as they lie in the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each value of Software\scardssp\Profiles, in HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE, is one: its
 * name is what warnings call it, its data the text (dlls/icc/PROFILES.md), REG_MULTI_SZ with a line
 * a string, or REG_SZ with line ends inside. Both widths use one place.
 */

#ifndef SCARDSSP_PROFILEVALUE_H
#define SCARDSSP_PROFILEVALUE_H

#include <windows.h>

#define PROFILEVALUE_KEY L"Software\\scardssp\\Profiles"
#define PROFILEVALUE_VIEW KEY_WOW64_64KEY
#define PROFILEVALUE_NAME 256 /* units of a value's name with its NUL */

/*
 * The index-th value of the key: its name, and *text as *length bytes of UTF-8 without NUL, from
 * the process heap, freed by the caller. ERROR_NO_MORE_ITEMS at the end, ERROR_INVALID_DATA for
 * another type, ERROR_MORE_DATA when name or text are too long (then name may be a part only),
 * ERROR_OUTOFMEMORY; *text is NULL then.
 */
LONG profilevalue_read(HKEY key, DWORD index, WCHAR name[PROFILEVALUE_NAME], char **text,
                       DWORD *length);

#endif
