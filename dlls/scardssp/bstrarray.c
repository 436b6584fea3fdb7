/*
 * Safe arrays of strings: reading and creating them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bstrarray.h"

/* ---- reading ---- */

static BOOL is_bstr_array(SAFEARRAY *array)
{
    VARTYPE type;

    return SafeArrayGetDim(array) == 1 && SafeArrayGetElemsize(array) == sizeof(BSTR) &&
           SUCCEEDED(SafeArrayGetVartype(array, &type)) && type == VT_BSTR;
}

static HRESULT read_elements(BSTR *elements, ULONG count, struct strings *out)
{
    HRESULT hr = S_OK;
    ULONG i;

    for (i = 0; i < count && SUCCEEDED(hr); i++)
    {
        if (!elements[i] || !elements[i][0] ||
            SysStringLen(elements[i]) != (UINT)lstrlenW(elements[i]))
            hr = E_INVALIDARG;
        else
            hr = strings_add(out, elements[i]);
    }
    return hr;
}

HRESULT bstrarray_read(SAFEARRAY *array, struct strings *out)
{
    BSTR *elements;
    HRESULT hr;

    ZeroMemory(out, sizeof(*out));
    if (!array)
        return S_OK;
    if (!is_bstr_array(array) || array->rgsabound[0].cElements > BSTRARRAY_MAX)
        return E_INVALIDARG;
    if (!array->rgsabound[0].cElements)
        return S_OK;
    if (FAILED(hr = SafeArrayAccessData(array, (void **)&elements)))
        return hr == E_OUTOFMEMORY ? hr : E_INVALIDARG;
    hr = elements ? read_elements(elements, array->rgsabound[0].cElements, out) : E_INVALIDARG;
    SafeArrayUnaccessData(array);
    if (FAILED(hr))
        strings_clear(out);
    return hr;
}

/* ---- writing ---- */

HRESULT bstrarray_create(const struct strings *strings, SAFEARRAY **out)
{
    SAFEARRAY *array;
    BSTR *elements;
    HRESULT hr;
    DWORD i;

    *out = NULL;
    if (!(array = SafeArrayCreateVector(VT_BSTR, 0, strings->count)))
        return E_OUTOFMEMORY;
    hr = SafeArrayAccessData(array, (void **)&elements);
    for (i = 0; i < strings->count && SUCCEEDED(hr); i++)
    {
        if (!(elements[i] = SysAllocString(strings->items[i])))
            hr = E_OUTOFMEMORY;
    }
    SafeArrayUnaccessData(array);
    if (FAILED(hr))
        SafeArrayDestroy(array);
    else
        *out = array;
    return hr;
}
