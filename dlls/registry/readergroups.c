/*
 * Groups of readers as Windows keeps them: HKLM\SOFTWARE\Microsoft\Cryptography\Calais\Readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "readergroups.h"

#include "base/multistring.h"
#include "base/trace.h"

#define KEY_PATH L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\Readers"
#define VALUE    L"Groups"
#define VIEW     KEY_WOW64_64KEY

/* A registry that is full of them does not stop programs. */
#define MAX_READERS 1024
#define MAX_SIZE    0x10000u

/* A registry key's name has at most 255 characters. */
#define READER_NAME 256

/* ---- multi-strings ---- */

static DWORD units_of(const WCHAR *strings)
{
    return (DWORD)multistring16_length((const uint16_t *)strings);
}

static BOOL contains(const WCHAR *strings, const WCHAR *string)
{
    for (; *strings; strings += lstrlenW(strings) + 1)
        if (!lstrcmpiW(strings, string))
            return TRUE;
    return FALSE;
}

/* Grown by string, unless it has it; freed on failure. */
static LONG append(WCHAR **strings, const WCHAR *string)
{
    DWORD used = units_of(*strings) - 1, length = lstrlenW(string) + 1;
    WCHAR *grown;

    if (contains(*strings, string))
        return ERROR_SUCCESS;
    grown = HeapReAlloc(GetProcessHeap(), 0, *strings, (used + length + 1) * sizeof(WCHAR));
    if (!grown)
    {
        HeapFree(GetProcessHeap(), 0, *strings);
        *strings = NULL;
        return ERROR_OUTOFMEMORY;
    }
    memcpy(grown + used, string, length * sizeof(WCHAR));
    grown[used + length] = 0;
    *strings = grown;
    return ERROR_SUCCESS;
}

static void take_out(WCHAR *strings, const WCHAR *string)
{
    DWORD length;

    while (*strings)
    {
        length = lstrlenW(strings) + 1;
        if (lstrcmpiW(strings, string))
            strings += length;
        else
            memmove(strings, strings + length, units_of(strings + length) * sizeof(WCHAR));
    }
}

static LONG new_list(WCHAR **strings)
{
    *strings = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(WCHAR));
    return *strings ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* ---- the registry ---- */

static LONG open_root(REGSAM access, HKEY *out)
{
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY_PATH, 0, access | VIEW, out);
}

/* One reading, into memory of the size that the value had just before. ERROR_MORE_DATA when another
 * thread or program has made it longer since. */
static LONG read_value(HKEY key, const WCHAR *reader, WCHAR **groups)
{
    DWORD type, size = 0;
    LONG result = RegQueryValueExW(key, VALUE, NULL, &type, NULL, &size);

    if (!result && (type != REG_MULTI_SZ || size > MAX_SIZE))
    {
        WARN("the groups of reader %s are damaged and left out", trace_wstr(reader));
        result = ERROR_INVALID_DATA;
    }
    if (result)
        return result;
    if (!(*groups = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size + 2 * sizeof(WCHAR))))
        return ERROR_OUTOFMEMORY;
    result = RegQueryValueExW(key, VALUE, NULL, &type, (BYTE *)*groups, &size);
    if (!result && type != REG_MULTI_SZ)
        result = ERROR_INVALID_DATA;
    if (result)
    {
        HeapFree(GetProcessHeap(), 0, *groups);
        *groups = NULL;
    }
    return result;
}

/* *groups is NULL, with success, when the reader has none of its own. */
static LONG read_groups(HKEY root, const WCHAR *reader, WCHAR **groups)
{
    LONG result;
    HKEY key;

    *groups = NULL;
    if (RegOpenKeyExW(root, reader, 0, KEY_QUERY_VALUE | VIEW, &key))
        return ERROR_SUCCESS;
    while ((result = read_value(key, reader, groups)) == ERROR_MORE_DATA)
        ;
    RegCloseKey(key);
    return result == ERROR_OUTOFMEMORY ? result : ERROR_SUCCESS;
}

static LONG write_groups(const WCHAR *reader, const WCHAR *groups)
{
    HKEY root, key;
    LONG result;

    if ((result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, KEY_PATH, 0, NULL, 0,
                                  KEY_CREATE_SUB_KEY | VIEW, NULL, &root, NULL)))
        return result;
    result = RegCreateKeyExW(root, reader, 0, NULL, 0, KEY_SET_VALUE | VIEW, NULL, &key, NULL);
    RegCloseKey(root);
    if (result)
        return result;
    result = RegSetValueExW(key, VALUE, 0, REG_MULTI_SZ, (const BYTE *)groups,
                            units_of(groups) * sizeof(WCHAR));
    RegCloseKey(key);
    return result;
}

