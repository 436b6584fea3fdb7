/*
 * Selecting card types by the interfaces that they support.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "card_match.h"

#include <objbase.h>

HRESULT cardquery_parse_guids(const struct strings *texts, struct cardquery_guids *out)
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
            cardquery_free_guids(out);
            return E_INVALIDARG;
        }
    }
    out->count = texts->count;
    return S_OK;
}

void cardquery_free_guids(struct cardquery_guids *guids)
{
    CoTaskMemFree(guids->guids);
    ZeroMemory(guids, sizeof(*guids));
}

BOOL cardquery_supports(const struct calais_card *card, const struct cardquery_guids *guids)
{
    DWORD i;

    for (i = 0; i < guids->count; i++)
    {
        if (!cardtype_supports(&card->type, (const uint8_t *)&guids->guids[i]))
            return FALSE;
    }
    return TRUE;
}
