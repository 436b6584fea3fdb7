/*
 * Which readers have which cards: SCardLocateCards, SCardLocateCardsByATR.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "waiting.h"

#include "iso7816/atr.h"
#include "registry/calais.h"
#include "strings.h"

/* Of one call; more masks than any program has are an error. */
#define MASKS_MAX 4096u

/* What cards are looked for: types of the database, or masks. */
struct wanted_cards
{
    struct calais_list list;
    const WCHAR *names; /* multi-string */
    const SCARD_ATRMASK *masks;
    DWORD mask_count;
};

static BOOL fits_mask(const SCARD_ATRMASK *mask, const SCARD_READERSTATEW *state)
{
    BYTE atr[sizeof(mask->rgbAtr)];
    DWORD i;

    if (mask->cbAtr != state->cbAtr || mask->cbAtr > sizeof(atr))
        return FALSE;
    for (i = 0; i < mask->cbAtr; i++)
        atr[i] = mask->rgbAtr[i] & mask->rgbMask[i];
    return atr_matches(state->rgbAtr, atr, mask->rgbMask, mask->cbAtr);
}

static BOOL is_wanted(const struct wanted_cards *wanted, const SCARD_READERSTATEW *state)
{
    const struct calais_card *card;
    const WCHAR *name;
    DWORD i;

    for (name = wanted->names; name && *name; name += lstrlenW(name) + 1)
        if ((card = calais_find(&wanted->list, name)) &&
            cardtype_matches(&card->type, state->rgbAtr, state->cbAtr))
            return TRUE;
    for (i = 0; i < wanted->mask_count; i++)
        if (fits_mask(&wanted->masks[i], state))
            return TRUE;
    return FALSE;
}

/* A look that does not wait. That nothing has changed since the caller's last one is no failure. */
static LONG locate(struct pcsc_context *context, const struct wanted_cards *wanted,
                   SCARD_READERSTATEW *states, DWORD count, BOOL ansi)
{
    LONG result = waiting_run(context, 0, states, count, ansi);
    DWORD i;

    if (result && result != (LONG)SCARD_E_TIMEOUT)
        return result;
    for (i = 0; i < count; i++)
        if (!(states[i].dwCurrentState & SCARD_STATE_IGNORE) &&
            (states[i].dwEventState & SCARD_STATE_PRESENT) && is_wanted(wanted, &states[i]))
            states[i].dwEventState |= SCARD_STATE_ATRMATCH;
    return SCARD_S_SUCCESS;
}

static BOOL all_known(const struct wanted_cards *wanted)
{
    const WCHAR *name;

    for (name = wanted->names; *name; name += lstrlenW(name) + 1)
        if (!calais_find(&wanted->list, name))
            return FALSE;
    return TRUE;
}

static LONG locate_by_name(SCARDCONTEXT value, const void *cards, SCARD_READERSTATEW *states,
                           DWORD count, BOOL ansi)
{
    struct wanted_cards wanted = {{NULL, 0}, NULL, NULL, 0};
    struct pcsc_context *context;
    WCHAR *names;
    LONG result;

    if (!cards || !states || !count)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = call_context(value, FALSE, &context)))
        return result;
    if (!(result = strings_take_list(cards, ansi, &names)))
    {
        wanted.names = names;
        if (!(result = calais_load(&wanted.list)))
            result = all_known(&wanted) ? locate(context, &wanted, states, count, ansi)
                                        : (LONG)SCARD_E_UNKNOWN_CARD;
        calais_unload(&wanted.list);
        HeapFree(GetProcessHeap(), 0, names);
    }
    context_release(context);
    return result;
}

LONG WINAPI SCardLocateCardsA(SCARDCONTEXT context, const char *cards, SCARD_READERSTATEA *states,
                              DWORD count)
{
    CALL_RETURN(locate_by_name(context, cards, (SCARD_READERSTATEW *)states, count, TRUE));
}

LONG WINAPI SCardLocateCardsW(SCARDCONTEXT context, const WCHAR *cards, SCARD_READERSTATEW *states,
                              DWORD count)
{
    CALL_RETURN(locate_by_name(context, cards, states, count, FALSE));
}

static LONG locate_by_atr(SCARDCONTEXT value, const SCARD_ATRMASK *masks, DWORD mask_count,
                          SCARD_READERSTATEW *states, DWORD count, BOOL ansi)
{
    struct wanted_cards wanted = {{NULL, 0}, NULL, masks, mask_count};
    struct pcsc_context *context;
    LONG result;

    if (!masks || !mask_count || mask_count > MASKS_MAX || !states || !count)
        return SCARD_E_INVALID_PARAMETER;
    if ((result = call_context(value, FALSE, &context)))
        return result;
    result = locate(context, &wanted, states, count, ansi);
    context_release(context);
    return result;
}

LONG WINAPI SCardLocateCardsByATRA(SCARDCONTEXT context, SCARD_ATRMASK *masks, DWORD mask_count,
                                   SCARD_READERSTATEA *states, DWORD count)
{
    CALL_RETURN(
        locate_by_atr(context, masks, mask_count, (SCARD_READERSTATEW *)states, count, TRUE));
}

LONG WINAPI SCardLocateCardsByATRW(SCARDCONTEXT context, SCARD_ATRMASK *masks, DWORD mask_count,
                                   SCARD_READERSTATEW *states, DWORD count)
{
    CALL_RETURN(locate_by_atr(context, masks, mask_count, states, count, FALSE));
}
