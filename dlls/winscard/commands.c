/*
 * What goes to the card and the reader: SCardTransmit, SCardControl.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cards.h"

#include "memory.h"

/* The longest that a card, and pcsc-lite, can answer. */
#define REPLY_MAX 65548u

/* ---- SCardTransmit ---- */

/* One command: what the caller gave, without handles. */
struct exchange
{
    const SCARD_IO_REQUEST *send_pci;
    const BYTE *command;
    DWORD command_length;
    SCARD_IO_REQUEST *reply_pci;
    BYTE *reply; /* with SCARD_AUTOALLOCATE, where an address goes */
    DWORD *reply_length;
};

static LONG check(const struct exchange *exchange)
{
    if (!exchange->command || !exchange->command_length || !exchange->reply ||
        !exchange->reply_length)
        return SCARD_E_INVALID_PARAMETER;
    if ((exchange->send_pci && exchange->send_pci->cbPciLength < sizeof(SCARD_IO_REQUEST)) ||
        (exchange->reply_pci && exchange->reply_pci->cbPciLength < sizeof(SCARD_IO_REQUEST)))
        return SCARD_E_PCI_TOO_SMALL;
    return SCARD_S_SUCCESS;
}

/* The protocol is the connection's; one that is named must be that. */
static LONG check_protocol(struct connection *connection, const SCARD_IO_REQUEST *pci,
                           DWORD *protocol)
{
    struct transport_status known;

    connection_known(connection, &known);
    *protocol = known.protocol;
    if (pci && known.protocol && pci->dwProtocol != known.protocol)
        return SCARD_E_PROTO_MISMATCH;
    return SCARD_S_SUCCESS;
}

/* Many programs use one buffer for both ways; the trace needs the command after the reply is there.
 * */
static LONG send_command(struct connection *connection, const BYTE *command, DWORD command_length,
                         BYTE *reply, DWORD *reply_length)
{
    BOOL overlap = command < reply + *reply_length && reply < command + command_length;
    BYTE *copy;
    LONG result;

    if (!overlap)
        return connection_transmit(connection, command, command_length, reply, reply_length);
    if (!(copy = HeapAlloc(GetProcessHeap(), 0, command_length)))
    {
        *reply_length = 0;
        return SCARD_E_NO_MEMORY;
    }
    memcpy(copy, command, command_length);
    result = connection_transmit(connection, copy, command_length, reply, reply_length);
    SecureZeroMemory(copy, command_length);
    HeapFree(GetProcessHeap(), 0, copy);
    return result;
}

static LONG send_allocating(struct connection *connection, const struct exchange *exchange)
{
    BYTE *room = HeapAlloc(GetProcessHeap(), 0, REPLY_MAX);
    DWORD length = REPLY_MAX;
    LONG result;

    if (!room)
        return SCARD_E_NO_MEMORY;
    result =
        connection_transmit(connection, exchange->command, exchange->command_length, room, &length);
    if (!result)
        result = memory_give(room, length, 1, exchange->reply, exchange->reply_length);
    SecureZeroMemory(room, length);
    HeapFree(GetProcessHeap(), 0, room);
    return result;
}

static LONG transmit(struct connection *connection, const struct exchange *exchange)
{
    DWORD protocol;
    LONG result;

    if ((result = check(exchange)) ||
        (result = check_protocol(connection, exchange->send_pci, &protocol)))
        return result;
    if (*exchange->reply_length == SCARD_AUTOALLOCATE)
        result = send_allocating(connection, exchange);
    else
        result = send_command(connection, exchange->command, exchange->command_length,
                              exchange->reply, exchange->reply_length);
    if (!result && exchange->reply_pci)
    {
        exchange->reply_pci->dwProtocol = protocol;
        exchange->reply_pci->cbPciLength = sizeof(SCARD_IO_REQUEST);
    }
    return card_result(connection, result);
}

LONG WINAPI SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *send_pci, const BYTE *command,
                          DWORD command_length, SCARD_IO_REQUEST *reply_pci, BYTE *reply,
                          DWORD *reply_length)
{
    struct exchange exchange = {send_pci, command, command_length, reply_pci, reply, reply_length};
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p, %lu bytes", (void *)card, command_length);
    if (connection)
    {
        result = transmit(connection, &exchange);
        connection_release(connection);
    }
    CALL_RETURN(result);
}

/* ---- SCardControl ---- */

static LONG control(struct connection *connection, DWORD code, const void *in, DWORD in_length,
                    void *out, DWORD out_length, DWORD *returned)
{
    DWORD length = out_length;
    LONG result;

    if ((in_length && !in) || (out_length && !out) || !returned)
        return SCARD_E_INVALID_PARAMETER;
    result = connection_control(connection, code, in, in_length, out, &length);
    if (!result)
        *returned = length;
    return card_result(connection, result);
}

LONG WINAPI SCardControl(SCARDHANDLE card, DWORD code, const void *in, DWORD in_length, void *out,
                         DWORD out_length, DWORD *returned)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p, code %lx, %lu bytes", (void *)card, code, in_length);
    if (returned)
        *returned = 0;
    if (connection)
    {
        result = control(connection, code, in, in_length, out, out_length, returned);
        connection_release(connection);
    }
    CALL_RETURN(result);
}
