/*
 * The functions of winscard.dll that we use, looked up at run time.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Wine exports unimplemented functions as stubs that raise an exception. Wine 8's winscard has only
 * such stubs, besides an SCardEstablishContext that fails; since Wine 9 all functions listed here
 * are real. No other function may therefore be called before establish has succeeded once.
 */

#ifndef PCSC_WINSCARD_API_H
#define PCSC_WINSCARD_API_H

#include <windows.h>
#include <winscard.h>

/* X(field, export) */
#define WINSCARD_FUNCTIONS(X) \
    X(establish, SCardEstablishContext) X(release, SCardReleaseContext) \
    X(is_valid, SCardIsValidContext) X(list_groups, SCardListReaderGroupsW) \
    X(list_readers, SCardListReadersW) X(get_status_change, SCardGetStatusChangeW) \
    X(cancel, SCardCancel) X(connect, SCardConnectW) X(reconnect, SCardReconnect) \
    X(disconnect, SCardDisconnect) X(begin, SCardBeginTransaction) \
    X(end, SCardEndTransaction) X(transmit, SCardTransmit) X(status, SCardStatusW) \
    X(control, SCardControl) X(get_attrib, SCardGetAttrib) X(set_attrib, SCardSetAttrib)

struct winscard_api
{
#define WINSCARD_FIELD(field, export) __typeof__(export) *field;
    WINSCARD_FUNCTIONS(WINSCARD_FIELD)
#undef WINSCARD_FIELD
};

/* Loads the system's winscard.dll at the first call and keeps it. Returns NULL when there is none,
 * when it lacks any of these functions, and when it is this project's own, which leads back here.
 * */
const struct winscard_api *winscard_api(void);

/* True when the process has loaded a winscard.dll that is not this project's, no matter which
 * module did so. */
BOOL winscard_loaded(void);

#endif
