/*
 * Values of HSCARD and HSCARDCONTEXT, and what they stand for.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

#include "handles.h"

#define VALUE_STEP  16
#define BLOCK_SIZE  (HANDLES_MAX * VALUE_STEP)
#define LOWEST_HINT 0x10000000u
#define HINT_STEP   0x01000000u
#define HINT_END    0x7f000000u

struct slot
{
    enum handle_kind kind;
    void *record; /* NULL: free */
};

static struct
{
    SRWLOCK lock;
    ULONG_PTR base;
    struct slot *slots;
    unsigned next; /* where the search for a free slot begins */
} table = {SRWLOCK_INIT, 0, NULL, 0};

static void *reserve_block(void)
{
    ULONG_PTR hint;
    void *block;

    for (hint = LOWEST_HINT; hint < HINT_END; hint += HINT_STEP)
        if ((block = VirtualAlloc((void *)hint, BLOCK_SIZE, MEM_RESERVE | MEM_COMMIT,
                                  PAGE_READONLY)))
            return block;
    return VirtualAlloc(NULL, BLOCK_SIZE, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
}

/* Lock held. */
static BOOL table_ready(void)
{
    if (!table.slots)
        table.slots = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY,
                                HANDLES_MAX * sizeof(*table.slots));
    if (table.slots && !table.base)
        table.base = (ULONG_PTR)reserve_block();
    return table.slots && table.base;
}

/* Lock held. */
static struct slot *slot_of(ULONG_PTR value)
{
    ULONG_PTR offset = value - table.base;

    if (!table.base || value < table.base || offset >= BLOCK_SIZE || offset % VALUE_STEP)
        return NULL;
    return &table.slots[offset / VALUE_STEP];
}

LONG handle_issue(enum handle_kind kind, void *record, ULONG_PTR *value)
{
    LONG result = SCARD_E_NO_MEMORY;
    unsigned tried, n;

    *value = 0;
    AcquireSRWLockExclusive(&table.lock);
    for (tried = 0; table_ready() && tried < HANDLES_MAX; tried++)
    {
        n = (table.next + tried) % HANDLES_MAX;
        if (table.slots[n].record)
            continue;
        table.slots[n].kind = kind;
        table.slots[n].record = record;
        table.next = (n + 1) % HANDLES_MAX;
        *value = table.base + (ULONG_PTR)n * VALUE_STEP;
        result = SCARD_S_SUCCESS;
        break;
    }
    ReleaseSRWLockExclusive(&table.lock);
    return result;
}

void *handle_find(enum handle_kind kind, ULONG_PTR value, BOOL (*retain)(void *record))
{
    struct slot *slot;
    void *record = NULL;

    AcquireSRWLockShared(&table.lock);
    if ((slot = slot_of(value)) && slot->record && slot->kind == kind && retain(slot->record))
        record = slot->record;
    ReleaseSRWLockShared(&table.lock);
    return record;
}

void handles_cleanup(void)
{
    if (table.base)
        VirtualFree((void *)table.base, 0, MEM_RELEASE);
    if (table.slots)
        HeapFree(GetProcessHeap(), 0, table.slots);
    table.base = 0;
    table.slots = NULL;
}

BOOL handle_free(ULONG_PTR value)
{
    struct slot *slot;
    BOOL found;

    AcquireSRWLockExclusive(&table.lock);
    if ((found = (slot = slot_of(value)) && slot->record))
        slot->record = NULL;
    ReleaseSRWLockExclusive(&table.lock);
    return found;
}

/* ---- of the stack ---- */

static SRWLOCK stack_lock = SRWLOCK_INIT;
static struct stack_handle *first;

/* Lock held. */
static void take_out(struct stack_handle *handle)
{
    struct stack_handle **at = &first;

    while (*at && *at != handle)
        at = &(*at)->next;
    if (*at)
        *at = handle->next;
    handle->next = NULL;
}

void stack_handle_set(struct stack_handle *handle, ULONG_PTR value, void *record)
{
    AcquireSRWLockExclusive(&stack_lock);
    take_out(handle);
    handle->value = value;
    handle->record = record;
    if (value)
    {
        handle->next = first;
        first = handle;
    }
    ReleaseSRWLockExclusive(&stack_lock);
}

void *stack_handle_find(ULONG_PTR value, BOOL (*retain)(void *record))
{
    struct stack_handle *handle;
    void *record = NULL;

    AcquireSRWLockShared(&stack_lock);
    for (handle = first; handle && value && !record; handle = handle->next)
        if (handle->value == value && retain(handle->record))
            record = handle->record;
    ReleaseSRWLockShared(&stack_lock);
    return record;
}
