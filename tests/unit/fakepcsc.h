/*
 * A stand-in for libpcsclite: a small model whose answers a test can force.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It takes the library's place by linker wraps of dlopen and dlsym, so that the real loading code
 * runs. Like the library it has one mutex per context, polls inside SCardBeginTransaction, loses a
 * cancel that comes before the wait, and in SCardReconnect spoils a reader for ever when an
 * exclusive connection asks to be shared. In one wait it takes 16 states.
 */

#ifndef TESTS_UNIT_FAKEPCSC_H
#define TESTS_UNIT_FAKEPCSC_H

#include <stdint.h>

#include "pcsc/unix/pcsclite.h"
#include "wire.h"

enum fake_call
{
    FAKE_SCardEstablishContext, FAKE_SCardReleaseContext,
    FAKE_SCardConnect, FAKE_SCardReconnect, FAKE_SCardDisconnect, FAKE_SCardBeginTransaction,
    FAKE_SCardEndTransaction, FAKE_SCardStatus, FAKE_SCardGetStatusChange, FAKE_SCardControl,
    FAKE_SCardTransmit, FAKE_SCardListReaderGroups, FAKE_SCardListReaders, FAKE_SCardCancel,
    FAKE_SCardGetAttrib, FAKE_SCardSetAttrib, FAKE_CALLS
};

#define FAKE_ATR_MAX 33
#define FAKE_OTHER   ((SCARDHANDLE)-1) /* another program, as a holder of the lock */

/* Read and written under fake_lock/fake_unlock once threads run. */
struct fake
{
    long force[FAKE_CALLS]; /* not 0: the call does nothing and returns this */
    unsigned calls[FAKE_CALLS];

    int contexts; /* open ones */
    int handles;
    SCARDHANDLE holder; /* of the lock, 0 for nobody */
    unsigned depth;
    int spoilt;
    int snatch; /* another program takes the lock as soon as somebody has seen that it is free */

    /* What the last calls were given. */
    unsigned long share, protocols, disposition, end_disposition, code, pci, attribute, timeout;
    unsigned long current;
    SCARDCONTEXT context; /* of the last SCardConnect */
    unsigned pause;       /* microseconds that a connect takes */
    uint8_t sent[128];
    unsigned long sent_length;

    /* What calls answer. */
    unsigned long active, state, answer_length;
    unsigned long list_length; /* not 0: what both lists are said to have */
    uint8_t atr[FAKE_ATR_MAX];
    unsigned long atr_length;
    const char *readers;        /* a multi-string */
    unsigned long reader_state; /* of GetStatusChange */
    int waiting;                /* a wait has begun */
    int cancel;                 /* ends it */
    int lost_cancels;           /* that many are lost */

    /* What dlopen finds, and what it was asked for. */
    const char *library; /* the one path that exists */
    const char *no_symbol;
    char opened[1024]; /* all paths, each with a newline */
};

extern struct fake fake;

/* Everything as at the start, but for the count of open contexts and handles. */
void fake_reset(void);
void fake_lock(void);
void fake_unlock(void);
unsigned fake_calls(enum fake_call call);
/* Gives the lock to holder as another program would take it, or takes it away (0). */
void fake_hold(SCARDHANDLE holder);
/* Waits up to two seconds until that many calls were made. */
int fake_reaches(enum fake_call call, unsigned calls);

#endif
