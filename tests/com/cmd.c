/*
 * ISCardCmd: building and parsing commands, properties, wrong arguments.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "doubles.h"
#include "cmdtest.h"

/* ---- BuildCmd ---- */

#define WITHOUT_LE   (-99) /* plLe NULL */
#define WITHOUT_DATA (-1)  /* pbyData NULL */

static const struct build
{
    const char *name;
    enum fact fact;
    LONG data, le;        /* lengths */
    HRESULT hr;
    ISO_APDU_TYPE type;
    LONG header;          /* bytes of the APDU before the data, */
    const char *head;     /* which are these after CLA INS P1 P2 */
    LONG trailer;         /* bytes behind the data */
    const char *tail;
    BYTE p3;
    LONG le_field;
} builds[] =
{
    {"case 1", DOCUMENTED, WITHOUT_DATA, WITHOUT_LE, S_OK, ISO_CASE_1, 4, "", 0, "", 0, 0},
    {"case 1, empty data", NATIVE, 0, WITHOUT_LE, S_OK, ISO_CASE_1, 4, "", 0, "", 0, 0},
    {"case 1, Le 0", NATIVE, 0, 0, S_OK, ISO_CASE_1, 4, "", 0, "", 0, 0},
    {"case 2, 1", DOCUMENTED, WITHOUT_DATA, 1, S_OK, ISO_CASE_2, 5, "\x01", 0, "", 1, 1},
    {"case 2, 255", DOCUMENTED, 0, 255, S_OK, ISO_CASE_2, 5, "\xFF", 0, "", 255, 255},
    {"case 2, 256", DOCUMENTED, 0, 256, S_OK, ISO_CASE_2, 5, "\x00", 0, "", 0, 256},
    {"case 2, 257", DOCUMENTED, 0, 257, S_OK, ISO_CASE_2, 7, "\x00\x01\x01", 0, "", 0, 257},
    {"case 2, 65535", DOCUMENTED, 0, 65535, S_OK, ISO_CASE_2, 7, "\0\xFF\xFF", 0, "", 0, 65535},
    {"case 2, 65536", DOCUMENTED, 0, 65536, S_OK, ISO_CASE_2, 7, "\0\0\0", 0, "", 0, 65536},
    {"case 3, 1", DOCUMENTED, 1, WITHOUT_LE, S_OK, ISO_CASE_3, 5, "\x01", 0, "", 1, 0},
    {"case 3, Le 0", NATIVE, 7, 0, S_OK, ISO_CASE_3, 5, "\x07", 0, "", 7, 0},
    {"case 3, 255", DOCUMENTED, 255, WITHOUT_LE, S_OK, ISO_CASE_3, 5, "\xFF", 0, "", 255, 0},
    {"case 3, 256", DOCUMENTED, 256, WITHOUT_LE, S_OK, ISO_CASE_3, 7, "\0\1\0", 0, "", 0, 0},
    {"case 3, 257", DOCUMENTED, 257, WITHOUT_LE, S_OK, ISO_CASE_3, 7, "\0\1\1", 0, "", 0, 0},
    {"case 3, 65535", DOCUMENTED, 65535, 0, S_OK, ISO_CASE_3, 7, "\0\xFF\xFF", 0, "", 0, 0},
    {"case 4", DOCUMENTED, 3, 5, S_OK, ISO_CASE_4, 5, "\x03", 1, "\x05", 3, 5},
    {"case 4, 256", DOCUMENTED, 255, 256, S_OK, ISO_CASE_4, 5, "\xFF", 1, "\0", 255, 256},
    {"case 4, 257", DOCUMENTED, 3, 257, S_OK, ISO_CASE_4, 7, "\0\0\3", 2, "\1\1", 0, 257},
    {"case 4, all", DOCUMENTED, 256, 65536, S_OK, ISO_CASE_4, 7, "\0\1\0", 2, "\0\0", 0, 65536},
    {"Le -1", GUESS, WITHOUT_DATA, -1, E_INVALIDARG, 0, 0, "", 0, "", 0, 0},
    {"Le 65537", GUESS, WITHOUT_DATA, 65537, E_INVALIDARG, 0, 0, "", 0, "", 0, 0},
    {"Le 2^31-1", GUESS, 4, MAXLONG, E_INVALIDARG, 0, 0, "", 0, "", 0, 0},
    {"data 65536", GUESS, 65536, WITHOUT_LE, E_INVALIDARG, 0, 0, "", 0, "", 0, 0},
    {"data 65537", GUESS, 65537, 5, E_INVALIDARG, 0, 0, "", 0, "", 0, 0},
};

