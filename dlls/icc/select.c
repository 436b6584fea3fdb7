/*
 * Getting to a file: by path, from where the card is, or step by step from the MF.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "select.h"

static int is_missing(int32_t result)
{
    return result == ISO_FILE_NOT_FOUND || result == ISO_DIR_NOT_FOUND;
}

static int32_t missing(enum icc_want want)
{
    return want == ICC_WANT_DF ? ISO_DIR_NOT_FOUND : ISO_FILE_NOT_FOUND;
}

static int32_t refusal(uint16_t sw, enum icc_want want)
{
    return sw_result(sw, want == ICC_WANT_DF ? SW_SELECT_DIR : SW_SELECT);
}

static int32_t check_kind(const struct fcp *fcp, enum icc_want want)
{
    if (want == ICC_WANT_DF && fcp->kind == FCP_KIND_EF)
        return ISO_NO_DIR;
    if (want == ICC_WANT_EF && fcp->kind == FCP_KIND_DF)
        return ISO_NO_FILE;
    return ISO_OK;
}

static void set_place(struct icc_place *place, const struct path *path)
{
    place->known = path->root != PATH_RELATIVE;
    place->path = *path;
}

/* Where the card is after it has selected path. */
static void note_selected(struct icc *icc, const struct path *path, enum icc_want want,
                          const struct fcp *fcp)
{
    struct icc_selection *selected = &icc->selected;
    enum fcp_kind kind = fcp->kind;

    memset(selected, 0, sizeof(*selected));
    selected->trusted = 1;
    if (kind == FCP_KIND_UNKNOWN && want != ICC_WANT_ANY)
        kind = want == ICC_WANT_DF ? FCP_KIND_DF : FCP_KIND_EF;
    if (path->count == 0)
        kind = FCP_KIND_DF;
    if (kind == FCP_KIND_DF)
        set_place(&selected->df, path);
    else if (kind == FCP_KIND_EF && path->root != PATH_RELATIVE)
    {
        set_place(&selected->ef, path);
        path_parent(path, &selected->df.path);
        selected->df.known = 1;
    }
}

/* From the current DF, which is at, down the components that path has more. */
static int32_t walk(struct icc *icc, const struct path *at, const struct path *path,
                    enum icc_want want, struct icc_target *out)
{
    struct path here = *at;
    int32_t result;
    uint16_t sw;

    while (here.count < path->count)
    {
        int last = here.count + 1 == path->count;
        enum icc_want step_want = last ? want : ICC_WANT_DF;
        uint16_t fid = path->fids[here.count];

        result = select_child(icc, fid, step_want, out, &sw);
        if (result)
            return result;
        if (!select_is_ok(sw))
            return refusal(sw, step_want);
        here.fids[here.count++] = fid;
        note_selected(icc, &here, step_want, &out->fcp);
        result = check_kind(&out->fcp, step_want);
        if (result)
            return last ? result : ISO_DIR_NOT_FOUND;
    }
    return ISO_OK;
}

static int32_t step_path(struct icc *icc, const struct path *path, enum icc_want want,
                         struct icc_target *out, uint16_t *sw)
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
    if (result == ISO_OK && select_is_ok(*sw))
    {
        icc->card.has_path = ICC_YES;
        note_selected(icc, path, want, &out->fcp);
    }
    return result;
}

/* The card knows paths and found nothing: was it the last component, or one before? */
static int32_t find_missing(struct icc *icc, const struct path *path, enum icc_want want)
{
    struct icc_target target;
    struct path parent;
    int32_t result;
    uint16_t sw;

    if (path->count < 2 || want == ICC_WANT_DF)
        return missing(want);
    path_parent(path, &parent);
    result = step_path(icc, &parent, ICC_WANT_DF, &target, &sw);
    if (result)
        return result;
    return select_is_absent(sw) ? ISO_DIR_NOT_FOUND : missing(want);
}

static int is_same_file(const struct fcp *expected, const struct fcp *found, uint16_t fid)
{
    return found->has_fid && found->fid == fid && found->fdb == expected->fdb &&
           found->has_size == expected->has_size && found->size == expected->size;
}

