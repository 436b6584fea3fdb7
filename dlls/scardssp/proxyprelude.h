/*
 * Included before the proxy code that widl generates: mingw-w64 declares these for C++ only.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_PROXYPRELUDE_H
#define SCARDSSP_PROXYPRELUDE_H

#include <windows.h>
#include <ole2.h>

HRESULT STDMETHODCALLTYPE IUnknown_QueryInterface_Proxy(IUnknown *iface, REFIID iid, void **out);
ULONG STDMETHODCALLTYPE IUnknown_AddRef_Proxy(IUnknown *iface);
ULONG STDMETHODCALLTYPE IUnknown_Release_Proxy(IUnknown *iface);

#endif
