/*
 * Bytes as hexadecimal text, with room for what must not be shown.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ISO7816_HEX_H
#define ISO7816_HEX_H

#include <stddef.h>
#include <stdint.h>

/*
 * All three writers NUL-terminate and return the length written. What does not fit into cap is cut
 * at a byte's border and ends with "..."; cap below 4 gives the empty text (nothing at all if 0).
 */

/*
 * Writes bytes as upper case hex without blanks.
 */
size_t hex_format(const uint8_t *bytes, size_t len, char *out, size_t cap);

/*
 * Writes a command APDU for people: header, Lc, data and Le in hex with blanks between. hidden: no
 * more than header and Lc, or the fifth byte when it is the last, is shown: "00200001 04
 * [4 bytes hidden]"; an Le behind hidden data may be a byte of them. Of bytes that are no APDU no
 * more than four are ever shown. 2 * len + 32 always fits.
 */
size_t hex_format_command(const uint8_t *command, size_t len, int hidden, char *out, size_t cap);

/*
 * Writes a reply: data and SW in hex, "6F00 9000"; hidden: "[2 bytes hidden] 9000".
 * 2 * len + 32 always fits.
 */
size_t hex_format_reply(const uint8_t *reply, size_t len, int hidden, char *out, size_t cap);

/*
 * The value of a hex digit (a character or a UTF-16 unit, either case), or -1.
 */
int hex_digit(int c);

/*
 * Reads hex digits (either case; blanks and ':' between pairs are skipped). *len: bytes written.
 * Returns SC_OK; SC_INVALID_ARGUMENT for NULL, an odd count or another character;
 * SC_INSUFFICIENT_BUFFER when cap is too small. *len is 0 then.
 */
int32_t hex_parse(const char *text, uint8_t *out, size_t cap, size_t *len);

#endif
