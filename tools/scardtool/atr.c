/*
 * scardtool atr: an answer to reset, decoded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include "atr.h"
#include "calais.h"

int card_atr(const struct arguments *arguments, BYTE *atr, size_t *length)
{
    IByteBuffer *buffer = NULL;
    BYTE *bytes = NULL;
    ISCard *card;
    LONG count = 0;
    HRESULT hr;
    BSTR reader;
    int code;

    if (!(reader = choose_reader(arguments, &code)))
        return code;
    hr = create_object(&CLSID_CSCard, &IID_ISCard, (void **)&card);
    if (SUCCEEDED(hr))
    {
        hr = attach_card(card, reader);
        if (SUCCEEDED(hr))
            hr = ISCard_get_Atr(card, &buffer);
        if (SUCCEEDED(hr))
            hr = buffer_bytes(buffer, CARDTYPE_ATR_MAX, &bytes, &count);
        if (buffer)
            IByteBuffer_Release(buffer);
        release_card(card);
    }
    if (FAILED(hr))
        code = fail(hr, L"%ls", reader);
    else
        memcpy(atr, bytes, count);
    *length = count;
    CoTaskMemFree(bytes);
    SysFreeString(reader);
    return code;
}

static void print_protocols(const struct atr *atr, BOOL json)
{
    const WCHAR *before = L"protocols       ";
    int i;

    if (json)
        json_open(L"protocols", '[');
    for (i = 0; i < 15; i++)
    {
        if (!(atr->protocols >> i & 1))
            continue;
        if (json)
            json_number(NULL, i);
        else
            out(L"%lsT=%d%ls", before, i, i == atr->first_protocol ? L" (first)" : L"");
        before = L" ";
    }
    if (json)
        json_close(']');
    else
        out(L"\n");
}

static void print_text(const BYTE *bytes, size_t length, const struct atr *atr)
{
    out(L"ATR             ");
    out_hex(bytes, length);
    out(L"\nconvention      %ls\n", atr->inverse ? L"inverse" : L"direct");
    print_protocols(atr, FALSE);
    out(L"historical      ");
    out_hex(atr->historical, atr->historical_length);
    out(L"\n");
    if (atr->has_service_data)
        out(L"service data    %02X%ls\n", atr->service_data, atr->no_mf ? L" (no MF)" : L"");
    if (!atr->has_capabilities)
        return;
    out(L"capabilities    ");
    out_hex(atr->capabilities, atr->capabilities_length);
    out(L"%ls%ls\n", atr->chaining ? L" (command chaining)" : L"",
        atr->extended ? L" (extended lengths)" : L"");
}

static void print_json(const BYTE *bytes, size_t length, const struct atr *atr)
{
    json_hex(L"atr", bytes, length);
    json_text(L"convention", atr->inverse ? L"inverse" : L"direct");
    print_protocols(atr, TRUE);
    json_number(L"first_protocol", atr->first_protocol);
    json_hex(L"historical", atr->historical, atr->historical_length);
    json_bool(L"no_mf", atr->no_mf);
    json_bool(L"command_chaining", atr->chaining);
    json_bool(L"extended_lengths", atr->extended);
}

static int print_types(const BYTE *bytes, size_t length, BOOL json)
{
    struct calais_list list;
    LONG result;
    DWORD i;

    if ((result = calais_load(&list)))
        return fail(HRESULT_FROM_WIN32(result), L"the card types cannot be read");
    if (json)
        json_open(L"types", '[');
    for (i = 0; i < list.count; i++)
    {
        if (!cardtype_matches(&list.cards[i].type, bytes, length))
            continue;
        if (json)
            json_text(NULL, list.cards[i].name);
        else
            out(L"type            %ls\n", list.cards[i].name);
    }
    if (json)
        json_close(']');
    calais_unload(&list);
    return EXIT_OK;
}

static int run(const struct arguments *arguments)
{
    BYTE bytes[CARDTYPE_ATR_MAX];
    struct atr atr;
    size_t length;
    int code = EXIT_OK;

    if (!arguments->count)
        code = card_atr(arguments, bytes, &length);
    else if (!parse_hex(arguments->texts[0], bytes, sizeof(bytes), &length))
        code = fail_usage(L"%ls is no ATR in hex of at most %d bytes; --reader chooses a reader",
                          arguments->texts[0], CARDTYPE_ATR_MAX);
    if (code)
        return code;
    if (atr_parse(bytes, length, &atr))
        return fail_text(L"these bytes are no answer to reset (ISO 7816-3)");
    if (arguments->json)
        json_open(NULL, '{');
    if (arguments->json)
        print_json(bytes, length, &atr);
    else
        print_text(bytes, length, &atr);
    code = print_types(bytes, length, arguments->json);
    if (arguments->json)
        json_close('}');
    return code;
}

static const struct option options[] = {READER_OPTION, {NULL, NULL, NULL}};

const struct command command_atr =
{
    L"atr", L"[HEX]", L"decode an answer to reset, the card's own by default", 0, 1, options, run,
};
