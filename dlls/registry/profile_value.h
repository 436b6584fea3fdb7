/*
 * Card profiles as they lie in the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each value of Software\scardssp\Profiles, in HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE, is one: its
 * name is what warnings call it, its data the text (dlls/icc/PROFILES.md), REG_MULTI_SZ with a line
 * a string, or REG_SZ with line ends inside. Both widths use one place.
 */

#ifndef REGISTRY_PROFILE_VALUE_H
#define REGISTRY_PROFILE_VALUE_H

#include <windows.h>

#define PROFILEVALUE_KEY  L"Software\\scardssp\\Profiles"
#define PROFILEVALUE_VIEW KEY_WOW64_64KEY
#define PROFILEVALUE_NAME 256 /* units of a value's name with its NUL */

/* One value; the pointers live as long as the call. */
struct profile_value
{
    DWORD number;      /* from 1 */
    const WCHAR *name; /* perhaps a part only with ERROR_MORE_DATA */
    const char *text;  /* UTF-8 without NUL; NULL unless result is 0 */
    DWORD length;      /* its bytes */
    LONG result;       /* 0, ERROR_INVALID_DATA: another type, ERROR_MORE_DATA: too long */
};

/* Calls visit for each value of the key below root, in the registry's order. */
void profile_value_each(HKEY root, void (*visit)(void *context, const struct profile_value *value),
                        void *context);

#endif
