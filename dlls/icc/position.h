/*
 * The current position: what is selected on the card, as far as that is known.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A position is known while nobody else can have moved the card since a command of ours selected
 * it: within one call, or across calls while the card is ours alone. Unknown positions are not
 * stored, so a step that begins in the current DF, or a command for the current EF, can rely only
 * on a known one. So that none can be forgotten, every command passes position_leaves and
 * position_arrives, which judge it by its instruction; one that they do not know makes the position
 * unknown.
 *
 * Relative paths begin in a directory without a name, "here": the one that was selected when nobody
 * could tell which it was. Once we have left it, there is no way back.
 */

#ifndef ICC_POSITION_H
#define ICC_POSITION_H

#include "iso7816/apdu.h"
#include "icc.h"

/* Nothing is known any more. position_lose: "here" has been left as well. */
void position_forget(struct icc *icc);
void position_lose(struct icc *icc);

/* The card has just selected path: a DF; an EF; a file of unknown kind. */
void position_note_df(struct icc *icc, const struct path *path);
void position_note_ef(struct icc *icc, const struct path *path);
void position_note_file(struct icc *icc, const struct path *path);

/* The current DF is now "here", whatever it is. */
void position_note_here(struct icc *icc);

/* Relative paths in the position begin in here. */
void position_keep_here(struct icc *icc, uint32_t here);

/* True (1) when the current DF is known to be path; when it is known to be above path; when the
 * file that commands act on is known to be path (with its short id, if it was opened by that). */
int position_is_df(const struct icc *icc, const struct path *path);
int position_is_above(const struct icc *icc, const struct path *path);
int position_is_file(const struct icc *icc, const struct path *path);

/* A command in progress. */
struct position_move
{
    struct icc_position before;
    uint32_t here;
    struct path ef; /* the EF that the command names, by count or sfi */
    int names_ef;
    int moves; /* it selects, creates or deletes, or its effect is unknown */
};

/* Called before a command: forgets what it may change. */
void position_leaves(struct icc *icc, const struct apdu *cmd, struct position_move *move);

/*
 * Called after a command: notes what is certain. result is the transport's; sent is how many
 * commands were sent for it: a status word that came after GET RESPONSE says nothing about the
 * command itself.
 */
void position_arrives(struct icc *icc, const struct apdu *cmd, const struct position_move *move,
                      int32_t result, uint16_t sw, unsigned sent);

#endif
