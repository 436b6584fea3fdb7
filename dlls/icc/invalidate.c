/*
 * Invalidate and Rehabilitate: DEACTIVATE FILE and ACTIVATE FILE (ISO 7816-9).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

static int wants_fid(uint16_t sw)
{
    return sw == SW_WRONG_LENGTH || sw == SW_WRONG_P1P2 || sw == SW_LC_P1P2;
}

/* The same by FID, in the directory of the file: the FID of a directory means a child in itself. */
static int32_t send_fid(struct icc *icc, const struct icc_instruction *instruction,
                        const struct path *path, struct icc_reply *reply)
{
    uint16_t fid = path->count ? path->fids[path->count - 1] : PATH_MF;
    uint8_t data[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    struct path parent;
    struct apdu cmd;
    int32_t result;

    path_parent(path, &parent);
    result = icc_ensure_dir(icc, &parent);
    if (result)
        return result;
    memset(&cmd, 0, sizeof(cmd));
    cmd.data = data;
    cmd.nc = 2;
    return icc_send_instruction(icc, instruction, &cmd, 0, reply);
}

int32_t icc_switch_file(struct icc *icc, struct icc_reference *ref, int activate)
{
    const struct icc_instruction *instruction;
    struct icc_target target;
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;

    result = icc_select_to_change(icc, ref, &target);
    if (result)
        return result;
    instruction = activate ? &icc->card.profile->activate : &icc->card.profile->deactivate;
    memset(&cmd, 0, sizeof(cmd));
    result = icc_send_instruction(icc, instruction, &cmd, 0, &reply);
    if (result == SC_OK && wants_fid(reply.sw) &&
        (ref->path.count || ref->path.root == PATH_FROM_MF))
        result = send_fid(icc, instruction, &ref->path, &reply);
    return result ? result : sw_result(reply.sw, FOR_INVALIDATE);
}

/* These two have no REFTYPE: text is a path where it can be one, else a name. */
static int32_t refer_either(struct icc *icc, const uint16_t *text, size_t length,
                            struct icc_reference *ref)
{
    int32_t result = icc_refer(icc, PATH_BY_ID, text, length, ref);

    return result == SC_INVALID_ARGUMENT ? icc_refer(icc, PATH_BY_NAME, text, length, ref) : result;
}

static int32_t switch_text(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags,
                           int activate)
{
    int32_t checked = icc_check_flags(flags);
    struct icc_reference ref;
    int32_t result;

    if (checked == SC_INVALID_ARGUMENT)
        return checked;
    icc_start_call(icc);
    result = refer_either(icc, text, length, &ref);
    if (result)
        return result;
    /* A card whose MF is deactivated is lost. */
    if (!activate && ref.path.root == PATH_FROM_MF && ref.path.count == 0)
        return SC_INVALID_ARGUMENT;
    return checked ? checked : icc_switch_file(icc, &ref, activate);
}

int32_t icc_invalidate(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags)
{
    return switch_text(icc, text, length, flags, 0);
}

int32_t icc_rehabilitate(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags)
{
    return switch_text(icc, text, length, flags, 1);
}
