/*
 * scardssp-probe: the DLL of the system directory.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

#include <string.h>

#include "pcsc/report.h"

/* The whole path, so that a DLL beside this program is not taken for the one programs get. */
static void system_path(WCHAR *path)
{
    UINT length = GetSystemDirectoryW(path, MAX_PATH - 16);

    path[length] = 0;
    lstrcatW(path, L"\\scardssp.dll");
}

static void say_string(const BYTE *block, const WCHAR *name, const WCHAR *key)
{
    WCHAR path[64];
    const WCHAR *text;
    UINT length;

    wsprintfW(path, L"\\StringFileInfo\\040904B0\\%s", name);
    if (VerQueryValueW(block, path, (void **)&text, &length) && length)
        out(L"%ls=%.*ls\n", key, (int)length - 1, text);
}

static void say_version(const WCHAR *path)
{
    DWORD unused, size = GetFileVersionInfoSizeW(path, &unused);
    BYTE *block = size ? CoTaskMemAlloc(size) : NULL;

    if (block && GetFileVersionInfoW(path, 0, size, block))
    {
        say_string(block, L"FileVersion", L"dll.version");
        say_string(block, L"ProductName", L"dll.product");
    }
    CoTaskMemFree(block);
}

static BOOL ask(HMODULE dll)
{
    scardssp_query_function query =
        (scardssp_query_function)(void (*)(void))GetProcAddress(dll, "ScardsspQuery");
    char *text = CoTaskMemAlloc(QUERY_SIZE);
    BOOL good = FALSE;
    LONG result = ERROR_OUTOFMEMORY;

    out(L"dll.query=%ls\n", query ? L"yes" : L"no");
    limit_begin(L"service", LIMIT_SERVICE);
    if (query && text)
        result = query(text, QUERY_SIZE);
    limit_end();
    if (!result)
    {
        out_bytes(text, strlen(text));
        good = strstr(text, "\nservice.result=0x00000000\n") != NULL;
    }
    CoTaskMemFree(text);
    return good;
}

/* The directories where Wine looks for DLLs of its own, as it tells every program of this width. */
static void say_directories(void)
{
    WCHAR name[32], value[MAX_PATH];
    DWORD length;
    unsigned i;

    for (i = 0; i < 64; i++)
    {
        wsprintfW(name, L"WINEDLLDIR%u", i);
        if (!(length = GetEnvironmentVariableW(name, value, MAX_PATH)))
            break;
        if (length < MAX_PATH)
            out(L"dlldir.%u=%ls\n", i, value);
    }
}

BOOL probe_dll(void)
{
    WCHAR path[MAX_PATH], loaded[MAX_PATH] = L"";
    HMODULE dll;

    say_directories();
    system_path(path);
    dll = LoadLibraryW(path);
    if (!say_code(L"dll.load", L"", dll ? 0 : (LONG)GetLastError()))
        return FALSE;
    GetModuleFileNameW(dll, loaded, MAX_PATH);
    out(L"dll.path=%ls\n", loaded);
    say_version(path);
    return ask(dll);
}
