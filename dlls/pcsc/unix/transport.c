/*
 * The transport over the unix half: UTF-16 and Windows types on one side, unixlib.h on the other.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The unix half maps all values; nothing is decided here.
 */

#include "pcsc/transport.h"

#include <winscard.h>

#include "iso7816/text.h"
#include "base/multistring.h"
#include "base/trace.h"
#include "caller.h"

/* The bytes of a NUL-ended name; FALSE when they do not fit, or when no reader can have it. */
static BOOL to_bytes(const WCHAR *string, char *out, size_t size)
{
    return text_to_bytes(string, lstrlenW(string) + 1, out, size) != 0;
}

static LONG unix_establish(transport_id *context)
{
    struct unix_establish params = {0};
    const char *text;
    LONG result;

    *context = 0;
    if ((result = unixcall_start(&text)))
    {
        trace_complain(text);
        return result;
    }
    if ((result = UNIXCALL(UNIX_ESTABLISH, params)))
        trace_complain(params.text);
    else
        *context = params.context;
    return result;
}

static LONG call_context(enum unix_code code, transport_id context)
{
    struct unix_context params = {.context = context};

    return UNIXCALL(code, params);
}

static LONG unix_release(transport_id context)
{
    return call_context(UNIX_RELEASE, context);
}

static LONG unix_is_valid(transport_id context)
{
    return call_context(UNIX_IS_VALID, context);
}

static LONG unix_cancel(transport_id context)
{
    return call_context(UNIX_CANCEL, context);
}

/* UTF-16 of names on the process heap. */
static LONG copy_names(const struct unix_list *params, WCHAR **names)
{
    size_t length = text_from_bytes(params->names, params->length, NULL, 0);

    if (!length)
        return SCARD_F_INTERNAL_ERROR;
    if (!(*names = HeapAlloc(GetProcessHeap(), 0, length * sizeof(WCHAR))))
        return ERROR_OUTOFMEMORY;
    text_from_bytes(params->names, params->length, *names, length);
    return SCARD_S_SUCCESS;
}

static LONG call_list(enum unix_code code, transport_id context, const WCHAR *groups, WCHAR **names)
{
    struct unix_list *params;
    LONG result = SCARD_S_SUCCESS;

    *names = NULL;
    if (!(params = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*params))))
        return ERROR_OUTOFMEMORY;
    params->context = context;
    if (groups && *groups &&
        !text_to_bytes(groups, (int)multistring16_length(groups), params->groups,
                       sizeof(params->groups)))
        result = SCARD_E_INVALID_PARAMETER;
    if (!result)
        result = unixcall(code, params, sizeof(*params));
    if (!result)
        result = copy_names(params, names);
    HeapFree(GetProcessHeap(), 0, params);
    return result;
}

static LONG unix_list_groups(transport_id context, WCHAR **groups)
{
    return call_list(UNIX_LIST_GROUPS, context, NULL, groups);
}

static LONG unix_list_readers(transport_id context, const WCHAR *groups, WCHAR **readers)
{
    return call_list(UNIX_LIST_READERS, context, groups, readers);
}

static void get_states(const struct unix_wait *params, struct transport_reader_state *states)
{
    DWORD i;

    for (i = 0; i < params->count; i++)
    {
        states[i].event_state = params->states[i].event;
        states[i].atr_length = min(params->states[i].atr_length, TRANSPORT_ATR_SIZE);
        memcpy(states[i].atr, params->states[i].atr, sizeof(states[i].atr));
    }
}

static LONG unix_get_status_change(transport_id context, DWORD timeout,
                                   struct transport_reader_state *states, DWORD count)
{
    struct unix_wait *params;
    LONG result = SCARD_S_SUCCESS;
    DWORD i;

    for (i = 0; i < count; i++)
    {
        states[i].event_state = 0;
        states[i].atr_length = 0;
    }
    if (count > UNIX_READERS_MAX)
        return SCARD_E_INVALID_PARAMETER;
    if (!(params = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*params))))
        return ERROR_OUTOFMEMORY;
    params->context = context;
    params->timeout = timeout;
    params->count = count;
    for (i = 0; i < count && !result; i++)
    {
        params->states[i].current = states[i].current_state;
        if (!states[i].reader)
            result = SCARD_E_INVALID_PARAMETER;
        else if (!to_bytes(states[i].reader, params->states[i].name, UNIX_NAME_SIZE))
            result = SCARD_E_UNKNOWN_READER;
    }
    if (!result)
        result = unixcall(UNIX_WAIT, params, sizeof(*params));
    if (!result || result == SCARD_E_TIMEOUT)
        get_states(params, states);
    HeapFree(GetProcessHeap(), 0, params);
    return result;
}

