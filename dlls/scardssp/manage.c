/*
 * ISCardManage: attaching to a card or reader, and the objects that work on it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include <winscard.h>

#include "base/error.h"
#include "provider.h"
#include "base/trace.h"
#include "values.h"

/* ---- attaching ---- */

static HRESULT WINAPI manage_AttachByHandle(ISCardManage *iface, HSCARD handle)
{
    HOLD_OBJECT(iface);

    TRACE("%p, %p", iface, (void *)handle);
    RETURN(error_hresult(attachment_by_handle(provider_attachment(iface), handle)));
}

static HRESULT WINAPI manage_AttachByIFD(ISCardManage *iface, BSTR reader, SCARD_SHARE_MODES share)
{
    HOLD_OBJECT(iface);

    TRACE("%p, %s, %d", iface, trace_wstr(reader), share);
    if (!reader || !reader[0] || (share != EXCLUSIVE && share != SHARED))
        RETURN(E_INVALIDARG);
    RETURN(error_hresult(attachment_by_reader(provider_attachment(iface), reader, share)));
}

static HRESULT WINAPI manage_Detach(ISCardManage *iface)
{
    HOLD_OBJECT(iface);

    TRACE("%p", iface);
    attachment_end(provider_attachment(iface));
    return S_OK;
}

/* ---- the objects ---- */

static HRESULT WINAPI manage_CreateFileAccess(ISCardManage *iface, ISCardFileAccess **out)
{
    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    RETURN(fileaccess_create_attached(provider_attachment(iface), out));
}

static HRESULT WINAPI manage_CreateCardAuth(ISCardManage *iface, ISCardAuth **out)
{
    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    RETURN(auth_create_attached(provider_attachment(iface), out));
}

static HRESULT WINAPI manage_CreateCHVerification(ISCardManage *iface, ISCardVerify **out)
{
    TRACE("%p, %p", iface, out);
    if (!out)
        return E_POINTER;
    RETURN(verify_create_attached(provider_attachment(iface), out));
}

static const struct
{
    const WCHAR *name, *interface_name; /* for CreateInterface, in any case */
    const IID *iid;
} children[] =
{
    {L"FileAccess", L"ISCardFileAccess", &IID_ISCardFileAccess},
    {L"CardAuth", L"ISCardAuth", &IID_ISCardAuth},
    {L"CHVerification", L"ISCardVerify", &IID_ISCardVerify},
};

static const IID *iid_of_service(const WCHAR *name)
{
    unsigned i;

    for (i = 0; i < ARRAYSIZE(children); i++)
        if (!lstrcmpiW(name, children[i].name) || !lstrcmpiW(name, children[i].interface_name))
            return children[i].iid;
    return NULL;
}

static HRESULT create_service(ISCardManage *iface, const IID *iid, IUnknown **out)
{
    if (IsEqualIID(iid, &IID_ISCardFileAccess))
        return fileaccess_create_attached(provider_attachment(iface), (ISCardFileAccess **)out);
    if (IsEqualIID(iid, &IID_ISCardAuth))
        return auth_create_attached(provider_attachment(iface), (ISCardAuth **)out);
    if (IsEqualIID(iid, &IID_ISCardVerify))
        return verify_create_attached(provider_attachment(iface), (ISCardVerify **)out);
    if (IsEqualIID(iid, &IID_ISCardManage))
        return ISCardManage_QueryInterface(iface, &IID_ISCardManage, (void **)out);
    return E_NOINTERFACE;
}

static HRESULT WINAPI manage_CreateInterface(ISCardManage *iface, GUID *guid, BSTR name,
                                             LONG *user_data, IUnknown **out)
{
    const IID *iid = guid;

    TRACE("%p, %p, %s, %p, %p", iface, guid, trace_wstr(name), user_data, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!guid || IsEqualGUID(guid, &GUID_NULL))
    {
        if (!name || !name[0])
            return E_POINTER;
        if (!(iid = iid_of_service(name)))
            RETURN(E_NOTIMPL);
    }
    RETURN(create_service(iface, iid, out));
}

/* ---- the card ---- */

