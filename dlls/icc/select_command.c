/*
 * Single SELECT commands: the forms of P2 and Le, the values of P1, the MF.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "select_command.h"
#include "position.h"

/* True when another P2 or Le may help. */
static int is_about_form(uint16_t sw)
{
    return sw == SW_WRONG_P1P2 || sw == SW_NOT_SUPPORTED || sw == SW_WRONG_DATA ||
           sw == SW_WRONG_OFFSET || sw == SW_WRONG_LENGTH || sw == SW_LC_P1P2;
}

int select_is_about_p1(uint16_t sw)
{
    return sw == SW_WRONG_P1P2 || sw == SW_NOT_SUPPORTED || sw == SW_WRONG_DATA ||
           sw == SW_WRONG_OFFSET || sw == SW_WRONG_INS;
}

int select_is_absent(uint16_t sw)
{
    return sw == SW_NOT_FOUND || sw == SW_GSM_NOT_FOUND;
}

int select_is_ok(uint16_t sw)
{
    return sw_result(sw, FOR_SELECT) == SC_OK;
}

static uint8_t p1_bit(uint8_t p1)
{
    switch (p1)
    {
    case 1: return ICC_P1_CHILD;
    case 2: return ICC_P1_EF;
    case 3: return ICC_P1_PARENT;
    case 4: return ICC_P1_NAME;
    case 8: return ICC_P1_PATH;
    default: return 0;
    }
}

int select_has_p1(const struct icc *icc, uint8_t p1)
{
    return p1 == 0 || (icc->card.profile->select_p1 & p1_bit(p1)) != 0;
}

/* The type byte of the MF reveals a GSM 11.11 card under class C0. */
static void look_for_gsm(struct icc *icc, const struct icc_reply *reply)
{
    const uint8_t *b = reply->bytes;

    if (!icc->card.profile->may_be_gsm || reply->len < 14)
        return;
    if (b[0] != 0x62 && b[0] != 0x64 && b[0] != 0x6F && b[4] == 0x3F && b[5] == 0x00 &&
        b[6] == 0x01)
        icc->card.layout = FCP_LAYOUT_GSM;
}

static void take_answer(struct icc *icc, const struct icc_reply *reply, struct icc_target *out)
{
    memset(out, 0, sizeof(*out));
    look_for_gsm(icc, reply);
    if (reply->sw != SW_FCI_FORMAT)
    {
        out->len = reply->len < sizeof(out->answer) ? reply->len : sizeof(out->answer);
        memcpy(out->answer, reply->bytes, out->len);
    }
    fcp_parse(out->answer, out->len, icc->card.layout, &out->fcp);
    if (reply->sw == SW_DEACTIVATED)
        out->fcp.life_cycle = FCP_LIFE_DEACTIVATED;
}

static int32_t send_form(struct icc *icc, uint8_t p1, const uint8_t *data, size_t len,
                         struct icc_reply *reply)
{
    const struct icc_select_form *form = &icc->card.profile->select_forms[icc->card.select_form];
    struct apdu cmd;

    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = INS_SELECT;
    cmd.p1 = p1;
    cmd.p2 = form->p2;
    cmd.data = data;
    cmd.nc = (uint32_t)len;
    cmd.ne = form->with_le ? icc->card.max_le : 0;
    return icc_send(icc, &cmd, 0, reply);
}

int32_t select_step(struct icc *icc, uint8_t p1, const uint8_t *data, size_t len,
                    struct icc_target *out, uint16_t *sw)
{
    struct icc_reply reply;
    int32_t result;

    if (!icc->card.select_form_known)
        icc->card.select_form = 0;
    for (;;)
    {
        result = send_form(icc, p1, data, len, &reply);
        *sw = reply.sw;
        if (result)
            return result;
        if (select_is_ok(reply.sw))
            break;
        /* The class turned out to belong to a family that does not know this P1. */
        if (!select_has_p1(icc, p1))
        {
            *sw = SW_WRONG_P1P2;
            return SC_OK;
        }
        if (icc->card.select_form_known || !is_about_form(reply.sw))
            return SC_OK;
        if (icc->card.select_form + 1 >= icc->card.profile->select_form_count)
            return SC_OK;
        icc->card.select_form++;
    }
    icc->card.select_form_known = 1;
    take_answer(icc, &reply, out);
    icc->steps++;
    return SC_OK;
}

