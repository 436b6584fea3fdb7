/*
 * An IStream of another make for tests: no memory, and its counts may lie.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and scardssp.h. It lives on the stack of the test, which checks refs.
 */

#ifndef TESTS_COM_ODDSTREAM_H
#define TESTS_COM_ODDSTREAM_H

struct odd_stream
{
    IStream IStream_iface;
    LONG refs;
    ULONG lie;      /* added to each count */
    ULONGLONG size; /* what Stat and Seek say */
    HRESULT hr;     /* what Read, Write, Seek, Stat return */
    LONG locks, unlocks;
    IByteBuffer *back; /* called in Read */
};

static struct odd_stream *odd_of(IStream *iface)
{
    return CONTAINING_RECORD(iface, struct odd_stream, IStream_iface);
}

static HRESULT WINAPI odd_QueryInterface(IStream *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IStream) &&
        !IsEqualIID(iid, &IID_ISequentialStream))
        return E_NOINTERFACE;
    *out = iface;
    InterlockedIncrement(&odd_of(iface)->refs);
    return S_OK;
}

static ULONG WINAPI odd_AddRef(IStream *iface)
{
    return InterlockedIncrement(&odd_of(iface)->refs);
}

static ULONG WINAPI odd_Release(IStream *iface)
{
    return InterlockedDecrement(&odd_of(iface)->refs);
}

static HRESULT WINAPI odd_Read(IStream *iface, void *to, ULONG count, ULONG *read)
{
    struct odd_stream *odd = odd_of(iface);
    STATSTRUCT stat;

    if (odd->back) /* must not dead-lock */
        IByteBuffer_Stat(odd->back, &stat, STATFLAG_NONAME);
    memset(to, 'r', count);
    if (read)
        *read = count + odd->lie;
    return odd->hr;
}

static HRESULT WINAPI odd_Write(IStream *iface, const void *from, ULONG count, ULONG *written)
{
    if (written)
        *written = count + odd_of(iface)->lie;
    return odd_of(iface)->hr;
}

static HRESULT WINAPI odd_Seek(IStream *iface, LARGE_INTEGER move, DWORD origin,
                               ULARGE_INTEGER *position)
{
    if (position)
        position->QuadPart = odd_of(iface)->size;
    return odd_of(iface)->hr;
}

static HRESULT WINAPI odd_SetSize(IStream *iface, ULARGE_INTEGER size)
{
    return odd_of(iface)->hr;
}

static HRESULT WINAPI odd_CopyTo(IStream *iface, IStream *to, ULARGE_INTEGER count,
                                 ULARGE_INTEGER *read, ULARGE_INTEGER *written)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI odd_Commit(IStream *iface, DWORD flags)
{
    return STG_E_CANTSAVE;
}

static HRESULT WINAPI odd_Revert(IStream *iface)
{
    return STG_E_REVERTED;
}

static HRESULT WINAPI odd_LockRegion(IStream *iface, ULARGE_INTEGER offset, ULARGE_INTEGER count,
                                     DWORD type)
{
    odd_of(iface)->locks++;
    return offset.QuadPart == 2 && count.QuadPart == 3 && type == LOCK_WRITE ? S_OK : E_FAIL;
}

static HRESULT WINAPI odd_UnlockRegion(IStream *iface, ULARGE_INTEGER offset, ULARGE_INTEGER count,
                                       DWORD type)
{
    odd_of(iface)->unlocks++;
    return offset.QuadPart == 2 && count.QuadPart == 3 && type == LOCK_WRITE ? S_OK : E_FAIL;
}

static HRESULT WINAPI odd_Stat(IStream *iface, STATSTG *stat, DWORD flag)
{
    memset(stat, 0, sizeof(*stat));
    stat->type = STGTY_STREAM;
    stat->cbSize.QuadPart = odd_of(iface)->size;
    stat->grfMode = 0x12;
    stat->grfLocksSupported = LOCK_WRITE;
    stat->grfStateBits = 0x34;
    stat->pwcsName = CoTaskMemAlloc(20); /* though no name was wanted */
    return odd_of(iface)->hr;
}

static HRESULT WINAPI odd_Clone(IStream *iface, IStream **out)
{
    *out = NULL; /* and a success: a lie */
    return S_OK;
}

TEST_USED static const IStreamVtbl odd_vtbl =
{
    odd_QueryInterface, odd_AddRef, odd_Release, odd_Read, odd_Write, odd_Seek, odd_SetSize,
    odd_CopyTo, odd_Commit, odd_Revert, odd_LockRegion, odd_UnlockRegion, odd_Stat, odd_Clone,
};

#define ODD_STREAM(size) {{(IStreamVtbl *)&odd_vtbl}, 1, 0, (size), S_OK, 0, 0, NULL}

#endif
