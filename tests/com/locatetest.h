/*
 * What the tests of ISCardLocate share: card types of the simulated cards, arrays of names.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h, the interface headers and cardtest.h.
 */

#ifndef TESTS_COM_LOCATETEST_H
#define TESTS_COM_LOCATETEST_H

#define TEST_TYPES       L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\"
#define TEST_INTERFACE_A L"{41414141-4141-4141-4141-414141414141}"
#define TEST_INTERFACE_B L"{42424242-4242-4242-4242-424242424242}"
#define TEST_INTERFACE_C L"{43434343-4343-4343-4343-434343434343}"

/* The rig's card iso-t1, and one that is in no reader. */
static const struct
{
    const WCHAR *name;
    const char *atr, *mask;
    DWORD length;
    const char *interfaces;
    DWORD interfaces_length;
} test_card_types[] =
{
    {L"scardssp test iso",
     "\x3b\x87\x81\x31\xfe\x45\x80\x31\xe8\x73\xf7\x41\x00\x00",
     "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00", 14,
     "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB", 32},
    {L"scardssp test other", "\x3b\x02\x14\x51", "\xff\xff\xff\xff", 4, "CCCCCCCCCCCCCCCC", 16},
};

TEST_USED static void delete_card_types(void)
{
    WCHAR path[256];
    size_t i;

    for (i = 0; i < ARRAYSIZE(test_card_types); i++)
    {
        swprintf(path, ARRAYSIZE(path), TEST_TYPES L"%ls", test_card_types[i].name);
        delete_key(HKEY_LOCAL_MACHINE, path, KEY_WOW64_64KEY);
    }
}

TEST_USED static void write_card_types(void)
{
    WCHAR path[256];
    HKEY key;
    size_t i;

    for (i = 0; i < ARRAYSIZE(test_card_types); i++)
    {
        swprintf(path, ARRAYSIZE(path), TEST_TYPES L"%ls", test_card_types[i].name);
        if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_SET_VALUE | KEY_WOW64_64KEY,
                            NULL, &key, NULL))
        {
            skip("card type %u cannot be written\n", (unsigned)i);
            continue;
        }
        RegSetValueExW(key, L"ATR", 0, REG_BINARY, (const BYTE *)test_card_types[i].atr,
                       test_card_types[i].length);
        RegSetValueExW(key, L"ATRMask", 0, REG_BINARY, (const BYTE *)test_card_types[i].mask,
                       test_card_types[i].length);
        RegSetValueExW(key, L"Supported Interfaces", 0, REG_BINARY,
                       (const BYTE *)test_card_types[i].interfaces,
                       test_card_types[i].interfaces_length);
        RegCloseKey(key);
    }
}

/* An array of the names that are not NULL. */
TEST_USED static SAFEARRAY *names_array(const WCHAR *first, const WCHAR *second)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_BSTR, 0, !!first + !!second);
    const WCHAR *names[] = {first, second};
    BSTR string;
    LONG i;

    for (i = 0; i < 2 && names[i]; i++)
    {
        string = SysAllocString(names[i]);
        SafeArrayPutElement(array, &i, string);
        SysFreeString(string);
    }
    return array;
}

TEST_USED static ISCardLocate *create_locate(void)
{
    return create(&CLSID_CSCardLocate, &IID_ISCardLocate);
}

#endif
