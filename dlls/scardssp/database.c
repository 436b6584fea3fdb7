/*
 * ISCardDatabase: the card database and the readers. Not written yet.
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

static HRESULT WINAPI database_GetProviderCardId(ISCardDatabase *iface, BSTR card, GUID **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("GetProviderCardId");
}

static HRESULT WINAPI database_ListCardInterfaces(ISCardDatabase *iface, BSTR card, SAFEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ListCardInterfaces");
}

static HRESULT WINAPI database_ListCards(ISCardDatabase *iface, IByteBuffer *atr,
                                         SAFEARRAY *interfaces, LONG locale, SAFEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ListCards");
}

static HRESULT WINAPI database_ListReaderGroups(ISCardDatabase *iface, LONG locale, SAFEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ListReaderGroups");
}

static HRESULT WINAPI database_ListReaders(ISCardDatabase *iface, LONG locale, SAFEARRAY **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    return not_implemented("ListReaders");
}

static const ISCardDatabaseVtbl database_vtbl =
{
    OBJECT_METHODS,
    database_GetProviderCardId,
    database_ListCardInterfaces,
    database_ListCards,
    database_ListReaderGroups,
    database_ListReaders,
};

static void database_destroy(struct object *object)
{
    object_fini(object);
    CoTaskMemFree(object);
}

static const struct object_class database_class =
{
    "ISCardDatabase", &IID_ISCardDatabase, &LIBID_SCARDSSPLib, database_destroy,
};

HRESULT database_create(ISCardDatabase **out)
{
    struct object *object;

    *out = NULL;
    if (!(object = CoTaskMemAlloc(sizeof(*object))))
        return E_OUTOFMEMORY;
    ZeroMemory(object, sizeof(*object));
    object_init(object, &database_vtbl, &database_class);
    *out = (ISCardDatabase *)object;
    return S_OK;
}