static void check_numbers(ISCardCmd *cmd, const struct build *row)
{
    ISO_APDU_TYPE type = 0;
    BYTE byte = 0x55;
    LONG le = -1;

    ok_hr(ISCardCmd_get_Type(cmd, &type), S_OK);
    ok_uint(type, row->type);
    ok_hr(ISCardCmd_get_P3(cmd, &byte), S_OK);
    ok_uint(byte, row->p3);
    ok_hr(ISCardCmd_get_LeField(cmd, &le), S_OK);
    ok(le == row->le_field, "LeField %ld, expected %ld\n", le, row->le_field);
}

static void test_build(void)
{
    static BYTE expected[70000];
    ISCardCmd *cmd;
    size_t i;

    for (i = 0; i < ARRAYSIZE(builds); i++)
    {
        const struct build *row = &builds[i];
        IByteBuffer *data = row->data == WITHOUT_DATA ? NULL : buffer_with(pattern(), row->data);
        IByteBuffer *got = NULL;
        LONG le = row->le, length = max(row->data, 0);

        test_push("BuildCmd %s", row->name);
        fact(row->fact);
        cmd = create_cmd();
        ok_hr(ISCardCmd_BuildCmd(cmd, 0xA0, 0xB0, 1, 2, data, le == WITHOUT_LE ? NULL : &le),
              row->hr);
        ok(le == row->le, "*plLe became %ld\n", le);
        memcpy(expected, "\xA0\xB0\x01\x02", 4);
        memcpy(expected + 4, row->head, max(row->header - 4, 0));
        memcpy(expected + row->header, pattern(), length);
        memcpy(expected + row->header + length, row->tail, row->trailer);
        if (FAILED(row->hr))
            check_apdu(cmd, NULL, 0);
        else
        {
            check_apdu(cmd, expected, row->header + length + row->trailer);
            check_numbers(cmd, row);
            ok_hr(ISCardCmd_get_Data(cmd, &got), S_OK);
            check_property(__LINE__, got, pattern(), length);
        }
        if (data)
        {
            check_buffer(data, pattern(), length, length); /* its pointer is where it was */
            ok_uint(IByteBuffer_Release(data), 0);
        }
        ok_uint(ISCardCmd_Release(cmd), 0);
    }
    test_pop();
}

/* ---- put_Apdu ---- */

static const struct parse
{
    const char *name;
    LONG length;
    const char *bytes;
    HRESULT hr;
    ISO_APDU_TYPE type;
    BYTE p3;
    LONG le, data;
} parses[] =
{
    {"case 1", 4, "\x00\xA4\x04\x0C", S_OK, ISO_CASE_1, 0, 0, 0},
    {"case 2", 5, "\x00\xB0\x00\x00\x10", S_OK, ISO_CASE_2, 16, 16, 0},
    {"case 2, 256", 5, "\x00\xB0\x00\x00\x00", S_OK, ISO_CASE_2, 0, 256, 0},
    {"case 3", 7, "\x00\xA4\x00\x00\x02\x3F\x00", S_OK, ISO_CASE_3, 2, 0, 2},
    {"case 4", 8, "\x00\xA4\x00\x00\x02\x3F\x00\x00", S_OK, ISO_CASE_4, 2, 256, 2},
    {"extended 2", 7, "\x00\xB0\x00\x00\x00\x01\x00", S_OK, ISO_CASE_2, 0, 256, 0},
    {"extended 2, small", 7, "\x00\xB0\x00\x00\x00\x00\x05", S_OK, ISO_CASE_2, 0, 5, 0},
    {"extended 3", 9, "\x00\xD6\x00\x00\x00\x00\x02xy", S_OK, ISO_CASE_3, 0, 0, 2},
    {"extended 4", 11, "\x00\xD6\x00\x00\x00\x00\x02xy\x01\x00", S_OK, ISO_CASE_4, 0, 256, 2},
    {"nothing", 0, "", E_INVALIDARG, 0, 0, 0, 0},
    {"one byte", 1, "\x00", E_INVALIDARG, 0, 0, 0, 0},
    {"three bytes", 3, "\x00\xA4\x00", E_INVALIDARG, 0, 0, 0, 0},
    {"too little data", 7, "\x00\xA4\x00\x00\x03\x3F\x00", E_INVALIDARG, 0, 0, 0, 0},
    {"too much data", 9, "\x00\xA4\x00\x00\x02\x3F\x00\x00\x00", E_INVALIDARG, 0, 0, 0, 0},
    {"Lc 0 extended", 9, "\x00\xA4\x00\x00\x00\x00\x00\x00\x00", E_INVALIDARG, 0, 0, 0, 0},
    {"half a length", 6, "\x00\xA4\x00\x00\x00\x01", E_INVALIDARG, 0, 0, 0, 0},
};

