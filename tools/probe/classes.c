/*
 * scardssp-probe: the classes of the DLL.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "probe.h"

static const struct
{
    const CLSID *clsid;
    const WCHAR *name;
} classes[] =
{
    {&CLSID_CByteBuffer, L"CByteBuffer"},
    {&CLSID_CSCardTypeConv, L"CSCardTypeConv"},
    {&CLSID_CSCardCmd, L"CSCardCmd"},
    {&CLSID_CSCardISO7816, L"CSCardISO7816"},
    {&CLSID_CSCard, L"CSCard"},
    {&CLSID_CSCardDatabase, L"CSCardDatabase"},
    {&CLSID_CSCardLocate, L"CSCardLocate"},
    {&CLSID_SCardManage, L"SCardManage"},
    {&CLSID_SCardAuth, L"SCardAuth"},
    {&CLSID_SCardFileAccess, L"SCardFileAccess"},
    {&CLSID_SCardVerify, L"SCardVerify"},
};

/* The file that this width's registry names. */
static void say_server(const CLSID *clsid, const WCHAR *name)
{
    WCHAR path[64] = L"CLSID\\", file[MAX_PATH];
    DWORD size = sizeof(file);

    StringFromGUID2(clsid, path + 6, GUID_TEXT);
    lstrcatW(path, L"\\InprocServer32");
    if (!RegGetValueW(HKEY_CLASSES_ROOT, path, NULL, RRF_RT_REG_SZ, NULL, file, &size))
        out(L"class.%ls.server=%ls\n", name, file);
}

static BOOL probe_class(const CLSID *clsid, const WCHAR *name)
{
    IClassFactory *factory;
    IUnknown *object;
    HRESULT hr;

    say_server(clsid, name);
    hr = CoGetClassObject(clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory);
    if (!say_code(L"class.", name, hr))
        return FALSE;
    hr = IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object);
    IClassFactory_Release(factory);
    if (SUCCEEDED(hr))
        IUnknown_Release(object);
    return say_code(L"object.", name, hr);
}

/* How many card types the database has: a prefix that Wine alone made has none. */
static void say_types(void)
{
    DWORD count = 0;
    HKEY key;

    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards",
                       0, KEY_READ, &key))
    {
        RegQueryInfoKeyW(key, NULL, NULL, NULL, &count, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        RegCloseKey(key);
    }
    out(L"types=%lu\n", count);
}

BOOL probe_classes(void)
{
    BOOL good = TRUE;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        /* Some objects connect to the service at once. */
        limit_begin(L"object", LIMIT_SERVICE);
        good = probe_class(classes[i].clsid, classes[i].name) && good;
        limit_end();
    }
    say_types();
    return good;
}
