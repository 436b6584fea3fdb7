/*
 * Cards over winscard.dll: connecting, reconnecting, disconnecting, handles of the application.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "objects.h"

#include "base/strings.h"
#include "pcsc/handles.h"
#include "pcsc/litevalues.h"

/* What Wine's winscard looks at in memory before it takes a value for a handle of its own. */
#define NATIVE_RECORD 16
#define NAME_SIZE     1024
/* Bytes of a reader's name in pcsc-lite, UTF-8. */
#define LITE_NAME_SIZE 128

static BOOL retain_card(void *record)
{
    struct winscard_card *card = record;

    InterlockedIncrement(&card->refs); /* the table's own reference is still there */
    return TRUE;
}

struct winscard_card *winscard_card_get(transport_id id)
{
    return handle_find(HANDLE_TRANSPORT_CARD, (ULONG_PTR)id, retain_card);
}

void winscard_card_put(struct winscard_card *card)
{
    if (InterlockedDecrement(&card->refs))
        return;
    winscard_context_put(card->context);
    HeapFree(GetProcessHeap(), 0, card->reader);
    HeapFree(GetProcessHeap(), 0, card);
}

/* Takes over the reference to context in any case. */
static struct winscard_card *card_create(struct winscard_context *context, const WCHAR *reader)
{
    struct winscard_card *card = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*card));

    if (card && !(card->reader = string_copy(reader)))
    {
        HeapFree(GetProcessHeap(), 0, card);
        card = NULL;
    }
    if (!card)
    {
        winscard_context_put(context);
        return NULL;
    }
    card->refs = 1;
    card->context = context;
    InitializeSRWLock(&card->lock);
    return card;
}

/* ---- values ---- */

static BOOL raw_refused(LONG result)
{
    return result == SCARD_E_PROTO_MISMATCH || result == SCARD_E_INVALID_VALUE ||
           result == SCARD_E_INVALID_PARAMETER;
}

/* Tries WinSCard's number of RAW first, then pcsc-lite's. */
#define WITH_RAW(result, wanted, call) \
    do { \
        result = winscard_result(call); \
        if ((wanted) == SC_PROTOCOL_RAW && raw_refused(result)) \
        { \
            (wanted) = LITE_PROTOCOL_RAW; \
            result = winscard_result(call); \
        } \
    } while (0)

/* ---- connecting ---- */

/* pcsc-lite's word for a name that is longer than any of its readers'. */
static LONG connect_result(LONG result, const WCHAR *reader)
{
    if (result == SCARD_E_INVALID_VALUE && winscard_over_lite() &&
        lstrlenW(reader) >= LITE_NAME_SIZE / 3)
        return SCARD_E_UNKNOWN_READER;
    return result;
}

static LONG open_handle(struct winscard_card *card, DWORD share, uint32_t wanted)
{
    const struct winscard_api *api = winscard_api();
    SCARDHANDLE native = 0;
    DWORD active = 0;
    LONG result;

    WITH_RAW(result, wanted,
             api->connect(card->context->native, card->reader, share, wanted, &native, &active));
    result = connect_result(result, card->reader);
    AcquireSRWLockExclusive(&card->lock);
    card->lost = result != 0;
    if (!result)
    {
        card->native = native;
        card->share = share;
        card->protocol = active;
    }
    ReleaseSRWLockExclusive(&card->lock);
    return result;
}

/* The table takes over the caller's reference. */
static LONG publish(struct winscard_card *card, transport_id *id)
{
    struct winscard_context *context = card->context;
    ULONG_PTR value;
    LONG result = handle_issue(HANDLE_TRANSPORT_CARD, card, &value);

    *id = card->id = result ? 0 : value;
    if (result)
        return result;
    AcquireSRWLockExclusive(&context->lock);
    card->next = context->cards;
    context->cards = card;
    ReleaseSRWLockExclusive(&context->lock);
    return result;
}

/* TRUE for the one caller that takes the table's reference over. */
static BOOL unpublish(struct winscard_card *card)
{
    struct winscard_card **at;

    if (!handle_free((ULONG_PTR)card->id))
        return FALSE;
    AcquireSRWLockExclusive(&card->context->lock);
    for (at = &card->context->cards; *at && *at != card; at = &(*at)->next)
        ;
    if (*at)
        *at = card->next;
    ReleaseSRWLockExclusive(&card->context->lock);
    return TRUE;
}

