/*
 * A stand-in for libpcsclite with pcsc-lite's own locking, see fakedaemon.h.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "fakedaemon.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "pcsc/unix/pcsclite.h"

#define CONTEXTS 64
#define HANDLES  256
#define POLL     500 /* microseconds between two questions */

struct context
{
    SCARDCONTEXT id; /* 0: free */
    pthread_mutex_t mutex;
    int cancel, waiting; /* under daemon_mutex */
};

struct reader
{
    const char *name;
    SCARDHANDLE holder; /* of the transaction */
    unsigned depth;
    SCARDHANDLE exclusive;
    int connections;
};

struct handle
{
    SCARDHANDLE id; /* 0: free */
    struct context *context;
    struct reader *reader;
    char *name; /* of the reader, on the heap */
    int reset;  /* is to be told */
};

/* An element of the library's own list of contexts. */
struct known
{
    struct known *next;
    SCARDCONTEXT id;
};

/* The daemon does one thing at a time; the library's lists are under the same mutex here. */
static pthread_mutex_t daemon_mutex = PTHREAD_MUTEX_INITIALIZER;
/* The library's own, held while it waits for a context's. */
static pthread_mutex_t client_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct context contexts[CONTEXTS];
static struct handle handles[HANDLES];
static struct reader readers[DAEMON_READERS] = {{.name = "Reader A"}, {.name = "Reader B"}};
static struct known *known; /* changed under the mutex, walked without, as in libpcsclite */
static unsigned long next_id = 1000;
static int spoilt;

static void lock(void)
{
    pthread_mutex_lock(&daemon_mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&daemon_mutex);
}

struct daemon_count daemon_count(void)
{
    struct daemon_count count = {0};
    int i;

    lock();
    for (i = 0; i < CONTEXTS; i++)
        count.contexts += contexts[i].id != 0;
    for (i = 0; i < HANDLES; i++)
        count.handles += handles[i].id != 0;
    for (i = 0; i < DAEMON_READERS; i++)
        count.locks += readers[i].holder || readers[i].exclusive || readers[i].connections;
    count.spoilt = spoilt;
    unlock();
    return count;
}

/* ---- finding; the daemon locked ---- */

static struct context *find_context(SCARDCONTEXT id)
{
    int i;

    for (i = 0; i < CONTEXTS; i++)
        if (id && contexts[i].id == id)
            return &contexts[i];
    return NULL;
}

static struct handle *find_handle(SCARDHANDLE id)
{
    int i;

    for (i = 0; i < HANDLES; i++)
        if (id && handles[i].id == id)
            return &handles[i];
    return NULL;
}

/* Its context's mutex, then the daemon again: the handle may be gone by then. NULL and nothing
 * locked when it is. With names, its name is read as in libpcsclite's SCardStatus: the pointer is
 * older than the mutex. */
static struct handle *enter_named(SCARDHANDLE id, struct context **context, int names)
{
    struct handle *handle;
    const char *name;
    size_t length;

    pthread_mutex_lock(&client_mutex);
    lock();
    handle = find_handle(id);
    *context = handle ? handle->context : NULL;
    name = handle && names ? handle->name : "";
    unlock();
    if (*context)
        pthread_mutex_lock(&(*context)->mutex);
    pthread_mutex_unlock(&client_mutex);
    if (!*context)
        return NULL;
    length = strlen(name);
    lock();
    spoilt += length >= MAX_READERNAME;
    if ((handle = find_handle(id)) && handle->context == *context)
        return handle;
    unlock();
    pthread_mutex_unlock(&(*context)->mutex);
    return NULL;
}

static struct handle *enter_handle(SCARDHANDLE id, struct context **context)
{
    return enter_named(id, context, 0);
}

/* The context with its mutex locked, or NULL. */
static struct context *enter_context(SCARDCONTEXT id)
{
    struct context *context;

    pthread_mutex_lock(&client_mutex);
    lock();
    context = find_context(id);
    unlock();
    if (context)
        pthread_mutex_lock(&context->mutex);
    pthread_mutex_unlock(&client_mutex);
    return context;
}

static LONG leave(struct context *context, LONG result)
{
    unlock();
    pthread_mutex_unlock(&context->mutex);
    return result;
}

