/*
 * Aliases: a vendor's CLSIDs that get our classes, and their end without a trace.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "registry/classalias.h"
#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#define PATH_SIZE 128

/* The SICRYPT provider of Windows XP. */
static const struct
{
    CLSID clsid;
    const WCHAR *name;
    const IID *iid;
} sicrypt[] =
{
    {{0xA80F1101, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}},
     L"SCardManage", &IID_ISCardManage},
    {{0xA80F1102, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}},
     L"SCardAuth", &IID_ISCardAuth},
    {{0xA80F1103, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}},
     L"SCardFileAccess", &IID_ISCardFileAccess},
    {{0xA80F1104, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}},
     L"SCardVerify", &IID_ISCardVerify},
};

/* What only the vendor's own provider knows. */
static const IID vendor_iid =
    {0xA80F11FF, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0, 0xA0, 0x24, 0x29, 0x7E, 0xD9}};

static const WCHAR *const dll = L"scardssp.dll";

static void key_path(const CLSID *clsid, WCHAR path[PATH_SIZE])
{
    lstrcpyW(path, L"Software\\Classes\\CLSID\\");
    StringFromGUID2(clsid, path + lstrlenW(path), 39);
}

static BOOL key_exists(const WCHAR *path)
{
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key))
        return FALSE;
    RegCloseKey(key);
    return TRUE;
}

static BOOL clsid_exists(const CLSID *clsid)
{
    WCHAR path[PATH_SIZE];

    key_path(clsid, path);
    return key_exists(path);
}

static HRESULT make(const CLSID *clsid, const IID *iid, IUnknown **object)
{
    return CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, (void **)object);
}

static void test_set(void)
{
    IUnknown *object, *vendor;
    WCHAR name[ALIAS_NAME];
    unsigned i;
    HRESULT hr;

    for (i = 0; i < ARRAYSIZE(sicrypt); i++)
    {
        ok(make(&sicrypt[i].clsid, sicrypt[i].iid, &object) == REGDB_E_CLASSNOTREG, "%u: there\n",
           i);
        ok(!classalias_add(&sicrypt[i].clsid, sicrypt[i].name, dll, 0), "%u: not added\n", i);
        ok(!classalias_add(&sicrypt[i].clsid, sicrypt[i].name, dll, 0), "%u: not added again\n", i);
        ok(classalias_class(&sicrypt[i].clsid, name) && !lstrcmpW(name, sicrypt[i].name),
           "%u: alias of %ls\n", i, name);
        hr = make(&sicrypt[i].clsid, sicrypt[i].iid, &object);
        ok(hr == S_OK, "%u: %#lx\n", i, hr);
        if (hr != S_OK)
            continue;
        vendor = (IUnknown *)1;
        hr = IUnknown_QueryInterface(object, &vendor_iid, (void **)&vendor);
        ok(hr == E_NOINTERFACE && !vendor, "%u: %#lx, %p\n", i, hr, vendor);
        IUnknown_Release(object);
    }
}

static void test_listed(void)
{
    WCHAR name[ALIAS_NAME];
    unsigned count = 0, i;
    CLSID clsid;

    for (i = 0; !classalias_enumerate(i, 0, &clsid, name); i++)
        count += name[0] != 0;
    ok(count == ARRAYSIZE(sicrypt), "%u aliases\n", count);
    ok(classalias_enumerate(i, 0, &clsid, name) == ERROR_NO_MORE_ITEMS, "no end\n");
}

static void test_removed(void)
{
    unsigned i;

    ok(!classalias_remove(&sicrypt[0].clsid, 0), "not removed\n");
    ok(classalias_remove(&sicrypt[0].clsid, 0) == ERROR_FILE_NOT_FOUND, "removed twice\n");
    ok(!classalias_remove_all(0), "not all removed\n");
    for (i = 0; i < ARRAYSIZE(sicrypt); i++)
        ok(!clsid_exists(&sicrypt[i].clsid), "%u: left behind\n", i);
    ok(!key_exists(L"Software\\scardssp\\Aliases"), "the list is left behind\n");
}

