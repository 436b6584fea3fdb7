/*
 * Between the values of WinSCard and the enumerations of the type library.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDSSP_VALUES_H
#define SCARDSSP_VALUES_H

#include "iso7816/apdu.h"
#include "object.h"
#include "pcsc/transport.h"

/* A SC_PROTOCOL_ bit as T0, T1 or RAW; anything else (no active protocol) is 0. */
SCARD_PROTOCOLS values_protocol(DWORD protocol);

/* How APDUs are encoded under that protocol: T=0, or anything else as T=1. */
enum apdu_protocol values_apdu_protocol(DWORD protocol);

/* A state of SCardStatus, 0..6, as SCARD_STATES; unknown (0) counts as ABSENT. */
SCARD_STATES values_state(DWORD state);

/*
 * What a status call means for a caller who asks for state and protocol: success as above; a card
 * or reader that is not there is ABSENT with protocol 0 and success; any other result is passed on
 * with both 0.
 */
LONG values_card_state(LONG result, const struct transport_status *status, SCARD_STATES *state,
                       SCARD_PROTOCOLS *protocol);

/* True for LEAVE, RESET, UNPOWER and EJECT. */
BOOL values_disposition_ok(DWORD disposition);

#endif
