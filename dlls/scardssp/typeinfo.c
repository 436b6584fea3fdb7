/*
 * A cache of ITypeInfo by IID.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "typeinfo.h"

#include "base/module.h"
#include "iccsp.h"
#include "scardssp.h"
#include "base/trace.h"

/* The number of each library among the resources; the first needs no number in a path. */
static const struct
{
    const GUID *libid;
    const WCHAR *suffix;
} libraries[] =
{
    {&LIBID_SCARDSSPLib, L""},
    {&LIBID_SCardSSPProviderLib, L"\\2"},
};

static struct
{
    const IID *iid;
    ITypeInfo *info;
} cache[] =
{
    {&IID_IByteBuffer, NULL},
    {&IID_ISCardTypeConv, NULL},
    {&IID_ISCardCmd, NULL},
    {&IID_ISCardISO7816, NULL},
    {&IID_ISCard, NULL},
    {&IID_ISCardDatabase, NULL},
    {&IID_ISCardLocate, NULL},
    {&IID_ISCardManage, NULL},
    {&IID_ISCardAuth, NULL},
    {&IID_ISCardFileAccess, NULL},
    {&IID_ISCardVerify, NULL},
};

/*
 * The path of the file with the type library in it as LoadTypeLib takes it ("...\scardssp.dll",
 * "...\scardssp.dll\2"). E_INVALIDARG for a library that is not ours.
 */
static HRESULT library_path(const GUID *library, WCHAR *path, DWORD size)
{
    DWORD length, i;

    for (i = 0; i < ARRAYSIZE(libraries); i++)
        if (IsEqualGUID(library, libraries[i].libid))
            break;
    if (i == ARRAYSIZE(libraries))
        return E_INVALIDARG;
    length = GetModuleFileNameW(module_handle(), path, size);
    if (!length || length + lstrlenW(libraries[i].suffix) >= size)
        return HRESULT_FROM_WIN32(ERROR_BAD_PATHNAME);
    lstrcpyW(path + length, libraries[i].suffix);
    return S_OK;
}

static HRESULT load_library(const GUID *libid, ITypeLib **library)
{
    WCHAR path[MAX_PATH + 8];
    HRESULT hr;

    if (FAILED(hr = library_path(libid, path, ARRAYSIZE(path))))
        return hr;
    if (SUCCEEDED(hr = LoadTypeLibEx(path, REGKIND_NONE, library)))
        return hr;
    WARN("no type library in %s: %s", trace_wstr(path), trace_hr(hr));
    return LoadRegTypeLib(libid, 1, 0, 0, library);
}

static HRESULT load_info(const GUID *libid, const IID *iid, ITypeInfo **info)
{
    ITypeLib *library;
    HRESULT hr;

    if (FAILED(hr = load_library(libid, &library)))
        return hr;
    hr = ITypeLib_GetTypeInfoOfGuid(library, iid, info);
    ITypeLib_Release(library);
    return hr;
}

HRESULT typeinfo_get(const GUID *library, const IID *iid, ITypeInfo **out)
{
    ITypeInfo *info;
    HRESULT hr;
    unsigned i;

    *out = NULL;
    for (i = 0; !IsEqualIID(iid, cache[i].iid);)
        if (++i == ARRAYSIZE(cache))
            return E_INVALIDARG;
    if (!InterlockedCompareExchangePointer((void **)&cache[i].info, NULL, NULL))
    {
        if (FAILED(hr = load_info(library, iid, &info)))
        {
            ERR("no type information: %s", trace_hr(hr));
            return hr;
        }
        /* Another thread may have been faster. */
        if (InterlockedCompareExchangePointer((void **)&cache[i].info, info, NULL))
            ITypeInfo_Release(info);
    }
    *out = cache[i].info;
    return S_OK;
}

void typeinfo_cleanup(void)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(cache); i++)
    {
        if (cache[i].info)
            ITypeInfo_Release(cache[i].info);
        cache[i].info = NULL;
    }
}
