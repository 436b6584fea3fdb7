/*
 * Bytes in and out of an IByteBuffer, ours or anybody's.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "buffer.h"

/* ---- a buffer of which nothing is known but its interface ---- */

static HRESULT external_size(IByteBuffer *buffer, DWORD most, DWORD *size)
{
    STATSTRUCT stat = {0};
    HRESULT hr = IByteBuffer_Stat(buffer, &stat, STATFLAG_NONAME);

    if (FAILED(hr))
        return hr;
    if (stat.cbSize < 0 || (DWORD)stat.cbSize > most)
        return E_INVALIDARG;
    *size = stat.cbSize;
    return S_OK;
}

/* Reads exactly length bytes from the start. A buffer may give them in pieces. */
static HRESULT external_read(IByteBuffer *buffer, BYTE *bytes, DWORD length)
{
    DWORD done = 0;
    LONG count;
    HRESULT hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);

    while (SUCCEEDED(hr) && done < length)
    {
        count = 0;
        hr = IByteBuffer_Read(buffer, bytes + done, length - done, &count);
        if (SUCCEEDED(hr) && (count <= 0 || (DWORD)count > length - done))
            hr = E_INVALIDARG;
        if (SUCCEEDED(hr))
            done += count;
    }
    return hr;
}

static HRESULT external_get(IByteBuffer *buffer, DWORD most, BYTE **bytes, DWORD *length)
{
    LONG position = 0;
    DWORD size;
    HRESULT hr, restored;

    if (FAILED(hr = external_size(buffer, most, &size)) || !size)
        return hr;
    if (!(*bytes = CoTaskMemAlloc(size)))
        return E_OUTOFMEMORY;
    if (SUCCEEDED(hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_CUR, &position)))
    {
        hr = external_read(buffer, *bytes, size);
        restored = IByteBuffer_Seek(buffer, position, STREAM_SEEK_SET, NULL);
        if (SUCCEEDED(hr))
            hr = restored;
    }
    if (SUCCEEDED(hr))
    {
        *length = size;
        return S_OK;
    }
    bytestream_free(*bytes, size);
    *bytes = NULL;
    return hr;
}

static HRESULT external_put(IByteBuffer *buffer, const BYTE *bytes, DWORD length)
{
    LONG count = 0;
    HRESULT hr;

    if (FAILED(hr = IByteBuffer_SetSize(buffer, length)) ||
        FAILED(hr = IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL)) || !length)
        return hr;
    if (FAILED(hr = IByteBuffer_Write(buffer, (BYTE *)bytes, length, &count)))
        return hr;
    if (count < 0 || (DWORD)count != length)
        return E_INVALIDARG;
    return IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
}

/* ---- the helpers ---- */

HRESULT buffer_get_large(IByteBuffer *buffer, DWORD most, BYTE **bytes, DWORD *length)
{
    struct bytestream *own;
    HRESULT hr;

    *bytes = NULL;
    *length = 0;
    if (!buffer)
        return S_OK;
    own = bytebuffer_bytes(buffer);
    if (own && bytestream_is_own(own))
        hr = bytestream_copy(own, most, bytes, length);
    else
        hr = external_get(buffer, most, bytes, length);
    bytestream_release(own);
    return hr;
}

HRESULT buffer_get(IByteBuffer *buffer, BYTE **bytes, DWORD *length)
{
    return buffer_get_large(buffer, BUFFER_MAX, bytes, length);
}

HRESULT buffer_put(IByteBuffer **inout, const BYTE *bytes, DWORD length)
{
    struct bytestream *own;
    HRESULT hr;

    if (!*inout)
        return bytebuffer_new(bytes, length, inout);
    own = bytebuffer_bytes(*inout);
    if (own && bytestream_is_own(own))
        hr = bytestream_replace(own, bytes, length);
    else
        hr = external_put(*inout, bytes, length);
    bytestream_release(own);
    return hr;
}
