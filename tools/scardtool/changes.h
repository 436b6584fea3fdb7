/*
 * scardtool: what became of the card types.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDTOOL_CHANGES_H
#define SCARDTOOL_CHANGES_H

#include "database.h"

struct changes_totals
{
    unsigned written, removed, unchanged; /* card types */
};

/*
 * Tells for each card type that was touched, or differs, what happened to it (dry: would happen),
 * and warns where it has damaged values or no ATR. ERROR_OUTOFMEMORY.
 */
LONG changes_report(BOOL json, BOOL dry, const struct database *before,
                    const struct database *after, struct changes_totals *totals);

#endif
