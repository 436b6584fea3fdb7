/*
 * The reader database: introduced names, groups.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1, and the right to write the registry.
 */

#include <windows.h>
#include "test.h"

#include "winscardtest.h"

#define NAME  L"Scardssp introduced"
#define GROUP L"Scardssp group"

static SCARDCONTEXT context;

static BOOL lists(const WCHAR *names, const WCHAR *name)
{
    for (; *names; names += lstrlenW(names) + 1)
        if (!lstrcmpW(names, name))
            return TRUE;
    return FALSE;
}

static BOOL listed_in(const WCHAR *groups, const WCHAR *reader)
{
    WCHAR names[1024] = {0};
    DWORD length = ARRAYSIZE(names);
    LONG result = SCardListReadersW(context, groups, names, &length);

    ok(!result || result == (LONG)SCARD_E_NO_READERS_AVAILABLE, "%#lx\n", result);
    return !result && lists(names, reader);
}

static BOOL is_group(const WCHAR *group)
{
    WCHAR names[1024] = {0};
    DWORD length = ARRAYSIZE(names);

    ok_hr(SCardListReaderGroupsW(context, names, &length), SCARD_S_SUCCESS);
    return lists(names, group);
}

static void test_names(void)
{
    SCARD_READERSTATEW state = {.szReader = NAME};
    DWORD protocol;
    SCARDHANDLE card;

    fact(GUESS);
    SCardForgetReaderW(context, NAME);
    ok_hr(SCardIntroduceReaderW(context, test_reader, test_reader), SCARD_E_DUPLICATE_READER);
    fact(DOCUMENTED);
    ok_hr(SCardIntroduceReaderW(context, NAME, test_reader), SCARD_S_SUCCESS);
    ok(listed_in(NULL, NAME) && listed_in(NULL, test_reader), "not listed\n");
    ok_hr(SCardIntroduceReaderA(context, "Scardssp introduced", test_reader_ansi),
          SCARD_E_DUPLICATE_READER);
    ok_hr(SCardConnectW(context, NAME, SCARD_SHARE_SHARED, 3, &card, &protocol), SCARD_S_SUCCESS);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    ok_hr(SCardGetStatusChangeW(context, 0, &state, 1), SCARD_S_SUCCESS);
    ok(state.dwEventState & SCARD_STATE_PRESENT, "%#lx\n", state.dwEventState);
}

static void test_groups(void)
{
    fact(DOCUMENTED);
    ok(!is_group(GROUP), "the group is there already\n");
    ok_hr(SCardIntroduceReaderGroupW(context, GROUP), SCARD_S_SUCCESS);
    ok(!is_group(GROUP), "a group without readers\n");
    ok_hr(SCardAddReaderToGroupW(context, NAME, GROUP), SCARD_S_SUCCESS);
    ok_hr(SCardAddReaderToGroupW(context, NAME, GROUP), SCARD_S_SUCCESS);
    ok(is_group(GROUP) && is_group(L"SCard$DefaultReaders"), "not both groups\n");
    ok(listed_in(GROUP L"\0", NAME) && !listed_in(GROUP L"\0", test_reader), "not by the group\n");
    ok(listed_in(L"SCard$AllReaders\0", NAME), "not in all\n");
    fact(GUESS);
    ok(listed_in(L"SCard$DefaultReaders\0", NAME), "not in the default group\n");
    fact(DOCUMENTED);
    ok_hr(SCardRemoveReaderFromGroupA(context, "Scardssp introduced", "SCard$DefaultReaders"),
          SCARD_S_SUCCESS);
    ok(!listed_in(L"SCard$DefaultReaders\0", NAME), "still in the default group\n");
    ok_hr(SCardAddReaderToGroupW(context, test_reader, GROUP), SCARD_S_SUCCESS);
    ok(listed_in(GROUP L"\0", test_reader), "not by the group\n");
    ok_hr(SCardRemoveReaderFromGroupW(context, NAME, GROUP), SCARD_S_SUCCESS);
    ok(is_group(GROUP), "the group is gone\n");
    ok_hr(SCardForgetReaderGroupW(context, GROUP), SCARD_S_SUCCESS);
    ok(!is_group(GROUP) && !listed_in(GROUP L"\0", test_reader), "the group is still there\n");
    ok_hr(SCardAddReaderToGroupA(context, "No such reader", "G"), SCARD_E_UNKNOWN_READER);
    ok_hr(SCardRemoveReaderFromGroupW(context, L"No such reader", L"G"), SCARD_E_UNKNOWN_READER);
    fact(GUESS);
    ok_hr(SCardRemoveReaderFromGroupW(context, NAME, L"No such group"), SCARD_S_SUCCESS);
    ok_hr(SCardAddReaderToGroupW(context, NAME, L"SCard$AllReaders"), SCARD_E_INVALID_PARAMETER);
    ok_hr(SCardAddReaderToGroupW(context, NAME, L""), SCARD_E_INVALID_PARAMETER);
}

