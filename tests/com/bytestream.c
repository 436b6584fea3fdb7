/*
 * IByteBuffer over streams: its own, and those that the caller puts in.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "objects.h"
#include "oddstream.h"

#define OVERFLOW HRESULT_FROM_WIN32(ERROR_ARITHMETIC_OVERFLOW)

/* ---- memory ---- */

static void test_own_stream(void)
{
    IByteBuffer *buffer = buffer_with("abcdef", 6);
    LARGE_INTEGER start = {.QuadPart = 1};
    IStream *stream = NULL;
    HGLOBAL memory;
    BYTE bytes[8];
    ULONG count;

    fact(NATIVE);
    ok_hr(IByteBuffer_get_Stream(buffer, &stream), S_OK);
    if (!stream)
        return;
    ok_hr(GetHGlobalFromStream(stream, &memory), S_OK);
    fact(DOCUMENTED);
    ok_hr(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
    ok_hr(IStream_Read(stream, bytes, 3, &count), S_OK);
    ok_bytes(bytes, "bcd", 3);
    check_buffer(buffer, "abcdef", 6, 4); /* it is the inner stream: one pointer */
    ok_hr(IStream_Write(stream, "XYZ", 3, &count), S_OK);
    check_buffer(buffer, "abcdXYZ", 7, 7);
    /* The stream outlives the buffer, and nothing is wiped under it. */
    IByteBuffer_Release(buffer);
    start.QuadPart = 0;
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    ok_hr(IStream_Read(stream, bytes, 7, &count), S_OK);
    ok_bytes(bytes, "abcdXYZ", 7);
    ok_uint(IStream_Release(stream), 0);
}

static void test_memory_stream_put(void)
{
    IByteBuffer *buffer = buffer_with("old", 3), *clone;
    IStream *stream, *got;
    LONG count, at;
    BYTE bytes[8];

    fact(DOCUMENTED);
    CreateStreamOnHGlobal(NULL, TRUE, &stream);
    ok_hr(IByteBuffer_put_Stream(buffer, stream), S_OK);
    ok_hr(IByteBuffer_Write(buffer, (BYTE *)"new one", 7, &count), S_OK);
    check_buffer(buffer, "new one", 7, 7);
    ok_hr(IByteBuffer_get_Stream(buffer, &got), S_OK);
    ok(got == stream, "another stream\n");
    IStream_Release(got);

    /* What a memory stream of Wine does not check is checked for a foreign one too. */
    ok_hr(IByteBuffer_Seek(buffer, 1000000, STREAM_SEEK_SET, &at), S_OK);
    ok_hr(IByteBuffer_Read(buffer, bytes, 8, &count), S_OK);
    ok(!count, "read %ld bytes past the end\n", count);
    ok_hr(IByteBuffer_LockRegion(buffer, 0, 1, LOCK_WRITE), STG_E_INVALIDFUNCTION);
    ok_hr(IByteBuffer_UnlockRegion(buffer, 0, 1, LOCK_WRITE), STG_E_INVALIDFUNCTION);

    ok_hr(IByteBuffer_Seek(buffer, 4, STREAM_SEEK_SET, &at), S_OK);
    ok_hr(IByteBuffer_Clone(buffer, &clone), S_OK);
    check_buffer(clone, "new one", 7, 4);
    IByteBuffer_Write(clone, (BYTE *)"two", 3, NULL);
    check_buffer(buffer, "new two", 7, 4);
    IByteBuffer_Release(clone);

    /* Initialize lets go of it. */
    ok_hr(IByteBuffer_Initialize(buffer, 2, (BYTE *)"hi"), S_OK);
    check_buffer(buffer, "hi", 2, 0);
    IByteBuffer_Release(buffer);
    ok_uint(IStream_Release(stream), 0);
}

/* ---- a stream of another kind ---- */

static void test_odd_stream(void)
{
    struct odd_stream odd = ODD_STREAM(5);
    IByteBuffer *buffer = create_buffer(), *clone, *target = NULL;
    LONG count, at, written;
    STATSTRUCT stat;
    BYTE bytes[8];

    fact(DOCUMENTED);
    ok_hr(IByteBuffer_put_Stream(buffer, &odd.IStream_iface), S_OK);
    ok(odd.refs > 1, "no reference kept\n");
    odd.back = buffer;
    ok_hr(IByteBuffer_Read(buffer, bytes, 4, &count), S_OK);
    ok(count == 4 && bytes[3] == 'r', "read %ld\n", count);
    ok_hr(IByteBuffer_Stat(buffer, &stat, STATFLAG_DEFAULT), S_OK);
    ok(stat.cbSize == 5 && stat.grfMode == 0x12 && stat.grfLocksSupported == LOCK_WRITE &&
           stat.grfStateBits == 0x34,
       "wrong state\n");
    ok_hr(IByteBuffer_LockRegion(buffer, 2, 3, LOCK_WRITE), S_OK);
    ok_hr(IByteBuffer_UnlockRegion(buffer, 2, 3, LOCK_WRITE), S_OK);
    ok(odd.locks == 1 && odd.unlocks == 1, "%ld, %ld\n", odd.locks, odd.unlocks);
    ok_hr(IByteBuffer_Commit(buffer, 0), STG_E_CANTSAVE);
    ok_hr(IByteBuffer_Revert(buffer), STG_E_REVERTED);

    fact(GUESS);
    ok_hr(IByteBuffer_Clone(buffer, &clone), E_INVALIDARG);
    ok(!clone, "a clone of nothing\n");
    odd.lie = 1;
    ok_hr(IByteBuffer_Read(buffer, bytes, 4, &count), E_INVALIDARG);
    ok(!count, "count %ld\n", count);
    ok_hr(IByteBuffer_Write(buffer, bytes, 4, &count), E_INVALIDARG);
    ok(!count, "count %ld\n", count);
    odd.lie = -4;
    ok_hr(IByteBuffer_CopyTo(buffer, &target, 4, &count, &written), S_OK); /* an end at once? */
    ok(!count && !written, "%ld, %ld\n", count, written);
    if (target)
        IByteBuffer_Release(target);
    odd.lie = 0;
    odd.size = (ULONGLONG)1 << 31;
    ok_hr(IByteBuffer_Stat(buffer, &stat, STATFLAG_DEFAULT), OVERFLOW);
    ok_hr(IByteBuffer_Seek(buffer, 0, STREAM_SEEK_CUR, &at), OVERFLOW);
    ok(!at, "position %ld\n", at);
    odd.hr = STG_E_REVERTED;
    ok_hr(IByteBuffer_Read(buffer, bytes, 4, &count), STG_E_REVERTED);
    ok_hr(IByteBuffer_Write(buffer, bytes, 4, &count), STG_E_REVERTED);
    ok_hr(IByteBuffer_SetSize(buffer, 4), STG_E_REVERTED);
    ok_hr(IByteBuffer_Seek(buffer, 4, STREAM_SEEK_SET, &at), STG_E_REVERTED);
    ok_hr(IByteBuffer_Stat(buffer, &stat, STATFLAG_NONAME), STG_E_REVERTED);
    IByteBuffer_Release(buffer);
    ok(odd.refs == 1, "%ld references left\n", odd.refs);
}

/* ---- apartments ---- */

struct apartment
{
    IByteBuffer *buffer;
    HANDLE ready, go;
    HRESULT hr, other;
    LONG count;
    BYTE bytes[8];
    DWORD caller; /* the thread in which the stream was called */
};

static DWORD stream_thread;

static HRESULT WINAPI sta_Read(IStream *iface, void *to, ULONG count, ULONG *read)
{
    stream_thread = GetCurrentThreadId();
    return odd_Read(iface, to, count, read);
}

/* The stream lives here, in an apartment of its own; calls come in through messages. */
static DWORD WINAPI sta_thread(void *context)
{
    struct apartment *apartment = context;
    struct odd_stream odd = {{NULL}, 1, 0, 5, S_OK, 0, 0, NULL};
    IStreamVtbl vtbl = odd_vtbl;
    MSG msg;

    vtbl.Read = sta_Read;
    odd.IStream_iface.lpVtbl = &vtbl;
    CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
    apartment->hr = IByteBuffer_put_Stream(apartment->buffer, &odd.IStream_iface);
    SetEvent(apartment->ready);
    while (MsgWaitForMultipleObjects(1, &apartment->go, FALSE, 10000, QS_ALLINPUT) == 1)
        while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE))
            DispatchMessageW(&msg);
    apartment->other = IByteBuffer_Initialize(apartment->buffer, 1, NULL);
    CoUninitialize();
    return 0;
}

