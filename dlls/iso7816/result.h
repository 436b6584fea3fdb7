/*
 * What results say of the card and of the way to it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_RESULT_H
#define ISO7816_RESULT_H

#include "codes.h"

/* What a result of a call on a context or card says besides that it failed. */
enum card_event
{
    EVENT_NONE,
    EVENT_RESET,       /* the card was reset or lost power: codes must be presented again */
    EVENT_REMOVED,     /* it is gone: another one may come */
    EVENT_READER_GONE, /* and the reader with it */
    EVENT_SERVICE_GONE /* the resource manager is not there, or does not know handles of before */
};

enum card_event result_event(int32_t result);

/* True (1) when no card is there any more; when it was reset or is not there. */
int result_is_card_gone(int32_t result);
int result_is_card_lost(int32_t result);

#endif
