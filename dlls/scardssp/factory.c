/*
 * The class factory that each class has.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include "classes.h"
#include "base/module.h"
#include "base/trace.h"

static const struct module_class *class_of(IClassFactory *iface)
{
    return CONTAINING_RECORD(iface, struct module_class, IClassFactory_iface);
}

static HRESULT WINAPI factory_QueryInterface(IClassFactory *iface, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    IClassFactory_AddRef(iface);
    *out = iface;
    return S_OK;
}

/* The object is static: what is counted is the use of the module. */
static ULONG WINAPI factory_AddRef(IClassFactory *iface)
{
    module_retain();
    return 2;
}

static ULONG WINAPI factory_Release(IClassFactory *iface)
{
    module_release();
    return 1;
}

static HRESULT WINAPI factory_CreateInstance(IClassFactory *iface, IUnknown *outer, REFIID iid,
                                             void **out)
{
    IUnknown *object;
    HRESULT hr;

    TRACE("%ls, %p", class_of(iface)->name, outer);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (outer)
        RETURN(CLASS_E_NOAGGREGATION);
    if (FAILED(hr = class_of(iface)->create((void **)&object)))
        RETURN(hr);
    hr = IUnknown_QueryInterface(object, iid, out);
    IUnknown_Release(object);
    RETURN(hr);
}

static HRESULT WINAPI factory_LockServer(IClassFactory *iface, BOOL lock)
{
    if (lock)
        module_retain();
    else
        module_release();
    return S_OK;
}

IClassFactoryVtbl factory_vtbl =
{
    factory_QueryInterface,
    factory_AddRef,
    factory_Release,
    factory_CreateInstance,
    factory_LockServer,
};
