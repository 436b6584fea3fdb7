/*
 * ISCardISO7816: makes the commands of ISO 7816-4. Not written yet.
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

static HRESULT WINAPI iso7816_AppendRecord(ISCardISO7816 *iface, BYTE control, IByteBuffer *data,
                                           ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("AppendRecord");
}

static HRESULT WINAPI iso7816_EraseBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                          ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("EraseBinary");
}

static HRESULT WINAPI iso7816_ExternalAuthenticate(ISCardISO7816 *iface, BYTE algorithm,
                                                   BYTE secret, IByteBuffer *challenge,
                                                   ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("ExternalAuthenticate");
}

static HRESULT WINAPI iso7816_GetChallenge(ISCardISO7816 *iface, LONG length, ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("GetChallenge");
}

static HRESULT WINAPI iso7816_GetData(ISCardISO7816 *iface, BYTE p1, BYTE p2, LONG length,
                                      ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("GetData");
}

static HRESULT WINAPI iso7816_GetResponse(ISCardISO7816 *iface, BYTE p1, BYTE p2, LONG length,
                                          ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("GetResponse");
}

static HRESULT WINAPI iso7816_InternalAuthenticate(ISCardISO7816 *iface, BYTE algorithm,
                                                   BYTE secret, IByteBuffer *challenge, LONG length,
                                                   ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("InternalAuthenticate");
}

static HRESULT WINAPI iso7816_ManageChannel(ISCardISO7816 *iface, BYTE state, BYTE channel,
                                            ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("ManageChannel");
}

static HRESULT WINAPI iso7816_PutData(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                      ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("PutData");
}

static HRESULT WINAPI iso7816_ReadBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2, LONG length,
                                         ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("ReadBinary");
}

static HRESULT WINAPI iso7816_ReadRecord(ISCardISO7816 *iface, BYTE record, BYTE control,
                                         LONG length, ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("ReadRecord");
}

static HRESULT WINAPI iso7816_SelectFile(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                         LONG length, ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("SelectFile");
}

static HRESULT WINAPI iso7816_SetDefaultClassId(ISCardISO7816 *iface, BYTE cla)
{
    return not_implemented("SetDefaultClassId");
}

static HRESULT WINAPI iso7816_UpdateBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2,
                                           IByteBuffer *data, ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("UpdateBinary");
}

static HRESULT WINAPI iso7816_UpdateRecord(ISCardISO7816 *iface, BYTE record, BYTE control,
                                           IByteBuffer *data, ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("UpdateRecord");
}

static HRESULT WINAPI iso7816_Verify(ISCardISO7816 *iface, BYTE control, IByteBuffer *data,
                                     ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("Verify");
}

static HRESULT WINAPI iso7816_WriteBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                          ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("WriteBinary");
}

static HRESULT WINAPI iso7816_WriteRecord(ISCardISO7816 *iface, BYTE record, BYTE control,
                                          IByteBuffer *data, ISCardCmd **cmd)
{
    if (!cmd)
        return E_POINTER;
    return not_implemented("WriteRecord");
}

static const ISCardISO7816Vtbl iso7816_vtbl =
{
    OBJECT_METHODS,
    iso7816_AppendRecord,
    iso7816_EraseBinary,
    iso7816_ExternalAuthenticate,
    iso7816_GetChallenge,
    iso7816_GetData,
    iso7816_GetResponse,
    iso7816_InternalAuthenticate,
    iso7816_ManageChannel,
    iso7816_PutData,
    iso7816_ReadBinary,
    iso7816_ReadRecord,
    iso7816_SelectFile,
    iso7816_SetDefaultClassId,
    iso7816_UpdateBinary,
    iso7816_UpdateRecord,
    iso7816_Verify,
    iso7816_WriteBinary,
    iso7816_WriteRecord,
};

static void iso7816_destroy(struct object *object)
{
    object_fini(object);
    CoTaskMemFree(object);
}

static const struct object_class iso7816_class =
{
    "ISCardISO7816", &IID_ISCardISO7816, &LIBID_SCARDSSPLib, iso7816_destroy,
};

HRESULT iso7816_create(ISCardISO7816 **out)
{
    struct object *object;

    *out = NULL;
    if (!(object = CoTaskMemAlloc(sizeof(*object))))
        return E_OUTOFMEMORY;
    ZeroMemory(object, sizeof(*object));
    object_init(object, &iso7816_vtbl, &iso7816_class);
    *out = (ISCardISO7816 *)object;
    return S_OK;
}
