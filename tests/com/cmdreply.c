/*
 * ISCardCmd: its reply, copies that it hands out, threads, leaks.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "cmdtest.h"

/* ---- replies ---- */

/* From memory that is too small into larger one. */
static void test_growing(IByteBuffer *six)
{
    ISCardCmd *cmd = create_cmd();
    BYTE byte = 0;

    ISCardCmd_put_ApduReply(cmd, six);
    ISCardCmd_put_ReplyNad(cmd, 0x21);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 9), S_OK);
    check_reply(cmd, (const BYTE *)"abcd\x90\x00\0\0\0", 9);
    ok_hr(ISCardCmd_put_ReplyStatus(cmd, 0x6283), S_OK);
    check_reply(cmd, (const BYTE *)"abcd\x90\x00\0\x62\x83", 9);
    ok_hr(ISCardCmd_get_ReplyNad(cmd, &byte), S_OK);
    ok_uint(byte, 0x21);
    ISCardCmd_Release(cmd);
}

static void test_reply(void)
{
    static const LONG sizes[] = {2, 255, 256, 257, 258, 65535, 65536, 65537, 65538};
    IByteBuffer *buffer;
    ISCardCmd *cmd = create_cmd();
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        test_push("reply of %ld", sizes[i]);
        buffer = buffer_with(pattern(), sizes[i]);
        ok_hr(ISCardCmd_put_ApduReply(cmd, buffer), S_OK);
        check_reply(cmd, pattern(), sizes[i]);
        IByteBuffer_Release(buffer);
    }
    test_pop();

    fact(GUESS);
    buffer = buffer_with(pattern(), 65539);
    ok_hr(ISCardCmd_put_ApduReply(cmd, buffer), E_INVALIDARG);
    IByteBuffer_Release(buffer);
    buffer = buffer_with("x", 1);
    ok_hr(ISCardCmd_put_ApduReply(cmd, buffer), E_INVALIDARG);
    check_reply(cmd, pattern(), 65538);
    IByteBuffer_Release(buffer);
    buffer = buffer_with("abcd\x90\x00", 6);
    fact(DOCUMENTED);
    ok_hr(ISCardCmd_put_ApduReply(cmd, buffer), S_OK);
    ok_hr(ISCardCmd_put_ReplyStatus(cmd, 0x6A82), S_OK);
    check_reply(cmd, (const BYTE *)"abcd\x6A\x82", 6);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 4), S_OK);
    check_reply(cmd, (const BYTE *)"abcd", 4);
    fact(GUESS);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 7), S_OK);
    check_reply(cmd, (const BYTE *)"abcd\0\0\0", 7);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 1), E_INVALIDARG);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, -1), E_INVALIDARG);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 65539), E_INVALIDARG);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, MAXLONG), E_INVALIDARG);
    check_reply(cmd, (const BYTE *)"abcd\0\0\0", 7);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 0), S_OK);
    check_reply(cmd, NULL, 0);
    ok_hr(ISCardCmd_put_ReplyStatus(cmd, 0x9000), S_OK);
    check_reply(cmd, (const BYTE *)"\x90\x00", 2);
    ok_hr(ISCardCmd_put_ApduReply(cmd, NULL), S_OK);
    check_reply(cmd, NULL, 0);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 65538), S_OK);
    ISCardCmd_put_ApduReply(cmd, buffer);
    check_reply(cmd, (const BYTE *)"abcd\x90\x00", 6);
    test_growing(buffer);
    /* Another command has no reply yet; a changed one keeps it. */
    ISCardCmd_put_P1(cmd, 7);
    check_reply(cmd, (const BYTE *)"abcd\x90\x00", 6);
    ISCardCmd_BuildCmd(cmd, 0, 0xB0, 0, 0, NULL, NULL);
    check_reply(cmd, NULL, 0);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
}

/* Buffers that were handed out are copies. */
static void test_copies(void)
{
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *apdu = NULL, *reply = NULL, *data = NULL, *again = NULL;

    fact(GUESS);
    data = buffer_with("abcdef", 6);
    ISCardCmd_BuildCmd(cmd, 0, 0xD6, 0, 0, data, NULL);
    ISCardCmd_put_ApduReply(cmd, data);
    IByteBuffer_Release(data);
    ISCardCmd_get_Apdu(cmd, &apdu);
    ISCardCmd_get_ApduReply(cmd, &reply);
    ISCardCmd_get_ApduReply(cmd, &again);
    ISCardCmd_get_Data(cmd, &data);
    ok(reply != again, "one buffer handed out twice\n");
    IByteBuffer_SetSize(apdu, 1);
    IByteBuffer_SetSize(reply, 1);
    IByteBuffer_SetSize(data, 1);
    check_apdu(cmd, "\0\xD6\0\0\6abcdef", 11);
    check_reply(cmd, (const BYTE *)"abcdef", 6);
    ISCardCmd_Release(cmd);
    check_buffer(again, "abcdef", 6, 0);
    IByteBuffer_Release(again);
    IByteBuffer_Release(apdu);
    IByteBuffer_Release(reply);
    IByteBuffer_Release(data);
}

