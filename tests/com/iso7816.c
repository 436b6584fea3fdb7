/*
 * ISCardISO7816: the bytes of every command, objects used again, wrong arguments, leaks.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "doubles.h"
#include "foreigncmd.h"
#include "cmdtest.h"

enum method
{
    APPEND_RECORD,
    ERASE_BINARY,
    EXTERNAL_AUTHENTICATE,
    GET_CHALLENGE,
    GET_DATA,
    GET_RESPONSE,
    INTERNAL_AUTHENTICATE,
    MANAGE_CHANNEL,
    PUT_DATA,
    READ_BINARY,
    READ_RECORD,
    SELECT_FILE,
    UPDATE_BINARY,
    UPDATE_RECORD,
    VERIFY,
    WRITE_BINARY,
    WRITE_RECORD,
    METHODS
};

static const struct method_info
{
    const char *name;
    BOOL data, needs_data, length;
} methods[METHODS] =
{
    {"AppendRecord", TRUE, TRUE, FALSE},
    {"EraseBinary", TRUE, FALSE, FALSE},
    {"ExternalAuthenticate", TRUE, FALSE, FALSE},
    {"GetChallenge", FALSE, FALSE, TRUE},
    {"GetData", FALSE, FALSE, TRUE},
    {"GetResponse", FALSE, FALSE, TRUE},
    {"InternalAuthenticate", TRUE, TRUE, TRUE},
    {"ManageChannel", FALSE, FALSE, FALSE},
    {"PutData", TRUE, TRUE, FALSE},
    {"ReadBinary", FALSE, FALSE, TRUE},
    {"ReadRecord", FALSE, FALSE, TRUE},
    {"SelectFile", TRUE, FALSE, TRUE},
    {"UpdateBinary", TRUE, TRUE, FALSE},
    {"UpdateRecord", TRUE, TRUE, FALSE},
    {"Verify", TRUE, FALSE, FALSE},
    {"WriteBinary", TRUE, TRUE, FALSE},
    {"WriteRecord", TRUE, TRUE, FALSE},
};

static HRESULT call(ISCardISO7816 *iso, enum method method, BYTE a, BYTE b, IByteBuffer *data,
                    LONG length, ISCardCmd **cmd)
{
    switch (method)
    {
    case APPEND_RECORD: return ISCardISO7816_AppendRecord(iso, b, data, cmd);
    case ERASE_BINARY: return ISCardISO7816_EraseBinary(iso, a, b, data, cmd);
    case EXTERNAL_AUTHENTICATE: return ISCardISO7816_ExternalAuthenticate(iso, a, b, data, cmd);
    case GET_CHALLENGE: return ISCardISO7816_GetChallenge(iso, length, cmd);
    case GET_DATA: return ISCardISO7816_GetData(iso, a, b, length, cmd);
    case GET_RESPONSE: return ISCardISO7816_GetResponse(iso, a, b, length, cmd);
    case INTERNAL_AUTHENTICATE:
        return ISCardISO7816_InternalAuthenticate(iso, a, b, data, length, cmd);
    case MANAGE_CHANNEL: return ISCardISO7816_ManageChannel(iso, a, b, cmd);
    case PUT_DATA: return ISCardISO7816_PutData(iso, a, b, data, cmd);
    case READ_BINARY: return ISCardISO7816_ReadBinary(iso, a, b, length, cmd);
    case READ_RECORD: return ISCardISO7816_ReadRecord(iso, a, b, length, cmd);
    case SELECT_FILE: return ISCardISO7816_SelectFile(iso, a, b, data, length, cmd);
    case UPDATE_BINARY: return ISCardISO7816_UpdateBinary(iso, a, b, data, cmd);
    case UPDATE_RECORD: return ISCardISO7816_UpdateRecord(iso, a, b, data, cmd);
    case VERIFY: return ISCardISO7816_Verify(iso, b, data, cmd);
    case WRITE_BINARY: return ISCardISO7816_WriteBinary(iso, a, b, data, cmd);
    case WRITE_RECORD: return ISCardISO7816_WriteRecord(iso, a, b, data, cmd);
    default: return E_UNEXPECTED;
    }
}

static ISCardISO7816 *create_iso(void)
{
    return create(&CLSID_CSCardISO7816, &IID_ISCardISO7816);
}

/* ---- the commands ---- */

#define NONE (-1)

