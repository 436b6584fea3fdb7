/*
 * Aliases of readers: what they find, what ListReaders shows, what damaged ones do.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"

#include "cardtest.h"

#define KEY_PATH  L"Software\\scardssp\\Readers"
#define ALIAS     L"OMNIKEY CardMan 3x21 0"
#define LONG_TEXT 200

static BSTR true_name;

static void set(HKEY root, const WCHAR *name, DWORD type, const void *data, DWORD size)
{
    HKEY key;

    ok(!RegCreateKeyExW(root, KEY_PATH, 0, NULL, 0, KEY_SET_VALUE | KEY_WOW64_64KEY, NULL, &key,
                        NULL) &&
           !RegSetValueExW(key, name, 0, type, data, size),
       "registry\n");
    RegCloseKey(key);
}

static void set_text(HKEY root, const WCHAR *name, const WCHAR *text)
{
    set(root, name, REG_SZ, text, (lstrlenW(text) + 1) * sizeof(WCHAR));
}

static void clear(void)
{
    RegDeleteKeyExW(HKEY_CURRENT_USER, KEY_PATH, KEY_WOW64_64KEY, 0);
    RegDeleteKeyExW(HKEY_LOCAL_MACHINE, KEY_PATH, KEY_WOW64_64KEY, 0);
}

static HRESULT attach(const WCHAR *name)
{
    BSTR reader = SysAllocString(name);
    ISCard *card = create_card();
    HRESULT hr = ISCard_AttachByReader(card, reader, SHARED, T0 | T1);

    if (SUCCEEDED(hr))
        ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    ISCard_Release(card);
    SysFreeString(reader);
    return hr;
}

/* How often ListReaders names it. */
static int listed(const WCHAR *name)
{
    ISCardDatabase *database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    SAFEARRAY *array = NULL;
    LONG i, upper = -1;
    int count = 0;
    BSTR text;

    ok_hr(ISCardDatabase_ListReaders(database, 0, &array), S_OK);
    if (array)
        SafeArrayGetUBound(array, 1, &upper);
    for (i = 0; i <= upper; i++)
    {
        SafeArrayGetElement(array, &i, &text);
        count += !lstrcmpW(text, name);
        SysFreeString(text);
    }
    SafeArrayDestroy(array);
    ISCardDatabase_Release(database);
    return count;
}

/* NULL: the true name. */
static const struct row
{
    const WCHAR *reader;
    BOOL found;
} rows[] =
{
    {NULL, TRUE},
    {L"Virtual PCD 00 0*", TRUE},
    {L"*", TRUE},
    {L"V*PCD*0", TRUE},
    {L"**Virtual*", TRUE},
    {L"*PCD 00 00", TRUE},
    {L"virtual*", FALSE},
    {L"Virtual PCD", FALSE},
    {L"Virtual*x", FALSE},
    {L"*0 00 00 *", FALSE},
    {L"No such reader", FALSE},
    {ALIAS, FALSE}, /* an alias of itself */
};

static void test_rows(HKEY root, const char *place)
{
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("%s, row %u", place, (unsigned)i);
        set_text(root, ALIAS, rows[i].reader ? rows[i].reader : true_name);
        ok_hr(attach(ALIAS), rows[i].found ? S_OK : SCARD_E_UNKNOWN_READER);
        ok(listed(ALIAS) == rows[i].found, "listed %d times\n", listed(ALIAS));
        ok(listed(true_name) == 1, "the reader itself is listed %d times\n", listed(true_name));
    }
    test_push("%s", place);
    set_text(root, ALIAS, true_name);
    ok_hr(attach(L"omnikey cardman 3X21 0"), S_OK);
    ok_hr(attach(true_name), S_OK);
    clear();
    ok_hr(attach(ALIAS), SCARD_E_UNKNOWN_READER);
    ok(!listed(ALIAS), "listed still\n");
    test_pop();
}

/* The user's own goes first; a reader's true name is never something else. */
static void test_order(void)
{
    BSTR empty = reader_without_card();

    set_text(HKEY_CURRENT_USER, ALIAS, true_name);
    set_text(HKEY_LOCAL_MACHINE, ALIAS, empty);
    ok_hr(attach(ALIAS), S_OK);
    ok(listed(ALIAS) == 1, "listed %d times\n", listed(ALIAS));
    set_text(HKEY_CURRENT_USER, ALIAS, empty);
    ok_hr(attach(ALIAS), SCARD_E_NO_SMARTCARD);
    set_text(HKEY_CURRENT_USER, true_name, empty);
    ok_hr(attach(true_name), S_OK);
    ok(listed(true_name) == 1, "listed %d times\n", listed(true_name));
    clear();
    SysFreeString(empty);
}

static void test_damaged(void)
{
    static const WCHAR star[] = {'*'};
    WCHAR longer[LONG_TEXT + 1], name[32];
    DWORD number = '*';
    int i;

    for (i = 0; i < LONG_TEXT; i++)
        longer[i] = '*';
    longer[LONG_TEXT] = 0;
    set(HKEY_CURRENT_USER, L"number", REG_DWORD, &number, sizeof(number));
    set(HKEY_CURRENT_USER, L"binary", REG_BINARY, star, sizeof(star));
    set(HKEY_CURRENT_USER, L"half", REG_SZ, star, 1);
    set(HKEY_CURRENT_USER, L"none", REG_SZ, NULL, 0);
    set_text(HKEY_CURRENT_USER, L"long", longer);
    set_text(HKEY_CURRENT_USER, longer, L"*");
    set_text(HKEY_CURRENT_USER, L"control", L"*\n");
    set_text(HKEY_CURRENT_USER, L"", L"*");
    set(HKEY_CURRENT_USER, L"no end", REG_SZ, star, sizeof(star));
    set_text(HKEY_CURRENT_USER, ALIAS, L"*");
    ok_hr(attach(L"number"), SCARD_E_UNKNOWN_READER);
    ok_hr(attach(L"binary"), SCARD_E_UNKNOWN_READER);
    ok_hr(attach(L"half"), SCARD_E_UNKNOWN_READER);
    ok_hr(attach(L"none"), SCARD_E_UNKNOWN_READER);
    ok_hr(attach(L"long"), SCARD_E_UNKNOWN_READER);
    ok_hr(attach(L"control"), SCARD_E_UNKNOWN_READER);
    ok(FAILED(attach(longer)), "a name of %u\n", LONG_TEXT);
    ok_hr(attach(L"no end"), S_OK);
    ok_hr(attach(ALIAS), S_OK);
    ok(!listed(L"number") && !listed(L"binary") && !listed(L"half") && !listed(L"none") &&
           !listed(L"long") && !listed(longer) && !listed(L"control") && !listed(L""),
       "damaged ones are listed\n");
    ok(listed(ALIAS) == 1 && listed(L"no end") == 1, "good ones are not listed\n");
    clear();
    for (i = 0; i < 400; i++)
    {
        wsprintfW(name, L"alias %d", i);
        set_text(HKEY_CURRENT_USER, name, L"*");
    }
    ok(listed(true_name) == 1, "with 400 aliases\n");
    ok_hr(attach(L"alias 399"), S_OK);
    clear();
}

START_TEST(readeralias)
{
    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    true_name = reader_with_card();
    clear();
    test_rows(HKEY_CURRENT_USER, "user");
    test_rows(HKEY_LOCAL_MACHINE, "machine");
    test_order();
    test_damaged();
    SysFreeString(true_name);
    CoUninitialize();
}
