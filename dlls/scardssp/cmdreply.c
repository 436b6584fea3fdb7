/*
 * ISCardCmd: the reply.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cmdimpl.h"

#include "buffer.h"
#include "cmd.h"
#include "base/trace.h"

HRESULT cmd_set_reply(ISCardCmd *iface, const BYTE *bytes, DWORD length, BOOL secret)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    HRESULT hr;

    AcquireSRWLockExclusive(&cmd->lock);
    hr = reply_set(&cmd->reply, bytes, length, secret);
    ReleaseSRWLockExclusive(&cmd->lock);
    return hr;
}

static WORD get_status(ISCardCmd *iface)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    WORD status;

    AcquireSRWLockShared(&cmd->lock);
    status = reply_status(&cmd->reply);
    ReleaseSRWLockShared(&cmd->lock);
    return status;
}

HRESULT WINAPI cmd_get_ApduReply(ISCardCmd *iface, IByteBuffer **out)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    IByteBuffer *buffer = NULL;
    HRESULT hr = S_OK;

    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    AcquireSRWLockShared(&cmd->lock);
    if (cmd->reply.length)
        hr = bytebuffer_new(cmd->reply.bytes, cmd->reply.length, &buffer);
    ReleaseSRWLockShared(&cmd->lock);
    *out = buffer;
    RETURN(hr);
}

/* Whether what belongs to the present command is to be wiped. */
static BOOL is_secret(ISCardCmd *iface)
{
    struct command *command = cmd_get_command(impl_from_ISCardCmd(iface));
    BOOL secret = command && command->secret;

    command_release(command);
    return secret;
}

HRESULT WINAPI cmd_put_ApduReply(ISCardCmd *iface, IByteBuffer *buffer)
{
    DWORD length;
    BYTE *bytes;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, buffer);
    if (FAILED(hr = buffer_get(buffer, &bytes, &length)))
        RETURN(hr);
    if (length == 1 || length > APDU_MAX_REPLY)
        hr = E_INVALIDARG; /* no reply is without SW1 SW2 */
    else
        hr = cmd_set_reply(iface, bytes, length, is_secret(iface));
    bytestream_free(bytes, length);
    RETURN(hr);
}

HRESULT WINAPI cmd_get_ApduReplyLength(ISCardCmd *iface, LONG *out)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    DWORD length;

    if (!out)
        return E_POINTER;
    AcquireSRWLockShared(&cmd->lock);
    length = cmd->reply.length;
    ReleaseSRWLockShared(&cmd->lock);
    *out = length;
    return S_OK;
}

HRESULT WINAPI cmd_put_ApduReplyLength(ISCardCmd *iface, LONG length)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    HRESULT hr = S_OK;

    TRACE("%p, %ld", iface, length);
    if (length < 0 || length == 1 || length > (LONG)APDU_MAX_REPLY)
        RETURN(E_INVALIDARG);
    AcquireSRWLockExclusive(&cmd->lock);
    if (!length)
        reply_clear(&cmd->reply);
    else
        hr = reply_resize(&cmd->reply, length);
    ReleaseSRWLockExclusive(&cmd->lock);
    RETURN(hr);
}

HRESULT WINAPI cmd_get_ReplyStatus(ISCardCmd *iface, WORD *out)
{
    if (!out)
        return E_POINTER;
    *out = get_status(iface);
    return S_OK;
}

HRESULT WINAPI cmd_put_ReplyStatus(ISCardCmd *iface, WORD status)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    HRESULT hr;

    TRACE("%p, %04x", iface, status);
    AcquireSRWLockExclusive(&cmd->lock);
    hr = reply_set_status(&cmd->reply, status);
    ReleaseSRWLockExclusive(&cmd->lock);
    RETURN(hr);
}

HRESULT WINAPI cmd_get_ReplyStatusSW1(ISCardCmd *iface, BYTE *out)
{
    if (!out)
        return E_POINTER;
    *out = get_status(iface) >> 8;
    return S_OK;
}

HRESULT WINAPI cmd_get_ReplyStatusSW2(ISCardCmd *iface, BYTE *out)
{
    if (!out)
        return E_POINTER;
    *out = get_status(iface) & 0xFF;
    return S_OK;
}

HRESULT WINAPI cmd_get_ReplyNad(ISCardCmd *iface, BYTE *out)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);
    BOOL known;
    BYTE nad;

    if (!out)
        return E_POINTER;
    AcquireSRWLockShared(&cmd->lock);
    nad = (known = cmd->reply.nad_known) ? cmd->reply.nad : 0;
    ReleaseSRWLockShared(&cmd->lock);
    *out = nad;
    RETURN(known ? S_OK : E_ACCESSDENIED);
}

HRESULT WINAPI cmd_put_ReplyNad(ISCardCmd *iface, BYTE nad)
{
    struct cmd *cmd = impl_from_ISCardCmd(iface);

    TRACE("%p, %02x", iface, nad);
    AcquireSRWLockExclusive(&cmd->lock);
    cmd->reply.nad = nad;
    cmd->reply.nad_known = TRUE;
    ReleaseSRWLockExclusive(&cmd->lock);
    return S_OK;
}
