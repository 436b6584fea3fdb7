/*
 * Open files: their table and positions, and how they are made current again.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "position.h"

#define MAX_RECORDS 254u
/* The largest offset that P2 can express beside a short id in P1. */
#define MAX_SFI_OFFSET 0xFFu

void icc_files_free(struct icc *icc)
{
    while (icc->files)
    {
        struct icc_file *file = icc->files;

        icc->files = file->next;
        wipe(file, sizeof(*file));
        free(file);
    }
}

static struct icc_file **find_link(struct icc *icc, uint32_t handle)
{
    struct icc_file **link = &icc->files;

    while (*link && (*link)->handle != handle)
        link = &(*link)->next;
    return link;
}

int32_t icc_file_find(struct icc *icc, uint32_t handle, struct icc_file **file)
{
    *file = handle ? *find_link(icc, handle) : NULL;
    if (!*file)
        return SC_INVALID_ARGUMENT;
    return (*file)->generation == icc->generation ? SC_OK : SC_INVALID_HANDLE;
}

int32_t icc_close(struct icc *icc, uint32_t handle)
{
    struct icc_file **link = find_link(icc, handle);
    struct icc_file *file = *link;

    if (!handle || !file)
        return SC_INVALID_ARGUMENT;
    *link = file->next;
    wipe(file, sizeof(*file));
    free(file);
    return SC_OK;
}

int icc_file_is_records(const struct icc_file *file)
{
    return file->records == ICC_YES;
}

int icc_file_other_structure(struct icc_file *file, uint16_t sw)
{
    if (file->records != ICC_UNKNOWN || (sw != SW_WRONG_STRUCTURE && sw != SW_GSM_WRONG_STRUCTURE))
        return 0;
    file->records = ICC_YES;
    return 1;
}

static enum icc_tristate is_record_structure(enum fcp_structure structure)
{
    switch (structure)
    {
    case FCP_LINEAR_FIXED:
    case FCP_LINEAR_VARIABLE:
    case FCP_CYCLIC: return ICC_YES;
    case FCP_STRUCTURE_UNKNOWN: return ICC_UNKNOWN;
    default: return ICC_NO;
    }
}

/* ---- opening ---- */

static int32_t probe(struct icc *icc, uint8_t ins, uint8_t p1, uint8_t p2, uint32_t ne,
                     uint16_t *sw)
{
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;

    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = ins;
    cmd.p1 = p1;
    cmd.p2 = p2;
    cmd.ne = ne;
    result = icc_send(icc, &cmd, 0, &reply);
    *sw = reply.sw;
    return result;
}

static int is_unusable(uint16_t sw)
{
    return sw == SW_WRONG_OFFSET || sw == SW_WRONG_P1P2 || sw == SW_NOT_SUPPORTED;
}

/* SELECT takes no short ids, so the file is read to see whether it exists. */
static int32_t probe_short_id(struct icc *icc, uint8_t sfi, enum icc_tristate *records)
{
    int32_t result;
    uint16_t sw;

    *records = ICC_UNKNOWN;
    result = probe(icc, INS_READ_BINARY, 0x80 | sfi, 0, 1, &sw);
    if (result)
        return result;
    if (sw_result(sw, FOR_READ_BINARY) == SC_OK)
    {
        *records = ICC_NO;
        return SC_OK;
    }
    if (sw == SW_SECURITY)
        return SC_OK;
    if (sw != SW_WRONG_STRUCTURE && sw != SW_NO_EF && sw != SW_WRONG_INS && !is_unusable(sw))
        return sw_result(sw, FOR_SELECT);
    result = probe(icc, INS_READ_RECORD, 1, (uint8_t)(sfi << 3 | ICC_RECORD_NUMBER),
                   icc->card.max_le, &sw);
    if (result)
        return result;
    if (is_unusable(sw) || sw == SW_WRONG_INS)
        return SC_UNSUPPORTED_FEATURE;
    if (sw == SW_SECURITY)
        return SC_OK;
    if (sw == SW_NO_RECORD || sw_result(sw, FOR_READ_RECORD) == SC_OK)
    {
        *records = ICC_YES;
        return SC_OK;
    }
    return sw_result(sw, FOR_SELECT);
}

static int32_t open_short(struct icc *icc, const struct path *path, struct icc_file *file)
{
    struct path place = *path;
    int32_t result = SC_DIR_NOT_FOUND;

    if (!icc_is_chosen(icc))
        result = icc_settle_place(icc, &place);
    /* Without a name nothing would show later that it is still this directory. */
    if (result && ((icc->by_handle && !icc->exclusive) || result != SC_DIR_NOT_FOUND))
        return result;
    result = icc_ensure_dir(icc, &place);
    if (result)
        return result;
    file->path = place;
    file->here = icc->position.here;
    file->fcp.has_sfi = 1;
    file->fcp.sfi = path->sfi;
    return probe_short_id(icc, path->sfi, &file->records);
}

