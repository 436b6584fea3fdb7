/*
 * What the arguments of scarddlg.dll's functions mean, in numbers.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "selection.h"

#include "iso7816/result.h"

/* The high word of a reader's state. */
#define EVENTS 0xffff0000u

uint32_t selection_flag(uint32_t flags)
{
    switch (flags)
    {
    case 0: return SELECTION_MINIMAL;
    case SELECTION_MINIMAL:
    case SELECTION_SILENT:
    case SELECTION_FORCED: return flags;
    default: return 0;
    }
}

int32_t selection_check(const struct selection_form *form, uint32_t *extended)
{
    int32_t result = SC_OK;

    *extended = 0;
    if (form->size != form->due_size)
        result = SC_INVALID_VALUE;
    else if (form->has_criteria && form->criteria_size != form->due_criteria_size)
        result = SC_INVALID_VALUE;
    else if (!selection_flag(form->flags))
        result = SC_INVALID_VALUE;
    if (result)
    {
        *extended = (uint32_t)result;
        return result;
    }
    if (form->interfaces > SELECTION_INTERFACES_MAX)
        result = SC_INVALID_VALUE;
    else if (form->interfaces && !form->has_interfaces)
        result = SC_INVALID_PARAMETER;
    if (result)
        *extended = SELECTION_NO_SUPPORT;
    return result;
}

uint32_t selection_extended(int32_t result)
{
    return result == SC_UNKNOWN_CARD ? SELECTION_NO_NAME : (uint32_t)result;
}

enum selection_way selection_way(int has_routine, uint32_t share)
{
    if (has_routine)
        return SELECTION_CALLER;
    return share ? SELECTION_US : SELECTION_NOBODY;
}

/* "The located card will remain connected", says the page on the check; the page on the share mode,
 * that without one no handle comes back. So what the caller connected stays, and what we connected
 * for nothing but the check does not. */
int selection_hands_over(int one_set, enum selection_way way, enum selection_way final)
{
    if (way == SELECTION_NOBODY)
        return 0;
    if (one_set)
        return 1;
    return final == SELECTION_NOBODY && way == SELECTION_CALLER;
}

int selection_is_void(int32_t verdict, uint32_t then, uint32_t now)
{
    if ((then & EVENTS) != (now & EVENTS))
        return 1;
    if (result_event(verdict) == EVENT_SERVICE_GONE)
        return 1;
    if (verdict != SC_SHARING_VIOLATION)
        return 0;
    return (then ^ now) & (SC_READER_EXCLUSIVE | SC_READER_IN_USE) ? 1 : 0;
}
