/*
 * Proxies and stubs: their factory, and what travels in another form in the base classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A _Proxy function runs in the caller, a _Stub function beside the object. Arguments are refused
 * here as the classes refuse them, since NDR takes a count for granted.
 */

#include "proxy.h"

#include <rpcproxy.h>

#include "base/trace.h"
#include "iso7816/wipe.h"

const CLSID CLSID_SCardSSPProxy =
    {0x1A4720CF, 0xBCBD, 0x4733, {0xB0, 0x80, 0x72, 0x1F, 0x1B, 0x71, 0x81, 0x76}};

EXTERN_PROXY_FILE(scardssp)
EXTERN_PROXY_FILE(iccsp)

static const ProxyFileInfo *files[] = {&scardssp_ProxyFileInfo, &iccsp_ProxyFileInfo, NULL};

/* The most that one message brings. */
#define READ_PIECE (1 << 20)

static CStdPSFactoryBuffer factory;

/* What widl's stubs release themselves with: the factory goes with the last of them. */
ULONG WINAPI CStdStubBuffer2_Release(IRpcStubBuffer *iface)
{
    return NdrCStdStubBuffer2_Release(iface, (IPSFactoryBuffer *)&factory);
}

HRESULT proxy_factory(REFIID iid, void **out)
{
    return NdrDllGetClassObject(&CLSID_SCardSSPProxy, iid, out, files, &CLSID_SCardSSPProxy,
                                &factory);
}

BOOL proxy_in_use(void)
{
    return NdrDllCanUnloadNow(&factory) != S_OK;
}

/* What came over the wire, wiped once it is where it belongs. */
static void free_bytes(BYTE *bytes, DWORD size)
{
    if (bytes)
        wipe(bytes, size);
    CoTaskMemFree(bytes);
}

/* ---- IByteBuffer ---- */

HRESULT CALLBACK IByteBuffer_Initialize_Proxy(IByteBuffer *iface, LONG size, BYTE *data)
{
    if (size < 0)
        RETURN(E_INVALIDARG);
    return IByteBuffer_RemoteInitialize_Proxy(iface, size, data);
}

HRESULT __RPC_STUB IByteBuffer_Initialize_Stub(IByteBuffer *iface, LONG size, BYTE *data)
{
    return IByteBuffer_Initialize(iface, size, data);
}

/* In pieces, since the other side cannot know how little there may be of what is asked for. */
HRESULT CALLBACK IByteBuffer_Read_Proxy(IByteBuffer *iface, BYTE *to, LONG count, LONG *read)
{
    LONG done = 0, piece = 0, moved;
    HRESULT hr = S_OK;
    BYTE *bytes;

    if (read)
        *read = 0;
    if (count < 0)
        RETURN(E_INVALIDARG);
    if (!to && count)
        return E_POINTER;
    do
    {
        done += piece;
        piece = min(count - done, READ_PIECE);
        moved = 0;
        bytes = NULL;
        hr = IByteBuffer_RemoteRead_Proxy(iface, piece, &moved, &bytes);
        if (FAILED(hr) || moved < 0 || moved > piece || (moved && !bytes))
            moved = 0;
        if (moved)
            CopyMemory(to + done, bytes, moved);
        free_bytes(bytes, moved);
    } while (moved == piece && done + moved < count);
    if (read)
        *read = done + moved;
    RETURN(hr);
}

HRESULT __RPC_STUB IByteBuffer_Read_Stub(IByteBuffer *iface, LONG count, LONG *read, BYTE **to)
{
    LONG moved = 0;
    BYTE *bytes;
    HRESULT hr;

    *read = 0;
    *to = NULL;
    if (count < 0 || count > READ_PIECE)
        return E_INVALIDARG;
    if (!(bytes = CoTaskMemAlloc(max(count, 1))))
        return E_OUTOFMEMORY;
    hr = IByteBuffer_Read(iface, bytes, count, &moved);
    /* An object of another make may count what is not there. */
    if (SUCCEEDED(hr) && (moved < 0 || moved > count))
        hr = E_INVALIDARG;
    if (FAILED(hr) || !moved)
    {
        free_bytes(bytes, count);
        return hr;
    }
    *read = moved;
    *to = bytes;
    return hr;
}

