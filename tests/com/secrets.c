/*
 * What buffers and commands leave in memory when they end: no code, no key.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The program itself holds the secret in disguise and looks for it in all memory that it can read.
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "objects.h"

#define SECRET_LENGTH 16
#define MASK          0xA5

static BYTE disguised[SECRET_LENGTH];

static void make_secret(void)
{
    LARGE_INTEGER now;
    unsigned i, seed;

    QueryPerformanceCounter(&now);
    seed = now.LowPart;
    for (i = 0; i < SECRET_LENGTH; i++)
        disguised[i] = (seed = seed * 1103515245 + 12345) >> 16;
}

/* Inlined nowhere, so that registers and this frame do not keep it. */
static void __attribute__((noinline)) tell_secret(BYTE *to)
{
    volatile BYTE *at = to;
    unsigned i;

    for (i = 0; i < SECRET_LENGTH; i++)
        at[i] = disguised[i] ^ MASK;
}

static int is_secret(const BYTE *at)
{
    unsigned i;

    for (i = 0; i < SECRET_LENGTH; i++)
        if ((at[i] ^ MASK) != disguised[i])
            return 0;
    return 1;
}

/* What copied the secret may have left it in vector registers, which 32-bit Wine saves in memory at
 * every call of the system. */
static void use_registers(void)
{
    static BYTE from[256], to[256];
    void *(*volatile copy)(void *, const void *, size_t) = memmove;

    copy(to, from, sizeof(to));
    Sleep(1);
}

/* How often it stands in memory that can be read and written. */
static int count_secrets(void)
{
    MEMORY_BASIC_INFORMATION info;
    const BYTE *at = NULL, *p;
    int count = 0;

    while (VirtualQuery(at, &info, sizeof(info)))
    {
        const BYTE *end = (const BYTE *)info.BaseAddress + info.RegionSize;

        if (info.State == MEM_COMMIT &&
            (info.Protect == PAGE_READWRITE || info.Protect == PAGE_EXECUTE_READWRITE ||
             info.Protect == PAGE_WRITECOPY))
            for (p = info.BaseAddress; p <= end - SECRET_LENGTH; p++)
                count += is_secret(p);
        if (end <= at)
            break;
        at = end;
    }
    return count;
}

/* The data of every command. The secret is not at the start, where the heap makes its own notes. */
#define DATA_LENGTH 96
#define SECRET_AT   64

/* The command is built and used by the functions below; the caller wipes data. */
static void with_command(BYTE *data, BYTE ins)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *buffer = create_buffer(), *got = NULL;

    IByteBuffer_Initialize(buffer, DATA_LENGTH, data);
    ok_hr(ISCardCmd_BuildCmd(cmd, 0, ins, 0, 1, buffer, NULL), S_OK);
    ok_hr(ISCardCmd_put_P2(cmd, 2), S_OK);
    ok_hr(ISCardCmd_put_ApduReply(cmd, buffer), S_OK);
    ok_hr(ISCardCmd_put_ApduReplyLength(cmd, 200), S_OK);
    ok_hr(ISCardCmd_get_Apdu(cmd, &got), S_OK);
    ok_hr(ISCardCmd_put_Apdu(cmd, got), S_OK);
    IByteBuffer_Release(got);
    ok_hr(ISCardCmd_get_Data(cmd, &got), S_OK);
    IByteBuffer_Release(got);
    ok_hr(ISCardCmd_get_Apdu(cmd, &got), S_OK);
    ok_hr(ISCardCmd_Encapsulate(cmd, got, ISO_CASE_3), S_OK);
    IByteBuffer_Release(got);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
}

/* Nothing is allocated after the reply's memory is given up. */
static void with_reply(BYTE *data, BYTE ins)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *buffer = create_buffer();

    IByteBuffer_Initialize(buffer, DATA_LENGTH, data);
    ISCardCmd_BuildCmd(cmd, 0, ins, 0, 1, NULL, NULL);
    ISCardCmd_put_ApduReply(cmd, buffer);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
}

static void with_resized_reply(BYTE *data, BYTE ins)
{
    ISCardCmd *cmd = create(&CLSID_CSCardCmd, &IID_ISCardCmd);
    IByteBuffer *buffer = create_buffer();

    IByteBuffer_Initialize(buffer, DATA_LENGTH, data);
    ISCardCmd_BuildCmd(cmd, 0, ins, 0, 1, NULL, NULL);
    ISCardCmd_put_ApduReply(cmd, buffer);
    IByteBuffer_Release(buffer);
    ISCardCmd_put_ApduReplyLength(cmd, 150);
    ISCardCmd_Release(cmd);
}

