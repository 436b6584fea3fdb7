/*
 * ISCardAuth: authentication of the application, the card and the user.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "provider.h"

#include <winscard.h>

#include "buffer.h"
#include "base/trace.h"

/* The inputs of one method, copied from the caller's buffers; wiped at its end. */
struct inputs
{
    BYTE *param, *data;
    DWORD param_size, data_size;
};

static HRESULT get_inputs(struct inputs *inputs, IByteBuffer *param, IByteBuffer *data)
{
    HRESULT hr;

    ZeroMemory(inputs, sizeof(*inputs));
    if (SUCCEEDED(hr = buffer_get(param, &inputs->param, &inputs->param_size)))
        hr = buffer_get(data, &inputs->data, &inputs->data_size);
    return hr;
}

static void free_inputs(struct inputs *inputs)
{
    bytestream_free(inputs->param, inputs->param_size);
    bytestream_free(inputs->data, inputs->data_size);
}

/* Puts a result's bytes into the caller's buffer, or into a new one. */
static HRESULT put_output(HRESULT hr, uint8_t *bytes, int32_t count, LONG *length,
                          IByteBuffer **buffer)
{
    *length = 0;
    if (SUCCEEDED(hr) && SUCCEEDED(hr = buffer_put(buffer, bytes, count)))
        *length = count;
    icc_free(bytes);
    return hr;
}

static HRESULT WINAPI auth_APP_Auth(ISCardAuth *iface, LONG algo, IByteBuffer *param,
                                    IByteBuffer *buffer)
{
    struct visit visit;
    struct inputs inputs;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %#lx, %p, %p", iface, algo, param, buffer);
    if (!buffer)
        return E_POINTER;
    if (SUCCEEDED(hr = get_inputs(&inputs, param, buffer)))
    {
        provider_enter(iface, &visit);
        hr = provider_leave(&visit, 0,
                            icc_external_authenticate(visit.icc, algo, inputs.param,
                                                      inputs.param_size, inputs.data,
                                                      inputs.data_size));
    }
    free_inputs(&inputs);
    RETURN(hr);
}

static HRESULT WINAPI auth_GetChallenge(ISCardAuth *iface, LONG algo, IByteBuffer *param,
                                        LONG *length, IByteBuffer **buffer)
{
    struct visit visit;
    struct inputs inputs;
    uint8_t *bytes = NULL;
    int32_t count;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %#lx, %p, %p, %p", iface, algo, param, length, buffer);
    if (!length || !buffer)
        return E_POINTER;
    count = *length;
    if (SUCCEEDED(hr = get_inputs(&inputs, param, NULL)))
    {
        provider_enter(iface, &visit);
        hr = provider_leave(
            &visit, 0,
            icc_get_challenge(visit.icc, algo, inputs.param, inputs.param_size, &count, &bytes));
    }
    free_inputs(&inputs);
    RETURN(put_output(hr, bytes, count, length, buffer));
}

/* ICC_Auth and User_Auth pass the same arguments to different operations of icc. */
static HRESULT answer_data(ISCardAuth *iface, LONG algo, IByteBuffer *param, LONG *length,
                           IByteBuffer **buffer,
                           int32_t (*operation)(struct icc *, int32_t, const uint8_t *, size_t,
                                                const uint8_t *, size_t, int32_t *, uint8_t **))
{
    struct visit visit;
    struct inputs inputs;
    uint8_t *bytes = NULL;
    int32_t count;
    HRESULT hr;
    HOLD_OBJECT(iface);

    if (!length || !buffer)
        return E_POINTER;
    count = *length;
    if (SUCCEEDED(hr = get_inputs(&inputs, param, *buffer)))
    {
        provider_enter(iface, &visit);
        hr = provider_leave(&visit, 0,
                            operation(visit.icc, algo, inputs.param, inputs.param_size, inputs.data,
                                      inputs.data_size, &count, &bytes));
    }
    free_inputs(&inputs);
    /* Where the card answers nothing the caller's data stay. */
    if (SUCCEEDED(hr) && !bytes)
    {
        *length = 0;
        return hr;
    }
    return put_output(hr, bytes, count, length, buffer);
}

static HRESULT WINAPI auth_ICC_Auth(ISCardAuth *iface, LONG algo, IByteBuffer *param, LONG *length,
                                    IByteBuffer **buffer)
{
    TRACE("%p, %#lx, %p, %p, %p", iface, algo, param, length, buffer);
    RETURN(answer_data(iface, algo, param, length, buffer, icc_internal_authenticate));
}

/* Internal to the original; here the manager binds the children that it creates. */
static HRESULT WINAPI auth_Initialize(ISCardAuth *iface, LONG *manage)
{
    TRACE("%p, %p", iface, manage);
    return manage ? E_NOTIMPL : E_POINTER;
}

static HRESULT WINAPI auth_User_Auth(ISCardAuth *iface, LONG algo, IByteBuffer *param, LONG *length,
                                     IByteBuffer **buffer)
{
    TRACE("%p, %#lx, %p, %p, %p", iface, algo, param, length, buffer);
    RETURN(answer_data(iface, algo, param, length, buffer, icc_user_authenticate));
}

static const ISCardAuthVtbl auth_vtbl =
{
    OBJECT_METHODS,
    auth_APP_Auth,
    auth_GetChallenge,
    auth_ICC_Auth,
    auth_Initialize,
    auth_User_Auth,
};

static const struct object_class auth_class =
{
    "ISCardAuth", &IID_ISCardAuth, &LIBID_SCardSSPProviderLib, provider_abandon, provider_destroy,
};

HRESULT auth_create_attached(struct attachment *attachment, ISCardAuth **out)
{
    return provider_create(attachment, &auth_vtbl, &auth_class, (void **)out);
}

HRESULT auth_create(ISCardAuth **out)
{
    return auth_create_attached(NULL, out);
}
