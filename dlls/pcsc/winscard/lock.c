/*
 * The lock of a card over winscard.dll, and how a wait for it is broken.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCardBeginTransaction waits without end and nothing cancels it. So a begin that may have to wait
 * runs on a thread of the pool, and a cancelled caller leaves it there: when it gets the lock after
 * all it gives it back at once.
 */

#include "objects.h"

#include "base/module.h"

enum begin_state
{
    BEGIN_PENDING,
    BEGIN_DONE,
    BEGIN_ABANDONED
};

struct winscard_begin
{
    LONG refs; /* the caller's and the thread's */
    struct winscard_card *card;
    DWORD ticket;
    SCARDHANDLE native;
    HANDLE wake;
    LONG state;
    LONG result;
};

static void begin_put(struct winscard_begin *begin)
{
    if (InterlockedDecrement(&begin->refs))
        return;
    CloseHandle(begin->wake);
    winscard_card_put(begin->card);
    HeapFree(GetProcessHeap(), 0, begin);
}

/* Nobody waits for the lock any more. A handle that was closed took it along. */
static void give_back(struct winscard_begin *begin)
{
    AcquireSRWLockExclusive(&begin->card->lock);
    if (!begin->card->closed && begin->card->native == begin->native)
        winscard_api()->end(begin->native, SCARD_LEAVE_CARD);
    ReleaseSRWLockExclusive(&begin->card->lock);
}

static void CALLBACK run_begin(PTP_CALLBACK_INSTANCE instance, void *parameter)
{
    struct winscard_begin *begin = parameter;

    CallbackMayRunLong(instance);
    begin->result = winscard_api()->begin(begin->native);
    if (InterlockedCompareExchange(&begin->state, BEGIN_DONE, BEGIN_PENDING) != BEGIN_PENDING &&
        !begin->result)
        give_back(begin);
    SetEvent(begin->wake);
    begin_put(begin);
    module_release();
}

static struct winscard_begin *begin_create(struct winscard_card *card, DWORD ticket,
                                           SCARDHANDLE native)
{
    struct winscard_begin *begin = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*begin));

    if (!begin)
        return NULL;
    begin->refs = 1;
    begin->ticket = ticket;
    begin->native = native;
    begin->card = card;
    InterlockedIncrement(&card->refs);
    if ((begin->wake = CreateEventW(NULL, FALSE, FALSE, NULL)))
        return begin;
    winscard_card_put(card);
    HeapFree(GetProcessHeap(), 0, begin);
    return NULL;
}

/* The DLL stays loaded while the thread runs our code: the pool gives that reference back. */
static BOOL start_thread(struct winscard_begin *begin)
{
    TP_CALLBACK_ENVIRON environment;

    TpInitializeCallbackEnviron(&environment);
    TpSetCallbackRaceWithDll(&environment, module_handle());
    begin->refs++;
    module_retain();
    if (TrySubmitThreadpoolCallback(run_begin, begin, &environment))
        return TRUE;
    module_release();
    begin->refs--;
    return FALSE;
}

/* Lock held. */
static BOOL is_cancelled(const struct winscard_card *card, DWORD ticket)
{
    return card->closed || (ticket && card->cancelled && (LONG)(card->cancelled - ticket) >= 0);
}

/* Shows begin to those who may cancel it; FALSE when that was done already, the card was closed, or
 * another thread's begin is there, which goes first. */
static BOOL announce(struct winscard_card *card, struct winscard_begin *begin)
{
    BOOL done;

    AcquireSRWLockExclusive(&card->lock);
    if ((done = !is_cancelled(card, begin->ticket) && !card->beginning))
        card->beginning = begin;
    ReleaseSRWLockExclusive(&card->lock);
    return done;
}

static void withdraw(struct winscard_card *card)
{
    AcquireSRWLockExclusive(&card->lock);
    card->beginning = NULL;
    ReleaseSRWLockExclusive(&card->lock);
}

static LONG begin_on_thread(struct winscard_card *card, DWORD ticket, SCARDHANDLE native)
{
    struct winscard_begin *begin = begin_create(card, ticket, native);
    LONG result = ERROR_OUTOFMEMORY;

    if (!begin)
        return result;
    if (!announce(card, begin))
        result = SCARD_E_CANCELLED;
    else
    {
        if (start_thread(begin))
        {
            WaitForSingleObject(begin->wake, INFINITE);
            if (InterlockedCompareExchange(&begin->state, BEGIN_ABANDONED, BEGIN_PENDING) ==
                BEGIN_PENDING)
                result = SCARD_E_CANCELLED;
            else
                result = winscard_result(begin->result);
        }
        withdraw(card);
    }
    begin_put(begin);
    return result;
}

LONG winscard_lock(struct winscard_card *card, DWORD ticket)
{
    SCARDHANDLE native;
    BOOL waits, lost;
    LONG result;

    AcquireSRWLockShared(&card->lock);
    native = card->native;
    lost = card->lost || card->closed;
    waits = !card->depth && card->share != SC_SHARE_EXCLUSIVE;
    ReleaseSRWLockShared(&card->lock);
    if (lost)
        return SCARD_E_INVALID_HANDLE;
    if (waits)
        result = begin_on_thread(card, ticket, native);
    else
        result = winscard_result(winscard_api()->begin(native));
    if (!result)
        InterlockedIncrement(&card->depth);
    return result;
}

LONG winscard_begin(transport_id id, DWORD ticket)
{
    struct winscard_card *card = winscard_card_get(id);
    LONG result;

    if (!card)
        return SCARD_E_INVALID_HANDLE;
    result = winscard_lock(card, ticket);
    winscard_card_put(card);
    return result;
}

LONG winscard_end(transport_id id, DWORD disposition)
{
    struct winscard_card *card = winscard_card_get(id);
    LONG result = SCARD_E_NOT_TRANSACTED;

    if (!card)
        return SCARD_E_INVALID_HANDLE;
    if (card->lost)
        result = SCARD_E_INVALID_HANDLE;
    /* Counting (transport.h). An application may have begun on its own handle. */
    else if (card->depth || card->wrapped)
        result = winscard_result(winscard_api()->end(card->native, disposition));
    AcquireSRWLockExclusive(&card->lock);
    if (!result && card->depth)
        card->depth--;
    else if (result == SCARD_E_NOT_TRANSACTED)
        card->depth = 0;
    ReleaseSRWLockExclusive(&card->lock);
    winscard_card_put(card);
    return result;
}

void winscard_break_begin(struct winscard_card *card)
{
    AcquireSRWLockExclusive(&card->lock);
    if (card->beginning)
        SetEvent(card->beginning->wake);
    ReleaseSRWLockExclusive(&card->lock);
}

LONG winscard_cancel_begin(transport_id id, DWORD ticket)
{
    struct winscard_card *card;

    if (!ticket)
        return SCARD_E_INVALID_PARAMETER;
    if (!(card = winscard_card_get(id)))
        return SCARD_E_INVALID_HANDLE;
    AcquireSRWLockExclusive(&card->lock);
    if (!card->cancelled || (LONG)(ticket - card->cancelled) > 0)
        card->cancelled = ticket;
    if (card->beginning && is_cancelled(card, card->beginning->ticket))
        SetEvent(card->beginning->wake);
    ReleaseSRWLockExclusive(&card->lock);
    winscard_card_put(card);
    return SCARD_S_SUCCESS;
}
