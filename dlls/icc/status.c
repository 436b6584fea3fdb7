/*
 * Invalidate and Rehabilitate: DEACTIVATE FILE and ACTIVATE FILE (ISO 7816-9).
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

static int wants_fid(uint16_t sw)
{
    return sw == 0x6700 || sw == 0x6A86 || sw == 0x6A87;
}

/* The FID of what was selected; 0 when there is none. */
static uint16_t fid_of(const struct path *path, const struct fcp *fcp)
{
    if (fcp->has_fid)
        return fcp->fid;
    return path->count ? path->fids[path->count - 1] : 0;
}

int32_t icc_switch_file(struct icc *icc, struct icc_reference *ref, int activate)
{
    const struct icc_instruction *instruction;
    struct icc_target target;
    struct icc_reply reply;
    struct apdu cmd;
    uint8_t data[2];
    uint16_t fid;
    int32_t result;

    result = icc_select_reference(icc, ref, ICC_WANT_ANY, &target);
    if (result)
        return result;
    instruction = activate ? &icc->card.profile->activate : &icc->card.profile->deactivate;
    memset(&cmd, 0, sizeof(cmd));
    result = icc_send_instruction(icc, instruction, &cmd, 0, &reply);
    fid = fid_of(&ref->path, &target.fcp);
    if (result == ISO_OK && wants_fid(reply.sw) && fid)
    {
        data[0] = (uint8_t)(fid >> 8);
        data[1] = (uint8_t)fid;
        cmd.data = data;
        cmd.nc = 2;
        result = icc_send_instruction(icc, instruction, &cmd, 0, &reply);
    }
    icc->selected.trusted = 0;
    return result ? result : sw_result(reply.sw, SW_INVALIDATE);
}

/* These two have no REFTYPE: text is a path where it can be one, else a name. */
static int32_t refer_either(struct icc *icc, const uint16_t *text, size_t length,
                            struct icc_reference *ref)
{
    int32_t result = icc_refer(icc, PATH_BY_ID, text, length, ref);

    return result == ISO_INVALID_ARGUMENT ? icc_refer(icc, PATH_BY_NAME, text, length, ref)
                                          : result;
}

static int32_t switch_text(struct icc *icc, const uint16_t *text, size_t length, uint32_t flags,
                           int activate)
{
    int32_t checked = icc_check_flags(flags);
    struct icc_reference ref;
    int32_t result;

    if (checked == ISO_INVALID_ARGUMENT)
        return checked;
    icc_begin(icc);
    result = refer_either(icc, text, length, &ref);
    if (result)
        return result;
    /* A card whose MF is deactivated is lost. */
    if (!activate && ref.path.root == PATH_FROM_MF && ref.path.count == 0)
        return ISO_INVALID_ARGUMENT;
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
