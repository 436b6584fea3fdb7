/*
 * ISCardDatabase: the card types of the registry, damaged ones among them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the rig's two readers. Its records are removed at the end.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"

#include "badtexts.h"
#include "cardtest.h"
#include "doubles.h"

#define ROOT         L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\"
#define PREFIX       L"scardssp test "
#define UNKNOWN_CARD ((HRESULT)SCARD_E_UNKNOWN_CARD)

static ISCardDatabase *database;

/* ---- records ---- */

#define V64 KEY_WOW64_64KEY
#define V32 KEY_WOW64_32KEY

static const BYTE provider[16] = "0123456789abcdef";
#define PROVIDER_TEXT L"{33323130-3534-3736-3839-616263646566}"
static const BYTE interfaces[48] = "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCC";
#define INTERFACE_A L"{41414141-4141-4141-4141-414141414141}"
#define INTERFACE_B L"{42424242-4242-4242-4242-424242424242}"
#define INTERFACE_C L"{43434343-4343-4343-4343-434343434343}"

static const BYTE huge[70000];

static const struct
{
    REGSAM view;
    const WCHAR *card, *value;
    DWORD type;
    const void *data;
    DWORD size;
} records[] =
{
    {V64, L"plain", L"ATR", REG_BINARY, "\x3b\x99\x01\x02", 4},
    {V64, L"plain", L"ATRMask", REG_BINARY, "\xff\xff\xff\xff", 4},
    {V64, L"plain", L"Primary Provider", REG_BINARY, provider, 16},
    {V64, L"plain", L"Supported Interfaces", REG_BINARY, interfaces, 32},
    {V32, L"from 32 bit", L"ATR", REG_BINARY, "\x3b\x99\x01\x00", 4},
    {V32, L"from 32 bit", L"ATRMask", REG_BINARY, "\xff\xff\xff\x00", 4},
    {V32, L"from 32 bit", L"Supported Interfaces", REG_BINARY, interfaces, 48},
    /* One name in both views: the 64-bit one goes first, the other fills it. */
    {V64, L"Both", L"ATR", REG_BINARY, "\x3b\xb0", 2},
    {V32, L"BOTH", L"ATR", REG_BINARY, "\x3b\xb1", 2},
    {V32, L"BOTH", L"Primary Provider", REG_BINARY, provider, 16},
    /* Damaged in every way. */
    {V64, L"bad mask", L"ATR", REG_BINARY, "\x3b\x99\x01\x02", 4},
    {V64, L"bad mask", L"ATRMask", REG_BINARY, "\xff\xff\xff", 3},
    {V64, L"bad mask", L"Primary Provider", REG_BINARY, provider, 15},
    {V64, L"bad mask", L"Supported Interfaces", REG_BINARY, interfaces, 17},
    {V64, L"bad type", L"ATR", REG_SZ, L"3b990102", 18},
    {V64, L"bad type", L"Primary Provider", REG_SZ, PROVIDER_TEXT, 78},
    {V64, L"bad type", L"Supported Interfaces", REG_DWORD, interfaces, 4},
    {V64, L"huge", L"ATR", REG_BINARY, huge, sizeof(huge)},
    {V64, L"huge", L"ATRMask", REG_BINARY, huge, sizeof(huge)},
    {V64, L"huge", L"Primary Provider", REG_BINARY, huge, sizeof(huge)},
    {V64, L"huge", L"Supported Interfaces", REG_BINARY, huge, sizeof(huge)},
    {V64, L"empty", L"ATR", REG_BINARY, "", 0},
    {V64, L"unmasked", L"ATR", REG_BINARY, "\x3b\x99\x01\x02", 4},
    {V64, L"unmasked", L"ATRMask", REG_BINARY, "\xff\xff\xff\x00", 4},
};

static void write_records(void)
{
    WCHAR path[256];
    HKEY key;
    size_t i;

    for (i = 0; i < ARRAYSIZE(records); i++)
    {
        swprintf(path, ARRAYSIZE(path), ROOT PREFIX L"%ls", records[i].card);
        if (RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_SET_VALUE | records[i].view,
                            NULL, &key, NULL))
        {
            skip("row %u cannot be written\n", (unsigned)i);
            continue;
        }
        RegSetValueExW(key, records[i].value, 0, records[i].type, records[i].data, records[i].size);
        RegCloseKey(key);
    }
}

static void delete_records(void)
{
    WCHAR path[256];
    size_t i;

    for (i = 0; i < ARRAYSIZE(records); i++)
    {
        swprintf(path, ARRAYSIZE(path), ROOT PREFIX L"%ls", records[i].card);
        delete_key(HKEY_LOCAL_MACHINE, path, records[i].view);
    }
}

