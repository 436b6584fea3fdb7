/*
 * Authentication of card, application and user (ISO 7816-4 7.5): nothing but its own commands, as a
 * SELECT between challenge and answer may void the challenge.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <string.h>

#include "internal.h"

#define DEFAULT_CHALLENGE 8

/* P1 and P2 from algorithm and parameter. */
static int32_t take_algorithm(int32_t algo, const uint8_t *param, size_t param_len,
                              struct apdu *cmd)
{
    memset(cmd, 0, sizeof(*cmd));
    if (algo < 0 || algo > 0xFFFF || param_len > 1 || (param_len && !param))
        return SC_INVALID_ARGUMENT;
    cmd->p1 = (uint8_t)algo;
    cmd->p2 = param_len ? param[0] : (uint8_t)(algo >> 8);
    return SC_OK;
}

static int32_t take_data(const uint8_t *data, size_t len, struct apdu *cmd)
{
    if (!data || !len || len > APDU_MAX_LC)
        return SC_INVALID_ARGUMENT;
    cmd->data = data;
    cmd->nc = (uint32_t)len;
    return SC_OK;
}

/* Hands out the first len bytes of reply. */
static int32_t copy_out(const uint8_t *reply, size_t len, int32_t *length, uint8_t **out)
{
    if (len)
    {
        *out = icc_alloc(len);
        if (!*out)
            return SC_OUT_OF_MEMORY;
        memcpy(*out, reply, len);
    }
    *length = (int32_t)len;
    return SC_OK;
}

int32_t icc_get_challenge(struct icc *icc, int32_t algo, const uint8_t *param, size_t param_len,
                          int32_t *length, uint8_t **data)
{
    struct icc_reply reply;
    struct apdu cmd;
    int32_t result;
    int32_t want;

    if (data)
        *data = NULL;
    if (!length || !data)
        return SC_INVALID_ARGUMENT;
    want = *length ? *length : DEFAULT_CHALLENGE;
    *length = 0;
    result = take_algorithm(algo, param, param_len, &cmd);
    if (result || want < 0 || want > 256)
        return SC_INVALID_ARGUMENT;
    icc_start_call(icc);
    cmd.ins = INS_GET_CHALLENGE;
    cmd.ne = (uint32_t)want;
    result = icc_send(icc, &cmd, ICC_SEND_EXACT, &reply);
    if (result == SC_OK)
        result = sw_result(reply.sw, FOR_AUTHENTICATE);
    if (result == SC_OK)
        result = copy_out(reply.bytes, reply.len < (size_t)want ? reply.len : (size_t)want, length,
                          data);
    wipe(&reply, sizeof(reply));
    return result;
}

/* Sends data that prove something, once, and hands out at most want bytes of the answer; 0: all. */
static int32_t prove(struct icc *icc, struct apdu *cmd, uint32_t want, int32_t *length,
                     uint8_t **out)
{
    size_t room, len = 0;
    uint8_t *reply;
    int32_t result;
    uint16_t sw;

    icc_start_call(icc);
    result = icc_confirm_class(icc);
    if (result)
        return result;
    cmd->ne = want ? want : 256;
    if (!want && cmd->nc > 255)
        cmd->ne = APDU_MAX_NE;
    room = cmd->ne + ICC_REPLY_ROOM;
    reply = icc_alloc(room);
    if (!reply)
        return SC_OUT_OF_MEMORY;
    result = icc_send_into(icc, cmd, ICC_SEND_SECRET | (want ? ICC_SEND_EXACT : 0), reply, room,
                           &len, &sw);
    if (result == SC_OK)
        result = sw_result(sw, FOR_AUTHENTICATE);
    if (result == SC_OK)
        result = copy_out(reply, want && len > want ? want : len, length, out);
    icc_free(reply);
    return result;
}

/* The arguments of a command that is answered: what it proves, and how many bytes are wanted. */
static int32_t take_question(int32_t algo, const uint8_t *param, size_t param_len,
                             const uint8_t *data, size_t data_len, int32_t *length, uint8_t **out,
                             struct apdu *cmd, int32_t *want)
{
    if (out)
        *out = NULL;
    if (!length || !out)
        return SC_INVALID_ARGUMENT;
    *want = *length;
    *length = 0;
    if (*want < 0 || *want > (int32_t)APDU_MAX_NE || take_algorithm(algo, param, param_len, cmd) ||
        take_data(data, data_len, cmd))
        return SC_INVALID_ARGUMENT;
    return SC_OK;
}

int32_t icc_internal_authenticate(struct icc *icc, int32_t algo, const uint8_t *param,
                                  size_t param_len, const uint8_t *data, size_t data_len,
                                  int32_t *length, uint8_t **out)
{
    struct apdu cmd;
    int32_t want;

    if (take_question(algo, param, param_len, data, data_len, length, out, &cmd, &want))
        return SC_INVALID_ARGUMENT;
    cmd.ins = INS_INTERNAL_AUTHENTICATE;
    return prove(icc, &cmd, (uint32_t)want, length, out);
}

static int32_t send_external(struct icc *icc, struct apdu *cmd)
{
    struct icc_reply reply;
    int32_t result;

    icc_start_call(icc);
    result = icc_confirm_class(icc);
    if (result)
        return result;
    cmd->ins = INS_EXTERNAL_AUTHENTICATE;
    result = icc_send(icc, cmd, ICC_SEND_SECRET, &reply);
    if (result == SC_OK)
        result = sw_result(reply.sw, FOR_AUTHENTICATE);
    wipe(&reply, sizeof(reply));
    return result;
}

int32_t icc_external_authenticate(struct icc *icc, int32_t algo, const uint8_t *param,
                                  size_t param_len, const uint8_t *data, size_t data_len)
{
    struct apdu cmd;
    int32_t result = take_algorithm(algo, param, param_len, &cmd);

    if (result == SC_OK)
        result = take_data(data, data_len, &cmd);
    return result ? result : send_external(icc, &cmd);
}

int32_t icc_user_authenticate(struct icc *icc, int32_t algo, const uint8_t *param, size_t param_len,
                              const uint8_t *data, size_t data_len, int32_t *length, uint8_t **out)
{
    struct apdu cmd;
    int32_t want;

    if (take_question(algo, param, param_len, data, data_len, length, out, &cmd, &want))
        return SC_INVALID_ARGUMENT;
    if (algo == 0)
        return icc_verify(icc, data, data_len, 0, cmd.p2);
    if (want == 0)
        return send_external(icc, &cmd);
    cmd.ins = INS_EXTERNAL_AUTHENTICATE;
    return prove(icc, &cmd, (uint32_t)want, length, out);
}
