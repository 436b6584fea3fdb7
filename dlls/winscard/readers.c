/*
 * Lists of readers and their groups: SCardListReaders, SCardListReaderGroups.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "readers.h"

#include "memory.h"
#include "pcsc/readers.h"
#include "registry/readergroups.h"
#include "strings.h"

/* ---- names ---- */

/* Whether only one name can be meant, the one that the code page gives. */
static BOOL is_plain(const char *name)
{
    if (!strncmp(name, "\\\\?", 3)) /* a pseudo reader */
        return TRUE;
    for (; *name; name++)
        if (*name == '?' || (*name & 0x80))
            return FALSE;
    return TRUE;
}

/* The first of the list that converts to name, or NULL. */
static const WCHAR *find_ansi(const WCHAR *readers, const char *name)
{
    for (; *readers; readers += lstrlenW(readers) + 1)
        if (strings_equal_ansi(readers, name))
            return readers;
    return NULL;
}

LONG readers_take_name(const struct pcsc_context *context, const void *name, BOOL ansi, WCHAR **out)
{
    const WCHAR *found = NULL;
    WCHAR *readers = NULL;
    LONG result;

    if (name && ansi && !is_plain(name) && !readers_list(context, &readers))
        found = find_ansi(readers, name);
    result = found ? strings_take(found, FALSE, out) : strings_take(name, ansi, out);
    HeapFree(GetProcessHeap(), 0, readers);
    return result;
}

DWORD readers_count(const struct pcsc_context *context)
{
    DWORD count = 0;
    WCHAR *readers, *at;

    if (context->transport->list_readers(context->id, NULL, &readers))
        return 0;
    for (at = readers; *at; at += lstrlenW(at) + 1)
        count++;
    HeapFree(GetProcessHeap(), 0, readers);
    return count;
}

/* ---- lists ---- */

static LONG list_in(const struct pcsc_context *context, const WCHAR *groups, WCHAR **readers)
{
    LONG result = readers_list(context, readers);

    if (result || !groups || !*groups)
        return result;
    readergroups_keep(*readers, groups);
    if (**readers)
        return result;
    HeapFree(GetProcessHeap(), 0, *readers);
    return SCARD_E_NO_READERS_AVAILABLE;
}

static LONG list_readers(SCARDCONTEXT value, const void *groups, BOOL ansi, void *readers,
                         DWORD *length)
{
    struct pcsc_context *context;
    WCHAR *wanted, *names;
    LONG result;

    if (!length)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = call_context(value, TRUE, &context)))
        return result;
    if (!(result = strings_take_list(groups, ansi, &wanted)))
    {
        result = call_context_result(list_in(context, wanted, &names));
        HeapFree(GetProcessHeap(), 0, wanted);
    }
    if (!result)
    {
        result = strings_give(names, strings_units(names), ansi, readers, length);
        HeapFree(GetProcessHeap(), 0, names);
    }
    context_release(context);
    return result;
}

LONG WINAPI SCardListReadersA(SCARDCONTEXT context, const char *groups, char *readers,
                              DWORD *length)
{
    TRACE("%p", (void *)context);
    CALL_RETURN(list_readers(context, groups, TRUE, readers, length));
}

LONG WINAPI SCardListReadersW(SCARDCONTEXT context, const WCHAR *groups, WCHAR *readers,
                              DWORD *length)
{
    TRACE("%p %s", (void *)context, trace_wstr(groups));
    CALL_RETURN(list_readers(context, groups, FALSE, readers, length));
}

static LONG list_groups(SCARDCONTEXT value, BOOL ansi, void *groups, DWORD *length)
{
    struct pcsc_context *context;
    WCHAR *names;
    LONG result;

    if (!length)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = call_context(value, TRUE, &context)))
        return result;
    if (!(result = readergroups_all(&names)))
    {
        result = strings_give(names, strings_units(names), ansi, groups, length);
        HeapFree(GetProcessHeap(), 0, names);
    }
    context_release(context);
    return result;
}

LONG WINAPI SCardListReaderGroupsA(SCARDCONTEXT context, char *groups, DWORD *length)
{
    TRACE("%p", (void *)context);
    CALL_RETURN(list_groups(context, TRUE, groups, length));
}

LONG WINAPI SCardListReaderGroupsW(SCARDCONTEXT context, WCHAR *groups, DWORD *length)
{
    TRACE("%p", (void *)context);
    CALL_RETURN(list_groups(context, FALSE, groups, length));
}
