/*
 * A libpcsclite whose pcscd refuses everybody, as polkit makes it do.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Without pcsc-lite's header, whose prototypes these need not have. */
#define FUNCTIONS(X) \
    X(SCardEstablishContext) X(SCardReleaseContext) X(SCardIsValidContext) X(SCardConnect) \
    X(SCardReconnect) X(SCardDisconnect) X(SCardBeginTransaction) X(SCardEndTransaction) \
    X(SCardStatus) X(SCardGetStatusChange) X(SCardControl) X(SCardTransmit) \
    X(SCardListReaderGroups) X(SCardListReaders) X(SCardCancel) X(SCardGetAttrib) \
    X(SCardSetAttrib)

/* SCARD_W_SECURITY_VIOLATION */
#define REFUSE(name) \
    long name(void); \
    long name(void) \
    { \
        return (long)0x8010006A; \
    }
FUNCTIONS(REFUSE)
