/*
 * Unit tests of the unix half: the lock, what ends a wait for it, and reconnecting.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "calls.h"

static void test_lock(void)
{
    static const uint32_t shares[] = {1, 2, 3};
    uint64_t context, card;
    unsigned i, looks;

    for (i = 0; i < COUNT_OF(shares); i++)
    {
        fake_reset();
        context = wire_context();
        card = wire_connect(context, shares[i], 3, NULL);
        ok(wire_card(UNIX_END, card, 0) == SC_NOT_TRANSACTED &&
               !fake_calls(FAKE_SCardEndTransaction),
           "no lock, no end\n");
        ok(!wire_card(UNIX_BEGIN, card, 0) && !wire_card(UNIX_BEGIN, card, 0) && fake.depth == 2,
           "twice\n");
        looks = fake_calls(FAKE_SCardEndTransaction);
        ok(looks == (shares[i] != 1), "%u looks\n", looks);
        ok(!wire_card(UNIX_END, card, 2) && fake.end_disposition == 2 && fake.depth == 1, "once\n");
        ok(!wire_card(UNIX_END, card, 1) && fake.end_disposition == 1 && !fake.holder,
           "and again\n");
        ok(wire_card(UNIX_END, card, 0) == SC_NOT_TRANSACTED, "no more\n");
        ok(!wire_card(UNIX_BEGIN, card, 0), "begin\n");
        fake.force[FAKE_SCardEndTransaction] = 0x80100068L;
        ok((uint32_t)wire_card(UNIX_END, card, 0) == 0x80100068, "a reset card\n");
        fake.force[FAKE_SCardEndTransaction] = 0;
        ok(!wire_card(UNIX_END, card, 0), "keeps its lock\n");
        ok(!wire_card(UNIX_BEGIN, card, 0) && !wire_card(UNIX_DISCONNECT, card, 0) && !fake.holder,
           "disconnect gives it back\n");
        wire_release(context);
    }
}

/* Until somebody who waits for the lock has looked once more. */
static void wait_for_look(void)
{
    ok(fake_reaches(FAKE_SCardEndTransaction, fake_calls(FAKE_SCardEndTransaction) + 1),
       "a begin waits\n");
    usleep(5000);
}

static void test_lock_waits(void)
{
    struct call begin = {.code = UNIX_BEGIN};
    uint64_t context;

    fake_reset();
    context = wire_context();
    begin.id = wire_connect(context, 2, 3, NULL);
    fake_hold(FAKE_OTHER);
    start_call(&begin);
    wait_for_look();
    wait_for_look();
    ok(!fake_calls(FAKE_SCardBeginTransaction), "the library is not asked to wait\n");
    fake_hold(0);
    end_call(&begin);
    ok(!begin.result && begin.milliseconds >= 45, "%lu ms\n", begin.milliseconds);
    ok(!wire_card(UNIX_END, begin.id, 0) && !fake.holder, "end\n");
    fake_hold(FAKE_OTHER);
    fake.force[FAKE_SCardEndTransaction] = fake.force[FAKE_SCardBeginTransaction] = 0x80100069L;
    ok((uint32_t)wire_card(UNIX_BEGIN, begin.id, 0) == 0x80100069, "the card is out\n");
    fake_reset();
    wire_release(context);
}

