/*
 * Calls of the unix half as Wine makes them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "wire.h"

int32_t wire(enum unix_code code, void *params, uint32_t size)
{
    struct unix_head *head = params;

    head->size = size;
    head->abi = UNIX_ABI;
    head->result = 0x55;
    if (__wine_unix_call_funcs[code](params))
        return 0x66;
    return head->result;
}

uint64_t wire_context(void)
{
    struct unix_establish params = {0};

    return WIRE(UNIX_ESTABLISH, params) ? 0 : params.context;
}

uint64_t wire_connect(uint64_t context, uint32_t share, uint32_t protocols, int32_t *result)
{
    struct unix_connect params = {.context = context, .share = share, .protocols = protocols,
                                  .name = "Reader A"};
    int32_t code = WIRE(UNIX_CONNECT, params);

    if (result)
        *result = code;
    return params.card;
}

int32_t wire_card(enum unix_code code, uint64_t card, uint32_t disposition)
{
    struct unix_card params = {.card = card, .disposition = disposition};

    return WIRE(code, params);
}

int32_t wire_ticket(enum unix_code code, uint64_t card, uint32_t ticket)
{
    struct unix_card params = {.head.ticket = ticket, .card = card};

    return WIRE(code, params);
}

int32_t wire_of_context(enum unix_code code, uint64_t context)
{
    struct unix_context params = {.context = context};

    return WIRE(code, params);
}

int32_t wire_release(uint64_t context)
{
    return wire_of_context(UNIX_RELEASE, context);
}
