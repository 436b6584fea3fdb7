/*
 * The classes that the DLL makes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CLASSES_H
#define SCARDSSP_CLASSES_H

#include <windows.h>

/* A class that CoCreateInstance can make. */
struct module_class
{
    const CLSID *clsid;
    const WCHAR *name;             /* "CSCard"; the ProgID is SCardSSP.CSCard.1 */
    const WCHAR *description;      /* as the type library's helpstring */
    const GUID *library;           /* LIBID of the type library that describes it */
    HRESULT (*create)(void **out); /* a new object with one reference */
};

#define MODULE_CLASSES 11

extern const struct module_class module_classes[MODULE_CLASSES];

/* The class of that CLSID, or of the one that it is an alias of; NULL when it is none of ours. */
const struct module_class *module_find_class(const CLSID *clsid);

/* The class factory of a class; static, its reference count counts for the module. */
HRESULT factory_get(const struct module_class *class, REFIID iid, void **out);

#endif
