/*
 * libpcsclite, loaded at run time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loaded, not linked: where it is missing Wine would only say that the unix library cannot be
 * loaded, and this way there is a sentence.
 */

#ifndef PCSC_UNIX_PCSCLITE_H
#define PCSC_UNIX_PCSCLITE_H

#include <stddef.h>
#include <stdint.h>

#include <winscard.h>

#define PCSC_FUNCTIONS(X) \
    X(SCardEstablishContext) X(SCardReleaseContext) X(SCardIsValidContext) X(SCardConnect) \
    X(SCardReconnect) X(SCardDisconnect) X(SCardBeginTransaction) X(SCardEndTransaction) \
    X(SCardStatus) X(SCardGetStatusChange) X(SCardControl) X(SCardTransmit) \
    X(SCardListReaderGroups) X(SCardListReaders) X(SCardCancel) X(SCardGetAttrib) \
    X(SCardSetAttrib)

/* The functions under their own names. */
struct pcsc
{
#define PCSC_MEMBER(name) __typeof__(name) *name;
    PCSC_FUNCTIONS(PCSC_MEMBER)
#undef PCSC_MEMBER
};

/*
 * Loads the library at the first call that can: $SCARDSSP_PCSCLITE alone when it is set, else
 * libpcsclite.so.1, else the copies of the system around a container. NULL when there is none; then
 * text (size bytes) gets cause and remedy. It is never unloaded.
 */
const struct pcsc *pcsc_load(char *text, size_t size);

/* The library after a pcsc_load that succeeded, which every id implies. */
const struct pcsc *pcsc(void);

/* The name under which it was loaded, "" before. */
const char *pcsc_library(void);

/* The file that this name led to, "" before. path has size bytes, more than 0. */
void pcsc_file(char *path, size_t size);

/* The file that a function or object of this process was loaded from, "" when it cannot be told. */
void pcsc_file_of(const void *address, char *path, size_t size);

/* Where the library looks for pcscd. */
const char *pcsc_socket(void);

/*
 * Makes of a failed SCardEstablishContext what the caller is told: SCARD_E_NO_SERVICE or
 * SCARD_W_SECURITY_VIOLATION with cause and remedy in text, or the code unchanged with a text.
 */
int32_t pcsc_explain(int32_t result, char *text, size_t size);

#endif
