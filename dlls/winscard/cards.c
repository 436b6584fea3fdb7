/*
 * Cards: connecting, locks, status, and the end of a connection.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "cards.h"

#include "memory.h"
#include "readers.h"
#include "strings.h"

/* ---- what the functions have in common ---- */

LONG card_result(const struct connection *connection, LONG result)
{
    LONG meant = call_context_result(result);

    return meant == (LONG)SCARD_E_SERVICE_STOPPED && connection->closing ? ERROR_INVALID_HANDLE
                                                                         : meant;
}

/* A connection without a protocol has none, whatever other programs have agreed on. */
static DWORD active_protocol(DWORD share, DWORD protocols, DWORD protocol)
{
    return share == SCARD_SHARE_DIRECT && !protocols ? SCARD_PROTOCOL_UNDEFINED : protocol;
}

LONG card_check_connect(DWORD share, DWORD protocols)
{
    if (share < SCARD_SHARE_EXCLUSIVE || share > SCARD_SHARE_DIRECT)
        return SCARD_E_INVALID_VALUE;
    return protocols || share == SCARD_SHARE_DIRECT ? SCARD_S_SUCCESS
                                                    : (LONG)SCARD_E_PROTO_MISMATCH;
}

/* ---- connecting ---- */

/* protocol may be NULL: Wine's tests have it so. */
static LONG connect_reader(struct pcsc_context *context, const WCHAR *reader, DWORD share,
                           DWORD protocols, SCARDHANDLE *card, DWORD *protocol)
{
    struct connection *connection;
    struct transport_status known;
    SCARDHANDLE value;
    LONG result;

    if (!reader)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = card_check_connect(share, protocols)))
        return result;
    result = call_context_result(connection_open(context, reader, share, protocols, &connection));
    if (result)
        return result;
    connection_known(connection, &known);
    value = connection->value;
    if ((result = connection_give(connection, context)))
        return result;
    if (protocol)
        *protocol = active_protocol(share, protocols, known.protocol);
    *card = value;
    return SCARD_S_SUCCESS;
}

static LONG connect_named(SCARDCONTEXT value, const void *reader, BOOL ansi, DWORD share,
                          DWORD protocols, SCARDHANDLE *card, DWORD *protocol)
{
    struct pcsc_context *context;
    WCHAR *name;
    LONG result;

    if (!card)
        return SCARD_E_INVALID_PARAMETER;
    *card = 0;
    if (protocol)
        *protocol = 0;
    if ((result = call_context(value, FALSE, &context)))
        return result;
    if (!(result = readers_take_name(context, reader, ansi, &name)))
    {
        result = connect_reader(context, name, share, protocols, card, protocol);
        TRACE("%s: %p", trace_wstr(name), (void *)*card);
        HeapFree(GetProcessHeap(), 0, name);
    }
    context_release(context);
    return result;
}

LONG WINAPI SCardConnectA(SCARDCONTEXT context, const char *reader, DWORD share, DWORD protocols,
                          SCARDHANDLE *card, DWORD *protocol)
{
    TRACE("%p share %lu protocols %lx", (void *)context, share, protocols);
    CALL_RETURN(connect_named(context, reader, TRUE, share, protocols, card, protocol));
}

LONG WINAPI SCardConnectW(SCARDCONTEXT context, const WCHAR *reader, DWORD share, DWORD protocols,
                          SCARDHANDLE *card, DWORD *protocol)
{
    TRACE("%p share %lu protocols %lx", (void *)context, share, protocols);
    CALL_RETURN(connect_named(context, reader, FALSE, share, protocols, card, protocol));
}

/* What COM's sessions on the same handle know of the card goes with it: in turn with their calls.
 * */
static LONG reconnect(struct connection *connection, DWORD share, DWORD protocols,
                      DWORD disposition, DWORD *protocol)
{
    struct transport_status known;
    LONG result;

    if ((result = card_check_connect(share, protocols)))
        return result;
    if (disposition > SCARD_UNPOWER_CARD)
        return SCARD_E_INVALID_VALUE;
    if ((result = connection_enter(connection)))
        return result;
    result = connection_reconnect(connection, share, protocols, disposition);
    connection_leave(connection);
    connection_known(connection, &known);
    if (!result && protocol)
        *protocol = active_protocol(share, protocols, known.protocol);
    return card_result(connection, result);
}

LONG WINAPI SCardReconnect(SCARDHANDLE card, DWORD share, DWORD protocols, DWORD disposition,
                           DWORD *protocol)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p share %lu protocols %lx, %lu", (void *)card, share, protocols, disposition);
    if (protocol)
        *protocol = 0;
    if (connection)
    {
        result = reconnect(connection, share, protocols, disposition, protocol);
        connection_release(connection);
    }
    CALL_RETURN(result);
}

LONG WINAPI SCardDisconnect(SCARDHANDLE card, DWORD disposition)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p, %lu", (void *)card, disposition);
    if (connection)
    {
        if (disposition > SCARD_EJECT_CARD)
            result = SCARD_E_INVALID_VALUE;
        else if (connection_close_once(connection, disposition, &result))
            result = call_context_result(result);
        else
            result = ERROR_INVALID_HANDLE;
        connection_release(connection);
    }
    CALL_RETURN(result);
}

