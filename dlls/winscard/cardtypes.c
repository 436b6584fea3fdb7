/*
 * The card database: which types of cards there are, and what serves them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * It lies in the registry and needs no service: a context may be 0, one that is given must be
 * valid.
 */

#include "calls.h"

#include <objbase.h>

#include "iso7816/atr.h"
#include "memory.h"
#include "registry/calais.h"
#include "strings.h"

/* Names of providers beyond those of winscard.h. */
#define PROVIDER_KSP         3u
#define PROVIDER_CARD_MODULE 0x80000001u

#define GUID_TEXT 39 /* "{...}" with its NUL */

static LONG check_context(SCARDCONTEXT value)
{
    struct pcsc_context *context;

    if (!value)
        return SCARD_S_SUCCESS;
    if (!(context = context_find(value)))
        return ERROR_INVALID_HANDLE;
    context_release(context);
    return SCARD_S_SUCCESS;
}

/* ---- SCardListCards ---- */

/* Which types are wanted. */
struct filter
{
    const BYTE *atr; /* NULL: any */
    size_t atr_size;
    const GUID *interfaces;
    DWORD count;
};

static BOOL fits(const struct cardtype *type, const struct filter *filter)
{
    DWORD i;

    if (filter->atr && !cardtype_matches(type, filter->atr, filter->atr_size))
        return FALSE;
    for (i = 0; i < filter->count; i++)
        if (!cardtype_supports(type, (const uint8_t *)&filter->interfaces[i]))
            return FALSE;
    return TRUE;
}

/* The names of those that fit, a multi-string with *units. HeapAlloc'd; NULL: out of memory. */
static WCHAR *collect(const struct calais_list *list, const struct filter *filter, DWORD *units)
{
    WCHAR *names, *end;
    SIZE_T room = 1;
    DWORD i;

    for (i = 0; i < list->count; i++)
        room += lstrlenW(list->cards[i].name) + 1;
    if (!(names = HeapAlloc(GetProcessHeap(), 0, room * sizeof(WCHAR))))
        return NULL;
    for (i = 0, end = names; i < list->count; i++)
    {
        if (!fits(&list->cards[i].type, filter))
            continue;
        lstrcpyW(end, list->cards[i].name);
        end += lstrlenW(end) + 1;
    }
    *end++ = 0;
    *units = (DWORD)(end - names);
    return names;
}

static LONG list_cards(SCARDCONTEXT context, struct filter *filter, BOOL ansi, void *cards,
                       DWORD *length)
{
    struct calais_list list;
    WCHAR *names;
    DWORD units;
    LONG result;

    if (!length || (filter->count && !filter->interfaces))
        return SCARD_E_INVALID_PARAMETER;
    if (filter->atr && !(filter->atr_size = atr_length(filter->atr)))
        return SCARD_E_INVALID_PARAMETER;
    if ((result = check_context(context)) || (result = calais_load(&list)))
        return result;
    result = SCARD_E_NO_MEMORY;
    if ((names = collect(&list, filter, &units)))
        result = strings_give(names, units, ansi, cards, length);
    HeapFree(GetProcessHeap(), 0, names);
    calais_unload(&list);
    return result;
}

LONG WINAPI SCardListCardsA(SCARDCONTEXT context, const BYTE *atr, const GUID *interfaces,
                            DWORD count, char *cards, DWORD *length)
{
    struct filter filter = {atr, 0, interfaces, count};

    CALL_RETURN(list_cards(context, &filter, TRUE, cards, length));
}

LONG WINAPI SCardListCardsW(SCARDCONTEXT context, const BYTE *atr, const GUID *interfaces,
                            DWORD count, WCHAR *cards, DWORD *length)
{
    struct filter filter = {atr, 0, interfaces, count};

    CALL_RETURN(list_cards(context, &filter, FALSE, cards, length));
}

/* ---- one card ---- */

/* The type of that name, freed with calais_unload(list). SCARD_E_UNKNOWN_CARD. */
static LONG find_card(SCARDCONTEXT context, const void *name, BOOL ansi, struct calais_list *list,
                      const struct calais_card **card)
{
    WCHAR *wide;
    LONG result;

    if (!name)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = check_context(context)) || (result = strings_take(name, ansi, &wide)))
        return result;
    if (!(result = calais_load(list)) && !(*card = calais_find(list, wide)))
    {
        calais_unload(list);
        result = SCARD_E_UNKNOWN_CARD;
    }
    HeapFree(GetProcessHeap(), 0, wide);
    return result;
}

