/*
 * Self-registration: complete, repeatable, undone without a rest, the same as Wine's own way.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loads scardssp.dll by name. Leaves the registry as it found it.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

static const WCHAR *const classes[][2] =
{
    {L"CByteBuffer", L"{E126F8FF-A7AF-11D0-B88A-00C04FD424B9}"},
    {L"CSCardTypeConv", L"{53B6AA67-3F56-11D0-916B-00AA00C18068}"},
    {L"CSCardCmd", L"{D5778AE7-43DE-11D0-9171-00AA00C18068}"},
    {L"CSCardISO7816", L"{53B6AA6C-3F56-11D0-916B-00AA00C18068}"},
    {L"CSCard", L"{1461AAC7-6810-11D0-918F-00AA00C18068}"},
    {L"CSCardDatabase", L"{1461AACC-6810-11D0-918F-00AA00C18068}"},
    {L"CSCardLocate", L"{1461AAD1-6810-11D0-918F-00AA00C18068}"},
    {L"SCardManage", L"{FEBD43AF-F69F-4F8C-9FA4-5B908FD37513}"},
    {L"SCardAuth", L"{E6A25FF5-91FF-4974-8DA5-78D28A6FE95F}"},
    {L"SCardFileAccess", L"{D02BD02A-CDF0-4725-877E-A0927795F39C}"},
    {L"SCardVerify", L"{17EEA1F5-7733-492C-9F70-E06F8933EC9A}"},
};

static const WCHAR *const libraries[] =
{
    L"{82C38704-19F1-11D3-A11F-00C04F79F800}",
    L"{743DDB95-391F-4657-AB89-C4B0075FBA1C}",
};

#define PROXY_CLSID L"{1A4720CF-BCBD-4733-B080-721F1B718176}"

/* name, IID, number of methods with IUnknown's and IDispatch's */
static const WCHAR *const interfaces[][3] =
{
    {L"IByteBuffer", L"{E126F8FE-A7AF-11D0-B88A-00C04FD424B9}", L"21"},
    {L"ISCardTypeConv", L"{53B6AA63-3F56-11D0-916B-00AA00C18068}", L"17"},
    {L"ISCardCmd", L"{D5778AE3-43DE-11D0-9171-00AA00C18068}", L"40"},
    {L"ISCardISO7816", L"{53B6AA68-3F56-11D0-916B-00AA00C18068}", L"25"},
    {L"ISCard", L"{1461AAC3-6810-11D0-918F-00AA00C18068}", L"19"},
    {L"ISCardDatabase", L"{1461AAC8-6810-11D0-918F-00AA00C18068}", L"12"},
    {L"ISCardLocate", L"{1461AACD-6810-11D0-918F-00AA00C18068}", L"10"},
    {L"ISCardManage", L"{5E586211-5A09-11D0-B84C-00C04FD424B9}", L"18"},
    {L"ISCardAuth", L"{7B063D61-6E40-11D0-B858-00C04FD424B9}", L"12"},
    {L"ISCardFileAccess", L"{4029DD8A-5902-11D0-B84C-00C04FD424B9}", L"23"},
    {L"ISCardVerify", L"{4029DD85-5902-11D0-B84C-00C04FD424B9}", L"12"},
};

#ifdef _WIN64
#define SYSKIND       L"win64"
#define OTHER_SYSKIND L"win32"
#define OTHER_VIEW    KEY_WOW64_32KEY
#else
#define SYSKIND       L"win32"
#define OTHER_SYSKIND L"win64"
#define OTHER_VIEW    KEY_WOW64_64KEY
#endif

static HRESULT(WINAPI *register_server)(void), (WINAPI * unregister_server)(void);

/* ---- snapshots ---- */

struct text
{
    WCHAR *data;
    size_t length, size;
};

static void append(struct text *text, const WCHAR *string)
{
    size_t length = wcslen(string);

    if (text->length + length + 1 > text->size)
    {
        text->size = 2 * (text->size + length + 1);
        text->data = realloc(text->data, text->size * sizeof(WCHAR));
    }
    memcpy(text->data + text->length, string, (length + 1) * sizeof(WCHAR));
    text->length += length;
}

static void append_line(struct text *text, const WCHAR *a, const WCHAR *b, const WCHAR *c)
{
    append(text, a);
    append(text, b);
    append(text, c);
    append(text, L"\n");
}

