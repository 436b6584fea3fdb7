/*
 * ISCardISO7816: the commands of ISO 7816-4 as ISCardCmd objects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include "iso7816/apdu.h"
#include "iso7816/ins.h"
#include "buffer.h"
#include "base/trace.h"

#define LE_ALL 256

struct iso7816
{
    struct object object;
    LONG default_class; /* of all commands; read and written whole */
};

/* The fixed part of a command. */
struct kind
{
    BYTE ins;
    BOOL needs_data; /* ISO 7816-4 leaves no choice */
    BOOL only_reads; /* a length of 0 asks for all there is (Le = 00) */
};

static const struct kind append_record = {.ins = INS_APPEND_RECORD, .needs_data = TRUE};
static const struct kind erase_binary = {.ins = INS_ERASE_BINARY};
static const struct kind external_authenticate = {.ins = INS_EXTERNAL_AUTHENTICATE};
static const struct kind get_challenge = {.ins = INS_GET_CHALLENGE, .only_reads = TRUE};
static const struct kind get_data = {.ins = INS_GET_DATA, .only_reads = TRUE};
static const struct kind get_response = {.ins = INS_GET_RESPONSE, .only_reads = TRUE};
static const struct kind internal_authenticate = {.ins = INS_INTERNAL_AUTHENTICATE,
                                                  .needs_data = TRUE};
static const struct kind manage_channel = {.ins = INS_MANAGE_CHANNEL};
static const struct kind put_data = {.ins = INS_PUT_DATA, .needs_data = TRUE};
static const struct kind read_binary = {.ins = INS_READ_BINARY, .only_reads = TRUE};
static const struct kind read_record = {.ins = INS_READ_RECORD, .only_reads = TRUE};
static const struct kind select_file = {.ins = INS_SELECT};
static const struct kind update_binary = {.ins = INS_UPDATE_BINARY, .needs_data = TRUE};
static const struct kind update_record = {.ins = INS_UPDATE_RECORD, .needs_data = TRUE};
static const struct kind verify = {.ins = INS_VERIFY};
static const struct kind write_binary = {.ins = INS_WRITE_BINARY, .needs_data = TRUE};
static const struct kind write_record = {.ins = INS_WRITE_RECORD, .needs_data = TRUE};

static struct iso7816 *impl_from_ISCardISO7816(ISCardISO7816 *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct iso7816, object);
}

/* Whether a command that cannot be without data has some. */
static HRESULT check_data(const struct kind *kind, IByteBuffer *data)
{
    DWORD length;
    BYTE *bytes;
    HRESULT hr;

    if (!kind->needs_data)
        return S_OK;
    hr = buffer_get(data, &bytes, &length);
    bytestream_free(bytes, length);
    if (SUCCEEDED(hr) && !length)
        hr = E_INVALIDARG;
    return hr;
}

/*
 * The command into *cmd, which may be anybody's object, or into a new one. length: bytes expected.
 * *cmd stays what it is when this fails.
 */
static HRESULT build(ISCardISO7816 *iface, const struct kind *kind, BYTE p1, BYTE p2,
                     IByteBuffer *data, LONG length, ISCardCmd **cmd)
{
    BYTE cla = impl_from_ISCardISO7816(iface)->default_class;
    ISCardCmd *target;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %s, %02x, %02x, %p, %ld, %p", iface, apdu_instruction_name(kind->ins), p1, p2, data,
          length, cmd);
    if (!cmd)
        return E_POINTER;
    if (length < 0 || length > (LONG)APDU_MAX_NE)
        RETURN(E_INVALIDARG);
    if (!length && kind->only_reads)
        length = LE_ALL;
    if (FAILED(hr = check_data(kind, data)))
        RETURN(hr);
    if ((target = *cmd))
        ISCardCmd_AddRef(target);
    else if (FAILED(hr = cmd_create(&target)))
        RETURN(hr);
    hr = ISCardCmd_BuildCmd(target, cla, kind->ins, p1, p2, data, &length);
    if (SUCCEEDED(hr) && !*cmd)
        *cmd = target;
    else
        ISCardCmd_Release(target);
    RETURN(hr);
}

/* ---- data to the card ---- */

static HRESULT WINAPI iso7816_AppendRecord(ISCardISO7816 *iface, BYTE control, IByteBuffer *data,
                                           ISCardCmd **cmd)
{
    return build(iface, &append_record, 0, control, data, 0, cmd);
}

static HRESULT WINAPI iso7816_EraseBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                          ISCardCmd **cmd)
{
    return build(iface, &erase_binary, p1, p2, data, 0, cmd);
}

static HRESULT WINAPI iso7816_PutData(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                      ISCardCmd **cmd)
{
    return build(iface, &put_data, p1, p2, data, 0, cmd);
}

