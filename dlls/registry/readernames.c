/*
 * Aliases of readers stored in the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "readernames.h"

#include "base/trace.h"

#define KEY_PATH L"Software\\scardssp\\Readers"
/* Both widths use the same key. */
#define VIEW KEY_WOW64_64KEY

BOOL readeralias_valid(const WCHAR *name)
{
    const WCHAR *at;

    for (at = name; *at; at++)
        if (*at < ' ' || *at == 0x7F || at - name >= READERALIAS_NAME)
            return FALSE;
    return at != name &&
           WideCharToMultiByte(CP_UTF8, 0, name, -1, NULL, 0, NULL, NULL) <= READERALIAS_NAME;
}

/* On a mismatch, the last '*' takes one more unit. */
BOOL readeralias_fits(const WCHAR *pattern, const WCHAR *reader)
{
    const WCHAR *star = NULL, *taken = NULL;

    while (*reader)
    {
        if (*pattern == '*')
        {
            star = ++pattern;
            taken = reader;
        }
        else if (*pattern == *reader)
        {
            pattern++;
            reader++;
        }
        else if (star)
        {
            pattern = star;
            reader = ++taken;
        }
        else
            return FALSE;
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

/* Terminates what RegQueryValueExW or RegEnumValueW returned; FALSE when it is no valid string. */
static BOOL finish(struct readeralias *alias, LONG result, DWORD type, DWORD size)
{
    if (!result && type == REG_SZ)
    {
        alias->reader[min(size / sizeof(WCHAR), READERALIAS_NAME - 1)] = 0;
        if (readeralias_valid(alias->name) && readeralias_valid(alias->reader))
            return TRUE;
    }
    WARN("the alias %s of a reader is damaged or too long", trace_wstr(alias->name));
    return FALSE;
}

static BOOL get(HKEY root, const WCHAR *name, struct readeralias *alias)
{
    DWORD size = sizeof(alias->reader), type;
    LONG result;
    HKEY key;

    if (RegOpenKeyExW(root, KEY_PATH, 0, KEY_QUERY_VALUE | VIEW, &key))
        return FALSE;
    lstrcpyW(alias->name, name);
    result = RegQueryValueExW(key, name, NULL, &type, (BYTE *)alias->reader, &size);
    RegCloseKey(key);
    return result != ERROR_FILE_NOT_FOUND && finish(alias, result, type, size);
}

BOOL readeralias_get(const WCHAR *name, struct readeralias *alias)
{
    return readeralias_valid(name) &&
           (get(HKEY_CURRENT_USER, name, alias) || get(HKEY_LOCAL_MACHINE, name, alias));
}

LONG readeralias_enumerate(HKEY root, DWORD index, struct readeralias *alias)
{
    DWORD units = READERALIAS_NAME, size = sizeof(alias->reader), type = REG_NONE;
    LONG result;
    HKEY key;

    if (RegOpenKeyExW(root, KEY_PATH, 0, KEY_QUERY_VALUE | VIEW, &key))
        return ERROR_NO_MORE_ITEMS;
    alias->name[0] = 0;
    result =
        RegEnumValueW(key, index, alias->name, &units, NULL, &type, (BYTE *)alias->reader, &size);
    RegCloseKey(key);
    if (result && result != ERROR_MORE_DATA)
        return ERROR_NO_MORE_ITEMS;
    if (result)
        alias->name[0] = 0; /* possibly only a part of it */
    return finish(alias, result, type, size) ? ERROR_SUCCESS : ERROR_INVALID_DATA;
}

LONG readeralias_add(HKEY root, const WCHAR *name, const WCHAR *reader)
{
    LONG result;
    HKEY key;

    if (!readeralias_valid(name) || !readeralias_valid(reader))
        return ERROR_INVALID_PARAMETER;
    if ((result =
             RegCreateKeyExW(root, KEY_PATH, 0, NULL, 0, KEY_SET_VALUE | VIEW, NULL, &key, NULL)))
        return result;
    result = RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)reader,
                            (lstrlenW(reader) + 1) * sizeof(WCHAR));
    RegCloseKey(key);
    return result;
}

LONG readeralias_remove(HKEY root, const WCHAR *name)
{
    LONG result;
    HKEY key;

    if ((result = RegOpenKeyExW(root, KEY_PATH, 0, KEY_SET_VALUE | VIEW, &key)))
        return result;
    result = RegDeleteValueW(key, name);
    RegCloseKey(key);
    return result;
}