HRESULT CALLBACK IByteBuffer_Write_Proxy(IByteBuffer *iface, BYTE *from, LONG count, LONG *written)
{
    BYTE none = 0;
    LONG moved = 0;
    HRESULT hr;

    if (written)
        *written = 0;
    if (count < 0)
        RETURN(E_INVALIDARG);
    if (!from && count)
        return E_POINTER;
    hr = IByteBuffer_RemoteWrite_Proxy(iface, from ? from : &none, count, &moved);
    if (written)
        *written = moved;
    RETURN(hr);
}

HRESULT __RPC_STUB IByteBuffer_Write_Stub(IByteBuffer *iface, BYTE *from, LONG count, LONG *written)
{
    *written = 0;
    return IByteBuffer_Write(iface, from, count, written);
}

/* ---- ISCardTypeConv: a BYTEARRAY arrives as memory of the caller's process ---- */

/*
 * Stands behind the bytes in the memory that GetAtIStreamMemory makes of a stream in another
 * process, so that FreeIStreamMemoryPtr knows it again.
 */
struct stream_mark
{
    GUID mark;
    IStream *stream; /* compared, never called */
};

static const GUID stream_memory =
    {0x7F6F0C51, 0x61A5, 0x4D0B, {0x9C, 0x1E, 0x3B, 0x5D, 0x2A, 0x94, 0xE0, 0x38}};

/* The bytes in a locked movable block; stream: NULL, or what the block stands for. */
static HRESULT array_from_bytes(const BYTE *bytes, DWORD size, IStream *stream, BYTEARRAY **out)
{
    struct stream_mark mark = {stream_memory, stream};
    SIZE_T room = (SIZE_T)size + (stream ? sizeof(mark) : 0);
    BYTEARRAY *array;

    if (!(array = CoTaskMemAlloc(sizeof(*array))))
        return E_OUTOFMEMORY;
    ZeroMemory(array, sizeof(*array));
    *out = array;
    /* As in one process: of an empty stream there is no pointer, and none to be given back. */
    if (stream && !size)
        return S_OK;
    array->dwSize = size;
    array->hMem = GlobalAlloc(GHND, room ? room : 1);
    if (!array->hMem || !(array->pbyData = GlobalLock(array->hMem)))
    {
        GlobalFree(array->hMem);
        CoTaskMemFree(array);
        *out = NULL;
        return E_OUTOFMEMORY;
    }
    if (size)
        CopyMemory(array->pbyData, bytes, size);
    if (stream)
        CopyMemory(array->pbyData + size, &mark, sizeof(mark));
    return S_OK;
}

static HRESULT bytes_from_array(const BYTEARRAY *array, DWORD *size, BYTE **bytes)
{
    if (!array->dwSize)
        return S_OK;
    if (!(*bytes = CoTaskMemAlloc(array->dwSize)))
        return E_OUTOFMEMORY;
    CopyMemory(*bytes, array->pbyData, array->dwSize);
    *size = array->dwSize;
    return S_OK;
}

HRESULT CALLBACK ISCardTypeConv_ConvertByteBufferToByteArray_Proxy(ISCardTypeConv *iface,
                                                                   IByteBuffer *buffer,
                                                                   BYTEARRAY **out)
{
    BYTE *bytes = NULL;
    DWORD size = 0;
    HRESULT hr;

    if (!out)
        return E_POINTER;
    *out = NULL;
    hr = ISCardTypeConv_RemoteConvertByteBufferToByteArray_Proxy(iface, buffer, &size, &bytes);
    if (SUCCEEDED(hr))
        hr = array_from_bytes(bytes, size, NULL, out);
    free_bytes(bytes, size);
    RETURN(hr);
}

