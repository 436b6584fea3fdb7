/*
 * The cards that a program's own routines connect and judge.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A card is tried once for each stay in a reader: connected, by the program's routine or
 * SCardConnect, and shown to its check routine. On a card that was accepted the connection stays
 * open until the search ends, where the program made it or gets it; it is closed by the program's
 * routine, else by SCardDisconnect with SCARD_LEAVE_CARD. Everything runs on the caller's thread.
 * The routines may show windows and use these functions for another search.
 */

#ifndef SCARDDLG_TRIAL_H
#define SCARDDLG_TRIAL_H

#include <winscard.h>

#include "search.h"

/* A set of routines as a structure names them. */
struct routines
{
    BOOL ansi;               /* connect is an LPOCNCONNPROCA */
    LPOCNCONNPROCW connect;  /* NULL: by share and protocols; without a share mode not at all */
    LPOCNCHKPROC check;      /* NULL: every card is accepted */
    LPOCNDSCPROC disconnect; /* NULL: SCardDisconnect */
    void *user;
    DWORD share, protocols;
};

struct trial
{
    struct watch_reader reader; /* with the state of then */
    LONG verdict;
    SCARDHANDLE card; /* 0: not connected */
    DWORD protocol;
};

/* Of one search. The first fields are the caller's; the others are zero at first. */
struct trials
{
    SCARDCONTEXT context;
    const struct candidates *candidates;
    struct routines check, final; /* for all wanted cards; for the chosen one */
    BOOL one_set;                 /* both are the same routines, and one connection serves both */

    BOOL handed_over; /* the connection of the chosen card is the one that its check had */
    DWORD count;
    struct trial items[WATCH_READERS];
};

/* 0: the card is accepted. SCARD_E_CARD_UNSUPPORTED: a routine refused it; else what connecting
 * returned. */
LONG trials_accept(struct trials *trials, const struct watch_reader *reader);

/* Connects to a card that was accepted; *card is 0 where the caller wants no connection. The same
 * results. */
LONG trials_connect(struct trials *trials, const struct watch_reader *reader, SCARDHANDLE *card,
                    DWORD *protocol);

/* Closes what trials_connect connected last, by the routine of the set that connected it. */
void trials_disconnect(struct trials *trials, SCARDHANDLE card);

/* Closes what is open but for what trials_connect returned. */
void trials_end(struct trials *trials);

#endif
