/*
 * One object's use of a connection: whether it owns the connection, and the locks it has taken.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <windows.h>
#include <winscard.h>

#include "use.h"

void use_begin(struct use *use, struct connection *connection, BOOL owned)
{
    *use = (struct use){connection, owned, 0, 0, connection->removals};
    connection_retain(connection);
}

LONG use_stop(const struct use *use, const void *user, DWORD disposition)
{
    if (use->owned)
        return connection_close(use->connection, disposition);
    connection_stop_begin(use->connection, user);
    return SCARD_S_SUCCESS;
}

void use_end(struct use *use)
{
    if (!use->owned && use->locks > 0)
        connection_give_back(use->connection, use->locks, use->removals);
    connection_release(use->connection);
    use->connection = NULL;
}

BOOL use_follow(struct use *use)
{
    if (use->removals == use->connection->removals)
        return FALSE;
    use->lost_locks += use->locks;
    use->locks = 0;
    use->removals = use->connection->removals;
    return TRUE;
}

void use_add_lock(struct use *use)
{
    use_follow(use);
    use->locks++;
}

void use_drop_lock(struct use *use, LONG result)
{
    if (!result)
        use->locks--;
    else if (result == SCARD_E_NOT_TRANSACTED)
        use->locks = use->lost_locks = 0;
}
