/*
 * What the PE tests that need a card share: readers, creation, buffers as bytes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h. The rig names its readers in SCARDSSP_TEST_READER (with the card) and
 * SCARDSSP_TEST_READER2 (empty).
 */

#ifndef TESTS_COM_CARDTEST_H
#define TESTS_COM_CARDTEST_H

#include <winscard.h>

static BSTR bstr_from_env(const char *variable, const WCHAR *fallback)
{
    WCHAR wide[256];
    char value[256];

    if (!GetEnvironmentVariableA(variable, value, sizeof(value)) ||
        !MultiByteToWideChar(CP_UTF8, 0, value, -1, wide, ARRAYSIZE(wide)))
        return SysAllocString(fallback);
    return SysAllocString(wide);
}

TEST_USED static BSTR reader_with_card(void)
{
    return bstr_from_env("SCARDSSP_TEST_READER", L"Virtual PCD 00 00");
}

TEST_USED static BSTR reader_without_card(void)
{
    return bstr_from_env("SCARDSSP_TEST_READER2", L"Virtual PCD 00 01");
}

/* Whether handles are those of winscard.dll: then it chooses the values, and may use a value again
 * at once. */
TEST_USED static BOOL native_handles(void)
{
    char value[16];

    return !test_under_wine ||
           (GetEnvironmentVariableA("SCARDSSP_TRANSPORT", value, sizeof(value)) &&
            !lstrcmpiA(value, "winscard"));
}

/* Deletes a key without subkeys; view is KEY_WOW64_64KEY, KEY_WOW64_32KEY, or 0 for the program's
 * own. The advapi32 of a 32-bit Windows XP knows but one view, and no RegDeleteKeyEx. */
TEST_USED static void delete_key(HKEY root, const WCHAR *path, REGSAM view)
{
    LONG(WINAPI * delete_in_view)(HKEY, const WCHAR *, REGSAM, DWORD);

    delete_in_view = (void *)GetProcAddress(GetModuleHandleA("advapi32.dll"), "RegDeleteKeyExW");
    if (delete_in_view)
        delete_in_view(root, path, view, 0);
    else
        RegDeleteKeyW(root, path);
}

/* An object by CLSID; failing to get one ends the program, for nothing else could be tested. */
TEST_USED static void *create(const CLSID *clsid, const IID *iid)
{
    void *object = NULL;
    HRESULT hr = CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER, iid, &object);

    ok(hr == S_OK, "CoCreateInstance: %#lx\n", hr);
    if (!object)
        ExitProcess(1);
    return object;
}

TEST_USED static ISCard *create_card(void)
{
    return create(&CLSID_CSCard, &IID_ISCard);
}

TEST_USED static ISCardManage *create_manage(void)
{
    return create(&CLSID_SCardManage, &IID_ISCardManage);
}

TEST_USED static IByteBuffer *create_buffer(const BYTE *bytes, LONG length)
{
    IByteBuffer *buffer = create(&CLSID_CByteBuffer, &IID_IByteBuffer);
    LONG written;

    IByteBuffer_SetSize(buffer, length);
    if (length)
        IByteBuffer_Write(buffer, (BYTE *)bytes, length, &written);
    return buffer;
}

/* Reads at most room bytes from the start. */
TEST_USED static LONG buffer_bytes(IByteBuffer *buffer, BYTE *bytes, LONG room)
{
    LONG count = 0;

    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    IByteBuffer_Read(buffer, bytes, room, &count);
    return count;
}

/* A command with these bytes, sent; the status word, or 0 with the HRESULT in *hr. */
TEST_USED static WORD send_apdu(ISCard *card, const BYTE *apdu, LONG length, HRESULT *hr)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *buffer = create_buffer(apdu, length);
    WORD sw = 0;

    *hr = ISCardCmd_put_Apdu(cmd, buffer);
    if (*hr == S_OK)
        *hr = ISCard_Transaction(card, &cmd);
    if (*hr == S_OK)
        *hr = ISCardCmd_get_ReplyStatus(cmd, &sw);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
    return sw;
}

/* The same; the answer, status word included, goes into bytes. Returns its length. */
TEST_USED static LONG exchange_apdu(ISCard *card, const BYTE *apdu, LONG length, BYTE *bytes,
                                    LONG room)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *buffer = create_buffer(apdu, length), *reply = NULL;
    LONG got = 0, said = -1;
    WORD sw = 0;

    ok_hr(ISCardCmd_put_Apdu(cmd, buffer), S_OK);
    ok_hr(ISCard_Transaction(card, &cmd), S_OK);
    ok_hr(ISCardCmd_get_ApduReplyLength(cmd, &said), S_OK);
    ok_hr(ISCardCmd_get_ReplyStatus(cmd, &sw), S_OK);
    ok_hr(ISCardCmd_get_ApduReply(cmd, &reply), S_OK);
    if (reply)
    {
        got = buffer_bytes(reply, bytes, room);
        IByteBuffer_Release(reply);
    }
    ok(got == said, "%ld bytes, said to be %ld\n", got, said);
    ok(got >= 2 && bytes[got - 2] == sw >> 8 && bytes[got - 1] == (BYTE)sw, "not %04x\n", sw);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
    return got;
}

#endif
