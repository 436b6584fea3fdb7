/*
 * ISCard: a connection to a card, and commands sent over it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include <winscard.h>

#include "buffer.h"
#include "pcsc/connection.h"
#include "base/error.h"
#include "iso7816/exchange.h"
#include "iso7816/result.h"
#include "base/trace.h"
#include "transaction.h"
#include "values.h"

/* What the object is attached to; replaced as a whole under the lock. */
struct attached
{
    struct connection *connection; /* NULL: detached */
    BOOL owned;                    /* we made or claimed the connection, so Detach ends it */
    LONG locks;                    /* LockSCard calls not yet undone */
    DWORD removals;                /* the connection's when they were taken */
};

struct scard
{
    struct object object;
    SRWLOCK lock; /* guards the fields below, never held over a transport call */
    struct pcsc_context *context;
    struct attached attached;
};

static struct scard *impl_from_ISCard(ISCard *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct scard, object);
}

/* ---- attachment ---- */

/* Our use of a connection that stays open ends: no LockSCard waits on, no lock stays. */
static void end_use(struct scard *card, const struct attached *attached)
{
    connection_stop_begin(attached->connection, card);
    connection_give_back(attached->connection, attached->locks, attached->removals);
}

static LONG end_attachment(struct scard *card, const struct attached *attached, DWORD disposition)
{
    LONG result = SCARD_S_SUCCESS;

    if (attached->owned)
        result = connection_close(attached->connection, disposition);
    else
        end_use(card, attached);
    connection_release(attached->connection);
    return result;
}

/* Puts fresh in place of what was attached, which is returned. */
static struct attached swap_attachment(struct scard *card, struct connection *fresh, BOOL owned)
{
    struct attached old;

    AcquireSRWLockExclusive(&card->lock);
    old = card->attached;
    card->attached = (struct attached){fresh, owned, 0, 0};
    ReleaseSRWLockExclusive(&card->lock);
    return old;
}

static LONG detach(struct scard *card, DWORD disposition)
{
    struct attached old = swap_attachment(card, NULL, FALSE);

    return old.connection ? end_attachment(card, &old, disposition) : SCARD_E_INVALID_HANDLE;
}

/* The connection with a reference of the caller's own, or NULL. */
static struct connection *connection_of(struct scard *card)
{
    struct connection *connection;

    AcquireSRWLockShared(&card->lock);
    if ((connection = card->attached.connection))
        connection_retain(connection);
    ReleaseSRWLockShared(&card->lock);
    return connection;
}

/* The same with the token taken; leave_connection undoes both. */
static LONG enter_connection(struct scard *card, struct connection **out)
{
    LONG result;

    if (!(*out = connection_of(card)))
        return SCARD_E_INVALID_HANDLE;
    if ((result = connection_enter(*out)))
    {
        connection_release(*out);
        *out = NULL;
    }
    return result;
}

static void leave_connection(struct connection *connection)
{
    connection_leave(connection);
    connection_release(connection);
}

/* Counts a lock taken or given back; those from before a removal are gone. FALSE when the object
 * was attached elsewhere meanwhile. */
static BOOL count_lock(struct scard *card, const struct connection *connection, LONG change)
{
    BOOL same;

    AcquireSRWLockExclusive(&card->lock);
    if ((same = card->attached.connection == connection))
    {
        if (card->attached.removals != connection->removals)
            card->attached.locks = 0;
        card->attached.removals = connection->removals;
        card->attached.locks += change;
    }
    ReleaseSRWLockExclusive(&card->lock);
    return same;
}

/* The locks that this object has on connection, to which it is attached or not. */
static LONG locks_of(struct scard *card, const struct connection *connection)
{
    LONG locks = 0;

    AcquireSRWLockShared(&card->lock);
    if (card->attached.connection == connection && card->attached.removals == connection->removals)
        locks = card->attached.locks;
    ReleaseSRWLockShared(&card->lock);
    return locks;
}

