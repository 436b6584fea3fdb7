/*
 * Aliases when the registry fails: each call that changes it fails once. What was registered before
 * is then there as it was, with no alias, or the alias is whole.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <ole2.h>

#include "test.h"

#define FAILURE ERROR_NO_SYSTEM_RESOURCES

static int calls_left; /* until one fails; below 0: none does */

static BOOL fails(void)
{
    return calls_left-- == 0;
}

#define RegCreateKeyExW(...) (fails() ? FAILURE : RegCreateKeyExW(__VA_ARGS__))
#define RegSetValueExW(...)  (fails() ? FAILURE : RegSetValueExW(__VA_ARGS__))
#define RegCopyTreeW(...)    (fails() ? FAILURE : RegCopyTreeW(__VA_ARGS__))
#define RegDeleteTreeW(...)  (fails() ? FAILURE : RegDeleteTreeW(__VA_ARGS__))
#define RegDeleteKeyExW(...) (fails() ? FAILURE : RegDeleteKeyExW(__VA_ARGS__))

#include "../../dlls/registry/classalias.c"

#undef RegCreateKeyExW
#undef RegSetValueExW
#undef RegDeleteTreeW

#define MAX_CALLS 100
#define DLL       L"C:\\windows\\system32\\scardssp.dll"

static const CLSID vendor =
    {0xA80F1177, 0xD1F8, 0x11D0, {0xB5, 0xC5, 0x00, 0xA0, 0x24, 0x29, 0x7E, 0xD9}};

static void open_key(BOOL create, const WCHAR *below, HKEY *key)
{
    WCHAR path[2 * PATH_TEXT];

    clsid_path(&vendor, path);
    lstrcatW(path, below);
    *key = NULL;
    if (create)
        ok(!RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, key, NULL),
           "%ls\n", path);
    else
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_ALL_ACCESS, key);
}

static void put(const WCHAR *below, const WCHAR *value, const WCHAR *text)
{
    HKEY key;

    open_key(TRUE, below, &key);
    ok(!RegSetValueExW(key, value, 0, REG_SZ, (const BYTE *)text,
                       (lstrlenW(text) + 1) * sizeof(WCHAR)),
       "%ls\n", text);
    RegCloseKey(key);
}

static void put_vendor(void)
{
    put(L"", NULL, L"A vendor's provider");
    put(L"\\InprocServer32", NULL, L"vendor.dll");
    put(L"\\InprocServer32", L"ThreadingModel", L"Apartment");
    put(L"\\ProgID", NULL, L"Vendor.Provider");
}

static void clear(void)
{
    HKEY key;

    open_key(FALSE, L"", &key);
    if (key)
    {
        RegDeleteTreeW(key, NULL);
        RegDeleteKeyW(key, L"");
        RegCloseKey(key);
    }
}

static void has(const WCHAR *below, const WCHAR *value, const WCHAR *wanted)
{
    WCHAR text[MAX_PATH] = L"";
    HKEY key;

    open_key(FALSE, below, &key);
    if (!ok(key != NULL, "no key %ls\n", below))
        return;
    read_path(key, value, text);
    RegCloseKey(key);
    ok(!lstrcmpW(text, wanted), "%ls: %ls, not %ls\n", below, text, wanted);
}

/* Nothing but what the vendor wrote. */
static void vendor_is_there(void)
{
    DWORD keys = 0, values = 0;
    HKEY key;

    has(L"", NULL, L"A vendor's provider");
    has(L"\\InprocServer32", NULL, L"vendor.dll");
    has(L"\\InprocServer32", L"ThreadingModel", L"Apartment");
    has(L"\\ProgID", NULL, L"Vendor.Provider");
    open_key(FALSE, L"", &key);
    RegQueryInfoKeyW(key, NULL, NULL, NULL, &keys, NULL, NULL, &values, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    ok_uint(keys, 2);
    ok_uint(values, 1);
}

static void nothing_is_there(void)
{
    HKEY key;

    open_key(FALSE, L"", &key);
    ok(!key, "a key stays\n");
    if (key)
        RegCloseKey(key);
}

static BOOL is_listed(void)
{
    WCHAR name[ALIAS_NAME];
    CLSID clsid;

    return classalias_enumerate(0, 0, &clsid, name) != ERROR_NO_MORE_ITEMS;
}

static void check_before(BOOL registered)
{
    if (registered)
        vendor_is_there();
    else
        nothing_is_there();
    ok(!is_listed(), "it is listed\n");
}

static void begin(BOOL registered, int n)
{
    test_push("registered %d, call %d", registered, n);
    clear();
    if (registered)
        put_vendor();
}

static void test_add(BOOL registered)
{
    LONG result = FAILURE;
    int n;

    for (n = 0; result && n < MAX_CALLS; n++)
    {
        begin(registered, n);
        calls_left = n;
        result = classalias_add(&vendor, L"SCardManage", DLL, 0);
        calls_left = -1;
        ok(!result || result == FAILURE, "result %ld\n", result);
        if (result)
            check_before(registered);
        else
        {
            has(L"", L"ScardsspClass", L"SCardManage");
            has(L"\\InprocServer32", NULL, DLL);
            ok(!classalias_remove(&vendor, 0), "it cannot be removed\n");
            check_before(registered);
        }
        test_pop();
    }
    ok(n > 5 && n < MAX_CALLS, "%d calls\n", n);
}

/* Ending one that failed is done again, until what was before is there. */
static void test_remove(BOOL registered)
{
    LONG result = FAILURE;
    int n;

    for (n = 0; result && n < MAX_CALLS; n++)
    {
        begin(registered, n);
        ok(!classalias_add(&vendor, L"SCardManage", DLL, 0), "it cannot be added\n");
        calls_left = n;
        result = classalias_remove(&vendor, 0);
        calls_left = -1;
        if (result)
            ok(!classalias_remove(&vendor, 0), "it cannot be removed again\n");
        check_before(registered);
        test_pop();
    }
    ok(n > 1 && n < MAX_CALLS, "%d calls\n", n);
}

START_TEST(aliasfault)
{
    HKEY key;

    test_add(FALSE);
    test_add(TRUE);
    test_remove(FALSE);
    test_remove(TRUE);
    clear();
    /* A list that could not be deleted goes with the next alias. */
    ok(!classalias_add(&vendor, L"SCardManage", DLL, 0), "it cannot be added\n");
    ok(!classalias_remove(&vendor, 0), "it cannot be removed\n");
    ok(RegOpenKeyExW(HKEY_LOCAL_MACHINE, list_path, 0, KEY_READ, &key), "a list stays\n");
}
