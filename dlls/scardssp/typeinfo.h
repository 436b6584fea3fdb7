/*
 * Type information of our interfaces, from the type libraries in this DLL.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_TYPEINFO_H
#define SCARDSSP_TYPEINFO_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

/*
 * The type information of an interface. *out is borrowed: the cache keeps it while the DLL is
 * loaded. Needs no registration; if the DLL's file cannot be read, the registered library is tried.
 * Returns what LoadTypeLib and GetTypeInfoOfGuid return.
 */
HRESULT typeinfo_get(const GUID *library, const IID *iid, ITypeInfo **out);

/* Empties the cache. Call it only while the DLL is unloaded. */
void typeinfo_cleanup(void);

#endif