static const struct row
{
    enum method method;
    enum fact fact;
    BYTE a, b;
    LONG data;     /* bytes 00 01 02..., or NONE */
    LONG le;
    LONG length;
    const char *apdu;
} rows[] =
{
    {APPEND_RECORD, DOCUMENTED, 0, 0x12, 2, 0, 7, "\0\xE2\0\x12\2\0\1"},
    {ERASE_BINARY, DOCUMENTED, 1, 2, NONE, 0, 4, "\0\x0E\1\2"},
    {ERASE_BINARY, DOCUMENTED, 1, 2, 0, 0, 4, "\0\x0E\1\2"},
    {ERASE_BINARY, DOCUMENTED, 1, 2, 2, 0, 7, "\0\x0E\1\2\2\0\1"},
    {EXTERNAL_AUTHENTICATE, DOCUMENTED, 3, 4, 3, 0, 8, "\0\x82\3\4\3\0\1\2"},
    {EXTERNAL_AUTHENTICATE, DOCUMENTED, 3, 4, NONE, 0, 4, "\0\x82\3\4"},
    {GET_CHALLENGE, DOCUMENTED, 0, 0, NONE, 8, 5, "\0\x84\0\0\x08"},
    {GET_CHALLENGE, GUESS, 0, 0, NONE, 0, 5, "\0\x84\0\0\0"},
    {GET_DATA, DOCUMENTED, 0x9F, 0x7F, NONE, 42, 5, "\0\xCA\x9F\x7F\x2A"},
    {GET_DATA, GUESS, 0x9F, 0x7F, NONE, 0, 5, "\0\xCA\x9F\x7F\0"},
    {GET_RESPONSE, DOCUMENTED, 0, 0, NONE, 5, 5, "\0\xC0\0\0\5"},
    {GET_RESPONSE, GUESS, 0, 0, NONE, 0, 5, "\0\xC0\0\0\0"},
    {INTERNAL_AUTHENTICATE, DOCUMENTED, 1, 2, 3, 8, 9, "\0\x88\1\2\3\0\1\2\x08"},
    {INTERNAL_AUTHENTICATE, GUESS, 1, 2, 3, 0, 8, "\0\x88\1\2\3\0\1\2"},
    {MANAGE_CHANNEL, DOCUMENTED, 0, 0, NONE, 0, 5, "\0\x70\0\0\1"},
    {MANAGE_CHANNEL, DOCUMENTED, 0, 2, NONE, 0, 4, "\0\x70\0\2"},
    {MANAGE_CHANNEL, DOCUMENTED, 0x80, 1, NONE, 0, 4, "\0\x70\x80\1"},
    {PUT_DATA, DOCUMENTED, 1, 2, 1, 0, 6, "\0\xDA\1\2\1\0"},
    {READ_BINARY, DOCUMENTED, 1, 2, NONE, 1, 5, "\0\xB0\1\2\1"},
    {READ_BINARY, DOCUMENTED, 1, 2, NONE, 255, 5, "\0\xB0\1\2\xFF"},
    {READ_BINARY, DOCUMENTED, 1, 2, NONE, 256, 5, "\0\xB0\1\2\0"},
    {READ_BINARY, DOCUMENTED, 1, 2, NONE, 257, 7, "\0\xB0\1\2\0\1\1"},
    {READ_BINARY, DOCUMENTED, 1, 2, NONE, 65535, 7, "\0\xB0\1\2\0\xFF\xFF"},
    {READ_BINARY, DOCUMENTED, 1, 2, NONE, 65536, 7, "\0\xB0\1\2\0\0\0"},
    {READ_BINARY, GUESS, 1, 2, NONE, 0, 5, "\0\xB0\1\2\0"},
    {READ_RECORD, DOCUMENTED, 1, 4, NONE, 10, 5, "\0\xB2\1\4\x0A"},
    {READ_RECORD, GUESS, 1, 4, NONE, 0, 5, "\0\xB2\1\4\0"},
    {SELECT_FILE, DOCUMENTED, 4, 0, 5, 0, 10, "\0\xA4\4\0\5\0\1\2\3\4"},
    {SELECT_FILE, DOCUMENTED, 4, 0, 2, 256, 8, "\0\xA4\4\0\2\0\1\0"},
    {SELECT_FILE, DOCUMENTED, 0, 0, NONE, 0, 4, "\0\xA4\0\0"},
    {SELECT_FILE, DOCUMENTED, 0, 0, NONE, 7, 5, "\0\xA4\0\0\7"},
    {UPDATE_BINARY, DOCUMENTED, 1, 2, 2, 0, 7, "\0\xD6\1\2\2\0\1"},
    {UPDATE_RECORD, DOCUMENTED, 1, 4, 2, 0, 7, "\0\xDC\1\4\2\0\1"},
    {VERIFY, DOCUMENTED, 0, 0x81, 4, 0, 9, "\0\x20\0\x81\4\0\1\2\3"},
    {VERIFY, DOCUMENTED, 0, 0x81, NONE, 0, 4, "\0\x20\0\x81"},
    {WRITE_BINARY, DOCUMENTED, 1, 2, 2, 0, 7, "\0\xD0\1\2\2\0\1"},
    {WRITE_RECORD, DOCUMENTED, 1, 4, 2, 0, 7, "\0\xD2\1\4\2\0\1"},
};

