/*
 * Safe arrays of strings, in and out.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_BSTRARRAY_H
#define SCARDSSP_BSTRARRAY_H

#include <windows.h>
#include <oleauto.h>

#include "base/strings.h"

/* No list of names that an application gives may be longer. */
#define BSTRARRAY_MAX 1024u

/*
 * Copies the elements of a one-dimensional array of BSTR, whatever its lower bound; it may be
 * locked. NULL is an empty array. E_INVALIDARG: other dimensions or elements, more than
 * BSTRARRAY_MAX of them, an element that is NULL, empty or has a NUL inside. *out is empty then.
 */
HRESULT bstrarray_read(SAFEARRAY *array, struct strings *out);

/* A new array of BSTR, one dimension, lower bound 0. E_OUTOFMEMORY. */
HRESULT bstrarray_create(const struct strings *strings, SAFEARRAY **out);

#endif
