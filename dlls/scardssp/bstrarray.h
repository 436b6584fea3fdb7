/*
 * Safe arrays of strings: reading and creating them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_BSTRARRAY_H
#define SCARDSSP_BSTRARRAY_H

#include <windows.h>
#include <oleauto.h>

#include "base/strings.h"

/* The most names that an application may pass in a list. */
#define BSTRARRAY_MAX 1024u

/*
 * Copies the elements of a one-dimensional array of BSTR with any lower bound; it may be locked.
 * NULL is an empty array. Returns E_INVALIDARG for other dimensions or elements, more than
 * BSTRARRAY_MAX of them, or an element that is NULL, empty or contains a NUL. *out is empty then.
 */
HRESULT bstrarray_read(SAFEARRAY *array, struct strings *out);

/* Makes an array of BSTR with one dimension and lower bound 0. Returns E_OUTOFMEMORY on failure. */
HRESULT bstrarray_create(const struct strings *strings, SAFEARRAY **out);

#endif
