/*
 * Conversions from WinSCard's values to the type library's enumerations.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_VALUES_H
#define SCARDSSP_VALUES_H

#include "iso7816/apdu.h"
#include "object.h"
#include "pcsc/transport.h"

/* An SC_PROTOCOL_ bit as T0, T1 or RAW; 0 for anything else (no active protocol). */
SCARD_PROTOCOLS values_protocol(DWORD protocol);

/* The encoding of APDUs under that protocol: T=0, or for any other protocol T=1. */
enum apdu_protocol values_apdu_protocol(DWORD protocol);

/* A state of SCardStatus, 0..6, as SCARD_STATES; unknown (0) counts as ABSENT. */
SCARD_STATES values_state(DWORD state);

/*
 * Converts the outcome of a status call for a caller who asks for state and protocol: success as
 * above; a missing card or reader is success with ABSENT and protocol 0; any other result is passed
 * on, with both 0.
 */
LONG values_card_state(LONG result, const struct transport_status *status, SCARD_STATES *state,
                       SCARD_PROTOCOLS *protocol);

/* True for LEAVE, RESET, UNPOWER and EJECT. */
BOOL values_disposition_ok(DWORD disposition);

#endif
