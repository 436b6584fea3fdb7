/*
 * The way that old programs reach ISCardManage: from a card's ATR by the card database.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"

static const WCHAR card_path[] =
    L"Software\\Microsoft\\Cryptography\\Calais\\SmartCards\\scardssp test provider";

/* As a vendor's setup program would: the ATR, and who provides for such cards. */
static void add_card_type(const BYTE *atr, LONG length, const CLSID *provider)
{
    BYTE mask[36];
    HKEY key;

    memset(mask, 0xff, sizeof(mask));
    ok(!RegCreateKeyExW(HKEY_LOCAL_MACHINE, card_path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key,
                        NULL),
       "no key\n");
    RegSetValueExW(key, L"ATR", 0, REG_BINARY, atr, length);
    RegSetValueExW(key, L"ATRMask", 0, REG_BINARY, mask, length);
    RegSetValueExW(key, L"Primary Provider", 0, REG_BINARY, (const BYTE *)provider,
                   sizeof(*provider));
    RegCloseKey(key);
}

/* The only card type that the ATR fits. */
static BSTR find_type(ISCardDatabase *database, IByteBuffer *atr)
{
    SAFEARRAY *names = NULL;
    BSTR name = NULL;
    LONG first = 0, last = -1;

    ok_hr(ISCardDatabase_ListCards(database, atr, NULL, 0, &names), S_OK);
    if (!names)
        return NULL;
    SafeArrayGetUBound(names, 1, &last);
    ok(last == 0, "%ld card types\n", last + 1);
    SafeArrayGetElement(names, &first, &name);
    SafeArrayDestroy(names);
    return name;
}

static void use_provider(const CLSID *clsid, HSCARD handle)
{
    ISCardFileAccess *files;
    ISCardManage *manage;
    HSCARD_FILE file;
    BSTR path = SysAllocString(L"3F00/2F05");

    ok_hr(CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ISCardManage, (void **)&manage),
          S_OK);
    ok_hr(ISCardManage_AttachByHandle(manage, handle), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file), S_OK);
    ok_hr(ISCardFileAccess_Close(files, file), S_OK);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ISCardFileAccess_Release(files);
    ISCardManage_Release(manage);
    SysFreeString(path);
}

START_TEST(provider)
{
    BSTR reader = reader_with_card(), name;
    ISCardDatabase *database;
    IByteBuffer *atr = NULL;
    GUID *provider = NULL;
    HSCARD handle = 0;
    BYTE bytes[36];
    ISCard *card;
    LONG length;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    fact(DOCUMENTED);
    card = create_card();
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    ok_hr(ISCard_get_Atr(card, &atr), S_OK);
    length = buffer_bytes(atr, bytes, sizeof(bytes));
    add_card_type(bytes, length, &CLSID_SCardManage);

    database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    name = find_type(database, atr);
    ok(name && !lstrcmpW(name, L"scardssp test provider"), "%ls\n", name);
    ok_hr(ISCardDatabase_GetProviderCardId(database, name, &provider), S_OK);
    ok(provider && IsEqualGUID(provider, &CLSID_SCardManage), "another provider\n");
    ok_hr(ISCard_get_CardHandle(card, &handle), S_OK);
    if (provider)
        use_provider(provider, handle);

    RegDeleteKeyW(HKEY_LOCAL_MACHINE, card_path);
    CoTaskMemFree(provider);
    SysFreeString(name);
    ISCardDatabase_Release(database);
    IByteBuffer_Release(atr);
    ISCard_Release(card);
    SysFreeString(reader);
    CoUninitialize();
}
