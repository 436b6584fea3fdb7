/*
 * Bytes as hexadecimal text, in which secret bytes can be hidden.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_HEX_H
#define ISO7816_HEX_H

#include <stddef.h>
#include <stdint.h>

/*
 * All three writers NUL-terminate and return the length written. A text that does not fit into cap
 * is cut between bytes and ends with "..."; cap below 4 gives the empty text (and nothing at all if
 * 0).
 */

/*
 * Writes bytes as upper-case hex without spaces.
 */
size_t hex_format(const uint8_t *bytes, size_t len, char *out, size_t cap);

/*
 * Writes a command APDU in readable form: header, Lc, data and Le in hex, separated by spaces. When
 * hidden is set, only the header and Lc (or the fifth byte if it is the last) are shown: "00200001
 * 04 [4 bytes hidden]"; an Le behind hidden data is hidden too, as it may be one of their bytes. Of
 * bytes that are no APDU, at most four are ever shown. 2 * len + 32 always fits.
 */
size_t hex_format_command(const uint8_t *command, size_t len, int hidden, char *out, size_t cap);

/*
 * Writes a reply: data and SW in hex, "6F00 9000"; when hidden is set, "[2 bytes hidden] 9000". 2 *
 * len + 32 always fits.
 */
size_t hex_format_reply(const uint8_t *reply, size_t len, int hidden, char *out, size_t cap);

/*
 * The value of a hex digit (a character or a UTF-16 unit, either case), or -1.
 */
int hex_digit(int c);

/*
 * Parses hex digits (either case; whitespace and ':' between pairs are skipped). *len receives the
 * bytes written. Returns SC_OK; SC_INVALID_ARGUMENT for NULL, an odd number of digits or another
 * character; SC_INSUFFICIENT_BUFFER when cap is too small. On failure *len is 0.
 */
int32_t hex_parse(const char *text, uint8_t *out, size_t cap, size_t *len);

#endif
