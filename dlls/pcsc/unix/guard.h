/*
 * What libpcsclite leaves unguarded between threads.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_UNIX_GUARD_H
#define PCSC_UNIX_GUARD_H

#include "functions.h"

/* Puts forms in place of some functions that keep them apart. Called once. */
void guard_library(struct pcsc *functions);

#endif