/* cancel_begin: the caller is free at once, the connection goes on. */
static void test_lock_cancelled(void)
{
    struct call begin = {.code = UNIX_BEGIN, .ticket = 7};
    unsigned long start;
    uint64_t context;

    fake_reset();
    context = wire_context();
    begin.id = wire_connect(context, 2, 3, NULL);
    ok(wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 0) == SC_INVALID_PARAMETER, "which one?\n");
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 6), "one that is over\n");
    fake_hold(FAKE_OTHER);
    start_call(&begin);
    wait_for_look();
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 6), "and once more\n");
    wait_for_look();
    start = now();
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 7), "cancel\n");
    end_call(&begin);
    ok(begin.result == SC_CANCELLED && now() - start < 400, "%08x after %lu ms\n",
       (unsigned)begin.result, now() - start);
    ok(wire_card(UNIX_END, begin.id, 0) == SC_NOT_TRANSACTED, "it has no lock\n");
    start = now();
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 9), "before the call is there\n");
    ok(wire_ticket(UNIX_BEGIN, begin.id, 9) == SC_CANCELLED &&
           wire_ticket(UNIX_BEGIN, begin.id, 8) == SC_CANCELLED && now() - start < 400,
       "%lu ms\n", now() - start);
    fake_hold(0);
    ok(!wire_ticket(UNIX_BEGIN, begin.id, 10) && !wire_card(UNIX_END, begin.id, 0) && !fake.holder,
       "the next one\n");
    ok(!wire_card(UNIX_BEGIN, begin.id, 0) && !wire_card(UNIX_END, begin.id, 0) && !fake.holder,
       "and one that nobody ends\n");
    ok(!wire_card(UNIX_DISCONNECT, begin.id, 0), "disconnect\n");
    wire_release(context);
    ok(closed(0, 0), "nothing is left\n");
}

/* Status and reconnect wait in the library for another program's lock. */
static void test_others_cancelled(void)
{
    uint64_t context;
    struct unix_status status = {.head.ticket = 5};
    struct unix_reconnect again = {.head.ticket = 5, .share = 2, .protocols = 3};

    fake_reset();
    context = wire_context();
    status.card = again.card = wire_connect(context, 2, 3, NULL);
    ok(!WIRE(UNIX_STATUS, status) && !WIRE(UNIX_RECONNECT, again), "not cancelled\n");
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, status.card, 5), "cancel\n");
    ok(WIRE(UNIX_STATUS, status) == SC_CANCELLED && WIRE(UNIX_RECONNECT, again) == SC_CANCELLED &&
           fake_calls(FAKE_SCardStatus) == 1 && fake_calls(FAKE_SCardReconnect) == 1,
       "cancelled\n");
    status.head.ticket = again.head.ticket = 6;
    ok(!WIRE(UNIX_STATUS, status) && !WIRE(UNIX_RECONNECT, again), "the next ones\n");
    /* Numbers go round. */
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, status.card, 0x7fffffff) &&
           !wire_ticket(UNIX_CANCEL_BEGIN, status.card, 0xfffffffe),
       "cancel\n");
    status.head.ticket = again.head.ticket = 0xfffffffe;
    ok(WIRE(UNIX_STATUS, status) == SC_CANCELLED, "the last but one\n");
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, status.card, 1), "cancel\n");
    ok(WIRE(UNIX_STATUS, status) == SC_CANCELLED, "the last but one is older\n");
    status.head.ticket = 1;
    ok(WIRE(UNIX_STATUS, status) == SC_CANCELLED, "than the first\n");
    status.head.ticket = 2;
    ok(!WIRE(UNIX_STATUS, status), "the second goes on\n");
    wire_release(context);
    ok(closed(0, 0), "nothing is left\n");
}

/* disconnect, and release of the context, while a begin waits. */
static void test_lock_disconnected(void)
{
    int how;

    for (how = 0; how < 2; how++)
    {
        struct call begin = {.code = UNIX_BEGIN};
        unsigned long start;
        uint64_t context;

        fake_reset();
        context = wire_context();
        begin.id = wire_connect(context, 2, 3, NULL);
        fake_hold(FAKE_OTHER);
        start_call(&begin);
        wait_for_look();
        start = now();
        ok(!(how ? wire_release(context) : wire_card(UNIX_DISCONNECT, begin.id, 1)), "close\n");
        ok(now() - start < 400, "%lu ms\n", now() - start);
        end_call(&begin);
        ok(begin.result == SC_CANCELLED, "%08x\n", (unsigned)begin.result);
        ok(wire_card(UNIX_BEGIN, begin.id, 0) == SC_INVALID_HANDLE, "the id is void\n");
        ok(closed(!how, 0) && fake.disposition == !how, "and all is closed\n");
        if (!how)
            wire_release(context);
    }
}

