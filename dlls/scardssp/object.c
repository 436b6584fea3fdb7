/*
 * IUnknown, IDispatch and the free-threaded marshaller of all classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include <stdio.h>

#include "invoke.h"
#include "base/module.h"
#include "base/trace.h"
#include "typeinfo.h"

static struct object *impl_from_IDispatch(IDispatch *iface)
{
    return (struct object *)iface;
}

void object_init(struct object *object, const void *vtbl, const struct object_class *class)
{
    object->vtbl = vtbl;
    object->refs = 1;
    object->holds = 1;
    object->class = class;
    module_retain();
}

void object_fini(struct object *object)
{
    if (object->marshaller)
        IUnknown_Release(object->marshaller);
    module_release();
}

/* ---- IUnknown ---- */

static HRESULT query_marshal(struct object *object, void **out)
{
    IUnknown *marshaller;
    HRESULT hr;

    if (!InterlockedCompareExchangePointer((void **)&object->marshaller, NULL, NULL))
    {
        if (FAILED(hr = CoCreateFreeThreadedMarshaler((IUnknown *)object, &marshaller)))
            return hr;
        /* Another thread may have been faster. */
        if (InterlockedCompareExchangePointer((void **)&object->marshaller, marshaller, NULL))
            IUnknown_Release(marshaller);
    }
    return IUnknown_QueryInterface(object->marshaller, &IID_IMarshal, out);
}

HRESULT WINAPI object_QueryInterface(IDispatch *iface, REFIID riid, void **out)
{
    struct object *object = impl_from_IDispatch(iface);

    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!riid)
        return E_INVALIDARG;
    if (IsEqualIID(riid, &IID_IMarshal))
        return query_marshal(object, out);
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IDispatch) &&
        !IsEqualIID(riid, object->class->iid))
        return E_NOINTERFACE;
    IDispatch_AddRef(iface);
    *out = iface;
    return S_OK;
}

ULONG WINAPI object_AddRef(IDispatch *iface)
{
    return InterlockedIncrement(&impl_from_IDispatch(iface)->refs);
}

ULONG WINAPI object_Release(IDispatch *iface)
{
    struct object *object = impl_from_IDispatch(iface);
    ULONG refs = InterlockedDecrement(&object->refs);

    if (!refs)
    {
        TRACE("%s %p ends", object->class->name, object);
        /* The code below may take and release references: it must not get here twice. */
        object->refs = 1;
        if (object->class->abandon)
            object->class->abandon(object);
        object_let_go(object);
    }
    return refs;
}

void object_hold(struct object *object)
{
    InterlockedIncrement(&object->holds);
}

void object_let_go(struct object *object)
{
    if (!InterlockedDecrement(&object->holds))
        object->class->destroy(object);
}

/* ---- IDispatch ---- */

HRESULT WINAPI object_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    if (!count)
        return E_POINTER;
    *count = 1;
    return S_OK;
}

HRESULT WINAPI object_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid, ITypeInfo **info)
{
    const struct object_class *class = impl_from_IDispatch(iface)->class;
    HRESULT hr;

    if (!info)
        return E_POINTER;
    *info = NULL;
    if (index)
        return DISP_E_BADINDEX;
    if (SUCCEEDED(hr = typeinfo_get(class->library, class->iid, info)))
        ITypeInfo_AddRef(*info);
    return hr;
}

HRESULT WINAPI object_GetIDsOfNames(IDispatch *iface, REFIID riid, LPOLESTR *names, UINT count,
                                    LCID lcid, DISPID *ids)
{
    const struct object_class *class = impl_from_IDispatch(iface)->class;
    ITypeInfo *info;
    HRESULT hr;

    if (!names || !ids)
        return E_POINTER;
    if (!count)
        return E_INVALIDARG;
    if (riid && !IsEqualIID(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (FAILED(hr = typeinfo_get(class->library, class->iid, &info)))
        return hr;
    return ITypeInfo_GetIDsOfNames(info, names, count, ids);
}

/* The text that a script shows about a failed method, unless the method has provided one. */
static void describe(const struct object_class *class, EXCEPINFO *exception)
{
    WCHAR text[64];

    if (!exception->bstrSource)
    {
        swprintf(text, ARRAYSIZE(text), L"SCardSSP.%hs", class->name);
        exception->bstrSource = SysAllocString(text);
    }
    if (!exception->bstrDescription)
    {
        swprintf(text, ARRAYSIZE(text), L"%hs", trace_hr(exception->scode));
        exception->bstrDescription = SysAllocString(text);
    }
}

HRESULT WINAPI object_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid, WORD flags,
                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                             UINT *bad_argument)
{
    const struct object_class *class = impl_from_IDispatch(iface)->class;
    ITypeInfo *info;
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%s %p, id %ld, flags %#x", class->name, iface, id, flags);
    if (!params)
        return E_INVALIDARG;
    if (riid && !IsEqualIID(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (FAILED(hr = typeinfo_get(class->library, class->iid, &info)))
        return hr;
    hr = invoke_method(info, iface, id, flags, params, result, exception, bad_argument);
    if (hr == DISP_E_EXCEPTION && exception)
        describe(class, exception);
    RETURN(hr);
}
