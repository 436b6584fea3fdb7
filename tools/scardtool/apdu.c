/*
 * scardtool apdu: commands sent to a card as they are.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include "limit.h"

#undef SW_INVALIDATE /* a macro of winuser.h, and a name of ours */
#include "iso7816/sw.h"

/* The longest extended APDU: header, 3 bytes of Lc, 65535 of data, 2 of Le. */
#define APDU_MAX (4 + 3 + 65535 + 2)

static HRESULT build(const BYTE *apdu, LONG length, ISCardCmd **out_cmd)
{
    IByteBuffer *buffer = NULL;
    LONG written;
    HRESULT hr;

    hr = create_object(&CLSID_CSCardCmd, &IID_ISCardCmd, (void **)out_cmd);
    if (SUCCEEDED(hr))
        hr = create_object(&CLSID_CByteBuffer, &IID_IByteBuffer, (void **)&buffer);
    if (SUCCEEDED(hr))
        hr = IByteBuffer_Write(buffer, (BYTE *)apdu, length, &written);
    if (SUCCEEDED(hr))
        hr = ISCardCmd_put_Apdu(*out_cmd, buffer);
    if (buffer)
        IByteBuffer_Release(buffer);
    return hr;
}

static HRESULT send_command(ISCard *card, ISCardCmd **cmd)
{
    HRESULT hr;

    limit_begin(L"command", LIMIT_CARD);
    hr = ISCard_Transaction(card, cmd);
    limit_end();
    return hr;
}

static HRESULT lock_card(ISCard *card)
{
    HRESULT hr;

    limit_begin(L"card", LIMIT_LOCK);
    hr = ISCard_LockSCard(card);
    limit_end();
    return hr;
}

static HRESULT print_reply(ISCardCmd *cmd, BOOL json, int *code)
{
    IByteBuffer *reply = NULL;
    BYTE *bytes = NULL;
    LONG length = 0;
    HRESULT hr;
    WORD sw;

    ISCardCmd_get_ApduReplyLength(cmd, &length);
    if (FAILED(hr = ISCardCmd_get_ApduReply(cmd, &reply)))
        return hr;
    hr = buffer_bytes(reply, length, &bytes, &length);
    IByteBuffer_Release(reply);
    if (FAILED(hr))
        return hr;
    ISCardCmd_get_ReplyStatus(cmd, &sw);
    if (json)
    {
        json_open(NULL, '{');
        json_hex(L"data", bytes, length - 2);
        json_hex(L"sw", bytes + length - 2, 2);
        json_close();
    }
    else
    {
        out_hex(bytes, length - 2);
        out(L"%ls%04X\n", length > 2 ? L" " : L"", sw);
    }
    if (!sw_is_success(sw))
        *code = EXIT_CARD_SW;
    CoTaskMemFree(bytes);
    return S_OK;
}

static int send_one(ISCard *card, const WCHAR *text, BOOL json)
{
    BYTE *apdu = CoTaskMemAlloc(APDU_MAX);
    ISCardCmd *cmd = NULL;
    int code = EXIT_OK;
    size_t length;
    HRESULT hr;

    if (!apdu)
        return fail(E_OUTOFMEMORY, L"apdu");
    if (!parse_hex(text, apdu, APDU_MAX, &length))
        code = fail_usage(L"%ls is no command in hex", text);
    else if (FAILED(hr = build(apdu, (LONG)length, &cmd)))
        code = hr == E_INVALIDARG ? fail_usage(L"%ls is no command (ISO 7816-4)", text)
                                  : fail(hr, L"apdu");
    else if (FAILED(hr = send_command(card, &cmd)) || FAILED(hr = print_reply(cmd, json, &code)))
        code = fail(hr, L"%ls", text);
    if (cmd)
        ISCardCmd_Release(cmd);
    CoTaskMemFree(apdu);
    return code;
}

/* All commands in one transaction, so that no other program comes between. */
static int send_all(const struct arguments *arguments, ISCard *card)
{
    int i, code = EXIT_OK;

    for (i = 0; i < arguments->count && (code == EXIT_OK || code == EXIT_CARD_SW); i++)
    {
        int one = send_one(card, arguments->texts[i], arguments->json);

        code = one ? one : code;
    }
    return code;
}

static int run(const struct arguments *arguments)
{
    BSTR reader;
    ISCard *card;
    HRESULT hr;
    int code;

    if (!(reader = choose_reader(arguments, &code)))
        return code;
    if (FAILED(hr = create_object(&CLSID_CSCard, &IID_ISCard, (void **)&card)))
        code = fail(hr, L"apdu");
    else
    {
        hr = attach_card(card, reader);
        if (SUCCEEDED(hr))
            hr = lock_card(card);
        if (FAILED(hr))
            code = fail(hr, L"%ls", reader);
        else
        {
            if (arguments->json)
                json_open(NULL, '[');
            code = send_all(arguments, card);
            if (arguments->json)
                json_close();
            ISCard_UnlockSCard(card, LEAVE);
        }
        release_card(card);
    }
    SysFreeString(reader);
    return code;
}

static const struct option options[] = {READER_OPTION, {NULL, NULL, NULL}};

const struct command command_apdu =
{
    L"apdu", L"HEX...", L"send commands to a card", 1, -1, options, run,
};
