/*
 * Names that others choose (readers, programs, files): their bytes in UTF-16, and how to show them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pcsc-lite's names are bytes, by custom UTF-8. A byte that is no part of valid UTF-8 becomes the
 * lone surrogate U+DC00 + byte, as Python's surrogateescape does, and comes back from it: so every
 * name leads back to its reader, through BSTRs, scripts and the registry.
 */

#ifndef ISO7816_TEXT_H
#define ISO7816_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * UTF-16 of len bytes, NULs included, at most len units. out may be NULL to ask for the number.
 * Returns the units; 0 when there is no room for them in cap.
 */
size_t text_from_bytes(const char *bytes, size_t len, uint16_t *out, size_t cap);

/*
 * The bytes of len units, at most 3 for each. out may be NULL to ask for the number. Returns it; 0
 * when there is no room, or when a lone surrogate stands for no byte.
 */
size_t text_to_bytes(const uint16_t *text, size_t len, char *out, size_t cap);

/*
 * UTF-8 of len units for people's eyes, NUL-terminated, cut at a character's border where cap (at
 * least 1) ends. What could move a cursor, end a line, or turn the text around is written as
 * \uXXXX: control characters (C1 too) but those in keep, separators, marks of direction, lone
 * surrogates. Returns the length. 6 * len + 1 always fits.
 */
size_t text_show(const uint16_t *text, size_t len, const char *keep, char *out, size_t cap);

/* Replaces in a NUL-terminated text of bytes by '?' what text_show writes otherwise, and what is
 * no UTF-8. */
void text_clean(char *text);

#endif