/* Another program is quicker between the look and the begin; then the begin is called away. */
static void test_lock_snatched(void)
{
    int how;

    for (how = 0; how < 3; how++)
    {
        struct call begin = {.code = UNIX_BEGIN, .ticket = 3};
        struct unix_status status = {0};
        struct unix_reconnect again = {.share = 2, .protocols = 3};
        unsigned long start;
        uint64_t context;

        fake_reset();
        fake.snatch = 1;
        context = wire_context();
        begin.id = status.card = again.card = wire_connect(context, 2, 3, NULL);
        start_call(&begin);
        ok(fake_reaches(FAKE_SCardBeginTransaction, 1), "in the library\n");
        usleep(5000);
        start = now();
        ok(!wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 2), "cancel another one\n");
        if (how == 0)
            ok(!wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 3), "cancel\n");
        else if (how == 1)
            ok(!wire_card(UNIX_DISCONNECT, begin.id, 1), "disconnect\n");
        else
            fake_hold(0);
        end_call(&begin);
        ok(begin.result == (how == 2 ? 0 : SC_CANCELLED) && now() - start < 600,
           "way %d: %08x after %lu ms\n", how, (unsigned)begin.result, now() - start);
        fake_lock();
        fake.snatch = 0;
        fake_unlock();
        if (how == 0)
        {
            ok(WIRE(UNIX_STATUS, status) == SC_RESET_CARD, "the handle is gone\n");
            fake_hold(0);
            ok(!WIRE(UNIX_RECONNECT, again) && !WIRE(UNIX_STATUS, status), "until a reconnect\n");
            ok(!wire_card(UNIX_BEGIN, begin.id, 0) && !wire_card(UNIX_END, begin.id, 0), "lock\n");
        }
        wire_release(context);
        ok(closed(0, 0), "way %d: nothing is left\n", how);
    }
}

/* A call that nobody can cancel comes and goes while one that waits in the library can be. */
static void test_ticket_kept(void)
{
    struct call begin = {.code = UNIX_BEGIN, .ticket = 3};
    struct unix_status status = {0};
    uint64_t context;

    fake_reset();
    fake.snatch = 1;
    context = wire_context();
    begin.id = status.card = wire_connect(context, 2, 3, NULL);
    start_call(&begin);
    ok(fake_reaches(FAKE_SCardBeginTransaction, 1), "in the library\n");
    usleep(5000);
    ok(!WIRE(UNIX_STATUS, status), "a status\n");
    status.head.ticket = 4;
    ok(!WIRE(UNIX_STATUS, status), "another\n");
    ok(!wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 3), "cancel\n");
    usleep(300000);
    fake_hold(0);
    end_call(&begin);
    ok(begin.result == SC_CANCELLED, "%08x\n", (unsigned)begin.result);
    wire_release(context);
    ok(closed(0, 0), "nothing is left\n");
}

static int32_t reconnect(uint64_t card, uint32_t share, uint32_t disposition)
{
    struct unix_reconnect params = {.card = card, .share = share, .protocols = 3,
                                    .disposition = disposition};

    return WIRE(UNIX_RECONNECT, params);
}

struct hammer
{
    pthread_t thread;
    uint64_t card;
    uint32_t ticket; /* of the begin that runs; atomic */
    unsigned got, cancelled, lost, wrong;
};

static void *hammer(void *arg)
{
    struct hammer *hammer = arg;
    int32_t result;
    int i;

    for (i = 0; i < 300; i++)
    {
        __atomic_store_n(&hammer->ticket, i + 1, __ATOMIC_RELEASE);
        if (!(result = wire_ticket(UNIX_BEGIN, hammer->card, i + 1)) &&
            !(result = wire_card(UNIX_END, hammer->card, 0)))
            hammer->got++;
        else if (result == SC_CANCELLED)
            hammer->cancelled++;
        else if (result == SC_RESET_CARD) /* somebody came between, and then a cancel */
        {
            hammer->lost++;
            reconnect(hammer->card, 2, 0);
        }
        else
        {
            hammer->wrong++;
            printf("%08x\n", (unsigned)result);
        }
    }
    return NULL;
}

