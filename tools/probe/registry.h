/*
 * scardssp-probe: the registry as a set of keys.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * In either width it is the registry of 64-bit programs, where there is one; that of 32-bit
 * programs is a part of it.
 */

#ifndef PROBE_REGISTRY_H
#define PROBE_REGISTRY_H

#include <windows.h>

#include "keyset.h"
#include "undo.h"

/* Adds all of keyset_roots, links themselves and not what they lead to, and sorts. An error's
 * code, or 0. */
LONG registry_read(struct keyset *set);

/* The steps of undoing, done in the registry. */
int registry_remove(struct undo_steps *steps, const struct keyset_key *key);
int registry_set(struct undo_steps *steps, const struct keyset *before,
                 const struct keyset_key *key, const struct keyset *current,
                 const struct keyset_key *now);

#endif
