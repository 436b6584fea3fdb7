/*
 * Card profiles that users have added: read from a directory and from the registry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "profile_store.h"

#include <stdlib.h>

#include "base/envpath.h"
#include "icc/profiletext.h"
#include "profile_value.h"
#include "base/trace.h"

#define DIRECTORY_VARIABLE L"SCARDSSP_PROFILES"
#define MAX_PROFILES       256
#define MAX_PATH_UNITS     1024

/* A chain; each entry stays where it was allocated, since a profiletext must not move. */
struct profile_store
{
    struct profile_store *next;
    struct profiletext text;
};

struct loader
{
    struct profile_store *first, **end;
    unsigned count;
};

static void *allocate(SIZE_T size)
{
    return HeapAlloc(GetProcessHeap(), 0, size);
}

static void release(void *memory)
{
    if (memory)
        HeapFree(GetProcessHeap(), 0, memory);
}

/* ---- one text ---- */

static void add_text(struct loader *loader, const WCHAR *label, const char *text, SIZE_T size)
{
    struct profile_store *entry;
    struct profiletext_error error;

    if (loader->count == MAX_PROFILES)
    {
        WARN("%s: there are more than %u profiles.", trace_wstr(label), MAX_PROFILES);
        return;
    }
    if (!(entry = allocate(sizeof(*entry))))
        return;
    if (profiletext_parse(text, size, &entry->text, &error))
    {
        WARN("%s:%u: %s", trace_wstr(label), error.line, error.message);
        release(entry);
        return;
    }
    entry->next = NULL;
    *loader->end = entry;
    loader->end = &entry->next;
    loader->count++;
}

/* ---- files ---- */

/* The bytes of a file, *size of them; NULL with a WARN. One more than may be is read at most. */
static char *read_file(const WCHAR *path, DWORD *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                              OPEN_EXISTING, 0, NULL);
    char *text = allocate(PROFILETEXT_MAX_SIZE + 1);

    *size = 0;
    if (text && (file == INVALID_HANDLE_VALUE ||
                 !ReadFile(file, text, PROFILETEXT_MAX_SIZE + 1, size, NULL)))
    {
        WARN("%s cannot be read: error %lu", trace_wstr(path), GetLastError());
        release(text);
        text = NULL;
    }
    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    return text;
}

static void add_file(struct loader *loader, const WCHAR *directory, const WCHAR *name)
{
    WCHAR path[MAX_PATH_UNITS];
    DWORD size;
    char *text;

    if (lstrlenW(directory) + lstrlenW(name) + 2 > MAX_PATH_UNITS)
        return;
    lstrcpyW(path, directory);
    lstrcatW(path, L"\\");
    lstrcatW(path, name);
    if ((text = read_file(path, &size)))
        add_text(loader, name, text, size);
    release(text);
}

static int compare_names(const void *a, const void *b)
{
    return lstrcmpiW(a, b);
}

/* The variable's value leads nowhere: told once, without any setting. */
static void complain(const WCHAR *path)
{
    static LONG told;

    if (!InterlockedExchange(&told, 1))
        ERR("SCARDSSP_PROFILES: there is no directory %s", trace_wstr(path));
}

/* The names of the files that match, at most MAX_PROFILES. */
static unsigned list_files(const WCHAR *pattern, WCHAR (*names)[MAX_PATH])
{
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(pattern, &found);
    unsigned count = 0;

    if (search == INVALID_HANDLE_VALUE)
    {
        if (GetLastError() != ERROR_FILE_NOT_FOUND)
            complain(pattern);
        return 0;
    }
    do
    {
        if (!(found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
            lstrcpynW(names[count++], found.cFileName, MAX_PATH);
    } while (count < MAX_PROFILES && FindNextFileW(search, &found));
    FindClose(search);
    qsort(names, count, sizeof(*names), compare_names);
    return count;
}

static void load_directory(struct loader *loader, const WCHAR *directory)
{
    WCHAR pattern[MAX_PATH_UNITS], (*names)[MAX_PATH];
    unsigned count, i;

    if (lstrlenW(directory) + lstrlenW(L"\\*.profile") >= MAX_PATH_UNITS)
        complain(directory);
    if (lstrlenW(directory) + lstrlenW(L"\\*.profile") >= MAX_PATH_UNITS ||
        !(names = allocate(MAX_PROFILES * sizeof(*names))))
        return;
    lstrcpyW(pattern, directory);
    lstrcatW(pattern, L"\\*.profile");
    count = list_files(pattern, names);
    for (i = 0; i < count; i++)
        add_file(loader, directory, names[i]);
    release(names);
}

static void load_files(struct loader *loader)
{
    WCHAR *directory = envpath_get(DIRECTORY_VARIABLE);

    if (directory)
        load_directory(loader, directory);
    else if (envpath_is_set(DIRECTORY_VARIABLE))
        complain(L"that Wine can reach");
    release(directory);
}

/* ---- registry ---- */

static void add_value(void *context, const struct profile_value *value)
{
    if (!value->result)
        add_text(context, value->name, value->text, value->length);
    else if (value->result == ERROR_MORE_DATA)
        WARN("profile %lu in the registry is too long, or its name is", value->number);
    else
        WARN("%s:1: The value is neither REG_MULTI_SZ nor REG_SZ.", trace_wstr(value->name));
}

/* ---- the whole ---- */

struct profile_store *profile_store_load(void)
{
    struct loader loader = {NULL, &loader.first, 0};

    load_files(&loader);
    profile_value_each(HKEY_CURRENT_USER, add_value, &loader);
    profile_value_each(HKEY_LOCAL_MACHINE, add_value, &loader);
    return loader.first;
}

const struct icc_profile *profile_store_find(const struct profile_store *store, const BYTE *atr,
                                             SIZE_T length)
{
    for (; store; store = store->next)
        if (icc_profile_matches(&store->text.profile, atr, length))
        {
            TRACE("profile \"%s\"", store->text.name);
            return &store->text.profile;
        }
    return NULL;
}

void profile_store_free(struct profile_store *store)
{
    struct profile_store *next;

    for (; store; store = next)
    {
        next = store->next;
        release(store);
    }
}
