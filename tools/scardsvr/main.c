/*
 * scardsvr: the service SCardSvr, for programs that look for it, start it or wait for it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * scardssp-setup registers it in prefixes whose Wine has none. It only runs: cards are reached by
 * each program itself, through pcscd, whether this one runs or not. So it loads no DLL of ours.
 */

#include <windows.h>

static SERVICE_STATUS_HANDLE handle;
static HANDLE stopping;

/* The handler and the service's own thread do not say anything at the same time: the
 * handler says nothing of its own after it has set stopping. */
static SERVICE_STATUS status =
{
    .dwServiceType = SERVICE_WIN32_SHARE_PROCESS,
    .dwCurrentState = SERVICE_START_PENDING,
};

static void say(DWORD state, DWORD accepted)
{
    status.dwCurrentState = state;
    status.dwControlsAccepted = accepted;
    SetServiceStatus(handle, &status);
}

static DWORD WINAPI control(DWORD code, DWORD event, void *data, void *context)
{
    (void)event;
    (void)data;
    (void)context;
    switch (code)
    {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
        say(SERVICE_STOP_PENDING, 0);
        SetEvent(stopping);
        return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE: return NO_ERROR; /* what was said last is known */
    }
    return ERROR_CALL_NOT_IMPLEMENTED;
}

static void WINAPI serve(DWORD argc, WCHAR **argv)
{
    (void)argc;
    (void)argv;
    if (!(handle = RegisterServiceCtrlHandlerExW(L"SCardSvr", control, NULL)))
        return;
    if ((stopping = CreateEventW(NULL, TRUE, FALSE, NULL)))
    {
        say(SERVICE_RUNNING, SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN);
        WaitForSingleObject(stopping, INFINITE);
        CloseHandle(stopping);
    }
    else
        status.dwWin32ExitCode = GetLastError();
    say(SERVICE_STOPPED, 0);
}

/* Exit code 1: it was not the service manager that started it. */
int main(void)
{
    static WCHAR name[] = L"SCardSvr";
    static const SERVICE_TABLE_ENTRYW table[] = {{name, serve}, {NULL, NULL}};

    return !StartServiceCtrlDispatcherW(table);
}