/* ---- threads ---- */

struct hammer
{
    ISCardCmd *cmd;
    LONG *failures;
    LONG length; /* of data: every thread has its own */
};

/* Whole commands are exchanged: what is read is always one that somebody built. */
static DWORD WINAPI hammer_thread(void *context)
{
    struct hammer *hammer = context;
    IByteBuffer *data, *apdu, *reply;
    BYTE bytes[600];
    LONG count, le = 7;
    int i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    memset(bytes, hammer->length, sizeof(bytes));
    data = buffer_with(bytes, hammer->length);
    for (i = 0; i < 1500; i++)
    {
        ISCardCmd_BuildCmd(hammer->cmd, 0, hammer->length, 0, 0, data, &le);
        ISCardCmd_put_ApduReply(hammer->cmd, data);
        apdu = reply = NULL;
        ISCardCmd_get_Apdu(hammer->cmd, &apdu);
        count = 0;
        IByteBuffer_Read(apdu, bytes, sizeof(bytes), &count);
        if (count != bytes[1] + 6 || bytes[4] != bytes[1] || bytes[5] != bytes[1] ||
            bytes[4 + bytes[1]] != bytes[1] || bytes[5 + bytes[1]] != 7)
            InterlockedIncrement(hammer->failures);
        ISCardCmd_get_ApduReply(hammer->cmd, &reply);
        if (reply && (IByteBuffer_Read(reply, bytes, sizeof(bytes), &count) != S_OK ||
                      bytes[0] != count || bytes[count - 1] != count))
            InterlockedIncrement(hammer->failures);
        if (i % 16 == 0)
            ISCardCmd_put_P2(hammer->cmd, i);
        IByteBuffer_Release(apdu);
        if (reply)
            IByteBuffer_Release(reply);
    }
    IByteBuffer_Release(data);
    CoUninitialize();
    return 0;
}

static void test_threads(void)
{
    ISCardCmd *cmd = create_cmd();
    struct hammer hammers[4];
    HANDLE threads[4];
    LONG failures = 0;
    int i;

    fact(GUESS);
    for (i = 0; i < 4; i++)
    {
        hammers[i] = (struct hammer){cmd, &failures, 10 + 70 * i};
        threads[i] = CreateThread(NULL, 0, hammer_thread, &hammers[i], 0, NULL);
    }
    ok_uint(WaitForMultipleObjects(4, threads, TRUE, 60000), WAIT_OBJECT_0);
    for (i = 0; i < 4; i++)
        CloseHandle(threads[i]);
    ok(!failures, "%ld failures\n", failures);
    ok_uint(ISCardCmd_Release(cmd), 0);
}

/* ---- leaks ---- */

static void round_of_commands(void)
{
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *data = buffer_with("\0\x20\0\1\4abcd", 9), *got = NULL;
    LONG le = 70000;

    ISCardCmd_put_Apdu(cmd, data);
    ISCardCmd_put_P1(cmd, 3);
    ISCardCmd_put_Data(cmd, data);
    ISCardCmd_BuildCmd(cmd, 0, 0x20, 0, 0, data, &le);
    ISCardCmd_BuildCmd(cmd, 0, 0x20, 0, 0, data, NULL);
    ISCardCmd_put_ApduReply(cmd, data);
    ISCardCmd_put_ApduReplyLength(cmd, 3000);
    ISCardCmd_put_ReplyStatus(cmd, 0x9000);
    ISCardCmd_get_ApduReply(cmd, &got);
    IByteBuffer_Release(got);
    ISCardCmd_get_Apdu(cmd, &got);
    IByteBuffer_Release(got);
    ISCardCmd_Encapsulate(cmd, data, ISO_CASE_4);
    ISCardCmd_put_ApduReply(cmd, data);
    IByteBuffer_Release(data);
    ISCardCmd_Release(cmd);
}

START_TEST(cmdreply)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_reply();
    test_copies();
    test_threads();
    fact(GUESS);
    check_leaks("commands", round_of_commands);
    CoUninitialize();
}
