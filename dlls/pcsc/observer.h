/*
 * What the trace and the recording show of each connection, by one rule of secrecy.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The rule is dlls/iso7816/secrecy.h. Both sinks get the same texts; neither gets codes, keys or
 * the replies to them.
 */

#ifndef PCSC_OBSERVER_H
#define PCSC_OBSERVER_H

#include <windows.h>

#include "iso7816/secrecy.h"
#include "transport.h"

struct icc_profile;

/* The state of each connection; initially zeros. Any thread may report a command. */
struct observer
{
    SRWLOCK lock; /* the three fields below */
    struct secrecy secrecy;
    LONG under_way; /* commands that have no reply yet */
    LONG overlaps;  /* how often a command was sent while another was under way */
    BOOL alone;     /* no other program can use the card */
    LONG number;    /* of the connection in the recording; 0: nothing is recorded */
};

/* A command in progress. */
struct observed
{
    ULONG64 sent;  /* when it was sent, by product_time */
    char *command; /* its text, or NULL */
    BOOL hidden;   /* its data and its reply's are hidden */
    LONG overlaps; /* the observer's count when it was sent */
};

enum observer_event
{
    OBSERVER_BEGIN,
    OBSERVER_END,
    OBSERVER_RECONNECT,
    OBSERVER_CONTROL,
    OBSERVER_DISCONNECT
};

/* A new connection over that transport. app_handle: the application has the handle too. */
void observer_connect(struct observer *observer, const char *transport, const WCHAR *reader,
                      DWORD share, BOOL app_handle, const struct transport_status *status);

/* The connection has another card. */
void observer_card(struct observer *observer, const struct transport_status *status);

/* Its card is of a kind that only a user's profile tells. */
void observer_profile(struct observer *observer, const struct icc_profile *profile);

/* A command before it is sent, and then its reply, or the result in place of one. The order of
 * commands that several threads send at once is unknown; what depends on it is hidden. */
void observer_command(struct observer *observer, struct observed *observed, const BYTE *command,
                      DWORD length);
void observer_reply(struct observer *observer, struct observed *observed, const BYTE *command,
                    DWORD command_length, const BYTE *reply, DWORD reply_length, LONG result);

/* Any other event; value is the disposition, or the code of a control. */
void observer_event(struct observer *observer, enum observer_event event, DWORD value, LONG result);

#endif
