/*
 * Files and directories that environment variables name.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "envpath.h"

/* Wine's code page of Unix file names. */
#define CP_UNIX 65010
/* Bytes of a UTF-16 unit in it, at most. */
#define UNIX_BYTES 3

static WCHAR *get_variable(const WCHAR *variable)
{
    DWORD units = GetEnvironmentVariableW(variable, NULL, 0), length;
    WCHAR *value = units > 1 ? HeapAlloc(GetProcessHeap(), 0, units * sizeof(WCHAR)) : NULL;

    if (!value)
        return NULL;
    /* Another thread may have changed it. */
    length = GetEnvironmentVariableW(variable, value, units);
    if (length && length < units)
        return value;
    HeapFree(GetProcessHeap(), 0, value);
    return NULL;
}

WCHAR *envpath_get(const WCHAR *variable)
{
    WCHAR *(CDECL * convert)(const char *) =
        (void *)GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "wine_get_dos_file_name");
    WCHAR *path = get_variable(variable), *dos = NULL;
    char *name;
    int size;

    if (!path || !convert || path[0] != '/')
        return path;
    size = UNIX_BYTES * (lstrlenW(path) + 1);
    if ((name = HeapAlloc(GetProcessHeap(), 0, size)))
    {
        if (WideCharToMultiByte(CP_UNIX, 0, path, -1, name, size, NULL, NULL))
            dos = convert(name);
        HeapFree(GetProcessHeap(), 0, name);
    }
    HeapFree(GetProcessHeap(), 0, path);
    return dos;
}

BOOL envpath_is_set(const WCHAR *variable)
{
    return GetEnvironmentVariableW(variable, NULL, 0) > 1;
}
