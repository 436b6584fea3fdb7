/*
 * ISCard: a connection to a card, and commands sent over it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include <winscard.h>

#include "buffer.h"
#include "pcsc/use.h"
#include "base/error.h"
#include "iso7816/exchange.h"
#include "iso7816/result.h"
#include "base/trace.h"
#include "transaction.h"
#include "values.h"

struct scard
{
    struct object object;
    SRWLOCK lock; /* for the fields below; never held during a transport call */
    struct pcsc_context *context;
    struct use use; /* the present attachment; replaced as a whole */
};

static struct scard *impl_from_ISCard(ISCard *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct scard, object);
}

/* ---- attachment ---- */

/* Ends our use of a connection: no LockSCard keeps waiting, no lock stays behind. */
static LONG end_attachment(struct scard *card, struct use *use, DWORD disposition)
{
    LONG result = use_stop(use, card, disposition);

    use_end(use);
    return result;
}

/* Replaces the attachment by fresh and ends the old one. */
static LONG replace_attachment(struct scard *card, const struct use *fresh, DWORD disposition)
{
    struct use old;

    AcquireSRWLockExclusive(&card->lock);
    old = card->use;
    card->use = *fresh;
    ReleaseSRWLockExclusive(&card->lock);
    return old.connection ? end_attachment(card, &old, disposition) : SCARD_E_INVALID_HANDLE;
}

static LONG detach(struct scard *card, DWORD disposition)
{
    static const struct use none;

    return replace_attachment(card, &none, disposition);
}

/* The connection with a reference for the caller, or NULL. */
static struct connection *connection_of(struct scard *card)
{
    struct connection *connection;

    AcquireSRWLockShared(&card->lock);
    if ((connection = card->use.connection))
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

/* Counts a lock taken. Returns FALSE when the object was meanwhile attached elsewhere. */
static BOOL add_lock(struct scard *card, const struct connection *connection)
{
    BOOL same;

    AcquireSRWLockExclusive(&card->lock);
    if ((same = card->use.connection == connection))
        use_add_lock(&card->use);
    ReleaseSRWLockExclusive(&card->lock);
    return same;
}

/* Counts the end of a lock, unless the object was meanwhile attached elsewhere. */
static void drop_lock(struct scard *card, const struct connection *connection, LONG result)
{
    AcquireSRWLockExclusive(&card->lock);
    if (card->use.connection == connection)
        use_drop_lock(&card->use, result);
    ReleaseSRWLockExclusive(&card->lock);
}

/* The locks that this object holds on connection, 0 when it is not attached to it. */
static LONG locks_of(struct scard *card, const struct connection *connection)
{
    LONG locks = 0;

    AcquireSRWLockShared(&card->lock);
    if (card->use.connection == connection)
        locks = use_locks(&card->use);
    ReleaseSRWLockShared(&card->lock);
    return locks;
}

/* The context from creation, with a reference for the caller; NULL after a failed replacement. */
static struct pcsc_context *context_of(struct scard *card)
{
    struct pcsc_context *context;

    AcquireSRWLockShared(&card->lock);
    if ((context = card->context))
        context_retain(context);
    ReleaseSRWLockShared(&card->lock);
    return context;
}

/* Makes a new context in place of one whose resource manager is gone. */
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

/* Connects over the object's context or, if that turns out to be void, over a new one. */
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
    struct use old = {0};
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, (void *)handle);
    if (!handle)
        RETURN(E_INVALIDARG);
    if ((result = connection_by_handle(handle, &connection)))
        RETURN(error_hresult(result));
    AcquireSRWLockExclusive(&card->lock);
    /* When already attached to this handle we remain what we were: its owner or not. */
    if (card->use.connection != connection)
    {
        old = card->use;
        use_begin(&card->use, connection, connection_claim(connection));
    }
    ReleaseSRWLockExclusive(&card->lock);
    if (old.connection)
        end_attachment(card, &old, SCARD_LEAVE_CARD);
    connection_release(connection);
    return S_OK;
}

static HRESULT WINAPI card_AttachByReader(ISCard *iface, BSTR reader, SCARD_SHARE_MODES share,
                                          SCARD_PROTOCOLS protocols)
{
    struct scard *card = impl_from_ISCard(iface);
    struct connection *connection;
    struct use fresh;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %s, %d, %#x", iface, trace_wstr(reader), share, protocols);
    if (!reader || !reader[0] || share < SC_SHARE_EXCLUSIVE || share > SC_SHARE_DIRECT)
        RETURN(E_INVALIDARG);
    detach(card, SCARD_LEAVE_CARD);
    if (!(result = connect_reader(card, reader, share, protocols, &connection)))
    {
        use_begin(&fresh, connection, TRUE);
        connection_release(connection);
        /* Another thread may have attached us meanwhile. */
        replace_attachment(card, &fresh, SCARD_LEAVE_CARD);
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

/* True when detached, perhaps while waiting for the token: nobody would then end a wait for the
 * lock. */
static BOOL is_detached(const void *user, const struct connection *connection)
{
    struct scard *card = (struct scard *)user;
    BOOL detached;

    AcquireSRWLockShared(&card->lock);
    detached = card->use.connection != connection;
    ReleaseSRWLockShared(&card->lock);
    return detached;
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
        if (!result && !add_lock(card, connection))
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
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %d", iface, disposition);
    if (!values_disposition_ok(disposition))
        RETURN(E_INVALIDARG);
    if (!(result = enter_connection(card, &connection)))
    {
        /* A lock of another object on this handle is not ours to release. */
        if (locks_of(card, connection) <= 0)
            result = SCARD_E_NOT_TRANSACTED;
        else
            drop_lock(card, connection, result = connection_end(connection, disposition));
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

/* Sends under the token, without calling any external object. */
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

    detach(card, SCARD_LEAVE_CARD); /* attached by a last method */
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
