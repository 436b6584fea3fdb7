/*
 * What programs and installers ask the service manager about SCardSvr.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * scardsvr.exe HOW: what is to be found: "runs" (ours, which starts with the prefix), "demand"
 * (Wine's own: stopped until somebody starts it) or "absent". At the end it is as at first. Needs
 * the right to start and stop services.
 */

#include <windows.h>
#include "test.h"

#define NAME      L"SCardSvr"
#define DEPENDENT L"ScardsspDependent"

#define LIMIT 10000 /* milliseconds for a start or a stop */

static SC_HANDLE manager, service;
static BOOL on_demand;

/* As programs do it: look until it is so. The state in the end. */
static DWORD wait_state(SC_HANDLE which, DWORD state)
{
    SERVICE_STATUS status = {0};
    DWORD waited;

    for (waited = 0; waited < LIMIT; waited += 20)
    {
        if (!QueryServiceStatus(which, &status) || status.dwCurrentState == state)
            break;
        Sleep(20);
    }
    return status.dwCurrentState;
}

static DWORD state_of(SC_HANDLE which)
{
    SERVICE_STATUS status = {0};

    ok(QueryServiceStatus(which, &status), "error %lu\n", GetLastError());
    return status.dwCurrentState;
}

static BOOL process_of(SERVICE_STATUS_PROCESS *status)
{
    DWORD needed;

    memset(status, 0, sizeof(*status));
    return QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)status, sizeof(*status),
                                &needed);
}

static void test_status(void)
{
    SERVICE_STATUS_PROCESS process;
    SERVICE_STATUS status = {0};

    ok(QueryServiceStatus(service, &status), "error %lu\n", GetLastError());
    fact(GUESS);
    ok_uint(status.dwServiceType, SERVICE_WIN32_SHARE_PROCESS);
    ok_uint(status.dwCurrentState, on_demand ? SERVICE_STOPPED : SERVICE_RUNNING);
    fact(DOCUMENTED);
    ok(!status.dwWin32ExitCode ||
           (on_demand && status.dwWin32ExitCode == ERROR_SERVICE_NEVER_STARTED),
       "exit code %lu\n", status.dwWin32ExitCode);
    ok(process_of(&process), "error %lu\n", GetLastError());
    ok_uint(process.dwCurrentState, status.dwCurrentState);
    ok((process.dwProcessId == 0) == on_demand, "process %lu\n", process.dwProcessId);
}

