/*
 * A growing byte buffer, and hexadecimal text, for the simulated card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_BYTES_H
#define SIMCARD_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start with {0}; data is NULL while nothing was added. The program ends when memory does. */
struct bytes
{
    uint8_t *data;
    size_t len;
    size_t cap;
};

/* Appends len bytes; a NULL data appends zeros. */
void bytes_add(struct bytes *b, const void *data, size_t len);
void bytes_add_u8(struct bytes *b, unsigned value);
/* Appends the low `width` bytes of value, most significant first; width 1 to 4. */
void bytes_add_be(struct bytes *b, uint32_t value, unsigned width);
/* Removes the first len bytes (all when there are fewer). */
void bytes_drop(struct bytes *b, size_t len);
/* Empties the buffer and keeps its memory. */
void bytes_clear(struct bytes *b);
/* Frees the memory; the buffer is as new. */
void bytes_free(struct bytes *b);

/* calloc that ends the program when memory ends. */
void *bytes_calloc(size_t count, size_t size);

/* Appends the bytes of hexadecimal text; blanks between bytes are allowed.
 * False (and b as before) on an odd number of digits or another character. */
bool bytes_add_hex(struct bytes *b, const char *text);
/* Appends data as upper-case hexadecimal text, without a terminating zero. */
void bytes_add_hex_text(struct bytes *b, const uint8_t *data, size_t len);
/* Appends formatted text, without the terminating zero. */
void bytes_printf(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next line of *text without its end (\n, \r or both), to be freed; *text moves behind it.
 * NULL when there is none. */
char *bytes_next_line(const char **text);

/* Big-endian number of len (0 to 4) bytes. */
uint32_t bytes_be(const uint8_t *data, size_t len);

#endif
