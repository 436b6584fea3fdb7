/*
 * An ISCardCmd of another make: it hands everything on to one of ours, and can fail.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after scardssp.h and doubles.h.
 */

#ifndef TESTS_COM_FOREIGNCMD_H
#define TESTS_COM_FOREIGNCMD_H

enum foreign_fault
{
    FOREIGN_HONEST,
    FOREIGN_NO_APDU,      /* get_Apdu fails */
    FOREIGN_ODD_APDU,     /* three bytes */
    FOREIGN_NULL_APDU,    /* NULL with S_OK */
    FOREIGN_LYING_BUFFER, /* a buffer whose counts lie */
    FOREIGN_NO_REPLY,     /* put_ApduReply fails */
    FOREIGN_FAILS,        /* DOUBLE_ERROR from every method */
};

struct foreign_cmd
{
    ISCardCmd ISCardCmd_iface;
    LONG refs;
    enum foreign_fault fault;
    ISCardCmd *inner;
};

static struct double_buffer foreign_buffer;

static struct foreign_cmd *foreign_of(ISCardCmd *iface)
{
    return CONTAINING_RECORD(iface, struct foreign_cmd, ISCardCmd_iface);
}

static BOOL foreign_fails(ISCardCmd *iface)
{
    return foreign_of(iface)->fault == FOREIGN_FAILS;
}

