/*
 * IDispatch::Invoke over type information, where ITypeInfo::Invoke alone is not enough.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_INVOKE_H
#define SCARDSSP_INVOKE_H

#define COBJMACROS
#include <windows.h>
#include <ole2.h>

/*
 * Calls method id of iface, which info describes. It first does what ITypeInfo::Invoke leaves to
 * chance: an omitted optional pointer becomes NULL; an object passed by reference is queried for
 * the interface that the method expects; a script's variable is converted to the type that the
 * method writes. Returns the method's result or a DISP_E_ code: MEMBERNOTFOUND; BADPARAMCOUNT, also
 * for a parameter that is given twice; PARAMNOTFOUND, also for a property's new value that is not
 * named DISPID_PROPERTYPUT; PARAMNOTOPTIONAL; TYPEMISMATCH (*bad_argument, which may be NULL, is
 * the index in params).
 */
HRESULT invoke_method(ITypeInfo *info, void *iface, DISPID id, WORD flags, const DISPPARAMS *params,
                      VARIANT *result, EXCEPINFO *exception, UINT *bad_argument);

#endif
