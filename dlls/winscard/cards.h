/*
 * What functions on a connected card have in common.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef WINSCARD_CARDS_H
#define WINSCARD_CARDS_H

#include "calls.h"
#include "pcsc/connection.h"

/* What Windows says where a call on the connection gave result: a handle that pcscd does not know
 * is one of a service that was stopped, unless the connection is closed. */
LONG card_result(const struct connection *connection, LONG result);

/* Whether SCardConnect and SCardReconnect take them. SCARD_E_INVALID_VALUE,
 * SCARD_E_PROTO_MISMATCH. */
LONG card_check_connect(DWORD share, DWORD protocols);

/* As SCardStatus: a direct connection to an empty reader has the state SCARD_ABSENT, and one that
 * asked for no protocol has none. */
LONG card_status(struct connection *connection, struct transport_status *status);

#endif
