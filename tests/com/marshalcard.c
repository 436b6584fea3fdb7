/*
 * ISCard, ISCardDatabase, ISCardManage and ISCardFileAccess between processes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Needs the card iso-t1, the DLL registered in both widths, and this program in both widths.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>
#include <winscard.h>

#include "scardssp.h"
#include "iccsp.h"
#include "objects.h"
#include "marshaltest.h"

static BSTR reader_name(void)
{
    WCHAR name[128] = L"Virtual PCD 00 00";

    GetEnvironmentVariableW(L"SCARDSSP_TEST_READER", name, ARRAYSIZE(name));
    return SysAllocString(name);
}

static const BYTE select_mf[] = {0x00, 0xa4, 0x00, 0x00, 0x02, 0x3f, 0x00};

/* ---- ISCard ---- */

/* The command may come back as another proxy of the same object: as [in, out] says, it is the
 * caller's variable that counts. */
static void expect_reply(ISCard *card, ISCardCmd **cmd)
{
    IByteBuffer *apdu = buffer_with(select_mf, sizeof(select_mf));
    WORD status = 0;
    HRESULT hr;

    ok_hr(ISCardCmd_put_Apdu(*cmd, apdu), S_OK);
    ok_hr(ISCard_Transaction(card, cmd), S_OK);
    hr = ISCardCmd_get_ReplyStatus(*cmd, &status);
    ok(hr == S_OK && (status == 0x9000 || status >> 8 == 0x61), "%#lx, status %04x\n", hr, status);
    IByteBuffer_Release(apdu);
}

static void test_card(void)
{
    ISCard *there = create_there(&CLSID_CSCard, &IID_ISCard);
    ISCard *card = create(&CLSID_CSCard, &IID_ISCard);
    ISCardCmd *here = create(&CLSID_CSCardCmd, &IID_ISCardCmd), *kept = here;
    ISCardCmd *cmd = create_there(&CLSID_CSCardCmd, &IID_ISCardCmd);
    BYTE atr[64], expected[64];
    LONG length = 0, count = 0;
    SCARD_PROTOCOLS protocol = 0;
    IByteBuffer *buffer = NULL;
    BSTR reader = reader_name();
    HSCARD handle = 1;

    ok(is_proxy(there), "the object is in this process\n");
    ok_hr(ISCard_get_CardHandle(there, &handle), S_OK);
    ok(!handle, "a handle while detached\n");
    ok_hr(ISCard_AttachByReader(there, NULL, SHARED, 3), E_INVALIDARG);
    ok_hr(ISCard_AttachByReader(there, reader, SHARED, 3), S_OK);
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, 3), S_OK);
    ok_hr(ISCard_get_CardHandle(there, &handle), S_OK);
    ok(handle != 0, "no handle\n");
    ok_hr(ISCard_get_Protocol(there, &protocol), S_OK);
    ok_uint(protocol, T1);
    ok_hr(ISCard_get_Atr(card, &buffer), S_OK);
    IByteBuffer_Read(buffer, expected, sizeof(expected), &length);
    IByteBuffer_Release(buffer);
    ok_hr(ISCard_get_Atr(there, &buffer), S_OK);
    ok_hr(IByteBuffer_Read(buffer, atr, sizeof(atr), &count), S_OK);
    ok(count == length && length > 2, "%ld bytes of ATR, not %ld\n", count, length);
    ok_bytes(atr, expected, length);
    IByteBuffer_Release(buffer);

    expect_reply(there, &here);
    ok(here == kept, "another object came back\n");
    expect_reply(there, &cmd);
    expect_reply(card, &cmd);
    ok_uint(refs_of(here), 1);
    ok_hr(ISCard_Detach(there, LEAVE), S_OK);
    ok_hr(ISCard_Detach(card, LEAVE), S_OK);
    SysFreeString(reader);
    ISCardCmd_Release(cmd);
    ISCardCmd_Release(here);
    ISCard_Release(card);
    ISCard_Release(there);
}

/* ---- ISCardDatabase ---- */

