/*
 * The narrow interface to the PC/SC stack: Windows values in, Windows values and a LONG out.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A transport belongs to a context, and through it to a connection, not to the process. No
 * COM type, no HSCARD of an application and no policy passes here. Every LONG is what WinSCard
 * would return: 0, 0x8010xxxx, or a Win32 code. Ids are never 0 and belong to the transport that
 * made them; a stale or made-up id gives SCARD_E_INVALID_HANDLE. Out parameters are 0 or NULL on
 * failure. Strings are UTF-16. Calls on different contexts never wait for one another.
 */

/*
 * Rules that both transports keep, where pcsc-lite lies below (pcsc/unix, or Wine's winscard.dll).
 * They stand below this interface because what they change (the handle, its locks, who waits for
 * them) changes under the guard that also ends waits, and that guard is each transport's own.
 *
 * - Reopening. A card is disconnected and connected under the same id, and the locks it had are
 *   taken again, when its handle is lost; when EXCLUSIVE is to become another share mode (pcsc-lite
 *   answers 0, but keeps its lock, and every later SCardConnect to that reader hangs); and when
 *   DIRECT is asked for on an empty reader (pcsc-lite connects to one, but does not reconnect).
 *   A handle of the application is never reopened.
 * - The lock of EXCLUSIVE. Removing the card drops the lock that makes a connection exclusive. A
 *   begin and an end after a reconnect, which change nothing else, bring it back.
 * - Counting. Locks are counted, and an end without a begin never reaches the stack: on an
 *   exclusive connection older pcsc-lite would release the lock that makes it exclusive.
 * - Waiting. A wait for readers runs in slices and looks for a cancel between them, because
 *   pcsc-lite can lose SCardCancel. A change of the list of readers is found by comparing lists.
 */

#ifndef PCSC_TRANSPORT_H
#define PCSC_TRANSPORT_H

#include <windows.h>

#include "iso7816/codes.h"

/* Windows's room for an ATR (SCARD_READERSTATE.rgbAtr); pcsc-lite's own is 33. */
#define TRANSPORT_ATR_SIZE 36

typedef ULONG64 transport_id;

/* What SCardStatus tells. */
struct transport_status
{
    DWORD state;    /* an ordinal, 1..6 as SCARD_STATES; 0 unknown */
    DWORD protocol; /* one SC_PROTOCOL_ bit, 0 when none is active */
    BYTE atr[TRANSPORT_ATR_SIZE];
    DWORD atr_length;
};

/* One reader of a wait; SCARD_READERSTATEW with the name owned by the caller. */
struct transport_reader_state
{
    const WCHAR *reader;
    DWORD current_state; /* SCARD_STATE_ bits, event count in the high word */
    DWORD event_state;
    BYTE atr[TRANSPORT_ATR_SIZE];
    DWORD atr_length;
};

struct transport_ops
{
    const char *name; /* "unix", "winscard" */

    /* A context of the user scope. SCARD_E_NO_SERVICE when no resource manager runs (or no unix
     * side is there), SCARD_W_SECURITY_VIOLATION when it refuses us. */
    LONG (*establish)(transport_id *context);
    /* Releases it and disconnects its cards. */
    LONG (*release)(transport_id context);
    /* 0, or SCARD_E_INVALID_HANDLE once the resource manager was restarted. */
    LONG (*is_valid)(transport_id context);

    /* Multi-string of all groups, HeapAlloc'd from the process heap, the caller frees it. */
    LONG (*list_groups)(transport_id context, WCHAR **groups);
    /* The readers in groups (multi-string; NULL: all), the same way.
     * SCARD_E_NO_READERS_AVAILABLE when there are none. */
    LONG (*list_readers)(transport_id context, const WCHAR *groups, WCHAR **readers);

    /* Waits until a state differs from current_state, or timeout milliseconds (INFINITE allowed).
     * SCARD_E_TIMEOUT, SCARD_E_CANCELLED (cancel was called, even just before the wait began),
     * SCARD_E_UNKNOWN_READER. Blocks; use a context of its own. */
    LONG (*get_status_change)(transport_id context, DWORD timeout,
                              struct transport_reader_state *states, DWORD count);
    /* Ends the wait on context, now or the one that is about to begin. */
    LONG (*cancel)(transport_id context);

