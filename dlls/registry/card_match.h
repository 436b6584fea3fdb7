/*
 * Which card types are meant: by ATR, by interfaces, by names.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef REGISTRY_CARD_MATCH_H
#define REGISTRY_CARD_MATCH_H

#include "base/strings.h"
#include "calais.h"

/* The interfaces that a card must support, all of them. */
struct cardquery_guids
{
    GUID *guids;
    DWORD count;
};

/* Reads "{...}" texts. E_INVALIDARG for any other text; *out is empty then. */
HRESULT cardquery_parse_guids(const struct strings *texts, struct cardquery_guids *out);
void cardquery_free_guids(struct cardquery_guids *guids);

/* True when the type supports all of them; none at all is no condition. */
BOOL cardquery_supports(const struct calais_card *card, const struct cardquery_guids *guids);

#endif
