/*
 * scardtool export: card types as a registry file.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * On the standard output it is UTF-8; a file gets UTF-16 with a mark, as regedit writes it.
 */

#include "scardtool.h"

#include <stdarg.h>
#include <stdio.h>
#include <winscard.h>

#include "error.h"
#include "types.h"

#define ROOT L"HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Cryptography\\Calais\\SmartCards\\"

/* Text that grows; failed once memory was short. */
struct text
{
    WCHAR *units;
    size_t length, room;
    BOOL failed;
};

static void put(struct text *text, const WCHAR *format, ...)
{
    WCHAR piece[1024], *grown;
    va_list args;
    int count;

    va_start(args, format);
    count = _vsnwprintf(piece, ARRAYSIZE(piece), format, args);
    va_end(args);
    if (count < 0 || count > (int)ARRAYSIZE(piece))
        count = ARRAYSIZE(piece);
    if (text->failed)
        return;
    if (text->length + count > text->room)
    {
        text->room = 2 * (text->room + count);
        if (!(grown = CoTaskMemRealloc(text->units, text->room * sizeof(WCHAR))))
        {
            text->failed = TRUE;
            return;
        }
        text->units = grown;
    }
    memcpy(text->units + text->length, piece, count * sizeof(WCHAR));
    text->length += count;
}

static void put_bytes(struct text *text, enum cardtype_field field, const BYTE *bytes, size_t size)
{
    size_t i;

    if (!size)
        return;
    put(text, L"\"%hs\"=hex:", cardtype_value_names[field]);
    for (i = 0; i + 1 < size; i++)
        put(text, L"%02x,%ls", bytes[i], i % 20 == 19 ? L"\\\r\n  " : L"");
    put(text, L"%02x\r\n", bytes[i]);
}

static void put_string(struct text *text, enum cardtype_field field, const uint16_t *units,
                       size_t length)
{
    size_t i;

    if (!length)
        return;
    put(text, L"\"%hs\"=\"", cardtype_value_names[field]);
    for (i = 0; i < length; i++)
        put(text, units[i] == '"' || units[i] == '\\' ? L"\\%lc" : L"%lc", units[i]);
    put(text, L"\"\r\n");
}

static void put_card(struct text *text, const struct calais_card *card)
{
    const struct cardtype *type = &card->type;

    put(text, L"\r\n[" ROOT L"%ls]\r\n", card->name);
    put_bytes(text, CARDTYPE_ATR, type->atr, type->atr_length);
    put_bytes(text, CARDTYPE_MASK, type->mask, type->atr_length);
    put_bytes(text, CARDTYPE_PRIMARY, type->primary, type->has_primary ? CARDTYPE_GUID_SIZE : 0);
    put_string(text, CARDTYPE_CRYPTO, type->crypto, type->crypto_length);
    put_bytes(text, CARDTYPE_INTERFACES, type->interfaces[0],
              type->interface_count * CARDTYPE_GUID_SIZE);
}

static int put_cards(const struct arguments *arguments, const struct calais_list *list,
                     struct text *text)
{
    const struct calais_card *card;
    DWORD i;
    int j;

    for (j = 0; j < arguments->count; j++)
    {
        if (!(card = calais_find(list, arguments->texts[j])))
            return fail(SCARD_E_UNKNOWN_CARD, L"%ls", arguments->texts[j]);
        put_card(text, card);
    }
    for (i = 0; !arguments->count && i < list->count; i++)
        if (!list->cards[i].is_default)
            put_card(text, &list->cards[i]);
    return text->failed ? fail(E_OUTOFMEMORY, L"export") : EXIT_OK;
}

static int write_file(const WCHAR *name, const struct text *text)
{
    static const WCHAR mark = 0xfeff;
    HANDLE file = CreateFileW(name, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written = 0;
    BOOL good;

    if (file == INVALID_HANDLE_VALUE)
        return fail(HRESULT_FROM_WIN32(GetLastError()), L"%ls", name);
    good = WriteFile(file, &mark, sizeof(mark), &written, NULL)
        && WriteFile(file, text->units, (DWORD)(text->length * sizeof(WCHAR)), &written, NULL)
        && written == text->length * sizeof(WCHAR);
    CloseHandle(file);
    return good ? EXIT_OK : fail_text(L"%ls could not be written", name);
}

static int print(const struct text *text)
{
    int length = WideCharToMultiByte(CP_UTF8, 0, text->units, (int)text->length, NULL, 0, NULL,
                                     NULL);
    char *utf8 = CoTaskMemAlloc(length + 1);

    if (!utf8)
        return fail(E_OUTOFMEMORY, L"export");
    WideCharToMultiByte(CP_UTF8, 0, text->units, (int)text->length, utf8, length, NULL, NULL);
    out_bytes(utf8, length);
    CoTaskMemFree(utf8);
    return EXIT_OK;
}

static int run(const struct arguments *arguments)
{
    const WCHAR *name = option(arguments, L"--output");
    struct calais_list list;
    struct text text = {0};
    LONG result;
    int code;

    if (arguments->json)
        return fail_usage(L"export writes a registry file; for JSON see scardtool cards --json");
    if ((result = calais_load(&list)))
        return fail(error_hresult(result), L"the card types cannot be read");
    put(&text, L"Windows Registry Editor Version 5.00\r\n");
    code = put_cards(arguments, &list, &text);
    if (!code)
        code = name ? write_file(name, &text) : print(&text);
    CoTaskMemFree(text.units);
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
    L"export", L"[NAME...]", L"print card types as a registry file; without names all but the\n"
    L"           built-in ones", 0, -1, options, run,
};