/* ---- arrays ---- */

static BSTR element(SAFEARRAY *array, LONG index)
{
    BSTR string = NULL;

    SafeArrayGetElement(array, &index, &string);
    return string;
}

static LONG length(SAFEARRAY *array)
{
    LONG upper = -2;

    SafeArrayGetUBound(array, 1, &upper);
    return upper + 1;
}

static void check_shape(SAFEARRAY *array)
{
    VARTYPE type = VT_EMPTY;
    LONG lower = -1;

    ok(array != NULL, "no array\n");
    if (!array)
        return;
    fact(NATIVE);
    ok_hr(SafeArrayGetVartype(array, &type), S_OK);
    ok_uint(type, VT_BSTR);
    ok_uint(SafeArrayGetDim(array), 1);
    ok_hr(SafeArrayGetLBound(array, 1, &lower), S_OK);
    ok_uint(lower, 0);
    fact(GUESS);
}

/* The array's strings, sorted as they come, those of this test only unless all; each with ';'. */
static const WCHAR *joined(SAFEARRAY *array, BOOL all)
{
    static WCHAR text[8192];
    BSTR string;
    LONG i;

    text[0] = 0;
    for (i = 0; i < length(array); i++)
    {
        string = element(array, i);
        if (all || !wcsncmp(string, PREFIX, wcslen(PREFIX)))
        {
            wcscat(text, all ? string : string + wcslen(PREFIX));
            wcscat(text, L";");
        }
        SysFreeString(string);
    }
    return text;
}

/* An array of the strings in text, each ended by ';', from a lower bound on. */
static SAFEARRAY *array_of(const WCHAR *text, LONG lower)
{
    const WCHAR *at, *end;
    SAFEARRAY *array;
    LONG index = 0;
    BSTR string;

    for (at = text; (at = wcschr(at, ';')); at++)
        index++;
    array = SafeArrayCreateVector(VT_BSTR, lower, index);
    for (index = lower; (end = wcschr(text, ';')); text = end + 1, index++)
    {
        string = SysAllocStringLen(text, end - text);
        SafeArrayPutElement(array, &index, string);
        SysFreeString(string);
    }
    return array;
}

/* ---- ListCards ---- */

static const struct
{
    const char *atr;
    LONG atr_length; /* -1: no buffer */
    const WCHAR *interfaces; /* NULL: no array */
    const WCHAR *expected;
} list_rows[] =
{
    {NULL, -1, NULL, L"bad mask;bad type;Both;empty;from 32 bit;huge;plain;unmasked;"},
    {"", 0, L"", L"bad mask;bad type;Both;empty;from 32 bit;huge;plain;unmasked;"},
    {"\x3b\x99\x01\x02", 4, NULL, L"from 32 bit;plain;"},
    {"\x3b\x99\x01\x77", 4, NULL, L"from 32 bit;"},
    {"\x3b\x99\x01", 3, NULL, L""},
    {"\x3b\x99\x01\x02\x00", 5, NULL, L""},
    {"\x3b\xb0", 2, NULL, L"Both;"},
    {"\x3b\xb1", 2, NULL, L""},
    {NULL, -1, INTERFACE_A L";", L"from 32 bit;plain;"},
    {NULL, -1, INTERFACE_B L";" INTERFACE_A L";", L"from 32 bit;plain;"},
    {NULL, -1, INTERFACE_A L";" INTERFACE_C L";", L"from 32 bit;"},
    {NULL, -1, PROVIDER_TEXT L";", L""},
    {"\x3b\x99\x01\x02", 4, INTERFACE_C L";", L"from 32 bit;"},
    {"\x3b\xb0", 2, INTERFACE_A L";", L""},
};

static void test_list_cards(void)
{
    SAFEARRAY *names, *wanted;
    IByteBuffer *atr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(list_rows); i++)
    {
        test_push("row %u", (unsigned)i);
        atr = list_rows[i].atr_length < 0
                  ? NULL
                  : create_buffer((const BYTE *)list_rows[i].atr, list_rows[i].atr_length);
        wanted = list_rows[i].interfaces ? array_of(list_rows[i].interfaces, i % 3) : NULL;
        names = (SAFEARRAY *)0xdeadbeef;
        fact(DOCUMENTED);
        ok_hr(ISCardDatabase_ListCards(database, atr, wanted, LOCALE_USER_DEFAULT, &names), S_OK);
        check_shape(names);
        ok(!wcscmp(joined(names, FALSE), list_rows[i].expected), "got %ls\n", joined(names, FALSE));
        SafeArrayDestroy(names);
        if (wanted)
            SafeArrayDestroy(wanted);
        if (atr)
            IByteBuffer_Release(atr);
    }
    test_pop();
}

