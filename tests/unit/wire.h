/*
 * Calls of the unix half as Wine makes them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_WIRE_H
#define TESTS_UNIT_WIRE_H

#include <stdint.h>

#include "pcsc/unix/unixlib.h"

typedef int32_t (*wire_function)(void *args);

/* The tables that the unix half exports: for 64-bit callers, for 32-bit ones in a 64-bit Wine. */
extern const wire_function __wine_unix_call_funcs[UNIX_CODES];
extern const wire_function __wine_unix_call_wow64_funcs[UNIX_CODES];

/* Makes a call over the first; params is a variable whose head is filled in. */
#define WIRE(code, params) wire((code), &(params), sizeof(params))
int32_t wire(enum unix_code code, void *params, uint32_t size);

/* Shorthands; 0 ids when the call failed. The reader is "Reader A". */
uint64_t wire_context(void);
uint64_t wire_connect(uint64_t context, uint32_t share, uint32_t protocols, int32_t *result);
int32_t wire_card(enum unix_code code, uint64_t card, uint32_t disposition);
int32_t wire_ticket(enum unix_code code, uint64_t card, uint32_t ticket);
/* RELEASE, IS_VALID, CANCEL. */
int32_t wire_of_context(enum unix_code code, uint64_t context);
int32_t wire_release(uint64_t context);

#endif
