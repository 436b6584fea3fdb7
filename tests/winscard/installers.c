/*
 * What vendors' installers leave in the registry, as winscard.dll and ISCardDatabase find it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * installers.exe DIRECTORY: of the files, which Wine's own regedit and SetupAPI install. Needs the
 * right to write the registry.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "scardssp.h"
#include "test.h"

#include "../e2e/windowsinstall.h"
#include "winscardtest.h"

#define ROOM 16384

/* The provider of two of the files. */
static const GUID of_schlumberger = {
    0xa8522da7, 0x6c43, 0x11d1, {0xb3, 0xe1, 0x00, 0xa0, 0xc9, 0x06, 0x1e, 0x9d}};

/* A card type of a file: what it must have in the database. */
static const struct installed
{
    const WCHAR *file, *name, *csp;
    const char *atr;   /* of a card of that type, where the mask lets bytes differ */
    const char *other; /* of another card */
    const GUID *provider;
    DWORD interfaces;
} rows[] =
{
    {L"cryptoflex.inf", L"Schlumberger Cryptoflex Test",
     L"Schlumberger Cryptographic Service Provider", "3B9515407768010277 88",
     "3B9515417768010277 88", &of_schlumberger, 0},
    {L"cardos.inf", L"Siemens CardOS M4.01 Test", L"HiPath SIcurity Card API CSP",
     "3BE255FFC11031FE55C8029C", "3BE255FFC11031FE55C8029D", NULL, 1},
    {L"gemsafe.reg", L"GemSAFE Smart Card (8K) Test", L"Gemplus GemSAFE Card CSP v1.0",
     "3B27008065A200010137", "3B27008065A200010136", &of_schlumberger, 0},
    {L"gemsafe.reg", L"Gemplus GemXpresso Test", L"Gemplus GemSAFE Card CSP",
     "3B7D77000080318065B0112233448377 9000", "3B7D77000080318065B1112233448377 9000", NULL, 2},
    {L"safenet.inf", L"eToken Test", L"eToken Base Cryptographic Provider",
     "3BD5180081313A7D8073C8211030", "3BD5180081313A7D8073C8211031", NULL, 0},
};

/* ---- looking ---- */

static BOOL lists(const WCHAR *names, const WCHAR *name)
{
    for (; *names; names += lstrlenW(names) + 1)
        if (!lstrcmpW(names, name))
            return TRUE;
    return FALSE;
}

/* Whether SCardListCards has it; bytes NULL: among all. */
static BOOL listed(const BYTE *bytes, const WCHAR *name)
{
    static WCHAR names[ROOM];
    DWORD length = ROOM;

    ok_hr(SCardListCardsW(0, bytes, NULL, 0, names, &length), SCARD_S_SUCCESS);
    return lists(names, name);
}

static IByteBuffer *buffer_of(const BYTE *bytes, size_t size)
{
    IByteBuffer *buffer = NULL;
    LONG written;

    ok_hr(CoCreateInstance(&CLSID_CByteBuffer, NULL, CLSCTX_INPROC_SERVER, &IID_IByteBuffer,
                           (void **)&buffer),
          S_OK);
    if (buffer)
        ok_hr(IByteBuffer_Write(buffer, (BYTE *)bytes, (LONG)size, &written), S_OK);
    return buffer;
}

/* The same by ISCardDatabase. */
static BOOL listed_by_com(const BYTE *bytes, size_t size, const WCHAR *name)
{
    IByteBuffer *atr = buffer_of(bytes, size);
    ISCardDatabase *database = NULL;
    SAFEARRAY *names = NULL;
    BOOL found = FALSE;
    LONG i, last = -1;
    BSTR text;

    ok_hr(CoCreateInstance(&CLSID_CSCardDatabase, NULL, CLSCTX_INPROC_SERVER, &IID_ISCardDatabase,
                           (void **)&database),
          S_OK);
    if (!atr || !database)
        return FALSE;
    ok_hr(ISCardDatabase_ListCards(database, atr, NULL, 0, &names), S_OK);
    if (names)
        SafeArrayGetUBound(names, 1, &last);
    for (i = 0; i <= last; i++)
    {
        if (FAILED(SafeArrayGetElement(names, &i, &text)))
            continue;
        found |= !lstrcmpW(text, name);
        SysFreeString(text);
    }
    if (names)
        SafeArrayDestroy(names);
    ISCardDatabase_Release(database);
    IByteBuffer_Release(atr);
    return found;
}

static void test_row(const struct installed *row)
{
    size_t size, other_size;
    uint8_t *atr = test_bytes(row->atr, &size), *other = test_bytes(row->other, &other_size);
    WCHAR csp[256] = L"";
    DWORD length = ARRAYSIZE(csp), count = 0;
    GUID provider = {0};

    ok(listed(NULL, row->name), "it is not in the list of all\n");
    ok(listed(atr, row->name), "its ATR does not find it\n");
    ok(!listed(other, row->name), "another ATR finds it\n");
    ok(listed_by_com(atr, size, row->name), "ISCardDatabase does not find it\n");
    ok(!listed_by_com(other, other_size, row->name), "ISCardDatabase finds it by another ATR\n");
    ok_hr(SCardGetCardTypeProviderNameW(0, row->name, SCARD_PROVIDER_CSP, csp, &length),
          SCARD_S_SUCCESS);
    ok(!lstrcmpW(csp, row->csp), "%ls\n", csp);
    if (row->provider)
    {
        ok_hr(SCardGetProviderIdW(0, row->name, &provider), SCARD_S_SUCCESS);
        ok(IsEqualGUID(&provider, row->provider), "another provider\n");
    }
    if (row->interfaces)
    {
        ok_hr(SCardListInterfacesW(0, row->name, NULL, &count), SCARD_S_SUCCESS);
        ok_uint(count, row->interfaces);
    }
    free(atr);
    free(other);
}