static HRESULT WINAPI iso7816_UpdateBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2,
                                           IByteBuffer *data, ISCardCmd **cmd)
{
    return build(iface, &update_binary, p1, p2, data, 0, cmd);
}

static HRESULT WINAPI iso7816_UpdateRecord(ISCardISO7816 *iface, BYTE record, BYTE control,
                                           IByteBuffer *data, ISCardCmd **cmd)
{
    return build(iface, &update_record, record, control, data, 0, cmd);
}

static HRESULT WINAPI iso7816_WriteBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                          ISCardCmd **cmd)
{
    return build(iface, &write_binary, p1, p2, data, 0, cmd);
}

static HRESULT WINAPI iso7816_WriteRecord(ISCardISO7816 *iface, BYTE record, BYTE control,
                                          IByteBuffer *data, ISCardCmd **cmd)
{
    return build(iface, &write_record, record, control, data, 0, cmd);
}

/* ---- data from the card ---- */

static HRESULT WINAPI iso7816_GetChallenge(ISCardISO7816 *iface, LONG length, ISCardCmd **cmd)
{
    return build(iface, &get_challenge, 0, 0, NULL, length, cmd);
}

static HRESULT WINAPI iso7816_GetData(ISCardISO7816 *iface, BYTE p1, BYTE p2, LONG length,
                                      ISCardCmd **cmd)
{
    return build(iface, &get_data, p1, p2, NULL, length, cmd);
}

static HRESULT WINAPI iso7816_GetResponse(ISCardISO7816 *iface, BYTE p1, BYTE p2, LONG length,
                                          ISCardCmd **cmd)
{
    return build(iface, &get_response, p1, p2, NULL, length, cmd);
}

static HRESULT WINAPI iso7816_ReadBinary(ISCardISO7816 *iface, BYTE p1, BYTE p2, LONG length,
                                         ISCardCmd **cmd)
{
    return build(iface, &read_binary, p1, p2, NULL, length, cmd);
}

static HRESULT WINAPI iso7816_ReadRecord(ISCardISO7816 *iface, BYTE record, BYTE control,
                                         LONG length, ISCardCmd **cmd)
{
    return build(iface, &read_record, record, control, NULL, length, cmd);
}

/* ---- selection, security, channels ---- */

static HRESULT WINAPI iso7816_ExternalAuthenticate(ISCardISO7816 *iface, BYTE algorithm,
                                                   BYTE secret, IByteBuffer *data, ISCardCmd **cmd)
{
    return build(iface, &external_authenticate, algorithm, secret, data, 0, cmd);
}

static HRESULT WINAPI iso7816_InternalAuthenticate(ISCardISO7816 *iface, BYTE algorithm,
                                                   BYTE secret, IByteBuffer *challenge, LONG length,
                                                   ISCardCmd **cmd)
{
    return build(iface, &internal_authenticate, algorithm, secret, challenge, length, cmd);
}

/* A channel to be opened whose number the card chooses is answered with that number. */
static HRESULT WINAPI iso7816_ManageChannel(ISCardISO7816 *iface, BYTE state, BYTE channel,
                                            ISCardCmd **cmd)
{
    return build(iface, &manage_channel, state, channel, NULL, !state && !channel, cmd);
}

static HRESULT WINAPI iso7816_SelectFile(ISCardISO7816 *iface, BYTE p1, BYTE p2, IByteBuffer *data,
                                         LONG length, ISCardCmd **cmd)
{
    return build(iface, &select_file, p1, p2, data, length, cmd);
}

static HRESULT WINAPI iso7816_Verify(ISCardISO7816 *iface, BYTE control, IByteBuffer *data,
                                     ISCardCmd **cmd)
{
    return build(iface, &verify, 0, control, data, 0, cmd);
}

static HRESULT WINAPI iso7816_SetDefaultClassId(ISCardISO7816 *iface, BYTE cla)
{
    TRACE("%p, %02x", iface, cla);
    InterlockedExchange(&impl_from_ISCardISO7816(iface)->default_class, cla);
    return S_OK;
}

/* ---- life ---- */

static void iso7816_destroy(struct object *object)
{
    object_fini(object);
    CoTaskMemFree(CONTAINING_RECORD(object, struct iso7816, object));
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

static const struct object_class iso7816_class =
{
    "ISCardISO7816", &IID_ISCardISO7816, &LIBID_SCARDSSPLib, NULL, iso7816_destroy,
};

HRESULT iso7816_create(ISCardISO7816 **out)
{
    struct iso7816 *iso7816;

    *out = NULL;
    if (!(iso7816 = CoTaskMemAlloc(sizeof(*iso7816))))
        return E_OUTOFMEMORY;
    ZeroMemory(iso7816, sizeof(*iso7816));
    object_init(&iso7816->object, &iso7816_vtbl, &iso7816_class);
    *out = (ISCardISO7816 *)&iso7816->object;
    return S_OK;
}
