/*
 * IDispatch::Invoke over type information, where ITypeInfo::Invoke alone is not enough.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "invoke.h"

#define MAX_PARAMETERS 8
#define NO_SOURCE      (~0u)

/* One call: the caller's arguments, and those that are passed on in their place. */
struct call
{
    ITypeInfo *info;
    FUNCDESC *function;
    const DISPPARAMS *params;
    UINT count;                       /* parameters without the return value */
    UINT sources[MAX_PARAMETERS];     /* index into params, for each parameter */
    VARIANT *objects[MAX_PARAMETERS]; /* the caller's variable behind slots[], for each parameter */
    IUnknown *slots[MAX_PARAMETERS];  /* objects passed by reference */
    BOOL slotted[MAX_PARAMETERS];
    BOOL single[MAX_PARAMETERS];  /* a pointer to one byte, whatever the count beside it says */
    VARIANT args[MAX_PARAMETERS]; /* in reverse order, as ITypeInfo::Invoke expects */
};

static const ELEMDESC *parameter(const struct call *call, UINT i)
{
    return &call->function->lprgelemdescParam[i];
}

/* ---- types ---- */

/* Finds the kind of a user-defined type and its GUID. */
static HRESULT resolve(ITypeInfo *info, HREFTYPE reference, TYPEKIND *kind, GUID *guid)
{
    ITypeInfo *type;
    TYPEATTR *attr;
    HRESULT hr;

    if (FAILED(hr = ITypeInfo_GetRefTypeInfo(info, reference, &type)))
        return hr;
    if (SUCCEEDED(hr = ITypeInfo_GetTypeAttr(type, &attr)))
    {
        *kind = attr->typekind;
        *guid = attr->guid;
        ITypeInfo_ReleaseTypeAttr(type, attr);
    }
    ITypeInfo_Release(type);
    return hr;
}

/* True when type is a pointer to an interface, whose IID is returned. */
static BOOL is_object(ITypeInfo *info, const TYPEDESC *type, GUID *iid)
{
    TYPEKIND kind;

    return type->vt == VT_PTR && type->lptdesc->vt == VT_USERDEFINED &&
           SUCCEEDED(resolve(info, type->lptdesc->hreftype, &kind, iid)) &&
           (kind == TKIND_INTERFACE || kind == TKIND_DISPATCH);
}

/* True when type is a pointer to a pointer to an interface, whose IID is returned. */
static BOOL is_object_reference(ITypeInfo *info, const TYPEDESC *type, GUID *iid)
{
    return type->vt == VT_PTR && is_object(info, type->lptdesc, iid);
}

/* The type of the number that type points to, VT_EMPTY when it is no pointer to a number. */
static VARTYPE pointed_number(ITypeInfo *info, const TYPEDESC *type)
{
    TYPEKIND kind;
    GUID guid;

    if (type->vt != VT_PTR)
        return VT_EMPTY;
    switch (type->lptdesc->vt)
    {
    case VT_I1: case VT_UI1: case VT_I2: case VT_UI2: case VT_I4: case VT_UI4:
    case VT_I8: case VT_UI8: case VT_INT:
    case VT_UINT: return type->lptdesc->vt;
    case VT_USERDEFINED:
        if (SUCCEEDED(resolve(info, type->lptdesc->hreftype, &kind, &guid)) && kind == TKIND_ENUM)
            return VT_I4;
    }
    return VT_EMPTY;
}

/* ---- arguments ---- */

static BOOL is_left_out(const VARIANT *value)
{
    if (V_VT(value) == (VT_BYREF | VT_VARIANT) && V_VARIANTREF(value))
        value = V_VARIANTREF(value);
    return V_VT(value) == VT_ERROR && V_ERROR(value) == DISP_E_PARAMNOTFOUND;
}

/* The number of unnamed arguments, which belong to the first parameters. */
static UINT positional_count(const struct call *call)
{
    return call->params->cArgs - call->params->cNamedArgs;
}

