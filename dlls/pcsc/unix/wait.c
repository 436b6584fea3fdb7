/*
 * Waiting for readers and cards to change.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * SCardCancel has no effect when the wait has not quite begun. A cancel therefore also sets a mark,
 * which a wait takes before each call of the library, and is sent again until the mark is taken.
 * The wait runs in slices all the same: the thread of the cancel may be ended, and there are
 * changes of the list of readers that pcsc-lite does not tell. An event ends a slice, and the wait,
 * at once. Each slice compares with the states that the previous one saw, so that no change between
 * two slices is missed. A slice wakes this process about five times, and pcscd as often.
 */

#include "card.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <pcsclite.h>

unsigned wait_slice = 3000;

/* Of a cancel, in milliseconds: the longest pause before it is sent again, and when it is left to
 * the end of the slice. */
#define RESEND_PAUSE_MAX 16u
#define RESEND_TIME      1000u

#define FOREVER  0xffffffffu
#define PNP_NAME "\\\\?PnP?\\Notification"

struct wait
{
    struct context *context;
    struct native_context *native;
    struct unix_wait *params;
    SCARD_READERSTATE states[UNIX_READERS_MAX];
    uint32_t place[UNIX_READERS_MAX]; /* index in states of each of params' states */
    uint32_t asked;                   /* how many of states are passed to the library */
    int pnp; /* index in states of the pseudo reader that represents the list of readers, -1 for
              * none */
    char known[UNIX_LIST_SIZE]; /* the list to compare with */
    char fresh[UNIX_LIST_SIZE];
};

static int32_t list(struct wait *wait, char *names)
{
    uint32_t length;

    return native_context_readers(wait->native, names, &length);
}

static int lists_differ(const char *a, const char *b)
{
    while (*a && !strcmp(a, b))
    {
        a += strlen(a) + 1;
        b += strlen(b) + 1;
    }
    return *a || *b;
}

static int listed(const char *names, const char *name)
{
    for (; *names; names += strlen(names) + 1)
        if (!strcmp(names, name))
            return 1;
    return 0;
}

static int is_pnp(const struct unix_reader_state *state)
{
    return !strcasecmp(state->name, PNP_NAME) && !(state->current & SCARD_STATE_IGNORE);
}

static void add_state(struct wait *wait, uint32_t i)
{
    SCARD_READERSTATE *state = &wait->states[wait->asked];

    state->szReader = wait->params->states[i].name;
    state->dwCurrentState = state->dwEventState = wait->params->states[i].current;
    wait->place[i] = wait->asked++;
}

/* pcsc-lite accepts at most as many names as it can have readers. With all of them in use there is
 * no room for the pseudo reader, the last of the states. No reader can be added then; a removal is
 * seen between the slices. */
static void make_room(struct wait *wait)
{
    if (wait->pnp >= 0 && wait->asked == PCSCLITE_MAX_READERS_CONTEXTS + 1)
        wait->asked--;
}

static int32_t begin_wait(struct wait *wait)
{
    struct unix_wait *params = wait->params;
    uint32_t i, pnp = params->count;

    wait->pnp = -1;
    for (i = 0; i < params->count; i++)
    {
        struct unix_reader_state *state = &params->states[i];

        state->event = 0;
        state->atr_length = 0;
        if (!memchr(state->name, 0, sizeof(state->name)))
            return SC_UNKNOWN_READER;
        if (is_pnp(state) && pnp == params->count)
            pnp = i;
        else
            add_state(wait, i);
    }
    if (pnp == params->count)
        return SC_OK;
    wait->pnp = (int)wait->asked;
    add_state(wait, pnp);
    make_room(wait);
    list(wait, wait->known);
    return SC_OK;
}

/* The states that were seen become the known ones. */
static void carry(struct wait *wait)
{
    uint32_t i;

    for (i = 0; i < wait->params->count; i++)
        if (!(wait->states[i].dwCurrentState & SCARD_STATE_IGNORE))
            wait->states[i].dwCurrentState =
                wait->states[i].dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
}

/* pcsc-lite notices a change of the list only within one call. */
static int list_changed(struct wait *wait)
{
    int32_t result;

    if (wait->pnp < 0)
        return 0;
    result = list(wait, wait->fresh);
    if (result && result != SC_NO_READERS)
        return 0;
    if (!lists_differ(wait->known, wait->fresh))
        return 0;
    wait->states[wait->pnp].dwEventState |= SCARD_STATE_CHANGED;
    return 1;
}

/* A reader that was present in the previous slice and is gone now is an event, not an error. */
static int reader_gone(struct wait *wait)
{
    int32_t result = list(wait, wait->fresh);
    int gone = 0;
    uint32_t i;

    if (result && result != SC_NO_READERS)
        return 0;
    for (i = 0; i < wait->params->count; i++)
    {
        SCARD_READERSTATE *state = &wait->states[i];

        if (state->dwCurrentState & SCARD_STATE_IGNORE)
            continue;
        state->dwEventState = state->dwCurrentState;
        if ((int)i == wait->pnp)
            state->dwEventState |= lists_differ(wait->known, wait->fresh) ? SCARD_STATE_CHANGED : 0;
        else if (!listed(wait->fresh, state->szReader) &&
                 !(state->dwCurrentState & SCARD_STATE_UNKNOWN))
        {
            state->dwEventState =
                SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE | SCARD_STATE_CHANGED;
            state->cbAtr = 0;
            gone = 1;
        }
    }
    return gone;
}

