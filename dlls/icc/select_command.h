/*
 * Single SELECT commands, for the selection engine.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_SELECT_COMMAND_H
#define ICC_SELECT_COMMAND_H

#include "internal.h"

/* What a status word says of a SELECT: done; no such file; another P1 may help. */
int select_is_ok(uint16_t sw);
int select_is_absent(uint16_t sw);
int select_is_about_p1(uint16_t sw);

/* True (1) when cards of this family understand P1. */
int select_has_p1(const struct icc *icc, uint8_t p1);

/*
 * Sends SELECT with P1 and data, trying the forms of P2 and Le while none is known to work.
 * *sw is the card's last word; with select_is_ok *out is filled, and who knows what P1 and data
 * mean notes the position. Fails as the transport does.
 */
int32_t select_step(struct icc *icc, uint8_t p1, const uint8_t *data, size_t len,
                    struct icc_target *out, uint16_t *sw);

/*
 * Selects the child fid of here, the current DF, with P1 = 01 or 02 and, when the card does not
 * know them, 00. The kind in out is also what P1 has said. As select_step; *sw is 6A82 for what 00
 * has found in place of the child, as far as that can be seen (see select.c for the rest).
 */
int32_t select_child(struct icc *icc, const struct path *here, uint16_t fid, enum icc_want want,
                     struct icc_target *out, uint16_t *sw);

/* Asks, when the card has not said it, what has just been selected: an EF is current when READ
 * BINARY finds one. The kind in out may stay unknown. Fails as the transport does. */
int32_t select_prove_kind(struct icc *icc, struct icc_target *out);

#endif
