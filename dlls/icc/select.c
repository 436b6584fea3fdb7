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

/* Where the card is after it has selected path. */
static void note_found(struct icc *icc, const struct path *path, enum fcp_kind kind)
{
    if (kind == FCP_KIND_DF || path->count == 0)
        position_note_df(icc, path);
    else if (kind == FCP_KIND_EF)
        position_note_ef(icc, path);
    else
        position_note_file(icc, path);
}

/* The same, after a kind that the card did not say was asked for: for what is wanted is a DF, on
 * which more steps will stand. */
static int32_t settle(struct icc *icc, const struct path *path, enum icc_want want,
                      struct icc_target *out)
{
    int32_t result = ISO_OK;

    note_found(icc, path, out->fcp.kind);
    if (want == ICC_WANT_DF && path->count)
        result = select_prove_kind(icc, out);
    if (result)
        return result;
    note_found(icc, path, out->fcp.kind);
    return check_kind(&out->fcp, want);
}

/* ---- down from a directory ---- */

static int32_t enter(struct icc *icc, const struct path *path);

/*
 * P1 = 00 finds directories beside here as well as in it (GSM 11.11 8.1). When the one above here
 * has none of that name, what was found lies in here; so it does when that one looks different.
 * The same look, or a directory that nobody can be above of: *sw becomes 6A82. On success the card
 * has selected the child again.
 */
static int32_t prove_child(struct icc *icc, const struct path *here, uint16_t fid,
                           enum icc_want want, struct icc_target *out, uint16_t *sw)
{
    struct icc_target beside;
    struct path above;
    int32_t result;
    uint16_t other;

    if (here->root != PATH_FROM_MF)
    {
        position_forget(icc);
        *sw = 0x6A82;
        return ISO_OK;
    }
    path_parent(here, &above);
    result = enter(icc, &above);
    if (result == ISO_OK)
        result = select_child(icc, &above, fid, ICC_WANT_ANY, &beside, &other);
    if (result)
        return result;
    if (select_is_ok(other) && beside.fcp.kind != FCP_KIND_EF && beside.len == out->len &&
        !memcmp(beside.answer, out->answer, out->len))
    {
        *sw = 0x6A82;
        return ISO_OK;
    }
    if (!select_is_ok(other) && !select_is_absent(other))
    {
        *sw = other;
        return ISO_OK;
    }
    result = enter(icc, here);
    return result ? result : select_child(icc, here, fid, want, out, sw);
}

void icc_note_nested(struct icc *icc, const struct path *path)
{
    icc->card.nested.known = 1;
    icc->card.nested.path = *path;
}

/* Whether what P1 = 00 has found may lie elsewhere than in here. */
static int may_be_elsewhere(const struct icc *icc, const struct path *here,
                            const struct path *child, enum icc_want want,
                            const struct icc_target *found)
{
    const struct icc_place *nested = &icc->card.nested;

    if (select_looks_down_only(icc) || found->fcp.kind == FCP_KIND_EF || want == ICC_WANT_EF ||
        here->root == PATH_RELATIVE || (here->root == PATH_FROM_MF && !here->count))
        return 0;
    return !nested->known || !path_within(child, &nested->path);
}

static int32_t step_down(struct icc *icc, const struct path *here, const struct path *child,
                         enum icc_want want, struct icc_target *out)
{
    uint16_t fid = child->fids[here->count];
    int32_t result;
    uint16_t sw;

    result = select_child(icc, here, fid, want, out, &sw);
    if (result == ISO_OK && select_is_ok(sw) && may_be_elsewhere(icc, here, child, want, out))
    {
        result = prove_child(icc, here, fid, want, out, &sw);
        if (result == ISO_OK && select_is_ok(sw))
            icc_note_nested(icc, child);
    }
    if (result)
        return result;
    return select_is_ok(sw) ? settle(icc, child, want, out) : refusal(sw, want);
}

