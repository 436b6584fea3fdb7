/*
 * Loads scardssp.dll in the way it is told and says what came of it, one fact a line.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * load.exe MODULE prints
 *     error N          of LoadLibrary, 0 when it worked
 *     version A.B.C.D  of the image that was mapped, which need not be the file that was named
 *     class 0xN        the HRESULT for an object that needs no card
 *     card 0xN         the HRESULT for one that opens a context with the card service
 * Only the DLL's exports are used, so that nothing has to be registered. load.sh checks the lines.
 */

#define COBJMACROS
#include <stdio.h>
#include <windows.h>
#include <ole2.h>

#include "scardssp.h"

/* Of VS_FIXEDFILEINFO: three words, L"VS_VERSION_INFO", aligned. */
#define FIXED_OFFSET 40

static HRESULT create(HMODULE module, const CLSID *clsid)
{
    HRESULT(WINAPI * get)(REFCLSID, REFIID, void **);
    IClassFactory *factory;
    IUnknown *object;
    HRESULT hr;

    get = (HRESULT(WINAPI *)(REFCLSID, REFIID, void **))(void (*)(void))GetProcAddress(
        module, "DllGetClassObject");
    if (!get)
        return HRESULT_FROM_WIN32(GetLastError());
    if (FAILED(hr = get(clsid, &IID_IClassFactory, (void **)&factory)))
        return hr;
    hr = IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object);
    if (SUCCEEDED(hr))
        IUnknown_Release(object);
    IClassFactory_Release(factory);
    return hr;
}

/* The fixed part stands behind the header of the resource, which begins with its sizes. */
static void print_version(HMODULE module)
{
    HRSRC resource = FindResourceW(module, MAKEINTRESOURCEW(VS_VERSION_INFO), (LPCWSTR)RT_VERSION);
    const VS_FIXEDFILEINFO *info;

    if (!resource)
        return;
    info = (const VS_FIXEDFILEINFO *)((BYTE *)LockResource(LoadResource(module, resource)) +
                                      FIXED_OFFSET);
    printf("version %u.%u.%u.%u\n", HIWORD(info->dwFileVersionMS), LOWORD(info->dwFileVersionMS),
           HIWORD(info->dwFileVersionLS), LOWORD(info->dwFileVersionLS));
}

int main(int argc, char **argv)
{
    HMODULE module;

    if (argc != 2)
    {
        fprintf(stderr, "usage: load.exe MODULE\n");
        return 2;
    }
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    module = LoadLibraryA(argv[1]);
    printf("error %lu\n", module ? 0 : GetLastError());
    if (module)
    {
        print_version(module);
        printf("class 0x%08lx\n", create(module, &CLSID_CSCardTypeConv));
        printf("card 0x%08lx\n", create(module, &CLSID_CSCard));
        FreeLibrary(module);
    }
    CoUninitialize();
    return 0;
}
