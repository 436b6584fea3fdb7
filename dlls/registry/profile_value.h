/*
 * Card profiles stored in the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Each value of Software\scardssp\Profiles, in HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE, is a
 * profile: warnings call it by the value's name, and the data are its text (dlls/icc/PROFILES.md),
 * as REG_MULTI_SZ with one string per line or as REG_SZ with line ends. Both widths use the same
 * key.
 */

#ifndef REGISTRY_PROFILE_VALUE_H
#define REGISTRY_PROFILE_VALUE_H

#include <windows.h>

#define PROFILEVALUE_KEY  L"Software\\scardssp\\Profiles"
#define PROFILEVALUE_VIEW KEY_WOW64_64KEY
#define PROFILEVALUE_NAME 256 /* units of a value's name, including its NUL */

/* One value; the pointers live as long as the call. */
struct profile_value
{
    DWORD number;      /* from 1 */
    const WCHAR *name; /* possibly only a part when result is ERROR_MORE_DATA */
    const char *text;  /* UTF-8 without NUL; NULL unless result is 0 */
    DWORD length;      /* in bytes */
    LONG result;       /* 0; ERROR_INVALID_DATA: another type; ERROR_MORE_DATA: too long */
};

/* Calls visit for each value of the key below root, in the registry's order. */
void profile_value_each(HKEY root, void (*visit)(void *context, const struct profile_value *value),
                        void *context);

#endif
