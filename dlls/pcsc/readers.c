/*
 * Reader aliases: from the names that programs use to the transport's readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "readers.h"

#include <winscard.h>

#include "base/multistring.h"
#include "base/strings.h"
#include "registry/readergroups.h"
#include "registry/readernames.h"
#include "base/trace.h"

/* The most aliases read from each root, so that a full registry does not stall programs. */
#define MAX_ALIASES 256

/* The first reader in the list that matches the pattern, or NULL. */
static const WCHAR *find(const WCHAR *readers, const WCHAR *pattern)
{
    SIZE_T size = HeapSize(GetProcessHeap(), 0, readers) / sizeof(WCHAR);
    const uint16_t *name;
    size_t at = 0;

    while ((name = multistring16_next((const uint16_t *)readers, size, &at)))
        if (readeralias_fits(pattern, (const WCHAR *)name))
            return (const WCHAR *)name;
    return NULL;
}

/* Compares whole names; '*' is an ordinary character here. */
static BOOL contains(const WCHAR *readers, const WCHAR *wanted)
{
    SIZE_T size = HeapSize(GetProcessHeap(), 0, readers) / sizeof(WCHAR);
    const uint16_t *name;
    size_t at = 0;

    while ((name = multistring16_next((const uint16_t *)readers, size, &at)))
        if (!lstrcmpW((const WCHAR *)name, wanted))
            return TRUE;
    return FALSE;
}

LONG readers_of_alias(const struct pcsc_context *context, const WCHAR *name, WCHAR **reader)
{
    struct readeralias alias;
    const WCHAR *found;
    WCHAR *readers;
    LONG result;

    *reader = NULL;
    if (!readeralias_get(name, &alias))
        return SCARD_E_UNKNOWN_READER;
    if ((result = context->transport->list_readers(context->id, NULL, &readers)))
        return result;
    found = find(readers, alias.reader);
    TRACE("%s is %s", trace_wstr(name), trace_wstr(found));
    result = !found                           ? SCARD_E_UNKNOWN_READER
             : (*reader = string_copy(found)) ? SCARD_S_SUCCESS
                                              : ERROR_OUTOFMEMORY;
    HeapFree(GetProcessHeap(), 0, readers);
    return result;
}

/* The length of the strings in the list, without the empty one at the end. */
static SIZE_T strings_length(const WCHAR *readers)
{
    SIZE_T size = HeapSize(GetProcessHeap(), 0, readers) / sizeof(WCHAR);
    size_t at = 0, end = 0;

    while (multistring16_next((const uint16_t *)readers, size, &at))
        end = at;
    return end;
}

static LONG append(WCHAR **readers, const WCHAR *name)
{
    SIZE_T used = strings_length(*readers), length = lstrlenW(name) + 1;
    WCHAR *grown = HeapAlloc(GetProcessHeap(), 0, (used + length + 1) * sizeof(WCHAR));

    if (!grown)
        return ERROR_OUTOFMEMORY;
    memcpy(grown, *readers, used * sizeof(WCHAR));
    memcpy(grown + used, name, length * sizeof(WCHAR));
    grown[used + length] = 0;
    HeapFree(GetProcessHeap(), 0, *readers);
    *readers = grown;
    return SCARD_S_SUCCESS;
}

/* Appends aliases of the readers in real only, as an alias must not name another alias. */
static LONG append_root(HKEY root, const WCHAR *real, WCHAR **readers)
{
    struct readeralias alias;
    LONG result, failure = SCARD_S_SUCCESS;
    DWORD index;

    for (index = 0; !failure && index < MAX_ALIASES; index++)
    {
        if ((result = readeralias_enumerate(root, index, &alias)) == ERROR_NO_MORE_ITEMS)
            break;
        if (!result && find(real, alias.reader) && !contains(*readers, alias.name))
            failure = append(readers, alias.name);
    }
    return failure;
}

LONG readers_list(const struct pcsc_context *context, WCHAR **readers)
{
    LONG result = context->transport->list_readers(context->id, NULL, readers);
    WCHAR *real;

    if (result)
        return result;
    if (!(real = HeapAlloc(GetProcessHeap(), 0, HeapSize(GetProcessHeap(), 0, *readers))))
        result = ERROR_OUTOFMEMORY;
    else
    {
        memcpy(real, *readers, HeapSize(GetProcessHeap(), 0, *readers));
        result = append_root(HKEY_CURRENT_USER, real, readers);
        if (!result)
            result = append_root(HKEY_LOCAL_MACHINE, real, readers);
        HeapFree(GetProcessHeap(), 0, real);
    }
    if (result)
    {
        HeapFree(GetProcessHeap(), 0, *readers);
        *readers = NULL;
    }
    return result;
}

/* Appends to *readers what members, names and aliases, stand for. */
static LONG append_real(const struct pcsc_context *context, const WCHAR *members, const WCHAR *real,
                        WCHAR **readers)
{
    LONG result = SCARD_S_SUCCESS;
    WCHAR *alias;

    for (; !result && *members; members += lstrlenW(members) + 1)
    {
        if (contains(real, members))
            result = contains(*readers, members) ? SCARD_S_SUCCESS : append(readers, members);
        else if (!readers_of_alias(context, members, &alias))
        {
            result = contains(*readers, alias) ? SCARD_S_SUCCESS : append(readers, alias);
            HeapFree(GetProcessHeap(), 0, alias);
        }
    }
    return result;
}

static LONG select_members(const struct pcsc_context *context, const WCHAR *groups,
                           const WCHAR *real, WCHAR **readers)
{
    WCHAR *members;
    LONG result = readers_list(context, &members);

    if (result)
        return result;
    readergroups_keep(members, groups);
    if (!(*readers = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(WCHAR))))
        result = ERROR_OUTOFMEMORY;
    else
        result = append_real(context, members, real, readers);
    if (!result && !**readers)
        result = SCARD_E_NO_READERS_AVAILABLE;
    if (result)
    {
        HeapFree(GetProcessHeap(), 0, *readers);
        *readers = NULL;
    }
    HeapFree(GetProcessHeap(), 0, members);
    return result;
}

LONG readers_in_groups(const struct pcsc_context *context, const WCHAR *groups, WCHAR **readers)
{
    WCHAR *real;
    LONG result;

    *readers = NULL;
    if ((result = context->transport->list_readers(context->id, NULL, &real)))
        return result;
    if (!groups || !*groups)
    {
        *readers = real;
        return result;
    }
    result = select_members(context, groups, real, readers);
    HeapFree(GetProcessHeap(), 0, real);
    return result;
}