/*
 * Down from where the card is believed to be. *done says whether the result counts: a selection
 * that nobody guarded counts only when it found what was expected.
 */
static int32_t select_from_here(struct icc *icc, const struct path *path, enum icc_want want,
                                const struct fcp *expected, struct icc_target *out, int *done)
{
    struct path here = icc->selected.df.path;
    int trusted = icc->selected.trusted;
    int32_t result;

    result = walk(icc, &here, path, want, out);
    *done = trusted || (result != ISO_OK && !is_missing(result) && result != ISO_NO_FILE &&
                        result != ISO_NO_DIR);
    if (result == ISO_OK)
        *done = trusted || !expected ||
                is_same_file(expected, &out->fcp, path->fids[path->count - 1]);
    if (!*done)
        icc->selected.trusted = 0;
    return result;
}

static int is_child_of_selected(const struct icc *icc, const struct path *path)
{
    struct path parent;

    if (!icc->selected.df.known || path->count == 0)
        return 0;
    path_parent(path, &parent);
    return path_equal(&icc->selected.df.path, &parent);
}

static int32_t select_stepwise(struct icc *icc, const struct path *path, enum icc_want want,
                               struct icc_target *out)
{
    struct path mf;
    int32_t result;

    if (icc->card.no_mf)
        return ISO_DIR_NOT_FOUND;
    result = icc_select_mf(icc, NULL);
    if (result)
        return result;
    memset(&mf, 0, sizeof(mf));
    mf.root = PATH_FROM_MF;
    return walk(icc, &mf, path, want, out);
}

static int32_t select_from_mf(struct icc *icc, const struct path *path, enum icc_want want,
                              const struct fcp *expected, struct icc_target *out)
{
    int tried = 0;
    int done = 0;
    int32_t result;
    uint16_t sw;

    if (path->count == 0)
    {
        result = icc_select_mf(icc, out);
        return result == ISO_OK && want == ICC_WANT_EF ? ISO_NO_FILE : result;
    }
    if (select_has_p1(icc, 8) && icc->card.has_path != ICC_NO)
    {
        result = step_path(icc, path, want, out, &sw);
        if (result)
            return result;
        if (select_is_ok(sw))
            return check_kind(&out->fcp, want);
        if (select_is_absent(sw) && icc->card.has_path == ICC_YES)
            return find_missing(icc, path, want);
        if (!select_is_absent(sw) && !select_is_about_p1(sw))
            return refusal(sw, want);
        tried = 1;
    }
    if (is_child_of_selected(icc, path) && (icc->selected.trusted || expected))
        result = select_from_here(icc, path, want, expected, out, &done);
    if (!done)
        result = select_stepwise(icc, path, want, out);
    if (result == ISO_OK && tried && icc->card.has_path == ICC_UNKNOWN)
        icc->card.has_path = ICC_NO;
    return result;
}

static int32_t select_name(struct icc *icc, const struct path *path, struct icc_target *out)
{
    struct path root = *path;
    int32_t result;
    uint16_t sw;

    if (!select_has_p1(icc, 4))
        return ISO_UNSUPPORTED_FEATURE;
    root.count = 0;
    root.sfi = 0;
    result = select_step(icc, 4, path->name, path->name_length, out, &sw);
    if (result)
        return result;
    if (!select_is_ok(sw))
        return refusal(sw, ICC_WANT_DF);
    note_selected(icc, &root, ICC_WANT_DF, &out->fcp);
    return ISO_OK;
}

static int32_t select_from_name(struct icc *icc, const struct path *path, enum icc_want want,
                                const struct fcp *expected, struct icc_target *out)
{
    struct path root = *path;
    int done = 0;
    int32_t result;

    root.count = 0;
    root.sfi = 0;
    /* SELECT by name would start the application anew, and its codes with it. */
    if (path->count && icc->selected.df.known && path_within(&root, &icc->selected.df.path) &&
        path_within(&icc->selected.df.path, path) && icc->selected.df.path.count < path->count)
    {
        result = select_from_here(icc, path, want, expected, out, &done);
        if (done)
            return result;
    }
    result = select_name(icc, path, out);
    if (result)
        return result;
    if (path->count == 0)
        return want == ICC_WANT_EF ? ISO_NO_FILE : ISO_OK;
    return walk(icc, &root, path, want, out);
}

