/*
 * scardssp-probe --scardsvr: the service SCardSvr of the prefix.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Only the service manager is asked: it reads the registry when it starts, and writes it itself.
 * A service is registered by the width of the program that does so, in whose system directory its
 * program then is.
 */

#include "probe.h"

#define NAME L"SCardSvr"
/* As on Windows XP: its program had this name and these properties. */
#define IMAGE_PATH   L"%SystemRoot%\\System32\\SCardSvr.exe"
#define DISPLAY_NAME L"Smart Card"
#define ACCOUNT      L"NT AUTHORITY\\LocalService"

/* How long, in milliseconds, it may take to start or stop, and between two looks. */
#define WAIT_MAX  15000
#define WAIT_LOOK 10

#define CONFIG_MAX 8192 /* bytes; what Windows' page names as the most */

/* How a service is; lines of the answer. */
struct facts
{
    LONG result; /* ERROR_SERVICE_DOES_NOT_EXIST, or another one when it cannot be asked */
    DWORD start, state;
    WCHAR path[1024];
};

static int refuse(const WCHAR *what, DWORD error)
{
    out(L"scardsvr.error=%ls: error %lu\n", what, error);
    return EXIT_FAILED;
}

/* ---- looking ---- */

static BOOL read_config(SC_HANDLE service, struct facts *facts)
{
    QUERY_SERVICE_CONFIGW *config = CoTaskMemAlloc(CONFIG_MAX);
    DWORD needed;
    BOOL good = config && QueryServiceConfigW(service, config, CONFIG_MAX, &needed);

    if (good)
    {
        facts->start = config->dwStartType;
        lstrcpynW(facts->path, config->lpBinaryPathName, ARRAYSIZE(facts->path));
    }
    CoTaskMemFree(config);
    return good;
}

static void read_facts(SC_HANDLE service, struct facts *facts)
{
    SERVICE_STATUS status;

    if (!read_config(service, facts) || !QueryServiceStatus(service, &status))
        facts->result = GetLastError();
    else
    {
        facts->result = 0;
        facts->state = status.dwCurrentState;
    }
}

/* NULL with facts->result when it cannot be opened. */
static SC_HANDLE open_service(DWORD access, struct facts *facts)
{
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;

    memset(facts, 0, sizeof(*facts));
    if (manager)
        service = OpenServiceW(manager, NAME, access);
    if (!service)
        facts->result = GetLastError();
    else
        read_facts(service, facts);
    if (manager)
        CloseServiceHandle(manager);
    return service;
}

static void say_facts(const struct facts *facts)
{
    out(L"scardsvr=0x%08lx\n", facts->result);
    if (!facts->result)
        out(L"scardsvr.path=%ls\nscardsvr.start=%lu\nscardsvr.state=%lu\n", facts->path,
            facts->start, facts->state);
}

void probe_scardsvr(void)
{
    struct facts facts;
    SC_HANDLE service = open_service(SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS, &facts);

    say_facts(&facts);
    if (service)
        CloseServiceHandle(service);
}

static int look(void)
{
    probe_scardsvr();
    return EXIT_OK;
}

/* ---- changing ---- */

/* Whether it comes to that state in time; ERROR_SERVICE_NOT_ACTIVE when it stops instead. */
static DWORD await(SC_HANDLE service, DWORD state)
{
    SERVICE_STATUS status;
    DWORD waited;

    for (waited = 0; waited < WAIT_MAX; waited += WAIT_LOOK)
    {
        if (!QueryServiceStatus(service, &status))
            return GetLastError();
        if (status.dwCurrentState == state)
            return 0;
        if (status.dwCurrentState == SERVICE_STOPPED)
            return status.dwWin32ExitCode ? status.dwWin32ExitCode : ERROR_SERVICE_NOT_ACTIVE;
        Sleep(WAIT_LOOK);
    }
    return ERROR_SERVICE_REQUEST_TIMEOUT;
}

static DWORD start(SC_HANDLE service)
{
    if (!StartServiceW(service, 0, NULL) && GetLastError() != ERROR_SERVICE_ALREADY_RUNNING)
        return GetLastError();
    return await(service, SERVICE_RUNNING);
}

static SC_HANDLE create(void)
{
    SERVICE_DESCRIPTIONW description =
        {(WCHAR *)L"For programs that ask for it; cards are reached without it."};
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CREATE_SERVICE), service = NULL;

    if (!manager)
        return NULL;
    service = CreateServiceW(manager, NAME, DISPLAY_NAME, SERVICE_ALL_ACCESS,
                             SERVICE_WIN32_SHARE_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                             IMAGE_PATH, NULL, NULL, NULL, ACCOUNT, NULL);
    if (service)
        ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &description);
    CloseServiceHandle(manager);
    return service;
}

/* Registers it where there is none, and starts it, or one that was registered so earlier. */
static int install(void)
{
    struct facts facts;
    SC_HANDLE service = open_service(SERVICE_ALL_ACCESS, &facts);
    DWORD error = ERROR_SERVICE_EXISTS;

    if (facts.result == ERROR_SERVICE_DOES_NOT_EXIST && !(service = create()))
        return refuse(L"it cannot be registered", GetLastError());
    if (!service)
        return refuse(L"it cannot be opened", facts.result);
    read_facts(service, &facts);
    if (!lstrcmpiW(facts.path, IMAGE_PATH))
        error = start(service);
    read_facts(service, &facts);
    say_facts(&facts);
    CloseServiceHandle(service);
    return error ? refuse(L"it does not start", error) : EXIT_OK;
}

/* Stops and removes it, when it is still as it was registered. */
static int undo(void)
{
    struct facts facts;
    SC_HANDLE service = open_service(SERVICE_ALL_ACCESS, &facts);
    SERVICE_STATUS status;
    DWORD error = 0;

    if (service && !lstrcmpiW(facts.path, IMAGE_PATH))
    {
        if (ControlService(service, SERVICE_CONTROL_STOP, &status))
            await(service, SERVICE_STOPPED);
        if (!DeleteService(service) && GetLastError() != ERROR_SERVICE_MARKED_FOR_DELETE)
            error = GetLastError();
    }
    if (service)
        CloseServiceHandle(service);
    else if (facts.result != ERROR_SERVICE_DOES_NOT_EXIST)
        error = facts.result;
    probe_scardsvr();
    return error ? refuse(L"it cannot be removed", error) : EXIT_OK;
}

static const struct
{
    const WCHAR *name;
    int (*run)(void);
} commands[] = {{L"look", look}, {L"install", install}, {L"remove", undo}};

int probe_scardsvr_command(const WCHAR *command)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(commands); i++)
        if (!lstrcmpW(commands[i].name, command))
            return commands[i].run();
    out(L"scardsvr.error=there is no such command\n");
    return EXIT_USAGE;
}
