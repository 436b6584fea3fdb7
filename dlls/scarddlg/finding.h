/*
 * Finding a card: by looking once, and by the dialog.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef SCARDDLG_FINDING_H
#define SCARDDLG_FINDING_H

#include "dialog.h"

/*
 * Looks for a card that request->connect connects, and shows the dialog as flag says, one of
 * SC_DLG_: never, always, or when a user could help; with asks_for_one also when the user has to
 * say which of several cards it is. Returns 0, SCARD_E_NO_SMARTCARD, SCARD_E_NO_READERS_AVAILABLE,
 * why a wanted card could not be connected, why the readers cannot be asked, or what dialog_run
 * returns. Another result than 0 does not mean that request->connect has not succeeded: the user
 * may have given up meanwhile.
 */
LONG finding_run(const struct dialog_request *request, LONG flag, BOOL asks_for_one);

#endif
