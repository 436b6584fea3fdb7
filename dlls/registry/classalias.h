/*
 * Aliases: CLSIDs of vendors' providers that get our classes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Programs of the time often name a vendor's CLSID. An alias is such a CLSID registered with our
 * DLL as its server and a value that names our class (TreatAs would need help from COM that Wine
 * does not give). What was registered there before is kept beside and comes back with the alias's
 * end. Each registry view has its own; results are Win32 codes.
 */

#ifndef REGISTRY_CLASSALIAS_H
#define REGISTRY_CLASSALIAS_H

#include <windows.h>

/* Longest name of a class, with its NUL. */
#define ALIAS_NAME 32

/*
 * Makes clsid an alias of the class called name ("SCardManage"), served by dll (a path). view is
 * KEY_WOW64_32KEY, KEY_WOW64_64KEY or 0 (this process's). An alias that exists is replaced;
 * another's registration is saved. ERROR_INVALID_PARAMETER for a name that is empty or too long;
 * else what the registry says.
 */
LONG classalias_add(const CLSID *clsid, const WCHAR *name, const WCHAR *dll, REGSAM view);

/* Ends an alias and puts the saved registration back. ERROR_FILE_NOT_FOUND when it is none. */
LONG classalias_remove(const CLSID *clsid, REGSAM view);

/* Ends all aliases of the view; what cannot be removed is left and told in the result. */
LONG classalias_remove_all(REGSAM view);

/* The name of the class that clsid is an alias of, in this process's view; FALSE when there is
 * none. */
BOOL classalias_class(const CLSID *clsid, WCHAR name[ALIAS_NAME]);

/*
 * The alias number index (from 0) of the view. ERROR_NO_MORE_ITEMS behind the last one; damaged
 * entries give ERROR_INVALID_DATA and may be stepped over.
 */
LONG classalias_enumerate(DWORD index, REGSAM view, CLSID *clsid, WCHAR name[ALIAS_NAME]);

#endif
