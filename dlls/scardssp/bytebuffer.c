/*
 * IByteBuffer: bytes with a seek pointer, over a stream.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bytebuffer.h"

#include "memorystream.h"
#include "base/trace.h"

struct bytebuffer
{
    struct object object;
    SRWLOCK lock;             /* guards the next line only */
    struct bytestream *bytes; /* never NULL */
};

static const IByteBufferVtbl bytebuffer_vtbl;

static struct bytebuffer *impl_from_IByteBuffer(IByteBuffer *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct bytebuffer, object);
}

/* What the buffer stands for now; it may be exchanged while a call works on it. */
static struct bytestream *bytes_of(IByteBuffer *iface)
{
    struct bytebuffer *buffer = impl_from_IByteBuffer(iface);
    struct bytestream *bytes;

    AcquireSRWLockShared(&buffer->lock);
    bytestream_retain(bytes = buffer->bytes);
    ReleaseSRWLockShared(&buffer->lock);
    return bytes;
}

static void swap_bytes(IByteBuffer *iface, struct bytestream *bytes)
{
    struct bytebuffer *buffer = impl_from_IByteBuffer(iface);
    struct bytestream *old;

    AcquireSRWLockExclusive(&buffer->lock);
    old = buffer->bytes;
    buffer->bytes = bytes;
    ReleaseSRWLockExclusive(&buffer->lock);
    bytestream_release(old);
}

struct bytestream *bytebuffer_bytes(IByteBuffer *buffer)
{
    return buffer->lpVtbl == &bytebuffer_vtbl ? bytes_of(buffer) : NULL;
}

static void set_count(LONG *count, LONG value)
{
    if (count)
        *count = value;
}

/* ---- the stream ---- */

static HRESULT WINAPI bytebuffer_get_Stream(IByteBuffer *iface, IStream **stream)
{
    struct bytestream *bytes;
    HRESULT hr;

    TRACE("%p, %p", iface, stream);
    if (!stream)
        return E_POINTER;
    bytes = bytes_of(iface);
    hr = bytestream_hand_out(bytes, stream);
    bytestream_release(bytes);
    RETURN(hr);
}

static HRESULT WINAPI bytebuffer_put_Stream(IByteBuffer *iface, IStream *stream)
{
    struct bytestream *bytes;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, stream);
    if (!stream)
        RETURN(E_INVALIDARG);
    if (SUCCEEDED(hr = bytestream_wrap(stream, &bytes)))
        swap_bytes(iface, bytes);
    RETURN(hr);
}

static HRESULT WINAPI bytebuffer_Clone(IByteBuffer *iface, IByteBuffer **out)
{
    struct bytestream *bytes, *clone;
    HRESULT hr;

    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    /* What stands there is not released: callers in C leave it uninitialised. */
    *out = NULL;
    bytes = bytes_of(iface);
    hr = bytestream_clone(bytes, &clone);
    bytestream_release(bytes);
    if (SUCCEEDED(hr) && FAILED(hr = bytebuffer_from(clone, out)))
        bytestream_release(clone);
    RETURN(hr);
}

static HRESULT WINAPI bytebuffer_Initialize(IByteBuffer *iface, LONG size, BYTE *data)
{
    struct bytestream *bytes;
    HRESULT hr;

    TRACE("%p, %ld, %p", iface, size, data);
    if (size < 0)
        RETURN(E_INVALIDARG);
    if (SUCCEEDED(hr = bytestream_create(data, size, &bytes)))
        swap_bytes(iface, bytes);
    RETURN(hr);
}

/* ---- reading and writing ---- */

static HRESULT WINAPI bytebuffer_Read(IByteBuffer *iface, BYTE *to, LONG count, LONG *read)
{
    struct bytestream *bytes;
    DWORD moved;
    HRESULT hr;

    TRACE("%p, %p, %ld, %p", iface, to, count, read);
    set_count(read, 0);
    if (count < 0)
        RETURN(E_INVALIDARG);
    if (!to && count)
        return E_POINTER;
    bytes = bytes_of(iface);
    hr = bytestream_read(bytes, to, count, &moved);
    bytestream_release(bytes);
    set_count(read, moved);
    RETURN(hr);
}

static HRESULT WINAPI bytebuffer_Write(IByteBuffer *iface, BYTE *from, LONG count, LONG *written)
{
    struct bytestream *bytes;
    DWORD moved;
    HRESULT hr;

    TRACE("%p, %p, %ld, %p", iface, from, count, written);
    set_count(written, 0);
    if (count < 0)
        RETURN(E_INVALIDARG);
    if (!from && count)
        return E_POINTER;
    bytes = bytes_of(iface);
    hr = bytestream_write(bytes, from, count, &moved);
    bytestream_release(bytes);
    set_count(written, moved);
    RETURN(hr);
}

