/*
 * What results of calls on contexts and cards mean.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_RESULTS_H
#define PCSC_RESULTS_H

#include <windows.h>

/* True for the results of a call on a context or card that the resource manager does not know (it
 * was restarted) or that it is not there to answer. */
BOOL results_service_gone(LONG result);

#endif