/* A vendor's own registration comes back as it was. */
static void test_foreign(void)
{
    const CLSID *clsid = &sicrypt[0].clsid;
    WCHAR path[PATH_SIZE], text[64];
    DWORD size = sizeof(text), number = 0;
    HKEY key, server;

    key_path(clsid, path);
    RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    RegCreateKeyExW(key, L"InprocServer32", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &server, NULL);
    RegSetValueExW(server, NULL, 0, REG_SZ, (const BYTE *)L"vendor.dll", sizeof(L"vendor.dll"));
    number = 7;
    RegSetValueExW(key, L"Version", 0, REG_DWORD, (const BYTE *)&number, sizeof(number));
    RegCloseKey(server);
    RegCloseKey(key);

    ok(!classalias_add(clsid, L"SCardManage", dll, 0), "not added\n");
    ok(classalias_class(clsid, text), "no alias\n");
    ok(!classalias_remove(clsid, 0), "not removed\n");

    lstrcatW(path, L"\\InprocServer32");
    ok(!RegGetValueW(HKEY_LOCAL_MACHINE, path, NULL, RRF_RT_REG_SZ, NULL, text, &size),
       "no server\n");
    ok(!lstrcmpW(text, L"vendor.dll"), "server %ls\n", text);
    size = sizeof(number);
    number = 0;
    key_path(clsid, path);
    ok(!RegGetValueW(HKEY_LOCAL_MACHINE, path, L"Version", RRF_RT_REG_DWORD, NULL, &number, &size),
       "no version\n");
    ok(number == 7, "version %lu\n", number);
    ok(RegGetValueW(HKEY_LOCAL_MACHINE, path, L"ScardsspClass", RRF_RT_ANY, NULL, NULL, NULL) ==
           ERROR_FILE_NOT_FOUND,
       "our value is left behind\n");
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS, &key);
    RegDeleteTreeW(key, NULL);
    RegCloseKey(key);
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, path);
}

/* A registration made over the alias is not ours to undo. */
static void test_overwritten(void)
{
    const CLSID *clsid = &sicrypt[1].clsid;
    WCHAR path[PATH_SIZE];
    HKEY key;

    key_path(clsid, path);
    ok(!classalias_add(clsid, L"SCardAuth", dll, 0), "not added\n");
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS, &key);
    RegDeleteValueW(key, L"ScardsspClass");
    RegCloseKey(key);
    ok(!classalias_remove(clsid, 0), "not removed\n");
    ok(clsid_exists(clsid), "somebody's registration was removed\n");
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS, &key);
    RegDeleteTreeW(key, NULL);
    RegCloseKey(key);
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, path);
}

static void write_server(const CLSID *clsid, const WCHAR *dll_name, const WCHAR *value)
{
    WCHAR path[PATH_SIZE];
    HKEY key, server;

    key_path(clsid, path);
    RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    RegCreateKeyExW(key, L"InprocServer32", 0, NULL, 0, KEY_ALL_ACCESS, NULL, &server, NULL);
    RegSetValueExW(server, NULL, 0, REG_SZ, (const BYTE *)dll_name,
                   (lstrlenW(dll_name) + 1) * sizeof(WCHAR));
    if (value)
        RegSetValueExW(server, value, 0, REG_SZ, (const BYTE *)L"x", sizeof(L"x"));
    RegCloseKey(server);
    RegCloseKey(key);
}

/* The server that a CLSID key names, and whether the server's key has a value of that name. */
static BOOL has_server(const CLSID *clsid, const WCHAR *dll_name, const WCHAR *value)
{
    WCHAR path[PATH_SIZE], text[MAX_PATH];
    DWORD size = sizeof(text);

    key_path(clsid, path);
    lstrcatW(path, L"\\InprocServer32");
    if (RegGetValueW(HKEY_LOCAL_MACHINE, path, NULL, RRF_RT_REG_SZ, NULL, text, &size) ||
        lstrcmpW(text, dll_name))
        return FALSE;
    return !RegGetValueW(HKEY_LOCAL_MACHINE, path, value, RRF_RT_REG_SZ, NULL, NULL, NULL);
}