/* The parameter of named argument j; count or more when there is none. */
static UINT named_parameter(const struct call *call, UINT j)
{
    DISPID id = call->params->rgdispidNamedArgs[j];

    if (id == DISPID_PROPERTYPUT)
        return call->function->invkind == INVOKE_PROPERTYPUT ? call->count - 1 : NO_SOURCE;
    return (UINT)id;
}

/* The index of the argument for parameter i. */
static UINT source_of(const struct call *call, UINT i)
{
    UINT j;

    if (i < positional_count(call))
        return call->params->cArgs - 1 - i;
    for (j = 0; j < call->params->cNamedArgs; j++)
        if (named_parameter(call, j) == i)
            return j;
    return NO_SOURCE;
}

/* Fills in a NULL of the parameter's type; FALSE when that is neither an object nor an array. */
static BOOL fill_null(const TYPEDESC *type, VARIANT *arg)
{
    if (type->vt == VT_PTR)
    {
        V_VT(arg) = VT_DISPATCH;
        V_DISPATCH(arg) = NULL;
    }
    else if (type->vt == VT_SAFEARRAY)
    {
        V_VT(arg) = VT_ARRAY | type->lptdesc->vt;
        V_ARRAY(arg) = NULL;
    }
    return type->vt == VT_PTR || type->vt == VT_SAFEARRAY;
}

/* True for Nothing, null, or a variable that was never set. */
static BOOL is_nothing(const VARIANT *value)
{
    if (V_VT(value) == (VT_BYREF | VT_VARIANT) && V_VARIANTREF(value))
        value = V_VARIANTREF(value);
    return V_VT(value) == VT_EMPTY || V_VT(value) == VT_NULL ||
           ((V_VT(value) == VT_DISPATCH || V_VT(value) == VT_UNKNOWN) && !V_UNKNOWN(value));
}

/* Fills in an argument that was omitted. */
static HRESULT fill_omitted(struct call *call, UINT i, BOOL explicitly, VARIANT *arg)
{
    const TYPEDESC *type = &parameter(call, i)->tdesc;
    USHORT flags = parameter(call, i)->paramdesc.wParamFlags;
    VARTYPE number = pointed_number(call->info, type);

    if (!(flags & PARAMFLAG_FOPT))
        return explicitly ? DISP_E_PARAMNOTOPTIONAL : DISP_E_BADPARAMCOUNT;
    if (!(flags & PARAMFLAG_FHASDEFAULT) && number)
    {
        V_VT(arg) = VT_BYREF | number;
        V_BYREF(arg) = NULL;
    }
    else if ((flags & PARAMFLAG_FHASDEFAULT) || !fill_null(type, arg))
    {
        V_VT(arg) = VT_ERROR;
        V_ERROR(arg) = DISP_E_PARAMNOTFOUND;
    }
    return S_OK;
}

/* Passes an object by reference: the method gets a slot of ours with the interface that it
 * expects. */
static HRESULT pass_object(struct call *call, UINT i, const GUID *iid, VARIANT *source,
                           VARIANT *arg)
{
    USHORT flags = parameter(call, i)->paramdesc.wParamFlags;
    VARIANT *variable = source;
    IUnknown *object = NULL;

    if (V_VT(source) == (VT_BYREF | VT_VARIANT))
        variable = V_VARIANTREF(source);
    switch (V_VT(variable))
    {
    case VT_EMPTY: break;
    case VT_DISPATCH:
    case VT_UNKNOWN: object = V_UNKNOWN(variable); break;
    case VT_BYREF | VT_DISPATCH:
    case VT_BYREF | VT_UNKNOWN:
        if (!V_UNKNOWNREF(variable))
            return DISP_E_TYPEMISMATCH;
        object = *V_UNKNOWNREF(variable);
        break;
    default: return DISP_E_TYPEMISMATCH;
    }
    if ((flags & PARAMFLAG_FIN) && object &&
        FAILED(IUnknown_QueryInterface(object, iid, (void **)&call->slots[i])))
        return DISP_E_TYPEMISMATCH;
    if (variable != source || V_ISBYREF(variable))
        call->objects[i] = variable;
    call->slotted[i] = TRUE;
    V_VT(arg) = VT_BYREF | VT_DISPATCH;
    V_UNKNOWNREF(arg) = &call->slots[i];
    return S_OK;
}

