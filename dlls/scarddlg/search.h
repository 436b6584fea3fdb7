/*
 * What ISCardLocate looks for, and in which cards it finds it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_SEARCH_H
#define SCARDDLG_SEARCH_H

#include "base/strings.h"
#include "registry/card_match.h"
#include "pcsc/watch.h"

enum search_kind
{
    SEARCH_BY_NAME,
    SEARCH_BY_GUID
};

/* One configuration; never changes, reference counted. */
struct search
{
    LONG refs;
    enum search_kind kind;
    struct strings names;          /* SEARCH_BY_NAME; with no name every card is meant */
    struct card_match_guids guids; /* SEARCH_BY_GUID: all of them are needed; none: every card */
    WCHAR *groups;                 /* multi-string, NULL: all readers */
    WCHAR *title;                  /* never NULL */
    LONG flags;                    /* one of SC_DLG_ */
};

/*
 * texts are card names or GUIDs by kind, groups those of the readers; copied, as is the title: NULL
 * is "". E_INVALIDARG for flags that are not one of SC_DLG_ and texts that are no GUIDs.
 * E_OUTOFMEMORY.
 */
HRESULT search_create(enum search_kind kind, const struct strings *texts,
                      const struct strings *groups, const WCHAR *title, LONG flags,
                      struct search **out);
void search_retain(struct search *search);
void search_release(struct search *search); /* NULL is allowed */

/* The card database as a search sees it. */
struct candidates
{
    struct calais_list list;
    BYTE *wanted; /* for each card of the list */
    BOOL any;     /* every card is wanted, known or not */
};

/* Reads the database. SCARD_E_UNKNOWN_CARD when a name of the search is not in it. */
LONG candidates_load(const struct search *search, struct candidates *out);
void candidates_free(struct candidates *candidates);

/* True when the reader holds a wanted card. */
BOOL candidates_match(const struct candidates *candidates, const struct watch_reader *reader);

/* The names of the card in the reader, with ", " between, shortened to fit; "" when unknown. */
void candidates_describe(const struct candidates *candidates, const struct watch_reader *reader,
                         WCHAR *text, size_t size);

#endif
