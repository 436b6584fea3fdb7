/*
 * Windows values to pcsc-lite's and back: pure functions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "unixlib_map.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include <winscard.h>
#include <reader.h>

#define WIN_PROTOCOL_RAW       0x00010000u
#define WIN_PROTOCOL_DEFAULT   0x80000000u
#define COM_PROTOCOL_RAW       0x000000ffu
#define WIN_GET_FEATURE        (0x00310000u | 3400u << 2)

int32_t map_result(enum map_call call, long result)
{
    /* On 64-bit systems the library's codes are positive, on 32-bit ones negative. */
    int32_t code = (int32_t)(uint32_t)(unsigned long)result;

    if (!code)
        return result ? WIN_INTERNAL_ERROR : WIN_SUCCESS;
    if (((uint32_t)code & 0xffff0000u) != 0x80100000u)
        return WIN_INTERNAL_ERROR;
    if (code == WIN_UNEXPECTED && call == MAP_CALL_FEATURE)
        return WIN_UNSUPPORTED_FEATURE;
    return code;
}

uint32_t map_state(unsigned long state)
{
    static const struct
    {
        unsigned long bit;
        uint32_t ordinal;
    } states[] =
    {
        {SCARD_SPECIFIC, 6}, {SCARD_NEGOTIABLE, 5}, {SCARD_POWERED, 4}, {SCARD_SWALLOWED, 3},
        {SCARD_PRESENT, 2}, {SCARD_ABSENT, 1}
    };
    unsigned i;

    state &= 0xffff;
    if (state & SCARD_UNKNOWN)
        return 0;
    for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (state & states[i].bit)
            return states[i].ordinal;
    return 0;
}

int32_t map_protocols(uint32_t protocols, int direct, unsigned long *native)
{
    const uint32_t any = SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1;

    *native = 0;
    if (protocols == COM_PROTOCOL_RAW || protocols == WIN_PROTOCOL_RAW)
    {
        *native = SCARD_PROTOCOL_RAW;
        return WIN_SUCCESS;
    }
    if (protocols & ~(any | WIN_PROTOCOL_DEFAULT))
        return WIN_INVALID_PARAMETER;
    *native = protocols & any;
    if (!*native && (protocols || !direct))
        *native = any;
    return WIN_SUCCESS;
}

uint32_t map_protocol(unsigned long native)
{
    if (native == SCARD_PROTOCOL_RAW)
        return WIN_PROTOCOL_RAW;
    return native == SCARD_PROTOCOL_T0 || native == SCARD_PROTOCOL_T1 ? (uint32_t)native : 0;
}

unsigned long map_control(uint32_t code)
{
    return code == WIN_GET_FEATURE ? CM_IOCTL_GET_FEATURE_REQUEST : code;
}

int map_groups(const char *groups, uint32_t length)
{
    static const char *const all[] =
    {
        "SCard$AllReaders", "SCard$DefaultReaders"
    };
    uint32_t start = 0, next;
    unsigned i;

    if (!length || !groups[0])
        return 1;
    while (start < length && groups[start])
    {
        next = start + strnlen(groups + start, length - start);
        if (next == length)
            break;
        for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
            if (!strcasecmp(groups + start, all[i]))
                return 1;
        start = next + 1;
    }
    return 0;
}
