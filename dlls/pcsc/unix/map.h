/*
 * Windows values to pcsc-lite's and back: pure functions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Where WinSCard and pcsc-lite agree (share modes, dispositions, the bits of a wait's states,
 * attribute numbers) there is no function.
 */

#ifndef PCSC_UNIX_MAP_H
#define PCSC_UNIX_MAP_H

#include <stdint.h>

#include "iso7816/codes.h"

/* Which function a result came from, where that matters. */
enum map_call
{
    MAP_CALL_OTHER,
    MAP_CALL_FEATURE /* SCardControl, SCardGetAttrib, SCardSetAttrib */
};

/*
 * A result of pcsc-lite: a positive 64-bit number there. 0x8010001F is pcsc-lite's "unsupported
 * feature" from the feature calls and "unexpected" from all others. What is no smart card code at
 * all becomes SCARD_F_INTERNAL_ERROR.
 */
int32_t map_result(enum map_call call, long result);

/* A state of SCardStatus, bits with an event count above, where protocol (0: none) is active: the
 * ordinal 1..6, 0 when unknown. */
uint32_t map_state(unsigned long state, uint32_t protocol);

/*
 * Protocols of a connect or reconnect. 0 (not with direct) and 0x80000000 mean T0|T1, 0xff alone
 * means RAW, RAW beside others nothing. 0, or SCARD_E_INVALID_PARAMETER for other unknown bits.
 */
int32_t map_protocols(uint32_t protocols, int direct, unsigned long *native);

/* The active protocol: one WinSCard bit, 0 when there is none. */
uint32_t map_protocol(unsigned long native);

/* A control code. Only GET_FEATURE_REQUEST differs; what a driver returned passes unchanged. */
unsigned long map_control(uint32_t code);

/* Whether a multi-string of groups (length bytes; empty: all) takes in every reader: pcsc-lite
 * knows one group only. */
int map_groups(const char *groups, uint32_t length);

#endif
