/*
 * ISCardLocate without a window: what is found, and whose the connection is then.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the rig with its card iso-t1, which it takes out and puts in again. Its card types are
 * removed at the end.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"

#include "badtexts.h"
#include "cardtest.h"
#include "locatetest.h"
#include "rig/rigctl.h"

#define T01 ((SCARD_PROTOCOLS)(T0 | T1))

static BSTR reader;

static void rig(const char *request)
{
    char answer[256] = "";

    ok(!rig_request(request, answer, sizeof(answer)), "rig: %s: %s\n", request, answer);
}

/* ---- arguments ---- */

static HRESULT configure(ISCardLocate *locate, BOOL by_name, SAFEARRAY *texts, SAFEARRAY *groups,
                         BSTR title, LONG flags)
{
    return by_name ? ISCardLocate_ConfigureCardNameSearch(locate, texts, groups, title, flags)
                   : ISCardLocate_ConfigureCardGuidSearch(locate, texts, groups, title, flags);
}

static void test_bad_arrays(void)
{
    ISCardLocate *locate = create_locate();
    SAFEARRAY *names = names_array(L"scardssp test iso", NULL), *array;
    size_t i;

    for (i = 0; i < ARRAYSIZE(bad_arrays); i++)
    {
        test_push("array of %s", bad_arrays[i].name);
        array = bad_arrays[i].make();
        ok_hr(configure(locate, TRUE, array, NULL, NULL, SC_DLG_NO_UI), E_INVALIDARG);
        ok_hr(configure(locate, TRUE, names, array, NULL, SC_DLG_NO_UI), E_INVALIDARG);
        ok_hr(configure(locate, FALSE, array, NULL, NULL, SC_DLG_NO_UI), E_INVALIDARG);
        ok_hr(configure(locate, FALSE, NULL, array, NULL, SC_DLG_NO_UI), E_INVALIDARG);
        ok_hr(SafeArrayDestroy(array), S_OK);
    }
    test_pop();
    ok_hr(configure(locate, FALSE, names, NULL, NULL, SC_DLG_NO_UI), E_INVALIDARG);
    SafeArrayLock(names);
    ok_hr(configure(locate, TRUE, names, names, NULL, SC_DLG_NO_UI), S_OK);
    SafeArrayUnlock(names);
    ok_hr(SafeArrayDestroy(names), S_OK);
    ISCardLocate_Release(locate);
}

/* Names, groups and titles as long as a BSTR of 64 KiB, and with a NUL in it. */
static void test_long_texts(void)
{
    static const UINT lengths[] = {1, 255, 256, 257, 32768, 65535, 65536, 65537};
    ISCardLocate *locate = create_locate();
    BSTR title = string_with_nul(L"title");
    SAFEARRAY *long_array, *names = names_array(L"scardssp test iso", NULL);
    SCARDINFO *info;
    size_t i;

    for (i = 0; i < ARRAYSIZE(lengths); i++)
    {
        BSTR text = long_string(lengths[i]);

        test_push("%u letters", lengths[i]);
        long_array = array_of_one(SysAllocStringLen(text, lengths[i]));
        ok_hr(configure(locate, TRUE, long_array, NULL, text, SC_DLG_NO_UI), S_OK);
        ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_NO_UI, &info),
              SCARD_E_UNKNOWN_CARD);
        ok(!info, "the out parameter is not NULL\n");
        ok_hr(configure(locate, FALSE, long_array, NULL, text, SC_DLG_NO_UI), E_INVALIDARG);
        /* There are no such readers, whatever the reason. */
        ok_hr(configure(locate, TRUE, names, long_array, text, SC_DLG_NO_UI), S_OK);
        ok(FAILED(ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_NO_UI, &info)) && !info,
           "a card in readers of no group\n");
        SafeArrayDestroy(long_array);
        SysFreeString(text);
    }
    test_pop();
    ok_hr(configure(locate, TRUE, names, NULL, title, SC_DLG_NO_UI), S_OK);
    ok_hr(configure(locate, TRUE, names, NULL, no_bstr(L"title"), SC_DLG_NO_UI), S_OK);
    SysFreeString(title);
    SafeArrayDestroy(names);
    ISCardLocate_Release(locate);
}