/* Another reader's groups get more and fewer, as another program would have it. */
static DWORD WINAPI change_groups(void *key)
{
    static const WCHAR few[] = L"Scardssp kept\0";
    static const WCHAR many[] = L"Scardssp kept\0Scardssp a longer name\0Scardssp another one\0";
    DWORD i;

    for (i = 0; i < 1500; i++)
    {
        RegSetValueExW(key, L"Groups", 0, REG_MULTI_SZ, (const BYTE *)few, sizeof(few));
        RegSetValueExW(key, L"Groups", 0, REG_MULTI_SZ, (const BYTE *)many, sizeof(many));
    }
    return 0;
}

/* Of the 64-bit view; XP, which is not asked for the other one, has no such function. */
static void delete_key(const WCHAR *path)
{
    LONG(WINAPI * delete_of_view)
    (HKEY, const WCHAR *, REGSAM, DWORD) =
        (void *)GetProcAddress(GetModuleHandleA("advapi32.dll"), "RegDeleteKeyExW");

    if (delete_of_view)
        delete_of_view(HKEY_LOCAL_MACHINE, path, KEY_WOW64_64KEY, 0);
    else
        RegDeleteKeyW(HKEY_LOCAL_MACHINE, path);
}

/* A list that grows while it is read is read again. */
static void test_growing(void)
{
    static const WCHAR path[] =
        L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\Readers\\Scardssp grows";
    DWORD missed = 0, looks;
    HANDLE thread;
    LONG result;
    HKEY key;

    result = RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_SET_VALUE | KEY_WOW64_64KEY,
                             NULL, &key, NULL);
    ok_hr(result, ERROR_SUCCESS);
    RegSetValueExW(key, L"Groups", 0, REG_MULTI_SZ, (const BYTE *)L"Scardssp kept\0",
                   sizeof(L"Scardssp kept\0"));
    thread = CreateThread(NULL, 0, change_groups, key, 0, NULL);
    for (looks = 0; WaitForSingleObject(thread, 0) == WAIT_TIMEOUT; looks++)
        missed += !is_group(L"Scardssp kept");
    CloseHandle(thread);
    RegCloseKey(key);
    delete_key(path);
    fact(GUESS);
    ok(!missed, "missed %lu times in %lu\n", missed, looks);
}

static void test_forget(void)
{
    fact(DOCUMENTED);
    ok_hr(SCardForgetReaderW(context, NAME), SCARD_S_SUCCESS);
    ok(!listed_in(NULL, NAME), "it is still there\n");
    ok_hr(SCardForgetReaderA(context, "Scardssp introduced"), SCARD_E_UNKNOWN_READER);
}

START_TEST(readerdb)
{
    winscard_begin();
    if (winscard_is_weak())
    {
        skip("Wine's own winscard.dll has no reader database\n");
        return;
    }
    context = establish();
    if (!winscard_needs(NEED_CARD))
        return;
    test_names();
    test_groups();
    test_growing();
    test_forget();
    SCardReleaseContext(context);
}
