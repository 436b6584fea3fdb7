/*
 * A client that never heard of this project: mingw-w64's scardssp.h and scardssp_i.c and nothing
 * of ours but the harness. All seven classes, in the way that programs of the time used them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>
#include <winscard.h>

#include <scardssp.h>
#include <scardssp_i.c>

#include "test.h"

static void *create(const CLSID *clsid, const IID *iid)
{
    void *object = NULL;
    HRESULT hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, &object);

    ok(hr == S_OK, "CoCreateInstance: %#lx\n", hr);
    if (!object)
        ExitProcess(1);
    return object;
}

/* SetSize and Write, no Initialize, no Seek: what a C# client does. */
static IByteBuffer *make_buffer(const BYTE *bytes, LONG length)
{
    IByteBuffer *buffer = create(&CLSID_CByteBuffer, &IID_IByteBuffer);
    LONG written = 0;

    ok_hr(IByteBuffer_SetSize(buffer, length), S_OK);
    if (length)
        ok_hr(IByteBuffer_Write(buffer, (BYTE *)bytes, length, &written), S_OK);
    ok(written == length, "wrote %ld bytes\n", written);
    return buffer;
}

static WORD transact(ISCard *card, ISCardCmd *cmd)
{
    LONG length = 0, got = 0;
    IByteBuffer *reply;
    BYTE bytes[300];

    ok_hr(ISCard_Transaction(card, &cmd), S_OK);
    ok_hr(ISCardCmd_get_ApduReplyLength(cmd, &length), S_OK);
    ok_hr(ISCardCmd_get_ApduReply(cmd, &reply), S_OK);
    ok(length >= 2 && length <= (LONG)sizeof(bytes), "%ld bytes\n", length);
    ok_hr(IByteBuffer_Read(reply, bytes, length, &got), S_OK);
    ok(got == length, "read %ld of %ld bytes\n", got, length);
    IByteBuffer_Release(reply);
    return (WORD)(bytes[length - 2] << 8 | bytes[length - 1]);
}

static void test_commands(ISCard *card)
{
    static const BYTE mf[] = {0x3F, 0x00};
    IByteBuffer *data = make_buffer(mf, sizeof(mf)), *none = make_buffer(NULL, 0);
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    LONG le = 0;
    WORD sw;

    ok_hr(ISCardCmd_BuildCmd(cmd, 0x00, 0xA4, 0x00, 0x0C, data, &le), S_OK);
    sw = transact(card, cmd);
    ok(sw == 0x9000, "SELECT: %04x\n", sw);
    le = 8;
    ok_hr(ISCardCmd_BuildCmd(cmd, 0x00, 0x84, 0, 0, none, &le), S_OK);
    sw = transact(card, cmd);
    ok(sw == 0x9000, "GET CHALLENGE: %04x\n", sw);
    IByteBuffer_Release(none);
    IByteBuffer_Release(data);
    ISCardCmd_Release(cmd);
}

static void test_iso7816(ISCard *card)
{
    ISCardISO7816 *iso = create(&CLSID_CSCardISO7816, &IID_ISCardISO7816);
    ISCardCmd *cmd = NULL;
    WORD sw;

    ok_hr(ISCardISO7816_SetDefaultClassId(iso, 0x00), S_OK);
    ok_hr(ISCardISO7816_GetChallenge(iso, 8, &cmd), S_OK);
    sw = transact(card, cmd);
    ok(sw == 0x9000, "GET CHALLENGE: %04x\n", sw);
    ISCardCmd_Release(cmd);
    ISCardISO7816_Release(iso);
}

static void test_typeconv(void)
{
    static const BYTE bytes[] = {1, 2, 3};
    ISCardTypeConv *conv = create(&CLSID_CSCardTypeConv, &IID_ISCardTypeConv);
    IByteBuffer *buffer = NULL;
    SAFEARRAY *array = NULL;
    LONG last = 0;

    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, (BYTE *)bytes, 3, &buffer), S_OK);
    ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array), S_OK);
    if (array)
    {
        SafeArrayGetUBound(array, 1, &last);
        ok(last == 2, "upper bound %ld\n", last);
        SafeArrayDestroy(array);
    }
    IByteBuffer_Release(buffer);
    ISCardTypeConv_Release(conv);
}

static void test_database(ISCard *card)
{
    ISCardDatabase *database = create(&CLSID_CSCardDatabase, &IID_ISCardDatabase);
    SAFEARRAY *readers = NULL, *cards = NULL;
    IByteBuffer *atr = NULL;

    ok_hr(ISCardDatabase_ListReaders(database, 0, &readers), S_OK);
    ok_hr(ISCard_get_Atr(card, &atr), S_OK);
    ok_hr(ISCardDatabase_ListCards(database, atr, NULL, 0, &cards), S_OK);
    if (readers)
        SafeArrayDestroy(readers);
    if (cards)
        SafeArrayDestroy(cards);
    IByteBuffer_Release(atr);
    ISCardDatabase_Release(database);
}

static void test_locate(void)
{
    ISCardLocate *locate = create(&CLSID_CSCardLocate, &IID_ISCardLocate);
    SAFEARRAY *names = SafeArrayCreateVector(VT_BSTR, 0, 1);
    BSTR name = SysAllocString(L"no such card"), title = SysAllocString(L"");
    LPSCARDINFO info = NULL;
    LONG index = 0;
    HRESULT hr;

    SafeArrayPutElement(names, &index, name);
    hr = ISCardLocate_ConfigureCardNameSearch(locate, names, NULL, title, SC_DLG_NO_UI);
    if (hr == S_OK)
        hr = ISCardLocate_FindCard(locate, SHARED, T0, SC_DLG_NO_UI, &info);
    ok(hr == (HRESULT)SCARD_E_UNKNOWN_CARD && !info, "%#lx, %p\n", hr, info);
    SafeArrayDestroy(names);
    SysFreeString(name);
    SysFreeString(title);
    ISCardLocate_Release(locate);
}

START_TEST(oldclient)
{
    WCHAR wide[256];
    char reader[256];
    BSTR name;
    ISCard *card;

    CoInitialize(NULL);
    fact(NATIVE);
    if (!GetEnvironmentVariableA("SCARDSSP_TEST_READER", reader, sizeof(reader)))
        lstrcpyA(reader, "Virtual PCD 00 00");
    MultiByteToWideChar(CP_UTF8, 0, reader, -1, wide, ARRAYSIZE(wide));
    name = SysAllocString(wide);
    card = create(&CLSID_CSCard, &IID_ISCard);
    ok_hr(ISCard_AttachByReader(card, name, SHARED, T0 | T1), S_OK);
    test_commands(card);
    test_iso7816(card);
    test_typeconv();
    test_database(card);
    test_locate();
    ok_hr(ISCard_Detach(card, UNPOWER), S_OK);
    ISCard_Release(card);
    SysFreeString(name);
    CoUninitialize();
}
