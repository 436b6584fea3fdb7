/*
 * The dialog in which a card is chosen, from a live list of readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_DIALOG_H
#define SCARDDLG_DIALOG_H

#ifndef RC_INVOKED
#include "search.h"

/* A dialog: everything is the caller's, and stays as it is while the dialog shows. */
struct dialog_request
{
    const struct search *search;
    const struct candidates *candidates;
    HWND owner; /* disabled meanwhile, or its top-level window is; NULL: none */
    HICON icon; /* beside the description; NULL: none */
    /*
     * Called on the dialog's thread, and may show windows of their own, or end this one. accept
     * judges a card that candidates_match, whenever its reader has changed: 0 when it may be
     * chosen, SCARD_E_SHARING_VIOLATION when another program has it; NULL: all may. connect takes
     * the chosen card: 0 ends the dialog, any other result is shown in it.
     */
    LONG (*accept)(void *context, const struct watch_reader *reader);
    LONG (*connect)(void *context, const struct watch_reader *reader);
    /* After one of them has failed: 0 when another attempt may succeed, else the result with which
     * the dialog ends. NULL: it always may. */
    LONG (*hopeless)(void *context);
    void *context;
};

/*
 * Shows the dialog until the user has chosen a card that connect takes (0) or has given up, even
 * while connect was running (SCARD_W_CANCELLED_BY_USER; also when the window was destroyed). If the
 * resource manager goes away meanwhile, the dialog waits for it. Other results: the failure of
 * watching the readers, or the Win32 code of why no window could be created.
 */
LONG dialog_run(const struct dialog_request *request);
#endif

#define DIALOG_LOCATE 100

#define CONTROL_HINT    101
#define CONTROL_LABEL   102
#define CONTROL_READERS 103
#define CONTROL_MESSAGE 104
#define CONTROL_ICON    105

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
#define MESSAGE_OTHER    247 /* %1: the reader whose card is not wanted */
#define MESSAGE_MUTE     248 /* %1: the reader whose card does not answer */

#endif
