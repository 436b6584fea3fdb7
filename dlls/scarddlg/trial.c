/*
 * The cards that a program's own routines connect and judge.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "trial.h"

#include "iso7816/result.h"
#include "pcsc/connection.h"
#include "selection.h"
#include "winscard/calls.h"
#include "winscard/memory.h"
#include "winscard/strings.h"

/* ---- connecting ---- */

/* A copy that the program's routine may write to; memory_free. */
static LONG copy_for_routine(const WCHAR *text, DWORD units, BOOL ansi, void **out)
{
    DWORD length = SCARD_AUTOALLOCATE;

    *out = NULL;
    return strings_give(text, units, ansi, out, &length);
}

/* Of a handle that is one of ours. */
static DWORD protocol_of(SCARDHANDLE card)
{
    struct connection *connection = connection_find(card);
    struct transport_status known = {0};

    if (!connection)
        return SCARD_PROTOCOL_UNDEFINED;
    connection_known(connection, &known);
    connection_release(connection);
    return known.protocol;
}

static LONG connect_by_routine(const struct trials *trials, const struct routines *routines,
                               const struct watch_reader *reader, SCARDHANDLE *card,
                               DWORD *protocol)
{
    WCHAR *names = candidates_names(trials->candidates, reader);
    void *name_copy = NULL, *names_copy = NULL;
    LONG result = SCARD_E_NO_MEMORY;

    if (names)
        result =
            copy_for_routine(reader->name, lstrlenW(reader->name) + 1, routines->ansi, &name_copy);
    if (!result)
        result = copy_for_routine(names, strings_units(names), routines->ansi, &names_copy);
    if (!result)
    {
        *card = routines->connect(trials->context, name_copy, names_copy, routines->user);
        TRACE("the program's routine for %s: %p", trace_wstr(reader->name), (void *)*card);
        *protocol = protocol_of(*card);
        result = *card ? SCARD_S_SUCCESS : (LONG)SCARD_E_CARD_UNSUPPORTED;
    }
    memory_free(name_copy);
    memory_free(names_copy);
    HeapFree(GetProcessHeap(), 0, names);
    return result;
}

static LONG connect_card(const struct trials *trials, const struct routines *routines,
                         const struct watch_reader *reader, SCARDHANDLE *card, DWORD *protocol)
{
    *card = 0;
    *protocol = SCARD_PROTOCOL_UNDEFINED;
    if (routines->connect)
        return connect_by_routine(trials, routines, reader, card, protocol);
    if (routines->share)
        return SCardConnectW(trials->context, reader->name, routines->share, routines->protocols,
                             card, protocol);
    /* For a check that names no way to connect. */
    return SCardConnectW(trials->context, reader->name, SCARD_SHARE_SHARED,
                         SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, card, protocol);
}

static void disconnect_card(const struct trials *trials, const struct routines *routines,
                            SCARDHANDLE card)
{
    if (!card)
        return;
    TRACE("%p%s", (void *)card, routines->disconnect ? " by the program's routine" : "");
    if (routines->disconnect)
        routines->disconnect(trials->context, card, routines->user);
    else
        SCardDisconnect(card, SCARD_LEAVE_CARD);
}

static void close_trial(const struct trials *trials, struct trial *trial)
{
    SCARDHANDLE card = trial->card;

    trial->card = 0;
    disconnect_card(trials, &trials->check, card);
}

/* ---- judging ---- */

static struct trial *find_trial(struct trials *trials, const WCHAR *reader)
{
    DWORD i;

    for (i = 0; i < trials->count; i++)
        if (!lstrcmpW(trials->items[i].reader.name, reader))
            return &trials->items[i];
    return NULL;
}

/* The oldest goes when there are too many: readers may come and go for ever. */
static struct trial *new_trial(struct trials *trials)
{
    if (trials->count == WATCH_READERS)
    {
        close_trial(trials, &trials->items[0]);
        trials->count--;
        memmove(&trials->items[0], &trials->items[1], trials->count * sizeof(trials->items[0]));
    }
    return &trials->items[trials->count++];
}