/* The same; not before no other handle has the transaction. SCARD_E_INVALID_HANDLE, or the news of
 * a reset, and then nothing is locked. */
static LONG enter_card_named(SCARDHANDLE id, struct handle **out, struct context **context,
                             int names)
{
    struct handle *handle;
    int reset;

    for (;;)
    {
        if (!(handle = enter_named(id, context, names)))
            return SCARD_E_INVALID_HANDLE;
        if (!handle->reader->holder || handle->reader->holder == id)
            break;
        leave(*context, 0);
        usleep(POLL);
        names = 0; /* a moment in ever so many later rounds, which nobody can avoid */
    }
    *out = handle;
    reset = handle->reset;
    return reset ? leave(*context, SCARD_W_RESET_CARD) : 0;
}

static LONG enter_card(SCARDHANDLE id, struct handle **out, struct context **context)
{
    return enter_card_named(id, out, context, 0);
}

/* ---- the library's list of contexts ---- */

/* The daemon locked. */
static void learn_context(SCARDCONTEXT id)
{
    struct known *element = malloc(sizeof(*element));

    element->id = id;
    element->next = known;
    known = element;
}

/* The daemon locked. */
static void forget_context(SCARDCONTEXT id)
{
    struct known **at, *element;

    for (at = &known; (*at)->id != id; at = &(*at)->next)
        ;
    element = *at;
    *at = element->next;
    free(element);
}

/* What a successful SCardDisconnect does with no mutex held but the context's. */
static void find_known(SCARDCONTEXT id)
{
    struct known *element;

    for (element = known; element && element->id != id; element = element->next)
        sched_yield();
}

/* ---- cards; the daemon locked ---- */

static void tell_reset(const struct handle *by)
{
    int i;

    for (i = 0; i < HANDLES; i++)
        if (handles[i].id && handles[i].reader == by->reader && &handles[i] != by)
            handles[i].reset = 1;
}

static void close_handle(struct handle *handle, DWORD disposition)
{
    struct reader *reader = handle->reader;

    if (disposition != SCARD_LEAVE_CARD)
        tell_reset(handle);
    if (reader->holder == handle->id)
        reader->holder = reader->depth = 0;
    if (reader->exclusive == handle->id)
        reader->exclusive = 0;
    reader->connections--;
    handle->id = 0;
    free(handle->name);
}

/* ---- contexts ---- */

static LONG daemon_SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT out)
{
    LONG result = SCARD_E_NO_MEMORY;
    int i;

    (void)scope, (void)a, (void)b;
    lock();
    for (i = 0; i < CONTEXTS && result; i++)
    {
        if (contexts[i].id)
            continue;
        pthread_mutex_init(&contexts[i].mutex, NULL);
        contexts[i].cancel = contexts[i].waiting = 0;
        *out = contexts[i].id = (SCARDCONTEXT)next_id++;
        learn_context(*out);
        result = 0;
    }
    unlock();
    return result;
}

static LONG daemon_SCardReleaseContext(SCARDCONTEXT id)
{
    struct context *context;
    int i;

    if (!(context = enter_context(id)))
        return SCARD_E_INVALID_HANDLE;
    lock();
    for (i = 0; i < HANDLES; i++)
        if (handles[i].id && handles[i].context == context)
            close_handle(&handles[i], SCARD_LEAVE_CARD);
    unlock();
    pthread_mutex_unlock(&context->mutex);
    pthread_mutex_destroy(&context->mutex);
    lock();
    context->id = 0;
    forget_context(id);
    unlock();
    return 0;
}

static LONG give_list(SCARDCONTEXT id, const char *list, size_t size, LPSTR out, LPDWORD length)
{
    struct context *context;
    DWORD room = *length;

    if (!(context = enter_context(id)))
        return SCARD_E_INVALID_HANDLE;
    *length = size;
    if (out && room >= size)
        memcpy(out, list, size);
    pthread_mutex_unlock(&context->mutex);
    return out && room < size ? SCARD_E_INSUFFICIENT_BUFFER : 0;
}

static LONG daemon_SCardListReaderGroups(SCARDCONTEXT context, LPSTR out, LPDWORD length)
{
    static const char groups[] = "SCard$DefaultReaders\0";

    return give_list(context, groups, sizeof(groups), out, length);
}