static void test_commands(void)
{
    ISCardISO7816 *iso = create_iso();
    ISCardCmd *reused = create_cmd(), *cmd;
    IByteBuffer *data;
    BYTE expected[16];
    size_t i;

    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        const struct row *row = &rows[i];

        test_push("%s, row %u", methods[row->method].name, (unsigned)i);
        fact(row->fact);
        data = row->data == NONE ? NULL : buffer_with(pattern(), row->data);
        cmd = NULL;
        ok_hr(ISCardISO7816_SetDefaultClassId(iso, 0), S_OK);
        ok_hr(call(iso, row->method, row->a, row->b, data, row->le, &cmd), S_OK);
        if (cmd)
        {
            check_apdu(cmd, row->apdu, row->length);
            ok_uint(ISCardCmd_Release(cmd), 0);
        }

        /* The same object again, with another class. */
        memcpy(expected, row->apdu, row->length);
        expected[0] = 0xA0;
        cmd = reused;
        ok_hr(ISCardISO7816_SetDefaultClassId(iso, 0xA0), S_OK);
        ok_hr(call(iso, row->method, row->a, row->b, data, row->le, &cmd), S_OK);
        ok(cmd == reused, "another object\n");
        ok_uint(refs_of(reused), 1);
        check_apdu(reused, expected, row->length);
        if (data)
        {
            check_buffer(data, pattern(), row->data, row->data);
            ok_uint(IByteBuffer_Release(data), 0);
        }
    }
    test_pop();
    ISCardCmd_Release(reused);
    ISCardISO7816_Release(iso);
}

/* ---- wrong arguments ---- */

/* Fails, leaves an object alone and makes none. */
static void check_refused(ISCardISO7816 *iso, enum method method, IByteBuffer *data, LONG length,
                          HRESULT hr)
{
    ISCardCmd *cmd = NULL, *old = create_cmd();

    ok_hr(call(iso, method, 1, 2, data, length, &cmd), hr);
    ok(!cmd, "a command was made\n");
    ISCardCmd_BuildCmd(old, 0x80, 0xCA, 1, 2, NULL, NULL);
    cmd = old;
    ok_hr(call(iso, method, 1, 2, data, length, &cmd), hr);
    ok(cmd == old, "the pointer changed\n");
    check_apdu(old, "\x80\xCA\1\2", 4);
    ok_uint(ISCardCmd_Release(old), 0);
}

static void test_refused(void)
{
    static struct double_buffer foreign;
    ISCardISO7816 *iso = create_iso();
    IByteBuffer *data = buffer_with("ab", 2), *none = buffer_with("", 0);
    IByteBuffer *big = buffer_with(pattern(), 65536);
    int i;

    fact(GUESS);
    for (i = 0; i < METHODS; i++)
    {
        test_push("%s", methods[i].name);
        ok_hr(call(iso, i, 0, 0, data, 0, NULL), E_POINTER);
        if (methods[i].length)
        {
            check_refused(iso, i, data, -1, E_INVALIDARG);
            check_refused(iso, i, data, 65537, E_INVALIDARG);
            check_refused(iso, i, data, MAXLONG, E_INVALIDARG);
            check_refused(iso, i, data, MINLONG, E_INVALIDARG);
        }
        if (methods[i].needs_data)
        {
            check_refused(iso, i, NULL, 0, E_INVALIDARG);
            check_refused(iso, i, none, 0, E_INVALIDARG);
        }
        if (methods[i].data)
        {
            check_refused(iso, i, big, 0, E_INVALIDARG);
            check_refused(iso, i, double_init(&foreign, ALWAYS_FAILS, 3), 0, (HRESULT)DOUBLE_ERROR);
            check_refused(iso, i, double_init(&foreign, READ_TOO_MANY, 3), 0, E_INVALIDARG);
            ok(foreign.refs == 1, "%ld references\n", foreign.refs);
        }
    }
    test_pop();
    IByteBuffer_Release(big);
    IByteBuffer_Release(none);
    IByteBuffer_Release(data);
    ISCardISO7816_Release(iso);
}

