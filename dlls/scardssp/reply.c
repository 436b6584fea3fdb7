/*
 * The reply of a command: data, SW1, SW2, and where it came from.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define COBJMACROS
#include "reply.h"

#include <objbase.h>

#include "iso7816/wipe.h"

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

HRESULT reply_set(struct reply *reply, const BYTE *bytes, DWORD length, BOOL secret)
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

HRESULT reply_resize(struct reply *reply, DWORD length)
{
    HRESULT hr;

    if (length > reply->room && FAILED(hr = move(reply, length)))
        return hr;
    if (length > reply->length)
        ZeroMemory(reply->bytes + reply->length, length - reply->length);
    reply->length = length;
    return S_OK;
}

WORD reply_status(const struct reply *reply)
{
    if (!reply->length)
        return 0;
    return reply->bytes[reply->length - 2] << 8 | reply->bytes[reply->length - 1];
}

HRESULT reply_set_status(struct reply *reply, WORD status)
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
