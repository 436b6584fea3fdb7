/*
 * ISCardCmd: the command, and the object as a whole.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A command is replaced, never changed, so that it can be sent while other threads change the
 * object.
 */

#include "cmd_private.h"

#include "buffer.h"
#include "cmd.h"
#include "base/error.h"
#include "base/trace.h"
#include "iso7816/ins.h"
#include "iso7816/secrecy.h"
#include "iso7816/wipe.h"

static const ISCardCmdVtbl cmd_vtbl;

/* ---- commands ---- */

HRESULT command_create(const struct apdu *apdu, struct command **out)
{
    struct command *command;

    *out = NULL;
    if (apdu->nc > APDU_MAX_LC || apdu->ne > APDU_MAX_NE)
        return E_INVALIDARG;
    if (!(command = CoTaskMemAlloc(sizeof(*command) + apdu->nc)))
        return E_OUTOFMEMORY;
    command->refs = 1;
    command->apdu = *apdu;
    command->apdu.data = apdu->nc ? command->data : NULL;
    if (apdu->nc)
        CopyMemory(command->data, apdu->data, apdu->nc);
    command->secret = secrecy_possible(&command->apdu) != 0;
    *out = command;
    return S_OK;
}

void command_release(struct command *command)
{
    if (!command || InterlockedDecrement(&command->refs))
        return;
    if (command->secret)
        wipe(command->data, command->apdu.nc);
    CoTaskMemFree(command);
}

struct command *cmd_get_command(struct cmd *cmd)
{
    struct command *command;

    AcquireSRWLockShared(&cmd->lock);
    if ((command = cmd->command))
        InterlockedIncrement(&command->refs);
    ReleaseSRWLockShared(&cmd->lock);
    return command;
}

/* The command by value, for those who only look at numbers. Without one all is 0. */
static struct apdu get_numbers(ISCardCmd *iface)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    struct apdu apdu = {0};

    AcquireSRWLockShared(&cmd->lock);
    if (cmd->command)
        apdu = cmd->command->apdu;
    ReleaseSRWLockShared(&cmd->lock);
    apdu.data = NULL;
    return apdu;
}

/* ---- for the sender ---- */

BOOL cmd_get_request(ISCardCmd *iface, struct cmd_request *request)
{
    struct cmd *cmd;

    ZeroMemory(request, sizeof(*request));
    if (iface->lpVtbl != &cmd_vtbl)
        return FALSE;
    cmd = impl_from_ISCardCmd(iface);
    AcquireSRWLockShared(&cmd->lock);
    if ((request->command = cmd->command))
    {
        InterlockedIncrement(&request->command->refs);
        request->response_class =
            cmd->alternate_set ? cmd->alternate_class : request->command->apdu.cla;
    }
    ReleaseSRWLockShared(&cmd->lock);
    return TRUE;
}

/* ---- changing the command ---- */

/* Another command, and no reply: that one belonged to the command before. */
static HRESULT replace_command(ISCardCmd *iface, const struct apdu *apdu)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    struct command *command, *old;
    HRESULT hr;

    if (FAILED(hr = command_create(apdu, &command)))
        return hr;
    AcquireSRWLockExclusive(&cmd->lock);
    old = cmd->command;
    cmd->command = command;
    reply_clear(&cmd->reply);
    ReleaseSRWLockExclusive(&cmd->lock);
    command_release(old);
    return S_OK;
}

/* What the edit_command functions below change. */
struct edit
{
    size_t offset; /* of a byte in struct apdu */
    BYTE value;
    BOOL with_data; /* instead: these data bytes */
    const BYTE *data;
    DWORD length;
};

