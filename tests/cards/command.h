/*
 * Takes a command apart by its length fields (ISO 7816-3, 12.1).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_COMMAND_H
#define SIMCARD_COMMAND_H

#include "card.h"

/* Parses an APDU of T=1; the header is filled whenever len >= 4, data points into apdu. False
 * when the length fields do not agree with len, or are extended and that is not allowed. */
bool command_parse(const uint8_t *apdu, size_t len, bool extended, struct command *c);

/* Parses header, P3 and data of T=0. takes_data decides what P3 means. False as above. */
bool command_parse_t0(const uint8_t *tpdu, size_t len, bool takes_data, struct command *c);

#endif