static void with_clones(BYTE *data, BYTE unused)
{
    IByteBuffer *buffer = create_buffer(), *clone = NULL, *copy = NULL;

    IByteBuffer_Initialize(buffer, DATA_LENGTH, data);
    IByteBuffer_Clone(buffer, &clone);
    IByteBuffer_CopyTo(buffer, &copy, DATA_LENGTH, NULL, NULL);
    IByteBuffer_Release(buffer);
    IByteBuffer_Release(copy);
    IByteBuffer_Release(clone);
}

static void with_writes(BYTE *data, BYTE unused)
{
    IByteBuffer *buffer = create_buffer();
    BYTE zeros[64] = {0};
    int i;

    IByteBuffer_Write(buffer, data, DATA_LENGTH, NULL);
    for (i = 0; i < 40; i++) /* grows, and moves */
        IByteBuffer_Write(buffer, zeros, sizeof(zeros), NULL);
    IByteBuffer_Release(buffer);
}

static void with_truncation(BYTE *data, BYTE unused)
{
    IByteBuffer *buffer = create_buffer();

    IByteBuffer_SetSize(buffer, DATA_LENGTH);
    IByteBuffer_Write(buffer, data, DATA_LENGTH, NULL);
    IByteBuffer_SetSize(buffer, 3);
    IByteBuffer_Release(buffer);
}

static void with_initialize(BYTE *data, BYTE unused)
{
    IByteBuffer *buffer = create_buffer();

    IByteBuffer_Initialize(buffer, DATA_LENGTH, data);
    IByteBuffer_Initialize(buffer, 1, NULL);
    IByteBuffer_Release(buffer);
}

static void with_commands_of_iso7816(BYTE *data, BYTE unused)
{
    ISCardISO7816 *iso = create(&CLSID_CSCardISO7816, &IID_ISCardISO7816);
    IByteBuffer *buffer = create_buffer();
    ISCardCmd *cmd = NULL;

    IByteBuffer_Initialize(buffer, DATA_LENGTH, data);
    ok_hr(ISCardISO7816_Verify(iso, 1, buffer, &cmd), S_OK);
    ok_hr(ISCardISO7816_ExternalAuthenticate(iso, 1, 2, buffer, &cmd), S_OK);
    ok_hr(ISCardISO7816_InternalAuthenticate(iso, 1, 2, buffer, 8, &cmd), S_OK);
    IByteBuffer_Release(buffer);
    ISCardCmd_Release(cmd);
    ISCardISO7816_Release(iso);
}

/* A control: what is freed without wiping must be found. */
static void with_no_wiping(BYTE *data, BYTE unused)
{
    BYTE *copy = CoTaskMemAlloc(DATA_LENGTH);

    memcpy(copy, data, DATA_LENGTH);
    CoTaskMemFree(copy);
}

static const struct row
{
    const char *name;
    void (*use)(BYTE *data, BYTE ins);
    BYTE ins;
    BOOL stays;
} rows[] =
{
    {"VERIFY", with_command, 0x20, FALSE},
    {"CHANGE REFERENCE DATA", with_command, 0x24, FALSE},
    {"EXTERNAL AUTHENTICATE", with_command, 0x82, FALSE},
    {"PUT KEY", with_command, 0xD8, FALSE},
    {"UPDATE BINARY", with_command, 0xD6, FALSE}, /* of Cryptoflex's key files */
    {"reply", with_reply, 0x88, FALSE},
    {"READ BINARY's reply", with_reply, 0xB0, FALSE},
    {"resized reply", with_resized_reply, 0x88, FALSE},
    {"clones", with_clones, 0, FALSE},
    {"writes", with_writes, 0, FALSE},
    {"truncation", with_truncation, 0, FALSE},
    {"Initialize", with_initialize, 0, FALSE},
    {"ISCardISO7816", with_commands_of_iso7816, 0, FALSE},
    {"control", with_no_wiping, 0, TRUE}, /* the last: it stays */
};

START_TEST(secrets)
{
    BYTE data[DATA_LENGTH] = {0};
    size_t i;
    int found;

    fact(GUESS);
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    make_secret();
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        test_push("%s", rows[i].name);
        tell_secret(data + SECRET_AT);
        found = count_secrets();
        ok(found == 1, "found %d times before it was used\n", found);
        rows[i].use(data, rows[i].ins);
        SecureZeroMemory(data, sizeof(data));
        use_registers();
        found = count_secrets();
        ok(rows[i].stays ? found : !found, "found %d times\n", found);
    }
    test_pop();
    CoUninitialize();
}