static void test_parse(void)
{
    IByteBuffer *buffer;
    ISO_APDU_TYPE type;
    ISCardCmd *cmd = create_cmd();
    LONG le;
    BYTE byte;
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(parses); i++)
    {
        const struct parse *row = &parses[i];

        test_push("put_Apdu %s", row->name);
        ok_hr(ISCardCmd_BuildCmd(cmd, 0x80, 0xCA, 0x9F, 0x7F, NULL, NULL), S_OK);
        buffer = buffer_with(row->bytes, row->length);
        ok_hr(ISCardCmd_put_Apdu(cmd, buffer), row->hr);
        check_buffer(buffer, row->bytes, row->length, row->length);
        IByteBuffer_SetSize(buffer, 0); /* the bytes were copied */
        ok_uint(IByteBuffer_Release(buffer), 0);
        if (FAILED(row->hr))
            check_apdu(cmd, "\x80\xCA\x9F\x7F", 4);
        else
        {
            check_apdu(cmd, row->bytes, row->length);
            ISCardCmd_get_Type(cmd, &type);
            ISCardCmd_get_P3(cmd, &byte);
            ISCardCmd_get_LeField(cmd, &le);
            ISCardCmd_get_InstructionId(cmd, &byte);
            ok(type == row->type && le == row->le, "type %d, Le %ld\n", type, le);
            ok_uint(byte, (BYTE)row->bytes[1]);
            ok_hr(ISCardCmd_get_P3(cmd, &byte), S_OK);
            ok_uint(byte, row->p3);
            ok_hr(ISCardCmd_get_Data(cmd, &buffer), S_OK);
            check_property(__LINE__, buffer, row->data ? row->bytes + (row->p3 ? 5 : 7) : NULL,
                           row->data);
        }
    }
    test_pop();
    ISCardCmd_Release(cmd);
}

/* ---- properties ---- */

