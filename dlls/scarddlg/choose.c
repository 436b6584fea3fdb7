/*
 * One call of scarddlg.dll: a card is searched for, chosen, connected, and named to the caller.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "choose.h"

#include "finding.h"
#include "registry/readergroups.h"
#include "winscard/calls.h"
#include "winscard/strings.h"

/* What becomes of one call. */
struct located
{
    struct trials *trials;
    struct watch_reader reader;
    SCARDHANDLE card;
    DWORD protocol;
    BOOL connected; /* the fields above are those of a card */
};

/* ---- the search ---- */

static HRESULT split(const WCHAR *list, struct strings *out)
{
    HRESULT hr = S_OK;

    for (; list && *list && SUCCEEDED(hr); list += lstrlenW(list) + 1)
        hr = strings_add(out, list);
    return hr;
}

static HRESULT make_search(const struct choice *choice, struct search **out)
{
    struct strings names = {0}, groups = {0};
    struct search_terms terms = {
        .names = &names,
        .guids = choice->interfaces,
        .groups = &groups,
        .title = choice->title,
        .description = choice->description,
        .flags = choice->flag,
    };
    HRESULT hr = split(choice->names, &names);

    if (SUCCEEDED(hr))
        hr = split(choice->groups, &groups);
    if (SUCCEEDED(hr) && !groups.count)
        hr = strings_add(&groups, READERGROUPS_DEFAULT);
    if (SUCCEEDED(hr))
        hr = search_create(&terms, out);
    strings_clear(&names);
    strings_clear(&groups);
    return hr;
}

/* ---- for the dialog ---- */

static LONG accept_card(void *context, const struct watch_reader *reader)
{
    struct located *located = context;

    return trials_accept(located->trials, reader);
}

static LONG connect_located(void *context, const struct watch_reader *reader)
{
    struct located *located = context;
    LONG result = trials_connect(located->trials, reader, &located->card, &located->protocol);

    if (!result)
    {
        located->reader = *reader;
        located->connected = TRUE;
    }
    return result;
}

/* The dialog has a context of its own, and outlives the caller's: closed by a routine, or void
 * because the service was restarted. */
static LONG context_is_lost(void *context)
{
    struct located *located = context;
    struct pcsc_context *pcsc;
    LONG result;

    if ((result = call_context(located->trials->context, FALSE, &pcsc)))
        return result;
    if (pcsc->transport->is_valid(pcsc->id))
        result = SCARD_E_SERVICE_STOPPED;
    context_release(pcsc);
    return result;
}

/* ---- what is returned ---- */

/* SCARD_AUTOALLOCATE means nothing here: the field is a buffer. */
static LONG fit_name(const WCHAR *name, BOOL ansi, const struct name_wanted *wanted)
{
    DWORD room = min(*wanted->size, SCARD_AUTOALLOCATE - 1);
    LONG result;

    if (!wanted->out)
        return SCARD_S_SUCCESS;
    result = strings_fit(name, lstrlenW(name) + 1, ansi, wanted->out, &room);
    if (result == (LONG)SCARD_E_INSUFFICIENT_BUFFER)
    {
        *wanted->size = room;
        result = SCARD_E_NO_MEMORY;
    }
    return result;
}

static LONG give_name(const WCHAR *name, BOOL ansi, const struct name_wanted *wanted)
{
    DWORD room = min(*wanted->size, SCARD_AUTOALLOCATE - 1);

    return wanted->out ? strings_give(name, lstrlenW(name) + 1, ansi, wanted->out, &room)
                       : SCARD_S_SUCCESS;
}

static LONG give_names(const struct choice *choice, const struct located *located)
{
    WCHAR *names = candidates_names(located->trials->candidates, &located->reader);
    LONG result, card_result;

    if (!names)
        return SCARD_E_NO_MEMORY;
    result = fit_name(located->reader.name, choice->ansi, &choice->reader);
    card_result = fit_name(names, choice->ansi, &choice->card);
    if (!result)
        result = card_result;
    if (!result)
        result = give_name(located->reader.name, choice->ansi, &choice->reader);
    if (!result)
        result = give_name(names, choice->ansi, &choice->card);
    HeapFree(GetProcessHeap(), 0, names);
    return result;
}

/* ---- the call ---- */

static LONG locate(const struct choice *choice, const struct search *search,
                   const struct candidates *candidates, struct located *located)
{
    struct dialog_request request = {
        .search = search,
        .candidates = candidates,
        .owner = choice->owner,
        .icon = choice->icon,
        .accept = accept_card,
        .connect = connect_located,
        .hopeless = context_is_lost,
        .context = located,
    };
    LONG result = finding_run(&request, choice->flag, TRUE);

    if (!result)
        result = give_names(choice, located);
    if (!result)
    {
        *choice->handle = located->card;
        *choice->protocol = located->protocol;
    }
    else if (located->connected)
        trials_disconnect(located->trials, located->card);
    trials_end(located->trials);
    return result;
}

static LONG locate_with(const struct choice *choice, const struct search *search,
                        struct trials *trials)
{
    struct located located = {.trials = trials};
    struct candidates candidates;
    LONG result = candidates_load(search, &candidates);

    if (result)
        return result;
    trials->context = choice->context;
    trials->candidates = &candidates;
    trials->check = choice->check;
    trials->final = choice->final;
    trials->one_set = choice->one_set;
    result = locate(choice, search, &candidates, &located);
    candidates_free(&candidates);
    return result;
}

LONG choose_card(const struct choice *choice)
{
    struct trials *trials = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, sizeof(*trials));
    struct search *search = NULL;
    LONG result = SCARD_E_NO_MEMORY;

    if (trials && SUCCEEDED(make_search(choice, &search)))
        result = locate_with(choice, search, trials);
    search_release(search);
    HeapFree(GetProcessHeap(), 0, trials);
    return result;
}
