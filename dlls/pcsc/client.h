/*
 * What another DLL of this project can share with this one: the transport and the handles.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Private: not for applications, and changed with every version. A winscard.dll of this project,
 * say, would load scardssp.dll, ask for this table, call the same transport, and issue handles that
 * AttachByHandle knows, so that no card is opened twice:
 *
 *     share_function *share = (share_function *)GetProcAddress(scardssp, "ScardsspShare");
 *     const struct scardssp_share *table = share ? share(SCARDSSP_SHARE_VERSION) : NULL;
 */

#ifndef PCSC_CLIENT_H
#define PCSC_CLIENT_H

#include "connection.h"

#define SCARDSSP_SHARE_VERSION 2u

struct scardssp_share
{
    DWORD size; /* of this struct */

    /* transport.h: the ops that connections by name use. Contexts and cards made by them may be
     * used by both DLLs. */
    const struct transport_ops *(*transport)(void);

    /* context.h, connection.h: connections whose HSCARD both DLLs know; reference counted. */
    LONG (*context_open)(struct pcsc_context **out);
    void (*context_release)(struct pcsc_context *context);
    LONG (*connection_open)(struct pcsc_context *context, const WCHAR *reader, DWORD share,
                            DWORD protocols, struct connection **out);
    LONG (*connection_by_handle)(ULONG_PTR value, struct connection **out);
    LONG (*connection_close)(struct connection *connection, DWORD disposition);
    void (*connection_release)(struct connection *connection);
};

/* The export. NULL when version is not the one of this DLL. The table lives as long as the DLL. */
typedef const struct scardssp_share *share_function(DWORD version);
share_function ScardsspShare;

#endif
