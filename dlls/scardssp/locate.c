/*
 * ISCardLocate: finds a card by its names or interfaces, and connects to it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include <winscard.h>

#include "pcsc/connection.h"
#include "base/error.h"
#include "bstrarray.h"
#include "scarddlg/dialog.h"
#include "scarddlg/search.h"
#include "base/trace.h"
#include "iso7816/result.h"
#include "values.h"

struct locate
{
    struct object object;
    SRWLOCK lock;          /* guards the fields below */
    struct search *search; /* NULL: not configured */
    ULONG_PTR found;       /* the HSCARD last given out, 0: none */
};

/* One FindCard. */
struct attempt
{
    struct locate *locate;
    struct search *search;
    struct candidates candidates;
    DWORD share, protocols;
    struct connection *connection; /* what was found */
};

static struct locate *impl_from_ISCardLocate(ISCardLocate *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct locate, object);
}

/* ---- configuring ---- */

/* The title goes to its NUL: C programs pass literals, which have no length before them. */
static HRESULT read_search(enum search_kind kind, SAFEARRAY *text_array, SAFEARRAY *group_array,
                           BSTR title, LONG flags, struct search **out)
{
    struct strings texts, groups = {0};
    HRESULT hr = bstrarray_read(text_array, &texts);

    if (SUCCEEDED(hr))
        hr = bstrarray_read(group_array, &groups);
    if (SUCCEEDED(hr))
        hr = search_create(kind, &texts, &groups, title, flags, out);
    strings_clear(&texts);
    strings_clear(&groups);
    return hr;
}

static HRESULT configure(struct locate *locate, enum search_kind kind, SAFEARRAY *texts,
                         SAFEARRAY *groups, BSTR title, LONG flags)
{
    struct search *search, *old;
    HRESULT hr;

    if (FAILED(hr = read_search(kind, texts, groups, title, flags, &search)))
        return hr;
    AcquireSRWLockExclusive(&locate->lock);
    old = locate->search;
    locate->search = search;
    ReleaseSRWLockExclusive(&locate->lock);
    search_release(old);
    return S_OK;
}

static HRESULT WINAPI locate_ConfigureCardGuidSearch(ISCardLocate *iface, SAFEARRAY *guids,
                                                     SAFEARRAY *groups, BSTR title, LONG flags)
{
    TRACE("%p, %p, %p, %s, %#lx", iface, guids, groups, trace_wstr(title), flags);
    RETURN(configure(impl_from_ISCardLocate(iface), SEARCH_BY_GUID, guids, groups, title, flags));
}

static HRESULT WINAPI locate_ConfigureCardNameSearch(ISCardLocate *iface, SAFEARRAY *names,
                                                     SAFEARRAY *groups, BSTR title, LONG flags)
{
    TRACE("%p, %p, %p, %s, %#lx", iface, names, groups, trace_wstr(title), flags);
    RETURN(configure(impl_from_ISCardLocate(iface), SEARCH_BY_NAME, names, groups, title, flags));
}

/* ---- finding ---- */

/* Over a context of its own, as every connection. */
static LONG connect_reader(void *context, const WCHAR *reader)
{
    struct attempt *attempt = context;
    struct pcsc_context *pcsc;
    LONG result;

    if ((result = context_open(&pcsc)))
        return result;
    result =
        connection_open(pcsc, reader, attempt->share, attempt->protocols, &attempt->connection);
    context_release(pcsc);
    return result;
}

/* A wanted card that could not be had says more than that there is none. */
static LONG find_now(struct attempt *attempt)
{
    LONG result, first = SCARD_E_NO_SMARTCARD;
    struct watch_view view;
    DWORD i;

    if ((result = watch_look(attempt->search->groups, &view)))
        return result;
    for (i = 0; i < view.count; i++)
    {
        if (!candidates_match(&attempt->candidates, &view.readers[i]))
            continue;
        if (!(result = connect_reader(attempt, view.readers[i].name)))
            return result;
        if (first == SCARD_E_NO_SMARTCARD)
            first = result;
    }
    return first;
}

/* True when a user could still help: insert a card, connect a reader, close a program. */
static BOOL user_can_help(LONG result)
{
    switch ((ULONG)result)
    {
    case SCARD_E_NO_READERS_AVAILABLE:
    case SCARD_E_SHARING_VIOLATION:
    case SCARD_W_UNPOWERED_CARD:
    case SCARD_W_UNRESPONSIVE_CARD: return TRUE;
    }
    return result_is_card_gone(result);
}

