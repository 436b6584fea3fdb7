/*
 * Selecting card types by the interfaces that they support.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "card_match.h"

#include <objbase.h>

HRESULT card_match_parse_guids(const struct strings *texts, struct card_match_guids *out)
{
    DWORD i;

    ZeroMemory(out, sizeof(*out));
    if (!texts->count)
        return S_OK;
    if (!(out->guids = CoTaskMemAlloc(texts->count * sizeof(*out->guids))))
        return E_OUTOFMEMORY;
    for (i = 0; i < texts->count; i++)
    {
        /* CLSIDFromString also takes ProgIDs; IIDFromString takes none. */
        if (FAILED(IIDFromString(texts->items[i], &out->guids[i])))
        {
            card_match_free_guids(out);
            return E_INVALIDARG;
        }
    }
    out->count = texts->count;
    return S_OK;
}

HRESULT card_match_copy_guids(const struct card_match_guids *guids, struct card_match_guids *out)
{
    ZeroMemory(out, sizeof(*out));
    if (!guids->count)
        return S_OK;
    if (!(out->guids = CoTaskMemAlloc(guids->count * sizeof(*out->guids))))
        return E_OUTOFMEMORY;
    memcpy(out->guids, guids->guids, guids->count * sizeof(*out->guids));
    out->count = guids->count;
    return S_OK;
}

void card_match_free_guids(struct card_match_guids *guids)
{
    CoTaskMemFree(guids->guids);
    ZeroMemory(guids, sizeof(*guids));
}

BOOL card_match_supports(const struct calais_card *card, const struct card_match_guids *guids)
{
    DWORD i;

    for (i = 0; i < guids->count; i++)
    {
        if (!cardtype_supports(&card->type, (const uint8_t *)&guids->guids[i]))
            return FALSE;
    }
    return TRUE;
}
