/*
 * ISCardTypeConv: conversions, the memory it hands out, streams, wrong arguments, leaks.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "test.h"

#include <ole2.h>

#include "scardssp.h"

#include "doubles.h"
#include "objects.h"
#include "oddstream.h"

static const LONG sizes[] = {0, 1, 255, 256, 257, 65535, 65536, 65537};

static ISCardTypeConv *create_conv(void)
{
    return create(&CLSID_CSCardTypeConv, &IID_ISCardTypeConv);
}

static void free_bytearray(BYTEARRAY *array)
{
    GlobalUnlock(array->hMem);
    ok(!GlobalFree(array->hMem), "hMem is no memory of its own\n");
    CoTaskMemFree(array);
}

/* One dimension, lower bound 0, these bytes (NULL: any). */
static void check_safearray(SAFEARRAY *array, const BYTE *bytes, LONG length)
{
    LONG lower = -1, upper = -2;
    VARTYPE type = 0;
    void *data = NULL;

    if (!ok(array != NULL, "no array\n"))
        return;
    ok_hr(SafeArrayGetVartype(array, &type), S_OK);
    ok_uint(type, VT_UI1);
    ok_uint(SafeArrayGetDim(array), 1);
    SafeArrayGetLBound(array, 1, &lower);
    SafeArrayGetUBound(array, 1, &upper);
    ok(lower == 0 && upper == length - 1, "bounds %ld, %ld\n", lower, upper);
    ok_hr(SafeArrayAccessData(array, &data), S_OK);
    if (bytes)
        ok_bytes(data, bytes, length);
    SafeArrayUnaccessData(array);
}

/* ---- there and back ---- */

static void test_conversions(void)
{
    ISCardTypeConv *conv = create_conv();
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        IByteBuffer *buffer = NULL, *again = NULL;
        BYTEARRAY *bytes = NULL;
        SAFEARRAY *array = NULL;
        LONG size = sizes[i];

        test_push("%ld bytes", size);
        ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, (BYTE *)pattern(), size, &buffer),
              S_OK);
        check_buffer(buffer, pattern(), size, 0);

        /* The whole buffer counts, wherever its pointer is, and that stays there. */
        IByteBuffer_Seek(buffer, 1, STREAM_SEEK_SET, NULL);
        ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &bytes), S_OK);
        ok(bytes && bytes->hMem && bytes->pbyData && bytes->dwSize == (DWORD)size, "array\n");
        ok_bytes(bytes->pbyData, pattern(), size);
        free_bytearray(bytes);

        ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array), S_OK);
        check_safearray(array, pattern(), size);
        check_buffer(buffer, pattern(), size, 1);
        ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &again), S_OK);
        check_buffer(again, pattern(), size, 0);
        ok_hr(SafeArrayDestroy(array), S_OK); /* it is not left locked */
        check_buffer(again, pattern(), size, 0);
        ok_uint(IByteBuffer_Release(again), 0);
        ok_uint(IByteBuffer_Release(buffer), 0);
    }
    test_pop();
    ISCardTypeConv_Release(conv);
}

/* These buffers are not for cards alone. */
static void test_large(void)
{
    enum
    {
        LARGE = 5 * 1024 * 1024
    };
    static struct double_buffer foreign;
    ISCardTypeConv *conv = create_conv();
    IByteBuffer *buffer = NULL, *again = NULL;
    BYTE *large = calloc(1, LARGE);
    BYTEARRAY *bytes = NULL;
    SAFEARRAY *array = NULL;

    fact(DOCUMENTED);
    memcpy(large + LARGE - 70000, pattern(), 70000);
    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, large, LARGE, &buffer), S_OK);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &bytes), S_OK);
    if (ok(bytes != NULL, "no array\n"))
    {
        ok_uint(bytes->dwSize, LARGE);
        ok_bytes(bytes->pbyData, large, LARGE);
        free_bytearray(bytes);
    }
    ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array), S_OK);
    check_safearray(array, large, LARGE);
    ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &again), S_OK);
    check_buffer(again, large, LARGE, 0);
    SafeArrayDestroy(array);
    IByteBuffer_Release(again);
    IByteBuffer_Release(buffer);
    fact(GUESS); /* what it says is more than it has */
    buffer = double_init(&foreign, HONEST, 20);
    foreign.size = 0x10000001;
    bytes = (BYTEARRAY *)1;
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &bytes), E_INVALIDARG);
    ok(!bytes, "not cleared\n");
    ISCardTypeConv_Release(conv);
    free(large);
}

