/*
 * Selecting a file: by path, from the current position, or step by step from the MF.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "select_command.h"
#include "position.h"

static int32_t missing(enum icc_want want)
{
    return want == ICC_WANT_DF ? SC_DIR_NOT_FOUND : SC_FILE_NOT_FOUND;
}

static int32_t refusal(uint16_t sw, enum icc_want want)
{
    return sw_result(sw, want == ICC_WANT_DF ? FOR_SELECT_DIR : FOR_SELECT);
}

static int32_t check_kind(const struct fcp *fcp, enum icc_want want)
{
    if (want == ICC_WANT_DF && fcp->kind == FCP_KIND_EF)
        return SC_NO_DIR;
    if (want == ICC_WANT_EF && fcp->kind == FCP_KIND_DF)
        return SC_NO_FILE;
    return SC_OK;
}

/* Notes the position after the card has selected path. */
static void note_found(struct icc *icc, const struct path *path, enum fcp_kind kind)
{
    if (kind == FCP_KIND_DF || path->count == 0)
        position_note_df(icc, path);
    else if (kind == FCP_KIND_EF)
        position_note_ef(icc, path);
    else
        position_note_file(icc, path);
}

/* The same, after asking the card for a kind that it did not report if a DF is wanted, since more
 * steps will rely on it. */
static int32_t settle(struct icc *icc, const struct path *path, enum icc_want want,
                      struct icc_target *out)
{
    int32_t result = SC_OK;

    note_found(icc, path, out->fcp.kind);
    if (want == ICC_WANT_DF && path->count)
        result = select_prove_kind(icc, out);
    if (result)
        return result;
    note_found(icc, path, out->fcp.kind);
    return check_kind(&out->fcp, want);
}

/* ---- down from a directory ---- */

static int32_t select_place(struct icc *icc, const struct path *path, enum icc_want want,
                            struct icc_target *out);
static int32_t enter(struct icc *icc, const struct path *path);

void icc_note_proven(struct icc *icc, const struct path *path)
{
    struct icc_place *place = &icc->card.proven[icc->card.next_proven];

    place->known = 1;
    place->path = *path;
    icc->card.next_proven = (uint8_t)((icc->card.next_proven + 1) % ICC_MAX_PROVEN);
}

static int is_proven(const struct icc *icc, const struct path *path)
{
    unsigned i;

    for (i = 0; i < ICC_MAX_PROVEN; i++)
    {
        const struct icc_place *place = &icc->card.proven[i];

        if (place->known && path_within(path, &place->path))
            return 1;
    }
    return 0;
}

static int has_name_of(const struct fcp *fcp, const uint8_t *name, size_t length)
{
    return fcp->df_name_length == length && !memcmp(fcp->df_name, name, length);
}

/*
 * Makes the MF current if the directory of that name is one of its children; SC_UNSUPPORTED_FEATURE
 * when it lies deeper. A directory without an identifier is no part of a tree (applications of Java
 * Card), so the MF counts as the one above it.
 */
static int32_t go_above_name(struct icc *icc, const struct path *here)
{
    static const struct path mf = {.root = PATH_FROM_MF};
    struct icc_target named, child;
    int32_t result;
    uint16_t sw;

    result = select_place(icc, here, ICC_WANT_DF, &named);
    if (result == SC_OK)
        result = icc_select_mf(icc, NULL);
    if (result || !named.fcp.has_fid)
        return result;
    result = select_child(icc, &mf, named.fcp.fid, ICC_WANT_DF, &child, &sw);
    if (result)
        return result;
    if (!select_is_ok(sw) || !has_name_of(&child.fcp, named.fcp.df_name, named.fcp.df_name_length))
        return SC_UNSUPPORTED_FEATURE;
    return icc_select_mf(icc, NULL);
}

/* Makes the directory above here current; returns SC_DIR_NOT_FOUND when there is none. The
 * directory above a named one has no path: the card is asked. */
static int32_t go_above(struct icc *icc, const struct path *here)
{
    struct path above;
    struct icc_target target;
    int32_t result;
    uint16_t sw;

    path_parent(here, &above);
    if (here->count)
        return enter(icc, &above);
    if (select_has_p1(icc, 3))
    {
        result = enter(icc, here);
        if (result == SC_OK)
            result = select_step(icc, 3, NULL, 0, &target, &sw);
        if (result || (select_is_ok(sw) && !target.fcp.df_name_length))
            return result;
        if (select_is_ok(sw) && !has_name_of(&target.fcp, here->name, here->name_length))
            return SC_OK;
    }
    return go_above_name(icc, here);
}

/*
 * Finds out whether fid, which P1 = 00 has found from here, is in here, and not here itself or
 * beside it. It is in here when the directory above has no such file, or one that looks different.
 * Otherwise *sw becomes 6A82. On success the card has selected the child again.
 */