static LONG daemon_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR out, LPDWORD length)
{
    static const char names[] = "Reader A\0Reader B\0";

    (void)groups;
    return give_list(context, names, sizeof(names), out, length);
}

static LONG daemon_SCardGetStatusChange(SCARDCONTEXT id, DWORD timeout, SCARD_READERSTATE *states,
                                        DWORD count)
{
    struct context *context;
    LONG result = SCARD_E_TIMEOUT;
    DWORD waited;

    (void)states, (void)count;
    if (!(context = enter_context(id)))
        return SCARD_E_INVALID_HANDLE;
    lock();
    context->waiting = 1;
    context->cancel = 0; /* what came before is lost */
    for (waited = 0; !context->cancel && waited < timeout; waited++)
    {
        unlock();
        usleep(1000);
        lock();
    }
    if (context->cancel)
        result = SCARD_E_CANCELLED;
    context->waiting = 0;
    return leave(context, result);
}

/* Without the context's mutex. */
static LONG daemon_SCardCancel(SCARDCONTEXT id)
{
    struct context *context;

    lock();
    if ((context = find_context(id)))
        context->cancel = context->waiting;
    unlock();
    return context ? 0 : SCARD_E_INVALID_HANDLE;
}

/* ---- cards ---- */

static struct reader *find_reader(const char *name)
{
    int i;

    for (i = 0; i < DAEMON_READERS; i++)
        if (!strcmp(readers[i].name, name))
            return &readers[i];
    return NULL;
}

/* The daemon locked. */
static LONG connect(struct context *context, struct reader *reader, DWORD share, LPSCARDHANDLE out)
{
    int i;

    if (!reader)
        return SCARD_E_UNKNOWN_READER;
    if (reader->exclusive || (share == SCARD_SHARE_EXCLUSIVE && reader->connections))
        return SCARD_E_SHARING_VIOLATION;
    for (i = 0; i < HANDLES && handles[i].id; i++)
        continue;
    if (i == HANDLES)
        return SCARD_E_NO_MEMORY;
    handles[i] = (struct handle){.id = (SCARDHANDLE)next_id++,
                                 .context = context,
                                 .reader = reader,
                                 .name = strdup(reader->name)};
    reader->connections++;
    if (share == SCARD_SHARE_EXCLUSIVE)
        reader->exclusive = reader->holder = handles[i].id;
    *out = handles[i].id;
    return 0;
}

static LONG daemon_SCardConnect(SCARDCONTEXT id, LPCSTR name, DWORD share, DWORD protocols,
                                LPSCARDHANDLE out, LPDWORD active)
{
    struct context *context;
    struct reader *reader;
    LONG result;

    (void)protocols;
    if (!(context = enter_context(id)))
        return SCARD_E_INVALID_HANDLE;
    lock();
    reader = find_reader(name);
    while (reader && reader->holder && !reader->exclusive) /* in the daemon */
    {
        unlock();
        usleep(POLL);
        lock();
    }
    result = connect(context, reader, share, out);
    *active = SCARD_PROTOCOL_T1;
    return leave(context, result);
}

static LONG daemon_SCardReconnect(SCARDHANDLE id, DWORD share, DWORD protocols, DWORD disposition,
                                  LPDWORD active)
{
    struct handle *handle;
    struct context *context;
    struct reader *reader;
    LONG result = enter_card(id, &handle, &context);

    (void)protocols;
    if (result == SCARD_W_RESET_CARD)
    {
        if (!(handle = enter_handle(id, &context)))
            return SCARD_E_INVALID_HANDLE;
        result = 0;
    }
    if (result)
        return result;
    reader = handle->reader;
    if (share == SCARD_SHARE_EXCLUSIVE && reader->connections > 1)
        return leave(context, SCARD_E_SHARING_VIOLATION);
    handle->reset = 0;
    if (disposition != SCARD_LEAVE_CARD)
        tell_reset(handle);
    spoilt += reader->exclusive == id && share != SCARD_SHARE_EXCLUSIVE;
    if (share == SCARD_SHARE_EXCLUSIVE)
        reader->exclusive = reader->holder = id;
    *active = SCARD_PROTOCOL_T1;
    return leave(context, 0);
}

