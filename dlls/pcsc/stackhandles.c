/*
 * HSCARDs that the stack chose, not we: what they stand for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "stackhandles.h"

static SRWLOCK lock = SRWLOCK_INIT;
static struct native_handle *first;

/* Lock held. */
static void take_out(struct native_handle *handle)
{
    struct native_handle **at = &first;

    while (*at && *at != handle)
        at = &(*at)->next;
    if (*at)
        *at = handle->next;
    handle->next = NULL;
}

void native_handle_set(struct native_handle *handle, ULONG_PTR value, void *record)
{
    AcquireSRWLockExclusive(&lock);
    take_out(handle);
    handle->value = value;
    handle->record = record;
    if (value)
    {
        handle->next = first;
        first = handle;
    }
    ReleaseSRWLockExclusive(&lock);
}

void *native_handle_find(ULONG_PTR value, BOOL (*retain)(void *record))
{
    struct native_handle *handle;
    void *record = NULL;

    AcquireSRWLockShared(&lock);
    for (handle = first; handle && value && !record; handle = handle->next)
        if (handle->value == value && retain(handle->record))
            record = handle->record;
    ReleaseSRWLockShared(&lock);
    return record;
}