static void test_empty(void)
{
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *data = (IByteBuffer *)1;
    ISO_APDU_TYPE type = 0;
    LONG le = -1;
    BYTE byte;

    fact(GUESS);
    check_apdu(cmd, NULL, 0);
    check_reply(cmd, NULL, 0);
    ok_hr(ISCardCmd_get_Data(cmd, &data), S_OK);
    ok(!data, "data of nothing\n");
    ok_hr(ISCardCmd_get_Type(cmd, &type), S_OK);
    ok_uint(type, ISO_CASE_1);
    ok_hr(ISCardCmd_get_LeField(cmd, &le), S_OK);
    ok(!le, "LeField %ld\n", le);
    byte = 0x55;
    ok_hr(ISCardCmd_get_P3(cmd, &byte), S_OK);
    ok_uint(byte, 0);
    byte = 0x55;
    ok_hr(ISCardCmd_get_ClassId(cmd, &byte), S_OK);
    ok_uint(byte, 0);
    byte = 0x55;
    ok_hr(ISCardCmd_get_Nad(cmd, &byte), S_OK);
    ok_uint(byte, 0);
    /* A header can be made property by property. */
    fact(DOCUMENTED);
    ok_hr(ISCardCmd_put_ClassId(cmd, 0x80), S_OK);
    ok_hr(ISCardCmd_put_InstructionId(cmd, 0xCA), S_OK);
    ok_hr(ISCardCmd_put_P1(cmd, 0x9F), S_OK);
    ok_hr(ISCardCmd_put_P2(cmd, 0x7F), S_OK);
    check_apdu(cmd, "\x80\xCA\x9F\x7F", 4);
    ok_hr(ISCardCmd_get_ClassId(cmd, &byte), S_OK);
    ok_uint(byte, 0x80);
    ok_hr(ISCardCmd_get_InstructionId(cmd, &byte), S_OK);
    ok_uint(byte, 0xCA);
    ok_hr(ISCardCmd_get_P1(cmd, &byte), S_OK);
    ok_uint(byte, 0x9F);
    ok_hr(ISCardCmd_get_P2(cmd, &byte), S_OK);
    ok_uint(byte, 0x7F);
    ISCardCmd_Release(cmd);
}

static void test_put_data(void)
{
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *data = buffer_with("abc", 3), *none = buffer_with("", 0), *big;
    ISO_APDU_TYPE type;
    LONG le = 5;
    BYTE p3;

    fact(DOCUMENTED);
    ISCardCmd_BuildCmd(cmd, 0, 0xA4, 4, 0, NULL, &le);
    ok_hr(ISCardCmd_put_Data(cmd, data), S_OK);
    check_apdu(cmd, "\0\xA4\4\0\3abc\5", 9);
    ISCardCmd_get_P3(cmd, &p3);
    ok_uint(p3, 3);
    ISCardCmd_get_Type(cmd, &type);
    ok_uint(type, ISO_CASE_4);
    ok_hr(ISCardCmd_put_Data(cmd, none), S_OK);
    check_apdu(cmd, "\0\xA4\4\0\5", 5);
    ISCardCmd_get_P3(cmd, &p3);
    ok_uint(p3, 5);
    fact(GUESS);
    ok_hr(ISCardCmd_put_Data(cmd, data), S_OK);
    ok_hr(ISCardCmd_put_Data(cmd, NULL), S_OK);
    check_apdu(cmd, "\0\xA4\4\0\5", 5);
    ok_hr(ISCardCmd_put_Data(cmd, data), S_OK);
    big = buffer_with(pattern(), 65536);
    ok_hr(ISCardCmd_put_Data(cmd, big), E_INVALIDARG);
    check_apdu(cmd, "\0\xA4\4\0\3abc\5", 9);
    IByteBuffer_Release(big);
    IByteBuffer_Release(data);
    IByteBuffer_Release(none);
    ISCardCmd_Release(cmd);
}

static void test_classes(void)
{
    ISCardCmd *cmd = create_cmd();
    BYTE byte = 0x55;

    fact(DOCUMENTED);
    ok_hr(ISCardCmd_get_AlternateClassId(cmd, &byte), E_ACCESSDENIED);
    ok_uint(byte, 0);
    ok_hr(ISCardCmd_put_AlternateClassId(cmd, 0), S_OK); /* 00 counts as set */
    byte = 0x55;
    ok_hr(ISCardCmd_get_AlternateClassId(cmd, &byte), S_OK);
    ok_uint(byte, 0);
    ok_hr(ISCardCmd_put_AlternateClassId(cmd, 0xA0), S_OK);
    ISCardCmd_BuildCmd(cmd, 0, 0xA4, 0, 0, NULL, NULL);
    ok_hr(ISCardCmd_get_AlternateClassId(cmd, &byte), S_OK);
    ok_uint(byte, 0xA0);

    byte = 0x55;
    ok_hr(ISCardCmd_get_ReplyNad(cmd, &byte), E_ACCESSDENIED);
    ok_uint(byte, 0);
    ok_hr(ISCardCmd_put_ReplyNad(cmd, 0x21), S_OK);
    ok_hr(ISCardCmd_get_ReplyNad(cmd, &byte), S_OK);
    ok_uint(byte, 0x21);
    ok_hr(ISCardCmd_put_Nad(cmd, 0x12), S_OK);
    ok_hr(ISCardCmd_get_Nad(cmd, &byte), S_OK);
    ok_uint(byte, 0x12);
    ISCardCmd_Release(cmd);
}

