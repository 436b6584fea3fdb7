/*
 * The stream behind an IByteBuffer: memory of our own, or one that the caller put in.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bytestream.h"

#include "memorystream.h"
#include "iso7816/wipe.h"

/* Most reads and writes are small. */
#define BOUNCE_SMALL 512

/* What all clones share. */
struct block
{
    LONG refs;
    LONG handed_out; /* somebody else may hold a stream over these bytes */
    SRWLOCK lock;
};

struct bytestream
{
    LONG refs;
    struct block *block;
    IStream *own; /* our memory; NULL when cookie counts */
    DWORD cookie; /* in the global interface table */
};

/* ---- streams in the global interface table: kept by one apartment, used by any ---- */

/* The process has one; asking for it is cheap. */
static HRESULT get_table(IGlobalInterfaceTable **table)
{
    return CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                            &IID_IGlobalInterfaceTable, (void **)table);
}

/* *cookie is 0 on failure, and never on success. */
static HRESULT register_global(IStream *stream, DWORD *cookie)
{
    IGlobalInterfaceTable *table;
    HRESULT hr;

    *cookie = 0;
    if (FAILED(hr = get_table(&table)))
        return hr;
    hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)stream, &IID_IStream,
                                                         cookie);
    IGlobalInterfaceTable_Release(table);
    if (FAILED(hr))
        *cookie = 0;
    return hr;
}

/* The stream as this apartment may use it, with a reference for the caller. */
static HRESULT get_global(DWORD cookie, IStream **out)
{
    IGlobalInterfaceTable *table;
    HRESULT hr;

    *out = NULL;
    if (FAILED(hr = get_table(&table)))
        return hr;
    hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IStream, (void **)out);
    IGlobalInterfaceTable_Release(table);
    return hr;
}

static void revoke_global(DWORD cookie)
{
    IGlobalInterfaceTable *table;

    if (FAILED(get_table(&table)))
        return;
    IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie);
    IGlobalInterfaceTable_Release(table);
}

/* ---- making and ending ---- */

static HRESULT allocate(struct block *shared, struct bytestream **out)
{
    struct bytestream *bytes;

    *out = NULL;
    if (!(bytes = CoTaskMemAlloc(sizeof(*bytes))))
        return E_OUTOFMEMORY;
    ZeroMemory(bytes, sizeof(*bytes));
    if (!shared)
    {
        if (!(shared = CoTaskMemAlloc(sizeof(*shared))))
        {
            CoTaskMemFree(bytes);
            return E_OUTOFMEMORY;
        }
        ZeroMemory(shared, sizeof(*shared));
        InitializeSRWLock(&shared->lock);
    }
    InterlockedIncrement(&shared->refs);
    bytes->refs = 1;
    bytes->block = shared;
    *out = bytes;
    return S_OK;
}

void bytestream_retain(struct bytestream *bytes)
{
    InterlockedIncrement(&bytes->refs);
}

void bytestream_release(struct bytestream *bytes)
{
    BOOL last;

    if (!bytes || InterlockedDecrement(&bytes->refs))
        return;
    last = !InterlockedDecrement(&bytes->block->refs);
    if (bytes->own)
    {
        if (last && !bytes->block->handed_out)
            memorystream_wipe(bytes->own);
        IStream_Release(bytes->own);
    }
    if (bytes->cookie)
        revoke_global(bytes->cookie);
    if (last)
        CoTaskMemFree(bytes->block);
    CoTaskMemFree(bytes);
}

BOOL bytestream_is_own(const struct bytestream *bytes)
{
    return bytes->own != NULL;
}

HRESULT bytestream_create(const BYTE *from, DWORD length, struct bytestream **out)
{
    struct bytestream *bytes;
    HRESULT hr;

    *out = NULL;
    if (FAILED(hr = allocate(NULL, &bytes)))
        return hr;
    if (FAILED(hr = memorystream_create(from, length, &bytes->own)))
        bytestream_release(bytes);
    else
        *out = bytes;
    return hr;
}

/* A stream that is not ours, in the block of another one that shares its bytes. */
static HRESULT wrap(IStream *stream, struct block *shared, struct bytestream **out)
{
    struct bytestream *bytes;
    HRESULT hr;

    *out = NULL;
    if (FAILED(hr = allocate(shared, &bytes)))
        return hr;
    hr = register_global(stream, &bytes->cookie);
    if (FAILED(hr))
        bytestream_release(bytes);
    else
        *out = bytes;
    return hr;
}

HRESULT bytestream_wrap(IStream *stream, struct bytestream **out)
{
    return wrap(stream, NULL, out);
}

HRESULT bytestream_clone(struct bytestream *bytes, struct bytestream **out)
{
    struct bytestream_use use;
    IStream *stream = NULL;
    HRESULT hr;

    *out = NULL;
    if (FAILED(hr = bytestream_enter(bytes, &use)))
        return hr;
    hr = IStream_Clone(use.stream, &stream);
    bytestream_leave(&use);
    if (FAILED(hr))
        return hr;
    if (!stream)
        return E_INVALIDARG;
    if (!bytes->own)
        hr = wrap(stream, bytes->block, out);
    else if (SUCCEEDED(hr = allocate(bytes->block, out)))
    {
        (*out)->own = stream;
        return S_OK;
    }
    IStream_Release(stream);
    return hr;
}

