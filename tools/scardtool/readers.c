/*
 * scardtool readers: the readers and what is in them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <stdio.h>
#include <winscard.h>

struct reader
{
    BSTR name;
    HRESULT state; /* S_OK: a card; else why there is none to talk to */
    BYTE *atr;
    LONG atr_length;
    SAFEARRAY *types;
};

static void look_at_card(ISCard *card, struct reader *reader)
{
    ISCardDatabase *database;
    IByteBuffer *atr;

    if (FAILED(ISCard_get_Atr(card, &atr)))
        return;
    buffer_bytes(atr, 64, &reader->atr, &reader->atr_length);
    if (SUCCEEDED(create_object(&CLSID_CSCardDatabase, &IID_ISCardDatabase, (void **)&database)))
    {
        ISCardDatabase_ListCards(database, atr, NULL, LOCALE_USER_DEFAULT, &reader->types);
        ISCardDatabase_Release(database);
    }
    IByteBuffer_Release(atr);
}

/* Fails only where no reader can be looked into. */
static HRESULT look(BSTR name, struct reader *reader)
{
    ISCard *card;
    HRESULT hr;

    ZeroMemory(reader, sizeof(*reader));
    reader->name = name;
    if (FAILED(hr = create_object(&CLSID_CSCard, &IID_ISCard, (void **)&card)))
        return hr;
    reader->state = attach_card(card, name);
    if (SUCCEEDED(reader->state))
        look_at_card(card, reader);
    release_card(card);
    return S_OK;
}

static void print_text(LONG index, const struct reader *reader)
{
    LONG i, count = reader->types ? array_length(reader->types) : 0;
    BSTR type;

    out(L"%ld: %ls\n", index, reader->name);
    if (FAILED(reader->state))
    {
        out(L"   %ls\n", reason(reader->state));
        return;
    }
    out(L"   ATR ");
    out_hex(reader->atr, reader->atr_length);
    out(L"\n");
    for (i = 0; i < count; i++)
    {
        type = array_text(reader->types, i);
        out(L"   type %ls\n", type);
        SysFreeString(type);
    }
}

/* For other programs: these words stay as they are. */
static const WCHAR *state_name(HRESULT state)
{
    if (SUCCEEDED(state))
        return L"card";
    return state == SCARD_E_NO_SMARTCARD ? L"empty" : L"failed";
}

static void print_json(const struct reader *reader)
{
    WCHAR code[9];
    LONG i, count = reader->types ? array_length(reader->types) : 0;
    BSTR type;

    json_open(NULL, '{');
    json_text(L"name", reader->name);
    json_bool(L"card", SUCCEEDED(reader->state));
    json_text(L"state", state_name(reader->state));
    _snwprintf(code, ARRAYSIZE(code), L"%08lX", (unsigned long)reader->state);
    json_text(L"code", code);
    json_text(L"problem", SUCCEEDED(reader->state) || reader->state == SCARD_E_NO_SMARTCARD
                              ? NULL
                              : reason(reader->state));
    json_hex(L"atr", reader->atr, reader->atr_length);
    json_open(L"types", '[');
    for (i = 0; i < count; i++)
    {
        type = array_text(reader->types, i);
        json_text(NULL, type);
        SysFreeString(type);
    }
    json_close();
    json_close();
}

static int print_reader(BOOL json, SAFEARRAY *names, LONG index)
{
    struct reader reader;
    HRESULT hr = look(array_text(names, index), &reader);
    int code = EXIT_OK;

    if (FAILED(hr))
        code = fail(hr, L"%ls", reader.name);
    else if (json)
        print_json(&reader);
    else
        print_text(index, &reader);
    SysFreeString(reader.name);
    CoTaskMemFree(reader.atr);
    if (reader.types)
        SafeArrayDestroy(reader.types);
    return code;
}

static int run(const struct arguments *arguments)
{
    SAFEARRAY *names;
    HRESULT hr;
    LONG i;
    int code = EXIT_OK;

    hr = list_readers(&names);
    if (FAILED(hr) && !(arguments->json && hr == SCARD_E_NO_READERS_AVAILABLE))
        return fail(hr, L"the readers cannot be listed");
    if (arguments->json)
        json_open(NULL, '[');
    for (i = 0; names && !code && i < array_length(names); i++)
        code = print_reader(arguments->json, names, i);
    if (arguments->json)
        json_close();
    if (!names)
        return EXIT_NOT_FOUND;
    SafeArrayDestroy(names);
    return code;
}

const struct command command_readers =
{
    L"readers", L"", L"list the readers and the cards in them", 0, 0, NULL, run,
};
