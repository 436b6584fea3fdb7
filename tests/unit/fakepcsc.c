/*
 * A stand-in for libpcsclite, see fakepcsc.h.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakepcsc.h"

#include <pcsclite.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAP     1000 /* microseconds between two polls */
#define HANDLES 4096

struct fake fake;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* Over 32 bits where there are more. */
static unsigned long next_id = (unsigned long)0x100000001ull;
static SCARDHANDLE handles[HANDLES];

void fake_lock(void)
{
    pthread_mutex_lock(&mutex);
}

void fake_unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

void fake_reset(void)
{
    int contexts = fake.contexts, open = fake.handles;

    fake_lock();
    memset(&fake, 0, sizeof(fake));
    fake.contexts = contexts;
    fake.handles = open;
    fake.active = SCARD_PROTOCOL_T1;
    fake.state = 0x34;
    fake.readers = "Reader A\0Reader B\0";
    fake.library = "libpcsclite.so.1";
    fake_unlock();
}

/* Counts a call; not 0 when the test forces its result. Leaves the mutex locked. */
static long enter(enum fake_call call)
{
    fake_lock();
    fake.calls[call]++;
    return fake.force[call];
}

static long leave(long result)
{
    fake_unlock();
    return result;
}

unsigned fake_calls(enum fake_call call)
{
    unsigned calls;

    fake_lock();
    calls = fake.calls[call];
    fake_unlock();
    return calls;
}

void fake_hold(SCARDHANDLE holder)
{
    fake_lock();
    fake.holder = holder;
    fake.depth = holder != 0;
    fake_unlock();
}

int fake_reaches(enum fake_call call, unsigned calls)
{
    int tries;

    for (tries = 0; tries < 2000 && fake_calls(call) < calls; tries++)
        usleep(1000);
    return fake_calls(call) >= calls;
}

static int find_handle(SCARDHANDLE handle)
{
    int i;

    for (i = 0; i < HANDLES; i++)
        if (handle && handles[i] == handle)
            return i;
    return -1;
}

/* ---- the library ---- */

static LONG fake_SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT context)
{
    LONG result = enter(FAKE_SCardEstablishContext);

    (void)scope, (void)a, (void)b;
    if (!result)
    {
        *context = (SCARDCONTEXT)next_id++;
        fake.contexts++;
    }
    return leave(result);
}

static LONG fake_SCardReleaseContext(SCARDCONTEXT context)
{
    LONG result = enter(FAKE_SCardReleaseContext);

    (void)context;
    fake.contexts--;
    return leave(result);
}

static LONG fake_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols,
                              LPSCARDHANDLE handle, LPDWORD active)
{
    LONG result = enter(FAKE_SCardConnect);
    int i;

    fake.share = share;
    fake.protocols = protocols;
    fake.context = context;
    if (!result && strcmp(reader, "Reader A") && strcmp(reader, "Reader B"))
        result = SCARD_E_UNKNOWN_READER;
    if (result)
        return leave(result);
    fake_unlock();
    usleep(fake.pause);
    fake_lock();
    for (i = 0; handles[i]; i++)
        continue;
    handles[i] = *handle = (SCARDHANDLE)next_id++;
    fake.handles++;
    *active = fake.active;
    return leave(0);
}

static LONG fake_SCardReconnect(SCARDHANDLE handle, DWORD share, DWORD protocols, DWORD disposition,
                                LPDWORD active)
{
    LONG result = enter(FAKE_SCardReconnect);

    if (fake.share == SCARD_SHARE_EXCLUSIVE && share != SCARD_SHARE_EXCLUSIVE)
        fake.spoilt = 1;
    fake.protocols = protocols;
    fake.disposition = disposition;
    if (!result && find_handle(handle) < 0)
        result = SCARD_E_INVALID_HANDLE;
    if (!result)
    {
        fake.share = share;
        *active = fake.active;
    }
    return leave(result);
}