/* Up to count bytes from the pointer on, all of them before anything is written: the target may be
 * the same buffer. *out is CoTaskMemAlloc'd. */
static HRESULT read_ahead(struct bytestream *bytes, DWORD count, BYTE **out, DWORD *length)
{
    DWORD room = 0, moved;
    BYTE *data = NULL, *more;
    HRESULT hr = S_OK;

    *out = NULL;
    *length = 0;
    while (SUCCEEDED(hr) && *length < count)
    {
        if (*length == room)
        {
            room = min(count, room ? 2 * room : 4096);
            if (room > MEMORY_MAX || !(more = CoTaskMemRealloc(data, room)))
            {
                hr = E_OUTOFMEMORY;
                break;
            }
            data = more;
        }
        hr = bytestream_read(bytes, data + *length, room - *length, &moved);
        if (FAILED(hr) || !moved)
            break;
        *length += moved;
    }
    if (SUCCEEDED(hr))
        *out = data;
    else
        bytestream_free(data, *length);
    return hr;
}

/* Writes to a buffer of any make. */
static HRESULT write_to(IByteBuffer *target, BYTE *data, DWORD length, LONG *written)
{
    LONG moved = 0;
    HRESULT hr;

    if (!length)
        return S_OK;
    if (FAILED(hr = IByteBuffer_Write(target, data, length, &moved)))
        return hr;
    if (moved < 0 || (DWORD)moved > length)
        return E_INVALIDARG;
    set_count(written, moved);
    return S_OK;
}

static HRESULT WINAPI bytebuffer_CopyTo(IByteBuffer *iface, IByteBuffer **target, LONG count,
                                        LONG *read, LONG *written)
{
    struct bytestream *bytes;
    IByteBuffer *to;
    DWORD length;
    BYTE *data;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p, %ld, %p, %p", iface, target, count, read, written);
    set_count(read, 0);
    set_count(written, 0);
    if (!target)
        return E_POINTER;
    if (count < 0)
        RETURN(E_INVALIDARG);
    if ((to = *target))
        IByteBuffer_AddRef(to);
    else if (FAILED(hr = bytebuffer_create(&to)))
        RETURN(hr);
    bytes = bytes_of(iface);
    hr = read_ahead(bytes, count, &data, &length);
    bytestream_release(bytes);
    if (SUCCEEDED(hr))
    {
        set_count(read, length);
        hr = write_to(to, data, length, written);
        bytestream_free(data, length);
    }
    if (SUCCEEDED(hr) && !*target)
        *target = to;
    else
        IByteBuffer_Release(to);
    RETURN(hr);
}

/* ---- pointer, size, state ---- */

static HRESULT WINAPI bytebuffer_Seek(IByteBuffer *iface, LONG move, LONG origin, LONG *position)
{
    struct bytestream *bytes;
    DWORD result;
    HRESULT hr;

    TRACE("%p, %ld, %ld, %p", iface, move, origin, position);
    bytes = bytes_of(iface);
    hr = bytestream_seek(bytes, move, origin, &result);
    bytestream_release(bytes);
    set_count(position, result);
    RETURN(hr);
}

static HRESULT WINAPI bytebuffer_SetSize(IByteBuffer *iface, LONG size)
{
    struct bytestream *bytes;
    HRESULT hr;

    TRACE("%p, %ld", iface, size);
    if (size < 0)
        RETURN(E_INVALIDARG);
    bytes = bytes_of(iface);
    hr = bytestream_resize(bytes, size);
    bytestream_release(bytes);
    RETURN(hr);
}

static HRESULT WINAPI bytebuffer_Stat(IByteBuffer *iface, STATSTRUCT *out, LONG flag)
{
    struct bytestream *bytes;
    STATSTG stat;
    HRESULT hr;

    TRACE("%p, %p, %ld", iface, out, flag);
    if (!out)
        return E_POINTER;
    ZeroMemory(out, sizeof(*out));
    /* STATFLAG_NOOPEN is for storages; a name has no place in the structure. */
    if (flag != STATFLAG_DEFAULT && flag != STATFLAG_NONAME)
        RETURN(STG_E_INVALIDFLAG);
    bytes = bytes_of(iface);
    hr = bytestream_stat(bytes, &stat);
    bytestream_release(bytes);
    if (FAILED(hr))
        RETURN(hr);
    if (stat.cbSize.QuadPart > MAXLONG)
        RETURN(BYTESTREAM_OVERFLOW);
    out->type = stat.type;
    out->cbSize = stat.cbSize.LowPart;
    out->grfMode = stat.grfMode;
    out->grfLocksSupported = stat.grfLocksSupported;
    out->grfStateBits = stat.grfStateBits;
    return S_OK;
}

