/*
 * One call of scarddlg.dll: a card is searched for, chosen, connected, and named to the caller.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_CHOOSE_H
#define SCARDDLG_CHOOSE_H

#include "trial.h"

/* Where a caller wants a name: of characters, with its NUL. out NULL: nowhere. */
struct name_wanted
{
    void *out;
    DWORD *size; /* in: room; changed only when that is too small, to what is needed */
};

/* What a structure asks for; its texts as UTF-16. */
struct choice
{
    BOOL ansi; /* the names that are returned */
    SCARDCONTEXT context;
    HWND owner;
    HICON icon;
    LONG flag;             /* one of SC_DLG_ */
    WCHAR *names, *groups; /* multi-strings; NULL or "": every card, SCard$DefaultReaders */
    WCHAR *title, *description;
    struct card_match_guids interfaces;
    struct routines check, final;
    BOOL one_set;
    struct name_wanted reader, card;
    /* In the caller's structure. */
    DWORD *protocol;
    SCARDHANDLE *handle;
};

/*
 * Returns 0 with a card; *handle is 0 where no connection was asked for. SCARD_E_NO_MEMORY also
 * when a name has no room, so the pages say; the card is disconnected then. Other results:
 * SCARD_E_UNKNOWN_CARD for a name that the card database lacks, those of finding_run.
 */
LONG choose_card(const struct choice *choice);

#endif
