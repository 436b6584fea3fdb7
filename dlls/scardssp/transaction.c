/*
 * What ISCard::Transaction does with one command.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "transaction.h"

#include "buffer.h"
#include "base/error.h"
#include "base/trace.h"
#include "iso7816/wipe.h"

/* ---- commands of somebody else's ---- */

/* NULL is a command that is not there, as with ours. */
static HRESULT external_request(ISCardCmd *cmd, struct cmd_request *request)
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
    if (SUCCEEDED(hr) && SUCCEEDED(hr = error_hresult(apdu_parse(bytes, length, &apdu))) &&
        SUCCEEDED(hr = command_create(&apdu, &request->command)))
    {
        request->response_class = apdu.cla;
        /* Refused when it was never set. */
        if (FAILED(ISCardCmd_get_AlternateClassId(cmd, &request->response_class)))
            request->response_class = apdu.cla;
    }
    bytestream_free(bytes, length);
    return hr;
}

static HRESULT external_set_reply(ISCardCmd *cmd, const BYTE *reply, DWORD length)
{
    IByteBuffer *buffer;
    HRESULT hr;

    if (!length)
        return ISCardCmd_put_ApduReplyLength(cmd, 0);
    if (FAILED(hr = bytebuffer_new(reply, length, &buffer)))
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
    return TRANSACTION_SHORT_REPLY;
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
    return ours ? cmd_set_reply(cmd, reply, length, secret)
                : external_set_reply(cmd, reply, length);
}

HRESULT transaction_begin(struct transaction *transaction, ISCardCmd *cmd)
{
    HRESULT hr = S_OK;

    transaction->cmd = cmd;
    transaction->reply = transaction->small;
    transaction->room = transaction->length = 0;
    ISCardCmd_AddRef(cmd);
    if (!(transaction->ours = cmd_get_request(cmd, &transaction->request)))
        hr = external_request(cmd, &transaction->request);
    if (FAILED(hr))
        transaction_end(transaction, hr);
    return hr;
}

HRESULT transaction_send(struct transaction *transaction, const struct exchange_link *link)
{
    const struct command *command = transaction->request.command;
    struct exchange_policy policy;
    uint16_t status;
    int32_t result;

    if (!command)
        return E_INVALIDARG;
    policy = policy_for(&transaction->request, link->protocol);
    transaction->length = transaction->room = room_for(&command->apdu, link->protocol);
    if (transaction->room > sizeof(transaction->small) &&
        !(transaction->reply = CoTaskMemAlloc(transaction->room)))
        return E_OUTOFMEMORY;
    result = exchange_command(link, &policy, &command->apdu, transaction->reply,
                              &transaction->length, &status);
    return result ? error_hresult(result) : S_OK;
}

HRESULT transaction_end(struct transaction *transaction, HRESULT hr)
{
    struct command *command = transaction->request.command;
    BOOL secret = command && command->secret;

    if (FAILED(hr))
        store(transaction->cmd, transaction->ours, NULL, 0, FALSE);
    else
        hr = store(transaction->cmd, transaction->ours, transaction->reply, transaction->length,
                   secret);
    if (secret && transaction->reply)
        wipe(transaction->reply, transaction->room);
    if (transaction->reply != transaction->small)
        CoTaskMemFree(transaction->reply);
    command_release(command);
    ISCardCmd_Release(transaction->cmd);
    return hr;
}