static LONG fake_SCardDisconnect(SCARDHANDLE handle, DWORD disposition)
{
    LONG result = enter(FAKE_SCardDisconnect);
    int i = find_handle(handle);

    fake.disposition = disposition;
    if (!result && i < 0)
        result = SCARD_E_INVALID_HANDLE;
    if (result)
        return leave(result);
    handles[i] = 0;
    fake.handles--;
    if (fake.holder == handle)
        fake.holder = fake.depth = 0;
    return leave(0);
}

static LONG fake_SCardBeginTransaction(SCARDHANDLE handle)
{
    LONG result = enter(FAKE_SCardBeginTransaction);

    while (!result)
    {
        if (find_handle(handle) < 0)
            result = SCARD_E_INVALID_HANDLE;
        else if (!fake.holder || fake.holder == handle)
        {
            fake.holder = handle;
            fake.depth++;
            break;
        }
        fake_unlock();
        usleep(NAP);
        fake_lock();
    }
    return leave(result);
}

static LONG fake_SCardEndTransaction(SCARDHANDLE handle, DWORD disposition)
{
    LONG result = enter(FAKE_SCardEndTransaction);

    fake.end_disposition = disposition;
    if (!result && fake.holder != handle)
        result = fake.holder ? SCARD_E_SHARING_VIOLATION : SCARD_E_NOT_TRANSACTED;
    if (result == SCARD_E_NOT_TRANSACTED && fake.snatch)
    {
        fake.holder = FAKE_OTHER;
        fake.depth = 1;
    }
    if (!result && !--fake.depth)
        fake.holder = 0;
    return leave(result);
}

static LONG fake_SCardStatus(SCARDHANDLE handle, LPSTR name, LPDWORD name_length, LPDWORD state,
                             LPDWORD protocol, LPBYTE atr, LPDWORD atr_length)
{
    LONG result = enter(FAKE_SCardStatus);

    (void)name, (void)name_length;
    if (!result && find_handle(handle) < 0)
        result = SCARD_E_INVALID_HANDLE;
    if (result)
        return leave(result);
    *state = fake.state;
    *protocol = fake.active;
    memcpy(atr, fake.atr, fake.atr_length < *atr_length ? fake.atr_length : *atr_length);
    *atr_length = fake.atr_length;
    return leave(0);
}

static LONG fake_SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout,
                                      SCARD_READERSTATE *states, DWORD count)
{
    LONG result = enter(FAKE_SCardGetStatusChange);
    unsigned long naps;
    DWORD i;
    int changed = 0;

    (void)context;
    if (count > PCSCLITE_MAX_READERS_CONTEXTS)
        return leave(SCARD_E_INVALID_VALUE);
    fake.timeout = timeout;
    fake.cancel = 0; /* what came before is lost */
    fake.waiting = 1;
    if (count)
        fake.current = states[0].dwCurrentState;
    for (naps = 0; !result; naps++)
    {
        for (i = 0; i < count; i++)
        {
            states[i].dwEventState = fake.reader_state;
            states[i].cbAtr = fake.atr_length;
            memcpy(states[i].rgbAtr, fake.atr, sizeof(states[i].rgbAtr));
            if (states[i].dwCurrentState != fake.reader_state)
            {
                states[i].dwEventState |= SCARD_STATE_CHANGED;
                changed = 1;
            }
        }
        if (changed)
            break;
        if (fake.cancel)
            result = SCARD_E_CANCELLED;
        else if (naps >= timeout)
            result = SCARD_E_TIMEOUT;
        else
        {
            fake_unlock();
            usleep(1000);
            fake_lock();
        }
    }
    fake.waiting = 0;
    return leave(result);
}

static LONG fake_SCardControl(SCARDHANDLE handle, DWORD code, LPCVOID in, DWORD in_length,
                              LPVOID out, DWORD out_room, LPDWORD out_length)
{
    LONG result = enter(FAKE_SCardControl);

    (void)handle;
    fake.code = code;
    fake.sent_length = in_length;
    memcpy(fake.sent, in, in_length < sizeof(fake.sent) ? in_length : sizeof(fake.sent));
    *out_length = 0;
    if (result)
        return leave(result);
    if (fake.answer_length > out_room)
        return leave(SCARD_E_INSUFFICIENT_BUFFER);
    memset(out, 0x5a, fake.answer_length);
    *out_length = fake.answer_length;
    return leave(0);
}

