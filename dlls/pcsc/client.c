/*
 * The transport and handles that this DLL shares with other DLLs of this project.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "client.h"

const struct scardssp_share *ScardsspShare(DWORD version)
{
    static const struct scardssp_share share =
    {
        sizeof(share), transport_default, context_open, context_release, connection_open,
        connection_by_handle, connection_close, connection_release
    };

    return version == SCARDSSP_SHARE_VERSION ? &share : NULL;
}