/* ---- the stream for one call ---- */

static HRESULT get_stream(struct bytestream *bytes, IStream **out)
{
    if (!bytes->own)
        return get_global(bytes->cookie, out);
    *out = bytes->own;
    IStream_AddRef(*out);
    return S_OK;
}

HRESULT bytestream_hand_out(struct bytestream *bytes, IStream **out)
{
    InterlockedExchange(&bytes->block->handed_out, 1);
    return get_stream(bytes, out);
}

/* What bytestream_enter does, but for the locking. */
static HRESULT open_use(struct bytestream *bytes, struct bytestream_use *use)
{
    HRESULT hr;

    ZeroMemory(use, sizeof(*use));
    if (SUCCEEDED(hr = get_stream(bytes, &use->stream)) && memorystream_is_behind(use->stream))
        use->lock = &bytes->block->lock;
    return hr;
}

HRESULT bytestream_enter(struct bytestream *bytes, struct bytestream_use *use)
{
    HRESULT hr;

    if (SUCCEEDED(hr = open_use(bytes, use)) && use->lock)
        AcquireSRWLockExclusive(use->lock);
    return hr;
}

void bytestream_leave(struct bytestream_use *use)
{
    if (use->lock)
        ReleaseSRWLockExclusive(use->lock);
    IStream_Release(use->stream);
}

static HRESULT seek_to(IStream *stream, LONGLONG move, DWORD origin, ULONGLONG *position)
{
    ULARGE_INTEGER result = {.QuadPart = 0};
    LARGE_INTEGER distance = {.QuadPart = move};
    HRESULT hr = IStream_Seek(stream, distance, origin, &result);

    if (position)
        *position = result.QuadPart;
    return hr;
}

/* Where a memory stream stands and how long it is. */
static HRESULT measure(IStream *stream, ULONGLONG *position, ULONGLONG *size)
{
    HRESULT hr;

    if (SUCCEEDED(hr = seek_to(stream, 0, STREAM_SEEK_CUR, position)))
        hr = memorystream_size(stream, size);
    return hr;
}

/* ---- operations ---- */

/* Bytes on their way between memory under the lock and the caller's. */
struct passage
{
    BYTE *bytes;
    DWORD length;
    BYTE small[BOUNCE_SMALL];
};

static HRESULT bounce_open(struct passage *bounce, DWORD length)
{
    bounce->bytes = bounce->small;
    bounce->length = length;
    if (length > sizeof(bounce->small) && !(bounce->bytes = CoTaskMemAlloc(length)))
        return E_OUTOFMEMORY;
    return S_OK;
}

static void bounce_close(struct passage *bounce)
{
    if (!bounce->bytes)
        return;
    wipe(bounce->bytes, bounce->length);
    if (bounce->bytes != bounce->small)
        CoTaskMemFree(bounce->bytes);
}

/* The lock is held. */
static HRESULT read_clamped(IStream *stream, struct passage *bounce, DWORD length, ULONG *moved)
{
    ULONGLONG position, size;
    HRESULT hr;

    if (FAILED(hr = measure(stream, &position, &size)) || position >= size)
        return hr;
    if (length > size - position)
        length = size - position;
    if (SUCCEEDED(hr = bounce_open(bounce, length)) && length)
        hr = IStream_Read(stream, bounce->bytes, length, moved);
    return hr;
}

static HRESULT read_memory(struct bytestream_use *use, void *to, DWORD length, ULONG *moved)
{
    struct passage bounce = {.bytes = NULL};
    HRESULT hr;

    AcquireSRWLockExclusive(use->lock);
    hr = read_clamped(use->stream, &bounce, length, moved);
    ReleaseSRWLockExclusive(use->lock);
    if (SUCCEEDED(hr) && *moved && *moved <= bounce.length)
        CopyMemory(to, bounce.bytes, *moved);
    bounce_close(&bounce);
    return hr;
}

HRESULT bytestream_read(struct bytestream *bytes, void *to, DWORD length, DWORD *count)
{
    struct bytestream_use use;
    ULONG moved = 0;
    HRESULT hr;

    *count = 0;
    if (FAILED(hr = open_use(bytes, &use)))
        return hr;
    if (use.lock)
        hr = read_memory(&use, to, length, &moved);
    else if (length)
        hr = IStream_Read(use.stream, to, length, &moved);
    IStream_Release(use.stream);
    if (SUCCEEDED(hr) && moved > length)
        return E_INVALIDARG;
    if (SUCCEEDED(hr))
        *count = moved;
    return hr;
}

/* Room for the write. Between the old end and its start there are zeros, no leftovers. */
static HRESULT prepare_write(IStream *stream, DWORD length)
{
    ULONGLONG position, size;
    HRESULT hr;

    if (FAILED(hr = measure(stream, &position, &size)))
        return hr;
    if (position > MEMORY_MAX || length > MEMORY_MAX - position)
        return E_OUTOFMEMORY;
    return position + length > size ? memorystream_resize(stream, position + length) : S_OK;
}

