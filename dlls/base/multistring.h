/*
 * Multi-strings: NUL-terminated strings in a row, ended by an empty one.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Code units are 8 bits (UTF-8, pcsc-lite) or 16 bits (UTF-16, Windows). size counts code units and
 * is the border that no function reads past, whatever the terminators say.
 */

#ifndef BASE_MULTISTRING_H
#define BASE_MULTISTRING_H

#include <stddef.h>
#include <stdint.h>

/*
 * Steps through: *at starts at 0. Returns the next string and moves *at behind it, or NULL at the
 * end, at the border, or when the string is not terminated inside it.
 */
const char *multistring_next(const char *strings, size_t size, size_t *at);
const uint16_t *multistring16_next(const uint16_t *strings, size_t size, size_t *at);

/* Number of strings that stepping through gives. */
size_t multistring16_count(const uint16_t *strings, size_t size);

/* Code units of a list that surely ends, with the empty string that ends it. */
size_t multistring16_length(const uint16_t *strings);

#endif
