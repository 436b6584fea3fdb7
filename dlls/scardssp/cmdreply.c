/*
 * ISCardCmd: the reply.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cmd_private.h"

#include "buffer.h"
#include "cmd.h"
#include "base/trace.h"
#include "iso7816/wipe.h"

/* ---- replies ---- */

void reply_clear(struct reply *reply)
{
    if (reply->secret)
        wipe(reply->bytes, reply->room);
    reply->length = 0;
    reply->secret = FALSE;
    reply->nad_known = FALSE;
}

void reply_free(struct reply *reply)
{
    reply_clear(reply);
    CoTaskMemFree(reply->bytes);
    reply->bytes = NULL;
    reply->room = 0;
}

/* Room for length bytes; what was there is gone. Memory is used again: most replies are short. */
static HRESULT reserve(struct reply *reply, DWORD length)
{
    reply_clear(reply);
    if (length <= reply->room)
        return S_OK;
    reply_free(reply);
    if (!(reply->bytes = CoTaskMemAlloc(length)))
        return E_OUTOFMEMORY;
    reply->room = length;
    return S_OK;
}

/* These bytes, 0 or at least 2; the NAD is unknown. E_OUTOFMEMORY: there is no reply then. */
static HRESULT reply_set(struct reply *reply, const BYTE *bytes, DWORD length, BOOL secret)
{
    HRESULT hr = reserve(reply, length);

    if (FAILED(hr) || !length)
        return hr;
    CopyMemory(reply->bytes, bytes, length);
    reply->length = length;
    reply->secret = secret;
    return S_OK;
}

/* The same reply in larger memory. */
static HRESULT move(struct reply *reply, DWORD room)
{
    struct reply old = *reply;
    BYTE *bytes;

    if (!(bytes = CoTaskMemAlloc(room)))
        return E_OUTOFMEMORY;
    if (old.length)
        CopyMemory(bytes, old.bytes, old.length);
    reply->bytes = bytes;
    reply->room = room;
    reply_free(&old);
    return S_OK;
}

/* Cuts it, or fills it with zeros. E_OUTOFMEMORY: it is as before. */
static HRESULT reply_resize(struct reply *reply, DWORD length)
{
    HRESULT hr;

    if (length > reply->room && FAILED(hr = move(reply, length)))
        return hr;
    if (length > reply->length)
        ZeroMemory(reply->bytes + reply->length, length - reply->length);
    reply->length = length;
    return S_OK;
}

/* SW1 SW2, the last two bytes; 0 without a reply. */
static WORD reply_status(const struct reply *reply)
{
    if (!reply->length)
        return 0;
    return reply->bytes[reply->length - 2] << 8 | reply->bytes[reply->length - 1];
}

/* Changes SW1 SW2. Without a reply this makes one that has nothing else. E_OUTOFMEMORY. */
static HRESULT reply_set_status(struct reply *reply, WORD status)
{
    HRESULT hr = S_OK;

    if (!reply->length && SUCCEEDED(hr = reserve(reply, 2)))
        reply->length = 2;
    if (FAILED(hr))
        return hr;
    reply->bytes[reply->length - 2] = status >> 8;
    reply->bytes[reply->length - 1] = status & 0xFF;
    return S_OK;
}

/* ---- the methods, and for the sender ---- */

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
