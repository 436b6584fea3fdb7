/*
 * ISCardVerify: card holder verification (CHV, PIN).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "provider.h"

#include <winscard.h>

#include "buffer.h"
#include "base/trace.h"

static HRESULT WINAPI verify_ChangeCode(ISCardVerify *iface, IByteBuffer *old_code,
                                        IByteBuffer *new_code, SCARD_FLAGS flags, LONG ref)
{
    BYTE *old_bytes = NULL, *new_bytes = NULL;
    DWORD old_size = 0, new_size = 0;
    struct visit visit;
    HRESULT hr;
    LONG result;
    HOLD_OBJECT(iface);

    TRACE("%p, %p, %p, %#x, %ld", iface, old_code, new_code, flags, ref);
    if (SUCCEEDED(hr = buffer_get(old_code, &old_bytes, &old_size)) &&
        SUCCEEDED(hr = buffer_get(new_code, &new_bytes, &new_size)))
    {
        provider_enter(iface, &visit);
        result = icc_change_code(visit.icc, old_bytes, old_size, new_bytes, new_size, flags, ref);
        hr = provider_leave(&visit, flags, result);
    }
    bytestream_free(old_bytes, old_size);
    bytestream_free(new_bytes, new_size);
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
    struct visit visit;

    TRACE("%p, data hidden, %#x, %ld", iface, flags, ref); /* a program may mean a code by it */
    provider_enter(iface, &visit);
    RETURN(provider_leave(&visit, flags, icc_unblock(visit.icc, data, flags, ref)));
}

static HRESULT WINAPI verify_ResetSecurityState(ISCardVerify *iface, SCARD_FLAGS flags)
{
    struct visit visit;
    LONG result;

    TRACE("%p, %#x", iface, flags);
    provider_enter(iface, &visit);
    result = icc_reset_security(visit.icc, flags);
    /* What no command can do a reset does; other programs see it, as "global" says. */
    if (result == SCARD_E_UNSUPPORTED_FEATURE && visit.session && !(flags & SC_FL_SECURE_MESSAGING))
        result = session_note(visit.session, session_reconnect(visit.session, SCARD_RESET_CARD));
    RETURN(provider_leave(&visit, flags, result));
}

static HRESULT WINAPI verify_Verify(ISCardVerify *iface, IByteBuffer *code, SCARD_FLAGS flags,
                                    LONG *ref)
{
    struct visit visit;
    BYTE *bytes = NULL;
    DWORD size = 0;
    LONG number;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p, %#x, %p", iface, code, flags, ref);
    if (!code && !(flags & SC_FL_IHV_CHECKONLY))
        return E_POINTER;
    number = ref ? *ref : 0;
    if (FAILED(hr = buffer_get(code, &bytes, &size)))
        RETURN(hr);
    provider_enter(iface, &visit);
    hr = provider_leave(&visit, flags, icc_verify(visit.icc, bytes, size, flags, number));
    bytestream_free(bytes, size);
    RETURN(hr);
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
    "ISCardVerify", &IID_ISCardVerify, &LIBID_SCardSSPProviderLib, provider_abandon,
    provider_destroy,
};

HRESULT verify_create_attached(struct attachment *attachment, ISCardVerify **out)
{
    return provider_create(attachment, &verify_vtbl, &verify_class, (void **)out);
}

HRESULT verify_create(ISCardVerify **out)
{
    return verify_create_attached(NULL, out);
}