/* The context from creation, NULL after replacing it failed; with a reference for the caller. */
static struct pcsc_context *context_of(struct scard *card)
{
    struct pcsc_context *context;

    AcquireSRWLockShared(&card->lock);
    if ((context = card->context))
        context_retain(context);
    ReleaseSRWLockShared(&card->lock);
    return context;
}

/* A new context instead of one whose resource manager is gone. */
static LONG replace_context(struct scard *card, struct pcsc_context **out)
{
    struct pcsc_context *context, *old;
    LONG result;

    if (!(result = context_open(&context)))
        context_retain(context);
    AcquireSRWLockExclusive(&card->lock);
    old = card->context;
    card->context = context;
    ReleaseSRWLockExclusive(&card->lock);
    context_release(old);
    *out = context;
    return result;
}

/* Connects over the object's context; when that one turns out to be void, over a new one. */
static LONG connect_reader(struct scard *card, const WCHAR *reader, DWORD share, DWORD protocols,
                           struct connection **out)
{
    struct pcsc_context *context = context_of(card);
    LONG result = SCARD_E_NO_SERVICE;

    *out = NULL;
    if (context)
        result = connection_open(context, reader, share, protocols, out);
    context_release(context);
    if (result_event(result) != EVENT_SERVICE_GONE || (result = replace_context(card, &context)))
        return result;
    result = connection_open(context, reader, share, protocols, out);
    context_release(context);
    return result;
}

/* ---- properties ---- */

static HRESULT WINAPI card_get_Atr(ISCard *iface, IByteBuffer **atr)
{
    struct connection *connection;
    struct transport_status known;

    TRACE("%p, %p", iface, atr);
    if (!atr)
        return E_POINTER;
    *atr = NULL;
    if (!(connection = connection_of(impl_from_ISCard(iface))))
        RETURN(SCARD_E_INVALID_HANDLE);
    connection_known(connection, &known);
    connection_release(connection);
    RETURN(bytebuffer_new(known.atr, known.atr_length, atr));
}

static HRESULT WINAPI card_get_CardHandle(ISCard *iface, HSCARD *handle)
{
    struct connection *connection;

    TRACE("%p, %p", iface, handle);
    if (!handle)
        return E_POINTER;
    *handle = 0;
    if ((connection = connection_of(impl_from_ISCard(iface))))
    {
        *handle = connection->value;
        connection_release(connection);
    }
    return S_OK;
}

static HRESULT WINAPI card_get_Context(ISCard *iface, HSCARDCONTEXT *value)
{
    struct scard *card = impl_from_ISCard(iface);

    HSCARDCONTEXT context;

    TRACE("%p, %p", iface, value);
    if (!value)
        return E_POINTER;
    AcquireSRWLockShared(&card->lock);
    context = card->context ? card->context->value : 0;
    ReleaseSRWLockShared(&card->lock);
    *value = context;
    return S_OK;
}

static HRESULT WINAPI card_get_Protocol(ISCard *iface, SCARD_PROTOCOLS *protocol)
{
    struct connection *connection;
    struct transport_status known;

    TRACE("%p, %p", iface, protocol);
    if (!protocol)
        return E_POINTER;
    *protocol = 0;
    if (!(connection = connection_of(impl_from_ISCard(iface))))
        RETURN(SCARD_E_INVALID_HANDLE);
    connection_known(connection, &known);
    connection_release(connection);
    *protocol = values_protocol(known.protocol);
    return S_OK;
}

static HRESULT WINAPI card_get_Status(ISCard *iface, SCARD_STATES *state)
{
    struct transport_status status;
    struct connection *connection;
    SCARD_PROTOCOLS protocol;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, state);
    if (!state)
        return E_POINTER;
    *state = 0;
    if (!(result = enter_connection(impl_from_ISCard(iface), &connection)))
    {
        result =
            values_card_state(connection_status(connection, &status), &status, state, &protocol);
        leave_connection(connection);
    }
    RETURN(error_hresult(result));
}

