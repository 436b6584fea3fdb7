/*
 * Unit tests of the unix half: waiting for readers, and what ends it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "calls.h"
#include "pcsc/unix/card.h"

static struct call new_wait(uint64_t context, uint32_t timeout, uint32_t current)
{
    struct call call = {.code = UNIX_WAIT, .wait = {.context = context, .timeout = timeout,
                                                    .count = 1}};

    strcpy(call.wait.states[0].name, "Reader A");
    call.wait.states[0].current = current;
    return call;
}

static int32_t cancel(uint64_t context)
{
    return wire_of_context(UNIX_CANCEL, context);
}

static void set_reader_state(unsigned long state)
{
    fake_lock();
    fake.reader_state = state;
    fake_unlock();
}

static void test_wait(void)
{
    uint64_t context;
    struct call wait;

    fake_reset();
    context = wire_context();
    fake.reader_state = 0x30022;
    fake.atr_length = FAKE_ATR_MAX;
    memset(fake.atr, 0x3b, sizeof(fake.atr));
    wait = new_wait(context, 0, 0);
    ok(!WIRE(UNIX_WAIT, wait.wait) && wait.wait.states[0].event == 0x30022 &&
           wait.wait.states[0].atr_length == FAKE_ATR_MAX && wait.wait.states[0].atr[32] == 0x3b,
       "the event count stays: %x\n", wait.wait.states[0].event);
    fake.reader_state = 0x30020;
    wait = new_wait(context, 0, 0x30020);
    ok(WIRE(UNIX_WAIT, wait.wait) == SC_TIMEOUT && wait.wait.states[0].event == 0x30020,
       "no time\n");
    wait = new_wait(context, 30, 0x30020);
    run_call(&wait);
    ok(wait.result == SC_TIMEOUT && wait.milliseconds >= 30 && wait.milliseconds < 900, "%lu ms\n",
       wait.milliseconds);
    wait = new_wait(context, 0xffffffff, 0x30020);
    start_call(&wait);
    fake_reaches(FAKE_SCardGetStatusChange, 5);
    set_reader_state(0x40010);
    end_call(&wait);
    ok(!wait.result && wait.wait.states[0].event == 0x40012, "an event ends an endless wait\n");
    ok(wait.milliseconds >= 500, "it outlived a slice\n");
    wait.wait.count = UNIX_READERS_MAX + 1;
    ok(WIRE(UNIX_WAIT, wait.wait) == SC_INVALID_PARAMETER, "too many\n");
    wait.wait.count = 1;
    memset(wait.wait.states[0].name, 'x', UNIX_NAME_SIZE);
    ok(WIRE(UNIX_WAIT, wait.wait) == SC_UNKNOWN_READER, "a name without an end\n");
    wire_release(context);
}

static void test_wait_cancelled(void)
{
    uint64_t context;
    struct call wait;
    unsigned seen;

    fake_reset();
    context = wire_context();
    fake.reader_state = 0x30020;
    wait = new_wait(context, 5000, 0x30020);
    ok(!cancel(context), "before the wait\n");
    run_call(&wait);
    ok(wait.result == SC_CANCELLED && wait.milliseconds < 400, "not lost: %08x, %lu ms\n",
       (unsigned)wait.result, wait.milliseconds);
    start_call(&wait);
    fake_reaches(FAKE_SCardGetStatusChange, 1);
    usleep(20000);
    ok(!cancel(context), "while it waits\n");
    end_call(&wait);
    ok(wait.result == SC_CANCELLED && wait.milliseconds < 400, "%lu ms\n", wait.milliseconds);
    /* The library itself says cancelled, but nobody of ours did. */
    fake.force[FAKE_SCardGetStatusChange] = 0x80100002L;
    start_call(&wait);
    fake_reaches(FAKE_SCardGetStatusChange, 10);
    fake_lock();
    fake.force[FAKE_SCardGetStatusChange] = 0;
    fake_unlock();
    set_reader_state(0x40010);
    end_call(&wait);
    ok(!wait.result, "a cancel of an earlier wait is no cancel of this\n");
    /* The library loses it: it is sent again, and ends the same call. */
    set_reader_state(0x30020);
    fake.lost_cancels = 3;
    seen = fake_calls(FAKE_SCardGetStatusChange);
    start_call(&wait);
    fake_reaches(FAKE_SCardGetStatusChange, seen + 1);
    usleep(20000);
    ok(!cancel(context), "the first one is lost\n");
    end_call(&wait);
    ok(wait.result == SC_CANCELLED && !fake.lost_cancels &&
           fake_calls(FAKE_SCardGetStatusChange) == seen + 1,
       "%08x, %d not sent, %u calls\n", (unsigned)wait.result, fake.lost_cancels,
       fake_calls(FAKE_SCardGetStatusChange) - seen);
    /* It does not come at all: the slice ends. */
    set_reader_state(0x30020);
    fake.force[FAKE_SCardCancel] = 0x8010001dL;
    start_call(&wait);
    usleep(20000);
    fake_lock();
    fake.waiting = 0;
    fake_unlock();
    cancel(context);
    end_call(&wait);
    ok(wait.result == SC_CANCELLED && wait.milliseconds < 1500, "%lu ms\n", wait.milliseconds);
    fake.force[FAKE_SCardCancel] = 0;
    wait.wait.timeout = 5000;
    start_call(&wait);
    usleep(20000);
    ok(!wire_release(context), "release\n");
    end_call(&wait);
    ok(wait.result == SC_CANCELLED && wait.milliseconds < 1500, "ends with its context\n");
    ok(closed(0, 0), "nothing is left\n");
}