static BOOL has_our_value(const CLSID *clsid)
{
    WCHAR path[PATH_SIZE];

    key_path(clsid, path);
    return !RegGetValueW(HKEY_LOCAL_MACHINE, path, L"ScardsspClass", RRF_RT_ANY, NULL, NULL, NULL);
}

/* A vendor's setup program that runs later writes its server into our key, and leaves our value. */
static void test_written_into(void)
{
    const CLSID *clsid = &sicrypt[3].clsid;
    WCHAR path[PATH_SIZE];

    write_server(clsid, L"old.dll", L"Old");
    ok(!classalias_add(clsid, L"SCardAuth", dll, 0), "not added\n");
    write_server(clsid, L"new.dll", L"New");
    ok(!classalias_remove(clsid, 0), "not removed\n");
    ok(has_server(clsid, L"new.dll", L"New"), "the vendor's new registration is gone\n");
    ok(!has_our_value(clsid), "our value is left behind\n");

    /* An alias over that one saves it anew, and none of what was saved before. */
    ok(!classalias_add(clsid, L"SCardAuth", dll, 0), "not added\n");
    write_server(clsid, L"newest.dll", L"Newest");
    ok(!classalias_add(clsid, L"SCardAuth", dll, 0), "not added again\n");
    ok(has_our_value(clsid), "no alias\n");
    ok(!classalias_remove(clsid, 0), "not removed\n");
    ok(has_server(clsid, L"newest.dll", L"Newest"), "not put back\n");
    ok(!has_server(clsid, L"newest.dll", L"New"), "something older was put back\n");
    ok(!has_our_value(clsid), "our value is put back\n");
    key_path(clsid, path);
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);
    ok(!key_exists(L"Software\\scardssp\\Aliases"), "the list is left behind\n");
}

static void test_wrong(void)
{
    static const DWORD number = 1;
    const CLSID *clsid = &sicrypt[2].clsid;
    WCHAR path[PATH_SIZE], long_name[64];
    IUnknown *object;
    unsigned i;
    HKEY key;

    for (i = 0; i < ARRAYSIZE(long_name) - 1; i++)
        long_name[i] = 'x';
    long_name[i] = 0;
    ok(classalias_add(clsid, L"", dll, 0) == ERROR_INVALID_PARAMETER, "empty name\n");
    ok(classalias_add(clsid, long_name, dll, 0) == ERROR_INVALID_PARAMETER, "long name\n");
    ok(!clsid_exists(clsid), "written all the same\n");

    /* What the value says is looked at before it is believed. */
    ok(!classalias_add(clsid, L"NoSuchClass", dll, 0), "not added\n");
    ok(make(clsid, &IID_ISCardFileAccess, &object) == CLASS_E_CLASSNOTAVAILABLE, "a class\n");
    key_path(clsid, path);
    RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS, &key);
    RegSetValueExW(key, L"ScardsspClass", 0, REG_DWORD, (const BYTE *)&number, sizeof(number));
    ok(make(clsid, &IID_ISCardFileAccess, &object) == CLASS_E_CLASSNOTAVAILABLE, "a number\n");
    RegSetValueExW(key, L"ScardsspClass", 0, REG_SZ, (const BYTE *)long_name, sizeof(long_name));
    ok(make(clsid, &IID_ISCardFileAccess, &object) == CLASS_E_CLASSNOTAVAILABLE, "a long name\n");
    /* Not terminated. */
    RegSetValueExW(key, L"ScardsspClass", 0, REG_SZ, (const BYTE *)L"SCardAuth", 4);
    ok(make(clsid, &IID_ISCardFileAccess, &object) == CLASS_E_CLASSNOTAVAILABLE, "a part\n");
    RegDeleteTreeW(key, NULL);
    RegCloseKey(key);
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, path);
    ok(!classalias_remove(clsid, 0), "not removed\n");
}

START_TEST(alias)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(GUESS);
    test_set();
    test_listed();
    test_removed();
    test_foreign();
    test_overwritten();
    test_written_into();
    test_wrong();
    CoUninitialize();
}
