/*
 * scardtool cards, add, remove: the card database.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "scardtool.h"

#include <winscard.h>

#include "registry/calais.h"
#include "base/error.h"
#include "types.h"

/* ---- cards ---- */

static void crypto_text(const struct cardtype *type, WCHAR text[CARDTYPE_PROVIDER_MAX + 1])
{
    memcpy(text, type->crypto, type->crypto_length * sizeof(WCHAR));
    text[type->crypto_length] = 0;
}

static void print_text(const struct calais_card *card)
{
    WCHAR text[CARDTYPE_PROVIDER_MAX + 1], guid[GUID_TEXT];
    unsigned i;

    out(L"%ls%ls\n", card->name, card->is_default ? L" (built in)" : L"");
    if (card->type.atr_length)
    {
        out(L"   ATR        ");
        out_hex(card->type.atr, card->type.atr_length);
        out(L"\n   mask       ");
        out_hex(card->type.mask, card->type.atr_length);
        out(L"\n");
    }
    if (card->type.has_primary)
        out(L"   provider   %ls\n", guid_text(card->type.primary, guid));
    crypto_text(&card->type, text);
    if (text[0])
        out(L"   CSP        %ls\n", text);
    for (i = 0; i < card->type.interface_count; i++)
        out(L"   interface  %ls\n", guid_text(card->type.interfaces[i], guid));
}

static void print_json(const struct calais_card *card)
{
    WCHAR text[CARDTYPE_PROVIDER_MAX + 1], guid[GUID_TEXT];
    unsigned i;

    json_open(NULL, '{');
    json_text(L"name", card->name);
    json_hex(L"atr", card->type.atr, card->type.atr_length);
    json_hex(L"mask", card->type.mask, card->type.atr_length);
    json_text(L"provider", card->type.has_primary ? guid_text(card->type.primary, guid) : NULL);
    crypto_text(&card->type, text);
    json_text(L"csp", text[0] ? text : NULL);
    json_open(L"interfaces", '[');
    for (i = 0; i < card->type.interface_count; i++)
        json_text(NULL, guid_text(card->type.interfaces[i], guid));
    json_close();
    json_bool(L"builtin", card->is_default);
    json_close();
}

static void print_card(const struct calais_card *card, BOOL json)
{
    if (json)
        print_json(card);
    else
        print_text(card);
}

static int print_all(const struct arguments *arguments, const struct calais_list *list,
                     const BYTE *atr, size_t length)
{
    DWORD i;

    for (i = 0; i < list->count; i++)
        if (!atr || cardtype_matches(&list->cards[i].type, atr, length))
            print_card(&list->cards[i], arguments->json);
    return EXIT_OK;
}

static int print_named(const struct arguments *arguments, const struct calais_list *list)
{
    const struct calais_card *card;
    int i, code = EXIT_OK;

    for (i = 0; i < arguments->count; i++)
    {
        if ((card = calais_find(list, arguments->texts[i])))
            print_card(card, arguments->json);
        else
            code = fail(SCARD_E_UNKNOWN_CARD, L"%ls", arguments->texts[i]);
    }
    return code;
}

static int run_cards(const struct arguments *arguments)
{
    const WCHAR *wanted = option(arguments, L"--atr");
    BYTE atr[CARDTYPE_ATR_MAX];
    struct calais_list list;
    size_t length;
    LONG result;
    int code;

    if (wanted && arguments->count)
        return fail_usage(L"names and --atr do not go together");
    if (wanted && !parse_hex(wanted, atr, sizeof(atr), &length))
        return fail_usage(L"%ls is no ATR in hex", wanted);
    if ((result = calais_load(&list)))
        return fail(error_hresult(result), L"the card types cannot be read");
    if (arguments->json)
        json_open(NULL, '[');
    if (arguments->count)
        code = print_named(arguments, &list);
    else
        code = print_all(arguments, &list, wanted ? atr : NULL, length);
    if (arguments->json)
        json_close();
    calais_unload(&list);
    return code;
}

/* ---- add ---- */

/* From --atr, or the card in the reader of --reader; *length is 0 without either. */
static int given_atr(const struct arguments *arguments, BYTE *bytes, size_t *length)
{
    const WCHAR *atr = option(arguments, L"--atr");

    *length = 0;
    if (option(arguments, L"--reader"))
        return atr ? fail_usage(L"--atr and --reader do not go together")
                   : card_atr(arguments, bytes, length);
    if (atr && (!parse_hex(atr, bytes, CARDTYPE_ATR_MAX, length) || !*length))
        return fail_usage(L"%ls is no ATR in hex of 1 to %d bytes", atr, CARDTYPE_ATR_MAX);
    return EXIT_OK;
}

