/*
 * The dialog of ISCardLocate: the readers, live, to choose a card from.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_DIALOG_H
#define SCARDDLG_DIALOG_H

#ifndef RC_INVOKED
#include "search.h"

/*
 * Shows the dialog, owned by the calling thread's active window, until the user has chosen a card
 * that connect accepts (0; the dialog shows any other result and goes on) or given up:
 * SCARD_W_CANCELLED_BY_USER. A resource manager that goes away meanwhile is waited for. Other
 * results: what watching the readers failed with, or why there can be no window (a Win32 code).
 */
LONG dialog_run(const struct search *search, const struct candidates *candidates,
                LONG (*connect)(void *context, const WCHAR *reader), void *context);
#endif

#define DIALOG_LOCATE 100

#define CONTROL_HINT    101
#define CONTROL_LABEL   102
#define CONTROL_READERS 103
#define CONTROL_MESSAGE 104

#define TEXT_TITLE     200
#define TEXT_HINT_ANY  201
#define TEXT_HINT_CARD 202 /* %1: the names of the cards */
#define TEXT_LABEL     203
#define TEXT_READER    204
#define TEXT_CARD      205
#define TEXT_STATE     206
#define TEXT_OK        207
#define TEXT_CANCEL    208
#define TEXT_UNKNOWN   209 /* a card of no known type */

#define STATE_READY  220
#define STATE_OTHER  221
#define STATE_EMPTY  222
#define STATE_IN_USE 223
#define STATE_MUTE   224
#define STATE_GONE   225

#define MESSAGE_NONE     240 /* no reader */
#define MESSAGE_WAITING  241
#define MESSAGE_FOUND    242
#define MESSAGE_BUSY     243 /* %1: the reader */
#define MESSAGE_PROTOCOL 244 /* %1: the reader */
#define MESSAGE_FAILED   245 /* %1: the reader, %2: the code's digits */
#define MESSAGE_SERVICE  246 /* the resource manager does not run (any more) */

#endif
