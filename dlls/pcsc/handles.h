/*
 * Values of HSCARD and HSCARDCONTEXT, and what they stand for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A value is an address inside one reserved, read-only, zero-filled block, below 2 GiB where that
 * can be had: 64-bit clients made from the 32-bit type library truncate it, and another DLL that
 * dereferences it reads zeros. A freed value comes back only after all other free ones.
 */

#ifndef PCSC_HANDLES_H
#define PCSC_HANDLES_H

#include <windows.h>

enum handle_kind
{
    HANDLE_CONTEXT = 1,
    HANDLE_CARD,
    /* Ids of a transport that has no table of its own; no application sees them. */
    HANDLE_TRANSPORT_CONTEXT,
    HANDLE_TRANSPORT_CARD
};

/* How many values there are. */
#define HANDLES_MAX 16384

/*
 * Issues a value for record, which the table does not own. SCARD_E_NO_MEMORY when the block cannot
 * be had or the table is full; *value is 0 then.
 */
LONG handle_issue(enum handle_kind kind, void *record, ULONG_PTR *value);

/*
 * Finds the record of a value and lets retain take a reference before anybody can free it; retain
 * answers FALSE when the last reference is just going.
 * NULL for a value never issued, freed, or of another kind.
 */
void *handle_find(enum handle_kind kind, ULONG_PTR value, BOOL (*retain)(void *record));

/* Takes a value out of the table; FALSE for one that is not in it. */
BOOL handle_free(ULONG_PTR value);

/* Gives the memory of the table and its block back; called when the DLL is unloaded. */
void handles_cleanup(void);

/* ---- HSCARDs that the stack chose, not we ---- */

/* Part of the record that it belongs to; zeroes at first. */
struct stack_handle
{
    ULONG_PTR value; /* 0: not in the list */
    void *record;
    struct stack_handle *next;
};

/* Puts record into the list under value, or moves it there; value 0 takes it out. */
void stack_handle_set(struct stack_handle *handle, ULONG_PTR value, void *record);

/* The record of a value, for which retain has taken a reference; else NULL. */
void *stack_handle_find(ULONG_PTR value, BOOL (*retain)(void *record));

#endif