static void test_creators(void)
{
    ISCardTypeConv *conv = create_conv();
    static const BYTE zeros[70000];
    IByteBuffer *buffer;
    SAFEARRAY *array;
    BYTE *bytes;
    size_t i;

    fact(DOCUMENTED);
    for (i = 0; i < ARRAYSIZE(sizes); i++)
    {
        test_push("creating %ld bytes", sizes[i]);
        bytes = NULL;
        ok_hr(ISCardTypeConv_CreateByteArray(conv, sizes[i], &bytes), S_OK);
        ok_bytes(bytes, zeros, sizes[i]);
        CoTaskMemFree(bytes);
        ok_hr(ISCardTypeConv_CreateByteBuffer(conv, sizes[i], &buffer), S_OK);
        check_buffer(buffer, zeros, sizes[i], 0);
        IByteBuffer_Release(buffer);
        ok_hr(ISCardTypeConv_CreateSafeArray(conv, sizes[i], &array), S_OK);
        check_safearray(array, zeros, sizes[i]);
        SafeArrayDestroy(array);
    }
    fact(GUESS);
    test_push("too much");
    bytes = (BYTE *)1;
    ok_hr(ISCardTypeConv_CreateByteArray(conv, 0xFFFFFFFF, &bytes), E_OUTOFMEMORY);
    ok(!bytes, "not cleared\n");
    ok_hr(ISCardTypeConv_CreateByteArray(conv, 0x7FFFFFFF, &bytes), E_OUTOFMEMORY);
    buffer = (IByteBuffer *)1;
    ok_hr(ISCardTypeConv_CreateByteBuffer(conv, 0xFFFFFFFF, &buffer), E_OUTOFMEMORY);
    ok(!buffer, "not cleared\n");
    array = (SAFEARRAY *)1;
    ok_hr(ISCardTypeConv_CreateSafeArray(conv, 0xFFFFFFFF, &array), E_OUTOFMEMORY);
    ok(!array, "not cleared\n");
    test_pop();
    ISCardTypeConv_Release(conv);
}

/* ---- safe arrays of other kinds ---- */

static void test_safearrays(void)
{
    static const struct
    {
        VARTYPE type;
        UINT dims;
        LONG lower;
        HRESULT hr;
    } rows[] =
    {
        {VT_UI1, 1, 0, S_OK},
        {VT_UI1, 1, 1, S_OK},
        {VT_UI1, 1, -5, S_OK},
        {VT_UI1, 2, 0, E_INVALIDARG},
        {VT_I1, 1, 0, E_INVALIDARG},
        {VT_I4, 1, 0, E_INVALIDARG},
        {VT_BSTR, 1, 0, E_INVALIDARG},
        {VT_VARIANT, 1, 0, E_INVALIDARG},
    };
    ISCardTypeConv *conv = create_conv();
    static const BYTE zeros[4];
    size_t i;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(rows); i++)
    {
        SAFEARRAYBOUND bounds[2] = {{4, rows[i].lower}, {4, 0}};
        SAFEARRAY *array = SafeArrayCreate(rows[i].type, rows[i].dims, bounds);
        IByteBuffer *buffer = (IByteBuffer *)1;

        test_push("array %u", (unsigned)i);
        ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &buffer), rows[i].hr);
        if (rows[i].hr == S_OK)
        {
            check_buffer(buffer, zeros, 4, 0);
            IByteBuffer_Release(buffer);
        }
        else
            ok(!buffer, "not cleared\n");
        ok_hr(SafeArrayDestroy(array), S_OK);
    }
    test_pop();
    ISCardTypeConv_Release(conv);
}

