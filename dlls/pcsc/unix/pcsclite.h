/*
 * libpcsclite, loaded at run time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It is loaded, not linked: if it were linked and missing, Wine would only say that the unix
 * library cannot be loaded; this way there is an explanation.
 */

#ifndef PCSC_UNIX_PCSCLITE_H
#define PCSC_UNIX_PCSCLITE_H

#include <stddef.h>
#include <stdint.h>

#include "functions.h"

/*
 * Loads the library at the first call that can: $SCARDSSP_PCSCLITE alone when that is set, else
 * libpcsclite.so.1, else the copies of the host system outside a container. Returns NULL when there
 * is none; text (size bytes) then gives cause and remedy. The library is never unloaded.
 */
const struct pcsc *pcsc_load(char *text, size_t size);

/* The library after a successful pcsc_load, which every id implies. */
const struct pcsc *pcsc(void);

/* The name by which it was loaded, "" before that. */
const char *pcsc_library(void);

/* The file that this name led to, "" before that. path has size bytes, more than 0. */
void pcsc_file(char *path, size_t size);

/* The file from which a function or object of this process was loaded, "" when unknown. */
void pcsc_file_of(const void *address, char *path, size_t size);

/* The path at which the library looks for pcscd. */
const char *pcsc_socket(void);

/*
 * Turns a failed SCardEstablishContext into the result for the caller: SCARD_E_NO_SERVICE or
 * SCARD_W_SECURITY_VIOLATION with cause and remedy in text, or the code unchanged with a text.
 */
int32_t pcsc_explain(int32_t result, char *text, size_t size);

#endif
