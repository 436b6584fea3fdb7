/*
 * What ISCardManage and the objects it creates share: one attachment, and its sessions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The attachment lasts as long as any of its objects. Attaching puts a new session into it,
 * detaching takes the session out; a call that is under way keeps the session it began with, so
 * that Detach never waits for it.
 */

#ifndef SCARDSSP_ATTACHMENT_H
#define SCARDSSP_ATTACHMENT_H

#include "pcsc/connection.h"
#include "icc/icc.h"
#include "registry/profile_store.h"

/* One stay on a card. Everything but refs needs the connection's busy token. */
struct session
{
    LONG refs;
    struct connection *connection;
    BOOL owned;     /* made by AttachByIFD or claimed. Else the handle is another object's */
    BOOL exposed;   /* attached by handle: other objects may use it, whoever owns it */
    struct icc icc; /* files, current directory, what is known of the card */
    struct profile_store *profiles; /* that users have added, or NULL */
    LONG lock_depth;                /* SCardLock calls not yet undone */
    LONG lost_locks;       /* the same, of locks that went with a card that was taken out; Reconnect
                          * takes them again */
    DWORD cards, removals; /* the connection's, as far as the session has followed */
    BOOL in_transaction;   /* a method's own transaction, begun before its first APDU */
    BOOL own_reset;        /* the reset that the card will report was caused by us */
    LONG ended;            /* taken out of its attachment */
};

struct attachment
{
    LONG refs;  /* of the memory */
    LONG users; /* objects that somebody still has; with the last one the attachment ends */
    SRWLOCK lock;
    struct session *session; /* NULL: not attached */
};

struct attachment *attachment_create(void); /* NULL: out of memory */
void attachment_retain(struct attachment *attachment);
void attachment_release(struct attachment *attachment);

/* Each object over the attachment is a user until its last reference is gone. */
void attachment_add_user(struct attachment *attachment);
void attachment_remove_user(struct attachment *attachment);

/* AttachByHandle. E_INVALIDARG's code (ERROR_INVALID_PARAMETER) for a handle that is not known;
 * SCARD_E_PROTO_MISMATCH for a direct connection; what SCardStatus says, but SCARD_W_RESET_CARD
 * does not keep it from attaching. A failure leaves the earlier attachment alone. */
LONG attachment_by_handle(struct attachment *attachment, ULONG_PTR handle);

/* AttachByIFD: ends the earlier attachment, opens context and connection. */
LONG attachment_by_reader(struct attachment *attachment, const WCHAR *reader, DWORD share);

/* Detach: never waits for a call of another thread; that one ends as soon as the card lets it. */
void attachment_end(struct attachment *attachment);

/*
 * Begins a method: the session with a reference and its token. SCARD_E_INVALID_HANDLE when not
 * attached. Ended by session_leave, which also ends the method's own transaction.
 */
LONG session_enter(struct attachment *attachment, struct session **out);
void session_leave(struct session *session);

/* Takes the card's lock; a reset that we caused ourselves is healed by a silent reconnect. */
LONG session_begin(struct session *session);

/* After a result that is not 0 nothing is selected for sure any more. Returns it. */
LONG session_note(struct session *session, LONG result);

/* What happened to the card under the connection, through whomever: files of a card that may be
 * another one now are void, locks that went with it are lost. */
void session_follow(struct session *session);

/* Nothing is selected for sure any more; files are selected again at their next use. */
void session_untrust(struct session *session);

/* SCardReconnect in the session's own mode, with RAW as a last try; then session_follow. */
LONG session_reconnect_card(struct session *session, DWORD disposition);

/* ISCardManage::Reconnect, with what is done to the card: nothing (LEAVE), or a reset. */
LONG session_reconnect(struct session *session, DWORD disposition);

/* Tells icc whether anybody else can move the card's selection. */
void session_update_exclusive(struct session *session);

#endif
