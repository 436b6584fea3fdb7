/*
 * One object's use of a connection: whether it owns the connection, and the locks it has taken.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * pcsc-lite counts the locks of a handle, to which several objects may be attached. Each of them
 * ends its own locks only, so each counts them here. A removal of the card drops all locks: they
 * become lost_locks when the object next looks (use_follow), and ISCardManage::Reconnect takes them
 * again.
 */

#ifndef PCSC_USE_H
#define PCSC_USE_H

#include "connection.h"

/* Guarded by its object: by the connection's token, or by a lock of the object. */
struct use
{
    struct connection *connection; /* NULL: there is none */
    BOOL owned;                    /* the object made or claimed it, and closes it in the end */
    LONG locks;                    /* taken and not yet given back */
    LONG lost_locks;               /* the same, of locks that went with a card */
    DWORD removals;                /* the connection's, as of the last use_follow */
};

/* Takes a reference on the connection. Whatever *use was before is forgotten. */
void use_begin(struct use *use, struct connection *connection, BOOL owned);

/* The object wants no more: closes a connection that it owns, with a disposition; of another's
 * connection it ends the begin that runs for user. Never waits. Returns connection_close's result,
 * else 0. */
LONG use_stop(const struct use *use, const void *user, DWORD disposition);

/* After use_stop, when no call goes on any more: gives the locks back and drops the reference. */
void use_end(struct use *use);

/* Locks from before a removal are lost: TRUE when there was one since the last time. */
BOOL use_follow(struct use *use);

/* A connection_begin has succeeded. */
void use_add_lock(struct use *use);

/* A connection_end had this result: one lock less, or none at all where all went with the card
 * (SCARD_E_NOT_TRANSACTED). */
void use_drop_lock(struct use *use, LONG result);

/* The locks that are still there, without changing anything. */
static inline LONG use_locks(const struct use *use)
{
    return use->removals == use->connection->removals ? use->locks : 0;
}

#endif
