/*
 * Finding a card: by looking once, and by the dialog.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "finding.h"

#include <winscard.h>

#include "iso7816/result.h"

/* Reports why a wanted card could not be connected rather than that there is none. */
static LONG find_now(const struct dialog_request *request)
{
    LONG result, first = SCARD_E_NO_SMARTCARD;
    struct watch_view view;
    DWORD i;

    if ((result = watch_look(request->search->groups, &view)))
        return result;
    for (i = 0; i < view.count; i++)
    {
        if (!candidates_match(request->candidates, &view.readers[i]))
            continue;
        result = request->accept ? request->accept(request->context, &view.readers[i]) : 0;
        if (result == (LONG)SCARD_E_CARD_UNSUPPORTED) /* refused: not the card that is wanted */
            continue;
        if (!result)
            result = request->connect(request->context, &view.readers[i]);
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

LONG finding_run(const struct dialog_request *request, LONG flag)
{
    LONG result = SCARD_S_SUCCESS, shown;

    if (flag != SC_DLG_FORCE_UI)
    {
        result = find_now(request);
        if (flag == SC_DLG_NO_UI || !user_can_help(result))
            return result;
    }
    shown = dialog_run(request);
    /* When no window can be opened, the result of the search says more than that failure. */
    return result && shown > 0 ? result : shown;
}
