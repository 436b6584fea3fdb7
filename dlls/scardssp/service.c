/*
 * ISCardManage and the objects it creates: each is an object over an attachment.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "service.h"

#include <winscard.h>

#define DEFINED_FLAGS 0xffffu

struct attachment *service_attachment(void *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct service, object)->attachment;
}

HRESULT service_create(struct attachment *attachment, const void *vtbl,
                       const struct object_class *class, void **out)
{
    struct service *service;

    *out = NULL;
    if (!(service = CoTaskMemAlloc(sizeof(*service))))
        return E_OUTOFMEMORY;
    ZeroMemory(service, sizeof(*service));
    if (attachment)
        attachment_retain(attachment);
    else if (!(attachment = attachment_create()))
    {
        CoTaskMemFree(service);
        return E_OUTOFMEMORY;
    }
    service->attachment = attachment;
    object_init(&service->object, vtbl, class);
    *out = &service->object;
    return S_OK;
}

void service_destroy(struct object *object)
{
    struct service *service = CONTAINING_RECORD(object, struct service, object);

    attachment_release(service->attachment);
    object_fini(object);
    CoTaskMemFree(service);
}

HRESULT service_check_flags(DWORD flags)
{
    if (flags & ~DEFINED_FLAGS)
        return E_INVALIDARG;
    return flags & SC_FL_SECURE_MESSAGING ? (HRESULT)SCARD_E_UNSUPPORTED_FEATURE : S_OK;
}
