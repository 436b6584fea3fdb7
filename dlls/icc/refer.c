/*
 * Resolving a caller's text against the current directory or, if that is unknown, by asking the
 * card.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "position.h"
#include "select_command.h"

static int is_missing(int32_t result)
{
    return result == SC_FILE_NOT_FOUND || result == SC_DIR_NOT_FOUND;
}

static int is_at_mf(const struct icc_place *place)
{
    return place->known && place->path.root == PATH_FROM_MF && place->path.count == 0;
}

int32_t icc_refer(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                  struct icc_reference *ref)
{
    struct path fid_path;
    int32_t result;

    memset(ref, 0, sizeof(*ref));
    if (type < PATH_BY_NAME || type > PATH_BY_SHORT_ID)
        return SC_INVALID_ARGUMENT;
    result = path_parse(text, length, (enum path_reference)type, &ref->written);
    if (result)
        return result;
    fid_path = ref->written;
    if (fid_path.maybe_name)
    {
        fid_path.maybe_name = 0;
        fid_path.name_length = 0;
        memset(fid_path.name, 0, sizeof(fid_path.name));
    }
    ref->path = fid_path;
    if (fid_path.root != PATH_RELATIVE)
        return SC_OK;
    if (icc->current.known && !(icc->card.no_mf && is_at_mf(&icc->current)))
        return path_resolve(&icc->current.path, &fid_path, &ref->path);
    return fid_path.up ? SC_DIR_NOT_FOUND : SC_OK;
}

/* On the application's connection: finds out whether the card is in its MF, above which there is no
 * directory. If it is elsewhere, this has left that place, and relative paths have no meaning any
 * more. */
static int32_t ask_for_mf(struct icc *icc)
{
    struct icc_target target;
    int32_t result;
    uint16_t sw;

    if (icc->here != icc->home || icc->card.no_mf || !select_has_p1(icc, 3))
        return SC_OK;
    result = select_step(icc, 3, NULL, 0, &target, &sw);
    if (result == SC_OK && select_is_absent(sw))
    {
        memset(&icc->current, 0, sizeof(icc->current));
        icc->current.known = 1;
        icc->current.path.root = PATH_FROM_MF;
    }
    return result;
}

int32_t icc_settle_place(struct icc *icc, struct path *path)
{
    int32_t result = SC_OK;

    if (path->root != PATH_RELATIVE)
        return SC_OK;
    if (!icc->current.known && !icc->df_unnamed)
        result = ask_for_mf(icc);
    if (result)
        return result;
    if (!is_at_mf(&icc->current) || icc->card.no_mf)
        return SC_DIR_NOT_FOUND;
    path->root = PATH_FROM_MF;
    return SC_OK;
}

/* The other place that a relative path may mean; returns 0 when there is none. */
static int other_base(const struct icc *icc, const struct icc_reference *ref, struct path *other)
{
    *other = ref->path;
    if (ref->written.root != PATH_RELATIVE || ref->path.count == 0)
        return 0;
    if (ref->path.root == PATH_FROM_MF && icc->card.no_mf && is_at_mf(&icc->current))
    {
        other->root = PATH_RELATIVE;
        return 1;
    }
    return 0;
}

int icc_is_chosen(const struct icc *icc)
{
    return icc->chosen && !icc->current.known && icc->exclusive && icc->turn == icc->home_turn &&
           icc_is_here(icc);
}

/* For an unknown current directory: selects from the MF if that is current; else from where the
 * card is, unless looking has left that. */
static int32_t select_unplaced(struct icc *icc, struct icc_reference *ref, enum icc_want want,
                               struct icc_target *out)
{
    struct path from_mf = ref->path;
    uint32_t here = icc->here;
    int32_t result;

    if (icc_is_chosen(icc))
        return icc_select(icc, &ref->path, want, out);
    result = icc_settle_place(icc, &from_mf);
    if (result == SC_OK)
        result = icc_select(icc, &from_mf, want, out);
    if (result == SC_OK)
        ref->path = from_mf;
    if (!is_missing(result) || icc->here != here)
        return result;
    return icc_select(icc, &ref->path, want, out);
}

int32_t icc_ensure_current(struct icc *icc)
{
    const struct icc_place *current = &icc->current;

    if (current->known && !(icc->card.no_mf && is_at_mf(current)))
        return icc_ensure_dir(icc, &current->path);
    if (current->known && position_is_df(icc, &current->path))
        return SC_OK;
    if (icc->df_unnamed)
        return icc_is_here(icc) ? SC_OK : SC_DIR_NOT_FOUND;
    return icc_is_chosen(icc) ? SC_OK : SC_DIR_NOT_FOUND;
}

int32_t icc_select_reference(struct icc *icc, struct icc_reference *ref, enum icc_want want,
                             struct icc_target *out)
{
    struct path other;
    int32_t result, second;

    if (ref->path.root == PATH_RELATIVE)
        result = select_unplaced(icc, ref, want, out);
    else
        result = icc_select(icc, &ref->path, want, out);
    if (is_missing(result) && other_base(icc, ref, &other))
    {
        second = icc_select(icc, &other, want, out);
        if (second == SC_OK)
            ref->path = other;
        if (!is_missing(second))
            return second;
        result = second;
    }
    if (is_missing(result) && ref->written.maybe_name && want == ICC_WANT_DF)
    {
        memset(&other, 0, sizeof(other));
        other.root = PATH_FROM_NAME;
        other.name_length = ref->written.name_length;
        memcpy(other.name, ref->written.name, sizeof(other.name));
        second = icc_select(icc, &other, want, out);
        if (second == SC_OK)
            ref->path = other;
        if (!is_missing(second))
            return second;
    }
    return result;
}

int32_t icc_select_to_change(struct icc *icc, struct icc_reference *ref, struct icc_target *out)
{
    int32_t result = icc_settle_place(icc, &ref->path);

    if (result == SC_OK)
        result = icc_select_reference(icc, ref, ICC_WANT_ANY, out);
    return result ? result : icc_settle_place(icc, &ref->path);
}