/* FALSE for an object without the expected interface: ITypeInfo::Invoke would return E_NOINTERFACE,
 * which scripts attribute to the object that they call. */
static BOOL has_interface(const VARIANT *source, const GUID *iid)
{
    IUnknown *object = NULL, *wanted;

    if (V_VT(source) == (VT_BYREF | VT_VARIANT))
        source = V_VARIANTREF(source);
    if (V_VT(source) == VT_DISPATCH || V_VT(source) == VT_UNKNOWN)
        object = V_UNKNOWN(source);
    else if (V_VT(source) == (VT_BYREF | VT_DISPATCH) || V_VT(source) == (VT_BYREF | VT_UNKNOWN))
        object = *V_UNKNOWNREF(source);
    if (!object)
        return TRUE;
    if (FAILED(IUnknown_QueryInterface(object, iid, (void **)&wanted)))
        return FALSE;
    IUnknown_Release(wanted);
    return TRUE;
}

/* Passes a number through a script's variable, which takes on the number's type. */
static HRESULT pass_variable(struct call *call, UINT i, VARTYPE number, VARIANT *variable,
                             VARIANT *arg)
{
    USHORT flags = parameter(call, i)->paramdesc.wParamFlags;

    if (V_VT(variable) == VT_EMPTY || !(flags & PARAMFLAG_FIN))
    {
        VariantClear(variable);
        V_VT(variable) = number;
        V_UI8(variable) = 0;
    }
    else if (V_ISBYREF(variable) || FAILED(VariantChangeType(variable, variable, 0, number)))
        return DISP_E_TYPEMISMATCH;
    V_VT(arg) = VT_BYREF | number;
    V_BYREF(arg) = &V_UI8(variable);
    return S_OK;
}

static HRESULT pass_argument(struct call *call, UINT i, VARIANT *source, VARIANT *arg)
{
    const TYPEDESC *type = &parameter(call, i)->tdesc;
    VARTYPE number;
    GUID iid;

    if (V_ISBYREF(source) && !V_BYREF(source))
        return DISP_E_TYPEMISMATCH;
    if (is_object_reference(call->info, type, &iid))
        return pass_object(call, i, &iid, source, arg);
    if (is_object(call->info, type, &iid) && !has_interface(source, &iid))
        return DISP_E_TYPEMISMATCH;
    number = pointed_number(call->info, type);
    if (!number && is_nothing(source) && fill_null(type, arg))
        return S_OK;
    call->single[i] = number == VT_UI1 && V_VT(source) != (VT_BYREF | VT_UI1);
    if (V_VT(source) == (VT_BYREF | VT_VARIANT) && number)
        return pass_variable(call, i, number, V_VARIANTREF(source), arg);
    *arg = *source;
    return S_OK;
}

/*
 * A script's variable, or a number, holds one byte: a method that treated it as an array would
 * access what lies behind it. The count follows the pointer, or precedes it when that is the last
 * parameter.
 */
static HRESULT check_single(struct call *call, UINT i, UINT *bad)
{
    UINT counting = i + 1 < call->count ? i + 1 : i - 1;
    VARIANT count;
    HRESULT hr;

    if (!call->single[i] || call->count < 2 ||
        V_VT(&call->args[call->count - 1 - counting]) == VT_ERROR)
        return S_OK;
    VariantInit(&count);
    hr = VariantChangeType(&count, &call->args[call->count - 1 - counting], 0, VT_I4);
    *bad = call->sources[counting];
    return FAILED(hr) ? DISP_E_TYPEMISMATCH : V_I4(&count) > 1 ? E_INVALIDARG : S_OK;
}

