/*
 * Single SELECT commands: the ladder of P2 and Le, the values of P1, the MF.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "select.h"

#define INS_SELECT 0xA4

/* Another P2 or Le may help. */
static int is_about_form(uint16_t sw)
{
    return sw == 0x6A86 || sw == 0x6A81 || sw == 0x6A80 || sw == 0x6B00 || sw == 0x6700 ||
           sw == 0x6A87;
}

int select_is_about_p1(uint16_t sw)
{
    return sw == 0x6A86 || sw == 0x6A81 || sw == 0x6A80 || sw == 0x6B00 || sw == 0x6D00;
}

int select_is_absent(uint16_t sw)
{
    return sw == 0x6A82 || sw == 0x9404;
}

int select_is_ok(uint16_t sw)
{
    return sw_result(sw, SW_SELECT) == ISO_OK;
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

/* GSM 11.11 cards under class C0 show themselves by the MF's type byte. */
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
    if (reply->sw != 0x6284)
    {
        out->len = reply->len < sizeof(out->answer) ? reply->len : sizeof(out->answer);
        memcpy(out->answer, reply->bytes, out->len);
    }
    fcp_parse(out->answer, out->len, icc->card.layout, &out->fcp);
    if (reply->sw == 0x6283)
        out->fcp.life_cycle = FCP_LIFE_DEACTIVATED;
}

static int32_t send_rung(struct icc *icc, uint8_t p1, const uint8_t *data, size_t len,
                         struct icc_reply *reply)
{
    const struct icc_rung *rung = &icc->card.profile->rungs[icc->card.rung];
    struct apdu cmd;

    memset(&cmd, 0, sizeof(cmd));
    cmd.ins = INS_SELECT;
    cmd.p1 = p1;
    cmd.p2 = rung->p2;
    cmd.data = data;
    cmd.nc = (uint32_t)len;
    cmd.ne = rung->with_le ? icc->card.max_le : 0;
    return icc_send(icc, &cmd, 0, reply);
}

int32_t select_step(struct icc *icc, uint8_t p1, const uint8_t *data, size_t len,
                    struct icc_target *out, uint16_t *sw)
{
    struct icc_reply reply;
    int32_t result;

    if (!icc->card.rung_known)
        icc->card.rung = 0;
    for (;;)
    {
        result = send_rung(icc, p1, data, len, &reply);
        *sw = reply.sw;
        if (result)
            return result;
        if (select_is_ok(reply.sw))
            break;
        icc->selected.trusted = 0;
        /* The class turned out to be one whose cards do not know this P1. */
        if (!select_has_p1(icc, p1))
        {
            *sw = 0x6A86;
            return ISO_OK;
        }
        if (icc->card.rung_known || !is_about_form(reply.sw))
            return ISO_OK;
        if (icc->card.rung + 1 >= icc->card.profile->rung_count)
            return ISO_OK;
        icc->card.rung++;
    }
    icc->card.rung_known = 1;
    take_answer(icc, &reply, out);
    icc->steps++;
    return ISO_OK;
}

/* Which P1 finds a child, and what is known about it. */
static uint8_t child_p1(struct icc *icc, enum icc_want want, enum icc_tristate **known)
{
    if (want == ICC_WANT_DF)
    {
        *known = &icc->card.has_child;
        return 1;
    }
    *known = &icc->card.has_ef;
    return 2;
}

/* P1 = 00 finds a FID anywhere near, so the answer has to say that it is the one asked for. */
static int32_t step_by_fid(struct icc *icc, uint16_t fid, struct icc_target *out, uint16_t *sw)
{
    uint8_t data[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    int32_t result = select_step(icc, 0, data, sizeof(data), out, sw);

    if (result == ISO_OK && select_is_ok(*sw) && out->fcp.has_fid && out->fcp.fid != fid)
    {
        icc->selected.trusted = 0;
        *sw = 0x6A82;
    }
    return result;
}

int32_t select_child(struct icc *icc, uint16_t fid, enum icc_want want, struct icc_target *out,
                     uint16_t *sw)
{
    uint8_t data[2] = {(uint8_t)(fid >> 8), (uint8_t)fid};
    enum icc_tristate *known;
    uint8_t p1 = child_p1(icc, want, &known);
    int refused = 0;
    int32_t result;

    if (want != ICC_WANT_ANY && select_has_p1(icc, p1) && *known != ICC_NO)
    {
        result = select_step(icc, p1, data, sizeof(data), out, sw);
        if (result)
            return result;
        if (select_is_ok(*sw))
        {
            *known = ICC_YES;
            return ISO_OK;
        }
        refused = select_is_about_p1(*sw);
        if (!refused && !(want == ICC_WANT_EF && *sw == 0x6981))
            return ISO_OK;
    }
    result = step_by_fid(icc, fid, out, sw);
    if (result == ISO_OK && refused && select_is_ok(*sw) && *known == ICC_UNKNOWN)
        *known = ICC_NO;
    return result;
}

static int32_t step_mf(struct icc *icc, struct icc_target *out, uint16_t *sw)
{
    int32_t result = step_by_fid(icc, PATH_MF, out, sw);

    if (result || select_is_ok(*sw) || !select_is_about_p1(*sw))
        return result;
    return select_step(icc, 0, NULL, 0, out, sw);
}

void select_note_mf(struct icc *icc)
{
    memset(&icc->selected, 0, sizeof(icc->selected));
    icc->selected.df.known = 1;
    icc->selected.df.path.root = PATH_FROM_MF;
    icc->selected.trusted = 1;
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
        select_note_mf(icc);
        if (out)
            *out = target;
        return ISO_OK;
    }
    if (select_is_absent(sw) || sw == 0x6A86 || sw == 0x6A81 || sw == 0x6D00)
    {
        icc->card.no_mf = 1;
        return ISO_DIR_NOT_FOUND;
    }
    return sw_result(sw, SW_SELECT_DIR);
}

int32_t icc_confirm_class(struct icc *icc)
{
    struct icc_target target;
    int32_t result;
    uint16_t sw;

    if (icc->card.cla_confirmed || icc->by_handle)
        return ISO_OK;
    result = step_mf(icc, &target, &sw);
    if (result == ISO_OK && select_is_ok(sw))
        select_note_mf(icc);
    return result;
}