static LONG fake_SCardTransmit(SCARDHANDLE handle, const SCARD_IO_REQUEST *pci, LPCBYTE command,
                               DWORD length, SCARD_IO_REQUEST *reply_pci, LPBYTE reply,
                               LPDWORD reply_length)
{
    LONG result = enter(FAKE_SCardTransmit);

    (void)reply_pci;
    if (!result && find_handle(handle) < 0)
        result = SCARD_E_INVALID_HANDLE;
    fake.pci = pci->dwProtocol;
    fake.sent_length = length;
    memcpy(fake.sent, command, length < sizeof(fake.sent) ? length : sizeof(fake.sent));
    if (!result && fake.answer_length > *reply_length)
        result = SCARD_E_INSUFFICIENT_BUFFER;
    if (!result)
        memset(reply, 0x5a, fake.answer_length);
    *reply_length = fake.answer_length;
    return leave(result);
}

/* A multi-string in the way of both list functions. */
static LONG give_list(LONG result, const char *names, LPSTR out, LPDWORD length)
{
    const char *end = names;
    DWORD room = *length;

    if (result)
        return leave(result);
    while (*end)
        end += strlen(end) + 1;
    *length = end + 1 - names;
    if (*length == 1)
        return leave(SCARD_E_NO_READERS_AVAILABLE);
    if (out && room < *length)
        return leave(SCARD_E_INSUFFICIENT_BUFFER);
    if (out)
        memcpy(out, names, *length);
    if (fake.list_length)
        *length = fake.list_length;
    return leave(0);
}

static LONG fake_SCardListReaderGroups(SCARDCONTEXT context, LPSTR groups, LPDWORD length)
{
    LONG result = enter(FAKE_SCardListReaderGroups);

    (void)context;
    return give_list(result, "SCard$DefaultReaders\0", groups, length);
}

static LONG fake_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers,
                                  LPDWORD length)
{
    LONG result = enter(FAKE_SCardListReaders);

    (void)context, (void)groups;
    return give_list(result, fake.readers, readers, length);
}

static LONG fake_SCardCancel(SCARDCONTEXT context)
{
    LONG result = enter(FAKE_SCardCancel);

    (void)context;
    if (fake.lost_cancels)
        fake.lost_cancels--;
    else
        fake.cancel = fake.waiting;
    return leave(result);
}

static LONG fake_SCardGetAttrib(SCARDHANDLE handle, DWORD attribute, LPBYTE value, LPDWORD length)
{
    LONG result = enter(FAKE_SCardGetAttrib);

    (void)handle;
    fake.attribute = attribute;
    if (!result && fake.answer_length > *length)
        result = SCARD_E_INSUFFICIENT_BUFFER;
    if (!result && value)
        memset(value, 0x5a, fake.answer_length);
    *length = fake.answer_length;
    return leave(result);
}

static LONG fake_SCardSetAttrib(SCARDHANDLE handle, DWORD attribute, LPCBYTE value, DWORD length)
{
    LONG result = enter(FAKE_SCardSetAttrib);

    (void)handle;
    fake.attribute = attribute;
    fake.sent_length = length;
    memcpy(fake.sent, value, length < sizeof(fake.sent) ? length : sizeof(fake.sent));
    return leave(result);
}

/* ---- the loader ---- */

static void *open_library(const char *path)
{
    size_t used = strlen(fake.opened);

    snprintf(fake.opened + used, sizeof(fake.opened) - used, "%s\n", path);
    return fake.library && !strcmp(path, fake.library) ? &fake : NULL;
}

static int has_function(const char *name)
{
    return !fake.no_symbol || strcmp(fake.no_symbol, name);
}

#define STANDIN(function) fake_##function
#include "fakeloader.h"
