/*
 * The cache of what cards hold: SCardReadCache, SCardWriteCache.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Windows' is of the machine; this one is of the process, which is no difference for a program that
 * can do without what it finds missing. An item belongs to a card and a name, and is as fresh as
 * the counter that it was written with: another counter makes it stale.
 */

#include "cache.h"

#include "calls.h"
#include "memory.h"
#include "strings.h"

#ifndef SCARD_W_CACHE_ITEM_NOT_FOUND
#define SCARD_W_CACHE_ITEM_NOT_FOUND ((LONG)0x80100070)
#define SCARD_W_CACHE_ITEM_STALE     ((LONG)0x80100071)
#define SCARD_W_CACHE_ITEM_TOO_BIG   ((LONG)0x80100072)
#endif

/* An item's data, and those of all together, in bytes. */
#define ITEM_MAX  0x10000u
#define CACHE_MAX 0x100000u

struct item
{
    struct item *next;
    UUID card;
    WCHAR *name;
    DWORD freshness;
    DWORD size;
    BYTE data[];
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct item *items; /* the newest first */
static DWORD used;

/* Lock held. Where the item hangs, or the list's end. */
static struct item **find(const UUID *card, const WCHAR *name)
{
    struct item **at = &items;

    while (*at && (memcmp(&(*at)->card, card, sizeof(*card)) || wcscmp((*at)->name, name)))
        at = &(*at)->next;
    return at;
}

/* Lock held, or the item in no list. Data of cards may be anything. */
static void free_item(struct item *item)
{
    SecureZeroMemory(item->data, item->size);
    HeapFree(GetProcessHeap(), 0, item->name);
    HeapFree(GetProcessHeap(), 0, item);
}

/* Lock held. */
static void drop(struct item **at)
{
    struct item *item = *at;

    if (!item)
        return;
    *at = item->next;
    used -= item->size;
    free_item(item);
}

void cache_cleanup(void)
{
    while (items)
        drop(&items);
}

static LONG take_arguments(SCARDCONTEXT value, const UUID *card, const void *name, BOOL ansi,
                           WCHAR **wide)
{
    struct pcsc_context *context;
    LONG result;

    if ((result = call_context(value, FALSE, &context)))
        return result;
    context_release(context);
    if (!card || !name)
        return SCARD_E_INVALID_PARAMETER;
    return strings_take(name, ansi, wide);
}

/* ---- reading ---- */

static LONG read_item(SCARDCONTEXT value, const UUID *card, DWORD freshness, const void *name,
                      BOOL ansi, BYTE *data, DWORD *size)
{
    const struct item *item;
    WCHAR *wide;
    LONG result;

    if ((result = take_arguments(value, card, name, ansi, &wide)))
        return result;
    AcquireSRWLockShared(&lock);
    if (!(item = *find(card, wide)))
        result = SCARD_W_CACHE_ITEM_NOT_FOUND;
    else if (item->freshness != freshness)
        result = SCARD_W_CACHE_ITEM_STALE;
    else
        result = memory_give(item->data, item->size, 1, data, size);
    ReleaseSRWLockShared(&lock);
    HeapFree(GetProcessHeap(), 0, wide);
    return result;
}

LONG WINAPI SCardReadCacheA(SCARDCONTEXT context, UUID *card, DWORD freshness, char *name,
                            BYTE *data, DWORD *size)
{
    CALL_RETURN(read_item(context, card, freshness, name, TRUE, data, size));
}

LONG WINAPI SCardReadCacheW(SCARDCONTEXT context, UUID *card, DWORD freshness, WCHAR *name,
                            BYTE *data, DWORD *size)
{
    CALL_RETURN(read_item(context, card, freshness, name, FALSE, data, size));
}

/* ---- writing ---- */

static LONG make_item(const UUID *card, DWORD freshness, WCHAR *name, const BYTE *data, DWORD size,
                      struct item **out)
{
    if (!(*out = HeapAlloc(GetProcessHeap(), 0, sizeof(**out) + size)))
        return SCARD_E_NO_MEMORY;
    (*out)->card = *card;
    (*out)->name = name;
    (*out)->freshness = freshness;
    (*out)->size = size;
    if (size)
        memcpy((*out)->data, data, size);
    return SCARD_S_SUCCESS;
}

/* The oldest make room. */
static void insert(struct item *item)
{
    struct item **last;

    AcquireSRWLockExclusive(&lock);
    drop(find(&item->card, item->name));
    while (items && used + item->size > CACHE_MAX)
    {
        for (last = &items; (*last)->next; last = &(*last)->next)
            ;
        drop(last);
    }
    used += item->size;
    item->next = items;
    items = item;
    ReleaseSRWLockExclusive(&lock);
}

static LONG write_item(SCARDCONTEXT value, const UUID *card, DWORD freshness, const void *name,
                       BOOL ansi, const BYTE *data, DWORD size)
{
    struct item *item;
    WCHAR *wide;
    LONG result;

    if (size && !data)
        return SCARD_E_INVALID_PARAMETER;
    if (size > ITEM_MAX)
        return SCARD_W_CACHE_ITEM_TOO_BIG;
    if ((result = take_arguments(value, card, name, ansi, &wide)))
        return result;
    if (!(result = make_item(card, freshness, wide, data, size, &item)))
        insert(item);
    else
        HeapFree(GetProcessHeap(), 0, wide);
    return result;
}

LONG WINAPI SCardWriteCacheA(SCARDCONTEXT context, UUID *card, DWORD freshness, char *name,
                             BYTE *data, DWORD size)
{
    CALL_RETURN(write_item(context, card, freshness, name, TRUE, data, size));
}

LONG WINAPI SCardWriteCacheW(SCARDCONTEXT context, UUID *card, DWORD freshness, WCHAR *name,
                             BYTE *data, DWORD size)
{
    CALL_RETURN(write_item(context, card, freshness, name, FALSE, data, size));
}
