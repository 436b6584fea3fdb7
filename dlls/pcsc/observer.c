/*
 * What the trace and the recording show of each connection, by one rule of secrecy.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "observer.h"

#include <stdio.h>
#include <winscard.h>

#include "iso7816/apdu.h"
#include "iso7816/hex.h"
#include "base/product.h"
#include "icc/profile.h"
#include "recording.h"
#include "iso7816/text.h"
#include "base/trace.h"

#define TEXT_SIZE  1024
#define NAME_BYTES 512

static BOOL is_wanted(const struct observer *observer)
{
    return observer->number || trace_enabled(TRACE_TRACE);
}

/* The recording has mark between connection and text; the trace has name before text. */
static void tell(const struct observer *observer, const char *mark, const char *name,
                 const char *text)
{
    trace_text("connection", name, text);
    recording_line(observer->number, mark, text);
}

/* ---- connections ---- */

static const char *protocol_name(DWORD protocol)
{
    switch (protocol)
    {
    case SC_PROTOCOL_T0: return "T0";
    case SC_PROTOCOL_T1: return "T1";
    case SC_PROTOCOL_RAW: return "RAW";
    default: return "none";
    }
}

static int is_flex(const struct icc_profile *profile)
{
    return profile->layout == FCP_LAYOUT_FLEX || profile->layout == FCP_LAYOUT_CYBERFLEX;
}

void observer_profile(struct observer *observer, const struct icc_profile *profile)
{
    AcquireSRWLockExclusive(&observer->lock);
    if (is_flex(profile))
        observer->secrecy.flex = 1;
    ReleaseSRWLockExclusive(&observer->lock);
}

void observer_card(struct observer *observer, const struct transport_status *status)
{
    unsigned flags = observer->secrecy.others ? SECRECY_OTHERS : 0;

    if (is_flex(icc_profile_for_atr(status->atr, status->atr_length)))
        flags |= SECRECY_FLEX;
    AcquireSRWLockExclusive(&observer->lock);
    secrecy_start(&observer->secrecy, flags);
    ReleaseSRWLockExclusive(&observer->lock);
}

/* pcsc-lite ends the name of a reader by " (the serial number) 00 00" where it has one. That is
 * its user's alone, and nothing needs it to play the record back. */
static void hide_serial(char *name)
{
    static const char serial[] = "SERIAL";
    char *end = name + strlen(name), *begin;

    if (end - name < 7 || end[-7] != ')' || end[-6] != ' ' || hex_digit(end[-5]) < 0 ||
        hex_digit(end[-4]) < 0 || end[-3] != ' ' || hex_digit(end[-2]) < 0 ||
        hex_digit(end[-1]) < 0)
        return;
    end -= 7;
    for (begin = end; begin > name && *begin != '('; begin--)
        ;
    /* A shorter one is none that it could be mistaken for. */
    if (*begin != '(' || end - begin - 1 < (int)strlen(serial))
        return;
    memcpy(begin + 1, serial, strlen(serial));
    memmove(begin + 1 + strlen(serial), end, strlen(end) + 1);
}

void observer_connect(struct observer *observer, const char *transport, const WCHAR *reader,
                      DWORD share, BOOL app_handle, const struct transport_status *status)
{
    static const char *const shares[] = {"exclusive", "shared", "direct"};
    char text[TEXT_SIZE], atr[2 * TRANSPORT_ATR_SIZE + 4], name[NAME_BYTES];

    observer->alone = share == SC_SHARE_EXCLUSIVE && !app_handle;
    observer->secrecy.others = app_handle != FALSE;
    observer_card(observer, status);
    observer->number = recording_connection(transport);
    if (!is_wanted(observer))
        return;
    hex_format(status->atr, status->atr_length, atr, sizeof(atr));
    text_show(reader, lstrlenW(reader), "", name, sizeof(name));
    hide_serial(name);
    snprintf(text, sizeof(text), "%s %s ATR %s reader %s",
             share >= 1 && share <= 3 ? shares[share - 1] : "unknown",
             protocol_name(status->protocol), status->atr_length ? atr : "none", name);
    tell(observer, "connect", "connect", text);
}

