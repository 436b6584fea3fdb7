/*
 * Streams in the global interface table: kept by one apartment, used by any.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "global.h"

/* The process has one; asking for it is cheap. */
static HRESULT get_table(IGlobalInterfaceTable **table)
{
    return CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                            &IID_IGlobalInterfaceTable, (void **)table);
}

HRESULT global_register(IStream *stream, DWORD *cookie)
{
    IGlobalInterfaceTable *table;
    HRESULT hr;

    *cookie = 0;
    if (FAILED(hr = get_table(&table)))
        return hr;
    hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)stream, &IID_IStream,
                                                         cookie);
    IGlobalInterfaceTable_Release(table);
    if (FAILED(hr))
        *cookie = 0;
    return hr;
}

HRESULT global_get(DWORD cookie, IStream **out)
{
    IGlobalInterfaceTable *table;
    HRESULT hr;

    *out = NULL;
    if (FAILED(hr = get_table(&table)))
        return hr;
    hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IStream, (void **)out);
    IGlobalInterfaceTable_Release(table);
    return hr;
}

void global_revoke(DWORD cookie)
{
    IGlobalInterfaceTable *table;

    if (FAILED(get_table(&table)))
        return;
    IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie);
    IGlobalInterfaceTable_Release(table);
}
