/*
 * Type information of our interfaces, out of the type libraries inside this DLL.
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
 * loaded. Needs no registration; when the file of the DLL cannot be read the registered library
 * is tried. What LoadTypeLib and GetTypeInfoOfGuid return.
 */
HRESULT typeinfo_get(const GUID *library, const IID *iid, ITypeInfo **out);

/* Empties the cache. Only while the DLL is unloaded. */
void typeinfo_cleanup(void);

#endif
