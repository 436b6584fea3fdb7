/*
 * The card types that Windows XP came with.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * They cannot be in scardssp.rgs: Wine replays that file whenever a prefix is updated, which would
 * overwrite what the user has made of them. The ATRs are those of the cards themselves, as found in
 * public lists; the masks leave out the bytes in which the cards' revisions differ.
 */

#include "calais.h"

#include "base/trace.h"

#ifdef _WIN64
#define OTHER_VIEW KEY_WOW64_32KEY
#else
#define OTHER_VIEW KEY_WOW64_64KEY
#endif
#define OUR_VIEW 0

#define GEMPLUS_CSP      L"Gemplus GemSAFE Card CSP v1.0"
#define SCHLUMBERGER_CSP L"Schlumberger Cryptographic Service Provider"

static const struct
{
    const WCHAR *name, *crypto;
    BYTE atr_length;
    BYTE atr[10], mask[10];
} defaults[] =
{
    {L"GemSAFE Smart Card (8K)", GEMPLUS_CSP, 10,
     {0x3b, 0x27, 0x00, 0x80, 0x65, 0xa2, 0x00, 0x01, 0x01, 0x37},
     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
    {L"Schlumberger Cryptoflex 4K", SCHLUMBERGER_CSP, 8,
     {0x3b, 0xe2, 0x00, 0x00, 0x40, 0x20, 0x49, 0x00},
     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00}},
    {L"Schlumberger Cryptoflex 8K", SCHLUMBERGER_CSP, 9,
     {0x3b, 0x85, 0x40, 0x20, 0x68, 0x01, 0x01, 0x00, 0x00},
     {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00}},
    {L"Schlumberger Cryptoflex 8K v2", SCHLUMBERGER_CSP, 10,
     {0x3b, 0x95, 0x15, 0x40, 0x00, 0x68, 0x01, 0x02, 0x00, 0x00},
     {0xff, 0xff, 0xff, 0xff, 0x00, 0xff, 0xff, 0xff, 0x00, 0x00}},
};

static void default_type(unsigned i, struct cardtype *type)
{
    ZeroMemory(type, sizeof(*type));
    type->atr_length = defaults[i].atr_length;
    memcpy(type->atr, defaults[i].atr, type->atr_length);
    memcpy(type->mask, defaults[i].mask, type->atr_length);
    type->crypto_length = lstrlenW(defaults[i].crypto);
    memcpy(type->crypto, defaults[i].crypto, type->crypto_length * sizeof(WCHAR));
}

BOOL calais_is_default(const WCHAR *name, const struct cardtype *type)
{
    struct cardtype ours;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(defaults); i++)
    {
        if (CompareStringOrdinal(name, -1, defaults[i].name, -1, TRUE) != CSTR_EQUAL)
            continue;
        default_type(i, &ours);
        return !memcmp(&ours, type, sizeof(ours));
    }
    return FALSE;
}

/* A record that others wrote in the other view also belongs to this card; a default must not shadow
 * it. */
static BOOL absent(const WCHAR *name)
{
    struct calais_card card;
    LONG result;

    if (calais_read(name, OUR_VIEW, &card) != ERROR_FILE_NOT_FOUND)
        return FALSE;
    result = calais_read(name, OTHER_VIEW, &card);
    return result == ERROR_FILE_NOT_FOUND || (!result && card.is_default);
}

LONG calais_register_defaults(void)
{
    LONG result = calais_create_parents(OUR_VIEW);
    struct cardtype type;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(defaults) && !result; i++)
    {
        if (!absent(defaults[i].name))
            continue;
        default_type(i, &type);
        result = calais_write(defaults[i].name, OUR_VIEW, &type, TRUE);
    }
    return result;
}

LONG calais_unregister_defaults(void)
{
    LONG result = ERROR_SUCCESS, next;
    struct calais_card card;
    unsigned i;

    for (i = 0; i < ARRAYSIZE(defaults); i++)
    {
        if (calais_read(defaults[i].name, OUR_VIEW, &card) || !card.is_marked)
            continue;
        if (card.is_default)
            next = calais_delete(defaults[i].name, OUR_VIEW);
        else
        {
            TRACE("%s was changed and stays", trace_wstr(defaults[i].name));
            next = calais_unmark(defaults[i].name, OUR_VIEW);
        }
        result = result ? result : next;
    }
    calais_remove_parents(OUR_VIEW);
    return result;
}