static void snapshot_tree(struct text *text, HKEY parent, const WCHAR *path)
{
    WCHAR name[256], value[512], child[512];
    DWORD i, name_size, value_size, type;
    HKEY key;

    if (RegOpenKeyExW(parent, path, 0, KEY_READ, &key))
        return;
    append_line(text, L"[", path, L"]");
    for (i = 0;; i++)
    {
        name_size = ARRAYSIZE(name);
        value_size = sizeof(value) - sizeof(WCHAR);
        ZeroMemory(value, sizeof(value));
        if (RegEnumValueW(key, i, name, &name_size, NULL, &type, (BYTE *)value, &value_size))
            break;
        append_line(text, name, type == REG_SZ ? L"=" : L"=(not a string)", value);
    }
    for (i = 0;; i++)
    {
        name_size = ARRAYSIZE(name);
        if (RegEnumKeyExW(key, i, name, &name_size, NULL, NULL, NULL, NULL))
            break;
        _snwprintf(child, ARRAYSIZE(child), L"%ls\\%ls", path, name);
        snapshot_tree(text, parent, child);
    }
    RegCloseKey(key);
}

/* All that may be ours, as text; the caller frees it. */
static WCHAR *snapshot(void)
{
    struct text text = {0};
    WCHAR path[128];
    HKEY root;
    size_t i;

    append(&text, L"");
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software\\Classes", 0, KEY_READ, &root))
        return text.data;
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        swprintf(path, ARRAYSIZE(path), L"CLSID\\%ls", classes[i][1]);
        snapshot_tree(&text, root, path);
        swprintf(path, ARRAYSIZE(path), L"SCardSSP.%ls", classes[i][0]);
        snapshot_tree(&text, root, path);
        wcscat(path, L".1");
        snapshot_tree(&text, root, path);
    }
    for (i = 0; i < ARRAYSIZE(libraries); i++)
    {
        swprintf(path, ARRAYSIZE(path), L"TypeLib\\%ls", libraries[i]);
        snapshot_tree(&text, root, path);
    }
    for (i = 0; i < ARRAYSIZE(interfaces); i++)
    {
        swprintf(path, ARRAYSIZE(path), L"Interface\\%ls", interfaces[i][1]);
        snapshot_tree(&text, root, path);
    }
    snapshot_tree(&text, root, L"CLSID\\" PROXY_CLSID);
    RegCloseKey(root);
    return text.data;
}

static void same(const WCHAR *got, const WCHAR *expected, const char *what)
{
    size_t i = 0;

    while (got[i] && got[i] == expected[i])
        i++;
    while (i && got[i - 1] != '\n')
        i--;
    ok(!wcscmp(got, expected), "%s: got \"%.60ls\", expected \"%.60ls\"\n", what, got + i,
       expected + i);
}

/* ---- checks ---- */

static void check_value(const WCHAR *expected, const WCHAR *format, const WCHAR *name,
                        const WCHAR *a)
{
    WCHAR path[256] = L"Software\\Classes\\", value[MAX_PATH + 8] = {0};
    DWORD size = sizeof(value);
    LONG result;

    swprintf(path + wcslen(path), 200, format, a);
    result = RegGetValueW(HKEY_LOCAL_MACHINE, path, name, RRF_RT_REG_SZ, NULL, value, &size);
    ok(!result && !wcsicmp(value, expected), "%ls: got %ld \"%ls\", expected \"%ls\"\n", path,
       result, value, expected);
}

static void test_values(HMODULE module)
{
    WCHAR file[MAX_PATH + 8], progid[64], versioned[64];
    size_t i;

    GetModuleFileNameW(module, file, MAX_PATH);
    for (i = 0; i < ARRAYSIZE(classes); i++)
    {
        const WCHAR *name = classes[i][0], *clsid = classes[i][1];

        test_push("%ls", name);
        swprintf(progid, ARRAYSIZE(progid), L"SCardSSP.%ls", name);
        swprintf(versioned, ARRAYSIZE(versioned), L"%ls.1", progid);
        check_value(file, L"CLSID\\%ls\\InprocServer32", NULL, clsid);
        check_value(L"Both", L"CLSID\\%ls\\InprocServer32", L"ThreadingModel", clsid);
        check_value(versioned, L"CLSID\\%ls\\ProgID", NULL, clsid);
        check_value(progid, L"CLSID\\%ls\\VersionIndependentProgID", NULL, clsid);
        check_value(libraries[i >= 7], L"CLSID\\%ls\\TypeLib", NULL, clsid);
        check_value(clsid, L"SCardSSP.%ls.1\\CLSID", NULL, name);
        check_value(clsid, L"SCardSSP.%ls\\CLSID", NULL, name);
        check_value(versioned, L"SCardSSP.%ls\\CurVer", NULL, name);
        test_pop();
    }
    check_value(file, L"TypeLib\\%ls\\1.0\\0\\" SYSKIND, NULL, libraries[0]);
    wcscat(file, L"\\2");
    check_value(file, L"TypeLib\\%ls\\1.0\\0\\" SYSKIND, NULL, libraries[1]);
}