/* Changes one thing; the reply stays. Without a command one of four zero bytes is changed. */
static HRESULT edit_command(ISCardCmd *iface, const struct edit *edit)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    struct command *command, *old;
    struct apdu apdu = {0};
    HRESULT hr;

    AcquireSRWLockExclusive(&cmd->lock);
    if ((old = cmd->command))
        apdu = old->apdu;
    if (edit->with_data)
    {
        apdu.data = edit->data;
        apdu.nc = edit->length;
    }
    else
        ((BYTE *)&apdu)[edit->offset] = edit->value;
    if (SUCCEEDED(hr = command_create(&apdu, &command)))
        cmd->command = command;
    ReleaseSRWLockExclusive(&cmd->lock);
    if (SUCCEEDED(hr))
        command_release(old);
    return hr;
}

static HRESULT edit_byte(ISCardCmd *iface, size_t offset, BYTE value)
{
    struct edit edit = {.offset = offset, .value = value};

    return edit_command(iface, &edit);
}

/* ---- the command's properties ---- */

static HRESULT WINAPI cmd_get_Apdu(ISCardCmd *iface, IByteBuffer **out)
{
    struct command *command;
    size_t length = 0;
    HRESULT hr = S_OK;
    DWORD room;
    BYTE *bytes;

    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!(command = cmd_get_command(impl_from_ISCardCmd(iface))))
        return S_OK;
    room = command->apdu.nc + APDU_MAX_COMMAND - APDU_MAX_LC;
    if (!(bytes = CoTaskMemAlloc(room)))
        hr = E_OUTOFMEMORY;
    if (SUCCEEDED(hr))
        hr = error_hresult(apdu_encode(&command->apdu, bytes, room, &length));
    if (SUCCEEDED(hr))
        hr = bytebuffer_new(bytes, length, out);
    bytestream_free(bytes, length);
    command_release(command);
    RETURN(hr);
}

static HRESULT WINAPI cmd_put_Apdu(ISCardCmd *iface, IByteBuffer *buffer)
{
    struct apdu apdu;
    DWORD length;
    BYTE *bytes;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, buffer);
    if (!buffer)
        RETURN(E_INVALIDARG);
    if (FAILED(hr = buffer_get(buffer, &bytes, &length)))
        RETURN(hr);
    if (SUCCEEDED(hr = error_hresult(apdu_parse(bytes, length, &apdu))))
        hr = replace_command(iface, &apdu);
    bytestream_free(bytes, length);
    RETURN(hr);
}

/* The number of bytes that apdu_encode makes. */
static DWORD encoded_length(const struct apdu *apdu)
{
    DWORD width = apdu->extended || apdu_needs_extended(apdu) ? 2 : 1;
    DWORD length = 4;

    if (apdu->nc || apdu->ne)
        length += width - 1; /* the 00 that tells the extended form */
    if (apdu->nc)
        length += width + apdu->nc;
    if (apdu->ne)
        length += width;
    return length;
}

static HRESULT WINAPI cmd_get_ApduLength(ISCardCmd *iface, LONG *out)
{
    struct command *command;

    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    command = cmd_get_command(impl_from_ISCardCmd(iface));
    *out = command ? encoded_length(&command->apdu) : 0;
    command_release(command);
    return S_OK;
}

static HRESULT WINAPI cmd_get_Data(ISCardCmd *iface, IByteBuffer **out)
{
    struct command *command;
    HRESULT hr = S_OK;

    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    command = cmd_get_command(impl_from_ISCardCmd(iface));
    if (command && command->apdu.nc)
        hr = bytebuffer_new(command->apdu.data, command->apdu.nc, out);
    command_release(command);
    RETURN(hr);
}

static HRESULT WINAPI cmd_put_Data(ISCardCmd *iface, IByteBuffer *buffer)
{
    struct edit edit = {.with_data = TRUE};
    BYTE *bytes;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, buffer);
    if (FAILED(hr = buffer_get(buffer, &bytes, &edit.length)))
        RETURN(hr);
    edit.data = bytes;
    hr = edit_command(iface, &edit);
    bytestream_free(bytes, edit.length);
    RETURN(hr);
}

