/*
 * ISCardTypeConv: between byte arrays, safe arrays, byte buffers and the memory of streams.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What is handed out belongs to the caller: plain arrays and BYTEARRAY structures for
 * CoTaskMemFree, a BYTEARRAY's hMem for GlobalUnlock and GlobalFree (except the memory of a stream,
 * which FreeIStreamMemoryPtr gives back).
 */

#include "object.h"

#include "buffer.h"
#include "memorystream.h"
#include "base/trace.h"

struct typeconv
{
    struct object object;
};

/* The bytes that are to be converted, for bytestream_free; *out is NULL until they are. */
static HRESULT take_bytes(IByteBuffer *buffer, void **out, BYTE **bytes, DWORD *length)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return buffer ? buffer_get_large(buffer, MEMORY_MAX, bytes, length) : E_INVALIDARG;
}

/* ---- safe arrays ---- */

static HRESULT safearray_new(const BYTE *bytes, DWORD length, SAFEARRAY **out)
{
    SAFEARRAY *array;
    void *data;
    HRESULT hr;

    if (length > MEMORY_MAX || !(array = SafeArrayCreateVector(VT_UI1, 0, length)))
        return E_OUTOFMEMORY;
    if (SUCCEEDED(hr = SafeArrayAccessData(array, &data)))
    {
        if (bytes && length)
            CopyMemory(data, bytes, length);
        SafeArrayUnaccessData(array);
        *out = array;
    }
    else
        SafeArrayDestroy(array);
    return hr;
}

/* The number of bytes in an array of bytes with one dimension; its bounds may be any. */
static HRESULT safearray_length(SAFEARRAY *array, DWORD *length)
{
    LONG lower, upper;
    VARTYPE type;
    HRESULT hr;

    if (!array || SafeArrayGetDim(array) != 1 || FAILED(SafeArrayGetVartype(array, &type)) ||
        type != VT_UI1)
        return E_INVALIDARG;
    if (FAILED(hr = SafeArrayGetLBound(array, 1, &lower)) ||
        FAILED(hr = SafeArrayGetUBound(array, 1, &upper)))
        return hr;
    *length = (DWORD)upper - (DWORD)lower + 1;
    return S_OK;
}

static HRESULT WINAPI typeconv_ConvertByteBufferToSafeArray(ISCardTypeConv *iface,
                                                            IByteBuffer *buffer, SAFEARRAY **out)
{
    DWORD length;
    BYTE *bytes;
    HRESULT hr;

    TRACE("%p, %p, %p", iface, buffer, out);
    if (FAILED(hr = take_bytes(buffer, (void **)out, &bytes, &length)))
        RETURN(hr);
    hr = safearray_new(bytes, length, out);
    bytestream_free(bytes, length);
    RETURN(hr);
}