static HRESULT WINAPI manage_Reconnect(ISCardManage *iface)
{
    struct session *session;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p", iface);
    if (!(result = session_enter(provider_attachment(iface), &session)))
    {
        result = session_reconnect(session, SCARD_LEAVE_CARD);
        session_leave(session);
    }
    RETURN(error_hresult(result));
}

/* Recovers silently from a reset that we caused; reports any other, so that the caller
 * reconnects. */
static LONG healed_status(struct session *session, struct transport_status *status)
{
    LONG result = connection_status(session->use.connection, status);

    if (result == SCARD_W_RESET_CARD && session->own_reset &&
        !session_reconnect_card(session, SCARD_LEAVE_CARD))
        result = connection_status(session->use.connection, status);
    return session_note(session, result);
}

static HRESULT WINAPI manage_Status(ISCardManage *iface, SCARD_STATES *state,
                                    SCARD_PROTOCOLS *protocol)
{
    struct transport_status status;
    struct session *session;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %p, %p", iface, state, protocol);
    if (!state || !protocol)
        return E_POINTER;
    *state = 0;
    *protocol = 0;
    if (!(result = session_enter(provider_attachment(iface), &session)))
    {
        result = values_card_state(healed_status(session, &status), &status, state, protocol);
        session_leave(session);
    }
    RETURN(error_hresult(result));
}

static HRESULT WINAPI manage_SCardLock(ISCardManage *iface)
{
    struct session *session;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p", iface);
    if (!(result = session_enter(provider_attachment(iface), &session)))
    {
        if (!(result = session_begin(session)))
            use_add_lock(&session->use);
        session_update_exclusive(session);
        session_leave(session);
    }
    RETURN(error_hresult(result));
}

static LONG end_lock(struct session *session, DWORD disposition)
{
    LONG result = connection_end(session->use.connection, disposition);

    session->moves++;
    use_drop_lock(&session->use, result);
    if (!result && disposition != SCARD_LEAVE_CARD)
    {
        session->own_reset = TRUE;
        session_untrust(session);
    }
    return session_note(session, result);
}

/* pcsc-lite keeps the lock when the card was reset or removed: reconnects first, then ends it. A
 * reset that we did not cause is still reported to the caller. */
static LONG unlock(struct session *session, DWORD disposition)
{
    BOOL own_reset = session->own_reset;
    LONG result = end_lock(session, disposition), again;

    if (result != SCARD_W_RESET_CARD && result != SCARD_W_REMOVED_CARD)
        return result;
    if (session_reconnect_card(session, SCARD_LEAVE_CARD))
        return result;
    again = end_lock(session, disposition);
    return result == SCARD_W_RESET_CARD && own_reset ? again : result;
}

static HRESULT WINAPI manage_SCardUnlock(ISCardManage *iface, SCARD_DISPOSITIONS disposition)
{
    struct session *session;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %d", iface, disposition);
    if (!values_disposition_ok(disposition))
        RETURN(E_INVALIDARG);
    if ((result = session_enter(provider_attachment(iface), &session)))
        RETURN(error_hresult(result));
    if (session->use.locks <= 0)
    {
        session->use.lost_locks = 0;
        result = SCARD_E_NOT_TRANSACTED;
    }
    else
        result = unlock(session, disposition);
    session_update_exclusive(session);
    session_leave(session);
    RETURN(error_hresult(result));
}

/* ---- life ---- */

static const ISCardManageVtbl manage_vtbl =
{
    OBJECT_METHODS,
    manage_AttachByHandle,
    manage_AttachByIFD,
    manage_CreateFileAccess,
    manage_CreateCardAuth,
    manage_CreateCHVerification,
    manage_Detach,
    manage_SCardLock,
    manage_Reconnect,
    manage_Status,
    manage_SCardUnlock,
    manage_CreateInterface,
};

static const struct object_class manage_class =
{
    "ISCardManage", &IID_ISCardManage, &LIBID_SCardSSPProviderLib, provider_abandon,
    provider_destroy,
};

HRESULT manage_create(ISCardManage **out)
{
    return provider_create(NULL, &manage_vtbl, &manage_class, (void **)out);
}
