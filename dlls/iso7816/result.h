/*
 * Classification of results by what they say about the card and the way to it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_RESULT_H
#define ISO7816_RESULT_H

#include "codes.h"

/* The event behind the failure of a call on a context or card. */
enum card_event
{
    EVENT_NONE,
    EVENT_RESET,       /* the card was reset or lost power: codes must be presented again */
    EVENT_REMOVED,     /* the card is gone; another may come */
    EVENT_READER_GONE, /* the reader is gone, with the card */
    EVENT_SERVICE_GONE /* the resource manager is gone, or does not know older handles */
};

enum card_event result_event(int32_t result);

/* result_is_card_gone is true (1) when there is no card any more; result_is_card_lost also when it
 * was reset. */
int result_is_card_gone(int32_t result);
int result_is_card_lost(int32_t result);

#endif
