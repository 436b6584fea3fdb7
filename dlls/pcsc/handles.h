/*
 * HSCARD and HSCARDCONTEXT values, and the records behind them.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A value is an address in one reserved, read-only, zero-filled block, below 2 GiB if possible:
 * 64-bit clients made from the 32-bit type library truncate it, and another DLL that dereferences
 * it reads zeros. A freed value is reused only after all other free ones.
 */

#ifndef PCSC_HANDLES_H
#define PCSC_HANDLES_H

#include <windows.h>

enum handle_kind
{
    HANDLE_CONTEXT = 1,
    HANDLE_CARD,
    /* Ids of a transport that has no table of its own; applications never see them. */
    HANDLE_TRANSPORT_CONTEXT,
    HANDLE_TRANSPORT_CARD
};

/* The number of values. */
#define HANDLES_MAX 16384

/*
 * Issues a value for record, which the table does not own. Returns SCARD_E_NO_MEMORY when the block
 * cannot be allocated or the table is full; *value is 0 then.
 */
LONG handle_issue(enum handle_kind kind, void *record, ULONG_PTR *value);

/*
 * Finds the record of a value and lets retain take a reference before another thread can free it;
 * retain returns FALSE when the last reference is being dropped. Returns NULL for a value that was
 * never issued, was freed, or is of another kind.
 */
void *handle_find(enum handle_kind kind, ULONG_PTR value, BOOL (*retain)(void *record));

/* Removes a value from the table; FALSE when it is not in it. */
BOOL handle_free(ULONG_PTR value);

/* Frees the table and its block; called when the DLL is unloaded. */
void handles_cleanup(void);

/* ---- HSCARDs that the stack assigned ---- */

/* Embedded in the record that it belongs to; initially zeros. */
struct stack_handle
{
    ULONG_PTR value; /* 0: not in the list */
    void *record;
    struct stack_handle *next;
};

/* Enters record into the list under value, replacing an earlier value; value 0 removes it. */
void stack_handle_set(struct stack_handle *handle, ULONG_PTR value, void *record);

/* The record of a value, with a reference taken by retain; NULL when there is none. */
void *stack_handle_find(ULONG_PTR value, BOOL (*retain)(void *record));

#endif