static void test_arguments(void)
{
    static const LONG bad_flags[] = {0, 3, 5, 6, 8, -1, 0x10001};
    static const LONG bad_find_flags[] = {3, 5, 6, 7, 8, -1};
    static const int bad_shares[] = {0, 4, -1};
    ISCardLocate *locate = create_locate();
    SCARDINFO *info;
    size_t i;

    for (i = 0; i < ARRAYSIZE(bad_flags); i++)
    {
        ok_hr(configure(locate, TRUE, NULL, NULL, NULL, bad_flags[i]), E_INVALIDARG);
        ok_hr(configure(locate, FALSE, NULL, NULL, NULL, bad_flags[i]), E_INVALIDARG);
    }
    ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_NO_UI, NULL), E_POINTER);
    for (i = 0; i < ARRAYSIZE(bad_find_flags); i++)
    {
        info = (SCARDINFO *)0xdeadbeef;
        ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, bad_find_flags[i], &info), E_INVALIDARG);
        ok(!info, "the out parameter is not NULL\n");
    }
    for (i = 0; i < ARRAYSIZE(bad_shares); i++)
        ok_hr(ISCardLocate_FindCard(locate, bad_shares[i], T01, SC_DLG_NO_UI, &info), E_INVALIDARG);
    ISCardLocate_Release(locate);
}

/* ---- what is found ---- */

static const struct
{
    enum { NAMES, GUIDS, NOTHING } kind;
    const WCHAR *first, *second;
    SCARD_SHARE_MODES share;
    SCARD_PROTOCOLS protocols;
    HRESULT expected;
} search_rows[] =
{
    {NAMES, L"scardssp test iso", NULL, SHARED, T01, S_OK},
    {NAMES, L"SCARDSSP TEST ISO", NULL, EXCLUSIVE, T1, S_OK},
    {NAMES, L"scardssp test other", L"scardssp test iso", SHARED, T01, S_OK},
    {NAMES, L"scardssp test other", NULL, SHARED, T01, SCARD_E_NO_SMARTCARD},
    {NAMES, L"scardssp test nobody", NULL, SHARED, T01, SCARD_E_UNKNOWN_CARD},
    {NAMES, L"scardssp test iso", L"scardssp test nobody", SHARED, T01, SCARD_E_UNKNOWN_CARD},
    {NAMES, L"scardssp test iso", NULL, SHARED, T0, SCARD_E_PROTO_MISMATCH},
    {NAMES, L"scardssp test iso", NULL, SHARED, (SCARD_PROTOCOLS)8, SCARD_E_INVALID_PARAMETER},
    {NAMES, NULL, NULL, SHARED, T01, S_OK},
    {GUIDS, TEST_INTERFACE_A, NULL, SHARED, T01, S_OK},
    {GUIDS, TEST_INTERFACE_A, TEST_INTERFACE_B, SHARED, T01, S_OK},
    {GUIDS, TEST_INTERFACE_A, TEST_INTERFACE_C, SHARED, T01, SCARD_E_NO_SMARTCARD},
    {GUIDS, NULL, NULL, SHARED, T01, S_OK},
    {NOTHING, NULL, NULL, SHARED, T01, S_OK},
};

static HRESULT configure_row(ISCardLocate *locate, size_t i)
{
    SAFEARRAY *texts = names_array(search_rows[i].first, search_rows[i].second);
    HRESULT hr = S_OK;

    if (search_rows[i].kind == NAMES)
        hr = ISCardLocate_ConfigureCardNameSearch(locate, texts, NULL, NULL, SC_DLG_MINIMAL_UI);
    else if (search_rows[i].kind == GUIDS)
        hr = ISCardLocate_ConfigureCardGuidSearch(locate, texts, NULL, NULL, SC_DLG_MINIMAL_UI);
    SafeArrayDestroy(texts);
    return hr;
}

static void check_info(const SCARDINFO *info, SCARD_SHARE_MODES share)
{
    ok(info != NULL, "no information\n");
    if (!info)
        return;
    ok(info->hCard && info->hContext, "a handle is missing\n");
    ok_uint(info->ActiveProtocol, T1);
    ok_uint(info->ShareMode, share);
    ok(!info->hwndOwner && !info->lpfnConnectProc && !info->lpfnCheckProc &&
           !info->lpfnDisconnectProc,
       "callbacks out of nothing\n");
}

