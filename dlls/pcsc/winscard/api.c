/*
 * The functions of winscard.dll that we use, looked up at run time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "api.h"

#include "base/module.h"
#include "base/trace.h"

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static struct winscard_api api;
static BOOL complete;

/* Loads the system's own: a winscard.dll beside the program is ignored. */
static HMODULE load_winscard(void)
{
    static const WCHAR name[] = L"\\winscard.dll";
    WCHAR path[MAX_PATH + ARRAYSIZE(name)];
    UINT length = GetSystemDirectoryW(path, MAX_PATH);

    if (!length || length >= MAX_PATH)
        return NULL;
    lstrcatW(path, name);
    return LoadLibraryW(path);
}

/* Whether the functions of that winscard.dll are this DLL's own: it would call itself for ever. */
static BOOL is_ours(HMODULE module)
{
    FARPROC establish = GetProcAddress(module, "SCardEstablishContext");
    HMODULE owner = NULL;

    return establish &&
           GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                  GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                              (const WCHAR *)(void (*)(void))establish, &owner) &&
           owner == module_handle();
}

static BOOL CALLBACK load(INIT_ONCE *unused, void *parameter, void **context)
{
    HMODULE module = load_winscard();

    if (!module || is_ours(module))
        return TRUE;
    complete = TRUE;
#define LOOK_UP(field, export) \
    api.field = (__typeof__(export) *)(void (*)(void))GetProcAddress(module, #export); \
    complete = complete && api.field;
    WINSCARD_FUNCTIONS(LOOK_UP)
#undef LOOK_UP
    if (!complete)
        WARN("winscard.dll lacks functions that connections need");
    return TRUE;
}

const struct winscard_api *winscard_api(void)
{
    InitOnceExecuteOnce(&once, load, NULL, NULL);
    return complete ? &api : NULL;
}

BOOL winscard_loaded(void)
{
    HMODULE module = GetModuleHandleW(L"winscard.dll");

    return module && !is_ours(module);
}
