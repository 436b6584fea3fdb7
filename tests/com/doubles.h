/*
 * Foreign objects for tests: an IByteBuffer of another make, honest, failing or lying.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after test.h and scardssp.h. They live on the stack of the test, which checks refs.
 */

#ifndef TESTS_COM_DOUBLES_H
#define TESTS_COM_DOUBLES_H

#define DOUBLE_ROOM 70000

/* What a foreign buffer does wrong. */
enum double_fault
{
    HONEST,
    IN_PIECES,        /* honest, but Read gives 7 bytes at most */
    ALWAYS_FAILS,     /* DOUBLE_ERROR from every method */
    FAILS_STAT,
    FAILS_SEEK,
    FAILS_READ,
    FAILS_WRITE,
    FAILS_SETSIZE,
    SIZE_NEGATIVE,    /* Stat says -1 */
    SIZE_HUGE,        /* Stat says 2^31-1 */
    SIZE_TOO_BIG,     /* Stat says one more than there is */
    READS_NOTHING,    /* Read succeeds with a count of 0 */
    READ_NEGATIVE,    /* a count of -1 */
    READ_TOO_MANY,    /* a count of one more than was asked for */
    READ_NO_COUNT,    /* does not touch the count */
    WRITE_NEGATIVE,
    WRITE_TOO_MANY,
    WRITE_NOTHING,
    DOUBLE_FAULTS
};

#define DOUBLE_ERROR 0x8000DEADL /* no code of ours, so that it can be told apart */

struct double_buffer
{
    IByteBuffer IByteBuffer_iface;
    LONG refs, calls;
    enum double_fault fault;
    LONG size, position;
    BYTE bytes[DOUBLE_ROOM];
};

static struct double_buffer *double_of(IByteBuffer *iface)
{
    return CONTAINING_RECORD(iface, struct double_buffer, IByteBuffer_iface);
}

/* DOUBLE_ERROR when this call is one that fails. */
static HRESULT double_call(IByteBuffer *iface, enum double_fault failing)
{
    struct double_buffer *buffer = double_of(iface);

    buffer->calls++;
    return buffer->fault == ALWAYS_FAILS || buffer->fault == failing ? (HRESULT)DOUBLE_ERROR : S_OK;
}

static HRESULT WINAPI double_QueryInterface(IByteBuffer *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch) &&
        !IsEqualIID(iid, &IID_IByteBuffer))
        return E_NOINTERFACE;
    *out = iface;
    InterlockedIncrement(&double_of(iface)->refs);
    return S_OK;
}

static ULONG WINAPI double_AddRef(IByteBuffer *iface)
{
    return InterlockedIncrement(&double_of(iface)->refs);
}

static ULONG WINAPI double_Release(IByteBuffer *iface)
{
    return InterlockedDecrement(&double_of(iface)->refs);
}

static HRESULT WINAPI double_GetTypeInfoCount(IByteBuffer *iface, UINT *count)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_GetTypeInfo(IByteBuffer *iface, UINT i, LCID lcid, ITypeInfo **info)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_GetIDsOfNames(IByteBuffer *iface, REFIID iid, LPOLESTR *names, UINT n,
                                           LCID lcid, DISPID *ids)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_Invoke(IByteBuffer *iface, DISPID id, REFIID iid, LCID lcid,
                                    WORD flags, DISPPARAMS *params, VARIANT *result,
                                    EXCEPINFO *info, UINT *bad)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_get_Stream(IByteBuffer *iface, IStream **stream)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_put_Stream(IByteBuffer *iface, IStream *stream)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_Clone(IByteBuffer *iface, IByteBuffer **out)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_Commit(IByteBuffer *iface, LONG flags)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_CopyTo(IByteBuffer *iface, IByteBuffer **target, LONG count,
                                    LONG *read, LONG *written)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_Initialize(IByteBuffer *iface, LONG size, BYTE *data)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_Region(IByteBuffer *iface, LONG offset, LONG count, LONG type)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_Read(IByteBuffer *iface, BYTE *to, LONG count, LONG *read)
{
    struct double_buffer *buffer = double_of(iface);
    LONG moved = min(count, max(buffer->size - buffer->position, 0));
    HRESULT hr = double_call(iface, FAILS_READ);

    if (FAILED(hr))
        return hr;
    if (buffer->fault == IN_PIECES)
        moved = min(moved, 7);
    memcpy(to, buffer->bytes + buffer->position, moved);
    buffer->position += moved;
    if (buffer->fault == READS_NOTHING)
        *read = 0;
    else if (buffer->fault == READ_NEGATIVE)
        *read = -1;
    else if (buffer->fault == READ_TOO_MANY)
        *read = count + 1;
    else if (buffer->fault != READ_NO_COUNT && read)
        *read = moved;
    return S_OK;
}

