/*
 * Control codes of the simulated reader: its features and its key pad (PC/SC part 10).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */
#ifndef SIMCARD_PAD_H
#define SIMCARD_PAD_H

#include "ifd_protocol.h"
#include "simulator.h"

/* SCARD_CTL_CODE(n) of pcsc-lite. */
#define PAD_CTL_CODE(n)    (0x42000000u + (n))
#define PAD_GET_FEATURES   PAD_CTL_CODE(3400)
#define PAD_ECHO           PAD_CTL_CODE(1) /* gives back its input */
#define PAD_VERIFY         PAD_CTL_CODE(0x330006)
#define PAD_MODIFY         PAD_CTL_CODE(0x330007)
#define PAD_PIN_PROPERTIES PAD_CTL_CODE(0x33000a)
#define PAD_TLV_PROPERTIES PAD_CTL_CODE(0x330012)

/* Executes a control code. The code typed into the pad goes to the card from here: the program
 * that asks, and pcscd, see the status word alone. Malformed input gives 6B80 (PC/SC part 10,
 * 2.5.3: invalid parameter in the structure), without a command to the card. */
enum reader_status pad_control(struct simulator *sim, uint32_t code, const uint8_t *in, size_t len,
                               struct bytes *out);

#endif