static HRESULT write_memory(struct bytestream_use *use, const void *from, DWORD length,
                            ULONG *moved)
{
    struct passage bounce;
    HRESULT hr;

    if (length > MEMORY_MAX || FAILED(bounce_open(&bounce, length)))
        return E_OUTOFMEMORY;
    CopyMemory(bounce.bytes, from, length);
    AcquireSRWLockExclusive(use->lock);
    if (SUCCEEDED(hr = prepare_write(use->stream, length)))
        hr = IStream_Write(use->stream, bounce.bytes, length, moved);
    ReleaseSRWLockExclusive(use->lock);
    bounce_close(&bounce);
    return hr;
}

HRESULT bytestream_write(struct bytestream *bytes, const void *from, DWORD length, DWORD *count)
{
    struct bytestream_use use;
    ULONG moved = 0;
    HRESULT hr;

    *count = 0;
    if (!length)
        return S_OK;
    if (FAILED(hr = open_use(bytes, &use)))
        return hr;
    if (use.lock)
        hr = write_memory(&use, from, length, &moved);
    else
        hr = IStream_Write(use.stream, from, length, &moved);
    IStream_Release(use.stream);
    if (SUCCEEDED(hr) && moved > length)
        return E_INVALIDARG;
    if (SUCCEEDED(hr))
        *count = moved;
    return hr;
}

/* The position that a seek in memory aims at. */
static HRESULT seek_target(IStream *stream, LONG move, DWORD origin, LONGLONG *target)
{
    ULONGLONG position, size;
    HRESULT hr;

    if (FAILED(hr = measure(stream, &position, &size)))
        return hr;
    *target = move;
    if (origin == STREAM_SEEK_CUR)
        *target += position;
    else if (origin == STREAM_SEEK_END)
        *target += size;
    return *target < 0 || *target > MAXLONG ? STG_E_INVALIDFUNCTION : S_OK;
}

HRESULT bytestream_seek(struct bytestream *bytes, LONG move, DWORD origin, DWORD *position)
{
    struct bytestream_use use;
    ULONGLONG result = 0;
    LONGLONG target = move;
    HRESULT hr;

    *position = 0;
    if (origin > STREAM_SEEK_END || (origin == STREAM_SEEK_SET && move < 0))
        return STG_E_INVALIDFUNCTION;
    if (FAILED(hr = bytestream_enter(bytes, &use)))
        return hr;
    if (use.lock)
    {
        hr = seek_target(use.stream, move, origin, &target);
        origin = STREAM_SEEK_SET;
    }
    if (SUCCEEDED(hr))
        hr = seek_to(use.stream, target, origin, &result);
    bytestream_leave(&use);
    if (SUCCEEDED(hr) && result > MAXLONG)
        return BYTESTREAM_OVERFLOW;
    if (SUCCEEDED(hr))
        *position = result;
    return hr;
}

HRESULT bytestream_resize(struct bytestream *bytes, DWORD size)
{
    ULARGE_INTEGER new_size = {.QuadPart = size};
    struct bytestream_use use;
    HRESULT hr;

    if (FAILED(hr = bytestream_enter(bytes, &use)))
        return hr;
    if (use.lock)
        hr = memorystream_resize(use.stream, size);
    else
        hr = IStream_SetSize(use.stream, new_size);
    bytestream_leave(&use);
    return hr;
}

HRESULT bytestream_stat(struct bytestream *bytes, STATSTG *stat)
{
    struct bytestream_use use;
    HRESULT hr;

    ZeroMemory(stat, sizeof(*stat));
    if (FAILED(hr = bytestream_enter(bytes, &use)))
        return hr;
    hr = IStream_Stat(use.stream, stat, STATFLAG_NONAME);
    bytestream_leave(&use);
    CoTaskMemFree(stat->pwcsName); /* a stream that does not care about the flag */
    stat->pwcsName = NULL;
    return hr;
}

/* ---- all bytes at once ---- */

void bytestream_free(BYTE *bytes, DWORD length)
{
    if (!bytes)
        return;
    wipe(bytes, length);
    CoTaskMemFree(bytes);
}

HRESULT bytestream_copy(struct bytestream *bytes, DWORD limit, BYTE **out, DWORD *length)
{
    struct bytestream_use use;
    HRESULT hr;

    *out = NULL;
    *length = 0;
    if (FAILED(hr = bytestream_enter(bytes, &use)))
        return hr;
    hr = memorystream_read(use.stream, limit, out, length);
    bytestream_leave(&use);
    return hr;
}

HRESULT bytestream_replace(struct bytestream *bytes, const BYTE *from, DWORD length)
{
    struct bytestream_use use;
    HRESULT hr;

    if (FAILED(hr = bytestream_enter(bytes, &use)))
        return hr;
    if (SUCCEEDED(hr = memorystream_resize(use.stream, length)) &&
        SUCCEEDED(hr = memorystream_write(use.stream, from, length)))
        hr = seek_to(use.stream, 0, STREAM_SEEK_SET, NULL);
    bytestream_leave(&use);
    return hr;
}