/* A key can have that name. */
static BOOL is_key(const WCHAR *name)
{
    const WCHAR *at;

    for (at = name; *at; at++)
        if (*at < ' ' || *at == '\\')
            return FALSE;
    return *name && at - name < READER_NAME;
}

BOOL readergroups_valid(const WCHAR *group)
{
    return is_key(group) && lstrcmpiW(group, READERGROUPS_ALL);
}

LONG readergroups_get(const WCHAR *reader, WCHAR **groups)
{
    LONG result = ERROR_SUCCESS;
    HKEY root;

    *groups = NULL;
    if (is_key(reader) && !open_root(KEY_READ, &root))
    {
        result = read_groups(root, reader, groups);
        RegCloseKey(root);
    }
    if (result || *groups)
        return result;
    if ((result = new_list(groups)))
        return result;
    return append(groups, READERGROUPS_DEFAULT);
}

BOOL readergroups_match(const WCHAR *reader, const WCHAR *groups)
{
    BOOL match = FALSE;
    WCHAR *own;

    if (contains(groups, READERGROUPS_ALL))
        return TRUE;
    if (readergroups_get(reader, &own))
        return FALSE;
    for (; *groups && !match; groups += lstrlenW(groups) + 1)
        match = contains(own, groups);
    HeapFree(GetProcessHeap(), 0, own);
    return match;
}

void readergroups_keep(WCHAR *readers, const WCHAR *groups)
{
    WCHAR *end = readers;
    DWORD length;

    for (; *readers; readers += length)
    {
        length = lstrlenW(readers) + 1;
        if (!readergroups_match(readers, groups))
            continue;
        memmove(end, readers, length * sizeof(WCHAR));
        end += length;
    }
    *end = 0;
}

/* ---- changing ---- */

LONG readergroups_add(const WCHAR *reader, const WCHAR *group)
{
    WCHAR *groups;
    LONG result;

    if (!is_key(reader) || !readergroups_valid(group))
        return ERROR_INVALID_PARAMETER;
    if ((result = readergroups_get(reader, &groups)) || (result = append(&groups, group)))
        return result;
    result = write_groups(reader, groups);
    HeapFree(GetProcessHeap(), 0, groups);
    return result;
}

LONG readergroups_remove(const WCHAR *reader, const WCHAR *group)
{
    WCHAR *groups;
    LONG result;

    if (!is_key(reader) || !readergroups_valid(group))
        return ERROR_INVALID_PARAMETER;
    if ((result = readergroups_get(reader, &groups)))
        return result;
    if (contains(groups, group))
    {
        take_out(groups, group);
        result = write_groups(reader, groups);
    }
    HeapFree(GetProcessHeap(), 0, groups);
    return result;
}

LONG readergroups_forget_reader(const WCHAR *reader)
{
    LONG result;
    HKEY root;

    if (!is_key(reader) || open_root(KEY_ALL_ACCESS, &root))
        return ERROR_SUCCESS;
    result = RegDeleteTreeW(root, reader);
    RegCloseKey(root);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

/* ---- all of them ---- */

/* Calls visit for each reader with groups of its own, until it fails. */
static LONG each(LONG (*visit)(const WCHAR *reader, WCHAR *groups, void *context), void *context)
{
    WCHAR reader[READER_NAME], *groups;
    DWORD i, length;
    LONG result = ERROR_SUCCESS;
    HKEY root;

    if (open_root(KEY_READ, &root))
        return result;
    for (i = 0; !result && i < MAX_READERS; i++)
    {
        length = ARRAYSIZE(reader);
        if (RegEnumKeyExW(root, i, reader, &length, NULL, NULL, NULL, NULL))
            break;
        if (!(result = read_groups(root, reader, &groups)) && groups)
            result = visit(reader, groups, context);
        HeapFree(GetProcessHeap(), 0, groups);
    }
    RegCloseKey(root);
    return result;
}

static LONG take_reader_out(const WCHAR *reader, WCHAR *groups, void *context)
{
    const WCHAR *group = context;

    if (!contains(groups, group))
        return ERROR_SUCCESS;
    take_out(groups, group);
    return write_groups(reader, groups);
}

LONG readergroups_forget(const WCHAR *group)
{
    return readergroups_valid(group) ? each(take_reader_out, (void *)group)
                                     : ERROR_INVALID_PARAMETER;
}

static LONG collect(const WCHAR *reader, WCHAR *groups, void *context)
{
    WCHAR **all = context;
    LONG result = ERROR_SUCCESS;

    for (; *groups && !result; groups += lstrlenW(groups) + 1)
        result = append(all, groups);
    return result;
}

LONG readergroups_all(WCHAR **groups)
{
    LONG result;

    if ((result = new_list(groups)) || (result = append(groups, READERGROUPS_DEFAULT)))
        return result;
    return each(collect, groups);
}