static HRESULT WINAPI bytebuffer_Commit(IByteBuffer *iface, LONG flags)
{
    struct bytestream *bytes = bytes_of(iface);
    struct bytestream_use use;
    HRESULT hr;

    TRACE("%p, %#lx", iface, flags);
    if (SUCCEEDED(hr = bytestream_enter(bytes, &use)))
    {
        hr = IStream_Commit(use.stream, flags);
        bytestream_leave(&use);
    }
    bytestream_release(bytes);
    RETURN(hr);
}

static HRESULT WINAPI bytebuffer_Revert(IByteBuffer *iface)
{
    struct bytestream *bytes = bytes_of(iface);
    struct bytestream_use use;
    HRESULT hr;

    TRACE("%p", iface);
    if (SUCCEEDED(hr = bytestream_enter(bytes, &use)))
    {
        hr = IStream_Revert(use.stream);
        bytestream_leave(&use);
    }
    bytestream_release(bytes);
    RETURN(hr);
}

/* Memory has no regions to lock. Its own two methods disagree about that under Wine. */
static HRESULT change_region(IByteBuffer *iface, LONG offset, LONG count, DWORD type, BOOL lock)
{
    ULARGE_INTEGER start = {.QuadPart = offset}, length = {.QuadPart = count};
    struct bytestream *bytes;
    struct bytestream_use use;
    HRESULT hr;

    TRACE("%p, %ld, %ld, %#lx, %d", iface, offset, count, type, lock);
    if (offset < 0 || count < 0)
        return E_INVALIDARG;
    bytes = bytes_of(iface);
    if (SUCCEEDED(hr = bytestream_enter(bytes, &use)))
    {
        if (use.lock)
            hr = STG_E_INVALIDFUNCTION;
        else if (lock)
            hr = IStream_LockRegion(use.stream, start, length, type);
        else
            hr = IStream_UnlockRegion(use.stream, start, length, type);
        bytestream_leave(&use);
    }
    bytestream_release(bytes);
    return hr;
}

static HRESULT WINAPI bytebuffer_LockRegion(IByteBuffer *iface, LONG offset, LONG count, LONG type)
{
    RETURN(change_region(iface, offset, count, type, TRUE));
}

static HRESULT WINAPI bytebuffer_UnlockRegion(IByteBuffer *iface, LONG offset, LONG count,
                                              LONG type)
{
    RETURN(change_region(iface, offset, count, type, FALSE));
}

/* ---- life ---- */

static void bytebuffer_destroy(struct object *object)
{
    struct bytebuffer *buffer = CONTAINING_RECORD(object, struct bytebuffer, object);

    bytestream_release(buffer->bytes);
    object_fini(object);
    CoTaskMemFree(buffer);
}

static const IByteBufferVtbl bytebuffer_vtbl =
{
    OBJECT_METHODS,
    bytebuffer_get_Stream,
    bytebuffer_put_Stream,
    bytebuffer_Clone,
    bytebuffer_Commit,
    bytebuffer_CopyTo,
    bytebuffer_Initialize,
    bytebuffer_LockRegion,
    bytebuffer_Read,
    bytebuffer_Revert,
    bytebuffer_Seek,
    bytebuffer_SetSize,
    bytebuffer_Stat,
    bytebuffer_UnlockRegion,
    bytebuffer_Write,
};

static const struct object_class bytebuffer_class =
{
    "IByteBuffer", &IID_IByteBuffer, &LIBID_SCARDSSPLib, NULL, bytebuffer_destroy,
};

HRESULT bytebuffer_from(struct bytestream *bytes, IByteBuffer **out)
{
    struct bytebuffer *buffer;

    *out = NULL;
    if (!(buffer = CoTaskMemAlloc(sizeof(*buffer))))
        return E_OUTOFMEMORY;
    ZeroMemory(buffer, sizeof(*buffer));
    InitializeSRWLock(&buffer->lock);
    buffer->bytes = bytes;
    object_init(&buffer->object, &bytebuffer_vtbl, &bytebuffer_class);
    *out = (IByteBuffer *)&buffer->object;
    return S_OK;
}

HRESULT bytebuffer_new(const BYTE *bytes, DWORD length, IByteBuffer **out)
{
    struct bytestream *own;
    HRESULT hr;

    *out = NULL;
    if (FAILED(hr = bytestream_create(bytes, length, &own)))
        return hr;
    if (FAILED(hr = bytebuffer_from(own, out)))
        bytestream_release(own);
    return hr;
}

HRESULT bytebuffer_create(IByteBuffer **out)
{
    return bytebuffer_new(NULL, 0, out);
}
