/*
 * The transport over winscard.dll: contexts, lists, APDUs, attributes.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * On Windows the calls pass through almost unchanged. Wine's winscard is based on pcsc-lite and
 * passes its values on; the difference is handled in dlls/pcsc/winscard alone.
 */

#include "objects.h"

#include "pcsc/handles.h"
#include "pcsc/litevalues.h"
#include "base/trace.h"
#include "iso7816/wipe.h"
#include "pcsc/unix/caller.h"

#define NAME_SIZE 1024
/* pcsc-lite refuses more room than this, for attributes and for all other data. */
#define ATTRIBUTE_ROOM 264u
#define DATA_ROOM      65548u

/* ---- the stack below ---- */

BOOL winscard_over_lite(void)
{
    static LONG known; /* 1 no, 2 yes */

    if (!known)
        InterlockedExchange(&known, unixcall_possible() ? 2 : 1);
    return known == 2;
}

LONG winscard_result(LONG result)
{
    return result == ERROR_INVALID_HANDLE ? SCARD_E_INVALID_HANDLE : result;
}

/* pcsc-lite's "unsupported feature" has the same number as WinSCard's "unexpected". */
static LONG feature_result(LONG result)
{
    if (winscard_over_lite() && result == SCARD_E_UNEXPECTED)
        return SCARD_E_UNSUPPORTED_FEATURE;
    return winscard_result(result);
}

/* Bits or an ordinal: the first value that cannot be an ordinal shows which the stack uses. */
static DWORD state_of(DWORD state, DWORD protocol)
{
    static LONG bits;

    if (state > 6)
        InterlockedExchange(&bits, 1);
    return bits ? lite_state(state & 0xffff, protocol) : state;
}

/* ---- contexts ---- */

static BOOL retain_context(void *record)
{
    InterlockedIncrement(&((struct winscard_context *)record)->refs);
    return TRUE;
}

struct winscard_context *winscard_context_get(transport_id id)
{
    return handle_find(HANDLE_TRANSPORT_CONTEXT, (ULONG_PTR)id, retain_context);
}

void winscard_context_put(struct winscard_context *context)
{
    if (InterlockedDecrement(&context->refs))
        return;
    winscard_api()->release(context->native);
    CloseHandle(context->cancel);
    HeapFree(GetProcessHeap(), 0, context);
}

/* Any result that only a non-working winscard returns for a faultless call means "no service". */
static LONG establish_result(LONG result)
{
    switch ((ULONG)result)
    {
    case SCARD_S_SUCCESS:
    case SCARD_E_NO_MEMORY:
    case SCARD_E_SERVICE_STOPPED:
    case SCARD_W_SECURITY_VIOLATION: return result;
    case SCARD_E_NO_SERVICE:
        trace_complain("winscard.dll found no resource manager: on Windows start the service "
                       "SCardSvr, on Linux install pcscd and libpcsclite1");
        return result;
    default:
        trace_complain("this Wine's winscard.dll cannot reach cards: before Wine 9 it is a stub, "
                       "and it never worked for 32-bit programs of a 32-bit Wine");
        return SCARD_E_NO_SERVICE;
    }
}

static LONG open_native(SCARDCONTEXT *native)
{
    const struct winscard_api *api = winscard_api();

    if (api)
        return establish_result(api->establish(SCARD_SCOPE_USER, NULL, NULL, native));
    trace_complain("there is no winscard.dll but, perhaps, this project's own, which needs "
                   "scardssp.so");
    return SCARD_E_NO_SERVICE;
}

static LONG establish(transport_id *id)
{
    struct winscard_context *context;
    ULONG_PTR value = 0;
    LONG result;

    *id = 0;
    if (!(context = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*context))))
        return ERROR_OUTOFMEMORY;
    context->refs = 1;
    InitializeSRWLock(&context->lock);
    if ((result = open_native(&context->native)))
    {
        HeapFree(GetProcessHeap(), 0, context);
        return result;
    }
    if (!(context->cancel = CreateEventW(NULL, TRUE, FALSE, NULL)))
        result = ERROR_OUTOFMEMORY;
    else
        result = handle_issue(HANDLE_TRANSPORT_CONTEXT, context, &value);
    if (result)
        winscard_context_put(context);
    *id = value;
    return result;
}

static void cancel_wait(struct winscard_context *context)
{
    SetEvent(context->cancel);
    winscard_api()->cancel(context->native);
}

static transport_id first_card(struct winscard_context *context)
{
    transport_id id;

    AcquireSRWLockShared(&context->lock);
    id = context->cards ? context->cards->id : 0;
    ReleaseSRWLockShared(&context->lock);
    return id;
}

static LONG release(transport_id id)
{
    struct winscard_context *context = winscard_context_get(id);
    transport_id card;

    if (!context)
        return SCARD_E_INVALID_HANDLE;
    cancel_wait(context);
    while ((card = first_card(context)))
        winscard_disconnect(card, SCARD_LEAVE_CARD);
    if (handle_free((ULONG_PTR)id))
        winscard_context_put(context); /* the table's */
    winscard_context_put(context);
    return SCARD_S_SUCCESS;
}

