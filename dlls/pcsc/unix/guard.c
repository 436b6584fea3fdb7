/*
 * What libpcsclite leaves unguarded between threads.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The library keeps one list of all contexts, each with a list of its handles. Calls look handles
 * up there under a mutex, and so do SCardEstablishContext and SCardReleaseContext change the list.
 * But a successful SCardDisconnect walks it without (SCardRemoveHandle in winscard_clnt.c, 1.9.9 to
 * 2.3.3 at least). A context that another thread opens or releases at that moment makes it crash,
 * under Wine as a call that fails with a mutex left locked, for which later calls wait for ever. So
 * a disconnect and a change of the list of contexts wait for each other here.
 *
 * SCardConnect appends to its context's list without the mutex, which others may be reading: there
 * the list can be followed all the time but between two stores into the first element of a new
 * context. Keeping that apart too would make a connect wait for every call that runs.
 *
 * No wait here is for ever: pcscd makes a disconnect with a reset wait for other programs.
 */

#include "guard.h"

#include "futex.h"

/* Milliseconds. */
#define LIMIT 1000

static struct pcsc native;

/* Disconnects run together, changes one by one. Whoever waits goes before what comes later. */
static struct
{
    pthread_mutex_t mutex; /* for the fields below */
    struct wake changed;
    unsigned walks, changes;                 /* running */
    unsigned waiting_walks, waiting_changes; /* not yet running */
    int walks_next;                          /* the last one to run was a change */
} guard = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static int must_walk_wait(void)
{
    return guard.changes || (guard.waiting_changes && !guard.walks_next);
}

static int must_change_wait(void)
{
    return guard.changes || guard.walks || (guard.waiting_walks && guard.walks_next);
}

/* The mutex held. */
static void wait_while(int (*must_wait)(void))
{
    uint64_t time = wake_clock(), end = time + LIMIT;

    for (; must_wait() && time < end; time = wake_clock())
        wake_wait(&guard.changed, &guard.mutex, (unsigned)(end - time));
}

static void begin_walk(void)
{
    pthread_mutex_lock(&guard.mutex);
    guard.waiting_walks++;
    wait_while(must_walk_wait);
    guard.walks++;
    if (!--guard.waiting_walks)
        guard.walks_next = 0;
    pthread_mutex_unlock(&guard.mutex);
}

static void end_walk(void)
{
    pthread_mutex_lock(&guard.mutex);
    guard.walks--;
    wake_all(&guard.changed);
    pthread_mutex_unlock(&guard.mutex);
}

static void begin_change(void)
{
    pthread_mutex_lock(&guard.mutex);
    guard.waiting_changes++;
    wait_while(must_change_wait);
    guard.waiting_changes--;
    guard.changes++;
    pthread_mutex_unlock(&guard.mutex);
}

static void end_change(void)
{
    pthread_mutex_lock(&guard.mutex);
    guard.changes--;
    guard.walks_next = guard.waiting_walks != 0;
    wake_all(&guard.changed);
    pthread_mutex_unlock(&guard.mutex);
}

static LONG establish(DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT context)
{
    LONG result;

    begin_change();
    result = native.SCardEstablishContext(scope, reserved1, reserved2, context);
    end_change();
    return result;
}

static LONG release(SCARDCONTEXT context)
{
    LONG result;

    begin_change();
    result = native.SCardReleaseContext(context);
    end_change();
    return result;
}

static LONG disconnect(SCARDHANDLE handle, DWORD disposition)
{
    LONG result;

    begin_walk();
    result = native.SCardDisconnect(handle, disposition);
    end_walk();
    return result;
}

void guard_library(struct pcsc *functions)
{
    native = *functions;
    functions->SCardEstablishContext = establish;
    functions->SCardReleaseContext = release;
    functions->SCardDisconnect = disconnect;
}
