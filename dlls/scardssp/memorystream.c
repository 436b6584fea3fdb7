/*
 * The movable memory of a memory stream (CreateStreamOnHGlobal), taken by its content.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "memorystream.h"

#include "iso7816/wipe.h"

/* Up to this size growing leaves no copy behind. */
#define GROW_WIPED 4096

BOOL memorystream_is_behind(IStream *stream)
{
    HGLOBAL memory;

    return SUCCEEDED(GetHGlobalFromStream(stream, &memory));
}

HRESULT memorystream_size(IStream *stream, ULONGLONG *size)
{
    STATSTG stat = {0};
    HRESULT hr = IStream_Stat(stream, &stat, STATFLAG_NONAME);

    *size = stat.cbSize.QuadPart;
    return hr;
}

/* Its bytes until unlock; the stream may move them at any other time. NULL when there are none. */
static BYTE *lock(IStream *stream)
{
    HGLOBAL memory;

    return SUCCEEDED(GetHGlobalFromStream(stream, &memory)) ? GlobalLock(memory) : NULL;
}

static void unlock(IStream *stream)
{
    HGLOBAL memory;

    if (SUCCEEDED(GetHGlobalFromStream(stream, &memory)))
        GlobalUnlock(memory);
}

/* Overwrites the bytes from..to. */
static void clear(IStream *stream, ULONGLONG from, ULONGLONG to)
{
    BYTE *at;

    if (from < to && (at = lock(stream)))
    {
        wipe(at + from, to - from);
        unlock(stream);
    }
}

void memorystream_wipe(IStream *stream)
{
    ULONGLONG size;

    if (SUCCEEDED(memorystream_size(stream, &size)))
        clear(stream, 0, size);
}

HRESULT memorystream_read(IStream *stream, DWORD limit, BYTE **out, DWORD *length)
{
    ULONGLONG size;
    BYTE *at;
    HRESULT hr;

    *out = NULL;
    *length = 0;
    if (FAILED(hr = memorystream_size(stream, &size)) || !size)
        return hr;
    if (size > limit)
        return E_INVALIDARG;
    if (!(at = lock(stream)))
        return E_OUTOFMEMORY;
    if ((*out = CoTaskMemAlloc(size)))
        CopyMemory(*out, at, *length = size);
    unlock(stream);
    return *out ? S_OK : E_OUTOFMEMORY;
}

HRESULT memorystream_write(IStream *stream, const BYTE *from, DWORD length)
{
    BYTE *at;

    if (!length)
        return S_OK;
    if (!(at = lock(stream)))
        return E_OUTOFMEMORY;
    CopyMemory(at, from, length);
    unlock(stream);
    return S_OK;
}

static HRESULT set_size(IStream *stream, ULONGLONG size)
{
    ULARGE_INTEGER new_size = {.QuadPart = size};

    return IStream_SetSize(stream, new_size);
}

/*
 * Growing may move memory, and what stays behind cannot be wiped any more: little of it (codes and
 * keys are short) is taken out before and put back.
 */
static HRESULT grow(IStream *stream, ULONGLONG old_size, ULONGLONG size)
{
    BYTE saved[GROW_WIPED], *at;
    HRESULT hr;

    if (!old_size || old_size > sizeof(saved))
        return set_size(stream, size);
    if (!(at = lock(stream)))
        return E_OUTOFMEMORY;
    CopyMemory(saved, at, old_size);
    wipe(at, old_size);
    unlock(stream);
    hr = set_size(stream, size);
    memorystream_write(stream, saved, old_size);
    wipe(saved, old_size);
    return hr;
}

/* The memory first: to let the stream grow afterwards takes twice the time. */
HRESULT memorystream_create(const BYTE *from, DWORD length, IStream **out)
{
    HGLOBAL memory;
    BYTE *at;
    HRESULT hr;

    *out = NULL;
    if (!length)
        return CreateStreamOnHGlobal(NULL, TRUE, out);
    if (length > MEMORY_MAX || !(memory = GlobalAlloc(from ? GMEM_MOVEABLE : GHND, length)))
        return E_OUTOFMEMORY;
    if (from && (at = GlobalLock(memory)))
    {
        CopyMemory(at, from, length);
        GlobalUnlock(memory);
    }
    if (FAILED(hr = CreateStreamOnHGlobal(memory, TRUE, out)))
        GlobalFree(memory);
    /* A block may be larger than was asked for. */
    else if (FAILED(hr = set_size(*out, length)))
    {
        IStream_Release(*out);
        *out = NULL;
    }
    return hr;
}

HRESULT memorystream_resize(IStream *stream, ULONGLONG size)
{
    ULONGLONG old_size;
    HRESULT hr;

    if (FAILED(hr = memorystream_size(stream, &old_size)) || size == old_size)
        return hr;
    if (size > MEMORY_MAX)
        return E_OUTOFMEMORY;
    if (size < old_size)
    {
        clear(stream, size, old_size);
        return set_size(stream, size);
    }
    if (SUCCEEDED(hr = grow(stream, old_size, size)))
        clear(stream, old_size, size);
    return hr;
}
