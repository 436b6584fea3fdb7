/*
 * scardtool export: card types as a registry file.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Files get UTF-16 with a mark, as regedit writes and reads it, also when the standard output is
 * one; a terminal or pipe gets UTF-8.
 */

#include "scardtool.h"

#include <winscard.h>

#include "database.h"
#include "base/error.h"
#include "regfile.h"

#define ROOT        L"SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\"
#define ROOT_LENGTH (ARRAYSIZE(ROOT) - 1)

/* What is made of one card type: a key, and values that come after each other. */
struct writer
{
    struct regtext text;
    struct database database;
    WCHAR path[ROOT_LENGTH + CALAIS_NAME_SIZE];
    struct regop before;
};

static void put(struct writer *writer, enum regop_kind kind, const WCHAR *name, DWORD type,
                const void *data, size_t size)
{
    struct regop op = {.kind = kind, .path = writer->path, .name = name, .type = type,
                       .data = data, .size = size};

    if (!regtext_op(&writer->text, &op, &writer->before))
        warn(L"%ls: a registry file cannot say it", writer->path + ROOT_LENGTH);
    writer->before = op;
}

static void put_bytes(struct writer *writer, const WCHAR *name, const void *bytes, size_t size)
{
    if (size)
        put(writer, REGOP_SET, name, REG_BINARY, bytes, size);
}

static void put_text(struct writer *writer, const WCHAR *name, const uint16_t *units, size_t length)
{
    WCHAR text[CARDTYPE_PROVIDER_MAX + 1] = {0};

    memcpy(text, units, length * sizeof(*text));
    if (length)
        put(writer, REGOP_SET, name, REG_SZ, text, (length + 1) * sizeof(*text));
}

/* Values that every record may have are taken from the record as it counts, both views together;
 * registering's mark is not of the card. */
static BOOL is_other(const WCHAR *name)
{
    static const WCHAR *const known[] =
    {
        L"ATR", L"ATRMask", L"Primary Provider", L"Crypto Provider", L"Supported Interfaces",
        L"Installed By",
    };
    unsigned i;

    for (i = 0; i < ARRAYSIZE(known); i++)
        if (!lstrcmpiW(name, known[i]))
            return FALSE;
    return TRUE;
}

static void put_others(struct writer *writer, const WCHAR *name)
{
    const struct database_key *first = database_find(&writer->database, DATABASE_64, name), *key;
    enum database_view view;
    DWORD i;

    for (view = 0; view < DATABASE_VIEWS; view++)
    {
        key = database_find(&writer->database, view, name);
        for (i = 0; key && i < key->count; i++)
            if (is_other(key->values[i].name) &&
                (key == first || !database_value(first, key->values[i].name)))
                put(writer, REGOP_SET, key->values[i].name, key->values[i].type,
                    key->values[i].data, key->values[i].size);
    }
}

static void put_card(struct writer *writer, const struct calais_card *card)
{
    const struct cardtype *type = &card->type;

    lstrcpyW(writer->path, ROOT);
    lstrcpynW(writer->path + ROOT_LENGTH, card->name, CALAIS_NAME_SIZE);
    ZeroMemory(&writer->before, sizeof(writer->before));
    put(writer, REGOP_KEY, L"", 0, NULL, 0);
    put_bytes(writer, L"ATR", type->atr, type->atr_length);
    put_bytes(writer, L"ATRMask", type->mask, type->atr_length);
    put_bytes(writer, L"Primary Provider", type->primary,
              type->has_primary ? CARDTYPE_GUID_SIZE : 0);
    put_text(writer, L"Crypto Provider", type->crypto, type->crypto_length);
    put_bytes(writer, L"Supported Interfaces", type->interfaces[0],
              type->interface_count * CARDTYPE_GUID_SIZE);
    put_others(writer, card->name);
}

static int put_cards(const struct arguments *arguments, const struct calais_list *list,
                     struct writer *writer)
{
    const struct calais_card *card;
    DWORD i;
    int j;

    for (j = 0; j < arguments->count; j++)
    {
        if (!(card = calais_find(list, arguments->texts[j])))
            return fail(SCARD_E_UNKNOWN_CARD, L"%ls", arguments->texts[j]);
        put_card(writer, card);
    }
    for (i = 0; !arguments->count && i < list->count; i++)
        if (!list->cards[i].is_default)
            put_card(writer, &list->cards[i]);
    return writer->text.failed ? fail(E_OUTOFMEMORY, L"export") : EXIT_OK;
}

/* ---- where it goes ---- */

/* With the mark in front by which regedit knows UTF-16; the caller frees it. */
static WCHAR *marked(const struct regtext *text, size_t *size)
{
    WCHAR *units = CoTaskMemAlloc((text->length + 1) * sizeof(*units));

    if (!units)
        return NULL;
    units[0] = 0xfeff;
    memcpy(units + 1, text->units, text->length * sizeof(*units));
    *size = (text->length + 1) * sizeof(*units);
    return units;
}

static int print_utf8(const struct regtext *text)
{
    char *utf8;
    int length =
        WideCharToMultiByte(CP_UTF8, 0, text->units, (int)text->length, NULL, 0, NULL, NULL);

    if (!(utf8 = CoTaskMemAlloc(length + 1)))
        return fail(E_OUTOFMEMORY, L"export");
    WideCharToMultiByte(CP_UTF8, 0, text->units, (int)text->length, utf8, length, NULL, NULL);
    out_bytes(utf8, length);
    CoTaskMemFree(utf8);
    return EXIT_OK;
}

/* Into a file, by name or by the shell, else for people to read. */
static int deliver(const WCHAR *name, const struct regtext *text)
{
    WCHAR *units;
    size_t size;
    int code = EXIT_OK;

    if (!name && GetFileType(GetStdHandle(STD_OUTPUT_HANDLE)) != FILE_TYPE_DISK)
        return print_utf8(text);
    if (!(units = marked(text, &size)))
        return fail(E_OUTOFMEMORY, L"export");
    if (name)
        code = write_file(name, TRUE, units, size);
    else
        out_bytes(units, size);
    CoTaskMemFree(units);
    return code;
}

static int run(const struct arguments *arguments)
{
    const WCHAR *name = option(arguments, L"--output");
    struct writer writer = {0};
    struct calais_list list;
    LONG result;
    int code;

    if (arguments->json)
        return fail_usage(L"export writes a registry file; for JSON see scardtool cards --json");
    if ((result = calais_load(&list)))
        return fail(error_hresult(result), L"the card types cannot be read");
    if ((result = database_load(&writer.database)))
        code = fail(error_hresult(result), L"the card types cannot be read");
    else
    {
        regtext_header(&writer.text);
        code = put_cards(arguments, &list, &writer);
    }
    if (!code)
        code = deliver(name, &writer.text);
    regtext_free(&writer.text);
    database_free(&writer.database);
    calais_unload(&list);
    return code;
}

static const struct option options[] =
{
    {L"--output", L"FILE", L"write to FILE"},
    {NULL, NULL, NULL},
};

const struct command command_export =
{
    L"export", L"[NAME...]", L"print card types as a registry file; built-in ones if named",
    0, -1, options, run,
};