static HRESULT WINAPI foreign_QueryInterface(ISCardCmd *iface, REFIID iid, void **out)
{
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI foreign_AddRef(ISCardCmd *iface)
{
    return InterlockedIncrement(&foreign_of(iface)->refs);
}

static ULONG WINAPI foreign_Release(ISCardCmd *iface)
{
    return InterlockedDecrement(&foreign_of(iface)->refs);
}

static HRESULT WINAPI foreign_get_Apdu(ISCardCmd *iface, IByteBuffer **out)
{
    *out = NULL;
    switch (foreign_of(iface)->fault)
    {
    case FOREIGN_NO_APDU:
    case FOREIGN_FAILS: return DOUBLE_ERROR;
    case FOREIGN_ODD_APDU: *out = double_init(&foreign_buffer, HONEST, 3); return S_OK;
    case FOREIGN_LYING_BUFFER: *out = double_init(&foreign_buffer, READ_TOO_MANY, 5); return S_OK;
    case FOREIGN_NULL_APDU: return S_OK;
    default: return ISCardCmd_get_Apdu(foreign_of(iface)->inner, out);
    }
}

static HRESULT WINAPI foreign_put_ApduReply(ISCardCmd *iface, IByteBuffer *value)
{
    if (foreign_of(iface)->fault == FOREIGN_NO_REPLY || foreign_fails(iface))
        return DOUBLE_ERROR;
    return ISCardCmd_put_ApduReply(foreign_of(iface)->inner, value);
}

/* What is only handed on. */
#define FOREIGN_PROPERTY(name, type) \
    static HRESULT WINAPI foreign_##name(ISCardCmd *iface, type value) \
    { \
        return foreign_fails(iface) ? (HRESULT)DOUBLE_ERROR \
                                    : ISCardCmd_##name(foreign_of(iface)->inner, value); \
    }

FOREIGN_PROPERTY(put_Apdu, IByteBuffer *)
FOREIGN_PROPERTY(get_ApduLength, LONG *)
FOREIGN_PROPERTY(get_ApduReply, IByteBuffer **)
FOREIGN_PROPERTY(get_ApduReplyLength, LONG *)
FOREIGN_PROPERTY(put_ApduReplyLength, LONG)
FOREIGN_PROPERTY(get_ClassId, BYTE *)
FOREIGN_PROPERTY(put_ClassId, BYTE)
FOREIGN_PROPERTY(get_Data, IByteBuffer **)
FOREIGN_PROPERTY(put_Data, IByteBuffer *)
FOREIGN_PROPERTY(get_InstructionId, BYTE *)
FOREIGN_PROPERTY(put_InstructionId, BYTE)
FOREIGN_PROPERTY(get_LeField, LONG *)
FOREIGN_PROPERTY(get_P1, BYTE *)
FOREIGN_PROPERTY(put_P1, BYTE)
FOREIGN_PROPERTY(get_P2, BYTE *)
FOREIGN_PROPERTY(put_P2, BYTE)
FOREIGN_PROPERTY(get_P3, BYTE *)
FOREIGN_PROPERTY(get_ReplyStatus, WORD *)
FOREIGN_PROPERTY(put_ReplyStatus, WORD)
FOREIGN_PROPERTY(get_ReplyStatusSW1, BYTE *)
FOREIGN_PROPERTY(get_ReplyStatusSW2, BYTE *)
FOREIGN_PROPERTY(get_Type, ISO_APDU_TYPE *)
FOREIGN_PROPERTY(get_Nad, BYTE *)
FOREIGN_PROPERTY(put_Nad, BYTE)
FOREIGN_PROPERTY(get_ReplyNad, BYTE *)
FOREIGN_PROPERTY(put_ReplyNad, BYTE)
FOREIGN_PROPERTY(get_AlternateClassId, BYTE *)
FOREIGN_PROPERTY(put_AlternateClassId, BYTE)

static HRESULT WINAPI foreign_GetTypeInfoCount(ISCardCmd *iface, UINT *count)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI foreign_GetTypeInfo(ISCardCmd *iface, UINT i, LCID lcid, ITypeInfo **info)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI foreign_GetIDsOfNames(ISCardCmd *iface, REFIID iid, LPOLESTR *names, UINT n,
                                            LCID lcid, DISPID *ids)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI foreign_Invoke(ISCardCmd *iface, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                     DISPPARAMS *params, VARIANT *result, EXCEPINFO *info,
                                     UINT *bad)
{
    return E_NOTIMPL;
}

static HRESULT WINAPI foreign_BuildCmd(ISCardCmd *iface, BYTE cla, BYTE ins, BYTE p1, BYTE p2,
                                       IByteBuffer *data, LONG *le)
{
    if (foreign_fails(iface))
        return DOUBLE_ERROR;
    return ISCardCmd_BuildCmd(foreign_of(iface)->inner, cla, ins, p1, p2, data, le);
}

static HRESULT WINAPI foreign_Clear(ISCardCmd *iface)
{
    return foreign_fails(iface) ? (HRESULT)DOUBLE_ERROR : ISCardCmd_Clear(foreign_of(iface)->inner);
}

static HRESULT WINAPI foreign_Encapsulate(ISCardCmd *iface, IByteBuffer *apdu, ISO_APDU_TYPE type)
{
    if (foreign_fails(iface))
        return DOUBLE_ERROR;
    return ISCardCmd_Encapsulate(foreign_of(iface)->inner, apdu, type);
}

static const ISCardCmdVtbl foreign_vtbl =
{
    foreign_QueryInterface,
    foreign_AddRef,
    foreign_Release,
    foreign_GetTypeInfoCount,
    foreign_GetTypeInfo,
    foreign_GetIDsOfNames,
    foreign_Invoke,
    foreign_get_Apdu,
    foreign_put_Apdu,
    foreign_get_ApduLength,
    foreign_get_ApduReply,
    foreign_put_ApduReply,
    foreign_get_ApduReplyLength,
    foreign_put_ApduReplyLength,
    foreign_get_ClassId,
    foreign_put_ClassId,
    foreign_get_Data,
    foreign_put_Data,
    foreign_get_InstructionId,
    foreign_put_InstructionId,
    foreign_get_LeField,
    foreign_get_P1,
    foreign_put_P1,
    foreign_get_P2,
    foreign_put_P2,
    foreign_get_P3,
    foreign_get_ReplyStatus,
    foreign_put_ReplyStatus,
    foreign_get_ReplyStatusSW1,
    foreign_get_ReplyStatusSW2,
    foreign_get_Type,
    foreign_get_Nad,
    foreign_put_Nad,
    foreign_get_ReplyNad,
    foreign_put_ReplyNad,
    foreign_BuildCmd,
    foreign_Clear,
    foreign_Encapsulate,
    foreign_get_AlternateClassId,
    foreign_put_AlternateClassId,
};

/* inner: one of ours, whose reference is taken over. */
static ISCardCmd *foreign_cmd_init(struct foreign_cmd *cmd, ISCardCmd *inner)
{
    memset(cmd, 0, sizeof(*cmd));
    cmd->ISCardCmd_iface.lpVtbl = (ISCardCmdVtbl *)&foreign_vtbl;
    cmd->refs = 1;
    cmd->inner = inner;
    return &cmd->ISCardCmd_iface;
}

static void foreign_cmd_fini(struct foreign_cmd *cmd)
{
    ISCardCmd_Release(cmd->inner);
}

#endif