static void fill_file(const struct icc *icc, struct icc_file *file, const struct path *path,
                      const struct icc_target *target)
{
    file->path = *path;
    file->here = icc->position.here;
    file->fcp = target->fcp;
    file->records = is_record_structure(target->fcp.structure);
    file->answer_len = target->len;
    memcpy(file->answer, target->answer, target->len);
}

int32_t icc_file_open(struct icc *icc, const struct path *path, struct icc_file *file)
{
    struct icc_target target;
    int32_t result;

    if (path->sfi)
        return open_short(icc, path, file);
    result = icc_select(icc, path, ICC_WANT_EF, &target);
    if (result == SC_OK)
        fill_file(icc, file, path, &target);
    return result;
}

static int32_t open_reference(struct icc *icc, struct icc_reference *ref, struct icc_file *file)
{
    struct icc_target target;
    int32_t result;

    if (ref->path.sfi)
        return open_short(icc, &ref->path, file);
    result = icc_select_reference(icc, ref, ICC_WANT_EF, &target);
    if (result == SC_OK)
        fill_file(icc, file, &ref->path, &target);
    return result;
}

/* True when the directory without a name in which the file was opened has not been left since. */
static int is_still_here(const struct icc *icc, const struct icc_file *file)
{
    return icc->exclusive && file->turn == icc->turn && file->here == icc->here;
}

const struct icc_file *icc_file_by_short_id(const struct icc *icc, const struct path *path)
{
    const struct icc_file *file;
    struct path dir = *path;
    struct path parent;

    dir.sfi = 0;
    for (file = icc->files; file; file = file->next)
    {
        if (file->generation != icc->generation || file->path.sfi || !file->path.count ||
            !file->fcp.has_sfi || file->fcp.sfi != path->sfi ||
            (file->path.root == PATH_RELATIVE && !is_still_here(icc, file)))
            continue;
        path_parent(&file->path, &parent);
        if (path_equal(&parent, &dir))
            return file;
    }
    return NULL;
}

/* Returns 0 when all handles have been used. */
static uint32_t new_handle(struct icc *icc)
{
    if (icc->new_handle)
        return icc->new_handle();
    return icc->last_handle < UINT32_MAX ? ++icc->last_handle : 0;
}

int32_t icc_open(struct icc *icc, int32_t type, const uint16_t *text, size_t length,
                 uint32_t *handle)
{
    struct icc_reference ref;
    struct icc_file *file;
    int32_t result;

    if (!handle)
        return SC_INVALID_ARGUMENT;
    *handle = 0;
    icc_start_call(icc);
    result = icc_refer(icc, type, text, length, &ref);
    if (result)
        return result;
    if (!(file = calloc(1, sizeof(*file))))
        return SC_OUT_OF_MEMORY;
    result = open_reference(icc, &ref, file);
    if (result == SC_OK && !(file->handle = new_handle(icc)))
        result = SC_OUT_OF_MEMORY;
    if (result)
    {
        free(file);
        return result;
    }
    file->generation = icc->generation;
    file->turn = icc->turn;
    file->next = icc->files;
    icc->files = file;
    *handle = file->handle;
    return SC_OK;
}

/* ---- returning to an open file ---- */

/* True when the known position is in the directory without a name in which a relative path of the
 * file begins. */
static int is_from_here(const struct icc *icc, const struct icc_file *file)
{
    return file->turn == icc->turn && icc->position.here == file->here;
}

/* True when the file is known to be the current EF. */
static int is_current(const struct icc *icc, const struct icc_file *file)
{
    return position_is_file(icc, &file->path) &&
           (file->path.root != PATH_RELATIVE || is_from_here(icc, file));
}

int icc_file_by_sfi(const struct icc *icc, const struct icc_file *file)
{
    return file->path.sfi != 0 && !is_current(icc, file);
}

/* Replaces the information from the opening by what the card says now. */
static void refresh(struct icc_file *file, const struct icc_target *target)
{
    if (target->len == 0)
        return;
    file->fcp = target->fcp;
    file->answer_len = target->len;
    memcpy(file->answer, target->answer, target->len);
}

/* A directory without a name cannot be found again once it was left. */
static int32_t ensure_here(struct icc *icc, struct icc_file *file)
{
    int known = icc->position.df.known && icc->position.df.path.root == PATH_RELATIVE &&
                is_from_here(icc, file);
    struct icc_target target;

    if (!known && !is_still_here(icc, file))
        return SC_INVALID_HANDLE;
    if (file->path.sfi)
        return icc_ensure_dir(icc, &file->path);
    if (known && !position_is_above(icc, &file->path))
        return SC_INVALID_HANDLE;
    return icc_select(icc, &file->path, ICC_WANT_EF, &target);
}

int32_t icc_file_ensure(struct icc *icc, struct icc_file *file)
{
    struct icc_target target;
    int32_t result;

    if (is_current(icc, file))
        return SC_OK;
    if (file->path.root == PATH_RELATIVE)
        result = ensure_here(icc, file);
    else if (file->path.sfi)
        result = icc_ensure_dir(icc, &file->path);
    else
    {
        result = icc_select(icc, &file->path, ICC_WANT_EF, &target);
        if (result == SC_OK)
            refresh(file, &target);
    }
    return result == SC_DIR_NOT_FOUND ? SC_FILE_NOT_FOUND : result;
}