static LONG list_interfaces(SCARDCONTEXT context, const void *name, BOOL ansi, GUID *interfaces,
                            DWORD *count)
{
    const struct calais_card *card;
    struct calais_list list;
    LONG result;

    if (!count)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = find_card(context, name, ansi, &list, &card)))
        return result;
    result = memory_give(card->type.interfaces, card->type.interface_count, sizeof(GUID),
                         interfaces, count);
    calais_unload(&list);
    return result;
}

LONG WINAPI SCardListInterfacesA(SCARDCONTEXT context, const char *card, GUID *interfaces,
                                 DWORD *count)
{
    CALL_RETURN(list_interfaces(context, card, TRUE, interfaces, count));
}

LONG WINAPI SCardListInterfacesW(SCARDCONTEXT context, const WCHAR *card, GUID *interfaces,
                                 DWORD *count)
{
    CALL_RETURN(list_interfaces(context, card, FALSE, interfaces, count));
}

static LONG get_provider_id(SCARDCONTEXT context, const void *name, BOOL ansi, GUID *provider)
{
    const struct calais_card *card;
    struct calais_list list;
    LONG result;

    if (!provider)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = find_card(context, name, ansi, &list, &card)))
        return result;
    result = card->type.has_primary ? SCARD_S_SUCCESS : ERROR_FILE_NOT_FOUND;
    if (!result)
        memcpy(provider, card->type.primary, sizeof(*provider));
    calais_unload(&list);
    return result;
}

LONG WINAPI SCardGetProviderIdA(SCARDCONTEXT context, const char *card, GUID *provider)
{
    CALL_RETURN(get_provider_id(context, card, TRUE, provider));
}

LONG WINAPI SCardGetProviderIdW(SCARDCONTEXT context, const WCHAR *card, GUID *provider)
{
    CALL_RETURN(get_provider_id(context, card, FALSE, provider));
}

/* ---- providers by name ---- */

/* The registry's value for a kind of provider; NULL for none, or for the primary one, a GUID. */
static const WCHAR *value_of(DWORD provider)
{
    switch (provider)
    {
    case SCARD_PROVIDER_CSP: return L"Crypto Provider";
    case PROVIDER_KSP: return L"Smart Card Key Storage Provider";
    case PROVIDER_CARD_MODULE: return L"80000001";
    default: return NULL;
    }
}

static LONG primary_name(const WCHAR *card, WCHAR **out)
{
    GUID provider;
    LONG result;

    *out = NULL;
    if ((result = get_provider_id(0, card, FALSE, &provider)))
        return result;
    if (!(*out = HeapAlloc(GetProcessHeap(), 0, GUID_TEXT * sizeof(WCHAR))))
        return SCARD_E_NO_MEMORY;
    StringFromGUID2(&provider, *out, GUID_TEXT);
    return SCARD_S_SUCCESS;
}

static LONG provider_name(const WCHAR *card, DWORD provider, WCHAR **out)
{
    *out = NULL;
    if (provider == SCARD_PROVIDER_PRIMARY)
        return primary_name(card, out);
    if (!value_of(provider))
        return SCARD_E_INVALID_PARAMETER;
    return calais_get_text(card, value_of(provider), out);
}

static LONG get_provider_name(SCARDCONTEXT context, const void *card, BOOL ansi, DWORD provider,
                              void *name, DWORD *length)
{
    WCHAR *wide, *text;
    LONG result;

    if (!card || !length)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = check_context(context)) || (result = strings_take(card, ansi, &wide)))
        return result;
    if (!(result = provider_name(wide, provider, &text)))
        result = strings_give(text, lstrlenW(text) + 1, ansi, name, length);
    HeapFree(GetProcessHeap(), 0, text);
    HeapFree(GetProcessHeap(), 0, wide);
    return result;
}

LONG WINAPI SCardGetCardTypeProviderNameA(SCARDCONTEXT context, const char *card, DWORD provider,
                                          char *name, DWORD *length)
{
    CALL_RETURN(get_provider_name(context, card, TRUE, provider, name, length));
}

LONG WINAPI SCardGetCardTypeProviderNameW(SCARDCONTEXT context, const WCHAR *card, DWORD provider,
                                          WCHAR *name, DWORD *length)
{
    CALL_RETURN(get_provider_name(context, card, FALSE, provider, name, length));
}