static void test_wait_slices(void)
{
    static const char *const pnp = "\\\\?PnP?\\Notification";
    uint64_t context;
    struct call wait;

    fake_reset();
    context = wire_context();
    fake.reader_state = 0x70020;
    wait = new_wait(context, 3000, 0x70020);
    wait.wait.states[0].current = 0x70020;
    start_call(&wait);
    fake_reaches(FAKE_SCardGetStatusChange, 2);
    ok(fake.current == 0x70020 && fake.timeout <= 500, "what was seen is carried on: %lx\n",
       fake.current);
    fake_lock();
    fake.force[FAKE_SCardGetStatusChange] = 0x80100009L; /* from the next slice on */
    fake.readers = "Reader B\0";
    fake_unlock();
    end_call(&wait);
    ok(!wait.result && wait.wait.states[0].event == (2 | 4 | 8), "a reader that is gone: %08x\n",
       wait.wait.states[0].event);
    wait = new_wait(context, 3000, 0x70020);
    ok(WIRE(UNIX_WAIT, wait.wait) == SC_UNKNOWN_READER, "one that never was\n");

    fake.force[FAKE_SCardGetStatusChange] = 0;
    set_reader_state(0);
    wait = new_wait(context, 3000, 0);
    strcpy(wait.wait.states[0].name, pnp);
    start_call(&wait);
    fake_reaches(FAKE_SCardListReaders, 1);
    usleep(20000);
    fake_lock();
    fake.readers = "Reader A\0";
    fake_unlock();
    end_call(&wait);
    ok(!wait.result && wait.wait.states[0].event == 2 && wait.milliseconds < 1500,
       "the list changed: %x after %lu ms\n", wait.wait.states[0].event, wait.milliseconds);
    wait = new_wait(context, 600, 0);
    strcpy(wait.wait.states[0].name, pnp);
    run_call(&wait);
    ok(wait.result == SC_TIMEOUT && !wait.wait.states[0].event, "it did not: %08x\n",
       (unsigned)wait.result);
    wire_release(context);
}

/* As many readers as pcsc-lite can have, and the pseudo reader before, between or after them. */
static void test_full_house(void)
{
    static char names[17 * 16 + 1];
    unsigned i, count, at, n;
    uint64_t context;
    struct call wait;

    for (i = 0; i < 16; i++)
        snprintf(names + 10 * i, 10, "Reader %02u", i);
    fake_reset();
    context = wire_context();
    fake.readers = names;
    for (count = 14; count <= 17; count++)
        for (at = 0; at <= count; at += count / 2)
        {
            wait = new_wait(context, 30, 0x10020);
            fake.reader_state = 0x10020;
            wait.wait.count = count + 1;
            for (i = n = 0; i <= count; i++)
            {
                wait.wait.states[i].current = 0x10020;
                if (i == at)
                    strcpy(wait.wait.states[i].name, "\\\\?PnP?\\Notification");
                else
                    snprintf(wait.wait.states[i].name, UNIX_NAME_SIZE, "Reader %02u", n++);
            }
            run_call(&wait);
            ok(wait.result == (count > 16 ? (int32_t)0x80100011 : SC_TIMEOUT),
               "%u readers, pseudo at %u: %08x\n", count, at, (unsigned)wait.result);
            for (i = 0; count <= 16 && i <= count; i++)
                ok(wait.wait.states[i].event == 0x10020, "%u of %u: %x\n", i, count,
                   wait.wait.states[i].event);
        }
    /* One goes away: the list is looked at between the slices. */
    wait = new_wait(context, 3000, 0x10020);
    wait.wait.count = 17;
    strcpy(wait.wait.states[0].name, "\\\\?PnP?\\Notification");
    wait.wait.states[0].current = 0;
    for (i = 0; i < 16; i++)
    {
        snprintf(wait.wait.states[i + 1].name, UNIX_NAME_SIZE, "Reader %02u", i);
        wait.wait.states[i + 1].current = 0x10020;
    }
    start_call(&wait);
    fake_reaches(FAKE_SCardGetStatusChange, fake_calls(FAKE_SCardGetStatusChange) + 1);
    fake_lock();
    memset(names + 10 * 15, 0, 10);
    fake_unlock();
    end_call(&wait);
    ok(!wait.result && wait.wait.states[0].event == 2 && wait.milliseconds < 1500 &&
           wait.wait.states[1].event == 0x10020 && wait.wait.states[16].event == 0x10020,
       "%08x after %lu ms: list %x, first %x, last %x\n", (unsigned)wait.result, wait.milliseconds,
       wait.wait.states[0].event, wait.wait.states[1].event, wait.wait.states[16].event);
    wire_release(context);
}

START_TEST(unixlib_wait)
{
    test_first();
    wait_slice = 500;
    test_wait();
    test_wait_cancelled();
    test_wait_slices();
    test_full_house();
}