static int read_atr(const struct arguments *arguments, struct cardtype *type)
{
    const WCHAR *mask = option(arguments, L"--mask");
    size_t length, mask_length, i;
    int code;

    if ((code = given_atr(arguments, type->atr, &length)))
        return code;
    if (!length)
        return mask ? fail_usage(L"--mask needs --atr or --reader") : EXIT_OK;
    memset(type->mask, 0xff, length);
    if (mask &&
        (!parse_hex(mask, type->mask, CARDTYPE_ATR_MAX, &mask_length) || mask_length != length))
        return fail_usage(L"the mask needs as many bytes as the ATR: %u", (unsigned)length);
    for (i = 0; i < length; i++)
        type->atr[i] &= type->mask[i];
    type->atr_length = (uint8_t)length;
    return EXIT_OK;
}

static int add_interface(const WCHAR *text, struct cardtype *type)
{
    GUID guid;

    if (!parse_guid(text, &guid))
        return fail_usage(L"%ls is no GUID", text);
    if (type->interface_count == CARDTYPE_INTERFACES_MAX)
        return fail_usage(L"more than %d interfaces", CARDTYPE_INTERFACES_MAX);
    memcpy(type->interfaces[type->interface_count++], &guid, sizeof(guid));
    return EXIT_OK;
}

static int read_type(const struct arguments *arguments, struct cardtype *type)
{
    const WCHAR *provider = option(arguments, L"--provider"), *csp = option(arguments, L"--csp");
    int i, code = read_atr(arguments, type);
    GUID guid;

    if (!code && provider && !parse_guid(provider, &guid))
        code = fail_usage(L"%ls is no GUID", provider);
    if (!code && provider)
    {
        memcpy(type->primary, &guid, sizeof(guid));
        type->has_primary = 1;
    }
    if (!code && csp && lstrlenW(csp) > CARDTYPE_PROVIDER_MAX)
        code = fail_usage(L"the CSP's name is longer than %d characters", CARDTYPE_PROVIDER_MAX);
    if (!code && csp)
    {
        type->crypto_length = (uint16_t)lstrlenW(csp);
        memcpy(type->crypto, csp, type->crypto_length * sizeof(WCHAR));
    }
    for (i = 0; i < arguments->option_count && !code; i++)
        if (!lstrcmpW(arguments->options[i], L"--interface"))
            code = add_interface(arguments->values[i], type);
    return code;
}

void report_type(BOOL json, const WCHAR *name, const WCHAR *what)
{
    if (!json)
    {
        out(L"%ls: %ls\n", name, what);
        return;
    }
    json_open(NULL, '{');
    json_text(L"name", name);
    json_text(L"result", what);
    json_close();
}

static int run_add(const struct arguments *arguments)
{
    const WCHAR *name = arguments->texts[0];
    struct cardtype type = {0};
    LONG result;
    int code;

    if ((code = read_type(arguments, &type)))
        return code;
    if (!type.atr_length)
        return fail_usage(L"a card type without an ATR fits no card: --atr or --reader gives one");
    result = calais_add(name, &type, option(arguments, L"--replace") != NULL);
    if (result == ERROR_INVALID_PARAMETER)
        return fail_usage(L"\"%ls\" cannot be the name of a card type", name);
    if (result)
        return fail(error_hresult(result), L"%ls", name);
    report_type(arguments->json, name, L"added");
    return EXIT_OK;
}

/* ---- remove ---- */

static int run_remove(const struct arguments *arguments)
{
    int i, code = EXIT_OK;
    LONG result;

    if (arguments->json)
        json_open(NULL, '[');
    for (i = 0; i < arguments->count; i++)
    {
        if ((result = calais_remove(arguments->texts[i])))
            code = fail(error_hresult(result), L"%ls", arguments->texts[i]);
        else
            report_type(arguments->json, arguments->texts[i], L"removed");
    }
    if (arguments->json)
        json_close();
    return code;
}

static const struct option cards_options[] =
{
    {L"--atr", L"HEX", L"only the types of a card with this ATR"},
    {NULL, NULL, NULL},
};

static const struct option add_options[] =
{
    {L"--atr", L"HEX", L"the card's answer to reset"},
    {L"--reader", L"NAME", L"that of the card in this reader: name, part of it or number"},
    {L"--mask", L"HEX", L"its bits that count; default: all"},
    {L"--provider", L"GUID", L"class of the card's service provider"},
    {L"--interface", L"GUID", L"an interface it supports; may be repeated"},
    {L"--csp", L"NAME", L"its cryptographic service provider"},
    {L"--replace", NULL, L"overwrite a card type of that name"},
    {NULL, NULL, NULL},
};

const struct command command_cards =
{
    L"cards", L"[NAME...]", L"list the card types", 0, -1, cards_options, run_cards,
};

const struct command command_add =
{
    L"add", L"NAME", L"add a card type", 1, 1, add_options, run_add,
};

const struct command command_remove =
{
    L"remove", L"NAME...", L"remove card types", 1, -1, NULL, run_remove,
};