/* Begins of two connections, under cancels. */
static void test_hammer(void)
{
    struct hammer hammers[2] = {{.got = 0}};
    uint64_t context;
    unsigned i, total = 0;

    fake_reset();
    context = wire_context();
    hammers[0].card = wire_connect(context, 2, 3, NULL);
    hammers[1].card = wire_connect(context, 2, 3, NULL);
    for (i = 0; i < COUNT_OF(hammers); i++)
        pthread_create(&hammers[i].thread, NULL, hammer, &hammers[i]);
    for (i = 0; i < 200; i++)
    {
        uint32_t ticket = __atomic_load_n(&hammers[i % 2].ticket, __ATOMIC_ACQUIRE);

        if (ticket)
            wire_ticket(UNIX_CANCEL_BEGIN, hammers[i % 2].card, ticket);
        usleep(300);
    }
    for (i = 0; i < COUNT_OF(hammers); i++)
    {
        pthread_join(hammers[i].thread, NULL);
        ok(!hammers[i].wrong, "thread %u: %u wrong\n", i, hammers[i].wrong);
        total += hammers[i].got + hammers[i].cancelled + hammers[i].lost;
    }
    ok(total == 600, "%u\n", total);
    wire_release(context);
    ok(closed(0, 0) && !fake.holder, "nothing is left\n");
}

/* Two threads of one connection share its lock, and never lose it to each other. */
static void test_two_threads(void)
{
    struct hammer hammers[2] = {{.got = 0}};
    uint64_t context;
    unsigned i;

    fake_reset();
    context = wire_context();
    hammers[0].card = hammers[1].card = wire_connect(context, 2, 3, NULL);
    for (i = 0; i < COUNT_OF(hammers); i++)
        pthread_create(&hammers[i].thread, NULL, hammer, &hammers[i]);
    for (i = 0; i < COUNT_OF(hammers); i++)
    {
        pthread_join(hammers[i].thread, NULL);
        ok(hammers[i].got == 300, "thread %u: %u\n", i, hammers[i].got);
    }
    ok(!fake.holder, "nothing is left\n");
    wire_release(context);
}

static void test_reconnect(void)
{
    static const struct
    {
        uint32_t from, to;
        int anew;
    } rows[] = {{1, 1, 0}, {1, 2, 1}, {1, 3, 1}, {2, 1, 0}, {2, 2, 0}, {2, 3, 0}, {3, 2, 0}};
    uint64_t context, card;
    unsigned i;

    for (i = 0; i < COUNT_OF(rows); i++)
    {
        fake_reset();
        context = wire_context();
        card = wire_connect(context, rows[i].from, 3, NULL);
        wire_card(UNIX_BEGIN, card, 0);
        wire_card(UNIX_BEGIN, card, 0);
        ok(!reconnect(card, rows[i].to, 1) && fake.disposition == 1 && fake.share == rows[i].to,
           "row %u\n", i);
        ok(!fake.spoilt, "row %u: the reader is not spoilt\n", i);
        ok(fake_calls(FAKE_SCardReconnect) == !rows[i].anew &&
           fake_calls(FAKE_SCardDisconnect) == (unsigned)rows[i].anew, "row %u: how\n", i);
        ok(fake.depth == 2, "row %u: the lock is %u deep\n", i, fake.depth);
        ok(!wire_card(UNIX_END, card, 0) && !wire_card(UNIX_END, card, 0) && !fake.holder,
           "row %u: ends\n", i);
        /* What counts is the share mode of now. */
        ok(!reconnect(card, 1, 0) && !reconnect(card, 2, 0) && !fake.spoilt, "row %u: back\n", i);
        wire_release(context);
    }
}

struct reconnector
{
    pthread_t thread;
    uint64_t card;
    int32_t result;
};

static void *reconnect_shared(void *arg)
{
    struct reconnector *reconnector = arg;

    reconnector->result = reconnect(reconnector->card, 2, 0);
    return NULL;
}

static int32_t transmit(uint64_t card)
{
    uint8_t command[5] = {0, 0xb0, 0, 0, 0}, reply[258];
    struct unix_transmit params = {.card = card, .command = (uintptr_t)command,
        .command_length = sizeof(command), .reply = (uintptr_t)reply,
        .reply_length = sizeof(reply)};

    return WIRE(UNIX_TRANSMIT, params);
}