static void test_searches(void)
{
    ISCardLocate *locate;
    SCARDINFO *info;
    HRESULT hr;
    size_t i;

    for (i = 0; i < ARRAYSIZE(search_rows); i++)
    {
        test_push("row %u", (unsigned)i);
        locate = create_locate();
        fact(search_rows[i].expected == S_OK ? DOCUMENTED : GUESS);
        ok_hr(configure_row(locate, i), S_OK);
        info = (SCARDINFO *)0xdeadbeef;
        hr = ISCardLocate_FindCard(locate, search_rows[i].share, search_rows[i].protocols,
                                   SC_DLG_NO_UI, &info);
        ok_hr(hr, search_rows[i].expected);
        if (hr == S_OK)
            check_info(info, search_rows[i].share);
        else
            ok(!info, "the out parameter is not NULL\n");
        CoTaskMemFree(info);
        ISCardLocate_Release(locate);
    }
    fact(GUESS);
    test_pop();
}

/* Flags of the configuration count when FindCard has none. */
static void test_configured_flags(void)
{
    ISCardLocate *locate = create_locate();
    SAFEARRAY *names = names_array(L"scardssp test other", NULL);
    SAFEARRAY *groups = names_array(L"SCard$DefaultReaders", NULL);
    SCARDINFO *info;

    ok_hr(ISCardLocate_ConfigureCardNameSearch(locate, names, groups, NULL, SC_DLG_NO_UI), S_OK);
    SafeArrayDestroy(groups);
    ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, 0, &info), SCARD_E_NO_SMARTCARD);
    SafeArrayDestroy(names);
    ISCardLocate_Release(locate);
}

/* ---- whose the connection is ---- */

static SCARDINFO *found(ISCardLocate *locate, SCARD_SHARE_MODES share)
{
    SCARDINFO *info = NULL;

    ok_hr(ISCardLocate_FindCard(locate, share, T01, SC_DLG_NO_UI, &info), S_OK);
    return info;
}

/* Whether the reader is free for an exclusive connection. */
static HRESULT exclusive(void)
{
    ISCard *card = create_card();
    HRESULT hr = ISCard_AttachByReader(card, reader, EXCLUSIVE, T01);

    ISCard_Release(card);
    return hr;
}

static void test_not_adopted(void)
{
    ISCardLocate *locate = create_locate();
    SCARDINFO *first, *second;
    ISCard *card;

    first = found(locate, EXCLUSIVE);
    ok_hr(exclusive(), SCARD_E_SHARING_VIOLATION);
    /* The second search closes what the first one found; else this one could not be exclusive. */
    second = found(locate, EXCLUSIVE);
    card = create_card();
    if (first && second && first->hCard != second->hCard)
        ok_hr(ISCard_AttachByHandle(card, first->hCard), E_INVALIDARG);
    ISCardLocate_Release(locate);
    if (second)
        ok_hr(ISCard_AttachByHandle(card, second->hCard), E_INVALIDARG);
    ok_hr(exclusive(), S_OK);
    ISCard_Release(card);
    CoTaskMemFree(first);
    CoTaskMemFree(second);
}

