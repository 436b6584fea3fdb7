/*
 * A card by other people (libcacard's CAC) through our classes; tests/e2e/cac.sh puts it in and has
 * recorded what another program reads from it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCARDSSP_TEST_EXCHANGES is a file of lines "COMMAND ANSWER" in hexadecimal, in the order in which
 * the other program sent them; SCARDSSP_TEST_CODE the card's code.
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"

#define MAX_BYTES 300

static BSTR reader;

static LONG from_hex(const char *text, BYTE *bytes)
{
    LONG length = 0;
    unsigned value;

    for (; length < MAX_BYTES && sscanf(text, "%2x", &value) == 1; text += 2)
        bytes[length++] = (BYTE)value;
    return length;
}

/* The answer to a command, status word included. */
static LONG transact(ISCard *card, const BYTE *apdu, LONG length, BYTE *answer)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *buffer = create_buffer(apdu, length), *reply = NULL;

    ok_hr(ISCardCmd_put_Apdu(cmd, buffer), S_OK);
    ok_hr(ISCard_Transaction(card, &cmd), S_OK);
    ok_hr(ISCardCmd_get_ApduReply(cmd, &reply), S_OK);
    length = reply ? buffer_bytes(reply, answer, MAX_BYTES) : 0;
    if (reply)
        IByteBuffer_Release(reply);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
    return length;
}

/* What the other program read we read, byte for byte. */
static void test_exchanges(void)
{
    BYTE command[MAX_BYTES], expected[MAX_BYTES], answer[MAX_BYTES];
    char line[4 * MAX_BYTES], first[2 * MAX_BYTES + 1], second[2 * MAX_BYTES + 1];
    const char *path = getenv("SCARDSSP_TEST_EXCHANGES");
    LONG length, got, count = 0;
    ISCard *card = create_card();
    FILE *file = path ? fopen(path, "r") : NULL;

    ok(file != NULL, "no exchanges\n");
    ok_hr(ISCard_AttachByReader(card, reader, SHARED, T0 | T1), S_OK);
    while (file && fgets(line, sizeof(line), file)
           && sscanf(line, "%600s %600s", first, second) == 2)
    {
        length = from_hex(second, expected);
        got = transact(card, command, from_hex(first, command), answer);
        ok(got == length && !memcmp(answer, expected, length), "%s: %ld bytes, not %s\n",
           first, got, second);
        count++;
    }
    ok(count > 10, "%ld exchanges\n", count);
    if (file)
        fclose(file);
    ISCard_Release(card);
}

/* ---- the card service: applications by name, codes ---- */

static HRESULT change_dir(ISCardFileAccess *files, const WCHAR *name)
{
    BSTR text = SysAllocString(name);
    HRESULT hr = ISCardFileAccess_ChangeDir(files, SC_TYPE_BY_NAME, text);

    SysFreeString(text);
    return hr;
}

static void test_names(ISCardFileAccess *files)
{
    static const WCHAR *const there[] = {L"A0000000790300", L"A0000000790100", L"A0000000790101",
        L"A0000000790102"};
    BSTR current;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(there); i++)
    {
        test_push("%ls", there[i]);
        ok_hr(change_dir(files, there[i]), S_OK);
        current = NULL;
        ok_hr(ISCardFileAccess_GetCurrentDir(files, &current), S_OK);
        ok(current && wcsstr(current, there[i]), "in %ls\n", current);
        SysFreeString(current);
        test_pop();
    }
    ok_hr(change_dir(files, L"A0000000790BAD"), SCARD_E_DIR_NOT_FOUND);
}

static HRESULT verify(ISCardVerify *codes, const char *code)
{
    IByteBuffer *buffer = create_buffer((const BYTE *)code, (LONG)strlen(code));
    LONG ref = 0;
    HRESULT hr = ISCardVerify_Verify(codes, buffer, SC_FL_NO_FLAGS, &ref);

    IByteBuffer_Release(buffer);
    return hr;
}

static void test_codes(ISCardVerify *codes)
{
    const char *code = getenv("SCARDSSP_TEST_CODE");
    char wrong[32];

    snprintf(wrong, sizeof(wrong), "%s", code ? code : "");
    wrong[0] ^= 1;
    /* The card says 6985 to a wrong code: conditions of use not satisfied. */
    ok(FAILED(verify(codes, wrong)), "a wrong code is taken\n");
    ok_hr(verify(codes, code ? code : ""), S_OK);
    ok(FAILED(verify(codes, wrong)), "a wrong code is taken after the right one\n");
}

START_TEST(cac)
{
    ISCardFileAccess *files = NULL;
    ISCardVerify *codes = NULL;
    ISCardManage *manage;

    CoInitialize(NULL);
    reader = reader_with_card();
    test_exchanges();
    manage = create_manage();
    ok_hr(ISCardManage_AttachByIFD(manage, reader, SHARED), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    ok_hr(ISCardManage_CreateCHVerification(manage, &codes), S_OK);
    test_names(files);
    test_codes(codes);
    ISCardVerify_Release(codes);
    ISCardFileAccess_Release(files);
    ISCardManage_Release(manage);
    SysFreeString(reader);
    CoUninitialize();
}
