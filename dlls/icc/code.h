/*
 * The form of a code in a command: as typed, or as digits of four bits, with a length and padding.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_CODE_H
#define ICC_CODE_H

#include <stddef.h>
#include <stdint.h>

#include "profile.h"

#define ICC_MAX_CODE 255u

/* ISO 9564: the control field of a format 2 block, and its numbers of digits. */
#define ICC_FORMAT_2        2u
#define ICC_FORMAT_2_LENGTH 8u
#define ICC_FORMAT_2_MIN    4u
#define ICC_FORMAT_2_MAX    12u

/*
 * Appends a code of at most ICC_MAX_CODE bytes to out, in the family's form; *used counts the bytes
 * in out, where the caller has room for ICC_MAX_CODE more. Returns SC_INVALID_CHV, with nothing
 * appended, for a code without such a form: too long, or not of digits where digits are required.
 * It is never turned into a different code, which would be wrong and cost a try.
 */
int32_t icc_code_put(const struct icc_chv *chv, const uint8_t *code, size_t len, uint8_t *out,
                     size_t *used);

#endif
