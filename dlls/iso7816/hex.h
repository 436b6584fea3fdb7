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
 * Writes bytes as upper case hex without blanks, NUL-terminated, cut with "..." when cap (at least
 * 4) is too small. Returns the length written.
 */
size_t hex_format(const uint8_t *bytes, size_t len, char *out, size_t cap);

/*
 * Writes a command APDU for a trace: header, Lc, data, Le in hex; the data of a command that
 * apdu_is_secret are replaced by "[n bytes hidden]"; bytes that are no APDU show their header only.
 */
size_t hex_format_command(const uint8_t *command, size_t len, char *out, size_t cap);

/*
 * The reply to command: data and SW in hex; when command is secret only the count of the data and
 * the SW.
 */
size_t hex_format_reply(const uint8_t *command, size_t command_len, const uint8_t *reply,
                        size_t reply_len, char *out, size_t cap);

/*
 * Reads hex digits (either case; blanks and ':' between pairs are skipped). *len: bytes written.
 * Returns ISO_OK, ISO_INVALID_ARGUMENT (odd count, other character), ISO_INSUFFICIENT_BUFFER.
 */
int32_t hex_parse(const char *text, uint8_t *out, size_t cap, size_t *len);

#endif