/* ---- Clear, Encapsulate ---- */

static void test_clear(void)
{
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *data = buffer_with("abcd", 4);
    BYTE byte;

    fact(DOCUMENTED);
    ISCardCmd_BuildCmd(cmd, 0, 0x20, 0, 1, data, NULL);
    ISCardCmd_put_ApduReply(cmd, data);
    ISCardCmd_put_AlternateClassId(cmd, 0xC0);
    ISCardCmd_put_ReplyNad(cmd, 3);
    ok_hr(ISCardCmd_Clear(cmd), S_OK);
    check_apdu(cmd, NULL, 0);
    check_reply(cmd, NULL, 0);
    fact(GUESS);
    ok_hr(ISCardCmd_get_AlternateClassId(cmd, &byte), S_OK); /* neither command nor reply */
    ok_hr(ISCardCmd_get_ReplyNad(cmd, &byte), E_ACCESSDENIED);
    ok_hr(ISCardCmd_Clear(cmd), S_OK);
    IByteBuffer_Release(data);
    ISCardCmd_Release(cmd);
}

static const struct envelope
{
    ISO_APDU_TYPE type;
    HRESULT hr;
    LONG length;
    const char *apdu;
} envelopes[] =
{
    {ISO_CASE_1, S_OK, 10, "\xA0\xC2\0\0\5\0\xB0\0\0\1"},
    {ISO_CASE_2, S_OK, 11, "\xA0\xC2\0\0\5\0\xB0\0\0\1\0"},
    {ISO_CASE_3, S_OK, 10, "\xA0\xC2\0\0\5\0\xB0\0\0\1"},
    {ISO_CASE_4, S_OK, 11, "\xA0\xC2\0\0\5\0\xB0\0\0\1\0"},
    {0, E_INVALIDARG, 4, "\xA0\xB0\1\2"},
    {5, E_INVALIDARG, 4, "\xA0\xB0\1\2"},
    {-1, E_INVALIDARG, 4, "\xA0\xB0\1\2"},
};

static void test_encapsulate(void)
{
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *inner = buffer_with("\0\xB0\0\0\1", 5), *none = buffer_with("", 0);
    size_t i;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(envelopes); i++)
    {
        test_push("Encapsulate %u", (unsigned)i);
        ISCardCmd_BuildCmd(cmd, 0xA0, 0xB0, 1, 2, NULL, NULL);
        ok_hr(ISCardCmd_Encapsulate(cmd, inner, envelopes[i].type), envelopes[i].hr);
        check_apdu(cmd, envelopes[i].apdu, envelopes[i].length);
    }
    test_pop();
    check_buffer(inner, "\0\xB0\0\0\1", 5, 5);
    ok_hr(ISCardCmd_Encapsulate(cmd, NULL, ISO_CASE_1), E_INVALIDARG);
    ok_hr(ISCardCmd_Encapsulate(cmd, none, ISO_CASE_1), E_INVALIDARG);
    check_apdu(cmd, "\xA0\xB0\1\2", 4);
    IByteBuffer_Release(none);
    IByteBuffer_Release(inner);
    ISCardCmd_Release(cmd);
}