/* ---- attaching ---- */

static HRESULT WINAPI card_AttachByHandle(ISCard *iface, HSCARD handle)
{
    struct scard *card = impl_from_ISCard(iface);
    struct connection *connection;
    struct attached old = {0};
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, (void *)handle);
    if (!handle)
        RETURN(E_INVALIDARG);
    if ((result = connection_by_handle(handle, &connection)))
        RETURN(error_hresult(result));
    AcquireSRWLockExclusive(&card->lock);
    /* Attached to that very handle already, we stay what we were: its owner or not. */
    if (card->attached.connection == connection)
        old.connection = connection;
    else
    {
        old = card->attached;
        card->attached = (struct attached){connection, connection_claim(connection), 0, 0};
    }
    ReleaseSRWLockExclusive(&card->lock);
    if (old.connection == connection)
        connection_release(connection);
    else if (old.connection)
        end_attachment(card, &old, SCARD_LEAVE_CARD);
    return S_OK;
}

static HRESULT WINAPI card_AttachByReader(ISCard *iface, BSTR reader, SCARD_SHARE_MODES share,
                                          SCARD_PROTOCOLS protocols)
{
    struct scard *card = impl_from_ISCard(iface);
    struct connection *connection;
    struct attached old;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %s, %d, %#x", iface, trace_wstr(reader), share, protocols);
    if (!reader || !reader[0] || share < SC_SHARE_EXCLUSIVE || share > SC_SHARE_DIRECT)
        RETURN(E_INVALIDARG);
    detach(card, SCARD_LEAVE_CARD);
    if (!(result = connect_reader(card, reader, share, protocols, &connection)))
    {
        old = swap_attachment(card, connection, TRUE);
        if (old.connection) /* another thread attached us meanwhile */
            end_attachment(card, &old, SCARD_LEAVE_CARD);
    }
    RETURN(error_hresult(result));
}

static HRESULT WINAPI card_Detach(ISCard *iface, SCARD_DISPOSITIONS disposition)
{
    HOLD_OBJECT(iface);

    TRACE("%p, %d", iface, disposition);
    if (!values_disposition_ok(disposition))
        RETURN(E_INVALIDARG);
    RETURN(error_hresult(detach(impl_from_ISCard(iface), disposition)));
}

static HRESULT WINAPI card_ReAttach(ISCard *iface, SCARD_SHARE_MODES share,
                                    SCARD_DISPOSITIONS disposition)
{
    struct connection *connection;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %d, %d", iface, share, disposition);
    if (share < SC_SHARE_EXCLUSIVE || share > SC_SHARE_DIRECT ||
        !values_disposition_ok(disposition))
        RETURN(E_INVALIDARG);
    if (!(result = enter_connection(impl_from_ISCard(iface), &connection)))
    {
        result = connection_reconnect(connection, share, connection->protocols, disposition);
        leave_connection(connection);
    }
    RETURN(error_hresult(result));
}

/* ---- locks and commands ---- */

/* Detached, perhaps while waiting for the token: nobody would end a wait for the lock any more. */
static BOOL is_detached(const void *user, const struct connection *connection)
{
    return !count_lock((struct scard *)user, connection, 0);
}

static HRESULT WINAPI card_LockSCard(ISCard *iface)
{
    struct scard *card = impl_from_ISCard(iface);
    struct connection *connection;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p", iface);
    if (!(result = enter_connection(card, &connection)))
    {
        result = connection_begin(connection, card, is_detached);
        if (!result && !count_lock(card, connection, 1))
        {
            connection_end(connection, SCARD_LEAVE_CARD);
            result = SCARD_E_CANCELLED;
        }
        leave_connection(connection);
    }
    RETURN(error_hresult(result));
}

