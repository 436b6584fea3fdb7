/*
 * ISCardManage and the objects it creates: each is an object over an attachment.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "provider.h"

#include <winscard.h>

#include "base/error.h"

struct attachment *provider_attachment(void *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct provider, object)->attachment;
}

HRESULT provider_create(struct attachment *attachment, const void *vtbl,
                        const struct object_class *class, void **out)
{
    struct provider *provider;

    *out = NULL;
    if (!(provider = CoTaskMemAlloc(sizeof(*provider))))
        return E_OUTOFMEMORY;
    ZeroMemory(provider, sizeof(*provider));
    if (attachment)
        attachment_retain(attachment);
    else if (!(attachment = attachment_create()))
    {
        CoTaskMemFree(provider);
        return E_OUTOFMEMORY;
    }
    attachment_add_user(attachment);
    provider->attachment = attachment;
    object_init(&provider->object, vtbl, class);
    *out = &provider->object;
    return S_OK;
}

void provider_abandon(struct object *object)
{
    attachment_remove_user(CONTAINING_RECORD(object, struct provider, object)->attachment);
}

void provider_destroy(struct object *object)
{
    struct provider *provider = CONTAINING_RECORD(object, struct provider, object);

    attachment_release(provider->attachment);
    object_fini(object);
    CoTaskMemFree(provider);
}

/* ---- methods ---- */

static int32_t no_card(void *context, const uint8_t *command, size_t command_length, uint8_t *reply,
                       size_t *reply_length)
{
    struct visit *visit = context;

    *reply_length = 0;
    return visit->refused;
}

void provider_enter(void *iface, struct visit *visit)
{
    visit->object = object_held(iface);
    visit->refused = session_enter(provider_attachment(iface), &visit->session);
    if (visit->session)
    {
        visit->icc = &visit->session->icc;
        return;
    }
    visit->icc = &visit->stand_in;
    icc_init(visit->icc, no_card, visit, APDU_T1, NULL, 0, TRUE);
}

HRESULT provider_leave(struct visit *visit, DWORD flags, LONG result)
{
    if (visit->session)
        session_leave(visit->session);
    else
    {
        icc_fini(visit->icc);
        if (result != SC_INVALID_ARGUMENT && result != SC_OUT_OF_MEMORY)
            result = flags & SC_FL_SECURE_MESSAGING ? SCARD_E_UNSUPPORTED_FEATURE : visit->refused;
    }
    object_let_go(visit->object);
    return error_hresult(result);
}

BOOL provider_flags_ok(DWORD flags)
{
    return !(flags & ~ICC_ALL_FLAGS);
}
