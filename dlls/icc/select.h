/*
 * Single SELECT commands, for the selection engine.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef ICC_SELECT_H
#define ICC_SELECT_H

#include "internal.h"

/* What a status word says of a SELECT: done; no such file; another P1 may help. */
int select_is_ok(uint16_t sw);
int select_is_absent(uint16_t sw);
int select_is_about_p1(uint16_t sw);

/* True (1) when cards of this family understand P1. */
int select_has_p1(const struct icc *icc, uint8_t p1);

/*
 * Sends SELECT with P1 and data, going down the ladder of P2 and Le while none is known to work.
 * *sw is the card's last word; with select_is_ok *out is filled. Fails as the transport does.
 */
int32_t select_step(struct icc *icc, uint8_t p1, const uint8_t *data, size_t len,
                    struct icc_target *out, uint16_t *sw);

/* The card is in the MF now. */
void select_note_mf(struct icc *icc);

/* Selects a child of the current DF, with P1 = 01 or 02 and in their place 00. As select_step. */
int32_t select_child(struct icc *icc, uint16_t fid, enum icc_want want, struct icc_target *out,
                     uint16_t *sw);

#endif
