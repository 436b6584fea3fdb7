/*
 * Between the values of WinSCard and the enumerations of the type library.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "values.h"

#include <winscard.h>

#include "iso7816/result.h"

SCARD_PROTOCOLS values_protocol(DWORD protocol)
{
    switch (protocol)
    {
    case SC_PROTOCOL_T0: return T0;
    case SC_PROTOCOL_T1: return T1;
    case SC_PROTOCOL_RAW: return RAW;
    default: return 0;
    }
}

enum apdu_protocol values_apdu_protocol(DWORD protocol)
{
    return protocol == SC_PROTOCOL_T0 ? APDU_T0 : APDU_T1;
}

SCARD_STATES values_state(DWORD state)
{
    return state >= ABSENT && state <= SPECIFICMODE ? (SCARD_STATES)state : ABSENT;
}

LONG values_card_state(LONG result, const struct transport_status *status, SCARD_STATES *state,
                       SCARD_PROTOCOLS *protocol)
{
    *state = 0;
    *protocol = 0;
    if (result_is_card_gone(result))
    {
        *state = ABSENT;
        return SCARD_S_SUCCESS;
    }
    if (result)
        return result;
    *state = values_state(status->state);
    *protocol = values_protocol(status->protocol);
    return SCARD_S_SUCCESS;
}

BOOL values_disposition_ok(DWORD disposition)
{
    return disposition <= SCARD_EJECT_CARD;
}