/* Checks for unknown names, parameters given twice, too many arguments, and new property values
 * that are not named as such. */
static HRESULT check_arguments(const struct call *call, UINT *bad)
{
    const DISPPARAMS *params = call->params;
    UINT j, k, i;

    *bad = NO_SOURCE;
    for (j = 0; j < params->cNamedArgs; j++)
    {
        i = named_parameter(call, j);
        if (i >= call->count)
        {
            *bad = j;
            return DISP_E_PARAMNOTFOUND;
        }
        for (k = 0; k < j && named_parameter(call, k) != i; k++)
            ;
        if (k < j || i < positional_count(call))
            return DISP_E_BADPARAMCOUNT;
    }
    if (params->cArgs > call->count)
        return DISP_E_BADPARAMCOUNT;
    return call->function->invkind == INVOKE_PROPERTYPUT &&
                   (!params->cNamedArgs || params->rgdispidNamedArgs[0] != DISPID_PROPERTYPUT)
               ? DISP_E_PARAMNOTFOUND
               : S_OK;
}

static HRESULT pass_arguments(struct call *call, UINT *bad)
{
    UINT i, source;
    VARIANT *arg;
    HRESULT hr = check_arguments(call, bad);

    for (i = 0; i < call->count && SUCCEEDED(hr); i++)
    {
        arg = &call->args[call->count - 1 - i];
        source = call->sources[i] = source_of(call, i);
        *bad = source;
        if (source == NO_SOURCE)
            hr = fill_omitted(call, i, FALSE, arg);
        else if (is_left_out(&call->params->rgvarg[source]))
            hr = fill_omitted(call, i, TRUE, arg);
        else
            hr = pass_argument(call, i, &call->params->rgvarg[source], arg);
    }
    for (i = 0; i < call->count && SUCCEEDED(hr); i++)
        hr = check_single(call, i, bad);
    return hr;
}

/* Moves what the method left in a slot to the caller's variable, or releases it. */
static void return_object(struct call *call, UINT i)
{
    VARIANT *variable = call->objects[i];
    IUnknown *old;

    if (!variable)
    {
        if (call->slots[i])
            IUnknown_Release(call->slots[i]);
        return;
    }
    if (V_ISBYREF(variable))
    {
        if ((old = *V_UNKNOWNREF(variable)))
            IUnknown_Release(old);
        *V_UNKNOWNREF(variable) = call->slots[i];
        return;
    }
    VariantClear(variable);
    V_VT(variable) = VT_DISPATCH;
    V_UNKNOWN(variable) = call->slots[i];
}

/* Scripts need IDispatch, which all our interfaces are. */
static void prefer_dispatch(VARIANT *result)
{
    IDispatch *dispatch;
    IUnknown *object;

    if (V_VT(result) != VT_UNKNOWN || !(object = V_UNKNOWN(result)) ||
        FAILED(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch)))
        return;
    IUnknown_Release(object);
    V_VT(result) = VT_DISPATCH;
    V_DISPATCH(result) = dispatch;
}

/* ---- the call ---- */

static HRESULT find_function(ITypeInfo *info, DISPID id, WORD flags, FUNCDESC **function)
{
    TYPEATTR *attr;
    UINT i, count;
    HRESULT hr;

    if (FAILED(hr = ITypeInfo_GetTypeAttr(info, &attr)))
        return hr;
    count = attr->cFuncs;
    ITypeInfo_ReleaseTypeAttr(info, attr);
    for (i = 0; i < count; i++)
    {
        if (FAILED(hr = ITypeInfo_GetFuncDesc(info, i, function)))
            return hr;
        if ((*function)->memid == id && ((*function)->invkind & flags))
            return S_OK;
        ITypeInfo_ReleaseFuncDesc(info, *function);
    }
    return DISP_E_MEMBERNOTFOUND;
}

