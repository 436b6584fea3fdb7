/*
 * Aliases of readers between what programs say and the transport.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "readers.h"

#include <winscard.h>

#include "base/multistring.h"
#include "base/strings.h"
#include "registry/readernames.h"
#include "base/trace.h"

/* Of each root; a registry that is full of them does not stop programs. */
#define MAX_ALIASES 256

/* The first reader in the list that the pattern fits, or NULL. */
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

/* A name in the list, where '*' is a character like any other. */
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

/* Units of the strings in the list, without the empty one that ends it. */
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

/* Only a reader's true name makes an alias appear, not another alias: real is the list without. */
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
