/*
 * ISCardDatabase: the card types of the registry, and the readers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include <winscard.h>

#include "bstrarray.h"
#include "buffer.h"
#include "registry/card_match.h"
#include "pcsc/context.h"
#include "base/error.h"
#include "base/multistring.h"
#include "pcsc/readers.h"
#include "base/trace.h"

/* ---- one card type ---- */

/*
 * The whole database and the card of that name in it; the caller unloads it on success. The name
 * ends at its NUL, as for WinSCard: C programs pass literals, which have no length before them.
 */
static HRESULT load_card(BSTR name, struct calais_list *list, const struct calais_card **out)
{
    LONG result;

    if (!name || !name[0])
        return E_INVALIDARG;
    if ((result = calais_load(list)))
        return error_hresult(result);
    if ((*out = calais_find(list, name)))
        return S_OK;
    calais_unload(list);
    return SCARD_E_UNKNOWN_CARD;
}

static HRESULT WINAPI database_GetProviderCardId(ISCardDatabase *iface, BSTR name, GUID **out)
{
    const struct calais_card *card;
    struct calais_list list;
    HRESULT hr;

    TRACE("%p, %s, %p", iface, trace_wstr(name), out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (FAILED(hr = load_card(name, &list, &card)))
        RETURN(hr);
    if (!card->type.has_primary)
        hr = HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND);
    else if (!(*out = CoTaskMemAlloc(sizeof(**out))))
        hr = E_OUTOFMEMORY;
    else
        memcpy(*out, card->type.primary, sizeof(**out));
    calais_unload(&list);
    RETURN(hr);
}

static HRESULT WINAPI database_ListCardInterfaces(ISCardDatabase *iface, BSTR name, SAFEARRAY **out)
{
    const struct calais_card *card;
    struct strings texts = {0};
    struct calais_list list;
    WCHAR text[39];
    HRESULT hr;
    GUID guid;
    unsigned i;

    TRACE("%p, %s, %p", iface, trace_wstr(name), out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (FAILED(hr = load_card(name, &list, &card)))
        RETURN(hr);
    for (i = 0; i < card->type.interface_count && SUCCEEDED(hr); i++)
    {
        memcpy(&guid, card->type.interfaces[i], sizeof(guid));
        StringFromGUID2(&guid, text, ARRAYSIZE(text));
        hr = strings_add(&texts, text);
    }
    calais_unload(&list);
    if (SUCCEEDED(hr))
        hr = bstrarray_create(&texts, out);
    strings_clear(&texts);
    RETURN(hr);
}

/* ---- all card types ---- */

struct criteria
{
    BYTE *atr;
    DWORD atr_length; /* 0: no condition */
    struct card_match_guids guids;
};

static void free_criteria(struct criteria *criteria)
{
    bytestream_free(criteria->atr, criteria->atr_length);
    card_match_free_guids(&criteria->guids);
}

static HRESULT read_criteria(IByteBuffer *atr, SAFEARRAY *interfaces, struct criteria *out)
{
    struct strings texts;
    HRESULT hr;

    ZeroMemory(out, sizeof(*out));
    if (FAILED(hr = bstrarray_read(interfaces, &texts)))
        return hr;
    hr = card_match_parse_guids(&texts, &out->guids);
    strings_clear(&texts);
    if (SUCCEEDED(hr))
        hr = buffer_get(atr, &out->atr, &out->atr_length);
    if (SUCCEEDED(hr) && out->atr_length > CARDTYPE_ATR_MAX)
        hr = E_INVALIDARG;
    if (FAILED(hr))
        free_criteria(out);
    return hr;
}

static HRESULT find_names(const struct criteria *criteria, struct strings *names)
{
    struct calais_list list;
    HRESULT hr = S_OK;
    LONG result;
    DWORD i;

    if ((result = calais_load(&list)))
        return error_hresult(result);
    for (i = 0; i < list.count && SUCCEEDED(hr); i++)
    {
        if (criteria->atr_length &&
            !cardtype_matches(&list.cards[i].type, criteria->atr, criteria->atr_length))
            continue;
        if (card_match_supports(&list.cards[i], &criteria->guids))
            hr = strings_add(names, list.cards[i].name);
    }
    calais_unload(&list);
    return hr;
}

static HRESULT WINAPI database_ListCards(ISCardDatabase *iface, IByteBuffer *atr,
                                         SAFEARRAY *interfaces, LONG locale, SAFEARRAY **out)
{
    struct criteria criteria;
    struct strings names = {0};
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %p, %p, %#lx, %p", iface, atr, interfaces, locale, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (FAILED(hr = read_criteria(atr, interfaces, &criteria)))
        RETURN(hr);
    if (SUCCEEDED(hr = find_names(&criteria, &names)))
        hr = bstrarray_create(&names, out);
    strings_clear(&names);
    free_criteria(&criteria);
    RETURN(hr);
}

/* ---- readers ---- */

static LONG list_groups(const struct pcsc_context *context, WCHAR **out)
{
    return context->transport->list_groups(context->id, out);
}

static HRESULT split(const WCHAR *multistring, struct strings *out)
{
    SIZE_T size = HeapSize(GetProcessHeap(), 0, multistring) / sizeof(WCHAR);
    const uint16_t *string;
    HRESULT hr = S_OK;
    size_t at = 0;

    while (SUCCEEDED(hr) && (string = multistring16_next((const uint16_t *)multistring, size, &at)))
        hr = strings_add(out, (const WCHAR *)string);
    return hr;
}

/* Over a context of its own, so that listing waits for no card. */
static HRESULT list(LONG (*ask)(const struct pcsc_context *context, WCHAR **out), SAFEARRAY **out)
{
    struct pcsc_context *context;
    struct strings names = {0};
    WCHAR *multistring = NULL;
    HRESULT hr;
    LONG result;

    if ((result = context_open(&context)))
        return error_hresult(result);
    result = ask(context, &multistring);
    context_release(context);
    if (result)
        return error_hresult(result);
    if (SUCCEEDED(hr = split(multistring, &names)))
        hr = bstrarray_create(&names, out);
    HeapFree(GetProcessHeap(), 0, multistring);
    strings_clear(&names);
    return hr;
}

static HRESULT WINAPI database_ListReaderGroups(ISCardDatabase *iface, LONG locale, SAFEARRAY **out)
{
    HOLD_OBJECT(iface);

    TRACE("%p, %#lx, %p", iface, locale, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    RETURN(list(list_groups, out));
}

static HRESULT WINAPI database_ListReaders(ISCardDatabase *iface, LONG locale, SAFEARRAY **out)
{
    HOLD_OBJECT(iface);

    TRACE("%p, %#lx, %p", iface, locale, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    RETURN(list(readers_list, out));
}

/* ---- life ---- */

static const ISCardDatabaseVtbl database_vtbl =
{
    OBJECT_METHODS,
    database_GetProviderCardId,
    database_ListCardInterfaces,
    database_ListCards,
    database_ListReaderGroups,
    database_ListReaders,
};

static void database_destroy(struct object *object)
{
    object_fini(object);
    CoTaskMemFree(object);
}

static const struct object_class database_class =
{
    "ISCardDatabase", &IID_ISCardDatabase, &LIBID_SCARDSSPLib, NULL, database_destroy,
};

HRESULT database_create(ISCardDatabase **out)
{
    struct object *object;

    *out = NULL;
    if (!(object = CoTaskMemAlloc(sizeof(*object))))
        return E_OUTOFMEMORY;
    ZeroMemory(object, sizeof(*object));
    object_init(object, &database_vtbl, &database_class);
    *out = (ISCardDatabase *)object;
    return S_OK;
}
