/*
 * Multi-strings: consecutive NUL-terminated strings, ended by an empty one.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Code units are 8 bits (UTF-8, pcsc-lite) or 16 bits (UTF-16, Windows). size counts code units; no
 * function reads beyond it, whatever the terminators say.
 */

#ifndef BASE_MULTISTRING_H
#define BASE_MULTISTRING_H

#include <stddef.h>
#include <stdint.h>

/*
 * Returns the next string and moves *at, which starts at 0, behind it. Returns NULL at the end, at
 * size, or when the string is not terminated before size.
 */
const char *multistring_next(const char *strings, size_t size, size_t *at);
const uint16_t *multistring16_next(const uint16_t *strings, size_t size, size_t *at);

/* The number of strings that multistring16_next would return. */
size_t multistring16_count(const uint16_t *strings, size_t size);

/*
 * The code units of a caller's list in a buffer of size, without its final empty string: a border
 * that comes first ends the last string and the list. Nothing is read behind either end.
 */
size_t multistring_extent(const char *strings, size_t size);
size_t multistring16_extent(const uint16_t *strings, size_t size);

/* The code units of a list that is surely terminated, including its final empty string. */
size_t multistring16_length(const uint16_t *strings);

#endif