/* ---- ListCards: what is no list of GUIDs, and no ATR ---- */

static void check_refused(SAFEARRAY *wanted)
{
    SAFEARRAY *names = (SAFEARRAY *)0xdeadbeef;

    ok_hr(ISCardDatabase_ListCards(database, NULL, wanted, 0, &names), E_INVALIDARG);
    ok(!names, "the out parameter is not NULL\n");
    ok_hr(SafeArrayDestroy(wanted), S_OK);
}

static void test_bad_arrays(void)
{
    SAFEARRAY *names, *wanted;
    size_t i;

    for (i = 0; i < ARRAYSIZE(bad_arrays); i++)
    {
        test_push("array of %s", bad_arrays[i].name);
        check_refused(bad_arrays[i].make());
    }
    test_push("no GUIDs");
    check_refused(array_of(L"plain;", 0));
    check_refused(array_of(L"SCardSSP.CSCard;", 0));
    check_refused(array_of_one(long_string(65536)));
    test_pop();
    wanted = array_of(INTERFACE_A L";", 5);
    SafeArrayLock(wanted);
    ok_hr(ISCardDatabase_ListCards(database, NULL, wanted, 0, &names), S_OK);
    SafeArrayDestroy(names);
    SafeArrayUnlock(wanted);
    ok_hr(SafeArrayDestroy(wanted), S_OK);
    ok_hr(ISCardDatabase_ListCards(database, NULL, NULL, 0, NULL), E_POINTER);
    ok_hr(ISCardDatabase_ListReaders(database, 0, NULL), E_POINTER);
    ok_hr(ISCardDatabase_ListReaderGroups(database, 0, NULL), E_POINTER);
}

static void test_bad_atrs(void)
{
    static const LONG sizes[] = {0, 1, 36, 37, 255, 256, 257, 65535, 65536, 65537};
    static struct double_buffer foreign;
    SAFEARRAY *names;
    IByteBuffer *atr;
    HRESULT hr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        test_push("an ATR of %ld bytes", sizes[i]);
        atr = create_buffer(huge, sizes[i]);
        hr = ISCardDatabase_ListCards(database, atr, NULL, 0, &names);
        ok_hr(hr, sizes[i] > 36 ? E_INVALIDARG : S_OK);
        ok(!names == FAILED(hr), "array %p\n", names);
        SafeArrayDestroy(names);
        IByteBuffer_Release(atr);
    }
    for (i = 0; i < ARRAYSIZE(double_reads); i++)
    {
        test_push("foreign buffer that %s", double_reads[i].name);
        atr = double_init(&foreign, double_reads[i].fault, 20);
        names = (SAFEARRAY *)0xdeadbeef;
        ok_hr(ISCardDatabase_ListCards(database, atr, NULL, 0, &names), double_reads[i].hr);
        ok(!names == FAILED(double_reads[i].hr), "array %p\n", names);
        SafeArrayDestroy(names);
        ok(foreign.refs == 1, "%ld references\n", foreign.refs);
    }
    test_pop();
}

/* ---- one card ---- */

static const struct
{
    const WCHAR *card;
    HRESULT provider, listed;
    const WCHAR *interfaces;
} card_rows[] =
{
    {PREFIX L"plain", S_OK, S_OK, INTERFACE_A L";" INTERFACE_B L";"},
    {PREFIX L"PLAIN", S_OK, S_OK, INTERFACE_A L";" INTERFACE_B L";"},
    {PREFIX L"both", S_OK, S_OK, L""},
    {PREFIX L"from 32 bit", 0x80070002, S_OK, INTERFACE_A L";" INTERFACE_B L";" INTERFACE_C L";"},
    {PREFIX L"bad mask", 0x80070002, S_OK, L""},
    {PREFIX L"bad type", 0x80070002, S_OK, L""},
    {PREFIX L"huge", 0x80070002, S_OK, L""},
    {PREFIX L"empty", 0x80070002, S_OK, L""},
    {PREFIX L"none of these", UNKNOWN_CARD, UNKNOWN_CARD, NULL},
    {L"\\", UNKNOWN_CARD, UNKNOWN_CARD, NULL},
    {L"", E_INVALIDARG, E_INVALIDARG, NULL},
};

