/*
 * The other process of the marshal tests: the same program, of either width, with --server.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The server registers the factories of all classes as a local server and ends with its client.
 * Include after test.h and scardssp.h.
 */

#ifndef TESTS_COM_MARSHALTEST_H
#define TESTS_COM_MARSHALTEST_H

#define SERVER_SECONDS 60

static const CLSID *const served[] =
{
    &CLSID_CByteBuffer, &CLSID_CSCardTypeConv, &CLSID_CSCardCmd, &CLSID_CSCardISO7816,
    &CLSID_CSCard, &CLSID_CSCardDatabase, &CLSID_CSCardLocate, &CLSID_SCardManage,
};

/* Both processes know these by the client's id. */
static HANDLE client_event(const char *what, DWORD client)
{
    char name[64];

    snprintf(name, sizeof(name), "scardssp-marshal-%s-%lu", what, client);
    return CreateEventA(NULL, TRUE, FALSE, name);
}

/* ---- in the server ---- */

/* Runs as the server when the command line says so. */
static BOOL serve(void)
{
    const char *option = strstr(GetCommandLineA(), "--server ");
    DWORD client, cookies[ARRAYSIZE(served)];
    HANDLE ready, ends[2];
    IUnknown *factory;
    size_t i;

    if (!option)
        return FALSE;
    client = strtoul(option + strlen("--server "), NULL, 10);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (i = 0; i < ARRAYSIZE(served); i++)
    {
        if (CoGetClassObject(served[i], CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory,
                             (void **)&factory) != S_OK)
            ExitProcess(100);
        if (CoRegisterClassObject(served[i], factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE,
                                  &cookies[i]) != S_OK)
            ExitProcess(101);
        IUnknown_Release(factory);
    }
    ready = client_event("ready", client);
    ends[0] = client_event("end", client);
    ends[1] = OpenProcess(SYNCHRONIZE, FALSE, client);
    SetEvent(ready);
    WaitForMultipleObjects(ends[1] ? 2 : 1, ends, FALSE, SERVER_SECONDS * 1000);
    for (i = 0; i < ARRAYSIZE(served); i++)
        CoRevokeClassObject(cookies[i]);
    CoUninitialize();
    ExitProcess(0);
    return TRUE;
}

/* ---- in the client ---- */

/* This program's file in the build for that architecture. */
static BOOL file_of(const char *arch, char *file, size_t size)
{
    char own[MAX_PATH], *name, *folder;

    if (!GetModuleFileNameA(NULL, own, sizeof(own)) || !(name = strrchr(own, '\\')))
        return FALSE;
    *name++ = 0;
    if (!(folder = strrchr(own, '\\')))
        return FALSE;
    *folder = 0;
    snprintf(file, size, "%s\\%s\\%s", own, arch, name);
    return GetFileAttributesA(file) != INVALID_FILE_ATTRIBUTES;
}

/* The server's process, once it serves; NULL when it does not start. */
static HANDLE start_server(const char *arch)
{
    char file[MAX_PATH], command[MAX_PATH + 64];
    HANDLE ready = client_event("ready", GetCurrentProcessId()), waited[2];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;

    if (!file_of(arch, file, sizeof(file)))
        return NULL;
    snprintf(command, sizeof(command), "\"%s\" --server %lu", file, GetCurrentProcessId());
    if (!CreateProcessA(file, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return NULL;
    CloseHandle(process.hThread);
    waited[0] = ready;
    waited[1] = process.hProcess;
    if (WaitForMultipleObjects(2, waited, FALSE, 30000) != WAIT_OBJECT_0)
    {
        TerminateProcess(process.hProcess, 102);
        CloseHandle(process.hProcess);
        process.hProcess = NULL;
    }
    ResetEvent(ready);
    CloseHandle(ready);
    return process.hProcess;
}

/* Nothing of ours may hold it up: it ends by itself, with 0. */
static void end_server(HANDLE process)
{
    HANDLE end = client_event("end", GetCurrentProcessId());
    DWORD code = 1;

    SetEvent(end);
    if (WaitForSingleObject(process, 20000) != WAIT_OBJECT_0)
        TerminateProcess(process, 103);
    GetExitCodeProcess(process, &code);
    ok(!code, "the server ended with %lu\n", code);
    ResetEvent(end);
    CloseHandle(end);
    CloseHandle(process);
}

/* Whether programs of the other width run here, too: a machine without 32-bit code has none. */
static BOOL runs(const char *architecture)
{
    const char *widths = getenv("SCARDSSP_TEST_WIDTHS");

    return !widths || strstr(widths, strcmp(architecture, "i386") ? "64" : "32");
}

/* Runs the tests with a server of each width; ends the server's life with them. */
static void with_servers(void (*run)(void))
{
    static const char *const architectures[] = {"i386", "x86_64"};
    HANDLE server;
    size_t i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    for (i = 0; i < ARRAYSIZE(architectures); i++)
    {
        trace("to a server of %s\n", architectures[i]);
        if (!runs(architectures[i]))
        {
            skip("no program of %s runs here\n", architectures[i]);
            continue;
        }
        if (!ok((server = start_server(architectures[i])) != NULL, "no server of %s\n",
                architectures[i]))
            continue;
        fact(GUESS);
        run();
        end_server(server);
    }
    CoUninitialize();
}

/* An object in the server. */
static void *create_there(const CLSID *clsid, const IID *iid)
{
    void *object = NULL;
    int tries = 50;
    HRESULT hr;

    /* Wine takes a server whose pipe is between two clients, or not yet made, for none, and looks
     * for its program in the registry. */
    while ((hr = CoCreateInstance(clsid, NULL, CLSCTX_LOCAL_SERVER, iid, &object)) ==
               REGDB_E_KEYMISSING &&
           test_under_wine && --tries)
        Sleep(20);
    if (hr == S_OK && object)
        return object;
    ok(0, "CoCreateInstance in the server: %#lx\n", hr);
    ExitProcess(test_summary());
    return NULL;
}

/* Only proxies have IClientSecurity. */
static BOOL is_proxy(void *object)
{
    IUnknown *security;

    if (FAILED(
            IUnknown_QueryInterface((IUnknown *)object, &IID_IClientSecurity, (void **)&security)))
        return FALSE;
    IUnknown_Release(security);
    return TRUE;
}

#endif
