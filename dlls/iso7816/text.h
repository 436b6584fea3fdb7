/*
 * Names from outside (readers, programs, files): their conversion to UTF-16 and their display.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pcsc-lite's names are bytes, by convention UTF-8. A byte that is not part of valid UTF-8 becomes
 * the lone surrogate U+DC00 + byte, as with Python's surrogateescape, and is converted back from
 * it. Thus every name leads back to its reader, through BSTRs, scripts and the registry.
 */

#ifndef ISO7816_TEXT_H
#define ISO7816_TEXT_H

#include <stddef.h>
#include <stdint.h>

/*
 * Converts len bytes, NULs included, to UTF-16, at most len units. out may be NULL to ask for the
 * number. Returns the number of units, 0 when they do not fit into cap.
 */
size_t text_from_bytes(const char *bytes, size_t len, uint16_t *out, size_t cap);

/*
 * Converts len units to bytes, at most 3 for each. out may be NULL to ask for the number. Returns
 * the number of bytes; 0 when they do not fit or a lone surrogate represents no byte.
 */
size_t text_to_bytes(const uint16_t *text, size_t len, char *out, size_t cap);

/*
 * Writes len units as UTF-8 for display, NUL-terminated, cut between characters where cap (at least
 * 1) ends. Characters that could move a cursor, end a line or reverse the text are written as
 * \uXXXX: control characters (C1 too) except those in keep, separators, direction marks, lone
 * surrogates. Returns the length. 6 * len + 1 always fits.
 */
size_t text_show(const uint16_t *text, size_t len, const char *keep, char *out, size_t cap);

/* Replaces by '?', in a NUL-terminated text of bytes, what text_show would escape and what is not
 * UTF-8. */
void text_clean(char *text);

#endif
