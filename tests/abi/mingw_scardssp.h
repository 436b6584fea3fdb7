/*
 * mingw-w64's own scardssp.h, although ours has the same name and is found first.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * To be included with <>: the search goes on after the folder of this file.
 */

/* That header declares two types without a base type, which C++ refuses. */
#define _LPHSCARDCONTEXT_DEFINED
#include_next <scardssp.h>
