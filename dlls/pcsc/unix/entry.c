/*
 * The unix half of the DLL: the table of functions that Wine calls.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * No Wine header, no policy but the rules in transport.h. Every function returns 0, Wine's
 * STATUS_SUCCESS: a call that was made.
 */

#include "unixlib.h"

#include <stdio.h>

#include "card.h"

typedef int32_t (*unix_function)(void *args);

#define EXPORT __attribute__((visibility("default")))

extern const unix_function __wine_unix_call_funcs[UNIX_CODES];
extern const unix_function __wine_unix_call_wow64_funcs[UNIX_CODES];

static int fits(const struct unix_head *head, size_t size)
{
    return head->size == size && head->abi == UNIX_ABI;
}

static int32_t unix_query_entry(void *args)
{
    struct unix_query *params = args;
    int same = fits(&params->head, sizeof(*params));

    params->head.abi = UNIX_ABI;
    params->head.result = SC_UNEXPECTED;
    if (!same)
        return 0;
    params->head.result = pcsc_load(params->text, sizeof(params->text)) ? 0 : SC_NO_SERVICE;
    snprintf(params->library, sizeof(params->library), "%s", pcsc_library());
    pcsc_file(params->file, sizeof(params->file));
    pcsc_file_of(__wine_unix_call_funcs, params->self, sizeof(params->self));
    snprintf(params->socket, sizeof(params->socket), "%s", pcsc_socket());
    return 0;
}

/* A caller of another layout gets SCARD_E_UNEXPECTED and nothing else touched. */
#define ENTRY(function, type) \
    static int32_t function##_entry(void *args) \
    { \
        struct type *params = args; \
        params->head.result = fits(&params->head, sizeof(*params)) ? function(params) \
                                                                   : SC_UNEXPECTED; \
        return 0; \
    }

ENTRY(context_establish, unix_establish)
ENTRY(context_release, unix_context)
ENTRY(context_is_valid, unix_context)
ENTRY(context_list_groups, unix_list)
ENTRY(context_list_readers, unix_list)
ENTRY(context_wait, unix_wait)
ENTRY(context_cancel, unix_context)
ENTRY(card_connect, unix_connect)
ENTRY(card_reconnect, unix_reconnect)
ENTRY(card_disconnect, unix_card)
ENTRY(card_begin, unix_card)
ENTRY(card_end, unix_card)
ENTRY(card_cancel_begin, unix_card)
ENTRY(card_transmit, unix_transmit)
ENTRY(card_status, unix_status)
ENTRY(card_control, unix_control)
ENTRY(card_get_attrib, unix_attrib)
ENTRY(card_set_attrib, unix_attrib)
ENTRY(private_file, unix_private_file)

/* One list for both tables, since one layout serves both widths. */
#define FUNCTIONS \
    { \
        [UNIX_QUERY] = unix_query_entry, \
        [UNIX_ESTABLISH] = context_establish_entry, \
        [UNIX_RELEASE] = context_release_entry, \
        [UNIX_IS_VALID] = context_is_valid_entry, \
        [UNIX_LIST_GROUPS] = context_list_groups_entry, \
        [UNIX_LIST_READERS] = context_list_readers_entry, \
        [UNIX_WAIT] = context_wait_entry, \
        [UNIX_CANCEL] = context_cancel_entry, \
        [UNIX_CONNECT] = card_connect_entry, \
        [UNIX_RECONNECT] = card_reconnect_entry, \
        [UNIX_DISCONNECT] = card_disconnect_entry, \
        [UNIX_BEGIN] = card_begin_entry, \
        [UNIX_END] = card_end_entry, \
        [UNIX_CANCEL_BEGIN] = card_cancel_begin_entry, \
        [UNIX_TRANSMIT] = card_transmit_entry, \
        [UNIX_STATUS] = card_status_entry, \
        [UNIX_CONTROL] = card_control_entry, \
        [UNIX_GET_ATTRIB] = card_get_attrib_entry, \
        [UNIX_SET_ATTRIB] = card_set_attrib_entry, \
        [UNIX_PRIVATE_FILE] = private_file_entry \
    }

EXPORT const unix_function __wine_unix_call_funcs[UNIX_CODES] = FUNCTIONS;
EXPORT const unix_function __wine_unix_call_wow64_funcs[UNIX_CODES] = FUNCTIONS;