static LONG set_name(const WCHAR *card, DWORD provider, const WCHAR *name)
{
    GUID guid;

    if (provider == SCARD_PROVIDER_PRIMARY)
        return FAILED(IIDFromString(name, &guid))
                   ? (LONG)SCARD_E_INVALID_PARAMETER
                   : calais_set_value(card, L"Primary Provider", REG_BINARY, &guid, sizeof(guid));
    if (!value_of(provider))
        return SCARD_E_INVALID_PARAMETER;
    return calais_set_value(card, value_of(provider), REG_SZ, name,
                            (lstrlenW(name) + 1) * sizeof(WCHAR));
}

static LONG set_provider_name(SCARDCONTEXT context, const void *card, BOOL ansi, DWORD provider,
                              const void *name)
{
    WCHAR *wide, *text = NULL;
    LONG result;

    if (!card || !name)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = check_context(context)) || (result = strings_take(card, ansi, &wide)))
        return result;
    if (!(result = strings_take(name, ansi, &text)))
        result = set_name(wide, provider, text);
    HeapFree(GetProcessHeap(), 0, text);
    HeapFree(GetProcessHeap(), 0, wide);
    return result;
}

LONG WINAPI SCardSetCardTypeProviderNameA(SCARDCONTEXT context, const char *card, DWORD provider,
                                          const char *name)
{
    CALL_RETURN(set_provider_name(context, card, TRUE, provider, name));
}

LONG WINAPI SCardSetCardTypeProviderNameW(SCARDCONTEXT context, const WCHAR *card, DWORD provider,
                                          const WCHAR *name)
{
    CALL_RETURN(set_provider_name(context, card, FALSE, provider, name));
}

/* ---- changing ---- */

/* What SCardIntroduceCardType is told of a type, but for its name. */
struct introduced
{
    const GUID *primary;
    const GUID *interfaces;
    DWORD count;
    const BYTE *atr, *mask;
    DWORD atr_size;
};

static LONG make_type(const struct introduced *told, struct cardtype *type)
{
    DWORD i;

    ZeroMemory(type, sizeof(*type));
    if (!told->atr || !told->atr_size || told->atr_size > CARDTYPE_ATR_MAX ||
        (told->count && !told->interfaces) || told->count > CARDTYPE_INTERFACES_MAX)
        return SCARD_E_INVALID_PARAMETER;
    type->atr_length = told->atr_size;
    for (i = 0; i < told->atr_size; i++)
    {
        type->mask[i] = told->mask ? told->mask[i] : 0xff;
        type->atr[i] = told->atr[i] & type->mask[i];
    }
    if ((type->has_primary = told->primary != NULL))
        memcpy(type->primary, told->primary, sizeof(type->primary));
    type->interface_count = told->count;
    if (told->count)
        memcpy(type->interfaces, told->interfaces, told->count * sizeof(GUID));
    return SCARD_S_SUCCESS;
}

static LONG introduce(SCARDCONTEXT context, const void *name, BOOL ansi,
                      const struct introduced *told)
{
    struct cardtype type;
    WCHAR *wide;
    LONG result;

    if (!name)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = check_context(context)) || (result = make_type(told, &type)) ||
        (result = strings_take(name, ansi, &wide)))
        return result;
    result = calais_add(wide, &type, FALSE);
    HeapFree(GetProcessHeap(), 0, wide);
    return result == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : result;
}

LONG WINAPI SCardIntroduceCardTypeA(SCARDCONTEXT context, const char *card, const GUID *primary,
                                    const GUID *interfaces, DWORD count, const BYTE *atr,
                                    const BYTE *mask, DWORD atr_size)
{
    struct introduced told = {primary, interfaces, count, atr, mask, atr_size};

    CALL_RETURN(introduce(context, card, TRUE, &told));
}

LONG WINAPI SCardIntroduceCardTypeW(SCARDCONTEXT context, const WCHAR *card, const GUID *primary,
                                    const GUID *interfaces, DWORD count, const BYTE *atr,
                                    const BYTE *mask, DWORD atr_size)
{
    struct introduced told = {primary, interfaces, count, atr, mask, atr_size};

    CALL_RETURN(introduce(context, card, FALSE, &told));
}

static LONG forget(SCARDCONTEXT context, const void *name, BOOL ansi)
{
    WCHAR *wide;
    LONG result;

    if (!name)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = check_context(context)) || (result = strings_take(name, ansi, &wide)))
        return result;
    result = calais_remove(wide);
    HeapFree(GetProcessHeap(), 0, wide);
    return result;
}

LONG WINAPI SCardForgetCardTypeA(SCARDCONTEXT context, const char *card)
{
    CALL_RETURN(forget(context, card, TRUE));
}

LONG WINAPI SCardForgetCardTypeW(SCARDCONTEXT context, const WCHAR *card)
{
    CALL_RETURN(forget(context, card, FALSE));
}