/* From the current DF, which is at, down the components that path has more. */
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
            return !last && result == ISO_NO_DIR ? ISO_DIR_NOT_FOUND : result;
        if (!last && !position_is_df(icc, &child))
            return ISO_UNSUPPORTED_FEATURE;
        here = child;
    }
    return ISO_OK;
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
    if (result == ISO_OK && select_is_ok(*sw))
    {
        icc->card.has_path = ICC_YES;
        note_found(icc, path, out->fcp.kind);
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
    result = step_path(icc, &parent, &target, &sw);
    if (result)
        return result;
    return select_is_absent(sw) ? ISO_DIR_NOT_FOUND : missing(want);
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
        return ISO_DIR_NOT_FOUND;
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
    int tried = 0;
    int32_t result;
    uint16_t sw;

    if (path->count == 0)
    {
        result = icc_select_mf(icc, out);
        return result == ISO_OK && want == ICC_WANT_EF ? ISO_NO_FILE : result;
    }
    if (select_has_p1(icc, 8) && icc->card.has_path != ICC_NO)
    {
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
    }
    result = select_stepwise(icc, path, want, out);
    if (result == ISO_OK && tried && icc->card.has_path == ICC_UNKNOWN)
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
        return ISO_UNSUPPORTED_FEATURE;
    root.count = 0;
    result = select_step(icc, 4, path->name, path->name_length, out, &sw);
    if (result)
        return result;
    if (!select_is_ok(sw))
        return refusal(sw, ICC_WANT_DF);
    position_note_df(icc, &root);
    return ISO_OK;
}

static int32_t select_from_name(struct icc *icc, const struct path *path, enum icc_want want,
                                struct icc_target *out)
{
    struct path here = icc->position.df.path;
    int32_t result;

    /* SELECT by name would start the application anew, and its codes with it. */
    if (position_is_above(icc, path))
        return walk(icc, &here, path, want, out);
    result = select_name(icc, path, out);
    if (result)
        return result;
    if (path->count == 0)
        return want == ICC_WANT_EF ? ISO_NO_FILE : ISO_OK;
    here = *path;
    here.count = 0;
    return walk(icc, &here, path, want, out);
}

/*
 * From a directory that has no name. Whose connection it shares, the application may have chosen
 * it; else it is the one that the card began in, if nothing of ours has left it.
 */
static int32_t select_from_here(struct icc *icc, const struct path *path, enum icc_want want,
                                struct icc_target *out)
{
    uint32_t here = icc->here, began;
    struct path at;
    int32_t result;

    if (!position_is_above(icc, path))
    {
        if (!icc->by_handle && icc->here != icc->home)
            return missing(path->count > 1 ? ICC_WANT_DF : want);
        position_note_here(icc);
    }
    if (path->count == 0)
        return want == ICC_WANT_EF ? ISO_NO_FILE : ISO_OK;
    at = icc->position.df.path;
    began = icc->position.here;
    result = walk(icc, &at, path, want, out);
    position_keep_here(icc, began);
    /* An EF was selected: that has not left the directory. */
    if (result == ISO_OK && position_is_df(icc, &at))
        icc->here = here;
    return result;
}

static int32_t select_place(struct icc *icc, const struct path *path, enum icc_want want,
                            struct icc_target *out)
{
    memset(out, 0, sizeof(*out));
    switch (path->root)
    {
        case PATH_FROM_MF:
            return select_from_mf(icc, path, want, out);
        case PATH_FROM_NAME:
            return select_from_name(icc, path, want, out);
        default:
            return select_from_here(icc, path, want, out);
    }
}

int32_t icc_select(struct icc *icc, const struct path *path, enum icc_want want,
                   struct icc_target *out)
{
    struct path place = *path;

    place.sfi = 0;
    return select_place(icc, &place, want, out);
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

int32_t icc_check_place(const struct path *path)
{
    return path->root == PATH_RELATIVE ? ISO_DIR_NOT_FOUND : ISO_OK;
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
    int32_t result = icc_select(icc, &ref->path, want, out);
    struct path other;
    int32_t second;

    if (is_missing(result) && other_base(icc, ref, &other))
    {
        second = icc_select(icc, &other, want, out);
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
        second = icc_select(icc, &other, want, out);
        if (second == ISO_OK)
            ref->path = other;
        if (!is_missing(second))
            return second;
    }
    return result;
}

int32_t icc_select_to_change(struct icc *icc, struct icc_reference *ref, struct icc_target *out)
{
    int32_t result = icc_check_place(&ref->path);

    if (result == ISO_OK)
        result = icc_select_reference(icc, ref, ICC_WANT_ANY, out);
    return result ? result : icc_check_place(&ref->path);
}

/* Makes a directory current of which path, and what it is, are sure. */
static int32_t enter(struct icc *icc, const struct path *path)
{
    struct icc_target target;
    int32_t result;

    if (position_is_df(icc, path))
        return ISO_OK;
    result = select_place(icc, path, ICC_WANT_DF, &target);
    if (result == ISO_OK && !position_is_df(icc, path))
        return ISO_UNSUPPORTED_FEATURE;
    return result;
}

int32_t icc_ensure_dir(struct icc *icc, const struct path *path)
{
    struct path dir = *path;
    int32_t result;

    dir.sfi = 0;
    result = enter(icc, &dir);
    return result == ISO_NO_DIR ? ISO_DIR_NOT_FOUND : result;
}
