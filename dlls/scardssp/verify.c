/*
 * ISCardVerify: card holder verification (CHV, PIN).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "service.h"

#include <winscard.h>

#include "buffer.h"
#include "error.h"
#include "trace.h"

static HRESULT WINAPI verify_ChangeCode(ISCardVerify *iface, IByteBuffer *old_code,
                                        IByteBuffer *new_code, SCARD_FLAGS flags, LONG ref)
{
    BYTE *old_bytes = NULL, *new_bytes = NULL;
    DWORD old_size = 0, new_size = 0;
    struct session *session;
    HRESULT hr;
    LONG result;

    TRACE("%p, %p, %p, %#x, %ld", iface, old_code, new_code, flags, ref);
    if (FAILED(hr = service_check_flags(flags)))
        RETURN(hr);
    if (FAILED(hr = buffer_get(old_code, &old_bytes, &old_size))
        || FAILED(hr = buffer_get(new_code, &new_bytes, &new_size)))
        goto done;
    if (!(result = session_enter(service_attachment(iface), &session)))
    {
        result = icc_change_code(&session->icc, old_bytes, old_size, new_bytes, new_size, flags,
                                 ref);
        session_leave(session);
    }
    hr = error_hresult(result);

done:
    buffer_free(old_bytes, old_size);
    buffer_free(new_bytes, new_size);
    RETURN(hr);
}

/* Internal to the original: children are bound by the manager that makes them. */
static HRESULT WINAPI verify_Initialize(ISCardVerify *iface, LONG *manage)
{
    TRACE("%p, %p", iface, manage);
    return manage ? E_NOTIMPL : E_POINTER;
}

static HRESULT WINAPI verify_Unblock(ISCardVerify *iface, LONG data, SCARD_FLAGS flags, LONG ref)
{
    struct session *session;
    HRESULT hr;
    LONG result;

    TRACE("%p, %ld, %#x, %ld", iface, data, flags, ref);
    if (FAILED(hr = service_check_flags(flags)))
        RETURN(hr);
    if (!(result = session_enter(service_attachment(iface), &session)))
    {
        result = icc_unblock(&session->icc, data, flags, ref);
        session_leave(session);
    }
    RETURN(error_hresult(result));
}

static HRESULT WINAPI verify_ResetSecurityState(ISCardVerify *iface, SCARD_FLAGS flags)
{
    struct session *session;
    HRESULT hr;
    LONG result;

    TRACE("%p, %#x", iface, flags);
    if (FAILED(hr = service_check_flags(flags)))
        RETURN(hr);
    if (!(result = session_enter(service_attachment(iface), &session)))
    {
        result = icc_reset_security(&session->icc, flags);
        /* What no command can do a reset does; other programs see it, as "global" says. */
        if (result == SCARD_E_UNSUPPORTED_FEATURE)
            result = session_note(session, session_reconnect(session, SCARD_RESET_CARD));
        session_leave(session);
    }
    RETURN(error_hresult(result));
}

static HRESULT WINAPI verify_Verify(ISCardVerify *iface, IByteBuffer *code, SCARD_FLAGS flags,
                                    LONG *ref)
{
    struct session *session;
    BYTE *bytes = NULL;
    DWORD size = 0;
    HRESULT hr;
    LONG result;

    TRACE("%p, %p, %#x, %p", iface, code, flags, ref);
    if (!code && !(flags & SC_FL_IHV_CHECKONLY))
        return E_POINTER;
    if (FAILED(hr = service_check_flags(flags)) || FAILED(hr = buffer_get(code, &bytes, &size)))
        RETURN(hr);
    if (!(result = session_enter(service_attachment(iface), &session)))
    {
        result = icc_verify(&session->icc, bytes, size, flags, ref ? *ref : 0);
        session_leave(session);
    }
    buffer_free(bytes, size);
    RETURN(error_hresult(result));
}

static const ISCardVerifyVtbl verify_vtbl =
{
    OBJECT_METHODS,
    verify_ChangeCode,
    verify_Initialize,
    verify_Unblock,
    verify_ResetSecurityState,
    verify_Verify,
};

static const struct object_class verify_class =
{
    "ISCardVerify", &IID_ISCardVerify, &LIBID_SCardSSPProviderLib, service_destroy,
};

HRESULT verify_create_attached(struct attachment *attachment, ISCardVerify **out)
{
    return service_create(attachment, &verify_vtbl, &verify_class, (void **)out);
}

HRESULT verify_create(ISCardVerify **out)
{
    return verify_create_attached(NULL, out);
}
