/*
 * TLV_TABLE of ISCardFileAccess: one BER-TLV data object in each entry.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "tlvtable.h"

/* Objects and their bytes are one block, so that the caller's memory is no longer needed. */
HRESULT tlvtable_objects(const TLV_TABLE *table, LONG count, struct icc_tlv **out)
{
    SIZE_T size = 0;
    BYTE *at;
    LONG i;

    *out = NULL;
    if (count < 0 || count > TLVTABLE_MAX || (count && !table))
        return E_INVALIDARG;
    for (i = 0; i < count; size += table[i++].cbSize)
        if (!table[i].byData || table[i].cbSize <= 0 || table[i].cbSize > TLVTABLE_OBJECT_MAX)
            return E_INVALIDARG;
    if (!count)
        return S_OK;
    if (!(*out = CoTaskMemAlloc(count * sizeof(**out) + size)))
        return E_OUTOFMEMORY;
    at = (BYTE *)(*out + count);
    for (i = 0; i < count; i++)
    {
        (*out)[i].size = table[i].cbSize;
        (*out)[i].data = CopyMemory(at, table[i].byData, table[i].cbSize);
        at += table[i].cbSize;
    }
    return S_OK;
}

HRESULT tlvtable_filter(const TLV_TABLE *table, LONG count, SCARD_FLAGS flags, struct icc_tlv **out)
{
    *out = NULL;
    if (!table || count <= 0 || (flags & SC_FL_GET_ALL_PROPERTIES))
        return S_OK;
    return tlvtable_objects(table, count, out);
}

static void free_entries(TLV_TABLE *table, LONG count)
{
    while (count-- > 0)
    {
        CoTaskMemFree(table[count].byData);
        table[count].byData = NULL;
        table[count].cbSize = 0;
    }
}

static HRESULT copy_entries(const struct icc_tlv *found, LONG count, TLV_TABLE *table)
{
    LONG i;

    for (i = 0; i < count; i++)
    {
        table[i].cbSize = found[i].data ? found[i].size : 0;
        table[i].byData = NULL;
        if (!found[i].data)
            continue;
        if (!(table[i].byData = CoTaskMemAlloc(found[i].size ? found[i].size : 1)))
        {
            free_entries(table, i);
            return E_OUTOFMEMORY;
        }
        memcpy(table[i].byData, found[i].data, found[i].size);
    }
    return S_OK;
}

HRESULT tlvtable_answer(HRESULT hr, BOOL filtered, const struct icc_tlv *found, LONG found_count,
                        TLV_TABLE **table, LONG *count)
{
    TLV_TABLE *fresh;

    if (filtered)
        return FAILED(hr) ? hr : copy_entries(found, found_count, *table);
    *table = NULL;
    *count = 0;
    if (FAILED(hr) || !found_count)
        return hr;
    if (!(fresh = CoTaskMemAlloc(found_count * sizeof(*fresh))))
        return E_OUTOFMEMORY;
    if (FAILED(hr = copy_entries(found, found_count, fresh)))
    {
        CoTaskMemFree(fresh);
        return hr;
    }
    *table = fresh;
    *count = found_count;
    return S_OK;
}
