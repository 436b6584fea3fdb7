/*
 * What results of calls on contexts and cards mean.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "results.h"

#include <winscard.h>

BOOL results_service_gone(LONG result)
{
    switch ((ULONG)result)
    {
    case ERROR_INVALID_HANDLE:
    case ERROR_BROKEN_PIPE:
    case SCARD_E_INVALID_HANDLE:
    case SCARD_E_INVALID_VALUE:
    case SCARD_E_NO_SERVICE:
    case SCARD_E_SERVICE_STOPPED:
    case SCARD_F_COMM_ERROR: return TRUE;
    default: return FALSE;
    }
}
