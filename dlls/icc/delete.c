/*
 * Deleting files (ISO 7816-9). DELETE FILE is never sent without data: on some cards that deletes
 * the current directory with all its files, even if an EF is selected.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "select_command.h"
#include "position.h"

#define P1_NAME 0x04
/* More files than any card has; the limit stops a card whose lists never end. */
#define MAX_TREE 4096u

static int32_t send_delete(struct icc *icc, uint8_t p1, const uint8_t *data, uint32_t len,
                           uint16_t *sw)
{
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;

    memset(&cmd, 0, sizeof(cmd));
    cmd.p1 = p1;
    cmd.data = data;
    cmd.nc = len;
    result = icc_send_instruction(icc, &icc->card.profile->delete_file, &cmd, 0, &reply);
    *sw = reply.sw;
    return result;
}

static int is_same_root(const struct path *a, const struct path *b)
{
    return a->root == b->root && a->name_length == b->name_length &&
           !memcmp(a->name, b->name, a->name_length);
}

/* A deleted file's place is no longer proven; the directory above it still is. A place that begins
 * at another root may be the same one. */
static void forget_proven(struct icc *icc, const struct path *path, uint16_t sw)
{
    unsigned i;

    for (i = 0; i < ICC_MAX_PROVEN && sw_is_success(sw); i++)
    {
        struct icc_place *place = &icc->card.proven[i];

        if (place->known && !is_same_root(path, &place->path))
            place->known = 0;
        else if (place->known && path_within(path, &place->path))
            path_parent(path, &place->path);
    }
}

static int wants_type(uint16_t sw)
{
    return sw == SW_WRONG_P1P2 || sw == SW_WRONG_OFFSET || sw == SW_WRONG_DATA ||
           sw == SW_WRONG_LENGTH;
}

/* Looks for the file. A terminated file can no longer be selected, yet exists if SELECT has looked
 * nowhere else. */
static int32_t find(struct icc *icc, const struct path *path, struct icc_target *target)
{
    int32_t result;

    memset(target, 0, sizeof(*target));
    if (position_is_file(icc, path) && icc->position.df.known)
    {
        target->fcp.kind = FCP_KIND_EF;
        return SC_OK;
    }
    result = icc_select(icc, path, ICC_WANT_ANY, target);
    return result == SC_NO_ACCESS && !target->anywhere ? SC_OK : result;
}

/*
 * Deletes a child of its directory, and tells the card whether it is an EF or a DF if the card
 * wants that. Its existence is checked first: like SELECT, DELETE FILE finds the directory itself
 * or the one above it when there is no such child.
 */