/* Passes the states that the last slice saw to the caller. */
static void end_wait(struct wait *wait)
{
    uint32_t i;

    for (i = 0; i < wait->params->count; i++)
    {
        struct unix_reader_state *state = &wait->params->states[i];
        const SCARD_READERSTATE *seen = &wait->states[wait->place[i]];
        DWORD length = seen->cbAtr;

        if (state->current & SCARD_STATE_IGNORE)
            continue;
        if (length > sizeof(seen->rgbAtr))
            length = sizeof(seen->rgbAtr);
        state->event = (uint32_t)seen->dwEventState;
        state->atr_length = (uint32_t)length;
        memcpy(state->atr, seen->rgbAtr, length);
    }
}

static int take_cancel(struct context *context)
{
    return __atomic_exchange_n(&context->cancelled, 0, __ATOMIC_ACQ_REL);
}

static int32_t wait_in_slices(struct wait *wait)
{
    struct unix_wait *params = wait->params;
    uint64_t time = wake_clock(), end = time + params->timeout;
    uint64_t slice;
    int first = 1;
    int32_t result;

    for (;; time = wake_clock(), first = 0)
    {
        if (take_cancel(wait->context))
            return SC_CANCELLED;
        slice = time < end ? end - time : 0;
        if (slice > wait_slice || params->timeout == FOREVER)
            slice = wait_slice;
        result = map_result(MAP_CALL_OTHER,
                            pcsc()->SCardGetStatusChange(wait->native->context, (DWORD)slice,
                                                         wait->states, wait->asked));
        if (result == SC_UNKNOWN_READER && !first && reader_gone(wait))
            return SC_OK;
        if (result == SC_TIMEOUT)
        {
            if (list_changed(wait))
                return SC_OK;
            carry(wait);
            if (params->timeout != FOREVER && wake_clock() >= end)
                return take_cancel(wait->context) ? SC_CANCELLED : result;
        }
        /* A cancel without a mark was meant for an earlier wait. */
        else if (result != SC_CANCELLED)
            return result;
    }
}

static int32_t run_wait(struct wait *wait)
{
    int32_t result;

    native_context_enter(wait->native);
    __atomic_store_n(&wait->context->waiting, wait->native->context, __ATOMIC_RELEASE);
    __atomic_store_n(&wait->context->waiter, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
    __atomic_add_fetch(&wait->context->waits, 1, __ATOMIC_ACQ_REL);
    if (!(result = begin_wait(wait)))
        result = wait_in_slices(wait);
    if (!result || result == SC_TIMEOUT)
        end_wait(wait);
    /* Any cancel that came while this wait ran was meant for it. */
    __atomic_store_n(&wait->context->cancelled, 0, __ATOMIC_RELEASE);
    __atomic_sub_fetch(&wait->context->waits, 1, __ATOMIC_ACQ_REL);
    native_context_leave(wait->native);
    return result;
}

int32_t context_wait(struct unix_wait *params)
{
    struct wait wait = {.params = params};
    int32_t result;

    if (params->count > UNIX_READERS_MAX)
        return SC_INVALID_PARAMETER;
    if (!(wait.context = (struct context *)table_get(TABLE_CONTEXT, params->context)))
        return SC_INVALID_HANDLE;
    if ((wait.native = native_context_take(wait.context, &result)))
    {
        result = run_wait(&wait);
        native_context_give(wait.native);
    }
    object_put(&wait.context->object);
    return result;
}

/* A thread that was terminated in its wait never takes a mark. */
static int thread_lives(int thread)
{
    return !syscall(SYS_tgkill, getpid(), thread, 0) || errno != ESRCH;
}

static int is_to_be_cancelled(struct context *context)
{
    return __atomic_load_n(&context->waits, __ATOMIC_ACQUIRE) &&
           __atomic_load_n(&context->cancelled, __ATOMIC_ACQUIRE) &&
           thread_lives(__atomic_load_n(&context->waiter, __ATOMIC_ACQUIRE));
}

static void nap(unsigned milliseconds)
{
    struct timespec time = {0, (long)milliseconds * 1000000};

    nanosleep(&time, NULL);
}

void context_stop(struct context *context)
{
    uint64_t end = wake_clock() + RESEND_TIME;
    unsigned pause = 1;

    __atomic_store_n(&context->cancelled, 1, __ATOMIC_RELEASE);
    while (is_to_be_cancelled(context) && wake_clock() < end)
    {
        pcsc()->SCardCancel(__atomic_load_n(&context->waiting, __ATOMIC_ACQUIRE));
        if (!is_to_be_cancelled(context))
            break;
        nap(pause);
        pause = pause < RESEND_PAUSE_MAX ? 2 * pause : RESEND_PAUSE_MAX;
    }
}

int32_t context_cancel(struct unix_context *params)
{
    struct context *context = (struct context *)table_get(TABLE_CONTEXT, params->context);

    if (!context)
        return SC_INVALID_HANDLE;
    context_stop(context);
    object_put(&context->object);
    return SC_OK;
}