static void test_apartments(void)
{
    struct apartment apartment = {.buffer = create_buffer()};
    DWORD id;
    HANDLE thread;

    fact(DOCUMENTED);
    apartment.ready = CreateEventW(NULL, FALSE, FALSE, NULL);
    apartment.go = CreateEventW(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, sta_thread, &apartment, 0, &id);
    WaitForSingleObject(apartment.ready, 10000);
    ok_hr(apartment.hr, S_OK);
    ok_hr(IByteBuffer_Read(apartment.buffer, apartment.bytes, 4, &apartment.count), S_OK);
    ok(apartment.count == 4 && apartment.bytes[0] == 'r', "read %ld\n", apartment.count);
    ok(stream_thread == id, "the stream was called outside its apartment\n");
    SetEvent(apartment.go);
    ok_uint(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    ok_hr(apartment.other, S_OK);
    CloseHandle(thread);
    CloseHandle(apartment.ready);
    CloseHandle(apartment.go);
    IByteBuffer_Release(apartment.buffer);
}

/* ---- leaks ---- */

static void round_of_streams(void)
{
    struct odd_stream odd = ODD_STREAM(5);
    IByteBuffer *buffer = create_buffer(), *clone;
    STATSTRUCT stat;
    BYTE bytes[8];

    IByteBuffer_put_Stream(buffer, &odd.IStream_iface);
    IByteBuffer_Read(buffer, bytes, 8, NULL);
    IByteBuffer_Stat(buffer, &stat, STATFLAG_DEFAULT);
    IByteBuffer_Clone(buffer, &clone);
    IByteBuffer_put_Stream(buffer, &odd.IStream_iface);
    IByteBuffer_Release(buffer);
}

START_TEST(bytestream)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_own_stream();
    test_memory_stream_put();
    test_odd_stream();
    test_apartments();
    fact(GUESS);
    check_leaks("streams", round_of_streams);
    CoUninitialize();
}