static void test_config(void)
{
    union
    {
        QUERY_SERVICE_CONFIGW config;
        BYTE room[8192];
    } config;
    WCHAR name[256];
    DWORD needed = 0, length = ARRAYSIZE(name);

    fact(DOCUMENTED);
    ok(!QueryServiceConfigW(service, NULL, 0, &needed), "no buffer is enough\n");
    ok_uint(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    ok(needed > sizeof(config.config) && needed <= sizeof(config), "%lu bytes\n", needed);
    ok(QueryServiceConfigW(service, &config.config, sizeof(config), &needed), "error %lu\n",
       GetLastError());
    ok_uint(config.config.dwServiceType, SERVICE_WIN32_SHARE_PROCESS);
    ok_uint(config.config.dwStartType, on_demand ? SERVICE_DEMAND_START : SERVICE_AUTO_START);
    ok_uint(config.config.dwErrorControl, SERVICE_ERROR_NORMAL);
    ok(config.config.lpBinaryPathName && config.config.lpBinaryPathName[0], "no program\n");
    ok(GetServiceDisplayNameW(manager, L"scardsvr", name, &length), "error %lu\n", GetLastError());
    ok(!lstrcmpW(name, config.config.lpDisplayName), "%ls and %ls\n", name,
       config.config.lpDisplayName);
    if (on_demand)
        return;
    fact(GUESS);
    ok(!lstrcmpiW(config.config.lpBinaryPathName, L"%SystemRoot%\\System32\\SCardSvr.exe"), "%ls\n",
       config.config.lpBinaryPathName);
    ok(!lstrcmpW(config.config.lpServiceStartName, L"NT AUTHORITY\\LocalService"), "%ls\n",
       config.config.lpServiceStartName);
    ok(!lstrcmpW(name, L"Smart Card"), "%ls\n", name);
    ok(GetSystemDirectoryW(name, 200) && lstrcatW(name, L"\\SCardSvr.exe") &&
           GetFileAttributesW(name) != INVALID_FILE_ATTRIBUTES,
       "no %ls\n", name);
}

/* Whether a list of the services in those states has it. */
static BOOL listed(DWORD states)
{
    static union
    {
        ENUM_SERVICE_STATUSW list[1];
        BYTE room[65536];
    } room;
    DWORD needed, count = 0, resume = 0, i;

    ok(EnumServicesStatusW(manager, SERVICE_WIN32, states, room.list, sizeof(room), &needed, &count,
                           &resume),
       "error %lu\n", GetLastError());
    for (i = 0; i < count; i++)
        if (!lstrcmpiW(room.list[i].lpServiceName, NAME))
            return TRUE;
    return FALSE;
}

static void test_lists(void)
{
    fact(DOCUMENTED);
    ok(listed(SERVICE_STATE_ALL), "it is not listed\n");
    ok(listed(SERVICE_ACTIVE) == !on_demand, "listed as active\n");
    ok(listed(SERVICE_INACTIVE) == on_demand, "listed as inactive\n");
}

static void stop(void)
{
    SERVICE_STATUS status = {0};

    fact(DOCUMENTED);
    ok(ControlService(service, SERVICE_CONTROL_STOP, &status), "error %lu\n", GetLastError());
    ok(status.dwCurrentState == SERVICE_STOP_PENDING || status.dwCurrentState == SERVICE_STOPPED,
       "state %lu\n", status.dwCurrentState);
    ok_uint(wait_state(service, SERVICE_STOPPED), SERVICE_STOPPED);
}

static void start(void)
{
    fact(DOCUMENTED);
    ok(StartServiceW(service, 0, NULL), "error %lu\n", GetLastError());
    ok_uint(wait_state(service, SERVICE_RUNNING), SERVICE_RUNNING);
}

/* What a program that finds it running, and one that does not, do then. */
static void test_controls(void)
{
    SERVICE_STATUS_PROCESS process;
    SERVICE_STATUS status = {0};

    if (on_demand)
        start();
    fact(DOCUMENTED);
    ok(!StartServiceA(service, 0, NULL), "it starts twice\n");
    ok_uint(GetLastError(), ERROR_SERVICE_ALREADY_RUNNING);
    ok(ControlService(service, SERVICE_CONTROL_INTERROGATE, &status), "error %lu\n",
       GetLastError());
    ok_uint(status.dwCurrentState, SERVICE_RUNNING);
    ok(!!(status.dwControlsAccepted & SERVICE_ACCEPT_STOP), "accepts %#lx\n",
       status.dwControlsAccepted);
    ok(!ControlService(service, SERVICE_CONTROL_PAUSE, &status), "it pauses\n");
    ok_uint(GetLastError(), ERROR_INVALID_SERVICE_CONTROL);
    stop();
    ok(process_of(&process) && !process.dwProcessId, "process %lu\n", process.dwProcessId);
    ok(!ControlService(service, SERVICE_CONTROL_INTERROGATE, &status), "nobody answers\n");
    ok_uint(GetLastError(), ERROR_SERVICE_NOT_ACTIVE);
    start();
    ok(process_of(&process) && process.dwProcessId, "no process\n");
    ok(QueryServiceStatus(service, &status) && !status.dwWin32ExitCode, "exit code %lu\n",
       status.dwWin32ExitCode);
}

/* ---- waiting by notification ---- */

static void CALLBACK notified(void *notification)
{
    SERVICE_NOTIFYW *notify = notification;

    *(DWORD *)notify->pContext = notify->ServiceStatus.dwCurrentState;
}

static void test_notification(void)
{
    typedef DWORD(WINAPI * notify_function)(SC_HANDLE, DWORD, SERVICE_NOTIFYW *);
    notify_function ask = (notify_function)(void (*)(void))GetProcAddress(
        GetModuleHandleA("advapi32.dll"), "NotifyServiceStatusChangeW");
    DWORD state = 0;
    SERVICE_NOTIFYW notify =
        {.dwVersion = SERVICE_NOTIFY_STATUS_CHANGE, .pfnNotifyCallback = notified,
         .pContext = &state};

    if (!ask)
    {
        win_skip("no NotifyServiceStatusChangeW\n");
        return;
    }
    fact(DOCUMENTED);
    ok_uint(ask(service, SERVICE_NOTIFY_STOPPED, &notify), ERROR_SUCCESS);
    stop();
    SleepEx(LIMIT, TRUE);
    ok_uint(state, SERVICE_STOPPED);
    ok_uint(ask(service, SERVICE_NOTIFY_RUNNING, &notify), ERROR_SUCCESS);
    start();
    SleepEx(LIMIT, TRUE);
    ok_uint(state, SERVICE_RUNNING);
}

/* ---- a service that depends on it ---- */

static SERVICE_STATUS_HANDLE dependent_handle;
static HANDLE dependent_stopping;

static void say_dependent(DWORD state)
{
    SERVICE_STATUS status = {SERVICE_WIN32_OWN_PROCESS, state, SERVICE_ACCEPT_STOP, 0, 0, 0, 0};

    SetServiceStatus(dependent_handle, &status);
}

/* Not the one that says it has stopped: the process may end then, before the manager has the
 * handler's answer. */
static void WINAPI control_dependent(DWORD code)
{
    if (code == SERVICE_CONTROL_STOP)
        SetEvent(dependent_stopping);
}

static void WINAPI serve_dependent(DWORD argc, WCHAR **argv)
{
    (void)argc;
    (void)argv;
    dependent_stopping = CreateEventW(NULL, TRUE, FALSE, NULL);
    dependent_handle = RegisterServiceCtrlHandlerW(DEPENDENT, control_dependent);
    say_dependent(SERVICE_RUNNING);
    WaitForSingleObject(dependent_stopping, INFINITE);
    say_dependent(SERVICE_STOPPED);
}

/* This program as that service. */
static void serve(void)
{
    static WCHAR name[] = DEPENDENT;
    static const SERVICE_TABLE_ENTRYW table[] = {{name, serve_dependent}, {NULL, NULL}};

    ok(StartServiceCtrlDispatcherW(table), "error %lu\n", GetLastError());
}

static void check_dependents(void)
{
    union
    {
        ENUM_SERVICE_STATUSW list[1];
        BYTE room[4096];
    } room;
    DWORD needed = 0, count = 0;

    fact(DOCUMENTED);
    ok(EnumDependentServicesW(service, SERVICE_STATE_ALL, room.list, sizeof(room), &needed, &count),
       "error %lu\n", GetLastError());
    /* Wine lists none. */
    todo_wine
    ok(count == 1 && !lstrcmpiW(room.list[0].lpServiceName, DEPENDENT), "%lu\n", count);
}

/* An installer's own service, which Windows starts after SCardSvr. */
static void test_dependent(void)
{
    WCHAR path[MAX_PATH + 16] = L"\"";
    SERVICE_STATUS status;
    SC_HANDLE dependent;
    DWORD state;

    GetModuleFileNameW(NULL, path + 1, MAX_PATH);
    lstrcatW(path, L"\" serve");
    dependent = CreateServiceW(manager, DEPENDENT, NULL, SERVICE_ALL_ACCESS,
                               SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START,
                               SERVICE_ERROR_NORMAL, path, NULL, NULL, NAME L"\0", NULL, NULL);
    ok(dependent != NULL, "error %lu\n", GetLastError());
    if (!dependent)
        return;
    check_dependents();
    stop();
    ok(StartServiceW(dependent, 0, NULL), "error %lu\n", GetLastError());
    ok_uint(wait_state(dependent, SERVICE_RUNNING), SERVICE_RUNNING);
    /* Wine starts nothing that a service depends on: what starts with the prefix runs already. */
    state = state_of(service);
    todo_wine
    ok_uint(state, SERVICE_RUNNING);
    ok(ControlService(dependent, SERVICE_CONTROL_STOP, &status), "error %lu\n", GetLastError());
    ok_uint(wait_state(dependent, SERVICE_STOPPED), SERVICE_STOPPED);
    ok(DeleteService(dependent), "error %lu\n", GetLastError());
    CloseServiceHandle(dependent);
    if (state_of(service) != SERVICE_RUNNING)
        start();
}

START_TEST(scardsvr)
{
    const char *how = test_argument ? test_argument : "";

    if (!strcmp(how, "serve"))
    {
        serve();
        return;
    }
    manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    ok(manager != NULL, "error %lu\n", GetLastError());
    service = OpenServiceW(manager, NAME, SERVICE_ALL_ACCESS);
    if (!strcmp(how, "absent"))
    {
        ok(!service, "it is there\n");
        ok_uint(GetLastError(), ERROR_SERVICE_DOES_NOT_EXIST);
        return;
    }
    on_demand = !strcmp(how, "demand");
    ok(on_demand || !strcmp(how, "runs"), "wrong argument \"%s\"\n", how);
    ok(service != NULL, "error %lu\n", GetLastError());
    if (!service)
        return;
    test_status();
    test_config();
    test_lists();
    test_controls();
    test_notification();
    test_dependent();
    if (on_demand)
        stop();
    CloseServiceHandle(service);
    CloseServiceHandle(manager);
}