static LONG is_valid(transport_id id)
{
    struct winscard_context *context = winscard_context_get(id);
    DWORD length = 0;
    LONG result;

    if (!context)
        return SCARD_E_INVALID_HANDLE;
    result = winscard_api()->is_valid(context->native);
    /* pcsc-lite's library answers that without its daemon. A wait occupies the context, and would
     * have ended if the daemon were gone. */
    if (!result && winscard_over_lite() && !context->waits)
        result = winscard_api()->list_readers(context->native, NULL, NULL, &length);
    winscard_context_put(context);
    return result && result != SCARD_E_NO_READERS_AVAILABLE ? SCARD_E_INVALID_HANDLE
                                                            : SCARD_S_SUCCESS;
}

static LONG cancel(transport_id id)
{
    struct winscard_context *context = winscard_context_get(id);

    if (!context)
        return SCARD_E_INVALID_HANDLE;
    cancel_wait(context);
    winscard_context_put(context);
    return SCARD_S_SUCCESS;
}

static ULONG_PTR native_context(transport_id id)
{
    struct winscard_context *context = winscard_context_get(id);
    ULONG_PTR native = 0;

    if (!context)
        return native;
    native = context->native;
    winscard_context_put(context);
    return native;
}

/* ---- lists ---- */

/* Characters of a list; no stack has that many readers. */
#define LIST_MAX 0x10000u

static LONG call_list(SCARDCONTEXT native, const WCHAR *groups, BOOL of_groups, WCHAR *names,
                      DWORD *length)
{
    const struct winscard_api *api = winscard_api();
    DWORD room = *length;
    LONG result = winscard_result(of_groups ? api->list_groups(native, names, length)
                                            : api->list_readers(native, groups, names, length));

    if (!result && *length > (names ? room : LIST_MAX))
        return SCARD_F_INTERNAL_ERROR;
    return result;
}

/* Two zero characters follow the stack's list, whether it is terminated or not. The names may grow
 * between the query of their length and the answer. */
LONG winscard_names(SCARDCONTEXT native, const WCHAR *groups, BOOL of_groups, WCHAR **names)
{
    LONG result = SCARD_E_INSUFFICIENT_BUFFER;
    DWORD length, tries;

    *names = NULL;
    for (tries = 0; tries < 5 && result == SCARD_E_INSUFFICIENT_BUFFER; tries++)
    {
        length = 0;
        if ((result = call_list(native, groups, of_groups, NULL, &length)))
            break;
        if (!(*names = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, (length + 2) * sizeof(WCHAR))))
            result = ERROR_OUTOFMEMORY;
        else if ((result = call_list(native, groups, of_groups, *names, &length)))
        {
            HeapFree(GetProcessHeap(), 0, *names);
            *names = NULL;
        }
    }
    return result;
}

static LONG list(transport_id id, const WCHAR *groups, BOOL of_groups, WCHAR **names)
{
    struct winscard_context *context = winscard_context_get(id);
    LONG result = SCARD_E_INVALID_HANDLE;

    *names = NULL;
    if (context)
    {
        result = winscard_names(context->native, groups, of_groups, names);
        winscard_context_put(context);
    }
    return result;
}

static LONG list_groups(transport_id id, WCHAR **groups)
{
    return list(id, NULL, TRUE, groups);
}

/* pcsc-lite has one group, with every reader in it, and ignores the argument. */
static BOOL is_nobodys(const WCHAR *groups)
{
    if (!groups || !*groups || !winscard_over_lite())
        return FALSE;
    for (; *groups; groups += lstrlenW(groups) + 1)
        if (!lstrcmpiW(groups, L"SCard$AllReaders") || !lstrcmpiW(groups, L"SCard$DefaultReaders"))
            return FALSE;
    return TRUE;
}

static LONG list_readers(transport_id id, const WCHAR *groups, WCHAR **readers)
{
    LONG result;

    *readers = NULL;
    if (is_nobodys(groups))
        return SCARD_E_NO_READERS_AVAILABLE;
    if (groups && (!*groups || winscard_over_lite()))
        groups = NULL;
    result = list(id, groups, FALSE, readers);
    if (!result && !**readers)
    {
        HeapFree(GetProcessHeap(), 0, *readers);
        *readers = NULL;
        result = SCARD_E_NO_READERS_AVAILABLE;
    }
    return result;
}

/* ---- cards ---- */

/* The card with a reference; NULL when the id is stale or the card has no handle now. */
static struct winscard_card *usable_card(transport_id id)
{
    struct winscard_card *card = winscard_card_get(id);

    if (card && card->lost)
    {
        winscard_card_put(card);
        card = NULL;
    }
    return card;
}

