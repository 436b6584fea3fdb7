/*
 * Limits for what the tools wait for: a thread that waits beside the call.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <wchar.h>

#include "limit.h"

static struct
{
    HANDLE ended, thread;
    const WCHAR *what;
    unsigned seconds;
} limit;

static DWORD CALLBACK watch(void *unused)
{
    (void)unused;
    if (WaitForSingleObject(limit.ended, limit.seconds * 1000) == WAIT_TIMEOUT)
    {
        limit_passed(limit.what, limit.seconds);
        /* ExitProcess would wait for the DLL, which waits. */
        TerminateProcess(GetCurrentProcess(), EXIT_FAILED);
    }
    return 0;
}

static unsigned chosen_seconds(unsigned seconds)
{
    WCHAR text[8], *end;
    DWORD length = GetEnvironmentVariableW(L"SCARDSSP_TOOL_SECONDS", text, ARRAYSIZE(text));
    unsigned long chosen;

    if (!length || length >= ARRAYSIZE(text))
        return seconds;
    chosen = wcstoul(text, &end, 10);
    return *end || !chosen || chosen > 86400 ? seconds : chosen;
}

void limit_begin(const WCHAR *what, unsigned seconds)
{
    limit.what = what;
    limit.seconds = chosen_seconds(seconds);
    limit.ended = CreateEventW(NULL, TRUE, FALSE, NULL);
    limit.thread = limit.ended ? CreateThread(NULL, 0, watch, NULL, 0, NULL) : NULL;
}

void limit_end(void)
{
    if (limit.thread)
    {
        SetEvent(limit.ended);
        WaitForSingleObject(limit.thread, INFINITE);
        CloseHandle(limit.thread);
    }
    if (limit.ended)
        CloseHandle(limit.ended);
}