static void test_adopted_by_card(void)
{
    static const BYTE select_mf[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    ISCard *owner = create_card(), *guest = create_card();
    ISCardLocate *locate = create_locate();
    SCARDINFO *info = found(locate, EXCLUSIVE);
    SCARD_STATES state;
    HSCARD handle = 0;
    HRESULT hr;

    if (!info)
        return;
    ok_hr(ISCard_AttachByHandle(owner, info->hCard), S_OK);
    ok_hr(ISCard_AttachByHandle(guest, info->hCard), S_OK);
    ok_hr(ISCard_get_CardHandle(owner, &handle), S_OK);
    ok(handle == info->hCard, "another handle\n");
    /* It is the object's now, and no search or release of the finder ends it. */
    ISCardLocate_Release(locate);
    send_apdu(owner, select_mf, sizeof(select_mf), &hr);
    ok_hr(hr, S_OK);
    ok_hr(ISCard_Detach(guest, LEAVE), S_OK);
    ok_hr(ISCard_get_Status(owner, &state), S_OK);
    ok_hr(exclusive(), SCARD_E_SHARING_VIOLATION);
    ok_hr(ISCard_Detach(owner, RESET), S_OK);
    ok_hr(ISCard_AttachByHandle(owner, info->hCard), E_INVALIDARG);
    ok_hr(exclusive(), S_OK);
    ISCard_Release(owner);
    ISCard_Release(guest);
    CoTaskMemFree(info);
}

static HRESULT read_byte(ISCardFileAccess *files, HSCARD_FILE file, BYTE *byte)
{
    IByteBuffer *buffer = NULL;
    LONG count = 1;
    HRESULT hr;

    ISCardFileAccess_Seek(files, file, 0, SC_SEEK_FROM_BEGINNING);
    hr = ISCardFileAccess_Read(files, file, &count, &buffer, SC_FL_NO_FLAGS);
    *byte = 0;
    if (buffer)
    {
        buffer_bytes(buffer, byte, 1);
        IByteBuffer_Release(buffer);
    }
    return hr;
}

/* Whoever owns a handle, another object may move the card's selection over it. */
static void test_adopted_and_shared(void)
{
    static const BYTE select_mf[] = {0x00, 0xa4, 0x00, 0x0c, 0x02, 0x3f, 0x00};
    BSTR path = SysAllocString(L"3F00/5000/0001");
    ISCardManage *manage = create_manage();
    ISCardLocate *locate = create_locate();
    SCARDINFO *info = found(locate, EXCLUSIVE);
    ISCard *guest = create_card();
    ISCardFileAccess *files;
    BYTE first, second;
    HSCARD_FILE file;
    HRESULT hr;
    WORD sw;

    if (!info)
        return;
    ok_hr(ISCardManage_AttachByHandle(manage, info->hCard), S_OK);
    ok_hr(ISCard_AttachByHandle(guest, info->hCard), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(ISCardManage_SCardLock(manage), S_OK);
    ok_hr(ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file), S_OK);
    ok_hr(read_byte(files, file, &first), S_OK);
    sw = send_apdu(guest, select_mf, sizeof(select_mf), &hr);
    ok(hr == S_OK && sw == 0x9000, "%#lx, %04x\n", hr, sw);
    ok_hr(read_byte(files, file, &second), S_OK);
    ok(first == second, "%02x, then %02x\n", first, second);
    ok_hr(ISCardManage_SCardUnlock(manage, LEAVE), S_OK);
    ISCardFileAccess_Release(files);
    ISCard_Release(guest);
    ISCardManage_Release(manage);
    ISCardLocate_Release(locate);
    CoTaskMemFree(info);
    SysFreeString(path);
}

static void test_adopted_by_manage(void)
{
    ISCardManage *manage = create_manage();
    ISCardLocate *locate = create_locate();
    SCARDINFO *info = found(locate, EXCLUSIVE), *again;
    ISCardFileAccess *files = NULL;
    BSTR dir = NULL;

    if (!info)
        return;
    ok_hr(ISCardManage_AttachByHandle(manage, info->hCard), S_OK);
    /* Once more: still the owner. */
    ok_hr(ISCardManage_AttachByHandle(manage, info->hCard), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    /* Searching again leaves the adopted one alone: the card is in use. */
    ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_NO_UI, &again),
          SCARD_E_SHARING_VIOLATION);
    ISCardLocate_Release(locate);
    ok_hr(ISCardFileAccess_GetCurrentDir(files, &dir), S_OK);
    SysFreeString(dir);
    ok_hr(exclusive(), SCARD_E_SHARING_VIOLATION);
    ok_hr(ISCardManage_Detach(manage), S_OK);
    ok_hr(exclusive(), S_OK);
    ISCardFileAccess_Release(files);
    ISCardManage_Release(manage);
    CoTaskMemFree(info);
}

/* Nobody else has had the connection: the card is in its MF, and need not be asked. */
static void test_directory_of_found(void)
{
    ISCardManage *manage = create_manage();
    ISCardLocate *locate = create_locate();
    SCARDINFO *info = found(locate, EXCLUSIVE);
    ISCardFileAccess *files;
    BSTR dir = NULL;
    char answer[256];

    if (!info)
        return;
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    rig("card log-clear");
    ok_hr(ISCardManage_AttachByHandle(manage, info->hCard), S_OK);
    ok_hr(ISCardFileAccess_GetCurrentDir(files, &dir), S_OK);
    ok(dir && !lstrcmpW(dir, L"3F00"), "%ls\n", dir ? dir : L"none");
    ok(!rig_request("card log", answer, sizeof(answer)) && strstr(answer, "total=0"), "%s\n",
       answer);
    SysFreeString(dir);
    ISCardFileAccess_Release(files);
    ISCardManage_Release(manage);
    ISCardLocate_Release(locate);
    CoTaskMemFree(info);
}

