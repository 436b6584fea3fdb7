/*
 * Attachments and sessions, shared by ISCardManage and its child objects.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * An attachment lasts as long as any of its objects. Attaching puts a new session into it,
 * detaching takes the session out; a call in progress keeps the session that it began with, so that
 * Detach never waits for it.
 */

#ifndef SCARDSSP_ATTACHMENT_H
#define SCARDSSP_ATTACHMENT_H

#include "pcsc/use.h"
#include "icc/icc.h"
#include "registry/profile_store.h"

/* One stay on a card. All fields but refs require the connection's token. */
struct session
{
    LONG refs;
    struct use use; /* owned after AttachByIFD, or of a connection on offer */
    BOOL exposed;   /* attached by handle: other objects may use it, whoever owns it */
    struct icc icc; /* files, current directory, what is known about the card */
    struct profile_store *profiles; /* added by users, or NULL */
    DWORD cards;                    /* the connection's, as far as taken into account */
    BOOL atr_unknown;               /* attached by handle while it reported a reset */
    LONG moves;                     /* the connection's, but for what others add */
    BOOL in_transaction;            /* a method's own transaction, begun before its first APDU */
    BOOL own_reset;                 /* we caused the reset that the card will report */
    LONG ended;                     /* taken out of its attachment */
};

struct attachment
{
    LONG refs;  /* for the memory */
    LONG users; /* objects in use; when the last one is released, the attachment ends */
    SRWLOCK lock;
    struct session *session; /* NULL: not attached */
};

struct attachment *attachment_create(void); /* NULL: out of memory */
void attachment_retain(struct attachment *attachment);
void attachment_release(struct attachment *attachment);

/* Each object of the attachment is a user until its last reference is released. */
void attachment_add_user(struct attachment *attachment);
void attachment_remove_user(struct attachment *attachment);

/* AttachByHandle. Returns ERROR_INVALID_PARAMETER (the code for E_INVALIDARG) for an unknown
 * handle, SCARD_E_PROTO_MISMATCH for a direct connection, else SCardStatus's result;
 * SCARD_W_RESET_CARD does not prevent attaching. On failure the earlier attachment remains. */
LONG attachment_by_handle(struct attachment *attachment, ULONG_PTR handle);

/* AttachByIFD: ends the earlier attachment, opens context and connection. */
LONG attachment_by_reader(struct attachment *attachment, const WCHAR *reader, DWORD share);

/* Detach: never waits for another thread's call, which ends as soon as the card permits. */
void attachment_end(struct attachment *attachment);

/*
 * Begins a method: returns the session with a reference and its token. Returns
 * SCARD_E_INVALID_HANDLE when not attached. session_leave ends the method, including its own
 * transaction.
 */
LONG session_enter(struct attachment *attachment, struct session **out);
void session_leave(struct session *session);

/* Takes the card's lock; recovers from a reset that we caused by a silent reconnect. */
LONG session_begin(struct session *session);

/* After a result that is not 0, the selection is no longer certain. Returns the result. */
LONG session_note(struct session *session, LONG result);

/* The user's profile for a card with that ATR, if there is one, is in force from now on, also for
 * what traces and records hide. */
void session_take_profile(struct session *session, const struct transport_status *card);

/* Takes into account what happened to the card, through whichever object: files of a card that may
 * now be another one are void, and locks that went with it are lost. */
void session_follow(struct session *session);

/* The selection is no longer certain; files are selected again at their next use. */
void session_untrust(struct session *session);

/* SCardReconnect in the session's own mode, with RAW as the last attempt; then session_follow. */
LONG session_reconnect_card(struct session *session, DWORD disposition);

/* ISCardManage::Reconnect; disposition: LEAVE, or a reset. */
LONG session_reconnect(struct session *session, DWORD disposition);

/* Tells icc whether anybody else can change the card's selection. */
void session_update_exclusive(struct session *session);

#endif
