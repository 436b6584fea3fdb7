/*
 * Proxies and stubs of ISCardFileAccess: tables of properties, each passed in one direction at a
 * time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A table that selects properties gets the answers in its own entries, whose bytes may be static or
 * shorter; NDR would write over them if they were [in, out].
 */

#include "proxy.h"

#include <rpcproxy.h>

#include "tlvtable.h"
#include "base/trace.h"

static BOOL is_filter(const TLV_TABLE *table, LONG count, SCARD_FLAGS flags)
{
    return table && count > 0 && !(flags & SC_FL_GET_ALL_PROPERTIES);
}

/* Refuses the tables that ISCardFileAccess refuses. */
static HRESULT check_table(const TLV_TABLE *table, LONG count)
{
    LONG i;

    if (count < 0 || count > TLVTABLE_MAX || (count && !table))
        return E_INVALIDARG;
    for (i = 0; i < count; i++)
        if (!table[i].byData || table[i].cbSize <= 0)
            return E_INVALIDARG;
    return S_OK;
}

static void free_table(TLV_TABLE *table, LONG count)
{
    if (!table)
        return;
    while (count-- > 0)
        CoTaskMemFree(table[count].byData);
    CoTaskMemFree(table);
}

/* ---- in the caller ---- */

/* Passes the received table to the caller, or frees it. */
static HRESULT deliver(HRESULT hr, TLV_TABLE *found, LONG found_count, BOOL filtered,
                       TLV_TABLE **table, LONG *count)
{
    if (SUCCEEDED(hr) && filtered && (!found || found_count != *count))
    {
        free_table(found, found_count);
        return E_UNEXPECTED;
    }
    if (FAILED(hr))
    {
        free_table(found, found_count);
        found = NULL;
        found_count = 0;
    }
    if (!filtered)
    {
        *table = found;
        *count = found_count;
    }
    else if (SUCCEEDED(hr))
    {
        CopyMemory(*table, found, found_count * sizeof(*found));
        CoTaskMemFree(found);
    }
    return hr;
}

HRESULT CALLBACK ISCardFileAccess_GetFileCapabilities_Proxy(ISCardFileAccess *iface,
                                                            TLV_TABLE **table, LONG *count,
                                                            SCARD_FLAGS flags)
{
    TLV_TABLE *found = NULL;
    LONG found_count = 0;
    BOOL filtered;
    HRESULT hr;

    if (!table || !count)
        return E_POINTER;
    filtered = is_filter(*table, *count, flags);
    if (filtered && FAILED(hr = check_table(*table, *count)))
        RETURN(hr);
    hr = ISCardFileAccess_RemoteGetFileCapabilities_Proxy(
        iface, filtered ? *table : NULL, filtered ? *count : 0, flags, &found_count, &found);
    RETURN(deliver(hr, found, found_count, filtered, table, count));
}

HRESULT CALLBACK ISCardFileAccess_GetProperties_Proxy(ISCardFileAccess *iface, REFTYPE type,
                                                      BSTR name, TLV_TABLE **table, LONG *count,
                                                      SCARD_FLAGS flags)
{
    TLV_TABLE *found = NULL;
    LONG found_count = 0;
    BOOL filtered;
    HRESULT hr;

    if (!table || !count)
        return E_POINTER;
    filtered = is_filter(*table, *count, flags);
    if (filtered && FAILED(hr = check_table(*table, *count)))
        RETURN(hr);
    hr = ISCardFileAccess_RemoteGetProperties_Proxy(iface, type, name, filtered ? *table : NULL,
                                                    filtered ? *count : 0, flags, &found_count,
                                                    &found);
    RETURN(deliver(hr, found, found_count, filtered, table, count));
}

HRESULT CALLBACK ISCardFileAccess_Create_Proxy(ISCardFileAccess *iface, REFTYPE type, BSTR name,
                                               TLV_TABLE **table, LONG *count, SCARD_FLAGS flags,
                                               IByteBuffer *data)
{
    HRESULT hr;

    if (!table || !count)
        return E_POINTER;
    if (FAILED(hr = check_table(*table, *count)))
        RETURN(hr);
    RETURN(ISCardFileAccess_RemoteCreate_Proxy(iface, type, name, *table, *table ? *count : 0,
                                               flags, data));
}

