/*
 * Selecting card types by the interfaces that they support.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef REGISTRY_CARD_MATCH_H
#define REGISTRY_CARD_MATCH_H

#include "base/strings.h"
#include "calais.h"

/* The interfaces, all of which a card must support. */
struct card_match_guids
{
    GUID *guids;
    DWORD count;
};

/* Parses "{...}" texts. Returns E_INVALIDARG for any other text; *out is empty then. */
HRESULT card_match_parse_guids(const struct strings *texts, struct card_match_guids *out);
/* E_OUTOFMEMORY; *out is empty then. */
HRESULT card_match_copy_guids(const struct card_match_guids *guids, struct card_match_guids *out);
void card_match_free_guids(struct card_match_guids *guids);

/* True when the type supports all of them; an empty list is no condition. */
BOOL card_match_supports(const struct calais_card *card, const struct card_match_guids *guids);

#endif