/* As much data as there is, into each method that takes some. */
static void test_data_sizes(void)
{
    static const struct
    {
        LONG size;
        HRESULT envelope, data, apdu;
    } sizes[] = {
        {0, E_INVALIDARG, S_OK, E_INVALIDARG},
        {1, S_OK, S_OK, E_INVALIDARG},
        {255, S_OK, S_OK, E_INVALIDARG},
        {256, S_OK, S_OK, E_INVALIDARG},
        {257, S_OK, S_OK, E_INVALIDARG},
        {65535, S_OK, S_OK, E_INVALIDARG},
        {65536, E_INVALIDARG, E_INVALIDARG, E_INVALIDARG},
        {65537, E_INVALIDARG, E_INVALIDARG, E_INVALIDARG},
    };
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *buffer, *got;
    size_t i;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        test_push("%ld bytes", sizes[i].size);
        buffer = create_buffer();
        ok_hr(IByteBuffer_Initialize(buffer, sizes[i].size, NULL), S_OK);
        ISCardCmd_BuildCmd(cmd, 0, 0xD6, 0, 0, NULL, NULL);
        ok_hr(ISCardCmd_put_Apdu(cmd, buffer), sizes[i].apdu); /* zeros are no APDU */
        ok_hr(ISCardCmd_Encapsulate(cmd, buffer, ISO_CASE_3), sizes[i].envelope);
        ISCardCmd_BuildCmd(cmd, 0, 0xD6, 0, 0, NULL, NULL);
        ok_hr(ISCardCmd_put_Data(cmd, buffer), sizes[i].data);
        ok_hr(ISCardCmd_get_Data(cmd, &got), S_OK);
        ok(!got == (!sizes[i].size || FAILED(sizes[i].data)), "data %p\n", got);
        if (got)
            IByteBuffer_Release(got);
        IByteBuffer_Release(buffer);
    }
    test_pop();
    ISCardCmd_Release(cmd);
}

/* ---- NULL, foreign buffers ---- */

static void test_null(void)
{
    ISCardCmd *cmd = create_cmd();

    fact(GUESS);
    ok_hr(ISCardCmd_get_Apdu(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_put_Apdu(cmd, NULL), E_INVALIDARG);
    ok_hr(ISCardCmd_get_ApduLength(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_ApduReply(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_ApduReplyLength(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_ClassId(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_Data(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_InstructionId(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_LeField(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_P1(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_P2(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_P3(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_ReplyStatus(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_ReplyStatusSW1(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_ReplyStatusSW2(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_Type(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_Nad(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_ReplyNad(cmd, NULL), E_POINTER);
    ok_hr(ISCardCmd_get_AlternateClassId(cmd, NULL), E_POINTER);
    check_apdu(cmd, NULL, 0);
    ISCardCmd_Release(cmd);
}

static void test_foreign(void)
{
    static struct double_buffer foreign;
    ISCardCmd *cmd = create_cmd();
    IByteBuffer *buffer;
    size_t i;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(double_reads); i++)
    {
        const struct double_case *row = &double_reads[i];

        test_push("foreign buffer that %s", row->name);
        ISCardCmd_Clear(cmd);
        buffer = double_init(&foreign, row->fault, 20);
        memcpy(foreign.bytes, "\0\xA4\x04\0\xFF", 5);
        foreign.bytes[4] = 15;
        ok_hr(ISCardCmd_put_Apdu(cmd, buffer), row->hr);
        check_apdu(cmd, foreign.bytes, FAILED(row->hr) ? 0 : 20);
        ok_hr(ISCardCmd_BuildCmd(cmd, 0, 0xD6, 0, 0, buffer, NULL), row->hr);
        ok_hr(ISCardCmd_put_Data(cmd, buffer), row->hr);
        ok_hr(ISCardCmd_Encapsulate(cmd, buffer, ISO_CASE_4), row->hr);
        ok_hr(ISCardCmd_put_ApduReply(cmd, buffer), row->hr);
        check_reply(cmd, foreign.bytes, FAILED(row->hr) ? 0 : 20);
        ok(foreign.refs == 1, "%ld references\n", foreign.refs);
        if (SUCCEEDED(row->hr))
            ok(foreign.position == 10, "its pointer was left at %ld\n", foreign.position);
    }
    test_pop();
    ISCardCmd_Release(cmd);
}

START_TEST(cmd)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_build();
    test_parse();
    test_empty();
    test_put_data();
    test_classes();
    test_clear();
    test_encapsulate();
    test_data_sizes();
    test_null();
    test_foreign();
    CoUninitialize();
}