/* ---- cards and daemons that are not there ---- */

static void test_absent(void)
{
    ISCardLocate *locate = create_locate();
    SCARDINFO *info;

    rig("card eject");
    fact(DOCUMENTED);
    ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_NO_UI, &info), SCARD_E_NO_SMARTCARD);
    fact(GUESS);
    rig("card insert");
    CoTaskMemFree(found(locate, SHARED));
    rig("pcscd stop");
    info = (SCARDINFO *)0xdeadbeef;
    ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_NO_UI, &info), SCARD_E_NO_SERVICE);
    ok(!info, "the out parameter is not NULL\n");
    /* No user can start the daemon, so there is no window to wait in. */
    ok_hr(ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_MINIMAL_UI, &info), SCARD_E_NO_SERVICE);
    rig("pcscd start");
    CoTaskMemFree(found(locate, SHARED));
    ISCardLocate_Release(locate);
}

/* ---- threads, leaks ---- */

static DWORD WINAPI search_thread(void *parameter)
{
    ISCardLocate *locate = parameter;
    SCARDINFO *info;
    HRESULT hr;
    int i;

    for (i = 0; i < 10; i++)
    {
        info = NULL;
        hr = ISCardLocate_FindCard(locate, SHARED, T01, SC_DLG_NO_UI, &info);
        ok(hr == S_OK && info, "%#lx\n", hr);
        CoTaskMemFree(info);
    }
    return 0;
}

static void test_threads(void)
{
    ISCardLocate *locate = create_locate();
    HANDLE threads[4];
    unsigned i;

    for (i = 0; i < ARRAYSIZE(threads); i++)
        threads[i] = CreateThread(NULL, 0, search_thread, locate, 0, NULL);
    ok_uint(WaitForMultipleObjects(ARRAYSIZE(threads), threads, TRUE, 60000), WAIT_OBJECT_0);
    for (i = 0; i < ARRAYSIZE(threads); i++)
        CloseHandle(threads[i]);
    ISCardLocate_Release(locate);
    ok_hr(exclusive(), S_OK);
}

static void one_round(unsigned i)
{
    ISCardLocate *locate = create_locate();
    SAFEARRAY *names = names_array(L"scardssp test iso", NULL);
    ISCard *card = create_card();
    SCARDINFO *info;

    ISCardLocate_ConfigureCardNameSearch(locate, names, names, NULL, SC_DLG_NO_UI);
    ISCardLocate_ConfigureCardNameSearch(locate, names, NULL, NULL, SC_DLG_NO_UI);
    info = found(locate, SHARED);
    if (info && i % 2)
        ISCard_AttachByHandle(card, info->hCard);
    CoTaskMemFree(info);
    ISCardLocate_Release(locate);
    ISCard_Release(card);
    SafeArrayDestroy(names);
}

static void test_leaks(void)
{
    DWORD before, after, handles_before, handles_after;
    unsigned i;

    for (i = 0; i < 10; i++)
        one_round(i);
    before = test_heap_blocks();
    GetProcessHandleCount(GetCurrentProcess(), &handles_before);
    for (i = 0; i < 60; i++)
        one_round(i);
    after = test_heap_blocks();
    GetProcessHandleCount(GetCurrentProcess(), &handles_after);
    ok(after < before + 30, "%lu blocks became %lu\n", before, after);
    ok(handles_after < handles_before + 20, "%lu handles became %lu\n", handles_before,
       handles_after);
}

static void test_with_card(void)
{
    test_searches();
    test_configured_flags();
    test_not_adopted();
    test_adopted_by_card();
    test_adopted_by_manage();
    test_directory_of_found();
    test_adopted_and_shared();
    test_threads();
    test_leaks();
    test_absent();
}

START_TEST(locate)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    reader = reader_with_card();
    write_card_types();
    test_arguments();
    test_bad_arrays();
    test_long_texts();
    if (rig_is_there())
        test_with_card();
    else
        skip("the rig's card is not here, nor who takes it out or stops the service\n");
    delete_card_types();
    SysFreeString(reader);
    CoUninitialize();
}