/* ---- sizes ---- */

/* An APDU with this much data and an Le for that much, as ISO 7816-4 counts its bytes. */
static LONG apdu_size(LONG data, LONG le)
{
    LONG extended = data > 255 || le > 256;

    return 4 + (extended && (data || le)) + (data ? (extended ? 2 : 1) + data : 0) +
           (le ? (extended ? 2 : 1) : 0);
}

/* The methods that can only read ask for all when they are given 0. */
static LONG le_of(enum method method, LONG length)
{
    return methods[method].length && !methods[method].data && !length ? 256 : length;
}

static void check_size(ISCardISO7816 *iso, enum method method, LONG data, LONG le)
{
    BOOL good = data <= 65535 && le <= 65536 && (data || !methods[method].needs_data);
    IByteBuffer *buffer = methods[method].data ? buffer_with(pattern(), data) : NULL;
    ISCardCmd *cmd = NULL;
    LONG length = -1;

    test_push("%s, %ld bytes, Le %ld", methods[method].name, data, le);
    ok_hr(call(iso, method, 1, 2, buffer, le, &cmd), good ? S_OK : E_INVALIDARG);
    if (cmd)
    {
        ok_hr(ISCardCmd_get_ApduLength(cmd, &length), S_OK);
        ok(length == apdu_size(data, le_of(method, le)), "%ld bytes\n", length);
        ISCardCmd_Release(cmd);
    }
    if (buffer)
        IByteBuffer_Release(buffer);
    test_pop();
}

static void test_sizes(void)
{
    static const LONG sizes[] = {0, 1, 255, 256, 257, 65535, 65536, 65537};
    ISCardISO7816 *iso = create_iso();
    size_t i;
    int k;

    fact(DOCUMENTED);
    for (k = 0; k < METHODS; k++)
    {
        for (i = 0; methods[k].data && i < ARRAYSIZE(sizes); i++)
            check_size(iso, k, sizes[i], 0);
        for (i = 0; methods[k].length && i < ARRAYSIZE(sizes); i++)
            check_size(iso, k, methods[k].data ? 2 : 0, sizes[i]);
    }
    ISCardISO7816_Release(iso);
}

/* ---- commands of another make ---- */

static void test_foreign_commands(void)
{
    ISCardISO7816 *iso = create_iso();
    IByteBuffer *data = buffer_with("ab", 2);
    struct foreign_cmd foreign;
    ISCardCmd *cmd, *passed;
    BYTE ins, again;
    int i;

    fact(GUESS);
    for (i = 0; i < METHODS; i++)
    {
        test_push("%s into a foreign command", methods[i].name);
        cmd = passed = foreign_cmd_init(&foreign, create_cmd());
        ok_hr(call(iso, i, 1, 2, data, 3, &passed), S_OK);
        ok_hr(ISCardCmd_get_InstructionId(foreign.inner, &ins), S_OK);
        ok(ins, "nothing was written\n");
        foreign.fault = FOREIGN_FAILS;
        ok_hr(call(iso, (i + 1) % METHODS, 1, 2, data, 3, &passed), (HRESULT)DOUBLE_ERROR);
        ok(passed == cmd && foreign.refs == 1, "%p, %ld references\n", passed, foreign.refs);
        ISCardCmd_get_InstructionId(foreign.inner, &again);
        ok_uint(again, ins);
        foreign_cmd_fini(&foreign);
    }
    test_pop();
    IByteBuffer_Release(data);
    ISCardISO7816_Release(iso);
}

/* ---- leaks ---- */

static void round_of_iso(void)
{
    ISCardISO7816 *iso = create_iso();
    IByteBuffer *data = buffer_with("abc", 3);
    ISCardCmd *cmd;
    int i;

    for (i = 0; i < METHODS; i++)
    {
        cmd = NULL;
        call(iso, i, 1, 2, data, 3, &cmd);
        call(iso, i, 1, 2, data, -3, &cmd);
        call(iso, i, 1, 2, NULL, 3, &cmd);
        if (cmd)
            ISCardCmd_Release(cmd);
    }
    IByteBuffer_Release(data);
    ISCardISO7816_Release(iso);
}

START_TEST(iso7816)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_commands();
    test_refused();
    test_sizes();
    test_foreign_commands();
    fact(GUESS);
    check_leaks("commands", round_of_iso);
    CoUninitialize();
}
