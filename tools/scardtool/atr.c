/*
 * scardtool atr: an answer to reset, decoded.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include "iso7816/atr.h"
#include "registry/calais.h"

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
        json_close();
    else
        out(L"\n");
}

/* ---- what is not as it should be ---- */

static const struct
{
    unsigned fault;
    const WCHAR *text;
} faults[] =
{
    {ATR_TCK_MISSING, L"the check byte TCK is missing, which any protocol but T=0 needs"},
    {ATR_TCK_WRONG, L"the check byte TCK is wrong"},
    {ATR_TCK_NEEDLESS, L"there is a check byte TCK, which T=0 alone must not have"},
    {ATR_BYTES_BEHIND, L"there are bytes behind TCK"},
    {ATR_GLOBAL_FIRST, L"T=15 comes first, where a protocol must stand"},
    {ATR_PROTOCOL_ORDER, L"the protocols are not in ascending order"},
    {ATR_SPECIFIC_UNKNOWN, L"TA2 names a protocol that is not offered"},
    {ATR_RESERVED, L"TA1 or TA2 has a reserved value"},
};

static void print_faults(const struct atr *atr, BOOL json)
{
    unsigned i;

    if (json)
        json_open(L"faults", '[');
    for (i = 0; i < ARRAYSIZE(faults); i++)
    {
        if (!(atr->faults & faults[i].fault))
            continue;
        if (json)
            json_text(NULL, faults[i].text);
        else
            out(L"fault           %ls\n", faults[i].text);
    }
    if (json)
        json_close();
}

static void print_interface_text(const struct atr *atr)
{
    static const unsigned f[16] = {372, 372, 558, 744, 1116, 1488, 1860, 0, 0, 512, 768, 1024,
                                   1536, 2048};
    static const unsigned d[16] = {0, 1, 2, 4, 8, 16, 32, 64, 12, 20};
    unsigned fi = f[atr->ta1 >> 4], di = d[atr->ta1 & 15];

    if (atr->has_ta1 && fi && di)
        out(L"TA1             %02X (Fi=%u, Di=%u)\n", atr->ta1, fi, di);
    else if (atr->has_ta1)
        out(L"TA1             %02X\n", atr->ta1);
    if (atr->has_ta2)
        out(L"specific mode   T=%u, by TA2 %02X%ls%ls\n", ATR_TA2_PROTOCOL(atr->ta2), atr->ta2,
            atr->ta2 & ATR_TA2_FIXED ? L", cannot change" : L", can change",
            atr->ta2 & ATR_TA2_IMPLICIT ? L", implicit parameters" : L"");
}

static void print_tck_text(const struct atr *atr)
{
    if (atr->has_tck && atr->tck == atr->right_tck)
        out(L"TCK             %02X\n", atr->tck);
    else if (atr->has_tck)
        out(L"TCK             %02X, should be %02X\n", atr->tck, atr->right_tck);
    else if (atr->faults & ATR_TCK_MISSING)
        out(L"TCK             none, should be %02X\n", atr->right_tck);
}

static void print_text(const BYTE *bytes, size_t length, const struct atr *atr)
{
    out(L"ATR             ");
    out_hex(bytes, length);
    out(L"\nconvention      %ls\n", atr->inverse ? L"inverse" : L"direct");
    print_protocols(atr, FALSE);
    print_interface_text(atr);
    out(L"historical      ");
    out_hex(atr->historical, atr->historical_length);
    out(L"\n");
    if (atr->has_service_data)
        out(L"service data    %02X%ls\n", atr->service_data, atr->no_mf ? L" (no MF)" : L"");
    if (atr->has_capabilities)
    {
        out(L"capabilities    ");
        out_hex(atr->capabilities, atr->capabilities_length);
        out(L"%ls%ls\n", atr->chaining ? L" (command chaining)" : L"",
            atr->extended ? L" (extended lengths)" : L"");
    }
    print_tck_text(atr);
    print_faults(atr, FALSE);
}

static void print_json(const BYTE *bytes, size_t length, const struct atr *atr)
{
    json_hex(L"atr", bytes, length);
    json_text(L"convention", atr->inverse ? L"inverse" : L"direct");
    print_protocols(atr, TRUE);
    json_number(L"first_protocol", atr->first_protocol);
    if (atr->has_ta2)
        json_number(L"specific_mode", ATR_TA2_PROTOCOL(atr->ta2));
    else
        json_text(L"specific_mode", NULL);
    json_hex(L"tck", &atr->tck, atr->has_tck);
    json_hex(L"right_tck", &atr->right_tck, 1);
    json_hex(L"historical", atr->historical, atr->historical_length);
    json_bool(L"no_mf", atr->no_mf);
    json_bool(L"command_chaining", atr->chaining);
    json_bool(L"extended_lengths", atr->extended);
    print_faults(atr, TRUE);
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
        json_close();
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
        json_close();
    return code;
}

static const struct option options[] = {READER_OPTION, {NULL, NULL, NULL}};

const struct command command_atr =
{
    L"atr", L"[HEX]", L"decode an answer to reset, the card's own by default", 0, 1, options, run,
};
