/*
 * Aliases: CLSIDs of vendors' providers that create our classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Programs of the time often name a vendor's CLSID. An alias is such a CLSID, registered with our
 * DLL as its server and a value that names our class. (TreatAs would need support in COM that Wine
 * lacks.) The previous registration is saved, and restored when the alias is removed. Each registry
 * view has its own aliases; results are Win32 codes.
 */

#ifndef REGISTRY_CLASSALIAS_H
#define REGISTRY_CLASSALIAS_H

#include <windows.h>

/* Longest name of a class, including its NUL. */
#define ALIAS_NAME 32

/*
 * Makes clsid an alias of the class called name ("SCardManage"), served by dll (a path). view is
 * KEY_WOW64_32KEY, KEY_WOW64_64KEY or 0 (this process's). An existing alias is replaced; another
 * registration is saved. Returns ERROR_INVALID_PARAMETER for a name that is empty or too long, else
 * the registry's result.
 */
LONG classalias_add(const CLSID *clsid, const WCHAR *name, const WCHAR *dll, REGSAM view);

/* Removes an alias and restores the saved registration. ERROR_FILE_NOT_FOUND: it is no alias. */
LONG classalias_remove(const CLSID *clsid, REGSAM view);

/* Removes all aliases of the view. Those that cannot be removed stay; the result says why. */
LONG classalias_remove_all(REGSAM view);

/* The name of the class that clsid is an alias of, in this process's view; FALSE when it is
 * none. */
BOOL classalias_class(const CLSID *clsid, WCHAR name[ALIAS_NAME]);

/*
 * The alias number index (from 0) of the view. Returns ERROR_NO_MORE_ITEMS behind the last one, and
 * ERROR_INVALID_DATA for a damaged entry, which may be stepped over.
 */
LONG classalias_enumerate(DWORD index, REGSAM view, CLSID *clsid, WCHAR name[ALIAS_NAME]);

#endif