static void test_files(const WCHAR *directory)
{
    WCHAR file[MAX_PATH + 32];
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("%ls", rows[i].name);
        swprintf(file, ARRAYSIZE(file), L"%ls\\%ls", directory, rows[i].file);
        if (!i || lstrcmpW(rows[i].file, rows[i - 1].file))
        {
            ok(!listed(NULL, rows[i].name), "it is there already\n");
            install_file(file, L"");
        }
        test_row(&rows[i]);
        test_pop();
    }
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("%ls", rows[i].name);
        ok_hr(SCardForgetCardTypeW(0, rows[i].name), SCARD_S_SUCCESS);
        ok(!listed(NULL, rows[i].name), "it cannot be forgotten\n");
        test_pop();
    }
}

/* ---- an installer that is a program ---- */

/* A's functions, as setup programs of the time called them; no context, no reader, no card. */
static void test_program(void)
{
    static const BYTE atr[] = {0x3b, 0x02, 0x14, 0x50}, mask[] = {0xff, 0xff, 0xff, 0xff};
    static const char name[] = "Scardssp installer test", csp[] = "Scardssp test provider";
    char text[64] = "";
    DWORD length = sizeof(text);

    ok_hr(SCardIntroduceCardTypeA(0, name, NULL, NULL, 0, atr, mask, sizeof(atr)), SCARD_S_SUCCESS);
    ok_hr(SCardSetCardTypeProviderNameA(0, name, SCARD_PROVIDER_CSP, csp), SCARD_S_SUCCESS);
    ok_hr(SCardGetCardTypeProviderNameA(0, name, SCARD_PROVIDER_CSP, text, &length),
          SCARD_S_SUCCESS);
    ok(!strcmp(text, csp), "%s\n", text);
    ok(listed(atr, L"Scardssp installer test"), "its ATR does not find it\n");
    ok(listed_by_com(atr, sizeof(atr), L"Scardssp installer test"),
       "ISCardDatabase does not find it\n");
    ok_hr(SCardForgetCardTypeA(0, name), SCARD_S_SUCCESS);
}

/* ---- the class installer ---- */

static const GUID reader_class = {
    0x50dd5230, 0xba8a, 0x11d1, {0xbf, 0x5d, 0x00, 0x00, 0xf8, 0x05, 0xf5, 0x30}};
#define READER_CLASS \
    L"System\\CurrentControlSet\\Control\\Class\\{50dd5230-ba8a-11d1-bf5d-0000f805f530}"

/* SetupAPI asks the class installer that the class names, which the script sees in the trace, and
 * goes on by itself when that says ERROR_DI_DO_DEFAULT. */
static void test_class_installer(void)
{
    static const WCHAR installer[] = L"winscard.dll,ClassInstall32";
    SP_DEVINFO_DATA device = {.cbSize = sizeof(device)};
    WCHAR id[64] = L"";
    HDEVINFO set;
    HKEY key;

    ok(!RegCreateKeyExW(HKEY_LOCAL_MACHINE, READER_CLASS, 0, NULL, 0, KEY_WRITE, NULL, &key, NULL),
       "the class cannot be made\n");
    RegSetValueExW(key, L"Class", 0, REG_SZ, (const BYTE *)L"SmartCardReader", 32);
    RegSetValueExW(key, L"Installer32", 0, REG_SZ, (const BYTE *)installer, sizeof(installer));
    set = SetupDiCreateDeviceInfoList(&reader_class, NULL);
    ok(set != INVALID_HANDLE_VALUE, "%lx\n", GetLastError());
    ok(SetupDiCreateDeviceInfoW(set, L"Root\\ScardsspTest\\0000", &reader_class, NULL, NULL, 0,
                                &device),
       "%lx\n", GetLastError());
    ok(SetupDiCallClassInstaller(DIF_REGISTERDEVICE, set, &device), "%lx\n", GetLastError());
    ok(SetupDiGetDeviceInstanceIdW(set, &device, id, ARRAYSIZE(id), NULL), "%lx\n", GetLastError());
    ok(!lstrcmpiW(id, L"Root\\ScardsspTest\\0000"), "%ls\n", id);
    ok(SetupDiCallClassInstaller(DIF_REMOVE, set, &device), "%lx\n", GetLastError());
    SetupDiDestroyDeviceInfoList(set);
    RegDeleteValueW(key, L"Installer32");
    RegCloseKey(key);
}

START_TEST(installers)
{
    WCHAR directory[MAX_PATH] = L"";

    ok_hr(CoInitialize(NULL), S_OK);
    fact(DOCUMENTED);
    if (test_argument && MultiByteToWideChar(CP_UTF8, 0, test_argument, -1, directory, MAX_PATH))
        test_files(directory);
    else
        skip("no directory of files is given\n");
    test_program();
    test_class_installer();
    CoUninitialize();
}