static void test_interfaces(HMODULE module)
{
    WCHAR file[MAX_PATH];
    CLSID clsid, expected;
    IID iid;
    size_t i;

    GetModuleFileNameW(module, file, MAX_PATH);
    check_value(file, L"CLSID\\%ls\\InprocServer32", NULL, PROXY_CLSID);
    check_value(L"Both", L"CLSID\\%ls\\InprocServer32", L"ThreadingModel", PROXY_CLSID);
    CLSIDFromString(PROXY_CLSID, &expected);
    for (i = 0; i < ARRAYSIZE(interfaces); i++)
    {
        const WCHAR *iid_text = interfaces[i][1];

        check_value(interfaces[i][0], L"Interface\\%ls", NULL, iid_text);
        check_value(interfaces[i][2], L"Interface\\%ls\\NumMethods", NULL, iid_text);
        check_value(PROXY_CLSID, L"Interface\\%ls\\ProxyStubClsid32", NULL, iid_text);
        check_value(libraries[i >= 7], L"Interface\\%ls\\TypeLib", NULL, iid_text);
        check_value(L"1.0", L"Interface\\%ls\\TypeLib", L"Version", iid_text);
        IIDFromString(iid_text, &iid);
        ok_hr(CoGetPSClsid(&iid, &clsid), S_OK);
        ok(IsEqualCLSID(&clsid, &expected), "%ls: other proxies\n", interfaces[i][0]);
    }
}

static void test_libraries(void)
{
    BSTR path;
    GUID libid;
    size_t i;

    for (i = 0; i < ARRAYSIZE(libraries); i++)
    {
        ITypeLib *library = NULL;

        IIDFromString(libraries[i], &libid);
        ok_hr(QueryPathOfRegTypeLib(&libid, 1, 0, 0, &path), S_OK);
        SysFreeString(path);
        ok_hr(LoadRegTypeLib(&libid, 1, 0, 0, &library), S_OK);
        if (library)
            ITypeLib_Release(library);
    }
}

static void write_string(const WCHAR *path, REGSAM view, const WCHAR *value)
{
    HKEY key;

    ok(!RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_WRITE | view, NULL, &key, NULL),
       "cannot write %ls\n", path);
    RegSetValueExW(key, NULL, 0, REG_SZ, (const BYTE *)value, (wcslen(value) + 1) * sizeof(WCHAR));
    RegCloseKey(key);
}

/* Stands in for the DLL of the other width: what both share stays until both are gone. */
static void test_other_width(void)
{
    WCHAR clsid[128], library[128], version[128], *left;

    swprintf(clsid, ARRAYSIZE(clsid), L"Software\\Classes\\CLSID\\%ls", classes[0][1]);
    swprintf(version, ARRAYSIZE(version), L"%ls\\VersionIndependentProgID", clsid);
    swprintf(library, ARRAYSIZE(library),
             L"Software\\Classes\\TypeLib\\%ls\\1.0\\0\\" OTHER_SYSKIND, libraries[0]);
    ok_hr(register_server(), S_OK);
    write_string(version, OTHER_VIEW, L"SCardSSP.CByteBuffer");
    write_string(library, 0, L"other.dll");
    ok_hr(unregister_server(), S_OK);
    left = snapshot();
    ok(!wcsstr(left, L"[CLSID\\"), "a class of this width is left:\n%ls\n", left);
    ok(wcsstr(left, L"[SCardSSP.CByteBuffer\\CLSID]") != NULL, "the other width's ProgID went\n");
    ok(!wcsstr(left, L"[SCardSSP.CSCard\\CLSID]"), "a ProgID of nobody is left\n");
    ok(wcsstr(left, OTHER_SYSKIND) != NULL, "the other width's type library went\n");
    ok(!wcsstr(left, SYSKIND), "this width's type library is left\n");
    free(left);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, version, OTHER_VIEW, 0);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, clsid, OTHER_VIEW, 0);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, library, 0, 0);
    ok_hr(unregister_server(), S_OK);
    left = snapshot();
    same(left, L"", "after both widths");
    free(left);
}

/* An interface whose proxies are somebody else's now is not ours to remove. */
static void test_foreign_proxies(void)
{
    static const WCHAR other[] = L"{00020424-0000-0000-C000-000000000046}";
    WCHAR path[128], *left;

    swprintf(path, ARRAYSIZE(path), L"Software\\Classes\\Interface\\%ls\\ProxyStubClsid32",
             interfaces[2][1]);
    ok_hr(register_server(), S_OK);
    write_string(path, 0, other);
    ok_hr(unregister_server(), S_OK);
    left = snapshot();
    ok(wcsstr(left, other) != NULL, "another program's proxies went\n");
    ok(!wcsstr(left, PROXY_CLSID), "ours are left:\n%ls\n", left);
    free(left);
    *wcsrchr(path, '\\') = 0;
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);
}

