/*
 * Proxies and stubs: our interfaces between processes and apartments.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * widl makes them from the IDL. CLSID_SCardSSPProxy is this project's own and never changes;
 * ProxyStubClsid32 of every interface names it, in each registry view for the DLL of that width.
 */

#ifndef SCARDSSP_PROXY_H
#define SCARDSSP_PROXY_H

#include "object.h"

/* {1A4720CF-BCBD-4733-B080-721F1B718176} */
extern const CLSID CLSID_SCardSSPProxy;

/* The factory of all proxies and stubs. E_NOINTERFACE for what it is not. */
HRESULT proxy_factory(REFIID iid, void **out);

/* Whether proxies or stubs are in use. */
BOOL proxy_in_use(void);

#endif