LONG winscard_connect(transport_id context_id, const WCHAR *reader, DWORD share, DWORD protocols,
                      transport_id *id, DWORD *protocol)
{
    struct winscard_context *context;
    struct winscard_card *card;
    uint32_t wanted;
    LONG result;

    *id = 0;
    if (protocol)
        *protocol = 0;
    if (!reader || !protocols_wanted(protocols, share == SC_SHARE_DIRECT, &wanted))
        return SCARD_E_INVALID_PARAMETER;
    if (!(context = winscard_context_get(context_id)))
        return SCARD_E_INVALID_HANDLE;
    if (!(card = card_create(context, reader)))
        return ERROR_OUTOFMEMORY;
    if (!(result = open_handle(card, share, wanted)) && (result = publish(card, id)))
        winscard_api()->disconnect(card->native, SCARD_LEAVE_CARD);
    if (!result && protocol)
        *protocol = protocol_active(card->protocol);
    if (result)
        winscard_card_put(card);
    return result;
}

LONG winscard_disconnect(transport_id id, DWORD disposition)
{
    struct winscard_card *card = winscard_card_get(id);
    SCARDHANDLE native;
    LONG result = SCARD_S_SUCCESS;
    BOOL ours;

    if (!card)
        return SCARD_E_INVALID_HANDLE;
    AcquireSRWLockExclusive(&card->lock);
    ours = !card->closed && !card->lost && !card->wrapped;
    native = card->native;
    card->closed = TRUE;
    ReleaseSRWLockExclusive(&card->lock);
    winscard_break_begin(card);
    if (ours)
        result = winscard_result(winscard_api()->disconnect(native, disposition));
    /* Nobody else could ever close it. */
    if (result && disposition != SCARD_LEAVE_CARD)
        winscard_api()->disconnect(native, SCARD_LEAVE_CARD);
    if (unpublish(card))
        winscard_card_put(card); /* the table's */
    winscard_card_put(card);
    return result;
}

/* ---- reconnecting ---- */

static LONG lock_again(struct winscard_card *card, LONG depth, DWORD ticket)
{
    LONG result = SCARD_S_SUCCESS;

    InterlockedExchange(&card->depth, 0);
    while (depth-- > 0 && !result)
        result = winscard_lock(card, ticket);
    return result;
}

/* Reopening, as transport.h has it. */
static LONG reopen(struct winscard_card *card, DWORD share, uint32_t wanted, DWORD disposition,
                   DWORD ticket)
{
    LONG depth = card->depth, result;

    if (!card->lost)
    {
        result = winscard_result(winscard_api()->disconnect(card->native, disposition));
        if (result && result != SCARD_E_INVALID_HANDLE)
            return result;
    }
    if ((result = open_handle(card, share, wanted)))
        return result;
    return lock_again(card, depth, ticket);
}

/* The lock of EXCLUSIVE (transport.h). */
static void lock_base(struct winscard_card *card)
{
    if (!winscard_api()->begin(card->native))
        winscard_api()->end(card->native, SCARD_LEAVE_CARD);
}

static LONG reconnect(struct winscard_card *card, DWORD share, uint32_t wanted, DWORD disposition,
                      DWORD ticket)
{
    const struct winscard_api *api = winscard_api();
    LONG depth = card->depth, result;
    DWORD active = card->protocol;

    WITH_RAW(result, wanted, api->reconnect(card->native, share, wanted, disposition, &active));
    if (result)
        return result;
    AcquireSRWLockExclusive(&card->lock);
    card->share = share;
    card->protocol = active;
    ReleaseSRWLockExclusive(&card->lock);
    /* Windows gives all locks up in a reconnect, pcsc-lite keeps them. */
    if (!winscard_over_lite())
        return lock_again(card, depth, ticket);
    if (share == SC_SHARE_EXCLUSIVE)
        lock_base(card);
    return SCARD_S_SUCCESS;
}

