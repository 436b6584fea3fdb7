/*
 * The functions of libpcsclite that are used.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_UNIX_FUNCTIONS_H
#define PCSC_UNIX_FUNCTIONS_H

#include <winscard.h>

#define PCSC_FUNCTIONS(X) \
    X(SCardEstablishContext) X(SCardReleaseContext) X(SCardConnect) X(SCardReconnect) \
    X(SCardDisconnect) X(SCardBeginTransaction) X(SCardEndTransaction) X(SCardStatus) \
    X(SCardGetStatusChange) X(SCardControl) X(SCardTransmit) X(SCardListReaderGroups) \
    X(SCardListReaders) X(SCardCancel) X(SCardGetAttrib) X(SCardSetAttrib)

/* The functions under their own names. */
struct pcsc
{
#define PCSC_MEMBER(name) __typeof__(name) *name;
    PCSC_FUNCTIONS(PCSC_MEMBER)
#undef PCSC_MEMBER
};

#endif