HRESULT __RPC_STUB ISCardTypeConv_ConvertByteBufferToByteArray_Stub(ISCardTypeConv *iface,
                                                                    IByteBuffer *buffer,
                                                                    DWORD *size, BYTE **bytes)
{
    BYTEARRAY *array = NULL;
    HRESULT hr;

    *size = 0;
    *bytes = NULL;
    hr = ISCardTypeConv_ConvertByteBufferToByteArray(iface, buffer, &array);
    if (FAILED(hr) || !array)
        return hr;
    hr = bytes_from_array(array, size, bytes);
    if (array->pbyData)
        wipe(array->pbyData, array->dwSize);
    GlobalUnlock(array->hMem);
    GlobalFree(array->hMem);
    CoTaskMemFree(array);
    return hr;
}

/* A stream of this process is asked here, where its memory is. */
HRESULT CALLBACK ISCardTypeConv_GetAtIStreamMemory_Proxy(ISCardTypeConv *iface, IStream *stream,
                                                         BYTEARRAY **out)
{
    ISCardTypeConv *here;
    BYTE *bytes = NULL;
    DWORD size = 0;
    HGLOBAL memory;
    HRESULT hr;

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!stream)
        RETURN(E_INVALIDARG);
    if (SUCCEEDED(GetHGlobalFromStream(stream, &memory)))
    {
        if (FAILED(hr = typeconv_create(&here)))
            RETURN(hr);
        hr = ISCardTypeConv_GetAtIStreamMemory(here, stream, out);
        ISCardTypeConv_Release(here);
        RETURN(hr);
    }
    hr = ISCardTypeConv_RemoteGetAtIStreamMemory_Proxy(iface, stream, &size, &bytes);
    if (SUCCEEDED(hr) && SUCCEEDED(hr = array_from_bytes(bytes, size, stream, out)) && size)
        IStream_AddRef(stream);
    free_bytes(bytes, size);
    RETURN(hr);
}

HRESULT __RPC_STUB ISCardTypeConv_GetAtIStreamMemory_Stub(ISCardTypeConv *iface, IStream *stream,
                                                          DWORD *size, BYTE **bytes)
{
    BYTEARRAY *array = NULL;
    HRESULT hr;

    *size = 0;
    *bytes = NULL;
    hr = ISCardTypeConv_GetAtIStreamMemory(iface, stream, &array);
    if (FAILED(hr) || !array)
        return hr;
    hr = bytes_from_array(array, size, bytes);
    if (array->pbyData)
        ISCardTypeConv_FreeIStreamMemoryPtr(iface, stream, array->pbyData);
    CoTaskMemFree(array);
    return hr;
}

/* Where the mark is in a block that array_from_bytes made for the stream, else NULL. */
static const BYTE *find_mark(HGLOBAL memory, const BYTE *data, IStream *stream)
{
    struct stream_mark mark = {stream_memory, stream};
    SIZE_T room = GlobalSize(memory);

    /* The size of a block may be rounded up. */
    for (; room >= sizeof(mark); room--)
        if (!memcmp(data + room - sizeof(mark), &mark, sizeof(mark)))
            return data + room - sizeof(mark);
    return NULL;
}

HRESULT CALLBACK ISCardTypeConv_FreeIStreamMemoryPtr_Proxy(ISCardTypeConv *iface, IStream *stream,
                                                           BYTE *data)
{
    ISCardTypeConv *here;
    const BYTE *mark;
    HGLOBAL memory;
    HRESULT hr;

    if (!stream || !data)
        RETURN(E_INVALIDARG);
    if (SUCCEEDED(GetHGlobalFromStream(stream, &memory)))
    {
        if (FAILED(hr = typeconv_create(&here)))
            RETURN(hr);
        hr = ISCardTypeConv_FreeIStreamMemoryPtr(here, stream, data);
        ISCardTypeConv_Release(here);
        RETURN(hr);
    }
    memory = GlobalHandle(data);
    if (!memory || memory == (HGLOBAL)data || !(mark = find_mark(memory, data, stream)))
        RETURN(E_INVALIDARG);
    wipe(data, mark - data + sizeof(struct stream_mark));
    GlobalUnlock(memory);
    GlobalFree(memory);
    IStream_Release(stream);
    return S_OK;
}

/* Nobody sends this: a pointer means nothing in another process. */
HRESULT __RPC_STUB ISCardTypeConv_FreeIStreamMemoryPtr_Stub(ISCardTypeConv *iface, IStream *stream)
{
    return E_INVALIDARG;
}
