/*
 * scardssp-probe: the DLLs of Wine in whose place scardssp-setup can put its own ones.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Wine looks at the name of the running program, so this tells of programs called as it is.
 */

#include "probe.h"

#include "imports.h"

/* Each with a function that it has, of whosever make it is. */
static const struct
{
    const WCHAR *dll;
    const char *function;
} forwarders[] = {{L"winscard", "SCardEstablishContext"}, {L"scarddlg", "SCardUIDlgSelectCardW"}};

/* Whether it is Wine's own, by the mark that Wine looks at itself. */
static BOOL is_builtin(HMODULE module)
{
    return imports_contain((const BYTE *)module + 64, 32, (const BYTE *)"Wine builtin DLL", 16);
}

/* The DLL in which a function is; "" without one: what it forwards to cannot be loaded. */
static void say_server(const WCHAR *name, HMODULE module, const char *function)
{
    FARPROC address = GetProcAddress(module, function);
    WCHAR path[MAX_PATH] = L"";
    HMODULE server = NULL;

    if (address &&
        GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                               GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                           (const WCHAR *)(void (*)(void))address, &server))
        GetModuleFileNameW(server, path, MAX_PATH);
    out(L"%ls.server=%ls\n", name, path);
}

HMODULE probe_forwarder(const WCHAR *name)
{
    HMODULE module = LoadLibraryW(name);
    WCHAR path[MAX_PATH] = L"";
    unsigned i;

    out(L"%ls", name);
    if (!say_code(L".load", L"", module ? 0 : (LONG)GetLastError()))
        return NULL;
    GetModuleFileNameW(module, path, MAX_PATH);
    out(L"%ls.path=%ls\n%ls.builtin=%ls\n", name, path, name, is_builtin(module) ? L"yes" : L"no");
    for (i = 0; i < ARRAYSIZE(forwarders); i++)
        if (!lstrcmpW(forwarders[i].dll, name))
            say_server(name, module, forwarders[i].function);
    return module;
}

void probe_forwarders(void)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(forwarders); i++)
        probe_forwarder(forwarders[i].dll);
}
