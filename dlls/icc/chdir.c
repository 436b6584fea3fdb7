/*
 * The current directory: changing it, and saying what it is.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "select_command.h"
#include "position.h"

static void set_current(struct icc *icc, const struct path *path, const struct fcp *fcp)
{
    memset(&icc->current, 0, sizeof(icc->current));
    icc->df_unnamed = 0;
    if (path->root != PATH_RELATIVE)
    {
        icc->current.known = 1;
        icc->current.path = *path;
    }
    else if (fcp->df_name_length && fcp->df_name_length <= PATH_MAX_NAME)
    {
        icc->current.known = 1;
        icc->current.path.root = PATH_FROM_NAME;
        icc->current.path.name_length = fcp->df_name_length;
        memcpy(icc->current.path.name, fcp->df_name, fcp->df_name_length);
        if (icc->position.df.known)
            position_note_df(icc, &icc->current.path);
    }
    else
    {
        icc->df_unnamed = 1;
        icc->home = icc->here;
        icc->home_turn = icc->turn;
        if (icc->position.df.known)
            position_note_here(icc);
    }
}

/* After a failure: back to where the application thinks it is, if a step went elsewhere. */
static void go_back(struct icc *icc, int32_t result)
{
    struct icc_target target;

    if (icc->steps && icc->current.known && icc->current.path.root == PATH_FROM_MF &&
        !result_is_card_lost(result))
        icc_select(icc, &icc->current.path, ICC_WANT_DF, &target);
}

/* ".." above a DF name: only the card knows what is there. */
static int is_above_name(const struct icc *icc, const struct path *written)
{
    return written->root == PATH_RELATIVE && icc->current.known &&
           icc->current.path.root == PATH_FROM_NAME && written->up == icc->current.path.count + 1;
}

static int32_t leave_name(struct icc *icc, struct icc_reference *ref)
{
    struct icc_target target;
    struct path root = icc->current.path, mf;
    int32_t result;
    uint16_t sw;

    if (!select_has_p1(icc, 3))
        return SC_DIR_NOT_FOUND;
    root.count = 0;
    result = icc_ensure_dir(icc, &root);
    if (result)
        return result;
    result = select_step(icc, 3, NULL, 0, &target, &sw);
    if (result)
        return result;
    if (!select_is_ok(sw) || !target.fcp.has_fid || target.fcp.fid != PATH_MF)
    {
        icc_select(icc, &icc->current.path, ICC_WANT_DF, &target);
        return SC_DIR_NOT_FOUND;
    }
    memset(&mf, 0, sizeof(mf));
    mf.root = PATH_FROM_MF;
    position_note_df(icc, &mf);
    ref->path = ref->written;
    ref->path.root = PATH_FROM_MF;
    ref->path.up = 0;
    return SC_OK;
}

int32_t icc_change_dir(struct icc *icc, int32_t type, const uint16_t *text, size_t length)
{
    struct icc_reference ref;
    struct icc_target target;
    int32_t result;

    if (type == PATH_BY_SHORT_ID)
        return SC_INVALID_ARGUMENT;
    icc_start_call(icc);
    result = icc_refer(icc, type, text, length, &ref);
    if (result == SC_DIR_NOT_FOUND && is_above_name(icc, &ref.written))
        result = leave_name(icc, &ref);
    if (result)
        return result;
    if (ref.path.root != PATH_RELATIVE && position_is_df(icc, &ref.path))
    {
        memset(&target, 0, sizeof(target));
        set_current(icc, &ref.path, &target.fcp);
        return SC_OK;
    }
    result = icc_select_reference(icc, &ref, ICC_WANT_DF, &target);
    if (result)
        go_back(icc, result);
    else
        set_current(icc, &ref.path, &target.fcp);
    return result;
}

int32_t icc_current_dir(struct icc *icc, char *out)
{
    int32_t result;

    if (!out)
        return SC_INVALID_ARGUMENT;
    *out = '\0';
    icc_start_call(icc);
    if (!icc->current.known)
    {
        if (icc->df_unnamed || icc->card.no_mf)
            return SC_OK;
        result = icc_select_mf(icc, NULL);
        if (result)
            return icc->card.no_mf ? SC_OK : result;
        icc->current.known = 1;
        memset(&icc->current.path, 0, sizeof(icc->current.path));
        icc->current.path.root = PATH_FROM_MF;
    }
    else if (icc->card.no_mf && icc->current.path.root == PATH_FROM_MF &&
             icc->current.path.count == 0)
        return SC_OK;
    path_format(&icc->current.path, out);
    return SC_OK;
}
