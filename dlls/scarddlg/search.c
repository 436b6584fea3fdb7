/*
 * What ISCardLocate looks for, and in which cards it finds it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "search.h"

#include <winscard.h>

/* ---- configurations ---- */

static HRESULT copy_title(const WCHAR *title, WCHAR **out)
{
    const WCHAR *text = title ? title : L"";
    SIZE_T size = (lstrlenW(text) + 1) * sizeof(WCHAR);

    if (!(*out = CoTaskMemAlloc(size)))
        return E_OUTOFMEMORY;
    memcpy(*out, text, size);
    return S_OK;
}

static HRESULT join_groups(const struct strings *groups, WCHAR **out)
{
    SIZE_T size = 1;
    WCHAR *at;
    DWORD i;

    *out = NULL;
    if (!groups->count)
        return S_OK;
    for (i = 0; i < groups->count; i++)
        size += lstrlenW(groups->items[i]) + 1;
    if (!(*out = at = CoTaskMemAlloc(size * sizeof(WCHAR))))
        return E_OUTOFMEMORY;
    for (i = 0; i < groups->count; i++)
    {
        lstrcpyW(at, groups->items[i]);
        at += lstrlenW(at) + 1;
    }
    *at = 0;
    return S_OK;
}

static HRESULT copy_names(const struct strings *names, struct strings *out)
{
    HRESULT hr = S_OK;
    DWORD i;

    for (i = 0; i < names->count && SUCCEEDED(hr); i++)
        hr = strings_add(out, names->items[i]);
    return hr;
}

HRESULT search_create(enum search_kind kind, const struct strings *texts,
                      const struct strings *groups, const WCHAR *title, LONG flags,
                      struct search **out)
{
    struct search *search;
    HRESULT hr;

    *out = NULL;
    if (flags != SC_DLG_MINIMAL_UI && flags != SC_DLG_NO_UI && flags != SC_DLG_FORCE_UI)
        return E_INVALIDARG;
    if (!(search = CoTaskMemAlloc(sizeof(*search))))
        return E_OUTOFMEMORY;
    ZeroMemory(search, sizeof(*search));
    search->refs = 1;
    search->kind = kind;
    search->flags = flags;
    hr = kind == SEARCH_BY_NAME ? copy_names(texts, &search->names)
                                : card_match_parse_guids(texts, &search->guids);
    if (SUCCEEDED(hr))
        hr = join_groups(groups, &search->groups);
    if (SUCCEEDED(hr))
        hr = copy_title(title, &search->title);
    if (FAILED(hr))
        search_release(search);
    else
        *out = search;
    return hr;
}

void search_retain(struct search *search)
{
    InterlockedIncrement(&search->refs);
}

void search_release(struct search *search)
{
    if (!search || InterlockedDecrement(&search->refs))
        return;
    strings_clear(&search->names);
    card_match_free_guids(&search->guids);
    CoTaskMemFree(search->groups);
    CoTaskMemFree(search->title);
    CoTaskMemFree(search);
}

/* ---- candidates ---- */

static LONG want_names(const struct search *search, struct candidates *candidates)
{
    const struct calais_card *card;
    DWORD i;

    for (i = 0; i < search->names.count; i++)
    {
        if (!(card = calais_find(&candidates->list, search->names.items[i])))
            return SCARD_E_UNKNOWN_CARD;
        candidates->wanted[card - candidates->list.cards] = 1;
    }
    return SCARD_S_SUCCESS;
}

static void want_guids(const struct search *search, struct candidates *candidates)
{
    DWORD i;

    for (i = 0; i < candidates->list.count; i++)
        candidates->wanted[i] = card_match_supports(&candidates->list.cards[i], &search->guids);
}

LONG candidates_load(const struct search *search, struct candidates *out)
{
    LONG result;

    ZeroMemory(out, sizeof(*out));
    if ((result = calais_load(&out->list)))
        return result;
    out->any = !search->names.count && !search->guids.count;
    if (!(out->wanted = CoTaskMemAlloc(out->list.count + 1)))
        result = ERROR_OUTOFMEMORY;
    else
    {
        ZeroMemory(out->wanted, out->list.count + 1);
        if (search->kind == SEARCH_BY_NAME)
            result = want_names(search, out);
        else
            want_guids(search, out);
    }
    if (result)
        candidates_free(out);
    return result;
}

void candidates_free(struct candidates *candidates)
{
    calais_unload(&candidates->list);
    CoTaskMemFree(candidates->wanted);
    ZeroMemory(candidates, sizeof(*candidates));
}

static BOOL is_card(const struct candidates *candidates, DWORD i, const struct watch_reader *reader)
{
    return cardtype_matches(&candidates->list.cards[i].type, reader->atr, reader->atr_length);
}

BOOL candidates_match(const struct candidates *candidates, const struct watch_reader *reader)
{
    DWORD i;

    if (!(reader->state & SCARD_STATE_PRESENT) || reader->state & SCARD_STATE_MUTE)
        return FALSE;
    if (candidates->any)
        return TRUE;
    for (i = 0; i < candidates->list.count; i++)
    {
        if (candidates->wanted[i] && is_card(candidates, i, reader))
            return TRUE;
    }
    return FALSE;
}

void candidates_describe(const struct candidates *candidates, const struct watch_reader *reader,
                         WCHAR *text, size_t size)
{
    size_t used = 0, length;
    DWORD i;

    text[0] = 0;
    if (!(reader->state & SCARD_STATE_PRESENT))
        return;
    for (i = 0; i < candidates->list.count; i++)
    {
        length = lstrlenW(candidates->list.cards[i].name);
        if (!is_card(candidates, i, reader) || used + length + 3 > size)
            continue;
        if (used)
        {
            lstrcpyW(text + used, L", ");
            used += 2;
        }
        lstrcpyW(text + used, candidates->list.cards[i].name);
        used += length;
    }
}
