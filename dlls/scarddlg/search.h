/*
 * A search for a card, and the cards that satisfy it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_SEARCH_H
#define SCARDDLG_SEARCH_H

#include "base/strings.h"
#include "registry/card_match.h"
#include "pcsc/watch.h"

/* What a search is made of; all that is left out, or zero, is no condition. */
struct search_terms
{
    const struct strings *names;      /* one of these cards, */
    struct card_match_guids guids;    /* that supports all of these interfaces, */
    const struct strings *groups;     /* in a reader of one of these groups */
    const WCHAR *title, *description; /* for the dialog */
    LONG flags;                       /* one of SC_DLG_ */
};

/* One configuration: immutable, reference counted. */
struct search
{
    LONG refs;
    struct strings names;
    struct card_match_guids guids;
    WCHAR *groups;      /* multi-string, NULL: all readers */
    WCHAR *title;       /* never NULL */
    WCHAR *description; /* never NULL; "": the dialog's own words */
    LONG flags;
};

/* Copies the terms. Returns E_INVALIDARG for flags that are not one of SC_DLG_, and
 * E_OUTOFMEMORY. */
HRESULT search_create(const struct search_terms *terms, struct search **out);
void search_retain(struct search *search);
void search_release(struct search *search); /* NULL is allowed */

/* The card database as a search sees it. */
struct candidates
{
    struct calais_list list;
    BYTE *wanted; /* for each card of the list */
    BOOL any;     /* every card is wanted, known or not */
};

/* Reads the database. Returns SCARD_E_UNKNOWN_CARD when it lacks a name of the search. */
LONG candidates_load(const struct search *search, struct candidates *out);
void candidates_free(struct candidates *candidates);

/* True when the reader holds a wanted card. */
BOOL candidates_match(const struct candidates *candidates, const struct watch_reader *reader);

/* The names of the card in the reader, wanted ones first: a multi-string, HeapAlloc'd; an empty one
 * when it is unknown. NULL: out of memory. */
WCHAR *candidates_names(const struct candidates *candidates, const struct watch_reader *reader);

/* The same separated by ", ", as many as fit. */
void candidates_describe(const struct candidates *candidates, const struct watch_reader *reader,
                         WCHAR *text, size_t size);

#endif
