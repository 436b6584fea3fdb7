/*
 * Mapping of Windows' values to pcsc-lite's and back, by pure functions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "map.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include <winscard.h>
#include <reader.h>

#include "base/multistring.h"
#include "pcsc/litevalues.h"

int32_t map_result(enum map_call call, long result)
{
    /* The library's codes are positive on 64-bit systems and negative on 32-bit ones. */
    int32_t code = (int32_t)(uint32_t)(unsigned long)result;

    if (!code)
        return result ? SC_INTERNAL_ERROR : SC_OK;
    if (((uint32_t)code & 0xffff0000u) != 0x80100000u)
        return SC_INTERNAL_ERROR;
    if (code == SC_UNEXPECTED && call == MAP_CALL_FEATURE)
        return SC_UNSUPPORTED_FEATURE;
    if (code == SC_SECURITY_VIOLATION && call != MAP_CALL_ACCESS)
        return SC_NO_SERVICE;
    return code;
}

uint32_t map_state(unsigned long state, uint32_t protocol)
{
    return lite_state((uint32_t)state & 0xffff, protocol);
}

int32_t map_protocols(uint32_t protocols, int direct, unsigned long *native)
{
    uint32_t wanted;
    int known = protocols_wanted(protocols, direct, &wanted);

    *native = wanted == SC_PROTOCOL_RAW ? SCARD_PROTOCOL_RAW : wanted;
    return known ? SC_OK : SC_INVALID_PARAMETER;
}

uint32_t map_protocol(unsigned long native)
{
    return native == (uint32_t)native ? protocol_active((uint32_t)native) : 0;
}

unsigned long map_control(uint32_t code)
{
    return code == SC_GET_FEATURE ? CM_IOCTL_GET_FEATURE_REQUEST : code;
}

int map_groups(const char *groups, uint32_t length)
{
    static const char *const all[] =
    {
        "SCard$AllReaders", "SCard$DefaultReaders"
    };
    const char *group;
    size_t at = 0;
    unsigned i;

    if (!length || !groups[0])
        return 1;
    while ((group = multistring_next(groups, length, &at)))
        for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
            if (!strcasecmp(group, all[i]))
                return 1;
    return 0;
}
