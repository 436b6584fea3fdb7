/*
 * What results say of the card and of the way to it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "result.h"

enum card_event result_event(int32_t result)
{
    switch (result)
    {
    case SC_RESET_CARD:
    case SC_UNPOWERED_CARD: return EVENT_RESET;
    case SC_REMOVED_CARD:
    case SC_NO_SMARTCARD: return EVENT_REMOVED;
    case SC_READER_UNAVAILABLE:
    case SC_UNKNOWN_READER: return EVENT_READER_GONE;
    /* Stacks have many names for a resource manager that went away, or that is another one now. */
    case SC_WIN_INVALID_HANDLE:
    case SC_BROKEN_PIPE:
    case SC_INVALID_HANDLE:
    case SC_INVALID_VALUE:
    case SC_NO_SERVICE:
    case SC_SERVICE_STOPPED:
    case SC_COMM_ERROR: return EVENT_SERVICE_GONE;
    default: return EVENT_NONE;
    }
}

int result_is_card_gone(int32_t result)
{
    enum card_event event = result_event(result);

    return event == EVENT_REMOVED || event == EVENT_READER_GONE;
}

int result_is_card_lost(int32_t result)
{
    return result_event(result) == EVENT_RESET || result_is_card_gone(result);
}
