/*
 * Finding and calling the unix half.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No Wine library is linked. Wine's dispatcher is looked up in ntdll, and only if it exists is Wine
 * queried for the library, so that Windows never sees the unusual query. The query (class 1000) is
 * by the address of this module, the one way that every Wine since 7 supports.
 */

#include "caller.h"

#include <stdio.h>
#include <winscard.h>

#include "base/module.h"
#include "base/trace.h"

#define MEMORY_WINE_UNIX_FUNCS 1000
#define STATUS_ENTRY_NOT_FOUND ((LONG)0xc0000139)

typedef LONG(WINAPI *dispatcher_function)(UINT64 handle, unsigned int code, void *params);
typedef LONG(WINAPI *query_function)(HANDLE process, const void *address, int class, void *buffer,
                                     SIZE_T size, SIZE_T *written);

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static dispatcher_function dispatch;
static UINT64 library;
static LONG state = SCARD_E_NO_SERVICE; /* 0: the library may be called */
static char reason[UNIX_TEXT_SIZE];
static UINT library_abi; /* 0: it did not answer */

static FARPROC find_dispatcher(HMODULE ntdll)
{
    void **variable = (void **)(void (*)(void))GetProcAddress(ntdll, "__wine_unix_call_dispatcher");

    if (variable && *variable)
        return (FARPROC)*variable;
    return GetProcAddress(ntdll, "__wine_unix_call"); /* Wine 7 has only this one */
}

static BOOL find_library(HMODULE ntdll)
{
    query_function query =
        (query_function)(void (*)(void))GetProcAddress(ntdll, "NtQueryVirtualMemory");
    LONG status;

    if (!query)
        return FALSE;
    status = query(GetCurrentProcess(), module_handle(), MEMORY_WINE_UNIX_FUNCS, &library,
                   sizeof(library), NULL);
    if (!status)
        return TRUE;
    snprintf(
        reason, sizeof(reason),
        status == STATUS_ENTRY_NOT_FOUND
            ? "scardssp.so beside scardssp.dll is of another program (status 0x%08lx): reinstall"
            : "Wine found no scardssp.so for this scardssp.dll (status 0x%08lx): WINEDLLPATH must "
              "name the absolute directory that holds *-windows/scardssp.dll and "
              "*-unix/scardssp.so (scardssp-setup status tells more)",
        status);
    return FALSE;
}

static void ask_library(void)
{
    struct unix_query params = {0};
    LONG status;

    params.head.size = sizeof(params);
    params.head.abi = UNIX_ABI;
    status = dispatch(library, UNIX_QUERY, &params);
    if (!status)
        library_abi = params.head.abi;
    if (status)
        snprintf(reason, sizeof(reason), "calling scardssp.so failed (status 0x%08lx)", status);
    else if (params.head.abi != UNIX_ABI || params.head.result == SCARD_E_UNEXPECTED)
        snprintf(reason, sizeof(reason),
                 "scardssp.dll (%u) and scardssp.so (%u) are of different "
                 "versions: reinstall both",
                 UNIX_ABI, params.head.abi);
    else
    {
        /* Without libpcsclite the unix half still works: every establish tries to load it again. */
        state = SCARD_S_SUCCESS;
        snprintf(reason, sizeof(reason), "%s", params.text);
    }
}

static BOOL CALLBACK start(INIT_ONCE *unused, void *parameter, void **context)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

    dispatch = (dispatcher_function)(void (*)(void))find_dispatcher(ntdll);
    if (!dispatch)
        snprintf(reason, sizeof(reason), "this is not Wine, or one without unix libraries");
    else if (find_library(ntdll))
        ask_library();
    return TRUE;
}

BOOL unixcall_possible(void)
{
    return find_dispatcher(GetModuleHandleW(L"ntdll.dll")) != NULL;
}

LONG unixcall_start(const char **text)
{
    InitOnceExecuteOnce(&once, start, NULL, NULL);
    if (text)
        *text = reason;
    return state;
}

UINT unixcall_abi(void)
{
    unixcall_start(NULL);
    return library_abi;
}

LONG unixcall(enum unix_code code, void *params, ULONG size)
{
    struct unix_head *head = params;
    LONG result = unixcall_start(NULL), status;
    char text[UNIX_TEXT_SIZE];

    if (result)
        return result;
    head->size = size;
    head->abi = UNIX_ABI;
    if (!(status = dispatch(library, code, params)))
        return head->result;
    snprintf(text, sizeof(text), "call %d of scardssp.so failed (status 0x%08lx)", code, status);
    trace_complain(text);
    return SCARD_F_INTERNAL_ERROR;
}

BOOL unixcall_private_file(const char *name, ULONG64 *inode, char *text, size_t size)
{
    struct unix_private_file *params;
    LONG result = ERROR_FILENAME_EXCED_RANGE;
    const char *fault = "it cannot be opened";

    if (unixcall_start(NULL))
        fault = "there is no unix half to make a file that nobody else can read";
    if (!(params = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*params))))
        return FALSE;
    if ((size_t)snprintf(params->name, sizeof(params->name), "%s", name) < sizeof(params->name))
        result = unixcall(UNIX_PRIVATE_FILE, params, sizeof(*params));
    *inode = params->inode;
    if (result)
        snprintf(text, size, "%s", params->text[0] ? params->text : fault);
    HeapFree(GetProcessHeap(), 0, params);
    return !result;
}
