/*
 * The card types that registering writes: never over a user's own, and gone without a rest.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loads scardssp.dll by name; leaves it registered, with its card types.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"

#include "cardtest.h"

#define ROOT L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\"

static ISCardDatabase *database;

/* Every string of an array with ';' behind it. */
static const WCHAR *all_names(SAFEARRAY *array)
{
    static WCHAR text[8192];
    LONG i, upper = -1;
    BSTR string;

    text[0] = 0;
    SafeArrayGetUBound(array, 1, &upper);
    for (i = 0; i <= upper; i++)
    {
        SafeArrayGetElement(array, &i, &string);
        wcscat(text, string);
        wcscat(text, L";");
        SysFreeString(string);
    }
    return text;
}

#define CRYPTOFLEX L"Schlumberger Cryptoflex 8K v2"

static BOOL listed(const WCHAR *name)
{
    SAFEARRAY *names;
    const WCHAR *at;
    BOOL found;

    if (ISCardDatabase_ListCards(database, NULL, NULL, 0, &names) != S_OK)
        return FALSE;
    at = wcsstr(all_names(names), name);
    found = at && at[wcslen(name)] == ';';
    SafeArrayDestroy(names);
    return found;
}

/* A value of what registering writes, in this program's own view. */
static LONG set_value(const WCHAR *value, const BYTE *data, DWORD size)
{
    LONG result;
    HKEY key;

    if ((result = RegOpenKeyExW(HKEY_LOCAL_MACHINE, ROOT CRYPTOFLEX, 0, KEY_SET_VALUE, &key)))
        return result;
    result = RegSetValueExW(key, value, 0, REG_BINARY, data, size);
    RegCloseKey(key);
    return result;
}

static BOOL has_key(const WCHAR *path)
{
    HKEY key;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key))
        return FALSE;
    RegCloseKey(key);
    return TRUE;
}

/* Without records nothing of the database stays that was not there before. */
static void test_no_rest(HRESULT(WINAPI *register_server)(void),
                         HRESULT(WINAPI *unregister_server)(void))
{
    ok_hr(unregister_server(), S_OK);
    if (test_under_wine) /* Windows has the key from the start */
        ok(!has_key(L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards"),
           "the key above stayed\n");
    ok_hr(register_server(), S_OK);
}

static void test_defaults(void)
{
    static const BYTE atr[] = {0x3b, 0x95, 0x15, 0x40, 0x20, 0x68, 0x01, 0x02, 0x01, 0x01};
    static const BYTE all_ones[10] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    HRESULT(WINAPI * register_server)(void), (WINAPI * unregister_server)(void);
    HMODULE module = LoadLibraryA("scardssp.dll");
    IByteBuffer *buffer = create_buffer(atr, sizeof(atr));
    BSTR name = SysAllocString(CRYPTOFLEX);
    SAFEARRAY *names;
    GUID *guid;

    register_server = (void *)GetProcAddress(module, "DllRegisterServer");
    unregister_server = (void *)GetProcAddress(module, "DllUnregisterServer");
    ok_hr(register_server(), S_OK);
    ok_hr(ISCardDatabase_ListCards(database, buffer, NULL, 0, &names), S_OK);
    ok(!wcscmp(all_names(names), CRYPTOFLEX L";"), "got %ls\n", all_names(names));
    SafeArrayDestroy(names);
    fact(DOCUMENTED);
    ok_hr(ISCardDatabase_GetProviderCardId(database, name, &guid), 0x80070002);
    fact(GUESS);

    /* Changed by the user: neither registering nor unregistering touches it. */
    ok_uint(set_value(L"ATRMask", all_ones, 10), 0);
    ok_hr(register_server(), S_OK);
    ok_hr(unregister_server(), S_OK);
    ok(has_key(ROOT CRYPTOFLEX), "the user's record went\n");
    ok(!has_key(ROOT L"Schlumberger Cryptoflex 4K"), "a record of ours stayed\n");
    ok_hr(register_server(), S_OK);
    ok_hr(unregister_server(), S_OK);
    ok(has_key(ROOT CRYPTOFLEX), "the user's record went later\n");
    delete_key(HKEY_LOCAL_MACHINE, ROOT CRYPTOFLEX, 0);

    /* The same where a vendor has only added a value that registering does not know. */
    ok_hr(register_server(), S_OK);
    ok_uint(set_value(L"80000001", all_ones, 10), 0);
    ok_hr(unregister_server(), S_OK);
    ok(has_key(ROOT CRYPTOFLEX), "the vendor's value went\n");
    delete_key(HKEY_LOCAL_MACHINE, ROOT CRYPTOFLEX, 0);
    ok_hr(register_server(), S_OK);
    ok(listed(CRYPTOFLEX), "not written\n");
    ok_hr(unregister_server(), S_OK);
    ok(!has_key(ROOT CRYPTOFLEX), "our record stayed\n");
    test_no_rest(register_server, unregister_server);
    SysFreeString(name);
    IByteBuffer_Release(buffer);
    FreeLibrary(module);
}

START_TEST(carddefaults)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    test_defaults();
    ISCardDatabase_Release(database);
    CoUninitialize();
}
