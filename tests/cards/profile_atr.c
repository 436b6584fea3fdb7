/*
 * Checks the answer to reset of a card profile (ISO 7816-3, 8.2).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "profile.h"

bool profile_check_atr(const uint8_t *atr, size_t len, bool t0)
{
    unsigned protocols = 0, flags, historical, k;
    size_t pos = 2, i;
    uint8_t check = 0;
    bool has_tck;

    if (len < 2 || len > 33 || (atr[0] != 0x3b && atr[0] != 0x3f))
        return false;
    historical = atr[1] & 15;
    flags = atr[1] >> 4;
    while (flags)
    {
        uint8_t td = 0;

        for (k = 0; k < 4; k++)
        {
            if (!(flags & 1u << k))
                continue;
            if (pos >= len)
                return false;
            td = atr[pos++];
        }
        if (!(flags & 8))
            break;
        protocols |= 1u << (td & 15);
        flags = td >> 4;
    }
    if (!protocols)
        protocols = 1;
    has_tck = (protocols & ~1u) != 0;
    if (len != pos + historical + has_tck)
        return false;
    for (i = 1; i < len; i++)
        check ^= atr[i];
    if (has_tck && check)
        return false;
    return protocols & (t0 ? 1u : 2u);
}