HRESULT CALLBACK ISCardFileAccess_SetProperties_Proxy(ISCardFileAccess *iface, REFTYPE type,
                                                      BSTR name, TLV_TABLE *table, LONG count,
                                                      SCARD_FLAGS flags)
{
    HRESULT hr;

    if (!table)
        return E_POINTER;
    if (!count || FAILED(hr = check_table(table, count)))
        RETURN(E_INVALIDARG);
    RETURN(ISCardFileAccess_RemoteSetProperties_Proxy(iface, type, name, table, count, flags));
}

/* ---- beside the object ---- */

/* The method gets its own table, because the entries' bytes are NDR's. */
static HRESULT copy_filter(const TLV_TABLE *filter, LONG count, TLV_TABLE **out)
{
    *out = NULL;
    if (!filter || count <= 0)
        return S_OK;
    if (!(*out = CoTaskMemAlloc(count * sizeof(**out))))
        return E_OUTOFMEMORY;
    CopyMemory(*out, filter, count * sizeof(**out));
    return S_OK;
}

/* An entry that the method did not touch gets bytes that NDR may free after sending. */
static HRESULT own_entries(const TLV_TABLE *filter, LONG filter_count, TLV_TABLE *table, LONG count)
{
    BYTE *bytes;
    LONG i;

    for (i = 0; i < count && i < filter_count; i++)
    {
        if (!table[i].byData || table[i].byData != filter[i].byData)
            continue;
        if ((bytes = CoTaskMemAlloc(max(filter[i].cbSize, 1))))
            CopyMemory(bytes, filter[i].byData, filter[i].cbSize);
        table[i].byData = bytes;
        table[i].cbSize = bytes ? filter[i].cbSize : 0;
        if (!bytes)
            return E_OUTOFMEMORY;
    }
    return S_OK;
}

/* Returns the table that the method filled (a copy of the filter) or made (without a filter). */
static HRESULT send_back(HRESULT hr, const TLV_TABLE *filter, LONG filter_count, TLV_TABLE *copy,
                         TLV_TABLE *table, LONG count, LONG *found_count, TLV_TABLE **found)
{
    if (FAILED(hr))
    {
        CoTaskMemFree(copy);
        return hr;
    }
    if (copy && copy != table)
        CoTaskMemFree(copy);
    if (copy && copy == table && FAILED(hr = own_entries(filter, filter_count, table, count)))
    {
        /* Entries behind the failure may still have the filter's bytes: leaking is better than
         * freeing them. */
        CoTaskMemFree(table);
        return hr;
    }
    *found = table;
    *found_count = table ? count : 0;
    return hr;
}

HRESULT __RPC_STUB ISCardFileAccess_GetFileCapabilities_Stub(ISCardFileAccess *iface,
                                                             TLV_TABLE *filter, LONG filter_count,
                                                             SCARD_FLAGS flags, LONG *found_count,
                                                             TLV_TABLE **found)
{
    LONG count = filter_count;
    TLV_TABLE *table, *copy;
    HRESULT hr;

    *found = NULL;
    *found_count = 0;
    if (FAILED(hr = copy_filter(filter, filter_count, &copy)))
        return hr;
    table = copy;
    hr = ISCardFileAccess_GetFileCapabilities(iface, &table, &count, flags);
    return send_back(hr, filter, filter_count, copy, table, count, found_count, found);
}

HRESULT __RPC_STUB ISCardFileAccess_GetProperties_Stub(ISCardFileAccess *iface, REFTYPE type,
                                                       BSTR name, TLV_TABLE *filter,
                                                       LONG filter_count, SCARD_FLAGS flags,
                                                       LONG *found_count, TLV_TABLE **found)
{
    LONG count = filter_count;
    TLV_TABLE *table, *copy;
    HRESULT hr;

    *found = NULL;
    *found_count = 0;
    if (FAILED(hr = copy_filter(filter, filter_count, &copy)))
        return hr;
    table = copy;
    hr = ISCardFileAccess_GetProperties(iface, type, name, &table, &count, flags);
    return send_back(hr, filter, filter_count, copy, table, count, found_count, found);
}

HRESULT __RPC_STUB ISCardFileAccess_Create_Stub(ISCardFileAccess *iface, REFTYPE type, BSTR name,
                                                TLV_TABLE *table, LONG count, SCARD_FLAGS flags,
                                                IByteBuffer *data)
{
    return ISCardFileAccess_Create(iface, type, name, &table, &count, flags, data);
}

HRESULT __RPC_STUB ISCardFileAccess_SetProperties_Stub(ISCardFileAccess *iface, REFTYPE type,
                                                       BSTR name, TLV_TABLE *table, LONG count,
                                                       SCARD_FLAGS flags)
{
    return ISCardFileAccess_SetProperties(iface, type, name, table, count, flags);
}
