/*
 * From a result of the layers below COM to an HRESULT, and names for both.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <windows.h>

/*
 * 0 -> S_OK; 0x8xxxxxxx unchanged; ERROR_INVALID_HANDLE -> SCARD_E_INVALID_HANDLE;
 * ERROR_CALL_NOT_IMPLEMENTED -> E_NOTIMPL; other Win32 codes -> HRESULT_FROM_WIN32.
 */
HRESULT error_hresult(LONG result);

/* The name of a smart card or common COM code ("SCARD_W_RESET_CARD"); NULL for any other. trace_hr
 * has a text for all. */
const char *error_name(HRESULT hr);

#endif