static int32_t select_relative(struct icc *icc, const struct path *path, enum icc_want want,
                               struct icc_target *out)
{
    struct path here = *path;

    here.count = 0;
    if (path->count == 0)
        return want == ICC_WANT_EF ? ISO_NO_FILE : ISO_OK;
    return walk(icc, &here, path, want, out);
}

int32_t icc_select(struct icc *icc, const struct path *path, enum icc_want want,
                   const struct fcp *expected, struct icc_target *out)
{
    struct path place = *path;

    place.sfi = 0;
    memset(out, 0, sizeof(*out));
    switch (place.root)
    {
        case PATH_FROM_MF:
            return select_from_mf(icc, &place, want, expected, out);
        case PATH_FROM_NAME:
            return select_from_name(icc, &place, want, expected, out);
        default:
            return select_relative(icc, &place, want, out);
    }
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
        return ISO_INVALID_ARGUMENT;
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
        return ISO_OK;
    if (icc->current.known && !(icc->card.no_mf && is_at_mf(&icc->current)))
        return path_resolve(&icc->current.path, &fid_path, &ref->path);
    return fid_path.up ? ISO_DIR_NOT_FOUND : ISO_OK;
}

/* The other place that a relative path may mean; 0 when there is none. */
static int other_base(const struct icc *icc, const struct icc_reference *ref, struct path *other)
{
    *other = ref->path;
    if (ref->written.root != PATH_RELATIVE || ref->path.count == 0)
        return 0;
    if (ref->path.root == PATH_RELATIVE && !icc->current.known && !icc->card.no_mf)
    {
        other->root = PATH_FROM_MF;
        return 1;
    }
    if (ref->path.root == PATH_FROM_MF && icc->card.no_mf && is_at_mf(&icc->current))
    {
        other->root = PATH_RELATIVE;
        return 1;
    }
    return 0;
}

int32_t icc_select_reference(struct icc *icc, struct icc_reference *ref, enum icc_want want,
                             struct icc_target *out)
{
    int32_t result = icc_select(icc, &ref->path, want, NULL, out);
    struct path other;
    int32_t second;

    if (is_missing(result) && other_base(icc, ref, &other))
    {
        second = icc_select(icc, &other, want, NULL, out);
        if (second == ISO_OK)
            ref->path = other;
        if (!is_missing(second))
            return second;
        if (other.root == PATH_RELATIVE || !icc->card.no_mf)
            result = second;
    }
    if (is_missing(result) && ref->written.maybe_name && want == ICC_WANT_DF)
    {
        memset(&other, 0, sizeof(other));
        other.root = PATH_FROM_NAME;
        other.name_length = ref->written.name_length;
        memcpy(other.name, ref->written.name, sizeof(other.name));
        second = icc_select(icc, &other, want, NULL, out);
        if (second == ISO_OK)
            ref->path = other;
        if (!is_missing(second))
            return second;
    }
    return result;
}

int32_t icc_ensure_dir(struct icc *icc, const struct path *path)
{
    struct path dir = *path;
    struct icc_target target;

    dir.sfi = 0;
    if (icc->selected.trusted && icc->selected.df.known &&
        path_equal(&icc->selected.df.path, &dir))
        return ISO_OK;
    return icc_select(icc, &dir, ICC_WANT_DF, NULL, &target);
}

void icc_note_ef(struct icc *icc, const struct path *path)
{
    icc->selected.ef.known = 1;
    icc->selected.ef.path = *path;
}

int icc_is_selected(const struct icc *icc, const struct path *path)
{
    return icc->selected.trusted && icc->selected.ef.known &&
           path_equal(&icc->selected.ef.path, path);
}