static LONG daemon_SCardDisconnect(SCARDHANDLE id, DWORD disposition)
{
    struct context *context;
    struct handle *handle = enter_handle(id, &context);
    SCARDCONTEXT of;

    if (!handle)
        return SCARD_E_INVALID_HANDLE;
    unlock();
    usleep(100); /* in the daemon, with the context's mutex held */
    lock();
    close_handle(handle, disposition);
    of = context->id;
    unlock();
    find_known(of);
    pthread_mutex_unlock(&context->mutex);
    return 0;
}

static LONG daemon_SCardBeginTransaction(SCARDHANDLE id)
{
    struct context *context;
    struct handle *handle;
    LONG result = enter_card(id, &handle, &context);

    if (result)
        return result;
    handle->reader->holder = id;
    handle->reader->depth++;
    return leave(context, 0);
}

static LONG daemon_SCardEndTransaction(SCARDHANDLE id, DWORD disposition)
{
    struct context *context;
    struct handle *handle = enter_handle(id, &context);
    struct reader *reader;

    if (!handle)
        return SCARD_E_INVALID_HANDLE;
    reader = handle->reader;
    if (reader->holder != id || !reader->depth)
        return leave(context, reader->holder && reader->holder != id ? SCARD_E_SHARING_VIOLATION
                                                                     : SCARD_E_NOT_TRANSACTED);
    if (handle->reset)
        return leave(context, SCARD_W_RESET_CARD);
    if (disposition != SCARD_LEAVE_CARD)
        tell_reset(handle);
    if (!--reader->depth && !reader->exclusive)
        reader->holder = 0;
    return leave(context, 0);
}

static LONG daemon_SCardStatus(SCARDHANDLE id, LPSTR name, LPDWORD name_length, LPDWORD state,
                               LPDWORD protocol, LPBYTE atr, LPDWORD atr_length)
{
    struct context *context;
    struct handle *handle;
    LONG result = enter_card_named(id, &handle, &context, 1);

    (void)name, (void)name_length;
    if (result)
        return result;
    *state = 0x34;
    *protocol = SCARD_PROTOCOL_T1;
    memcpy(atr, "\x3b\x00", 2);
    *atr_length = 2;
    return leave(context, 0);
}

/* A while in the daemon, with the context's mutex held. */
static LONG daemon_SCardTransmit(SCARDHANDLE id, const SCARD_IO_REQUEST *pci, LPCBYTE command,
                                 DWORD length, SCARD_IO_REQUEST *reply_pci, LPBYTE reply,
                                 LPDWORD reply_length)
{
    struct context *context;
    struct handle *handle;
    LONG result = enter_card(id, &handle, &context);

    (void)pci, (void)command, (void)length, (void)reply_pci;
    if (result)
        return result;
    unlock();
    usleep(200);
    lock();
    memcpy(reply, "\x90\x00", 2);
    *reply_length = 2;
    return leave(context, 0);
}

static LONG simple_call(SCARDHANDLE id)
{
    struct context *context;
    struct handle *handle;
    LONG result = enter_card(id, &handle, &context);

    return result ? result : leave(context, 0);
}

static LONG daemon_SCardControl(SCARDHANDLE id, DWORD code, LPCVOID in, DWORD in_length, LPVOID out,
                                DWORD room, LPDWORD length)
{
    (void)code, (void)in, (void)in_length, (void)out, (void)room;
    *length = 0;
    return simple_call(id);
}

static LONG daemon_SCardGetAttrib(SCARDHANDLE id, DWORD attribute, LPBYTE value, LPDWORD length)
{
    (void)attribute, (void)value;
    *length = 0;
    return simple_call(id);
}

static LONG daemon_SCardSetAttrib(SCARDHANDLE id, DWORD attribute, LPCBYTE value, DWORD length)
{
    (void)attribute, (void)value, (void)length;
    return simple_call(id);
}

/* ---- the loader ---- */

static void *open_library(const char *path)
{
    (void)path;
    return readers;
}

static int has_function(const char *name)
{
    (void)name;
    return 1;
}

#define STANDIN(function) daemon_##function
#include "fakeloader.h"