static LONG unix_connect(transport_id context, const WCHAR *reader, DWORD share, DWORD protocols,
                         transport_id *card, DWORD *protocol)
{
    struct unix_connect params = {.context = context, .share = share, .protocols = protocols};
    LONG result;

    *card = 0;
    if (protocol)
        *protocol = 0;
    if (!reader)
        return SCARD_E_INVALID_PARAMETER;
    if (!to_bytes(reader, params.name, sizeof(params.name)))
        return SCARD_E_UNKNOWN_READER;
    if ((result = UNIXCALL(UNIX_CONNECT, params)))
        return result;
    *card = params.card;
    if (protocol)
        *protocol = params.protocol;
    return result;
}

static LONG unix_reconnect(transport_id card, DWORD share, DWORD protocols, DWORD disposition,
                           DWORD ticket, DWORD *protocol)
{
    struct unix_reconnect params = {.head.ticket = ticket, .card = card, .share = share,
                                    .protocols = protocols, .disposition = disposition};
    LONG result = UNIXCALL(UNIX_RECONNECT, params);

    if (protocol)
        *protocol = result ? 0 : params.protocol;
    return result;
}

static LONG call_card(enum unix_code code, transport_id card, DWORD disposition)
{
    struct unix_card params = {.card = card, .disposition = disposition};

    return UNIXCALL(code, params);
}

static LONG unix_disconnect(transport_id card, DWORD disposition)
{
    return call_card(UNIX_DISCONNECT, card, disposition);
}

static LONG call_ticket(enum unix_code code, transport_id card, DWORD ticket)
{
    struct unix_card params = {.head.ticket = ticket, .card = card};

    return UNIXCALL(code, params);
}

static LONG unix_begin(transport_id card, DWORD ticket)
{
    return call_ticket(UNIX_BEGIN, card, ticket);
}

static LONG unix_end(transport_id card, DWORD disposition)
{
    return call_card(UNIX_END, card, disposition);
}

static LONG unix_cancel_begin(transport_id card, DWORD ticket)
{
    return call_ticket(UNIX_CANCEL_BEGIN, card, ticket);
}

static LONG unix_transmit(transport_id card, const BYTE *command, DWORD command_length, BYTE *reply,
                          DWORD *reply_length)
{
    struct unix_transmit params = {.card = card, .command = (ULONG_PTR)command,
                                   .reply = (ULONG_PTR)reply, .command_length = command_length,
                                   .reply_length = *reply_length};
    LONG result = UNIXCALL(UNIX_TRANSMIT, params);

    *reply_length = result ? 0 : params.reply_length;
    return result;
}

static LONG unix_status(transport_id card, DWORD ticket, struct transport_status *status)
{
    struct unix_status params = {.head.ticket = ticket, .card = card};
    LONG result = UNIXCALL(UNIX_STATUS, params);

    memset(status, 0, sizeof(*status));
    if (result)
        return result;
    status->state = params.state;
    status->protocol = params.protocol;
    status->atr_length = min(params.atr_length, TRANSPORT_ATR_SIZE);
    memcpy(status->atr, params.atr, sizeof(status->atr));
    return result;
}

static LONG unix_control(transport_id card, DWORD code, const BYTE *in, DWORD in_length, BYTE *out,
                         DWORD *out_length)
{
    struct unix_control params = {.card = card, .in = (ULONG_PTR)in, .out = (ULONG_PTR)out,
                                  .code = code, .in_length = in_length, .out_length = *out_length};
    LONG result = UNIXCALL(UNIX_CONTROL, params);

    *out_length = result ? 0 : params.out_length;
    return result;
}

static LONG unix_get_attrib(transport_id card, DWORD attribute, BYTE *value, DWORD *length)
{
    struct unix_attrib params = {.card = card, .value = (ULONG_PTR)value, .attribute = attribute,
                                 .length = *length};
    LONG result = UNIXCALL(UNIX_GET_ATTRIB, params);

    *length = result ? 0 : params.length;
    return result;
}

static LONG unix_set_attrib(transport_id card, DWORD attribute, const BYTE *value, DWORD length)
{
    struct unix_attrib params = {.card = card, .value = (ULONG_PTR)value, .attribute = attribute,
                                 .length = length};

    return UNIXCALL(UNIX_SET_ATTRIB, params);
}

const struct transport_ops transport_unix =
{
    .name = "unix",
    .establish = unix_establish,
    .release = unix_release,
    .is_valid = unix_is_valid,
    .list_groups = unix_list_groups,
    .list_readers = unix_list_readers,
    .get_status_change = unix_get_status_change,
    .cancel = unix_cancel,
    .connect = unix_connect,
    .reconnect = unix_reconnect,
    .disconnect = unix_disconnect,
    .begin = unix_begin,
    .end = unix_end,
    .cancel_begin = unix_cancel_begin,
    .transmit = unix_transmit,
    .status = unix_status,
    .control = unix_control,
    .get_attrib = unix_get_attrib,
    .set_attrib = unix_set_attrib
};