static HRESULT WINAPI cmd_get_LeField(ISCardCmd *iface, LONG *out)
{
    if (!out)
        return E_POINTER;
    *out = get_numbers(iface).ne;
    return S_OK;
}

static HRESULT WINAPI cmd_get_P3(ISCardCmd *iface, BYTE *out)
{
    struct apdu apdu = get_numbers(iface);

    if (!out)
        return E_POINTER;
    /* The fifth byte: Lc or Le, 256 as 00; in extended form, and in case 1, it is 00. */
    if (apdu.extended || apdu_needs_extended(&apdu))
        *out = 0;
    else
        *out = apdu.nc ? apdu.nc : apdu.ne;
    return S_OK;
}

static HRESULT WINAPI cmd_get_Type(ISCardCmd *iface, ISO_APDU_TYPE *out)
{
    struct apdu apdu = get_numbers(iface);

    if (!out)
        return E_POINTER;
    *out = (ISO_APDU_TYPE)apdu_case_of(&apdu);
    return S_OK;
}

/* The four bytes of the header: name of the property, field. */
#define HEADER_PROPERTY(property, field) \
    static HRESULT WINAPI cmd_get_##property(ISCardCmd *iface, BYTE *out) \
    { \
        if (!out) \
            return E_POINTER; \
        *out = get_numbers(iface).field; \
        return S_OK; \
    } \
    static HRESULT WINAPI cmd_put_##property(ISCardCmd *iface, BYTE value) \
    { \
        RETURN(edit_byte(iface, offsetof(struct apdu, field), value)); \
    }

HEADER_PROPERTY(ClassId, cla)
HEADER_PROPERTY(InstructionId, ins)
HEADER_PROPERTY(P1, p1)
HEADER_PROPERTY(P2, p2)

/* ---- node addresses, the class of GET RESPONSE ---- */

static HRESULT WINAPI cmd_get_Nad(ISCardCmd *iface, BYTE *out)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    BYTE nad;

    if (!out)
        return E_POINTER;
    AcquireSRWLockShared(&cmd->lock);
    nad = cmd->nad;
    ReleaseSRWLockShared(&cmd->lock);
    *out = nad;
    return S_OK;
}

static HRESULT WINAPI cmd_put_Nad(ISCardCmd *iface, BYTE nad)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);

    TRACE("%p, %02x", iface, nad);
    AcquireSRWLockExclusive(&cmd->lock);
    cmd->nad = nad;
    ReleaseSRWLockExclusive(&cmd->lock);
    return S_OK;
}

static HRESULT WINAPI cmd_get_AlternateClassId(ISCardCmd *iface, BYTE *out)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    BYTE value;
    BOOL set;

    if (!out)
        return E_POINTER;
    AcquireSRWLockShared(&cmd->lock);
    value = (set = cmd->alternate_set) ? cmd->alternate_class : 0;
    ReleaseSRWLockShared(&cmd->lock);
    *out = value;
    RETURN(set ? S_OK : E_ACCESSDENIED);
}

static HRESULT WINAPI cmd_put_AlternateClassId(ISCardCmd *iface, BYTE value)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);

    TRACE("%p, %02x", iface, value);
    AcquireSRWLockExclusive(&cmd->lock);
    cmd->alternate_class = value;
    cmd->alternate_set = TRUE;
    ReleaseSRWLockExclusive(&cmd->lock);
    return S_OK;
}

/* ---- methods ---- */

static HRESULT WINAPI cmd_BuildCmd(ISCardCmd *iface, BYTE cla, BYTE ins, BYTE p1, BYTE p2,
                                   IByteBuffer *data, LONG *le)
{
    struct apdu apdu = {.cla = cla, .ins = ins, .p1 = p1, .p2 = p2};
    DWORD length;
    BYTE *bytes;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %02x %02x %02x %02x, %p, %p", iface, cla, ins, p1, p2, data, le);
    if (FAILED(hr = buffer_get(data, &bytes, &length)))
        RETURN(hr);
    apdu.data = bytes;
    apdu.nc = length;
    apdu.ne = le ? *le : 0; /* a negative one is too large as well */
    hr = replace_command(iface, &apdu);
    bytestream_free(bytes, length);
    RETURN(hr);
}

