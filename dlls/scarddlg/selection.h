/*
 * What the arguments of scarddlg.dll's functions mean, in numbers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Sources: Microsoft's pages on OPENCARDNAME, OPENCARDNAME_EX, OPENCARD_SEARCH_CRITERIA,
 * SCardUIDlgSelectCard and GetOpenCardName; mingw-w64's winscard.h. The pages name few errors:
 * those of wrong arguments, and all of SCardDlgExtendedError, are guesses.
 */

#ifndef SCARDDLG_SELECTION_H
#define SCARDDLG_SELECTION_H

#include <stdint.h>

/* Flags of a dialog, and of SCardDlgExtendedError (winscard.h). */
#define SELECTION_MINIMAL    1u /* a dialog only if the search finds no card, or several */
#define SELECTION_SILENT     2u /* none */
#define SELECTION_FORCED     4u /* always */
#define SELECTION_NO_NAME    0x4000u
#define SELECTION_NO_SUPPORT 0x8000u

/* More interfaces than the card database keeps of a card. */
#define SELECTION_INTERFACES_MAX 64u

/* A structure as its caller filled it in. */
struct selection_form
{
    uint32_t size, due_size; /* what dwStructSize says, and what is right */
    int has_criteria;        /* OPENCARD_SEARCH_CRITERIA */
    uint32_t criteria_size, due_criteria_size;
    uint32_t flags;
    int has_interfaces; /* the array is there */
    uint32_t interfaces;
};

/* The flag that counts; none means SELECTION_MINIMAL. 0 for several, and for unknown ones. */
uint32_t selection_flag(uint32_t flags);

/* SC_INVALID_VALUE: a wrong size, flags, too many interfaces; SC_INVALID_PARAMETER: interfaces
 * without an array. Sizes come first: the rest of a structure of wrong size is not what it seems.
 * *extended: for SCardDlgExtendedError. */
int32_t selection_check(const struct selection_form *form, uint32_t *extended);

/* What SCardDlgExtendedError says after a result. */
uint32_t selection_extended(int32_t result);

/* Who connects to a card. */
enum selection_way
{
    SELECTION_NOBODY,
    SELECTION_CALLER, /* by its routine, whatever the share mode says */
    SELECTION_US      /* by SCardConnect */
};

enum selection_way selection_way(int has_routine, uint32_t share);

/*
 * What becomes of the connection on which a check accepted the card, once that card was chosen: 1:
 * it is handed to the caller, 0: it is closed. way is who made it, final who connects to a chosen
 * card; one_set: the structure (OPENCARDNAME) has one set of routines, so both are the same.
 */
int selection_hands_over(int one_set, enum selection_way way, enum selection_way final);

/*
 * Whether a verdict on a card is void (1), so that it must be asked again: another card came, the
 * one that was kept by other programs may be free, or the resource manager was away. then and now
 * are states of the reader. A card that was refused stays refused: asking again would change the
 * state, and so never end.
 */
int selection_is_void(int32_t verdict, uint32_t then, uint32_t now);

#endif