/* A begin waits for other programs, which may have selected another file. A reset deselects it. */
static BOOL may_move(const struct observer *observer, enum observer_event event, DWORD value)
{
    switch (event)
    {
    case OBSERVER_BEGIN: return !observer->alone;
    case OBSERVER_END: return value != SCARD_LEAVE_CARD;
    default: return TRUE;
    }
}

static void forget(struct observer *observer)
{
    AcquireSRWLockExclusive(&observer->lock);
    secrecy_forget(&observer->secrecy);
    ReleaseSRWLockExclusive(&observer->lock);
}

void observer_event(struct observer *observer, enum observer_event event, DWORD value, LONG result)
{
    static const char *const words[] = {"begin", "end", "reconnect", "control", "disconnect"};
    char text[TEXT_SIZE];

    if (may_move(observer, event, value))
        forget(observer);
    if (!is_wanted(observer))
        return;
    snprintf(text, sizeof(text), "%lx: %08lx", value, (DWORD)result);
    tell(observer, words[event], words[event], text);
}

/* ---- commands ---- */

static const char *command_name(const BYTE *command, DWORD length)
{
    const char *name = length >= 2 ? apdu_instruction_name(command[1]) : NULL;

    return name ? name : "command";
}

static void begin_command(struct observer *observer, struct observed *observed, const BYTE *command,
                          DWORD length)
{
    AcquireSRWLockExclusive(&observer->lock);
    if (observer->under_way++)
    {
        observer->overlaps++;
        secrecy_forget(&observer->secrecy);
    }
    observed->overlaps = observer->overlaps;
    observed->hidden = secrecy_hides(&observer->secrecy, command, length);
    ReleaseSRWLockExclusive(&observer->lock);
}

/* Another thread's command may have moved the position before the card got this one. */
static void end_command(struct observer *observer, struct observed *observed, const BYTE *command,
                        DWORD command_length, const BYTE *reply, DWORD reply_length)
{
    BOOL overlapped;

    AcquireSRWLockExclusive(&observer->lock);
    overlapped = --observer->under_way || observed->overlaps != observer->overlaps;
    if (overlapped)
    {
        secrecy_forget(&observer->secrecy);
        observed->hidden =
            observed->hidden || secrecy_hides(&observer->secrecy, command, command_length);
    }
    secrecy_follow(&observer->secrecy, command, command_length, reply, reply_length);
    if (overlapped)
        secrecy_forget(&observer->secrecy);
    ReleaseSRWLockExclusive(&observer->lock);
}

void observer_command(struct observer *observer, struct observed *observed, const BYTE *command,
                      DWORD length)
{
    size_t size = 2 * (size_t)length + 64;

    begin_command(observer, observed, command, length);
    observed->command = NULL;
    observed->sent = 0;
    if (!is_wanted(observer) || !(observed->command = HeapAlloc(GetProcessHeap(), 0, size)))
        return;
    hex_format_command(command, length, observed->hidden, observed->command, size);
    observed->sent = product_time();
    trace_text("apdu", command_name(command, length), observed->command);
}

/* Writes both lines at once, so that no other thread's lines come between them. */
static void tell_reply(const struct observer *observer, const struct observed *observed,
                       const BYTE *reply, DWORD length, LONG result)
{
    size_t size = 2 * (size_t)length + 64;
    char *text = HeapAlloc(GetProcessHeap(), 0, size);

    if (!text)
        return;
    if (result)
        snprintf(text, size, "%08lx", (DWORD)result);
    else
        hex_format_reply(reply, length, observed->hidden, text, size);
    trace_text("apdu", result ? "no reply, result" : "reply", text);
    recording_exchange(observer->number, observed->sent, observed->command, result ? "!" : "<",
                       text);
    HeapFree(GetProcessHeap(), 0, text);
}

void observer_reply(struct observer *observer, struct observed *observed, const BYTE *command,
                    DWORD command_length, const BYTE *reply, DWORD reply_length, LONG result)
{
    BOOL shown = !observed->hidden;

    end_command(observer, observed, command, command_length, reply, result ? 0 : reply_length);
    if (!observed->command)
        return;
    if (shown && observed->hidden)
        hex_format_command(command, command_length, TRUE, observed->command,
                           2 * (size_t)command_length + 64);
    tell_reply(observer, observed, reply, result ? 0 : reply_length, result);
    HeapFree(GetProcessHeap(), 0, observed->command);
}