static HRESULT WINAPI card_UnlockSCard(ISCard *iface, SCARD_DISPOSITIONS disposition)
{
    struct scard *card = impl_from_ISCard(iface);
    struct connection *connection;
    LONG result, locks;
    HOLD_OBJECT(iface);

    TRACE("%p, %d", iface, disposition);
    if (!values_disposition_ok(disposition))
        RETURN(E_INVALIDARG);
    if (!(result = enter_connection(card, &connection)))
    {
        locks = locks_of(card, connection);
        /* A lock of another object on this handle is not ours to give back. */
        if (locks <= 0)
            result = SCARD_E_NOT_TRANSACTED;
        else if (!(result = connection_end(connection, disposition)))
            count_lock(card, connection, -1);
        else if (result == SCARD_E_NOT_TRANSACTED) /* all went with a card that was taken out */
            count_lock(card, connection, -locks);
        leave_connection(connection);
    }
    RETURN(error_hresult(result));
}

static int32_t transmit(void *context, const uint8_t *command, size_t command_length,
                        uint8_t *reply, size_t *reply_length)
{
    DWORD length = *reply_length;
    LONG result;

    result = connection_transmit(context, command, command_length, reply, &length);
    *reply_length = length;
    return result;
}

/* With the token; nobody else's object is called. */
static HRESULT send_command(struct scard *card, struct transaction *transaction)
{
    struct exchange_link link = {.transmit = transmit};
    struct connection *connection;
    HRESULT hr;
    LONG result;

    if ((result = enter_connection(card, &connection)))
        return error_hresult(result);
    link.context = connection;
    link.protocol = values_apdu_protocol(connection->known.protocol);
    hr = transaction_send(transaction, &link);
    leave_connection(connection);
    return hr;
}

static HRESULT WINAPI card_Transaction(ISCard *iface, ISCardCmd **cmd)
{
    struct transaction transaction;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, cmd);
    if (!cmd)
        return E_POINTER;
    if (!*cmd)
        RETURN(E_INVALIDARG);
    if (FAILED(hr = transaction_begin(&transaction, *cmd)))
        RETURN(hr);
    hr = send_command(impl_from_ISCard(iface), &transaction);
    RETURN(transaction_end(&transaction, hr));
}

/* ---- life ---- */

static void card_abandon(struct object *object)
{
    detach(CONTAINING_RECORD(object, struct scard, object), SCARD_LEAVE_CARD);
}

static void card_destroy(struct object *object)
{
    struct scard *card = CONTAINING_RECORD(object, struct scard, object);

    detach(card, SCARD_LEAVE_CARD); /* what a last method attached */
    context_release(card->context);
    object_fini(object);
    CoTaskMemFree(card);
}

static const ISCardVtbl card_vtbl =
{
    OBJECT_METHODS,
    card_get_Atr,
    card_get_CardHandle,
    card_get_Context,
    card_get_Protocol,
    card_get_Status,
    card_AttachByHandle,
    card_AttachByReader,
    card_Detach,
    card_LockSCard,
    card_ReAttach,
    card_Transaction,
    card_UnlockSCard,
};

static const struct object_class card_class =
{
    "ISCard", &IID_ISCard, &LIBID_SCARDSSPLib, card_abandon, card_destroy,
};

HRESULT card_create(ISCard **out)
{
    struct pcsc_context *context;
    struct scard *card;
    LONG result;

    *out = NULL;
    if ((result = context_open(&context)))
        RETURN(error_hresult(result));
    if (!(card = CoTaskMemAlloc(sizeof(*card))))
    {
        context_release(context);
        return E_OUTOFMEMORY;
    }
    ZeroMemory(card, sizeof(*card));
    InitializeSRWLock(&card->lock);
    card->context = context;
    object_init(&card->object, &card_vtbl, &card_class);
    *out = (ISCard *)&card->object;
    return S_OK;
}