/* P1 = 01 or 02 names the kind that is looked for, and looks nowhere else. */
static int32_t step_by_kind(struct icc *icc, enum fcp_kind kind, uint16_t fid,
                            struct icc_target *out, uint16_t *sw)
{
    uint8_t data[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    uint8_t p1 = kind == FCP_KIND_DF ? 1 : 2;
    enum icc_tristate *known = kind == FCP_KIND_DF ? &icc->card.has_child : &icc->card.has_ef;
    int32_t result;

    *sw = SW_WRONG_P1P2;
    if (!select_has_p1(icc, p1) || *known == ICC_NO)
        return SC_OK;
    result = select_step(icc, p1, data, sizeof(data), out, sw);
    if (result == SC_OK && select_is_ok(*sw))
    {
        *known = ICC_YES;
        if (out->fcp.kind == FCP_KIND_UNKNOWN)
            out->fcp.kind = kind;
    }
    return result;
}

/* True when P1 = 00 with fid finds here itself or the DF above it; a card that follows ISO 7816-4
 * 5.3.1.1 then has no such child. */
static int is_here_or_above(const struct path *here, uint16_t fid)
{
    return (here->count >= 1 && here->fids[here->count - 1] == fid) ||
           (here->count >= 2 && here->fids[here->count - 2] == fid);
}

/* The same where the directory above, or here, has a name, of which no FID is known. */
static int is_named_above(const struct path *here, const struct fcp *found)
{
    return here->root == PATH_FROM_NAME && here->count <= 1 &&
           found->df_name_length >= here->name_length &&
           !memcmp(found->df_name, here->name, here->name_length);
}

/* P1 = 00 finds a FID anywhere nearby, so the answer must confirm that it is the one asked for. */
static int32_t step_by_fid(struct icc *icc, const struct path *here, uint16_t fid,
                           struct icc_target *out, uint16_t *sw)
{
    uint8_t data[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    int32_t result = select_step(icc, 0, data, sizeof(data), out, sw);

    if (result == SC_OK && select_is_ok(*sw) &&
        ((out->fcp.has_fid && out->fcp.fid != fid) ||
         (is_here_or_above(here, fid) && out->fcp.kind != FCP_KIND_EF) ||
         is_named_above(here, &out->fcp)))
        *sw = SW_NOT_FOUND;
    out->anywhere = 1;
    return result;
}

/* True when a card that looked for an EF by P1 = 02 has found a DF. */
static int has_found_df(uint16_t sw)
{
    return sw == SW_WRONG_STRUCTURE;
}

static void note_missing_p1(struct icc *icc, enum fcp_kind kind)
{
    enum icc_tristate *known = kind == FCP_KIND_DF ? &icc->card.has_child : &icc->card.has_ef;

    if (*known == ICC_UNKNOWN)
        *known = ICC_NO;
}

int32_t select_child(struct icc *icc, const struct path *here, uint16_t fid, enum icc_want want,
                     struct icc_target *out, uint16_t *sw)
{
    enum fcp_kind kind = want == ICC_WANT_DF ? FCP_KIND_DF : FCP_KIND_EF;
    int no_ef = 0;
    int32_t result;

    /* No child has these FIDs, but a card may have listed them. */
    *sw = SW_NOT_FOUND;
    if (fid == PATH_MF || fid == PATH_CURRENT_DF || fid == 0xFFFF)
        return SC_OK;
    result = step_by_kind(icc, kind, fid, out, sw);
    if (result || select_is_ok(*sw))
        return result;
    if (want != ICC_WANT_DF)
        no_ef = has_found_df(*sw);
    if (want == ICC_WANT_ANY && (no_ef || select_is_absent(*sw)))
    {
        kind = FCP_KIND_DF;
        result = step_by_kind(icc, kind, fid, out, sw);
        if (result || select_is_ok(*sw))
            return result;
    }
    if (!select_is_about_p1(*sw) && !(want == ICC_WANT_EF && no_ef))
        return SC_OK;
    result = step_by_fid(icc, here, fid, out, sw);
    if (result || !select_is_ok(*sw))
        return result;
    if (no_ef && out->fcp.kind == FCP_KIND_UNKNOWN)
        out->fcp.kind = FCP_KIND_DF;
    if (!no_ef)
        note_missing_p1(icc, kind);
    return SC_OK;
}

int32_t select_prove_kind(struct icc *icc, struct icc_target *out)
{
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;

    if (out->fcp.kind != FCP_KIND_UNKNOWN)
        return SC_OK;
    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = INS_READ_BINARY;
    cmd.ne = 1;
    result = icc_send(icc, &cmd, 0, &reply);
    if (result)
        return result;
    if (reply.sw == SW_NO_EF || reply.sw == SW_NOT_FOUND || reply.sw == SW_GSM_NO_EF)
        out->fcp.kind = FCP_KIND_DF;
    else if (sw_is_success(reply.sw) || reply.sw >> 8 == 0x62 || reply.sw == SW_WRONG_STRUCTURE ||
             reply.sw == SW_SECURITY || reply.sw == SW_WRONG_OFFSET)
        out->fcp.kind = FCP_KIND_EF;
    wipe(&reply, sizeof(reply));
    return SC_OK;
}

/* On success the MF is current. */
static int32_t step_mf(struct icc *icc, struct icc_target *out, uint16_t *sw)
{
    struct path mf;
    int32_t result;

    memset(&mf, 0, sizeof(mf));
    mf.root = PATH_FROM_MF;
    result = step_by_fid(icc, &mf, PATH_MF, out, sw);
    if (result == SC_OK && select_is_about_p1(*sw))
        result = select_step(icc, 0, NULL, 0, out, sw);
    if (result == SC_OK && select_is_ok(*sw))
        position_note_df(icc, &mf);
    return result;
}

int32_t icc_select_mf(struct icc *icc, struct icc_target *out)
{
    struct icc_target target;
    int32_t result;
    uint16_t sw;

    result = step_mf(icc, &target, &sw);
    if (result)
        return result;
    if (select_is_ok(sw))
    {
        if (out)
            *out = target;
        return SC_OK;
    }
    if (select_is_absent(sw) || sw == SW_WRONG_P1P2 || sw == SW_NOT_SUPPORTED || sw == SW_WRONG_INS)
    {
        icc->card.no_mf = 1;
        return SC_DIR_NOT_FOUND;
    }
    return sw_result(sw, FOR_SELECT_DIR);
}

int32_t icc_confirm_class(struct icc *icc)
{
    struct icc_target target;
    uint16_t sw;

    if (icc->card.cla_confirmed || icc->by_handle)
        return SC_OK;
    return step_mf(icc, &target, &sw);
}
