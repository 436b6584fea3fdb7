/*
 * Finding a card: by looking once, and by the dialog.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "finding.h"

#include <winscard.h>

#include "iso7816/result.h"

/* Whether the card may be chosen: SCARD_E_CARD_UNSUPPORTED when it is none that is wanted. */
static LONG judge(const struct dialog_request *request, const struct watch_reader *reader)
{
    if (!candidates_match(request->candidates, reader))
        return SCARD_E_CARD_UNSUPPORTED;
    return request->accept ? request->accept(request->context, reader) : SCARD_S_SUCCESS;
}

static BOOL are_several(const struct dialog_request *request, const struct watch_view *view)
{
    DWORD i, count = 0;

    for (i = 0; i < view->count && count < 2; i++)
        count += !judge(request, &view->readers[i]);
    return count > 1;
}

/* Reports why a wanted card could not be connected rather than that there is none. */
static LONG find_in(const struct dialog_request *request, const struct watch_view *view)
{
    LONG result, first = SCARD_E_NO_SMARTCARD;
    DWORD i;

    for (i = 0; i < view->count; i++)
    {
        result = judge(request, &view->readers[i]);
        if (result == (LONG)SCARD_E_CARD_UNSUPPORTED)
            continue;
        if (!result)
            result = request->connect(request->context, &view->readers[i]);
        if (!result)
            return result;
        if (first == (LONG)SCARD_E_NO_SMARTCARD)
            first = result;
    }
    return first;
}

/* True when a user could still help: by inserting a card, connecting a reader, closing a
 * program. */
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

/* FALSE when the search is over, with *result; TRUE when the dialog has to go on, or *result if
 * there can be none. */
static BOOL needs_dialog(const struct dialog_request *request, LONG flag, BOOL asks_for_one,
                         LONG *result)
{
    struct watch_view view;

    *result = SCARD_S_SUCCESS;
    if (flag == SC_DLG_FORCE_UI)
        return TRUE;
    if (!(*result = watch_look(request->search->groups, &view)))
    {
        if (flag != SC_DLG_NO_UI && asks_for_one && are_several(request, &view))
            return TRUE;
        *result = find_in(request, &view);
    }
    return flag != SC_DLG_NO_UI && user_can_help(*result);
}

LONG finding_run(const struct dialog_request *request, LONG flag, BOOL asks_for_one)
{
    LONG result, shown;

    if (!needs_dialog(request, flag, asks_for_one, &result))
        return result;
    shown = dialog_run(request);
    /* When no window can be opened, the result of the search says more than that failure. */
    return result && shown > 0 ? result : shown;
}
