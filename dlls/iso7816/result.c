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
    case ISO_RESET_CARD:
    case ISO_UNPOWERED_CARD: return EVENT_RESET;
    case ISO_REMOVED_CARD:
    case ISO_NO_SMARTCARD: return EVENT_REMOVED;
    case ISO_READER_UNAVAILABLE:
    case ISO_UNKNOWN_READER: return EVENT_READER_GONE;
    /* Stacks have many names for a resource manager that went away, or that is another one now. */
    case ISO_WIN_INVALID_HANDLE:
    case ISO_BROKEN_PIPE:
    case ISO_INVALID_HANDLE:
    case ISO_INVALID_VALUE:
    case ISO_NO_SERVICE:
    case ISO_SERVICE_STOPPED:
    case ISO_COMM_ERROR: return EVENT_SERVICE_GONE;
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