static int32_t delete_child(struct icc *icc, const struct path *path, uint16_t *sw)
{
    uint16_t fid = path->fids[path->count - 1];
    uint8_t data[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    struct icc_target target;
    struct path parent;
    int32_t result;

    path_parent(path, &parent);
    result = find(icc, path, &target);
    if (result == SC_OK)
        result = icc_ensure_dir(icc, &parent);
    if (result == SC_OK)
        result = send_delete(icc, 0, data, 2, sw);
    if (result == SC_OK)
        forget_proven(icc, path, *sw);
    if (result || !wants_type(*sw) || target.fcp.kind == FCP_KIND_UNKNOWN)
        return result;
    result = icc_ensure_dir(icc, &parent);
    if (result)
        return result;
    result = send_delete(icc, target.fcp.kind == FCP_KIND_DF ? 1 : 2, data, 2, sw);
    if (result == SC_OK)
        forget_proven(icc, path, *sw);
    return result;
}

/* Deletes what path names: a directory by its name, or a child of its directory. */
static int32_t delete_one(struct icc *icc, const struct path *path, uint16_t *sw)
{
    return path->count ? delete_child(icc, path, sw)
                       : send_delete(icc, P1_NAME, path->name, path->name_length, sw);
}

/* Lists the children of a directory, which becomes current. *is_dir is 0 when path is no directory
 * and therefore has none. */
static int32_t list_children(struct icc *icc, const struct path *path, uint16_t *fids,
                             size_t *count, int *is_dir)
{
    struct icc_target target;
    int32_t result;

    *count = 0;
    *is_dir = 0;
    result = icc_select(icc, path, ICC_WANT_ANY, &target);
    if (result == SC_OK && target.fcp.kind == FCP_KIND_UNKNOWN)
        result = icc_select(icc, path, ICC_WANT_DF, &target);
    if (result == SC_NO_DIR || (result == SC_OK && target.fcp.kind == FCP_KIND_EF))
        return SC_OK;
    if (result == SC_OK)
        result = icc_ensure_dir(icc, path);
    if (result)
        return result;
    *is_dir = 1;
    return icc_list(icc, fids, count);
}

static int32_t delete_tree(struct icc *icc, const struct path *path, unsigned *left);

static int32_t delete_children(struct icc *icc, const struct path *path, unsigned *left,
                               int *emptied)
{
    uint16_t *fids = icc_alloc(ICC_MAX_LIST * sizeof(*fids));
    int32_t result;
    size_t count, i;
    int is_dir;

    *emptied = 0;
    if (!fids)
        return SC_OUT_OF_MEMORY;
    result = list_children(icc, path, fids, &count, &is_dir);
    for (i = 0; result == SC_OK && i < count && path->count < PATH_MAX_COMPONENTS; i++)
    {
        struct path child = *path;

        child.fids[child.count++] = fids[i];
        icc_note_proven(icc, &child);
        result = delete_tree(icc, &child, left);
        *emptied = 1;
    }
    icc_free(fids);
    return result;
}

/* left: how many more files may be visited. */
static int32_t delete_tree(struct icc *icc, const struct path *path, unsigned *left)
{
    int32_t result, second;
    uint16_t sw;
    int emptied;

    if (!*left)
        return SC_UNEXPECTED;
    --*left;
    result = delete_one(icc, path, &sw);
    if (result)
        return result;
    result = sw_result(sw, FOR_GENERAL);
    if (result == SC_OK || sw == SW_SECURITY || sw == SW_NOT_FOUND || sw == SW_WRONG_INS)
        return result;
    second = delete_children(icc, path, left, &emptied);
    if (second && second != SC_NOT_IMPLEMENTED)
        return second;
    if (second || !emptied)
        return result;
    result = delete_one(icc, path, &sw);
    return result ? result : sw_result(sw, FOR_GENERAL);
}

/* ICC_NON_RECURSIVE: a directory is deleted only when it is known to be empty. */
static int32_t delete_empty(struct icc *icc, const struct path *path)
{
    uint16_t *fids = icc_alloc(ICC_MAX_LIST * sizeof(*fids));
    int32_t result;
    size_t count;
    int is_dir;
    uint16_t sw;

    if (!fids)
        return SC_OUT_OF_MEMORY;
    result = list_children(icc, path, fids, &count, &is_dir);
    icc_free(fids);
    if (result)
        return result == SC_NOT_IMPLEMENTED ? SC_UNSUPPORTED_FEATURE : result;
    if (count)
        return SC_NO_ACCESS;
    result = delete_one(icc, path, &sw);
    return result ? result : sw_result(sw, FOR_GENERAL);
}

static int32_t delete_path(struct icc *icc, const struct path *path, uint32_t flags)
{
    unsigned left = MAX_TREE;
    int32_t result;
    uint16_t sw;

    if (flags & ICC_RECURSIVE)
        return delete_tree(icc, path, &left);
    if (flags & ICC_NON_RECURSIVE)
        return delete_empty(icc, path);
    result = delete_one(icc, path, &sw);
    return result ? result : sw_result(sw, FOR_GENERAL);
}

/* Deleting a directory that holds the current directory makes its parent current. */
static void leave_deleted(struct icc *icc, const struct path *path)
{
    if (!icc->current.known || path->root == PATH_RELATIVE ||
        !path_within(path, &icc->current.path))
        return;
    memset(&icc->current, 0, sizeof(icc->current));
    icc->current.path.root = PATH_FROM_MF;
    icc->current.known = path->count || !icc->by_handle;
    if (path->count)
        path_parent(path, &icc->current.path);
}

/* SELECT takes no short ids, so the FID must be known from an open file. */
static int32_t find_fid(const struct icc *icc, struct path *path)
{
    const struct icc_file *file;

    if (!path->sfi)
        return SC_OK;
    file = icc_file_by_short_id(icc, path);
    if (!file)
        return SC_UNSUPPORTED_FEATURE;
    *path = file->path;
    return SC_OK;
}

int32_t icc_delete(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                   uint32_t flags)
{
    int32_t flag_result = icc_check_flags(flags);
    struct icc_reference ref;
    int32_t result;

    if (flag_result == SC_INVALID_ARGUMENT ||
        ((flags & ICC_RECURSIVE) && (flags & ICC_NON_RECURSIVE)))
        return SC_INVALID_ARGUMENT;
    icc_start_call(icc);
    result = icc_refer(icc, type, text, length, &ref);
    if (result)
        return result;
    /* Not the MF; of a part of a name the card would choose one. */
    if (!ref.path.sfi && ref.path.count == 0 &&
        (ref.path.root != PATH_FROM_NAME || ref.path.partial_name))
        return SC_INVALID_ARGUMENT;
    result = flag_result ? flag_result : find_fid(icc, &ref.path);
    if (result == SC_OK)
        result = icc_settle_place(icc, &ref.path);
    if (result == SC_OK)
        result = delete_path(icc, &ref.path, flags);
    if (result == SC_OK)
        leave_deleted(icc, &ref.path);
    return result;
}
