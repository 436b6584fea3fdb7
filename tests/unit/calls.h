/*
 * Calls over the wire on threads of their own, for tests of what waits.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef TESTS_UNIT_CALLS_H
#define TESTS_UNIT_CALLS_H

#include "test.h"
#include "fakepcsc.h"
#include "pcsc/unix/map.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

/* A call on a thread of its own. */
struct call
{
    pthread_t thread;
    enum unix_code code;
    uint64_t id;
    uint32_t ticket;
    struct unix_wait wait;
    int32_t result;
    unsigned long milliseconds;
};

static unsigned long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000ul + time.tv_nsec / 1000000;
}

static void *run_call(void *arg)
{
    struct call *call = arg;
    unsigned long start = now();

    if (call->code == UNIX_WAIT)
        call->result = WIRE(UNIX_WAIT, call->wait);
    else
        call->result = wire_ticket(call->code, call->id, call->ticket);
    call->milliseconds = now() - start;
    return NULL;
}

TEST_USED static void start_call(struct call *call)
{
    pthread_create(&call->thread, NULL, run_call, call);
}

/* Only after it may what the call left be looked at, in the arguments of ok() too. */
static void end_call(struct call *call)
{
    pthread_join(call->thread, NULL);
}

/* What the fake counts, when no worker changes it any more. */
static int closed(int contexts, int handles)
{
    int tries, done = 0;

    for (tries = 0; tries < 2000 && !done; tries++)
    {
        usleep(1000);
        fake_lock();
        done = fake.contexts == contexts && fake.handles == handles;
        fake_unlock();
    }
    return done;
}

/* Loads the library; the first call of START_TEST. */
static void test_first(void)
{
    fake_reset();
    wire_release(wire_context());
    ok(!fake.contexts, "load\n");
}

#endif
