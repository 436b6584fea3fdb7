/*
 * What registering changed, and how to undo it, whatever others changed since.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * text is what scardssp-setup keeps, current the registry's keys now; both are sorted, and so is
 * what is made of them.
 */

#ifndef PROBE_UNDO_H
#define PROBE_UNDO_H

#include "keytext.h"

/* Before the DLLs register themselves. What an interrupted run wrote is recorded first. 0, or -1
 * without memory. */
int undo_begin(struct keytext *text, const struct keyset *current);

/* After that; text->changed tells whether registering changed anything. Nothing happens when it did
 * not begin. */
int undo_record(struct keytext *text, const struct keyset *current);

/* Before they unregister themselves; the first time counts, when that is interrupted and done
 * again. */
int undo_end(struct keytext *text, const struct keyset *current);

/* Steps of undoing, in the order in which they are to be done. */
struct undo_steps
{
    /* The key has no other below it any more. 0, or -1 when it cannot be done. */
    int (*remove)(struct undo_steps *steps, const struct keyset_key *key);
    /* The key gets the values of key in before, and no others; now is the key as it is, NULL when
     * it is not there. */
    int (*set)(struct undo_steps *steps, const struct keyset *before, const struct keyset_key *key,
               const struct keyset *current, const struct keyset_key *now);
};

/*
 * Makes of current what was before: keys that are still as written get their old values or go, and
 * old keys that unregistering took along come back. All steps are tried; how many there were.
 */
long undo_restore(const struct keytext *text, const struct keyset *current,
                  struct undo_steps *steps);

/* When there was none: what was there before unregistering is not needed any more. */
void undo_ended(struct keytext *text);

#endif