static void test_one_card(void)
{
    SAFEARRAY *array;
    HRESULT hr;
    GUID *guid;
    BSTR name;
    size_t i;

    for (i = 0; i < ARRAYSIZE(card_rows); i++)
    {
        test_push("%ls", card_rows[i].card);
        name = SysAllocString(card_rows[i].card);
        guid = (GUID *)0xdeadbeef;
        fact(card_rows[i].provider == S_OK ? GUESS : DOCUMENTED);
        ok_hr(hr = ISCardDatabase_GetProviderCardId(database, name, &guid), card_rows[i].provider);
        fact(GUESS);
        if (hr == S_OK)
            ok_bytes(guid, provider, 16);
        else
            ok(!guid, "the out parameter is not NULL\n");
        CoTaskMemFree(guid);
        array = (SAFEARRAY *)0xdeadbeef;
        fact(card_rows[i].listed == S_OK ? DOCUMENTED : GUESS);
        ok_hr(hr = ISCardDatabase_ListCardInterfaces(database, name, &array), card_rows[i].listed);
        fact(GUESS);
        if (hr == S_OK)
        {
            check_shape(array);
            ok(!wcscmp(joined(array, TRUE), card_rows[i].interfaces), "got %ls\n",
               joined(array, TRUE));
            SafeArrayDestroy(array);
        }
        else
            ok(!array, "the out parameter is not NULL\n");
        SysFreeString(name);
    }
    test_pop();
}

static void test_bad_names(void)
{
    const struct
    {
        BSTR name;
        HRESULT hr;
    } rows[] = {
        {NULL, E_INVALIDARG},
        {string_with_nul(PREFIX L"none"), UNKNOWN_CARD},
        {SysAllocStringLen(L"\0", 1), E_INVALIDARG},
        {long_string(255), UNKNOWN_CARD},
        {long_string(256), UNKNOWN_CARD},
        {long_string(65535), UNKNOWN_CARD},
        {long_string(65536), UNKNOWN_CARD},
    };
    SAFEARRAY *array;
    GUID *guid;
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("bad name %u", (unsigned)i);
        guid = (GUID *)0xdeadbeef;
        array = (SAFEARRAY *)0xdeadbeef;
        ok_hr(ISCardDatabase_GetProviderCardId(database, rows[i].name, &guid), rows[i].hr);
        ok_hr(ISCardDatabase_ListCardInterfaces(database, rows[i].name, &array), rows[i].hr);
        ok(!guid && !array, "an out parameter is not NULL\n");
        ok_hr(ISCardDatabase_GetProviderCardId(database, rows[i].name, NULL), E_POINTER);
        ok_hr(ISCardDatabase_ListCardInterfaces(database, rows[i].name, NULL), E_POINTER);
        SysFreeString(rows[i].name);
    }
    test_pop();
    ok_hr(ISCardDatabase_GetProviderCardId(database, no_bstr(PREFIX L"plain"), &guid), S_OK);
    CoTaskMemFree(guid);
    ok_hr(ISCardDatabase_ListCardInterfaces(database, no_bstr(PREFIX L"plain"), &array), S_OK);
    SafeArrayDestroy(array);
}

/* ---- nothing stays ---- */

static void one_round(void)
{
    SAFEARRAY *wanted = array_of(INTERFACE_A L";", 0), *bad = array_of(L"x;", 0), *names;
    BSTR name = SysAllocString(PREFIX L"plain");
    GUID *guid;

    ISCardDatabase_ListCards(database, NULL, wanted, 0, &names);
    SafeArrayDestroy(names);
    ISCardDatabase_ListCards(database, NULL, bad, 0, &names);
    ISCardDatabase_ListCardInterfaces(database, name, &names);
    SafeArrayDestroy(names);
    ISCardDatabase_GetProviderCardId(database, name, &guid);
    CoTaskMemFree(guid);
    ISCardDatabase_ListReaders(database, 0, &names);
    SafeArrayDestroy(names);
    SysFreeString(name);
    SafeArrayDestroy(wanted);
    SafeArrayDestroy(bad);
}

static void test_leaks(void)
{
    DWORD before, after, handles_before, handles_after;
    int i;

    for (i = 0; i < 20; i++)
        one_round();
    before = test_heap_blocks();
    GetProcessHandleCount(GetCurrentProcess(), &handles_before);
    for (i = 0; i < 200; i++)
        one_round();
    after = test_heap_blocks();
    GetProcessHandleCount(GetCurrentProcess(), &handles_after);
    ok(after < before + 50, "%lu blocks became %lu\n", before, after);
    ok(handles_after < handles_before + 20, "%lu handles became %lu\n", handles_before,
       handles_after);
}

START_TEST(database)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    delete_records();
    write_records();
    test_list_cards();
    test_bad_arrays();
    test_bad_atrs();
    test_bad_names();
    test_one_card();
    test_leaks();
    delete_records();
    ISCardDatabase_Release(database);
    CoUninitialize();
}
