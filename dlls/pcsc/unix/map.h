/*
 * Mapping of Windows' values to pcsc-lite's and back, by pure functions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * There is no function for values on which WinSCard and pcsc-lite agree: share modes, dispositions,
 * the bits of a wait's states, attribute numbers.
 */

#ifndef PCSC_UNIX_MAP_H
#define PCSC_UNIX_MAP_H

#include <stdint.h>

#include "iso7816/codes.h"

/* The function that a result came from, as far as that matters. */
enum map_call
{
    MAP_CALL_OTHER,
    MAP_CALL_ACCESS, /* SCardEstablishContext, SCardConnect: pcscd may refuse them */
    MAP_CALL_FEATURE /* SCardControl, SCardGetAttrib, SCardSetAttrib */
};

/*
 * Maps a result of pcsc-lite, which is a positive number in 64 bits. 0x8010001F is pcsc-lite's
 * "unsupported feature" from the feature calls and "unexpected" from all others. 0x8010006A is what
 * the library says when pcscd ended in the middle of a call: SCARD_E_NO_SERVICE, unless the call is
 * one that may be refused. Anything but a smart card code becomes SCARD_F_INTERNAL_ERROR.
 */
int32_t map_result(enum map_call call, long result);

/* Maps a state of SCardStatus, bits with an event count above them, to the ordinal 1..6, or 0 when
 * unknown. protocol is the active one, 0 for none. */
uint32_t map_state(unsigned long state, uint32_t protocol);

/*
 * Maps the protocols of a connect or reconnect. 0 (not with direct) and 0x80000000 mean T0|T1, 0xff
 * alone means RAW, and RAW beside others is ignored. Returns 0, or SCARD_E_INVALID_PARAMETER for
 * other unknown bits.
 */
int32_t map_protocols(uint32_t protocols, int direct, unsigned long *native);

/* The active protocol as one WinSCard bit, 0 when there is none. */
uint32_t map_protocol(unsigned long native);

/* Maps a control code. Only GET_FEATURE_REQUEST differs; codes that a driver returned pass
 * unchanged. */
unsigned long map_control(uint32_t code);

/* True when a multi-string of groups (length bytes; empty: all) includes every reader: pcsc-lite
 * knows one group only. */
int map_groups(const char *groups, uint32_t length);

#endif