static int32_t prove_child(struct icc *icc, const struct path *here, uint16_t fid,
                           enum icc_want want, struct icc_target *out, uint16_t *sw)
{
    static const struct path unnamed;
    struct icc_target beside;
    int32_t result;
    uint16_t other = SW_NOT_FOUND;

    result = go_above(icc, here);
    if (result == SC_OK)
        result = select_child(icc, &unnamed, fid, ICC_WANT_ANY, &beside, &other);
    if (result && result != SC_DIR_NOT_FOUND)
        return result;
    if (select_is_ok(other) && beside.len == out->len &&
        !memcmp(beside.answer, out->answer, out->len))
    {
        *sw = 0x6A82;
        return SC_OK;
    }
    if (!select_is_ok(other) && !select_is_absent(other))
    {
        *sw = other;
        return SC_OK;
    }
    result = enter(icc, here);
    if (result == SC_OK)
        result = select_child(icc, here, fid, want, out, sw);
    return result;
}

/* True when the file found may lie outside here. Cards that know only P1 = 00 find EFs only in here
 * (GSM 11.11 8.1), but also directories beside it. */
static int may_be_elsewhere(const struct icc *icc, const struct path *here,
                            const struct icc_target *found)
{
    if (!found->anywhere || here->root == PATH_RELATIVE ||
        (here->root == PATH_FROM_MF && !here->count))
        return 0;
    return found->fcp.kind != FCP_KIND_EF || select_has_p1(icc, 2);
}

static int32_t step_down(struct icc *icc, const struct path *here, const struct path *child,
                         enum icc_want want, struct icc_target *out)
{
    uint16_t fid = child->fids[here->count];
    int32_t result;
    uint16_t sw;

    result = select_child(icc, here, fid, want, out, &sw);
    if (result == SC_OK && select_is_ok(sw) && may_be_elsewhere(icc, here, out) &&
        !is_proven(icc, child))
    {
        result = prove_child(icc, here, fid, want, out, &sw);
        if (result == SC_OK && select_is_ok(sw))
            icc_note_proven(icc, child);
    }
    if (result)
        return result;
    return select_is_ok(sw) ? settle(icc, child, want, out) : refusal(sw, want);
}

/* From the current DF, which is at, down the remaining components of path. */
static int32_t walk(struct icc *icc, const struct path *at, const struct path *path,
                    enum icc_want want, struct icc_target *out)
{
    struct path here = *at, child = *at;

    while (here.count < path->count)
    {
        int last = here.count + 1 == path->count;
        int32_t result;

        child.fids[child.count++] = path->fids[here.count];
        result = step_down(icc, &here, &child, last ? want : ICC_WANT_DF, out);
        if (result)
            return !last && result == SC_NO_DIR ? SC_DIR_NOT_FOUND : result;
        if (!last && !position_is_df(icc, &child))
            return SC_UNSUPPORTED_FEATURE;
        here = child;
    }
    return SC_OK;
}

/* ---- from the MF ---- */

static int32_t step_path(struct icc *icc, const struct path *path, struct icc_target *out,
                         uint16_t *sw)
{
    uint8_t data[2 * PATH_MAX_COMPONENTS];
    int32_t result;
    unsigned i;

    for (i = 0; i < path->count; i++)
    {
        data[2 * i] = (uint8_t)(path->fids[i] >> 8);
        data[2 * i + 1] = (uint8_t)path->fids[i];
    }
    result = select_step(icc, 8, data, 2u * path->count, out, sw);
    if (result == SC_OK && select_is_ok(*sw))
    {
        icc->card.has_path = ICC_YES;
        note_found(icc, path, out->fcp.kind);
    }
    return result;
}

/* The card knows paths and found nothing: finds out whether the last component is missing or an
 * earlier one. */
static int32_t find_missing(struct icc *icc, const struct path *path, enum icc_want want)
{
    struct icc_target target;
    struct path parent;
    int32_t result;
    uint16_t sw;

    if (path->count < 2 || want == ICC_WANT_DF)
        return missing(want);
    path_parent(path, &parent);
    result = step_path(icc, &parent, &target, &sw);
    if (result)
        return result;
    return select_is_absent(sw) ? SC_DIR_NOT_FOUND : missing(want);
}

static int32_t select_stepwise(struct icc *icc, const struct path *path, enum icc_want want,
                               struct icc_target *out)
{
    struct path mf;
    int32_t result;

    if (position_is_above(icc, path))
    {
        struct path here = icc->position.df.path;

        return walk(icc, &here, path, want, out);
    }
    if (icc->card.no_mf)
        return SC_DIR_NOT_FOUND;
    result = icc_select_mf(icc, NULL);
    if (result)
        return result;
    memset(&mf, 0, sizeof(mf));
    mf.root = PATH_FROM_MF;
    return walk(icc, &mf, path, want, out);
}

static int32_t select_from_mf(struct icc *icc, const struct path *path, enum icc_want want,
                              struct icc_target *out)
{
    uint32_t here = icc->here;
    int tried = 0;
    int32_t result;
    uint16_t sw;

