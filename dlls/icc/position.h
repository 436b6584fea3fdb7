/*
 * Where the card is: what is selected on it, as far as that is known.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A position is known while nobody else can have moved the card since a command of ours selected
 * it: within one call, or over calls while the card is ours alone. What is not known is not kept:
 * a step that begins in the current DF, and a command for the current EF, can be taken from nothing
 * else. So that no command can be forgotten every one passes position_leaves and position_arrives,
 * which go by what it is; an instruction they do not know leaves nothing known.
 *
 * Paths that are relative begin in a directory without a name, "here": the one that was selected
 * when nobody could say which. Once we have left it there is no way back.
 */

#ifndef ICC_POSITION_H
#define ICC_POSITION_H

#include "iso7816/apdu.h"
#include "icc.h"

/* Nothing is known any more. position_lose: and "here" has been left. */
void position_forget(struct icc *icc);
void position_lose(struct icc *icc);

/* The card has just selected path: a DF; an EF; what the card does not say. */
void position_note_df(struct icc *icc, const struct path *path);
void position_note_ef(struct icc *icc, const struct path *path);
void position_note_file(struct icc *icc, const struct path *path);

/* The current DF is "here" now, whatever it is. */
void position_note_here(struct icc *icc);

/* Relative paths in the position begin in here. */
void position_keep_here(struct icc *icc, uint32_t here);

/* True (1) when the current DF is known to be path; to be path's directory or one above it; and
 * when the file that commands act on is known to be path (its short id, where it was opened so). */
int position_is_df(const struct icc *icc, const struct path *path);
int position_is_above(const struct icc *icc, const struct path *path);
int position_is_file(const struct icc *icc, const struct path *path);

/* A command on its way. */
struct position_move
{
    struct icc_position before;
    uint32_t here;
    struct path ef; /* that the command names, with count or sfi */
    int names_ef;
    int moves; /* it selects, creates, deletes, or nobody knows what */
};

/* Before a command: forgets what it may change. */
void position_leaves(struct icc *icc, const struct apdu *cmd, struct position_move *move);

/*
 * After it: notes what is sure. result is the transport's; sent, how many commands went out for it:
 * a status word that came after GET RESPONSE says nothing of the command itself.
 */
void position_arrives(struct icc *icc, const struct apdu *cmd, const struct position_move *move,
                      int32_t result, uint16_t sw, unsigned sent);

#endif
