/*
 * Values where pcsc-lite and WinSCard differ, for whoever speaks to pcsc-lite: pure functions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Numbers only, no header of either side: the unix half sees pcsc-lite itself, the transport over
 * winscard.dll sees it through Wine's winscard, which passes its values on as they are.
 */

#ifndef PCSC_LITEVALUES_H
#define PCSC_LITEVALUES_H

#include <stdint.h>

#include "iso7816/codes.h"

#define LITE_PROTOCOL_RAW 0x00000004u
#define LITE_GET_FEATURE  (0x42000000u + 3400u)

/*
 * pcsc-lite's bits of SCardStatus, an event count above them: the ordinal 1..6, 0 when unknown.
 * pcsc-lite goes on saying "negotiable" when a protocol (0: none) was agreed on.
 */
static inline uint32_t lite_state(uint32_t bits, uint32_t protocol)
{
    uint32_t ordinal;

    if (bits & 1)
        return 0;
    for (ordinal = 6; ordinal && !(bits & 1u << ordinal); ordinal--)
        ;
    return ordinal == SC_STATE_NEGOTIABLE && protocol ? SC_STATE_SPECIFIC : ordinal;
}

/*
 * What a connect's protocols ask for, as bits T0 and T1, or RAW alone, of WinSCard; 0 is possible
 * only with a direct connection. 0 and 0x80000000 mean T0|T1, 0xff alone means RAW. RAW beside
 * others is left out: pcsc-lite would take it for every card, and refuse T0|T1 to all programs
 * until the card is reset. Returns 0 for other unknown bits, else 1.
 */
static inline int protocols_wanted(uint32_t protocols, int direct, uint32_t *wanted)
{
    const uint32_t any = SC_PROTOCOL_T0 | SC_PROTOCOL_T1;

    *wanted = 0;
    if (protocols == SC_PROTOCOL_COM_RAW)
        protocols = SC_PROTOCOL_RAW;
    if (protocols & ~(any | SC_PROTOCOL_RAW | SC_PROTOCOL_DEFAULT))
        return 0;
    *wanted = protocols == SC_PROTOCOL_RAW ? protocols : protocols & any;
    if (!*wanted && (protocols || !direct))
        *wanted = any;
    return 1;
}

/* The active protocol, whichever stack names it: one WinSCard bit, 0 when there is none. */
static inline uint32_t protocol_active(uint32_t protocol)
{
    if (protocol == LITE_PROTOCOL_RAW || protocol == SC_PROTOCOL_RAW)
        return SC_PROTOCOL_RAW;
    return protocol == SC_PROTOCOL_T0 || protocol == SC_PROTOCOL_T1 ? protocol : 0;
}

#endif
