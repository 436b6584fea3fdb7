/*
 * Takes a command apart by its length fields (ISO 7816-3, 12.1).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#include "command.h"

#include <string.h>

static bool parse_header(const uint8_t *apdu, size_t len, struct command *c)
{
    memset(c, 0, sizeof(*c));
    if (len < 4)
        return false;
    c->cla = apdu[0];
    c->ins = apdu[1];
    c->p1 = apdu[2];
    c->p2 = apdu[3];
    return true;
}

static void set_le(struct command *c, size_t le, size_t all)
{
    c->le_all = !le;
    c->ne = le ? le : all;
}

static bool parse_extended(const uint8_t *body, size_t len, struct command *c)
{
    size_t lc;

    if (len < 3)
        return false;
    lc = bytes_be(body + 1, 2);
    if (len == 3)
    {
        set_le(c, lc, 65536);
        return true;
    }
    if (!lc || (len != 3 + lc && len != 5 + lc))
        return false;
    c->data = body + 3;
    c->nc = lc;
    if (len == 5 + lc)
        set_le(c, bytes_be(body + 3 + lc, 2), 65536);
    return true;
}

bool command_parse(const uint8_t *apdu, size_t len, bool extended, struct command *c)
{
    const uint8_t *body = apdu + 4;
    size_t lc;

    if (!parse_header(apdu, len, c))
        return false;
    len -= 4;
    if (!len)
        return true;
    lc = body[0];
    if (len == 1)
    {
        set_le(c, lc, 256);
        return true;
    }
    if (!lc)
        return extended && parse_extended(body, len, c);
    if (len != 1 + lc && len != 2 + lc)
        return false;
    c->data = body + 1;
    c->nc = lc;
    if (len == 2 + lc)
        set_le(c, body[1 + lc], 256);
    return true;
}

bool command_parse_t0(const uint8_t *tpdu, size_t len, bool takes_data, struct command *c)
{
    if (!parse_header(tpdu, len, c) || len < 5)
        return false;
    if (!takes_data)
    {
        set_le(c, tpdu[4], 256);
        return len == 5;
    }
    c->nc = tpdu[4];
    c->data = c->nc ? tpdu + 5 : NULL;
    return len == 5 + c->nc;
}
