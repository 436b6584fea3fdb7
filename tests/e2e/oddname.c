/*
 * A reader whose name is no UTF-8: what programs get of it leads back to it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The rig's reader is "L\351cteur \300\200 ..." in bytes: Latin-1, a NUL in two bytes, and a Euro
 * sign that is UTF-8. Wine's winscard.dll loses such bytes before they reach us: over it the name
 * leads to no reader, and to no other one either, and other readers are as ever.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "rig/rigctl.h"
#include "../com/cardtest.h"

#define NAME \
    L"L\xdce9" \
    L"cteur \xdcc0\xdc80 \x20ac (A1B2C3D4) 00 00"
#define KEY L"Software\\Scardssp Test"

static void rig(const char *line)
{
    char answer[4096];

    if (rig_request(line, answer, sizeof(answer)))
        ok(0, "%s: %s\n", line, answer);
}

/* The name as the database lists it; NULL when it does not. */
static BSTR find_listed(const WCHAR *wanted)
{
    ISCardDatabase *database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    SAFEARRAY *array = NULL;
    LONG i, last = -1;
    BSTR name = NULL, found = NULL;

    ok_hr(ISCardDatabase_ListReaders(database, 0, &array), S_OK);
    if (array)
        SafeArrayGetUBound(array, 1, &last);
    for (i = 0; i <= last; i++)
    {
        SafeArrayGetElement(array, &i, &name);
        if (name && !lstrcmpW(name, wanted))
            found = SysAllocString(name);
        SysFreeString(name);
    }
    SafeArrayDestroy(array);
    ISCardDatabase_Release(database);
    return found;
}

static BSTR listed_name(const WCHAR *wanted)
{
    BSTR found = find_listed(wanted);

    ok(found && SysStringLen(found) == (UINT)lstrlenW(wanted), "%ls is not listed\n", wanted);
    return found;
}

static void use_name(BSTR name)
{
    static const BYTE select[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00};
    ISCard *card = create_card();
    ISCardManage *manage = create_manage();
    HRESULT hr;

    ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), S_OK);
    ok_uint(send_apdu(card, select, sizeof(select), &hr), 0x9000);
    ISCard_Release(card);
    ok_hr(ISCardManage_AttachByIFD(manage, name, SHARED), S_OK);
    ISCardManage_Detach(manage);
    ISCardManage_Release(manage);
}

/* Other lone surrogates are no bytes, and a name that only looks like it is another. */
static void use_wrong_names(void)
{
    static const WCHAR *const wrong[] =
    {
        L"L\xdd01" L"cteur \xdcc0\xdc80 \x20ac (A1B2C3D4) 00 00",
        L"L\xfffd" L"cteur \xfffd\xfffd \x20ac (A1B2C3D4) 00 00",
        L"L\xe9" L"cteur \xdcc0\xdc80 \x20ac (A1B2C3D4) 00 00", L"L\xd83d" L"cteur"
    };
    ISCard *card = create_card();
    BSTR name;
    size_t i;

    for (i = 0; i < ARRAYSIZE(wrong); i++)
    {
        name = SysAllocString(wrong[i]);
        ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), SCARD_E_UNKNOWN_READER);
        SysFreeString(name);
    }
    ISCard_Release(card);
}

/* A program that keeps its reader's name there finds the reader again. */
static void use_registry(BSTR name)
{
    WCHAR value[64] = L"";
    DWORD size = sizeof(value);
    BSTR again;
    HKEY key;

    ok(!RegCreateKeyExW(HKEY_CURRENT_USER, KEY, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL),
       "no key\n");
    ok(!RegSetValueExW(key, L"Reader", 0, REG_SZ, (BYTE *)name,
                       (SysStringLen(name) + 1) * sizeof(WCHAR)),
       "no value\n");
    RegFlushKey(key);
    ok(!RegQueryValueExW(key, L"Reader", NULL, NULL, (BYTE *)value, &size), "no value\n");
    RegCloseKey(key);
    delete_key(HKEY_CURRENT_USER, KEY, 0);
    again = SysAllocString(value);
    use_name(again);
    SysFreeString(again);
}

static void test_over_winscard(void)
{
    BSTR lost = listed_name(L"L\xfffd"
                            L"cteur \xfffd\xfffd \x20ac (A1B2C3D4) 00 00");
    BSTR empty = listed_name(L"Scardssp Empty 01 00");
    BSTR name = SysAllocString(NAME);
    ISCard *card = create_card();

    ok(!find_listed(NAME), "Wine's winscard.dll keeps the bytes now: its readers can be used\n");
    ok_hr(ISCard_AttachByReader(card, lost, SHARED, T0 | T1), SCARD_E_UNKNOWN_READER);
    ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), SCARD_E_UNKNOWN_READER);
    ok_hr(ISCard_AttachByReader(card, empty, SHARED, T0 | T1), SCARD_E_NO_SMARTCARD);
    rig("reader vpcd");
    SysFreeString(name);
    name = reader_with_card();
    use_name(name);
    ISCard_Release(card);
    SysFreeString(name);
    SysFreeString(empty);
    SysFreeString(lost);
}

START_TEST(oddname)
{
    BSTR name;

    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    rig("reader odd");
    if (native_handles())
        test_over_winscard();
    else if ((name = listed_name(NAME)))
    {
        use_name(name);
        use_registry(name);
        use_wrong_names();
        SysFreeString(name);
    }
    rig("reader vpcd");
    CoUninitialize();
}