    if (path->count == 0)
    {
        result = icc_select_mf(icc, out);
        return result == SC_OK && want == ICC_WANT_EF ? SC_NO_FILE : result;
    }
    if (select_has_p1(icc, 8) && icc->card.has_path != ICC_NO)
    {
        int form_known = icc->card.select_form_known;

        result = step_path(icc, path, out, &sw);
        if (result)
            return result;
        if (select_is_ok(sw))
            return settle(icc, path, want, out);
        if (select_is_absent(sw) && icc->card.has_path == ICC_YES)
            return find_missing(icc, path, want);
        if (!select_is_absent(sw) && !select_is_about_p1(sw))
            return refusal(sw, want);
        tried = 1;
        if (form_known && select_is_about_p1(sw) && icc->card.has_path == ICC_UNKNOWN)
            icc->card.has_path = ICC_NO;
    }
    result = select_stepwise(icc, path, want, out);
    /* Without an MF, a path of one step cannot have left the directory; a longer one may have been
     * followed in part. */
    if (result && icc->card.no_mf && path->count == 1)
        icc->here = here;
    if (result == SC_OK && tried && icc->card.has_path == ICC_UNKNOWN)
        icc->card.has_path = ICC_NO;
    return result;
}

/* ---- from a name, and from here ---- */

static int32_t select_name(struct icc *icc, const struct path *path, struct icc_target *out)
{
    struct path root = *path;
    int32_t result;
    uint16_t sw;

    if (!select_has_p1(icc, 4))
        return SC_UNSUPPORTED_FEATURE;
    root.count = 0;
    result = select_step(icc, 4, path->name, path->name_length, out, &sw);
    if (result)
        return result;
    if (!select_is_ok(sw))
        return refusal(sw, ICC_WANT_DF);
    position_note_df(icc, &root);
    return SC_OK;
}

static int32_t select_from_name(struct icc *icc, const struct path *path, enum icc_want want,
                                struct icc_target *out)
{
    struct path here = icc->position.df.path;
    int32_t result;

    /* SELECT by name would restart the application and end its codes. */
    if (position_is_above(icc, path))
        return walk(icc, &here, path, want, out);
    result = select_name(icc, path, out);
    if (result)
        return result;
    if (path->count == 0)
        return want == ICC_WANT_EF ? SC_NO_FILE : SC_OK;
    here = *path;
    here.count = 0;
    return walk(icc, &here, path, want, out);
}

int icc_is_here(const struct icc *icc)
{
    if (icc->df_unnamed)
        return icc->exclusive && icc->turn == icc->home_turn && icc->here == icc->home;
    return (icc->exclusive || !icc->by_handle) && icc->here == icc->home;
}

static int32_t select_from_here(struct icc *icc, const struct path *path, enum icc_want want,
                                struct icc_target *out)
{
    uint32_t here = icc->here, began;
    struct path at;
    int32_t result;

    if (!position_is_above(icc, path))
    {
        if (!icc_is_here(icc))
            return missing(path->count > 1 ? ICC_WANT_DF : want);
        position_note_here(icc);
    }
    if (path->count == 0)
        return want == ICC_WANT_EF ? SC_NO_FILE : SC_OK;
    at = icc->position.df.path;
    began = icc->position.here;
    result = walk(icc, &at, path, want, out);
    position_keep_here(icc, began);
    /* An EF was selected, which has not left the directory. */
    if (result == SC_OK && position_is_df(icc, &at))
        icc->here = here;
    return result;
}

static int32_t select_place(struct icc *icc, const struct path *path, enum icc_want want,
                            struct icc_target *out)
{
    memset(out, 0, sizeof(*out));
    switch (path->root)
    {
    case PATH_FROM_MF: return select_from_mf(icc, path, want, out);
    case PATH_FROM_NAME: return select_from_name(icc, path, want, out);
    default: return select_from_here(icc, path, want, out);
    }
}

int32_t icc_select(struct icc *icc, const struct path *path, enum icc_want want,
                   struct icc_target *out)
{
    struct path place = *path;

    place.sfi = 0;
    return select_place(icc, &place, want, out);
}

/* Makes a directory current whose path and kind are certain. */
static int32_t enter(struct icc *icc, const struct path *path)
{
    struct icc_target target;
    int32_t result;

    if (position_is_df(icc, path))
        return SC_OK;
    result = select_place(icc, path, ICC_WANT_DF, &target);
    if (result == SC_OK && !position_is_df(icc, path))
        return SC_UNSUPPORTED_FEATURE;
    return result;
}

int32_t icc_ensure_dir(struct icc *icc, const struct path *path)
{
    struct path dir = *path;
    int32_t result;

    dir.sfi = 0;
    result = enter(icc, &dir);
    return result == SC_NO_DIR ? SC_DIR_NOT_FOUND : result;
}
