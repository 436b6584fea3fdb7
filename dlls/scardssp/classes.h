/*
 * The classes that the DLL makes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CLASSES_H
#define SCARDSSP_CLASSES_H

#include "object.h"

/* A class that CoCreateInstance can make, and its factory. */
struct module_class
{
    IClassFactory IClassFactory_iface;
    const CLSID *clsid;
    const WCHAR *name;             /* "CSCard"; the ProgID is SCardSSP.CSCard.1 */
    HRESULT (*create)(void **out); /* a new object with one reference */
};

/* Factories are static, their reference counts count for the module. */
extern IClassFactoryVtbl factory_vtbl;

#endif