/* ---- locks ---- */

LONG WINAPI SCardBeginTransaction(SCARDHANDLE card)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p", (void *)card);
    if (connection)
    {
        result = card_result(connection, connection_lock(connection));
        connection_release(connection);
    }
    CALL_RETURN(result);
}

LONG WINAPI SCardEndTransaction(SCARDHANDLE card, DWORD disposition)
{
    struct connection *connection = connection_find(card);
    LONG result = ERROR_INVALID_HANDLE;

    TRACE("%p, %lu", (void *)card, disposition);
    if (connection)
    {
        result = disposition > SCARD_EJECT_CARD
                     ? (LONG)SCARD_E_INVALID_VALUE
                     : card_result(connection, connection_unlock(connection, disposition));
        connection_release(connection);
    }
    CALL_RETURN(result);
}

/* ---- status ---- */

LONG card_status(struct connection *connection, struct transport_status *status)
{
    LONG result = card_result(connection, connection_ask(connection, status));

    /* A direct connection to an empty reader is one all the same. */
    if (connection->share == SCARD_SHARE_DIRECT &&
        (result == (LONG)SCARD_E_NO_SMARTCARD || result == (LONG)SCARD_W_REMOVED_CARD))
    {
        status->state = SCARD_ABSENT;
        result = SCARD_S_SUCCESS;
    }
    status->protocol = active_protocol(connection->share, connection->protocols, status->protocol);
    return result;
}

/* The name is a multi-string: all names of one reader. HeapAlloc'd; NULL: out of memory. */
static WCHAR *reader_names(const struct connection *connection, DWORD *units)
{
    WCHAR *names;

    *units = lstrlenW(connection->reader) + 2;
    if ((names = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, *units * sizeof(WCHAR))))
        lstrcpyW(names, connection->reader);
    return names;
}

/* Where a caller wants a name or an ATR, each with its length. */
struct wanted_status
{
    void *name;
    DWORD *name_length;
    BYTE *atr;
    DWORD *atr_length;
};

/* Nothing is allocated unless everything fits. */
static LONG give(const WCHAR *names, DWORD units, BOOL ansi, const struct transport_status *status,
                 const struct wanted_status *wanted)
{
    LONG result = SCARD_S_SUCCESS, atr_result = SCARD_S_SUCCESS;

    if (wanted->name_length)
        result = strings_fit(names, units, ansi, wanted->name, wanted->name_length);
    if (wanted->atr_length)
        atr_result = memory_fits(status->atr_length, wanted->atr, wanted->atr_length);
    if (!result)
        result = atr_result;
    if (!result && wanted->name_length)
        result = strings_give(names, units, ansi, wanted->name, wanted->name_length);
    if (!result && wanted->atr_length)
        result = memory_give(status->atr, status->atr_length, 1, wanted->atr, wanted->atr_length);
    return result;
}

static LONG status_of(struct connection *connection, BOOL ansi, const struct wanted_status *wanted,
                      struct transport_status *status)
{
    DWORD units;
    WCHAR *names;
    LONG result;

    if ((wanted->name && !wanted->name_length) || (wanted->atr && !wanted->atr_length))
        return SCARD_E_INVALID_PARAMETER;
    if ((result = card_status(connection, status)))
        return result;
    if (!(names = reader_names(connection, &units)))
        return SCARD_E_NO_MEMORY;
    result = give(names, units, ansi, status, wanted);
    HeapFree(GetProcessHeap(), 0, names);
    return result;
}

static LONG status_call(SCARDHANDLE card, BOOL ansi, const struct wanted_status *wanted,
                        DWORD *state, DWORD *protocol)
{
    struct connection *connection = connection_find(card);
    struct transport_status status = {0};
    LONG result = ERROR_INVALID_HANDLE;

    if (connection)
    {
        result = status_of(connection, ansi, wanted, &status);
        connection_release(connection);
    }
    if (state)
        *state = status.state;
    if (protocol)
        *protocol = status.protocol;
    return result;
}

LONG WINAPI SCardStatusA(SCARDHANDLE card, char *name, DWORD *name_length, DWORD *state,
                         DWORD *protocol, BYTE *atr, DWORD *atr_length)
{
    struct wanted_status wanted = {name, name_length, atr, atr_length};

    TRACE("%p", (void *)card);
    CALL_RETURN(status_call(card, TRUE, &wanted, state, protocol));
}

LONG WINAPI SCardStatusW(SCARDHANDLE card, WCHAR *name, DWORD *name_length, DWORD *state,
                         DWORD *protocol, BYTE *atr, DWORD *atr_length)
{
    struct wanted_status wanted = {name, name_length, atr, atr_length};

    TRACE("%p", (void *)card);
    CALL_RETURN(status_call(card, FALSE, &wanted, state, protocol));
}

/* The old form, without names. */
LONG WINAPI SCardState(SCARDHANDLE card, DWORD *state, DWORD *protocol, BYTE *atr,
                       DWORD *atr_length)
{
    struct wanted_status wanted = {NULL, NULL, atr, atr_length};

    TRACE("%p", (void *)card);
    CALL_RETURN(status_call(card, FALSE, &wanted, state, protocol));
}