/* Arrays that somebody holds locked, and ones with bounds but nothing behind them. */
static void test_odd_arrays(void)
{
    static const ULONG counts[] = {1, 65537, 0x7fffffff, 0x80000000, 0xffffffff};
    ISCardTypeConv *conv = create_conv();
    SAFEARRAY *array = SafeArrayCreateVector(VT_UI1, 0, 3);
    IByteBuffer *buffer = NULL;
    void *data;
    size_t i;

    fact(GUESS);
    ok_hr(SafeArrayAccessData(array, &data), S_OK);
    memcpy(data, "abc", 3);
    ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &buffer), S_OK);
    check_buffer(buffer, "abc", 3, 0);
    IByteBuffer_Release(buffer);
    ok_uint(array->cLocks, 1);
    ok_hr(SafeArrayUnaccessData(array), S_OK);
    array->cLocks = 0xffff; /* no more can be counted */
    buffer = (IByteBuffer *)1;
    ok(FAILED(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &buffer)) && !buffer,
       "locked once too often\n");
    array->cLocks = 0;
    ok_hr(SafeArrayDestroy(array), S_OK);
    for (i = 0; i < ARRAYSIZE(counts); i++)
    {
        test_push("%lu bytes that are not there", counts[i]);
        ok_hr(SafeArrayAllocDescriptorEx(VT_UI1, 1, &array), S_OK);
        array->rgsabound[0].cElements = counts[i];
        buffer = (IByteBuffer *)1;
        ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &buffer), E_INVALIDARG);
        ok(!buffer, "not cleared\n");
        SafeArrayDestroyDescriptor(array);
    }
    test_pop();
    ISCardTypeConv_Release(conv);
}

/* ---- streams ---- */

static void test_streams(void)
{
    ISCardTypeConv *conv = create_conv();
    IByteBuffer *buffer = buffer_with("abcdef", 6);
    BYTEARRAY *first = NULL, *second = NULL;
    ULARGE_INTEGER size;
    IStream *stream;
    HGLOBAL memory;

    fact(DOCUMENTED);
    IByteBuffer_get_Stream(buffer, &stream);
    IByteBuffer_Release(buffer);
    ok_hr(ISCardTypeConv_SizeOfIStream(conv, stream, &size), S_OK);
    ok(size.QuadPart == 6, "size %lu\n", (unsigned long)size.LowPart);
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &first), S_OK);
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &second), S_OK);
    ok_uint(refs_of(stream), 3);
    if (first && second)
    {
        GetHGlobalFromStream(stream, &memory);
        ok(first->hMem == memory && second->hMem == memory, "other memory\n");
        ok(first->dwSize == 6 && second->dwSize == 6, "%lu, %lu\n", first->dwSize, second->dwSize);
        ok(first->pbyData == second->pbyData, "the memory moved\n");
        ok_bytes(first->pbyData, "abcdef", 6);
        first->pbyData[0] = 'X'; /* it is the stream's memory, not a copy */
        ok_bytes(second->pbyData, "Xbcdef", 6);

        fact(GUESS);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, first->pbyData + 1), E_INVALIDARG);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, NULL), E_INVALIDARG);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, NULL, first->pbyData), E_INVALIDARG);
        ok_uint(refs_of(stream), 3);
        fact(DOCUMENTED);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, first->pbyData), S_OK);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, second->pbyData), S_OK);
        ok_uint(refs_of(stream), 1);
        fact(GUESS); /* once more than it was given: no reference is lost */
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, second->pbyData), E_INVALIDARG);
        ok_uint(refs_of(stream), 1);
        CoTaskMemFree(first);
        CoTaskMemFree(second);
    }
    ok_uint(IStream_Release(stream), 0);

    /* Nothing in it: no pointer, no reference. */
    CreateStreamOnHGlobal(NULL, TRUE, &stream);
    first = NULL;
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &first), S_OK);
    ok(first && !first->dwSize && !first->pbyData, "memory of nothing\n");
    CoTaskMemFree(first);
    ok_hr(ISCardTypeConv_SizeOfIStream(conv, stream, &size), S_OK);
    ok(!size.QuadPart, "size %lu\n", (unsigned long)size.LowPart);
    ok_uint(IStream_Release(stream), 0);
    ISCardTypeConv_Release(conv);
}

