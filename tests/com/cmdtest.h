/*
 * What the tests of ISCardCmd and of its users share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and scardssp.h.
 */

#ifndef TESTS_COM_CMDTEST_H
#define TESTS_COM_CMDTEST_H

#include "objects.h"

TEST_USED static ISCardCmd *create_cmd(void)
{
    return create(&CLSID_CSCardCmd, &IID_ISCardCmd);
}

/* The reference that a property handed out is the only one. */
TEST_USED static void check_property(int line, IByteBuffer *buffer, const void *bytes, LONG length)
{
    if (!length)
    {
        test_check(__FILE__, line, !buffer, "a buffer instead of NULL\n");
        return;
    }
    check_buffer_at(line, buffer, bytes, length, 0);
    if (buffer)
        test_check(__FILE__, line, !IByteBuffer_Release(buffer), "another reference is left\n");
}

/* The command as bytes; length 0: there is none. */
#define check_apdu(cmd, bytes, length) check_apdu_at(__LINE__, cmd, bytes, length)

TEST_USED static void check_apdu_at(int line, ISCardCmd *cmd, const void *bytes, LONG length)
{
    IByteBuffer *buffer = (IByteBuffer *)1;
    LONG said = -1;
    HRESULT hr = ISCardCmd_get_Apdu(cmd, &buffer);

    test_check(__FILE__, line, hr == S_OK, "get_Apdu: %#lx\n", hr);
    check_property(line, buffer, bytes, length);
    hr = ISCardCmd_get_ApduLength(cmd, &said);
    test_check(__FILE__, line, hr == S_OK && said == length, "ApduLength %ld, expected %ld\n", said,
               length);
}

/* The reply as bytes, and all that is to agree with it. */
#define check_reply(cmd, bytes, length) check_reply_at(__LINE__, cmd, bytes, length)

TEST_USED static void check_reply_at(int line, ISCardCmd *cmd, const BYTE *bytes, LONG length)
{
    BYTE sw1 = 0x55, sw2 = 0x55, expected1 = 0, expected2 = 0;
    IByteBuffer *buffer = (IByteBuffer *)1;
    LONG said = -1;
    WORD status;
    HRESULT hr = ISCardCmd_get_ApduReply(cmd, &buffer);

    if (length)
    {
        expected1 = bytes[length - 2];
        expected2 = bytes[length - 1];
    }
    test_check(__FILE__, line, hr == S_OK, "get_ApduReply: %#lx\n", hr);
    check_property(line, buffer, bytes, length);
    hr = ISCardCmd_get_ApduReplyLength(cmd, &said);
    test_check(__FILE__, line, hr == S_OK && said == length, "ApduReplyLength %ld, expected %ld\n",
               said, length);
    ISCardCmd_get_ReplyStatusSW1(cmd, &sw1);
    ISCardCmd_get_ReplyStatusSW2(cmd, &sw2);
    ISCardCmd_get_ReplyStatus(cmd, &status);
    test_check(__FILE__, line, sw1 == expected1 && sw2 == expected2 && status == (sw1 << 8 | sw2),
               "SW %02x %02x, %04x\n", sw1, sw2, status);
}

#endif
