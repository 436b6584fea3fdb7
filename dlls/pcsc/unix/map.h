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

/* WinSCard's numbers, which differ from the names in pcsc-lite's headers. */
#define WIN_SUCCESS             0
#define WIN_INTERNAL_ERROR      ((int32_t)0x80100001)
#define WIN_CANCELLED           ((int32_t)0x80100002)
#define WIN_INVALID_HANDLE      ((int32_t)0x80100003)
#define WIN_INVALID_PARAMETER   ((int32_t)0x80100004)
#define WIN_NO_MEMORY           ((int32_t)0x80100006)
#define WIN_INSUFFICIENT_BUFFER ((int32_t)0x80100008)
#define WIN_UNKNOWN_READER      ((int32_t)0x80100009)
#define WIN_TIMEOUT             ((int32_t)0x8010000a)
#define WIN_SHARING_VIOLATION   ((int32_t)0x8010000b)
#define WIN_NO_SMARTCARD        ((int32_t)0x8010000c)
#define WIN_NOT_TRANSACTED      ((int32_t)0x80100016)
#define WIN_NO_SERVICE          ((int32_t)0x8010001d)
#define WIN_UNEXPECTED          ((int32_t)0x8010001f)
#define WIN_UNSUPPORTED_FEATURE ((int32_t)0x80100022)
#define WIN_NO_ACCESS           ((int32_t)0x80100027)
#define WIN_NO_READERS          ((int32_t)0x8010002e)
#define WIN_RESET_CARD          ((int32_t)0x80100068)
#define WIN_SECURITY_VIOLATION  ((int32_t)0x8010006a)

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
