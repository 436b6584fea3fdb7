/*
 * ISCardTypeConv: between byte arrays, safe arrays and byte buffers. Not written yet.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include "trace.h"

static HRESULT not_implemented(const char *method)
{
    FIXME("%s is not implemented", method);
    return E_NOTIMPL;
}

static HRESULT WINAPI typeconv_ConvertByteArrayToByteBuffer(ISCardTypeConv *iface, BYTE *bytes,
                                                            DWORD length, IByteBuffer **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ConvertByteArrayToByteBuffer");
}

static HRESULT WINAPI typeconv_ConvertByteBufferToByteArray(ISCardTypeConv *iface,
                                                            IByteBuffer *buffer, BYTEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ConvertByteBufferToByteArray");
}

static HRESULT WINAPI typeconv_ConvertByteBufferToSafeArray(ISCardTypeConv *iface,
                                                            IByteBuffer *buffer, SAFEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ConvertByteBufferToSafeArray");
}

static HRESULT WINAPI typeconv_ConvertSafeArrayToByteBuffer(ISCardTypeConv *iface,
                                                            SAFEARRAY *array, IByteBuffer **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ConvertSafeArrayToByteBuffer");
}

static HRESULT WINAPI typeconv_CreateByteArray(ISCardTypeConv *iface, DWORD size, BYTE **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("CreateByteArray");
}

static HRESULT WINAPI typeconv_CreateByteBuffer(ISCardTypeConv *iface, DWORD size,
                                                IByteBuffer **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("CreateByteBuffer");
}

static HRESULT WINAPI typeconv_CreateSafeArray(ISCardTypeConv *iface, UINT size, SAFEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("CreateSafeArray");
}

static HRESULT WINAPI typeconv_FreeIStreamMemoryPtr(ISCardTypeConv *iface, IStream *stream,
                                                    BYTE *memory)
{
    if (!stream || !memory)
        return E_POINTER;
    return not_implemented("FreeIStreamMemoryPtr");
}

static HRESULT WINAPI typeconv_GetAtIStreamMemory(ISCardTypeConv *iface, IStream *stream,
                                                  BYTEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("GetAtIStreamMemory");
}

static HRESULT WINAPI typeconv_SizeOfIStream(ISCardTypeConv *iface, IStream *stream,
                                             ULARGE_INTEGER *size)
{
    if (!size)
        return E_POINTER;
    size->QuadPart = 0;
    return not_implemented("SizeOfIStream");
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

static void typeconv_destroy(struct object *object)
{
    object_fini(object);
    CoTaskMemFree(object);
}

static const struct object_class typeconv_class =
{
    "ISCardTypeConv", &IID_ISCardTypeConv, &LIBID_SCARDSSPLib, typeconv_destroy,
};

HRESULT typeconv_create(ISCardTypeConv **out)
{
    struct object *object;

    *out = NULL;
    if (!(object = CoTaskMemAlloc(sizeof(*object))))
        return E_OUTOFMEMORY;
    ZeroMemory(object, sizeof(*object));
    object_init(object, &typeconv_vtbl, &typeconv_class);
    *out = (ISCardTypeConv *)object;
    return S_OK;
}