    /* Connects. protocols: 0 (not with DIRECT) and 0x80000000 mean T0|T1, 0xff alone means RAW, RAW
     * beside others nothing; other unknown bits are SCARD_E_INVALID_PARAMETER.
     * SCARD_E_UNKNOWN_READER, SCARD_E_NO_SMARTCARD, SCARD_E_SHARING_VIOLATION,
     * SCARD_E_PROTO_MISMATCH, ... */
    LONG (*connect)(transport_id context, const WCHAR *reader, DWORD share, DWORD protocols,
                    transport_id *card, DWORD *protocol);
    /* Reconnects under the same id. EXCLUSIVE to SHARED is done as disconnect and connect where the
     * stack cannot do it (pcsc-lite). */
    LONG (*reconnect)(transport_id card, DWORD share, DWORD protocols, DWORD disposition,
                      DWORD ticket, DWORD *protocol);
    /* Disconnects; the id is void afterwards whatever is returned. Never waits for a begin of
     * another thread: that one ends with SCARD_E_CANCELLED. */
    LONG (*disconnect)(transport_id card, DWORD disposition);

    /* Takes the lock, waiting for other holders; cancel_begin or disconnect ends the wait with
     * SCARD_E_CANCELLED. Counts nested calls. */
    LONG (*begin)(transport_id card, DWORD ticket);
    LONG (*end)(transport_id card, DWORD disposition);
    /* Ends the call with that ticket, and no other one: the begin that waits, or the status or
     * reconnect that waits for another program's lock where the stack makes these wait; also when
     * it comes after the cancel. Tickets of a card grow (modulo 2^32) from call to call; 0 names a
     * call that only disconnect ends, and is SCARD_E_INVALID_PARAMETER here. */
    LONG (*cancel_begin)(transport_id card, DWORD ticket);

    /* Sends command (at least 1 byte, under the active protocol) and receives. *reply_length: in,
     * room; out, bytes. SCARD_E_INSUFFICIENT_BUFFER when the reply is longer. One SCardTransmit, no
     * other message. Bounce buffers on the way are wiped. */
    LONG (*transmit)(transport_id card, const BYTE *command, DWORD command_length, BYTE *reply,
                     DWORD *reply_length);
    LONG (*status)(transport_id card, DWORD ticket, struct transport_status *status);

    /* Only GET_FEATURE_REQUEST's own code is translated; codes a driver returned pass unchanged. */
    LONG (*control)(transport_id card, DWORD code, const BYTE *in, DWORD in_length, BYTE *out,
                    DWORD *out_length);
    /* *length: in, room (value may be NULL to ask); out, bytes. An attribute the driver does not
     * know: SCARD_E_UNSUPPORTED_FEATURE. */
    LONG (*get_attrib)(transport_id card, DWORD attribute, BYTE *value, DWORD *length);
    LONG (*set_attrib)(transport_id card, DWORD attribute, const BYTE *value, DWORD length);

    /* Those below are NULL where applications know no handles of the stack. */

    /* The stack's own SCARDCONTEXT; 0 for a stale id. */
    ULONG_PTR (*native_context)(transport_id context);
    /* The stack's own SCARDHANDLE, which a reconnect may change; 0 for a stale id. */
    ULONG_PTR (*native_card)(transport_id card);
    /*
     * A card for a handle that the application got from the stack itself. It stays the
     * application's: disconnect ends our use only. *reader is HeapAlloc'd for the caller, *share
     * EXCLUSIVE or SHARED. ERROR_INVALID_HANDLE for what is no handle, else what SCardStatus says.
     */
    LONG (*wrap)(transport_id context, ULONG_PTR native, transport_id *card, WCHAR **reader,
                  DWORD *share);
};

/* pcsc-lite through the unix half, started at the first call. Never NULL. When the unix half
 * cannot be had every establish gives SCARD_E_NO_SERVICE, and the first one traces the cause. */
extern const struct transport_ops transport_unix;

/*
 * Any winscard.dll: Windows's own, or Wine's since 9.0, whose gaps are filled here: it does not
 * wait, passes pcsc-lite's values on, and reads replies into the application's memory. Locks that
 * a reconnect ends are begun again. Never NULL; without a winscard.dll that works every establish
 * gives SCARD_E_NO_SERVICE.
 */
extern const struct transport_ops transport_winscard;

/*
 * The transport that connections by name use: what the setting says (see transport.c); else the
 * unix half; else winscard.dll, on Windows always, under Wine when it works.
 */
const struct transport_ops *transport_default(void);

/* The transport for handles that are not ours: winscard when the process has loaded it, else
 * NULL. */
const struct transport_ops *transport_of_app(void);

#endif