/* A stream that is no memory, and fails. */
static void test_odd_streams(void)
{
    struct odd_stream odd = ODD_STREAM((ULONGLONG)5 << 32);
    ISCardTypeConv *conv = create_conv();
    BYTEARRAY *array = (BYTEARRAY *)1;
    ULARGE_INTEGER size;

    fact(GUESS);
    ok_hr(ISCardTypeConv_SizeOfIStream(conv, &odd.IStream_iface, &size), S_OK);
    ok(size.QuadPart == odd.size, "size %lu\n", (unsigned long)size.LowPart);
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, &odd.IStream_iface, &array), E_INVALIDARG);
    ok(!array, "not cleared\n");
    ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, &odd.IStream_iface, (BYTE *)&odd),
          E_INVALIDARG);
    odd.hr = STG_E_REVERTED;
    ok_hr(ISCardTypeConv_SizeOfIStream(conv, &odd.IStream_iface, &size), STG_E_REVERTED);
    ok(!size.QuadPart, "not cleared\n");
    ok(odd.refs == 1, "%ld references\n", odd.refs);
    ISCardTypeConv_Release(conv);
}

/* Memory that is not movable is its own handle. */
static void test_fixed_memory(void)
{
    ISCardTypeConv *conv = create_conv();
    HGLOBAL memory = GlobalAlloc(GMEM_FIXED, 4);
    BYTEARRAY *array = NULL;
    IStream *stream;

    fact(GUESS);
    memcpy(memory, "wxyz", 4);
    CreateStreamOnHGlobal(memory, TRUE, &stream);
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, stream, &array), S_OK);
    if (array)
    {
        ok_bytes(array->pbyData, "wxyz", 4);
        ok_hr(ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, array->pbyData), S_OK);
        CoTaskMemFree(array);
    }
    ok_uint(IStream_Release(stream), 0);
    ISCardTypeConv_Release(conv);
}

/* ---- wrong arguments ---- */

static void test_null(void)
{
    ISCardTypeConv *conv = create_conv();
    IByteBuffer *buffer = buffer_with("abc", 3), *out = (IByteBuffer *)1;
    SAFEARRAY *array = SafeArrayCreateVector(VT_UI1, 0, 3), *got = (SAFEARRAY *)1;
    BYTEARRAY *bytes = (BYTEARRAY *)1;
    ULARGE_INTEGER size;
    IStream *stream;

    fact(GUESS);
    IByteBuffer_get_Stream(buffer, &stream);
    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, (BYTE *)"abc", 3, NULL), E_POINTER);
    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, NULL, 3, &out), E_INVALIDARG);
    ok(!out, "not cleared\n");
    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, NULL, 0, &out), S_OK);
    IByteBuffer_Release(out);
    out = (IByteBuffer *)1;
    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, (BYTE *)"abc", 0x80000000, &out),
          E_OUTOFMEMORY);
    ok(!out, "not cleared\n");
    ok_hr(ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, (BYTE *)"abc", 0xffffffff, &out),
          E_OUTOFMEMORY);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, NULL), E_POINTER);
    ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, NULL, &bytes), E_INVALIDARG);
    ok(!bytes, "not cleared\n");
    ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, NULL), E_POINTER);
    ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, NULL, &got), E_INVALIDARG);
    ok(!got, "not cleared\n");
    ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, NULL), E_POINTER);
    ok_hr(ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, NULL, &out), E_INVALIDARG);
    ok_hr(ISCardTypeConv_CreateByteArray(conv, 1, NULL), E_POINTER);
    ok_hr(ISCardTypeConv_CreateByteBuffer(conv, 1, NULL), E_POINTER);
    ok_hr(ISCardTypeConv_CreateSafeArray(conv, 1, NULL), E_POINTER);
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, stream, NULL), E_POINTER);
    bytes = (BYTEARRAY *)1;
    ok_hr(ISCardTypeConv_GetAtIStreamMemory(conv, NULL, &bytes), E_INVALIDARG);
    ok(!bytes, "not cleared\n");
    ok_hr(ISCardTypeConv_SizeOfIStream(conv, stream, NULL), E_POINTER);
    size.QuadPart = 77;
    ok_hr(ISCardTypeConv_SizeOfIStream(conv, NULL, &size), E_INVALIDARG);
    ok(!size.QuadPart, "not cleared\n");
    IStream_Release(stream);
    SafeArrayDestroy(array);
    IByteBuffer_Release(buffer);
    ISCardTypeConv_Release(conv);
}

