/*
 * The reader database: names for readers, and groups of them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A reader that is introduced is an alias (registry/readernames.h): another name for a reader that
 * is there, or will be. A group lasts as long as a reader is in it, so introducing one does
 * nothing, as the documentation has it.
 */

#include "calls.h"

#include "pcsc/readers.h"
#include "readers.h"
#include "registry/readergroups.h"
#include "registry/readernames.h"
#include "strings.h"

/* One call: two names, of which the second may not be wanted. */
struct naming
{
    struct pcsc_context *context;
    WCHAR *first, *second;
};

static LONG run(SCARDCONTEXT value, const void *first, const void *second, BOOL ansi, BOOL is_pair,
                LONG (*change)(const struct naming *job))
{
    struct naming job = {NULL, NULL, NULL};
    LONG result;

    if (!first || (is_pair && !second))
        return SCARD_E_INVALID_PARAMETER;
    if ((result = call_context(value, TRUE, &job.context)))
        return result;
    if (!(result = readers_take_name(job.context, first, ansi, &job.first)) &&
        !(result = readers_take_name(job.context, second, ansi, &job.second)))
        result = change(&job);
    HeapFree(GetProcessHeap(), 0, job.first);
    HeapFree(GetProcessHeap(), 0, job.second);
    context_release(job.context);
    return result;
}

/* Whether a reader, or an introduced name, is called so. */
static BOOL is_known(const struct naming *job, const WCHAR *name)
{
    struct readeralias alias;
    WCHAR *readers, *at;
    BOOL known = readeralias_get(name, &alias);

    if (known || job->context->transport->list_readers(job->context->id, NULL, &readers))
        return known;
    for (at = readers; *at && !known; at += lstrlenW(at) + 1)
        known = !wcscmp(at, name);
    HeapFree(GetProcessHeap(), 0, readers);
    return known;
}

/* ---- names ---- */

static LONG introduce_reader(const struct naming *job)
{
    if (is_known(job, job->first))
        return SCARD_E_DUPLICATE_READER;
    return readeralias_add(HKEY_CURRENT_USER, job->first, job->second);
}

static LONG forget_reader(const struct naming *job)
{
    LONG result = readeralias_remove(HKEY_CURRENT_USER, job->first);

    if (result == ERROR_FILE_NOT_FOUND)
        result = readeralias_remove(HKEY_LOCAL_MACHINE, job->first);
    if (result == ERROR_FILE_NOT_FOUND)
        return SCARD_E_UNKNOWN_READER;
    return result ? result : readergroups_forget_reader(job->first);
}

LONG WINAPI SCardIntroduceReaderA(SCARDCONTEXT context, const char *reader, const char *device)
{
    CALL_RETURN(run(context, reader, device, TRUE, TRUE, introduce_reader));
}

LONG WINAPI SCardIntroduceReaderW(SCARDCONTEXT context, const WCHAR *reader, const WCHAR *device)
{
    CALL_RETURN(run(context, reader, device, FALSE, TRUE, introduce_reader));
}

LONG WINAPI SCardForgetReaderA(SCARDCONTEXT context, const char *reader)
{
    CALL_RETURN(run(context, reader, NULL, TRUE, FALSE, forget_reader));
}

LONG WINAPI SCardForgetReaderW(SCARDCONTEXT context, const WCHAR *reader)
{
    CALL_RETURN(run(context, reader, NULL, FALSE, FALSE, forget_reader));
}

/* ---- groups ---- */

static LONG introduce_group(const struct naming *job)
{
    return readergroups_valid(job->first) ? SCARD_S_SUCCESS : (LONG)SCARD_E_INVALID_PARAMETER;
}

static LONG forget_group(const struct naming *job)
{
    return readergroups_forget(job->first);
}

static LONG add_to_group(const struct naming *job)
{
    return is_known(job, job->first) ? readergroups_add(job->first, job->second)
                                     : (LONG)SCARD_E_UNKNOWN_READER;
}

static LONG remove_from_group(const struct naming *job)
{
    return is_known(job, job->first) ? readergroups_remove(job->first, job->second)
                                     : (LONG)SCARD_E_UNKNOWN_READER;
}

LONG WINAPI SCardIntroduceReaderGroupA(SCARDCONTEXT context, const char *group)
{
    CALL_RETURN(run(context, group, NULL, TRUE, FALSE, introduce_group));
}

LONG WINAPI SCardIntroduceReaderGroupW(SCARDCONTEXT context, const WCHAR *group)
{
    CALL_RETURN(run(context, group, NULL, FALSE, FALSE, introduce_group));
}

LONG WINAPI SCardForgetReaderGroupA(SCARDCONTEXT context, const char *group)
{
    CALL_RETURN(run(context, group, NULL, TRUE, FALSE, forget_group));
}

LONG WINAPI SCardForgetReaderGroupW(SCARDCONTEXT context, const WCHAR *group)
{
    CALL_RETURN(run(context, group, NULL, FALSE, FALSE, forget_group));
}

LONG WINAPI SCardAddReaderToGroupA(SCARDCONTEXT context, const char *reader, const char *group)
{
    CALL_RETURN(run(context, reader, group, TRUE, TRUE, add_to_group));
}

LONG WINAPI SCardAddReaderToGroupW(SCARDCONTEXT context, const WCHAR *reader, const WCHAR *group)
{
    CALL_RETURN(run(context, reader, group, FALSE, TRUE, add_to_group));
}

LONG WINAPI SCardRemoveReaderFromGroupA(SCARDCONTEXT context, const char *reader, const char *group)
{
    CALL_RETURN(run(context, reader, group, TRUE, TRUE, remove_from_group));
}

LONG WINAPI SCardRemoveReaderFromGroupW(SCARDCONTEXT context, const WCHAR *reader,
                                        const WCHAR *group)
{
    CALL_RETURN(run(context, reader, group, FALSE, TRUE, remove_from_group));
}
