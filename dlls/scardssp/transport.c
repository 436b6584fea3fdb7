/*
 * Which way to the cards connections by name take.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "transport.h"

const struct transport_ops *transport_default(void)
{
    return &transport_unix;
}
