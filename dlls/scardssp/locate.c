/*
 * ISCardLocate: finds a card by its names or interfaces. Not written yet.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include "trace.h"

static HRESULT not_implemented(const char *method)
{
    FIXME("%s is not implemented", method);
    return E_NOTIMPL;
}

static HRESULT WINAPI locate_ConfigureCardGuidSearch(ISCardLocate *iface, SAFEARRAY *guids,
                                                     SAFEARRAY *groups, BSTR title, LONG flags)
{
    return not_implemented("ConfigureCardGuidSearch");
}

static HRESULT WINAPI locate_ConfigureCardNameSearch(ISCardLocate *iface, SAFEARRAY *names,
                                                     SAFEARRAY *groups, BSTR title, LONG flags)
{
    return not_implemented("ConfigureCardNameSearch");
}

static HRESULT WINAPI locate_FindCard(ISCardLocate *iface, SCARD_SHARE_MODES share,
                                      SCARD_PROTOCOLS protocols, LONG flags, SCARDINFO **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("FindCard");
}

static const ISCardLocateVtbl locate_vtbl =
{
    OBJECT_METHODS,
    locate_ConfigureCardGuidSearch,
    locate_ConfigureCardNameSearch,
    locate_FindCard,
};

static void locate_destroy(struct object *object)
{
    object_fini(object);
    CoTaskMemFree(object);
}

static const struct object_class locate_class =
{
    "ISCardLocate", &IID_ISCardLocate, &LIBID_SCARDSSPLib, locate_destroy,
};

HRESULT locate_create(ISCardLocate **out)
{
    struct object *object;

    *out = NULL;
    if (!(object = CoTaskMemAlloc(sizeof(*object))))
        return E_OUTOFMEMORY;
    ZeroMemory(object, sizeof(*object));
    object_init(object, &locate_vtbl, &locate_class);
    *out = (ISCardLocate *)object;
    return S_OK;
}