static BOOL is_valid(const struct trial *trial, const struct watch_reader *reader)
{
    return trial->reader.atr_length == reader->atr_length &&
           !memcmp(trial->reader.atr, reader->atr, reader->atr_length) &&
           !selection_is_void(trial->verdict, trial->reader.state, reader->state);
}

static enum selection_way way(const struct routines *routines)
{
    return selection_way(routines->connect != NULL, routines->share);
}

static BOOL hands_over(const struct trials *trials)
{
    return selection_hands_over(trials->one_set, way(&trials->check), way(&trials->final));
}

static LONG judge(struct trials *trials, struct trial *trial)
{
    const struct routines *routines = &trials->check;
    LONG result = connect_card(trials, routines, &trial->reader, &trial->card, &trial->protocol);

    if (result)
        return result;
    if (!routines->check(trials->context, trial->card, routines->user))
        result = SCARD_E_CARD_UNSUPPORTED;
    TRACE("the program's routine %s the card in %s", result ? "refuses" : "accepts",
          trace_wstr(trial->reader.name));
    if (result || (!routines->connect && !hands_over(trials)))
        close_trial(trials, trial);
    return result;
}

LONG trials_accept(struct trials *trials, const struct watch_reader *reader)
{
    struct trial *trial;

    if (!trials->check.check)
        return SCARD_S_SUCCESS;
    if ((trial = find_trial(trials, reader->name)))
    {
        if (is_valid(trial, reader))
            return trial->verdict;
        close_trial(trials, trial);
    }
    else
        trial = new_trial(trials);
    ZeroMemory(trial, sizeof(*trial));
    trial->reader = *reader;
    return trial->verdict = judge(trials, trial);
}

/* ---- the chosen card ---- */

/* Its connection was lost since: the resource manager was restarted. */
static BOOL is_dead(const struct trial *trial)
{
    struct connection *connection = connection_find(trial->card);
    struct transport_status status;
    LONG result;

    if (!connection)
        return FALSE;
    result = connection_ask(connection, &status);
    connection_release(connection);
    return result_event(result) == EVENT_SERVICE_GONE;
}

/* Takes the connection of the check out of a trial. */
static LONG hand_over(struct trials *trials, struct trial *trial, SCARDHANDLE *card,
                      DWORD *protocol)
{
    LONG result = SCARD_S_SUCCESS;

    if (is_dead(trial))
    {
        close_trial(trials, trial);
        result = trial->verdict = judge(trials, trial);
    }
    if (result)
        return result;
    *card = trial->card;
    *protocol = trial->protocol;
    trial->card = 0;
    return SCARD_S_SUCCESS;
}

LONG trials_connect(struct trials *trials, const struct watch_reader *reader, SCARDHANDLE *card,
                    DWORD *protocol)
{
    struct trial *trial = trials->check.check ? find_trial(trials, reader->name) : NULL;

    *card = 0;
    *protocol = SCARD_PROTOCOL_UNDEFINED;
    trials->handed_over = trial && trial->card && hands_over(trials);
    if (trials->handed_over)
        return hand_over(trials, trial, card, protocol);
    /* It would be in the way of an exclusive connection. */
    if (trial)
        close_trial(trials, trial);
    if (way(&trials->final) == SELECTION_NOBODY)
        return SCARD_S_SUCCESS;
    return connect_card(trials, &trials->final, reader, card, protocol);
}

void trials_disconnect(struct trials *trials, SCARDHANDLE card)
{
    disconnect_card(trials, trials->handed_over ? &trials->check : &trials->final, card);
}

void trials_end(struct trials *trials)
{
    DWORD i;

    for (i = 0; i < trials->count; i++)
        close_trial(trials, &trials->items[i]);
    trials->count = 0;
}
