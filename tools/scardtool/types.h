/*
 * scardtool: what the commands of the card database share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_TYPES_H
#define SCARDTOOL_TYPES_H

#include <windows.h>

/* One line, or one object, for what happened to a card type. */
void report_type(BOOL json, const WCHAR *name, const WCHAR *what);

#endif