static ULONG_PTR native_card(transport_id id)
{
    struct winscard_card *card = usable_card(id);
    ULONG_PTR native = 0;

    if (!card)
        return native;
    native = card->native;
    winscard_card_put(card);
    return native;
}

/* The reply goes through our own memory, because Wine lets the kernel write it, which fails for
 * pages on which a program watches writes. */
static LONG transmit(transport_id id, const BYTE *command, DWORD command_length, BYTE *reply,
                     DWORD *reply_length)
{
    struct winscard_card *card = usable_card(id);
    SCARD_IO_REQUEST pci = {0, sizeof(pci)};
    DWORD room = min(*reply_length, DATA_ROOM), length = room;
    BYTE *bounce = HeapAlloc(GetProcessHeap(), 0, max(room, 1));
    LONG result = SCARD_E_INVALID_HANDLE;

    *reply_length = 0;
    if (card && !bounce)
        result = ERROR_OUTOFMEMORY;
    else if (card)
    {
        pci.dwProtocol = card->protocol;
        result = winscard_result(winscard_api()->transmit(card->native, &pci, command,
                                                          command_length, NULL, bounce, &length));
        if (!result && length > room)
            result = SCARD_E_INSUFFICIENT_BUFFER;
        if (!result)
        {
            memcpy(reply, bounce, length);
            *reply_length = length;
        }
    }
    if (bounce)
    {
        wipe(bounce, room);
        HeapFree(GetProcessHeap(), 0, bounce);
    }
    if (card)
        winscard_card_put(card);
    return result;
}

/* Only the stack decides how long a status takes. */
static LONG status(transport_id id, DWORD ticket, struct transport_status *status)
{
    struct winscard_card *card = usable_card(id);
    DWORD names = NAME_SIZE, state = 0, protocol = 0, length = TRANSPORT_ATR_SIZE;
    WCHAR name[NAME_SIZE];
    LONG result;

    ZeroMemory(status, sizeof(*status));
    if (!card)
        return SCARD_E_INVALID_HANDLE;
    result = winscard_result(winscard_api()->status(card->native, name, &names, &state, &protocol,
                                                    status->atr, &length));
    if (!result)
    {
        status->protocol = protocol_active(protocol);
        status->state = state_of(state, status->protocol);
        status->atr_length = min(length, TRANSPORT_ATR_SIZE);
    }
    else
        ZeroMemory(status, sizeof(*status));
    winscard_card_put(card);
    return result;
}

static LONG control(transport_id id, DWORD code, const BYTE *in, DWORD in_length, BYTE *out,
                    DWORD *out_length)
{
    struct winscard_card *card = usable_card(id);
    DWORD room = min(*out_length, DATA_ROOM), length = 0;
    LONG result;

    *out_length = 0;
    if (!card)
        return SCARD_E_INVALID_HANDLE;
    if (code == SC_GET_FEATURE && winscard_over_lite())
        code = LITE_GET_FEATURE;
    result = feature_result(
        winscard_api()->control(card->native, code, in, in_length, out, room, &length));
    if (!result && length > room)
        result = SCARD_F_INTERNAL_ERROR;
    if (!result)
        *out_length = length;
    winscard_card_put(card);
    return result;
}

static LONG get_attrib(transport_id id, DWORD attribute, BYTE *value, DWORD *length)
{
    struct winscard_card *card = usable_card(id);
    DWORD room = winscard_over_lite() ? min(*length, ATTRIBUTE_ROOM) : *length;
    DWORD size = value ? room : *length;
    LONG result;

    *length = 0;
    if (!card)
        return SCARD_E_INVALID_HANDLE;
    result = feature_result(winscard_api()->get_attrib(card->native, attribute, value, &size));
    if (!result && value && size > room)
        result = SCARD_F_INTERNAL_ERROR;
    if (!result)
        *length = size;
    winscard_card_put(card);
    return result;
}

static LONG set_attrib(transport_id id, DWORD attribute, const BYTE *value, DWORD length)
{
    struct winscard_card *card = usable_card(id);
    LONG result;

    if (!card)
        return SCARD_E_INVALID_HANDLE;
    result = feature_result(winscard_api()->set_attrib(card->native, attribute, value, length));
    winscard_card_put(card);
    return result;
}

const struct transport_ops transport_winscard =
{
    .name = "winscard",
    .establish = establish,
    .release = release,
    .is_valid = is_valid,
    .list_groups = list_groups,
    .list_readers = list_readers,
    .get_status_change = winscard_get_status_change,
    .cancel = cancel,
    .connect = winscard_connect,
    .reconnect = winscard_reconnect,
    .disconnect = winscard_disconnect,
    .begin = winscard_begin,
    .end = winscard_end,
    .cancel_begin = winscard_cancel_begin,
    .transmit = transmit,
    .status = status,
    .control = control,
    .get_attrib = get_attrib,
    .set_attrib = set_attrib,
    .native_context = native_context,
    .native_card = native_card,
    .wrap = winscard_wrap,
};