static void test_database(void)
{
    ISCardDatabase *there = create_there(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    BSTR expected = reader_name(), name = NULL, none = SysAllocString(L"No such card");
    SAFEARRAY *readers = NULL;
    GUID *guid = NULL;
    LONG i = 0;

    ok_hr(ISCardDatabase_ListReaders(there, 0, &readers), S_OK);
    ok_hr(SafeArrayGetElement(readers, &i, &name), S_OK);
    ok(name && !lstrcmpW(name, expected), "reader %ls\n", name);
    ok_hr(ISCardDatabase_GetProviderCardId(there, none, &guid), SCARD_E_UNKNOWN_CARD);
    SafeArrayDestroy(readers);
    readers = NULL;
    ok_hr(ISCardDatabase_ListCards(there, NULL, NULL, 0, &readers), S_OK);
    ok(readers && SafeArrayGetDim(readers) == 1, "no list of cards\n");
    SafeArrayDestroy(readers);
    SysFreeString(name);
    SysFreeString(none);
    SysFreeString(expected);
    ISCardDatabase_Release(there);
}

/* ---- ISCardManage, ISCardFileAccess ---- */

static void free_table(TLV_TABLE *table, LONG count)
{
    while (count-- > 0)
        CoTaskMemFree(table[count].byData);
    CoTaskMemFree(table);
}

static BOOL same_tables(const TLV_TABLE *a, const TLV_TABLE *b, LONG count)
{
    LONG i;

    for (i = 0; i < count; i++)
        if (a[i].cbSize != b[i].cbSize || !a[i].byData != !b[i].byData ||
            (a[i].byData && memcmp(a[i].byData, b[i].byData, a[i].cbSize)))
            return FALSE;
    return TRUE;
}

/* The same properties here and there: all, and those that a table with its own bytes asks for. */
static void test_properties(ISCardFileAccess *here, ISCardFileAccess *there)
{
    BYTE tags[2][1] = {{0x80}, {0x83}};
    TLV_TABLE asked[2][2] = {{{1, tags[0]}, {1, tags[1]}}, {{1, tags[0]}, {1, tags[1]}}};
    TLV_TABLE *expected = NULL, *found = NULL;
    BSTR path = SysAllocString(L"3F00/2F05");
    LONG expected_count = 0, count = 0;

    ok_hr(ISCardFileAccess_GetProperties(here, SC_TYPE_BY_ID, path, &expected, &expected_count,
                                         SC_FL_GET_ALL_PROPERTIES),
          S_OK);
    ok_hr(ISCardFileAccess_GetProperties(there, SC_TYPE_BY_ID, path, &found, &count,
                                         SC_FL_GET_ALL_PROPERTIES),
          S_OK);
    ok(count == expected_count && count > 1, "%ld properties, not %ld\n", count, expected_count);
    ok(count == expected_count && same_tables(found, expected, count), "other properties\n");
    free_table(expected, expected_count);
    free_table(found, count);

    expected = asked[0];
    found = asked[1];
    expected_count = count = 2;
    ok_hr(ISCardFileAccess_GetProperties(here, SC_TYPE_BY_ID, path, &expected, &expected_count, 0),
          S_OK);
    ok_hr(ISCardFileAccess_GetProperties(there, SC_TYPE_BY_ID, path, &found, &count, 0), S_OK);
    ok(found == asked[1] && count == 2, "another table came back\n");
    ok(same_tables(asked[0], asked[1], 2), "other answers\n");
    ok(asked[1][1].cbSize > 1 && asked[1][1].byData != tags[1], "no answer\n");
    ok(tags[0][0] == 0x80 && tags[1][0] == 0x83, "the caller's bytes changed\n");
    CoTaskMemFree(asked[0][0].byData);
    CoTaskMemFree(asked[0][1].byData);
    CoTaskMemFree(asked[1][0].byData);
    CoTaskMemFree(asked[1][1].byData);

    found = NULL;
    count = 0;
    SysReAllocString(&path, L"3F00/7777");
    ok_hr(ISCardFileAccess_GetProperties(there, SC_TYPE_BY_ID, path, &found, &count, 0),
          SCARD_E_FILE_NOT_FOUND);
    ok(!found && !count, "a table after a failure\n");
    asked[0][0] = (TLV_TABLE){-1, tags[0]};
    ok_hr(ISCardFileAccess_SetProperties(there, SC_TYPE_BY_ID, path, asked[0], 1, 0), E_INVALIDARG);
    ok_hr(ISCardFileAccess_SetProperties(there, SC_TYPE_BY_ID, path, NULL, 1, 0), E_POINTER);
    ok_hr(ISCardFileAccess_SetProperties(there, SC_TYPE_BY_ID, path, asked[0], -1, 0),
          E_INVALIDARG);
    SysFreeString(path);
}

static void test_capabilities(ISCardFileAccess *here, ISCardFileAccess *there)
{
    TLV_TABLE *expected = NULL, *found = NULL;
    LONG expected_count = 0, count = 0;
    HRESULT hr = ISCardFileAccess_GetFileCapabilities(here, &expected, &expected_count, 0);

    ok_hr(ISCardFileAccess_GetFileCapabilities(there, &found, &count, 0), hr);
    ok(count == expected_count && same_tables(found, expected, count), "%ld, not %ld\n", count,
       expected_count);
    free_table(expected, expected_count);
    free_table(found, count);
}

static void test_create_file(ISCardFileAccess *there)
{
    BYTE id[] = {0x83, 0x02, 0x4f, 0x01}, size[] = {0x80, 0x02, 0x00, 0x10};
    BYTE kind[] = {0x82, 0x01, 0x01};
    TLV_TABLE table[] = {{sizeof(kind), kind}, {sizeof(id), id}, {sizeof(size), size}};
    TLV_TABLE *tlvs = table;
    BSTR path = SysAllocString(L"4F01");
    LONG count = ARRAYSIZE(table);
    IByteBuffer *data = buffer_with(pattern(), 16), *back = NULL;
    HSCARD_FILE file = 0;
    LONG read = 16;

    ok_hr(ISCardFileAccess_Create(there, SC_TYPE_BY_ID, path, &tlvs, &count, 0, data), S_OK);
    ok(tlvs == table && count == 3, "the table changed\n");
    ok_hr(ISCardFileAccess_Open(there, SC_TYPE_BY_ID, path, &file), S_OK);
    ok_hr(ISCardFileAccess_Read(there, file, &read, &back, 0), S_OK);
    ok_uint(read, 16);
    check_buffer(back, pattern(), 16, -1);
    ok_hr(ISCardFileAccess_Close(there, file), S_OK);
    ok_hr(ISCardFileAccess_Delete(there, SC_TYPE_BY_ID, path, 0), S_OK);
    IByteBuffer_Release(back);
    IByteBuffer_Release(data);
    SysFreeString(path);
}

static void test_manage(void)
{
    ISCardManage *there = create_there(&CLSID_SCardManage, &IID_ISCardManage);
    ISCardManage *here = create(&CLSID_SCardManage, &IID_ISCardManage);
    ISCardFileAccess *files = NULL, *files_here = NULL;
    BSTR reader = reader_name(), path = SysAllocString(L"3F00/7001"), dir = NULL;
    IByteBuffer *content = NULL, *expected = NULL;
    HSCARD_FILE file = 0, file_here = 0;
    SCARD_PROTOCOLS protocol = 0;
    SCARD_STATES state = 0, state_here = 0;
    static BYTE bytes[32768];
    LONG read = 32768, got = 0;

    ok_hr(ISCardManage_AttachByIFD(there, reader, SHARED), S_OK);
    ok_hr(ISCardManage_AttachByIFD(here, reader, SHARED), S_OK);
    ok_hr(ISCardManage_Status(here, &state_here, &protocol), S_OK);
    ok_hr(ISCardManage_Status(there, &state, &protocol), S_OK);
    ok(state == state_here && state == SPECIFICMODE && protocol == T1, "state %d, protocol %d\n",
       state, protocol);
    ok_hr(ISCardManage_CreateFileAccess(there, &files), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(here, &files_here), S_OK);
    ok_hr(ISCardFileAccess_GetCurrentDir(files, &dir), S_OK);
    ok(dir && !lstrcmpW(dir, L"3F00"), "directory %ls\n", dir);
    ok_hr(ISCardFileAccess_Open(files_here, SC_TYPE_BY_ID, path, &file_here), S_OK);
    ok_hr(ISCardFileAccess_Read(files_here, file_here, &read, &expected, 0), S_OK);
    IByteBuffer_Read(expected, bytes, sizeof(bytes), &got);
    ok_uint(got, 32768);
    ok_hr(ISCardFileAccess_Open(files, SC_TYPE_BY_ID, path, &file), S_OK);
    ok_hr(ISCardFileAccess_Read(files, file, &read, &content, 0), S_OK);
    ok_uint(read, 32768);
    check_buffer(content, bytes, 32768, 0);
    ok_hr(ISCardFileAccess_Close(files, file), S_OK);
    ok_hr(ISCardFileAccess_Close(files_here, file_here), S_OK);
    test_properties(files_here, files);
    test_capabilities(files_here, files);
    test_create_file(files);
    IByteBuffer_Release(content);
    IByteBuffer_Release(expected);
    ISCardFileAccess_Release(files_here);
    ISCardFileAccess_Release(files);
    ISCardManage_Release(here);
    ISCardManage_Release(there);
    SysFreeString(dir);
    SysFreeString(path);
    SysFreeString(reader);
}

static void run(void)
{
    test_card();
    test_database();
    test_manage();
}

START_TEST(marshalcard)
{
    if (!serve())
        with_servers(run);
}