/* The type that a value is converted to, VT_EMPTY when it is none of the simple types. */
static VARTYPE value_type(ITypeInfo *info, const TYPEDESC *type)
{
    TYPEKIND kind;
    GUID guid;

    switch (type->vt)
    {
    case VT_PTR:
    case VT_SAFEARRAY: return VT_EMPTY;
    case VT_USERDEFINED:
        return SUCCEEDED(resolve(info, type->hreftype, &kind, &guid)) && kind == TKIND_ENUM
                   ? VT_I4
                   : VT_EMPTY;
    default: return type->vt;
    }
}

/* Checks that all values can be converted. Wine's ITypeInfo::Invoke does not tell which one cannot,
 * and writes it, possibly a code, to Wine's log. */
static HRESULT check_values(struct call *call, UINT *bad)
{
    HRESULT hr = S_OK;
    VARIANT converted;
    VARTYPE vt;
    UINT i;

    for (i = 0; i < call->count && SUCCEEDED(hr); i++)
    {
        vt = value_type(call->info, &parameter(call, i)->tdesc);
        if (vt == VT_EMPTY || call->sources[i] == NO_SOURCE ||
            is_left_out(&call->params->rgvarg[call->sources[i]]))
            continue;
        *bad = call->sources[i];
        VariantInit(&converted);
        hr = VariantChangeType(&converted, &call->args[call->count - 1 - i], 0, vt);
        VariantClear(&converted);
    }
    return hr;
}

static HRESULT invoke_function(struct call *call, void *iface, DISPID id, VARIANT *result,
                               EXCEPINFO *exception, UINT *bad_argument)
{
    DISPID put = DISPID_PROPERTYPUT;
    DISPPARAMS params = {call->args, NULL, call->count, 0};
    UINT i, bad = 0;
    HRESULT hr;

    if (call->function->invkind == INVOKE_PROPERTYPUT)
    {
        params.rgdispidNamedArgs = &put;
        params.cNamedArgs = 1;
    }
    if (SUCCEEDED(hr = pass_arguments(call, &bad)) && SUCCEEDED(hr = check_values(call, &bad)))
    {
        bad = NO_SOURCE;
        hr = ITypeInfo_Invoke(call->info, iface, id, call->function->invkind, &params, result,
                              exception, &bad);
        if (SUCCEEDED(hr) && result)
            prefer_dispatch(result);
        /* The index is into our array, which has an argument for every parameter. */
        if (bad < call->count)
            bad = call->sources[call->count - 1 - bad];
    }
    for (i = 0; i < call->count; i++)
        if (call->slotted[i])
            return_object(call, i);
    if (bad_argument && bad != NO_SOURCE && FAILED(hr))
        *bad_argument = bad;
    return hr;
}

HRESULT invoke_method(ITypeInfo *info, void *iface, DISPID id, WORD flags, const DISPPARAMS *params,
                      VARIANT *result, EXCEPINFO *exception, UINT *bad_argument)
{
    struct call call = {.info = info, .params = params};
    HRESULT hr;

    if ((params->cArgs && !params->rgvarg) || (params->cNamedArgs && !params->rgdispidNamedArgs) ||
        params->cNamedArgs > params->cArgs)
        return E_INVALIDARG;
    /* None of our properties distinguishes Set from Let. */
    if (flags & DISPATCH_PROPERTYPUTREF)
        flags |= DISPATCH_PROPERTYPUT;
    if (FAILED(hr = find_function(info, id, flags, &call.function)))
        return hr;
    call.count = call.function->cParams;
    if (call.count && (parameter(&call, call.count - 1)->paramdesc.wParamFlags & PARAMFLAG_FRETVAL))
        call.count--;
    hr = call.count > MAX_PARAMETERS
             ? E_UNEXPECTED
             : invoke_function(&call, iface, id, result, exception, bad_argument);
    ITypeInfo_ReleaseFuncDesc(info, call.function);
    return hr;
}