/* ---- Wine's own way: the WINE_REGISTRY resources through its registrar ---- */

/* The part of ATL's IRegistrar that is used here. */
struct registrar;
struct registrar_vtbl
{
    HRESULT(WINAPI *QueryInterface)(struct registrar *, REFIID, void **);
    ULONG(WINAPI *AddRef)(struct registrar *);
    ULONG(WINAPI *Release)(struct registrar *);
    HRESULT(WINAPI *AddReplacement)(struct registrar *, const WCHAR *key, const WCHAR *item);
    HRESULT(WINAPI *ClearReplacements)(struct registrar *);
    HRESULT(WINAPI *ResourceRegisterSz)
    (struct registrar *, const WCHAR *, const WCHAR *, const WCHAR *);
    HRESULT(WINAPI *ResourceUnregisterSz)
    (struct registrar *, const WCHAR *, const WCHAR *, const WCHAR *);
    HRESULT(WINAPI *FileRegister)(struct registrar *, const WCHAR *);
    HRESULT(WINAPI *FileUnregister)(struct registrar *, const WCHAR *);
    HRESULT(WINAPI *StringRegister)(struct registrar *, const WCHAR *);
};
struct registrar
{
    const struct registrar_vtbl *vtbl;
};

static HRESULT register_resource(struct registrar *registrar, HMODULE module, int id)
{
    HRSRC resource = FindResourceW(module, MAKEINTRESOURCEW(id), L"WINE_REGISTRY");
    DWORD size = SizeofResource(module, resource);
    const char *data = LockResource(LoadResource(module, resource));
    WCHAR *text;
    HRESULT hr;

    ok(data != NULL, "no resource %d\n", id);
    if (!data)
        return E_FAIL;
    text = calloc(size + 1, sizeof(WCHAR));
    MultiByteToWideChar(CP_ACP, 0, data, size, text, size);
    hr = registrar->vtbl->StringRegister(registrar, text);
    free(text);
    return hr;
}

static void test_wine_registry(HMODULE module, const WCHAR *expected)
{
    HRESULT(WINAPI * create)(struct registrar **);
    HMODULE atl = LoadLibraryA("atl100.dll");
    WCHAR file[MAX_PATH], *got;
    struct registrar *registrar;

    create = (void *)(void (*)(void))GetProcAddress(atl, "AtlCreateRegistrar");
    if (!test_under_wine || !create)
    {
        win_skip("Wine's registrar is not here\n");
        return;
    }
    ok_hr(create(&registrar), S_OK);
    GetModuleFileNameW(module, file, MAX_PATH);
    registrar->vtbl->AddReplacement(registrar, L"MODULE", file);
    ok_hr(register_resource(registrar, module, 1), S_OK);
    ok_hr(register_resource(registrar, module, 2), S_OK);
    registrar->vtbl->Release(registrar);
    got = snapshot();
    same(got, expected, "resources against DllRegisterServer");
    free(got);
    ok_hr(unregister_server(), S_OK);
    got = snapshot();
    same(got, L"", "DllUnregisterServer after the resources");
    free(got);
}

START_TEST(register)
{
    HMODULE module = LoadLibraryA("scardssp.dll");
    WCHAR *before, *first, *second, *after;

    ok(module != NULL, "scardssp.dll does not load: %lu\n", GetLastError());
    if (!module)
        return;
    register_server = (void *)(void (*)(void))GetProcAddress(module, "DllRegisterServer");
    unregister_server = (void *)(void (*)(void))GetProcAddress(module, "DllUnregisterServer");
    before = snapshot();
    if (wcsstr(before, OTHER_SYSKIND))
    {
        skip("the DLL of the other width is registered: unregister it first\n");
        return;
    }
    unregister_server();
    after = snapshot();
    same(after, L"", "the start");
    free(after);

    CoInitializeEx(NULL, COINIT_MULTITHREADED); /* CoGetPSClsid wants it */
    fact(DOCUMENTED);
    ok_hr(unregister_server(), S_OK);
    ok_hr(register_server(), S_OK);
    first = snapshot();
    test_values(module);
    test_libraries();
    test_interfaces(module);
    ok_hr(register_server(), S_OK);
    second = snapshot();
    same(second, first, "registered twice");
    ok_hr(unregister_server(), S_OK);
    after = snapshot();
    same(after, L"", "unregistered");
    fact(GUESS);
    test_other_width();
    test_foreign_proxies();
    test_wine_registry(module, first);
    if (before[0])
        register_server();
    free(before);
    free(first);
    free(second);
    free(after);
    CoUninitialize();
    FreeLibrary(module);
}
