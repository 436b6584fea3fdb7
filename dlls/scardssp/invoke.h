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
 * Calls method id of iface, which info describes. What ITypeInfo::Invoke leaves to chance is done
 * first: an optional pointer that is left out becomes NULL; an object passed by reference is asked
 * for the interface that the method wants; a script's variable is brought to the type that the
 * method writes. Returns what the method returns, or a DISP_E_ code: MEMBERNOTFOUND; BADPARAMCOUNT,
 * also for a parameter that is given twice; PARAMNOTFOUND, also for the new value of a property
 * that is not named DISPID_PROPERTYPUT; PARAMNOTOPTIONAL; TYPEMISMATCH (*bad_argument, may be NULL:
 * the index in params).
 */
HRESULT invoke_method(ITypeInfo *info, void *iface, DISPID id, WORD flags, const DISPPARAMS *params,
                      VARIANT *result, EXCEPINFO *exception, UINT *bad_argument);

#endif
