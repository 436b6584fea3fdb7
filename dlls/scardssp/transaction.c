/*
 * What ISCard::Transaction does with one command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "transaction.h"

#include "buffer.h"
#include "cmd.h"
#include "error.h"
#include "trace.h"

/* Room for what a command with short length fields can be answered with, and some more. */
#define SHORT_REPLY 1024

/* ---- commands of somebody else's ---- */

/* NULL is a command that is not there, as with ours. */
static HRESULT foreign_request(ISCardCmd *cmd, struct cmd_request *request)
{
    IByteBuffer *buffer = NULL;
    BYTE *bytes = NULL;
    DWORD length = 0;
    struct apdu apdu;
    HRESULT hr;

    if (FAILED(hr = ISCardCmd_get_Apdu(cmd, &buffer)))
        return hr;
    hr = buffer_get(buffer, &bytes, &length);
    if (buffer)
        IByteBuffer_Release(buffer);
    if (SUCCEEDED(hr) && SUCCEEDED(hr = error_hresult(apdu_parse(bytes, length, &apdu)))
        && SUCCEEDED(hr = command_create(&apdu, &request->command)))
    {
        request->response_class = apdu.cla;
        /* Refused when it was never set. */
        if (FAILED(ISCardCmd_get_AlternateClassId(cmd, &request->response_class)))
            request->response_class = apdu.cla;
    }
    buffer_free(bytes, length);
    return hr;
}

static HRESULT foreign_set_reply(ISCardCmd *cmd, const BYTE *reply, DWORD length)
{
    IByteBuffer *buffer;
    HRESULT hr;

    if (!length)
        return ISCardCmd_put_ApduReplyLength(cmd, 0);
    if (FAILED(hr = buffer_new(reply, length, &buffer)))
        return hr;
    hr = ISCardCmd_put_ApduReply(cmd, buffer);
    IByteBuffer_Release(buffer);
    return hr;
}

/* ---- sending ---- */

/* What may come back: 64 KiB if the command says so, or if any number of pieces is collected. */
static size_t room_for(const struct apdu *apdu, enum apdu_protocol protocol)
{
    if (apdu->extended || apdu_needs_extended(apdu))
        return APDU_MAX_REPLY;
    if (protocol == APDU_T0 && apdu_case_of(apdu) == APDU_CASE_4 && apdu->ne == 256)
        return APDU_MAX_REPLY;
    return SHORT_REPLY;
}

static struct exchange_policy policy_for(const struct cmd_request *request,
                                         enum apdu_protocol protocol)
{
    const struct apdu *apdu = &request->command->apdu;
    struct exchange_policy policy = {0};

    if (protocol != APDU_T0)
        return policy;
    policy.response_cla = request->response_class;
    policy.follow_61 = 1;
    policy.only_case_4 = apdu_case_of(apdu) != APDU_CASE_2 || apdu->ne <= 256;
    policy.correct_6c = 1;
    policy.only_case_2 = 1;
    return policy;
}

static HRESULT store(ISCardCmd *cmd, BOOL ours, const BYTE *reply, DWORD length, BOOL secret)
{
    return ours ? cmd_set_reply(cmd, reply, length, secret) : foreign_set_reply(cmd, reply, length);
}

/* The answer into cmd; reply is room bytes to work in. */
static HRESULT exchange(ISCardCmd *cmd, BOOL ours, const struct cmd_request *request,
                        const struct exchange_link *link, BYTE *reply, size_t room)
{
    const struct command *command = request->command;
    struct exchange_policy policy = policy_for(request, link->protocol);
    size_t length = room;
    uint16_t status;
    int32_t result;
    HRESULT hr;

    result = exchange_command(link, &policy, &command->apdu, reply, &length, &status);
    if (result)
        return error_hresult(result);
    hr = store(cmd, ours, reply, length, command->secret);
    if (command->secret)
        exchange_wipe(reply, room);
    return hr;
}

static HRESULT run(ISCardCmd *cmd, BOOL ours, const struct cmd_request *request,
                   const struct exchange_link *link)
{
    BYTE small[SHORT_REPLY], *reply;
    size_t room;
    HRESULT hr;

    if (!request->command)
        return E_INVALIDARG;
    room = room_for(&request->command->apdu, link->protocol);
    if (room <= sizeof(small))
        return exchange(cmd, ours, request, link, small, sizeof(small));
    if (!(reply = CoTaskMemAlloc(room)))
        return E_OUTOFMEMORY;
    hr = exchange(cmd, ours, request, link, reply, room);
    CoTaskMemFree(reply);
    return hr;
}

HRESULT transaction_run(ISCardCmd *cmd, const struct exchange_link *link)
{
    struct cmd_request request;
    HRESULT hr = S_OK;
    BOOL ours;

    if (!(ours = cmd_get_request(cmd, &request)))
        hr = foreign_request(cmd, &request);
    if (SUCCEEDED(hr))
        hr = run(cmd, ours, &request, link);
    command_release(request.command);
    if (FAILED(hr))
        store(cmd, ours, NULL, 0, FALSE);
    return hr;
}