/* Calls of other threads wait until a card that is disconnected and connected has a handle. */
static void test_calls_beside_reconnect(void)
{
    struct reconnector reconnector;
    struct unix_status status = {.head.ticket = 1};
    uint64_t context;
    unsigned i;

    for (i = 0; i < 4; i++)
    {
        fake_reset();
        fake.pause = 200000;
        context = wire_context();
        reconnector.card = status.card = wire_connect(context, 1, 3, NULL);
        pthread_create(&reconnector.thread, NULL, reconnect_shared, &reconnector);
        ok(fake_reaches(FAKE_SCardConnect, 2), "it connects\n");
        if (i == 0)
            ok_hr(WIRE(UNIX_STATUS, status), 0);
        else if (i == 1)
            ok_hr(transmit(status.card), 0);
        else if (i == 2)
            ok(!wire_ticket(UNIX_BEGIN, status.card, 1) && !wire_card(UNIX_END, status.card, 0),
               "a lock\n");
        else
        {
            ok(!wire_ticket(UNIX_CANCEL_BEGIN, status.card, 1), "cancel\n");
            ok_hr(WIRE(UNIX_STATUS, status), SC_CANCELLED);
        }
        pthread_join(reconnector.thread, NULL);
        ok_hr(reconnector.result, 0);
        wire_release(context);
        ok(closed(0, 0), "nothing is left\n");
    }
}

/* The second half of disconnect and connect fails: the id stays, and can be reconnected. */
static void test_reconnect_fails(void)
{
    struct unix_status status = {0};
    uint64_t context, card;

    fake_reset();
    context = wire_context();
    card = status.card = wire_connect(context, 1, 3, NULL);
    wire_card(UNIX_BEGIN, card, 0);
    fake.force[FAKE_SCardDisconnect] = 0x8010001dL;
    ok((uint32_t)reconnect(card, 2, 0) == 0x8010001d, "disconnect fails\n");
    fake.force[FAKE_SCardDisconnect] = 0;
    ok(!WIRE(UNIX_STATUS, status), "nothing has changed\n");
    fake.force[FAKE_SCardConnect] = 0x8010000bL;
    ok((uint32_t)reconnect(card, 2, 0) == 0x8010000b, "connect fails\n");
    ok((uint32_t)WIRE(UNIX_STATUS, status) == 0x8010000b &&
       (uint32_t)wire_card(UNIX_BEGIN, card, 0) == 0x8010000b, "every call says why\n");
    ok(!fake.handles, "nothing is open\n");
    fake.force[FAKE_SCardConnect] = 0;
    ok(!reconnect(card, 2, 0) && !WIRE(UNIX_STATUS, status) && fake.depth == 1, "again\n");
    fake.force[FAKE_SCardReconnect] = 0x80100069L;
    ok((uint32_t)reconnect(card, 2, 0) == 0x80100069, "a reconnect that fails\n");
    ok(!wire_card(UNIX_DISCONNECT, card, 0) && !fake.handles, "disconnect\n");
    wire_release(context);
}

/* A connection that was exclusive waits, and is called away, as any other that is shared. */
static void test_reconnect_waits(void)
{
    struct call begin = {.code = UNIX_BEGIN, .ticket = 1};
    uint64_t context;

    fake_reset();
    context = wire_context();
    begin.id = wire_connect(context, 1, 3, NULL);
    ok(!reconnect(begin.id, 2, 0), "shared now\n");
    fake_hold(FAKE_OTHER);
    start_call(&begin);
    wait_for_look();
    wire_ticket(UNIX_CANCEL_BEGIN, begin.id, 1);
    end_call(&begin);
    ok(begin.result == SC_CANCELLED, "a connection that became shared can be cancelled: %08x\n",
       (unsigned)begin.result);
    fake_hold(0);
    wire_release(context);
    ok(closed(0, 0), "nothing is left\n");
}

START_TEST(unixlib_lock)
{
    test_first();
    test_lock();
    test_lock_waits();
    test_lock_cancelled();
    test_others_cancelled();
    test_lock_disconnected();
    test_lock_snatched();
    test_ticket_kept();
    test_hammer();
    test_two_threads();
    test_reconnect();
    test_calls_beside_reconnect();
    test_reconnect_fails();
    test_reconnect_waits();
}