uint8_t icc_record_p2(const struct icc *icc, const struct icc_file *file, uint8_t mode)
{
    return (uint8_t)(icc_file_by_sfi(icc, file) ? file->path.sfi << 3 | mode : mode);
}

uint32_t icc_round_down(uint32_t n, uint32_t unit)
{
    return n >= unit ? n - n % unit : n;
}

uint32_t icc_cut_chunk(const struct icc *icc, const struct icc_file *file, uint32_t offset,
                       uint32_t n, size_t left)
{
    uint32_t unit = icc_file_unit(icc, file);

    if (icc->card.profile->interindustry || n >= left || offset >= ICC_MAX_SHORT_OFFSET ||
        n / unit <= ICC_MAX_SHORT_OFFSET - offset)
        return n;
    return (ICC_MAX_SHORT_OFFSET - offset) * unit;
}

int32_t icc_file_address(struct icc *icc, struct icc_file *file, uint32_t offset, struct apdu *cmd)
{
    int by_sfi = icc_file_by_sfi(icc, file);

    if (by_sfi && offset > MAX_SFI_OFFSET)
    {
        int32_t result = icc_file_enter(icc, file);

        if (result)
            return result;
        by_sfi = 0;
    }
    if (offset > ICC_MAX_SHORT_OFFSET)
        return SC_BAD_SEEK;
    cmd->p1 = (uint8_t)(by_sfi ? 0x80 | file->path.sfi : offset >> 8);
    cmd->p2 = (uint8_t)offset;
    return SC_OK;
}

int32_t icc_file_enter(struct icc *icc, struct icc_file *file)
{
    int32_t result;
    uint16_t sw;

    if (!icc_file_by_sfi(icc, file))
        return SC_OK;
    result = probe(icc, INS_READ_BINARY, 0x80 | file->path.sfi, 0, 1, &sw);
    if (result)
        return result;
    result = sw_result(sw, FOR_READ_BINARY);
    /* Data beyond the reach of the short id must not end up in another file. */
    if (result == SC_OK && icc_file_by_sfi(icc, file))
        return SC_UNSUPPORTED_FEATURE;
    return result;
}

size_t icc_put_offset(uint8_t *out, uint32_t offset)
{
    unsigned len = offset > 0xFFFFFF ? 4 : offset > 0xFFFF ? 3 : 2;
    unsigned i;

    out[0] = 0x54;
    out[1] = (uint8_t)len;
    for (i = 0; i < len; i++)
        out[2 + i] = (uint8_t)(offset >> 8 * (len - 1 - i));
    return 2 + len;
}

/* ---- seeking ---- */

/* Counts records by reading them, as nothing else tells their number. */
static int32_t count_records(struct icc *icc, struct icc_file *file, uint32_t *count)
{
    int32_t result;
    uint16_t sw;
    unsigned n;

    icc_start_call(icc);
    result = icc_file_ensure(icc, file);
    for (n = 1; result == SC_OK && n <= MAX_RECORDS; n++)
    {
        result = probe(icc, INS_READ_RECORD, (uint8_t)n,
                       icc_record_p2(icc, file, ICC_RECORD_NUMBER), icc->card.max_le, &sw);
        if (result == SC_OK)
            result = sw_result(sw, FOR_READ_RECORD);
    }
    *count = result == SC_EOF ? n - 2 : n - 1;
    return result == SC_EOF ? SC_OK : result;
}

int icc_file_size(const struct icc_file *file, uint32_t *size)
{
    const struct fcp *fcp = &file->fcp;

    if (!icc_file_is_records(file))
    {
        *size = fcp->size;
        return fcp->has_size;
    }
    *size = fcp->record_count;
    if (fcp->has_record_count)
        return 1;
    if (fcp->structure == FCP_LINEAR_FIXED && fcp->has_size && fcp->has_record_length &&
        fcp->record_length)
    {
        *size = fcp->size / fcp->record_length;
        return 1;
    }
    return 0;
}

int32_t icc_seek(struct icc *icc, uint32_t handle, int32_t offset, int32_t type)
{
    struct icc_file *file;
    uint32_t size = 0;
    int64_t position;
    int32_t result;
    int known;

    if (type < ICC_SEEK_BEGIN || type > ICC_SEEK_RELATIVE)
        return SC_INVALID_ARGUMENT;
    result = icc_file_find(icc, handle, &file);
    if (result)
        return result;
    known = icc_file_size(file, &size);
    if (type == ICC_SEEK_END && !known)
    {
        if (!icc_file_is_records(file))
            return SC_BAD_SEEK;
        result = count_records(icc, file, &size);
        if (result)
            return result;
        known = 1;
    }
    position = offset;
    if (type == ICC_SEEK_END)
        position += size;
    else if (type == ICC_SEEK_RELATIVE)
        position += file->position;
    if (position < 0 || position > (known ? size : UINT32_MAX))
        return SC_BAD_SEEK;
    file->position = (uint32_t)position;
    return SC_OK;
}
