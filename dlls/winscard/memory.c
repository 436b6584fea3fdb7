/*
 * Memory that functions allocate for their callers: SCARD_AUTOALLOCATE.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What was given is listed, so that a pointer from elsewhere is an error and not a broken heap.
 */

#include "memory.h"

#include "calls.h"

#define BUCKETS 64

struct given_block
{
    struct given_block *next;
    void *memory;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct given_block *buckets[BUCKETS];

static struct given_block **bucket_of(const void *memory)
{
    return &buckets[((ULONG_PTR)memory >> 4) % BUCKETS];
}

void *memory_allocate(SIZE_T size)
{
    struct given_block *block = HeapAlloc(GetProcessHeap(), 0, sizeof(*block)), **bucket;
    void *memory = HeapAlloc(GetProcessHeap(), 0, size ? size : 1);

    if (!block || !memory)
    {
        HeapFree(GetProcessHeap(), 0, block);
        HeapFree(GetProcessHeap(), 0, memory);
        return NULL;
    }
    block->memory = memory;
    bucket = bucket_of(memory);
    AcquireSRWLockExclusive(&lock);
    block->next = *bucket;
    *bucket = block;
    ReleaseSRWLockExclusive(&lock);
    return memory;
}

BOOL memory_free(const void *memory)
{
    struct given_block **at, *block;

    AcquireSRWLockExclusive(&lock);
    for (at = bucket_of(memory); *at && (*at)->memory != memory; at = &(*at)->next)
        ;
    if ((block = *at))
        *at = block->next;
    ReleaseSRWLockExclusive(&lock);
    if (!block)
        return FALSE;
    HeapFree(GetProcessHeap(), 0, block->memory);
    HeapFree(GetProcessHeap(), 0, block);
    return TRUE;
}

LONG memory_fits(DWORD count, const void *out, DWORD *length)
{
    if (!length)
        return SCARD_E_INVALID_PARAMETER;
    if (!out || *length == SCARD_AUTOALLOCATE || *length >= count)
        return SCARD_S_SUCCESS;
    *length = count;
    return SCARD_E_INSUFFICIENT_BUFFER;
}

LONG memory_give(const void *data, DWORD count, DWORD size, void *out, DWORD *length)
{
    LONG result = memory_fits(count, out, length);
    void *memory;

    if (result)
        return result;
    if (out && *length != SCARD_AUTOALLOCATE)
        memcpy(out, data, (SIZE_T)count * size);
    else if (!out)
        ; /* the count alone */
    else if ((memory = memory_allocate((SIZE_T)count * size)))
    {
        memcpy(memory, data, (SIZE_T)count * size);
        *(void **)out = memory;
    }
    else
        return SCARD_E_NO_MEMORY;
    *length = count;
    return SCARD_S_SUCCESS;
}

void memory_cleanup(void)
{
    struct given_block *block;
    unsigned i;

    for (i = 0; i < BUCKETS; i++)
    {
        while ((block = buckets[i]))
        {
            buckets[i] = block->next;
            HeapFree(GetProcessHeap(), 0, block);
        }
    }
}

LONG WINAPI SCardFreeMemory(SCARDCONTEXT context, const void *memory)
{
    CALL_RETURN(!memory || memory_free(memory) ? SCARD_S_SUCCESS : SCARD_E_INVALID_PARAMETER);
}
