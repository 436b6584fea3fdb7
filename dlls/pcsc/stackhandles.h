/*
 * HSCARDs that the stack chose, not we: what they stand for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef PCSC_STACKHANDLES_H
#define PCSC_STACKHANDLES_H

#include <windows.h>

/* Part of the record that it belongs to; zeroes at first. */
struct native_handle
{
    ULONG_PTR value; /* 0: not in the list */
    void *record;
    struct native_handle *next;
};

/* Puts record into the list under value, or moves it there; value 0 takes it out. */
void native_handle_set(struct native_handle *handle, ULONG_PTR value, void *record);

/* The record of a value, for which retain has taken a reference; else NULL. */
void *native_handle_find(ULONG_PTR value, BOOL (*retain)(void *record));

#endif