LONG winscard_reconnect(transport_id id, DWORD share, DWORD protocols, DWORD disposition,
                        DWORD ticket, DWORD *protocol)
{
    struct winscard_card *card;
    uint32_t wanted;
    BOOL anew;
    LONG result;

    if (protocol)
        *protocol = 0;
    if (!protocols_wanted(protocols, share == SC_SHARE_DIRECT, &wanted))
        return SCARD_E_INVALID_PARAMETER;
    if (!(card = winscard_card_get(id)))
        return SCARD_E_INVALID_HANDLE;
    /* Whether only a new handle will do (transport.h). */
    anew = card->lost || (winscard_over_lite() && card->share == SC_SHARE_EXCLUSIVE &&
                          share != SC_SHARE_EXCLUSIVE);
    if (anew && card->wrapped)
        result = SCARD_E_SHARING_VIOLATION; /* the handle is not ours to close */
    else if (anew)
        result = reopen(card, share, wanted, disposition, ticket);
    else
        result = reconnect(card, share, wanted, disposition, ticket);
    /* An empty reader. */
    if (result == SCARD_E_NO_SMARTCARD && share == SC_SHARE_DIRECT && !card->wrapped)
        result = reopen(card, share, wanted, disposition, ticket);
    if (!result && protocol)
        *protocol = protocol_active(card->protocol);
    winscard_card_put(card);
    return result;
}

/* ---- handles of the application ---- */

/* Wine's winscard follows a handle as a pointer without a check. */
static BOOL readable(ULONG_PTR native)
{
    BYTE bytes[NATIVE_RECORD];
    SIZE_T size = 0;

    return ReadProcessMemory(GetCurrentProcess(), (const void *)native, bytes, sizeof(bytes),
                             &size) &&
           size == sizeof(bytes);
}

/* SCardStatus does not tell the share mode, the state of the reader does: while somebody has a
 * card for himself nobody else is connected. */
static DWORD share_of(const struct winscard_context *context, const WCHAR *reader)
{
    SCARD_READERSTATEW state = {.szReader = reader};

    if (reader[0] && !winscard_api()->get_status_change(context->native, 0, &state, 1) &&
        state.dwEventState & SCARD_STATE_EXCLUSIVE)
        return SC_SHARE_EXCLUSIVE;
    return SC_SHARE_SHARED;
}

static LONG wrap_handle(struct winscard_context *context, SCARDHANDLE native,
                        struct winscard_card **out)
{
    DWORD state = 0, protocol = 0, length = NAME_SIZE, atr_length = TRANSPORT_ATR_SIZE;
    BYTE atr[TRANSPORT_ATR_SIZE];
    WCHAR name[NAME_SIZE] = {0};
    struct winscard_card *card;
    LONG result;

    result = winscard_result(
        winscard_api()->status(native, name, &length, &state, &protocol, atr, &atr_length));
    /* A reset keeps everything from us but the fact; the application reconnects, or we do. */
    if (result == SCARD_W_RESET_CARD)
        name[0] = 0;
    else if (!result && wcsnlen(name, NAME_SIZE) == NAME_SIZE)
        return SCARD_F_INTERNAL_ERROR;
    else if (result)
        return result == SCARD_E_INVALID_HANDLE ? ERROR_INVALID_HANDLE : result;
    InterlockedIncrement(&context->refs);
    if (!(card = card_create(context, name)))
        return ERROR_OUTOFMEMORY;
    card->wrapped = TRUE;
    card->native = native;
    card->protocol = protocol;
    card->share = share_of(context, name);
    *out = card;
    return SCARD_S_SUCCESS;
}

LONG winscard_wrap(transport_id context_id, ULONG_PTR native, transport_id *id, WCHAR **reader,
                   DWORD *share)
{
    struct winscard_context *context = winscard_context_get(context_id);
    struct winscard_card *card = NULL;
    LONG result;

    *id = 0;
    *reader = NULL;
    *share = 0;
    if (!context)
        return SCARD_E_INVALID_HANDLE;
    if (!native || (winscard_over_lite() && !readable(native)))
        result = ERROR_INVALID_HANDLE;
    else
        result = wrap_handle(context, native, &card);
    winscard_context_put(context);
    if (result)
        return result;
    if (!(*reader = string_copy(card->reader)))
        result = ERROR_OUTOFMEMORY;
    else if (!(result = publish(card, id)))
    {
        *share = card->share;
        return SCARD_S_SUCCESS;
    }
    HeapFree(GetProcessHeap(), 0, *reader);
    *reader = NULL;
    winscard_card_put(card);
    return result;
}
