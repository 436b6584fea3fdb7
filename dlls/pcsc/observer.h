/*
 * What is told of each connection: to the trace and to the record, by one rule of secrecy.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * dlls/iso7816/secrecy.h is the rule. Both sinks get the same texts; codes, keys and what came back
 * for them are in neither.
 */

#ifndef PCSC_OBSERVER_H
#define PCSC_OBSERVER_H

#include <windows.h>

#include "iso7816/secrecy.h"
#include "transport.h"

/* What a connection keeps for it; starts as zeros. Any thread may tell of a command. */
struct observer
{
    SRWLOCK lock; /* the three fields below */
    struct secrecy secrecy;
    LONG under_way; /* commands without a reply so far */
    LONG overlaps;  /* how often a command went out while another one was under way */
    BOOL alone;     /* no other program can use the card */
    LONG number;    /* of the connection in the record; 0: nothing is recorded */
};

/* One command on its way. */
struct observed
{
    ULONG64 sent;  /* when it went out, product_time */
    char *command; /* its text, or NULL */
    BOOL hidden;   /* its data, and those of its reply */
    LONG overlaps; /* the observer's, when it went out */
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

/* It has another card. */
void observer_card(struct observer *observer, const struct transport_status *status);

/* A command before it is sent, and then what came: a reply, or a result in place of one. Of
 * commands that several threads send at once nobody knows the order: what depends on it is
 * hidden. */
void observer_command(struct observer *observer, struct observed *observed, const BYTE *command,
                      DWORD length);
void observer_reply(struct observer *observer, struct observed *observed, const BYTE *command,
                    DWORD command_length, const BYTE *reply, DWORD reply_length, LONG result);

/* Anything else; value is the disposition, or the code of a control. */
void observer_event(struct observer *observer, enum observer_event event, DWORD value, LONG result);

#endif