static HRESULT WINAPI cmd_Clear(ISCardCmd *iface)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    struct command *old;

    TRACE("%p", iface);
    AcquireSRWLockExclusive(&cmd->lock);
    old = cmd->command;
    cmd->command = NULL;
    reply_free(&cmd->reply);
    ReleaseSRWLockExclusive(&cmd->lock);
    command_release(old);
    return S_OK;
}

/*
 * ENVELOPE (ISO 7816-4). The bytes are not looked at: under T=0 a long command goes in pieces. An
 * answer is asked for when the command inside has one.
 */
static HRESULT WINAPI cmd_Encapsulate(ISCardCmd *iface, IByteBuffer *inner, ISO_APDU_TYPE type)
{
    struct apdu apdu = {.ins = INS_ENVELOPE};
    DWORD length;
    BYTE *bytes;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p, %d", iface, inner, type);
    if (!inner || type < ISO_CASE_1 || type > ISO_CASE_4)
        RETURN(E_INVALIDARG);
    if (FAILED(hr = buffer_get(inner, &bytes, &length)))
        RETURN(hr);
    apdu.cla = get_numbers(iface).cla;
    apdu.data = bytes;
    apdu.nc = length;
    apdu.ne = type == ISO_CASE_2 || type == ISO_CASE_4 ? 256 : 0;
    hr = length ? replace_command(iface, &apdu) : E_INVALIDARG;
    bytestream_free(bytes, length);
    RETURN(hr);
}

/* ---- life ---- */

static void cmd_destroy(struct object *object)
{
    struct cmd *cmd = CONTAINING_RECORD(object, struct cmd, object);

    command_release(cmd->command);
    reply_free(&cmd->reply);
    object_fini(object);
    CoTaskMemFree(cmd);
}

static const ISCardCmdVtbl cmd_vtbl =
{
    OBJECT_METHODS,
    cmd_get_Apdu,
    cmd_put_Apdu,
    cmd_get_ApduLength,
    cmd_get_ApduReply,
    cmd_put_ApduReply,
    cmd_get_ApduReplyLength,
    cmd_put_ApduReplyLength,
    cmd_get_ClassId,
    cmd_put_ClassId,
    cmd_get_Data,
    cmd_put_Data,
    cmd_get_InstructionId,
    cmd_put_InstructionId,
    cmd_get_LeField,
    cmd_get_P1,
    cmd_put_P1,
    cmd_get_P2,
    cmd_put_P2,
    cmd_get_P3,
    cmd_get_ReplyStatus,
    cmd_put_ReplyStatus,
    cmd_get_ReplyStatusSW1,
    cmd_get_ReplyStatusSW2,
    cmd_get_Type,
    cmd_get_Nad,
    cmd_put_Nad,
    cmd_get_ReplyNad,
    cmd_put_ReplyNad,
    cmd_BuildCmd,
    cmd_Clear,
    cmd_Encapsulate,
    cmd_get_AlternateClassId,
    cmd_put_AlternateClassId,
};

static const struct object_class cmd_class =
{
    "ISCardCmd", &IID_ISCardCmd, &LIBID_SCARDSSPLib, NULL, cmd_destroy,
};

HRESULT cmd_create(ISCardCmd **out)
{
    struct cmd *cmd;

    *out = NULL;
    if (!(cmd = CoTaskMemAlloc(sizeof(*cmd))))
        return E_OUTOFMEMORY;
    ZeroMemory(cmd, sizeof(*cmd));
    InitializeSRWLock(&cmd->lock);
    object_init(&cmd->object, &cmd_vtbl, &cmd_class);
    *out = (ISCardCmd *)&cmd->object;
    return S_OK;
}