static LONG find(struct attempt *attempt, LONG flags)
{
    LONG result = SCARD_S_SUCCESS, shown;

    if (flags != SC_DLG_FORCE_UI)
    {
        result = find_now(attempt);
        if (flags == SC_DLG_NO_UI || !user_can_help(result))
            return result;
    }
    shown = dialog_run(attempt->search, &attempt->candidates, connect_reader, attempt);
    /* Where no window can be had, what the search said tells more than that. */
    return result && shown > 0 ? result : shown;
}

/* The card found by the last search is closed unless somebody attached to it. */
static void forget_found(struct locate *locate)
{
    ULONG_PTR found;

    AcquireSRWLockExclusive(&locate->lock);
    found = locate->found;
    locate->found = 0;
    ReleaseSRWLockExclusive(&locate->lock);
    if (found)
        connection_withdraw(found, locate);
}

/* Gives the connection out; it is open for the first object that attaches by its handle. */
static HRESULT give_out(struct attempt *attempt, SCARDINFO **out)
{
    struct connection *connection = attempt->connection;
    struct locate *locate = attempt->locate;
    SCARDINFO *info;
    ULONG_PTR other;

    if (!(info = CoTaskMemAlloc(sizeof(*info))))
    {
        connection_release(connection);
        return E_OUTOFMEMORY;
    }
    ZeroMemory(info, sizeof(*info));
    info->hCard = connection->value;
    info->hContext = connection->context->value;
    info->ActiveProtocol = values_protocol(connection->known.protocol);
    info->ShareMode = attempt->share;
    connection_offer(connection, locate);
    AcquireSRWLockExclusive(&locate->lock);
    other = locate->found; /* of a search in another thread meanwhile */
    locate->found = info->hCard;
    ReleaseSRWLockExclusive(&locate->lock);
    if (other)
        connection_withdraw(other, locate);
    *out = info;
    return S_OK;
}

/* The search as configured; without a configuration every card is meant. */
static HRESULT begin_attempt(struct locate *locate, struct attempt *attempt)
{
    static const struct strings none;
    HRESULT hr = S_OK;

    AcquireSRWLockShared(&locate->lock);
    if ((attempt->search = locate->search))
        search_retain(attempt->search);
    ReleaseSRWLockShared(&locate->lock);
    if (!attempt->search)
        hr = search_create(SEARCH_BY_NAME, &none, &none, NULL, SC_DLG_MINIMAL_UI, &attempt->search);
    if (SUCCEEDED(hr))
        hr = error_hresult(candidates_load(attempt->search, &attempt->candidates));
    if (FAILED(hr))
        search_release(attempt->search);
    return hr;
}

static HRESULT WINAPI locate_FindCard(ISCardLocate *iface, SCARD_SHARE_MODES share,
                                      SCARD_PROTOCOLS protocols, LONG flags, SCARDINFO **out)
{
    struct locate *locate = impl_from_ISCardLocate(iface);
    struct attempt attempt = {.locate = locate, .share = share, .protocols = protocols};
    HRESULT hr;
    HOLD_OBJECT(iface);

    TRACE("%p, %d, %#x, %#lx, %p", iface, share, protocols, flags, out);
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (share < SC_SHARE_EXCLUSIVE || share > SC_SHARE_DIRECT ||
        (flags && flags != SC_DLG_MINIMAL_UI && flags != SC_DLG_NO_UI && flags != SC_DLG_FORCE_UI))
        RETURN(E_INVALIDARG);
    forget_found(locate);
    if (FAILED(hr = begin_attempt(locate, &attempt)))
        RETURN(hr);
    hr = error_hresult(find(&attempt, flags ? flags : attempt.search->flags));
    candidates_free(&attempt.candidates);
    search_release(attempt.search);
    if (SUCCEEDED(hr))
        hr = give_out(&attempt, out);
    RETURN(hr);
}

/* ---- life ---- */

static const ISCardLocateVtbl locate_vtbl =
{
    OBJECT_METHODS,
    locate_ConfigureCardGuidSearch,
    locate_ConfigureCardNameSearch,
    locate_FindCard,
};

static void locate_destroy(struct object *object)
{
    struct locate *locate = CONTAINING_RECORD(object, struct locate, object);

    forget_found(locate);
    search_release(locate->search);
    object_fini(object);
    CoTaskMemFree(locate);
}

static const struct object_class locate_class =
{
    "ISCardLocate", &IID_ISCardLocate, &LIBID_SCARDSSPLib, NULL, locate_destroy,
};

HRESULT locate_create(ISCardLocate **out)
{
    struct locate *locate;

    *out = NULL;
    if (!(locate = CoTaskMemAlloc(sizeof(*locate))))
        return E_OUTOFMEMORY;
    ZeroMemory(locate, sizeof(*locate));
    InitializeSRWLock(&locate->lock);
    object_init(&locate->object, &locate_vtbl, &locate_class);
    *out = (ISCardLocate *)&locate->object;
    return S_OK;
}
