/*
 * What ISCardManage and the objects it creates share: one attachment, and its sessions.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The attachment lives as long as any of its objects. Attaching puts a new session into it,
 * detaching takes the session out; a call that is under way keeps the session it began with, so
 * that Detach never waits for it.
 */

#ifndef SCARDSSP_ATTACHMENT_H
#define SCARDSSP_ATTACHMENT_H

#include "connection.h"
#include "icc.h"
#include "profilestore.h"

/* One stay on a card. Everything but refs needs the connection's busy token. */
struct session
{
    LONG refs;
    struct connection *connection;
    BOOL owned;          /* made by AttachByIFD or adopted. Else the handle is another object's */
    BOOL exposed;        /* attached by handle: other objects may use it, whoever owns it */
    struct icc icc;      /* files, current directory, what is known of the card */
    struct profilestore *profiles; /* that users have added, or NULL */
    LONG lock_depth;     /* SCardLock calls not yet undone */
    BOOL in_transaction; /* a method's own transaction, begun before its first APDU */
    LONG stuck_locks;    /* their end met a reset card: pcsc-lite keeps such a lock until it is ended
                          * once more after a reconnect */
    BOOL own_reset;      /* the reset that the card will report was caused by us */
    BOOL saw_removal;    /* some call said that the card or the reader went away */
    LONG waiting;        /* inside begin */
    LONG ended;          /* taken out of its attachment */
};

struct attachment
{
    LONG refs;
    SRWLOCK lock;
    struct session *session; /* NULL: not attached */
};

struct attachment *attachment_create(void); /* NULL: out of memory */
void attachment_retain(struct attachment *attachment);
void attachment_release(struct attachment *attachment);

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

/* Remembers what a result says of the card (reset: nothing is selected for sure; removed). Returns it. */
LONG session_note(struct session *session, LONG result);

/* Nothing is selected for sure any more; files are selected again at their next use. */
void session_untrust(struct session *session);

/* SCardReconnect in the session's own mode, with RAW as a last try; leaves the card as it is. Files
 * of a card that was taken out are void then. */
LONG session_reconnect_card(struct session *session);

/* ISCardManage::Reconnect, with what is done to the card: nothing (LEAVE), or a reset. */
LONG session_reconnect(struct session *session, DWORD disposition);

/* Tells icc whether anybody else can move the card's selection. */
void session_update_exclusive(struct session *session);

#endif