static void test_foreign(void)
{
    static struct double_buffer foreign;
    ISCardTypeConv *conv = create_conv();
    IByteBuffer *buffer;
    SAFEARRAY *array;
    BYTEARRAY *bytes;
    size_t i;

    fact(GUESS);
    for (i = 0; i < ARRAYSIZE(double_reads); i++)
    {
        const struct double_case *row = &double_reads[i];

        test_push("foreign buffer that %s", row->name);
        buffer = double_init(&foreign, row->fault, 20);
        bytes = (BYTEARRAY *)1;
        ok_hr(ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &bytes), row->hr);
        array = (SAFEARRAY *)1;
        ok_hr(ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array), row->hr);
        if (FAILED(row->hr))
            ok(!bytes && !array, "not cleared\n");
        else
        {
            ok_uint(bytes->dwSize, 20);
            ok_bytes(bytes->pbyData, pattern(), 20);
            free_bytearray(bytes);
            check_safearray(array, pattern(), 20);
            SafeArrayDestroy(array);
            ok(foreign.position == 10, "its pointer was left at %ld\n", foreign.position);
        }
        ok(foreign.refs == 1, "%ld references\n", foreign.refs);
    }
    test_pop();
    ISCardTypeConv_Release(conv);
}

/* ---- leaks ---- */

static void round_of_conversions(void)
{
    ISCardTypeConv *conv = create_conv();
    IByteBuffer *buffer = NULL, *again = NULL;
    SAFEARRAY *array = NULL;
    BYTEARRAY *bytes = NULL;
    IStream *stream;
    BYTE *plain;

    ISCardTypeConv_ConvertByteArrayToByteBuffer(conv, (BYTE *)"abc", 3, &buffer);
    ISCardTypeConv_ConvertByteBufferToByteArray(conv, buffer, &bytes);
    GlobalUnlock(bytes->hMem);
    GlobalFree(bytes->hMem);
    CoTaskMemFree(bytes);
    ISCardTypeConv_ConvertByteBufferToSafeArray(conv, buffer, &array);
    ISCardTypeConv_ConvertSafeArrayToByteBuffer(conv, array, &again);
    SafeArrayDestroy(array);
    IByteBuffer_get_Stream(again, &stream);
    ISCardTypeConv_GetAtIStreamMemory(conv, stream, &bytes);
    ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, bytes->pbyData);
    ISCardTypeConv_FreeIStreamMemoryPtr(conv, stream, bytes->pbyData);
    CoTaskMemFree(bytes);
    IStream_Release(stream);
    ISCardTypeConv_CreateByteArray(conv, 10, &plain);
    CoTaskMemFree(plain);
    IByteBuffer_Release(again);
    IByteBuffer_Release(buffer);
    ISCardTypeConv_Release(conv);
}

START_TEST(typeconv)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    test_conversions();
    test_large();
    test_creators();
    test_safearrays();
    test_odd_arrays();
    test_streams();
    test_odd_streams();
    test_fixed_memory();
    test_null();
    test_foreign();
    fact(GUESS);
    check_leaks("conversions", round_of_conversions);
    CoUninitialize();
}
