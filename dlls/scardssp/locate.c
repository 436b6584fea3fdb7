/*
 * ISCardLocate: finding a card by its names or interfaces, and connecting to it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "object.h"

#include <winscard.h>

#include "pcsc/connection.h"
#include "base/error.h"
#include "bstrarray.h"
#include "scarddlg/finding.h"
#include "base/trace.h"
#include "values.h"

struct locate
{
    struct object object;
    SRWLOCK lock;          /* for the fields below */
    struct search *search; /* NULL: not configured */
    ULONG_PTR found;       /* the HSCARD last returned; 0: none */
};

/* One FindCard. */
struct attempt
{
    struct locate *locate;
    struct search *search;
    struct candidates candidates;
    DWORD share, protocols;
    struct connection *connection; /* to the card that was found */
};

static struct locate *impl_from_ISCardLocate(ISCardLocate *iface)
{
    return CONTAINING_RECORD((struct object *)iface, struct locate, object);
}

/* ---- configuring ---- */

/* The title ends at its NUL: C programs pass literals, which have no length prefix. */
static HRESULT read_search(BOOL by_name, SAFEARRAY *text_array, SAFEARRAY *group_array, BSTR title,
                           LONG flags, struct search **out)
{
    struct strings texts, groups = {0};
    struct search_terms terms = {.groups = &groups, .title = title, .flags = flags};
    HRESULT hr = bstrarray_read(text_array, &texts);

    if (SUCCEEDED(hr))
        hr = bstrarray_read(group_array, &groups);
    if (by_name)
        terms.names = &texts;
    else if (SUCCEEDED(hr))
        hr = card_match_parse_guids(&texts, &terms.guids);
    if (SUCCEEDED(hr))
        hr = search_create(&terms, out);
    card_match_free_guids(&terms.guids);
    strings_clear(&texts);
    strings_clear(&groups);
    return hr;
}

static HRESULT configure(struct locate *locate, BOOL by_name, SAFEARRAY *texts, SAFEARRAY *groups,
                         BSTR title, LONG flags)
{
    struct search *search, *old;
    HRESULT hr;

    if (FAILED(hr = read_search(by_name, texts, groups, title, flags, &search)))
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
    RETURN(configure(impl_from_ISCardLocate(iface), FALSE, guids, groups, title, flags));
}

static HRESULT WINAPI locate_ConfigureCardNameSearch(ISCardLocate *iface, SAFEARRAY *names,
                                                     SAFEARRAY *groups, BSTR title, LONG flags)
{
    TRACE("%p, %p, %p, %s, %#lx", iface, names, groups, trace_wstr(title), flags);
    RETURN(configure(impl_from_ISCardLocate(iface), TRUE, names, groups, title, flags));
}

/* ---- finding ---- */

/* Uses a context of its own, like every connection. */
static LONG connect_reader(void *context, const struct watch_reader *reader)
{
    struct attempt *attempt = context;
    struct pcsc_context *pcsc;
    LONG result;

    if ((result = context_open(&pcsc)))
        return result;
    result = connection_open(pcsc, reader->name, attempt->share, attempt->protocols,
                             &attempt->connection);
    context_release(pcsc);
    return result;
}

/* The interface names no owner of the dialog: the active window is the best guess. */
static LONG find(struct attempt *attempt, LONG flags)
{
    struct dialog_request request = {
        .search = attempt->search,
        .candidates = &attempt->candidates,
        .owner = GetActiveWindow(),
        .connect = connect_reader,
        .context = attempt,
    };
    LONG result = finding_run(&request, flags, FALSE);

    if (result && attempt->connection)
    {
        connection_release(attempt->connection);
        attempt->connection = NULL;
    }
    return result;
}

/* Closes the card found by the last search, unless an object has attached to it. */
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

/* Returns the connection, on offer to the first object that attaches by its handle. */
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
    other = locate->found; /* of a search that another thread made meanwhile */
    locate->found = info->hCard;
    ReleaseSRWLockExclusive(&locate->lock);
    if (other)
        connection_withdraw(other, locate);
    *out = info;
    return S_OK;
}

/* Takes the configured search; without a configuration every card is wanted. */
static HRESULT begin_attempt(struct locate *locate, struct attempt *attempt)
{
    static const struct search_terms all = {.flags = SC_DLG_MINIMAL_UI};
    HRESULT hr = S_OK;

    AcquireSRWLockShared(&locate->lock);
    if ((attempt->search = locate->search))
        search_retain(attempt->search);
    ReleaseSRWLockShared(&locate->lock);
    if (!attempt->search)
        hr = search_create(&all, &attempt->search);
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
