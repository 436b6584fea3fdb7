/*
 * Where the card is, and what commands do to that.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"
#include "position.h"

#define SFI_BIT  0x80
#define LAST_SFI 30u

void position_forget(struct icc *icc)
{
    memset(&icc->position, 0, sizeof(icc->position));
}

void position_lose(struct icc *icc)
{
    position_forget(icc);
    icc->here++;
}

static void set_place(struct icc_place *place, const struct path *path)
{
    place->known = 1;
    place->path = *path;
}

void position_note_df(struct icc *icc, const struct path *path)
{
    position_forget(icc);
    set_place(&icc->position.df, path);
}

void position_note_ef(struct icc *icc, const struct path *path)
{
    struct path parent;

    path_parent(path, &parent);
    position_note_df(icc, &parent);
    set_place(&icc->position.ef, path);
}

void position_note_file(struct icc *icc, const struct path *path)
{
    position_forget(icc);
    set_place(&icc->position.ef, path);
}

void position_note_here(struct icc *icc)
{
    struct path path;

    memset(&path, 0, sizeof(path));
    position_note_df(icc, &path);
    icc->position.here = icc->here;
}

void position_keep_here(struct icc *icc, uint32_t here)
{
    if ((icc->position.df.known && icc->position.df.path.root == PATH_RELATIVE) ||
        (icc->position.ef.known && icc->position.ef.path.root == PATH_RELATIVE))
        icc->position.here = here;
}

int position_is_df(const struct icc *icc, const struct path *path)
{
    return icc->position.df.known && path_equal(&icc->position.df.path, path);
}

int position_is_above(const struct icc *icc, const struct path *path)
{
    struct path df = icc->position.df.path, below = *path;

    if (!icc->position.df.known || df.root != below.root || df.count >= below.count)
        return 0;
    if (df.root == PATH_RELATIVE)
        df.root = below.root = PATH_FROM_MF;
    return path_within(&df, &below);
}

int position_is_file(const struct icc *icc, const struct path *path)
{
    return icc->position.ef.known && path_equal(&icc->position.ef.path, path);
}

/* ---- what commands do ---- */

/* The short id in P1, or in P2; 0 none; above LAST_SFI one that is none. */
static unsigned sfi_in_p1(const struct apdu *cmd)
{
    if (!(cmd->p1 & SFI_BIT))
        return 0;
    return cmd->p1 & 0x1F && !(cmd->p1 & 0x60) ? cmd->p1 & 0x1Fu : LAST_SFI + 1;
}

static void name_sfi(struct position_move *move, unsigned sfi)
{
    move->names_ef = sfi != 0;
    move->ef.sfi = (uint8_t)(sfi <= LAST_SFI ? sfi : 0);
}

/* The odd instructions name an EF by short id or by FID in P1 P2, or the current one. */
static void name_odd(struct position_move *move, const struct apdu *cmd)
{
    uint16_t p = (uint16_t)(cmd->p1 << 8 | cmd->p2);

    if (p <= LAST_SFI + 1)
        name_sfi(move, p);
    else
    {
        move->names_ef = 1;
        if (move->ef.count < PATH_MAX_COMPONENTS)
            move->ef.fids[move->ef.count++] = p;
    }
}

/* Whether a command leaves the selection alone but for an EF that it names; that goes to move. */
static int is_access(const struct icc *icc, const struct apdu *cmd, struct position_move *move)
{
    const struct icc_list *list = &icc->card.profile->list;

    switch (cmd->ins)
    {
    case INS_READ_BINARY:
    case INS_WRITE_BINARY:
    case INS_UPDATE_BINARY:
    case INS_ERASE_BINARY: /* binary */ name_sfi(move, sfi_in_p1(cmd)); return 1;
    case INS_READ_BINARY_ODD:
    case INS_WRITE_BINARY_ODD:
    case INS_UPDATE_BINARY_ODD:
    case INS_ERASE_BINARY_ODD: /* with the offset in an object */ name_odd(move, cmd); return 1;
    case INS_READ_RECORD:
    case INS_WRITE_RECORD:
    case INS_UPDATE_RECORD:
    case INS_APPEND_RECORD:
    case INS_ERASE_RECORD: /* records */ name_sfi(move, cmd->p2 >> 3); return 1;
    case INS_VERIFY:
    case INS_CHANGE_REFERENCE_DATA:
    case INS_DISABLE_VERIFICATION:
    case INS_ENABLE_VERIFICATION:
    case INS_RESET_RETRY_COUNTER: /* codes */
    case INS_EXTERNAL_AUTHENTICATE:
    case INS_GET_CHALLENGE:
    case INS_INTERNAL_AUTHENTICATE: /* authentication */ return 1;
    default:
        return cmd->ins != INS_SELECT && list->command.present && cmd->ins == list->command.ins;
    }
}

void position_leaves(struct icc *icc, const struct apdu *cmd, struct position_move *move)
{
    memset(move, 0, sizeof(*move));
    move->before = icc->position;
    move->here = icc->here;
    move->ef = icc->position.df.path;
    move->moves = !is_access(icc, cmd, move);
    if (move->moves)
        position_lose(icc);
    else if (move->names_ef)
        /* The card may make it current although the command then fails (6B00, 6982). */
        icc->position.ef.known = 0;
}

/* The card objects to the form of the command and has not carried it out. */
static int is_about_form(uint16_t sw)
{
    return sw == SW_WRONG_P1P2 || sw == SW_NOT_SUPPORTED || sw == SW_WRONG_DATA ||
           sw == SW_LC_P1P2 || sw == SW_WRONG_OFFSET || sw == SW_WRONG_LENGTH ||
           sw == SW_WRONG_INS || sw == SW_WRONG_CLA || sw >> 8 == 0x68;
}

/* Whether the DF stays although it was to be left: there is no such file near it. A path from the
 * MF may have been followed as far as it went, a name may have ended the application. */
static int stays_in_df(const struct apdu *cmd, uint16_t sw)
{
    if (is_about_form(sw))
        return 1;
    if (cmd->ins != INS_SELECT || cmd->p1 > 3)
        return 0;
    return sw == SW_NOT_FOUND || sw == SW_GSM_NOT_FOUND ||
           (sw == SW_WRONG_STRUCTURE && cmd->p1 == 2);
}

/* A command for the current file worked: it is an EF. */
static void prove_ef(struct icc *icc)
{
    struct path ef = icc->position.ef.path;

    if (icc->position.ef.known && !icc->position.df.known && ef.count && !ef.sfi)
        position_note_ef(icc, &ef);
}

void position_arrives(struct icc *icc, const struct apdu *cmd, const struct position_move *move,
                      int32_t result, uint16_t sw, unsigned sent)
{
    if (result)
        position_lose(icc);
    else if (move->moves && sent == 1 && stays_in_df(cmd, sw))
    {
        icc->position = move->before;
        icc->position.ef.known = 0;
        icc->here = move->here;
    }
    else if (move->names_ef && (sw_is_success(sw) || sw == SW_END) && icc->position.df.known &&
             (move->ef.sfi || move->ef.count > icc->position.df.path.count))
        set_place(&icc->position.ef, &move->ef);
    else if (!move->moves && !move->names_ef && sw == SW_OK &&
             ((cmd->ins | 1) == INS_READ_BINARY_ODD || cmd->ins == INS_READ_RECORD))
        prove_ef(icc);
}