static HRESULT WINAPI typeconv_ConvertSafeArrayToByteBuffer(ISCardTypeConv *iface, SAFEARRAY *array,
                                                            IByteBuffer **out)
{
    DWORD length;
    void *data;
    HRESULT hr;

    TRACE("%p, %p, %p", iface, array, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (FAILED(hr = safearray_length(array, &length)) ||
        FAILED(hr = SafeArrayAccessData(array, &data)))
        RETURN(hr);
    /* An array may have bounds and no elements behind them. */
    hr = length && !data ? E_INVALIDARG : bytebuffer_new(data, length, out);
    SafeArrayUnaccessData(array);
    RETURN(hr);
}

static HRESULT WINAPI typeconv_CreateSafeArray(ISCardTypeConv *iface, UINT size, SAFEARRAY **out)
{
    TRACE("%p, %u, %p", iface, size, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    RETURN(safearray_new(NULL, size, out));
}

/* ---- byte arrays ---- */

static HRESULT WINAPI typeconv_ConvertByteArrayToByteBuffer(ISCardTypeConv *iface, BYTE *bytes,
                                                            DWORD length, IByteBuffer **out)
{
    TRACE("%p, %p, %lu, %p", iface, bytes, length, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!bytes && length)
        RETURN(E_INVALIDARG);
    RETURN(bytebuffer_new(bytes, length, out));
}

/* A movable block that holds the bytes, locked; one byte when there are none, so that it exists. */
static HRESULT bytearray_new(const BYTE *bytes, DWORD length, BYTEARRAY **out)
{
    BYTEARRAY *array;

    if (!(array = CoTaskMemAlloc(sizeof(*array))))
        return E_OUTOFMEMORY;
    array->dwSize = length;
    array->pbyData = NULL;
    if ((array->hMem = GlobalAlloc(GHND, max(length, 1))))
        array->pbyData = GlobalLock(array->hMem);
    if (!array->pbyData)
    {
        GlobalFree(array->hMem);
        CoTaskMemFree(array);
        return E_OUTOFMEMORY;
    }
    if (length)
        CopyMemory(array->pbyData, bytes, length);
    *out = array;
    return S_OK;
}

static HRESULT WINAPI typeconv_ConvertByteBufferToByteArray(ISCardTypeConv *iface,
                                                            IByteBuffer *buffer, BYTEARRAY **out)
{
    DWORD length;
    BYTE *bytes;
    HRESULT hr;

    TRACE("%p, %p, %p", iface, buffer, out);
    if (FAILED(hr = take_bytes(buffer, (void **)out, &bytes, &length)))
        RETURN(hr);
    hr = bytearray_new(bytes, length, out);
    bytestream_free(bytes, length);
    RETURN(hr);
}

static HRESULT WINAPI typeconv_CreateByteArray(ISCardTypeConv *iface, DWORD size, BYTE **out)
{
    TRACE("%p, %lu, %p", iface, size, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (size > MEMORY_MAX || !(*out = CoTaskMemAlloc(max(size, 1))))
        RETURN(E_OUTOFMEMORY);
    ZeroMemory(*out, max(size, 1));
    return S_OK;
}

static HRESULT WINAPI typeconv_CreateByteBuffer(ISCardTypeConv *iface, DWORD size,
                                                IByteBuffer **out)
{
    HRESULT hr;

    TRACE("%p, %lu, %p", iface, size, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (size > MEMORY_MAX)
        RETURN(E_OUTOFMEMORY);
    if (FAILED(hr = bytebuffer_create(out)))
        RETURN(hr);
    if (FAILED(hr = IByteBuffer_Initialize(*out, size, NULL)))
    {
        IByteBuffer_Release(*out);
        *out = NULL;
    }
    RETURN(hr);
}

/* ---- the memory of streams ---- */

static HRESULT stream_size(IStream *stream, ULARGE_INTEGER *size)
{
    STATSTG stat = {0};
    HRESULT hr = IStream_Stat(stream, &stat, STATFLAG_NONAME);

    CoTaskMemFree(stat.pwcsName); /* a stream that does not care about the flag */
    if (SUCCEEDED(hr))
        *size = stat.cbSize;
    return hr;
}

/* Memory that is not movable is its own handle and counts no locks. */
static BOOL is_locked(HGLOBAL memory, const BYTE *data)
{
    return memory == (HGLOBAL)data || (GlobalFlags(memory) & GMEM_LOCKCOUNT);
}

static HRESULT WINAPI typeconv_GetAtIStreamMemory(ISCardTypeConv *iface, IStream *stream,
                                                  BYTEARRAY **out)
{
    ULARGE_INTEGER size;
    BYTEARRAY *array;
    HGLOBAL memory;
    HRESULT hr;

    TRACE("%p, %p, %p", iface, stream, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!stream || FAILED(GetHGlobalFromStream(stream, &memory)))
        RETURN(E_INVALIDARG);
    if (FAILED(hr = stream_size(stream, &size)))
        RETURN(hr);
    if (!(array = CoTaskMemAlloc(sizeof(*array))))
        RETURN(E_OUTOFMEMORY);
    array->hMem = memory;
    array->dwSize = size.LowPart;
    /* Of no bytes there is no pointer, and none to be given back. */
    array->pbyData = size.LowPart ? GlobalLock(memory) : NULL;
    if (array->pbyData)
        IStream_AddRef(stream);
    else if (size.LowPart)
    {
        CoTaskMemFree(array);
        RETURN(E_OUTOFMEMORY);
    }
    *out = array;
    return S_OK;
}

static HRESULT WINAPI typeconv_FreeIStreamMemoryPtr(ISCardTypeConv *iface, IStream *stream,
                                                    BYTE *data)
{
    HGLOBAL memory;
    BOOL same;

    TRACE("%p, %p, %p", iface, stream, data);
    if (!stream || !data || FAILED(GetHGlobalFromStream(stream, &memory)))
        RETURN(E_INVALIDARG);
    /* A pointer that was not given, or was given back already, has no reference to give up. */
    if (!is_locked(memory, data))
        RETURN(E_INVALIDARG);
    same = GlobalLock(memory) == data;
    GlobalUnlock(memory);
    if (!same)
        RETURN(E_INVALIDARG);
    GlobalUnlock(memory);
    IStream_Release(stream);
    return S_OK;
}

static HRESULT WINAPI typeconv_SizeOfIStream(ISCardTypeConv *iface, IStream *stream,
                                             ULARGE_INTEGER *out)
{
    TRACE("%p, %p, %p", iface, stream, out);
    if (!out)
        return E_POINTER;
    out->QuadPart = 0;
    if (!stream)
        RETURN(E_INVALIDARG);
    RETURN(stream_size(stream, out));
}

/* ---- life ---- */

static void typeconv_destroy(struct object *object)
{
    object_fini(object);
    CoTaskMemFree(CONTAINING_RECORD(object, struct typeconv, object));
}

static const ISCardTypeConvVtbl typeconv_vtbl =
{
    OBJECT_METHODS,
    typeconv_ConvertByteArrayToByteBuffer,
    typeconv_ConvertByteBufferToByteArray,
    typeconv_ConvertByteBufferToSafeArray,
    typeconv_ConvertSafeArrayToByteBuffer,
    typeconv_CreateByteArray,
    typeconv_CreateByteBuffer,
    typeconv_CreateSafeArray,
    typeconv_FreeIStreamMemoryPtr,
    typeconv_GetAtIStreamMemory,
    typeconv_SizeOfIStream,
};

static const struct object_class typeconv_class =
{
    "ISCardTypeConv", &IID_ISCardTypeConv, &LIBID_SCARDSSPLib, NULL, typeconv_destroy,
};

HRESULT typeconv_create(ISCardTypeConv **out)
{
    struct typeconv *typeconv;

    *out = NULL;
    if (!(typeconv = CoTaskMemAlloc(sizeof(*typeconv))))
        return E_OUTOFMEMORY;
    ZeroMemory(typeconv, sizeof(*typeconv));
    object_init(&typeconv->object, &typeconv_vtbl, &typeconv_class);
    *out = (ISCardTypeConv *)&typeconv->object;
    return S_OK;
}