static HRESULT WINAPI double_Revert(IByteBuffer *iface)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI double_Seek(IByteBuffer *iface, LONG move, LONG origin, LONG *position)
{
    struct double_buffer *buffer = double_of(iface);
    HRESULT hr = double_call(iface, FAILS_SEEK);

    if (FAILED(hr))
        return hr;
    buffer->position = move + (origin == 1 ? buffer->position : origin == 2 ? buffer->size : 0);
    if (position)
        *position = buffer->position;
    return S_OK;
}

static HRESULT WINAPI double_SetSize(IByteBuffer *iface, LONG size)
{
    HRESULT hr = double_call(iface, FAILS_SETSIZE);

    if (SUCCEEDED(hr))
        double_of(iface)->size = size;
    return hr;
}

static HRESULT WINAPI double_Stat(IByteBuffer *iface, STATSTRUCT *stat, LONG flag)
{
    struct double_buffer *buffer = double_of(iface);
    HRESULT hr = double_call(iface, FAILS_STAT);

    if (FAILED(hr))
        return hr;
    stat->type = STGTY_STREAM;
    stat->cbSize = buffer->size;
    if (buffer->fault == SIZE_NEGATIVE)
        stat->cbSize = -1;
    else if (buffer->fault == SIZE_HUGE)
        stat->cbSize = MAXLONG;
    else if (buffer->fault == SIZE_TOO_BIG)
        stat->cbSize++;
    return S_OK;
}

static HRESULT WINAPI double_Write(IByteBuffer *iface, BYTE *from, LONG count, LONG *written)
{
    struct double_buffer *buffer = double_of(iface);
    HRESULT hr = double_call(iface, FAILS_WRITE);

    if (FAILED(hr))
        return hr;
    if (count > DOUBLE_ROOM - buffer->position)
        return STG_E_MEDIUMFULL;
    memcpy(buffer->bytes + buffer->position, from, count);
    buffer->position += count;
    buffer->size = max(buffer->size, buffer->position);
    if (buffer->fault == WRITE_NEGATIVE)
        count = -1;
    else if (buffer->fault == WRITE_TOO_MANY)
        count++;
    else if (buffer->fault == WRITE_NOTHING)
        count = 0;
    if (written)
        *written = count;
    return S_OK;
}

static const IByteBufferVtbl double_vtbl =
{
    double_QueryInterface, double_AddRef, double_Release, double_GetTypeInfoCount,
    double_GetTypeInfo, double_GetIDsOfNames, double_Invoke, double_get_Stream, double_put_Stream,
    double_Clone, double_Commit, double_CopyTo, double_Initialize, double_Region, double_Read,
    double_Revert, double_Seek, double_SetSize, double_Stat, double_Region, double_Write,
};

/* A buffer of size bytes 00, 01, 02..., its pointer in the middle. */
TEST_USED static IByteBuffer *double_init(struct double_buffer *buffer, enum double_fault fault,
                                          LONG size)
{
    LONG i;

    memset(buffer, 0, sizeof(*buffer));
    buffer->IByteBuffer_iface.lpVtbl = (IByteBufferVtbl *)&double_vtbl;
    buffer->refs = 1;
    buffer->fault = fault;
    buffer->size = size;
    buffer->position = size / 2;
    for (i = 0; i < size; i++)
        buffer->bytes[i] = (BYTE)i;
    return &buffer->IByteBuffer_iface;
}

/* What reading all of such a buffer gives. */
static const struct double_case
{
    const char *name;
    enum double_fault fault;
    HRESULT hr;
} double_reads[] =
{
    {"is honest", HONEST, S_OK},
    {"gives pieces", IN_PIECES, S_OK},
    {"always fails", ALWAYS_FAILS, (HRESULT)DOUBLE_ERROR},
    {"fails Stat", FAILS_STAT, (HRESULT)DOUBLE_ERROR},
    {"fails Seek", FAILS_SEEK, (HRESULT)DOUBLE_ERROR},
    {"fails Read", FAILS_READ, (HRESULT)DOUBLE_ERROR},
    {"says size -1", SIZE_NEGATIVE, E_INVALIDARG},
    {"says size 2^31-1", SIZE_HUGE, E_INVALIDARG},
    {"says one byte too many", SIZE_TOO_BIG, E_INVALIDARG},
    {"reads nothing", READS_NOTHING, E_INVALIDARG},
    {"counts -1", READ_NEGATIVE, E_INVALIDARG},
    {"counts too many", READ_TOO_MANY, E_INVALIDARG},
    {"does not count", READ_NO_COUNT, E_INVALIDARG},
};

#endif
