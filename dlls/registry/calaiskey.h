/*
 * Keys and values of the card database, one registry view at a time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_CALAISKEY_H
#define SCARDSSP_CALAISKEY_H

#include "calais.h"

/* Opens the key above the records. ERROR_FILE_NOT_FOUND. */
LONG calaiskey_open_root(REGSAM view, REGSAM access, HKEY *out);

/* Reads the record name below root; damaged values are left out, with a warning. */
LONG calaiskey_read(HKEY root, const WCHAR *name, struct calais_card *out);

#endif
