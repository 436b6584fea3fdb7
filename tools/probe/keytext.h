/*
 * Sets of keys as text, which scardssp-setup keeps beside what it installed. Reads hostile text.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Keys and values are written as Wine writes them into system.reg, for version 0.1 kept parts of
 * that file; see there for what a line means. Lines with a semicolon are between them:
 *     ; scardssp registry 1    the first; without it the text is 0.1's, joined from its files
 *     ; set NAME               whose keys follow
 *     ; end                    the last, so that a part is not taken for the whole
 */

#ifndef PROBE_KEYTEXT_H
#define PROBE_KEYTEXT_H

#include "keyset.h"

/* What was there when; undo.h tells what is made of it. */
enum keytext_set
{
    KEYTEXT_BEFORE,       /* before scardssp-setup came */
    KEYTEXT_WRITTEN,      /* what registering wrote, and nobody changed since */
    KEYTEXT_NOW,          /* before the registering that has not ended yet */
    KEYTEXT_UNREGISTERED, /* before the DLLs unregistered themselves */
    KEYTEXT_SETS
};

struct keytext
{
    struct keyset sets[KEYTEXT_SETS]; /* sorted */
    int there[KEYTEXT_SETS];
    int changed; /* written as a remark for scardssp-setup, and not read */
};

/*
 * Reads size bytes. text is all zeros; keytext_free() it also after a failure. NULL, or a few words
 * that say why the text is refused, with the number of the line, from 1, in *line.
 */
const char *keytext_read(const char *bytes, size_t size, struct keytext *text, unsigned *line);

void keytext_free(struct keytext *text);

/* Where text goes, piece by piece. 0, or -1 when it cannot be written. */
struct keytext_sink
{
    int (*put)(struct keytext_sink *sink, const char *bytes, size_t size);
};

/* Writes the sets that are there. 0, or -1 as soon as sink fails. */
int keytext_write(const struct keytext *text, struct keytext_sink *sink);

#endif
