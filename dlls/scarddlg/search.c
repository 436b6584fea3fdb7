/*
 * A search for a card, and the cards that satisfy it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "search.h"

#include <winscard.h>

/* ---- configurations ---- */

static HRESULT copy_text(const WCHAR *text, WCHAR **out)
{
    return (*out = string_copy(text ? text : L"")) ? S_OK : E_OUTOFMEMORY;
}

static HRESULT join_groups(const struct strings *groups, WCHAR **out)
{
    SIZE_T size = 1;
    WCHAR *at;
    DWORD i;

    *out = NULL;
    if (!groups || !groups->count)
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

    for (i = 0; names && i < names->count && SUCCEEDED(hr); i++)
        hr = strings_add(out, names->items[i]);
    return hr;
}

HRESULT search_create(const struct search_terms *terms, struct search **out)
{
    struct search *search;
    HRESULT hr;

    *out = NULL;
    if (terms->flags != SC_DLG_MINIMAL_UI && terms->flags != SC_DLG_NO_UI &&
        terms->flags != SC_DLG_FORCE_UI)
        return E_INVALIDARG;
    if (!(search = CoTaskMemAlloc(sizeof(*search))))
        return E_OUTOFMEMORY;
    ZeroMemory(search, sizeof(*search));
    search->refs = 1;
    search->flags = terms->flags;
    hr = copy_names(terms->names, &search->names);
    if (SUCCEEDED(hr))
        hr = card_match_copy_guids(&terms->guids, &search->guids);
    if (SUCCEEDED(hr))
        hr = join_groups(terms->groups, &search->groups);
    if (SUCCEEDED(hr))
        hr = copy_text(terms->title, &search->title);
    if (SUCCEEDED(hr))
        hr = copy_text(terms->description, &search->description);
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
    HeapFree(GetProcessHeap(), 0, search->title);
    HeapFree(GetProcessHeap(), 0, search->description);
    CoTaskMemFree(search);
}

/* ---- candidates ---- */

/* All cards are wanted at first; every condition takes some away. */
static LONG keep_named(const struct search *search, struct candidates *candidates)
{
    const struct calais_card *card;
    DWORD i;

    if (!search->names.count)
        return SCARD_S_SUCCESS;
    ZeroMemory(candidates->wanted, candidates->list.count);
    for (i = 0; i < search->names.count; i++)
    {
        if (!(card = calais_find(&candidates->list, search->names.items[i])))
            return SCARD_E_UNKNOWN_CARD;
        candidates->wanted[card - candidates->list.cards] = 1;
    }
    return SCARD_S_SUCCESS;
}

static void keep_supporting(const struct search *search, struct candidates *candidates)
{
    DWORD i;

    for (i = 0; i < candidates->list.count; i++)
        if (!card_match_supports(&candidates->list.cards[i], &search->guids))
            candidates->wanted[i] = 0;
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
        memset(out->wanted, 1, out->list.count + 1);
        result = keep_named(search, out);
        keep_supporting(search, out);
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

/* Appends the names of those that are wanted, or of the others; returns the end. */
static WCHAR *add_names(const struct candidates *candidates, const struct watch_reader *reader,
                        BYTE wanted, WCHAR *end)
{
    DWORD i;

    for (i = 0; i < candidates->list.count; i++)
    {
        if (candidates->wanted[i] != wanted || !is_card(candidates, i, reader))
            continue;
        lstrcpyW(end, candidates->list.cards[i].name);
        end += lstrlenW(end) + 1;
    }
    return end;
}

WCHAR *candidates_names(const struct candidates *candidates, const struct watch_reader *reader)
{
    BOOL present = !!(reader->state & SCARD_STATE_PRESENT);
    WCHAR *names, *end;
    SIZE_T size = 1;
    DWORD i;

    for (i = 0; present && i < candidates->list.count; i++)
        if (is_card(candidates, i, reader))
            size += lstrlenW(candidates->list.cards[i].name) + 1;
    if (!(names = end = HeapAlloc(GetProcessHeap(), 0, size * sizeof(WCHAR))))
        return NULL;
    for (i = 0; present && i < 2; i++)
        end = add_names(candidates, reader, !i, end);
    *end = 0;
    return names;
}

void candidates_describe(const struct candidates *candidates, const struct watch_reader *reader,
                         WCHAR *text, size_t size)
{
    WCHAR *names = candidates_names(candidates, reader), *name;
    size_t used = 0, length;

    text[0] = 0;
    for (name = names; name && *name; name += length + 1)
    {
        length = lstrlenW(name);
        if (used + length + 3 > size)
            continue;
        if (used)
        {
            lstrcpyW(text + used, L", ");
            used += 2;
        }
        lstrcpyW(text + used, name);
        used += length;
    }
    HeapFree(GetProcessHeap(), 0, names);
}
