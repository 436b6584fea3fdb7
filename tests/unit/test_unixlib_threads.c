/*
 * The unix half under many threads that use the same contexts and cards, built with
 * ThreadSanitizer: tests/unit/check-threads runs it.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Nothing is known of the single results, but that they are those of this situation. In the end
 * nothing may be open, and no call may hang.
 */

#include "test.h"
#include "fakedaemon.h"
#include "pcsc/unix/map.h"
#include "wire.h"

#include <pthread.h>
#include <unistd.h>

#define WORKERS  4
#define CONTEXTS 2
#define CARDS    2
#define LIMIT    120 /* seconds, under ThreadSanitizer on a busy machine */

static uint64_t contexts[CONTEXTS], cards[CARDS]; /* atomic; 0: none */
static uint32_t tickets[CARDS];                   /* atomic; given out so far */
static int over;                                  /* atomic */

struct worker
{
    pthread_t thread;
    uint32_t seed;
    unsigned rounds, wrong;
    unsigned results[7]; /* how often each of expected came */
};

static const int32_t expected[7] =
{
    SC_OK, SC_CANCELLED, SC_INVALID_HANDLE, SC_SHARING_VIOLATION, SC_NOT_TRANSACTED,
    SC_RESET_CARD, SC_TIMEOUT
};

static uint32_t draw(struct worker *worker, uint32_t below)
{
    worker->seed = worker->seed * 1103515245u + 12345u;
    return (worker->seed >> 16) % below;
}

static uint64_t get(uint64_t *place)
{
    return __atomic_load_n(place, __ATOMIC_ACQUIRE);
}

/* Puts an id in a place; what was there. */
static uint64_t exchange(uint64_t *place, uint64_t id)
{
    return __atomic_exchange_n(place, id, __ATOMIC_ACQ_REL);
}

static void note(struct worker *worker, int32_t result)
{
    unsigned i;

    for (i = 0; i < COUNT_OF(expected); i++)
        if (result == expected[i])
        {
            worker->results[i]++;
            return;
        }
    worker->wrong++;
    printf("%08x\n", (unsigned)result);
}

static void replace_context(struct worker *worker, unsigned at)
{
    uint64_t old = exchange(&contexts[at], wire_context());

    note(worker, wire_release(old));
}

static void replace_card(struct worker *worker, unsigned at)
{
    struct unix_connect params = {.context = get(&contexts[draw(worker, CONTEXTS)]),
                                  .share = 1 + draw(worker, 3), .protocols = 3};
    uint64_t old = exchange(&cards[at], 0);

    if (old)
        note(worker, wire_card(UNIX_DISCONNECT, old, draw(worker, 2)));
    strcpy(params.name, draw(worker, 2) ? "Reader A" : "Reader B");
    note(worker, WIRE(UNIX_CONNECT, params));
    if (params.card && (old = exchange(&cards[at], params.card)))
        note(worker, wire_card(UNIX_DISCONNECT, old, 0));
}

static void wait_for_readers(struct worker *worker, uint64_t context)
{
    struct unix_wait params = {.context = context, .timeout = draw(worker, 4), .count = 1};

    strcpy(params.states[0].name, "Reader A");
    note(worker, WIRE(UNIX_WAIT, params));
}

static void list(struct worker *worker, uint64_t context)
{
    struct unix_list params = {.context = context};
    struct unix_query query = {0};

    note(worker, WIRE(UNIX_QUERY, query));
    note(worker, WIRE(UNIX_LIST_READERS, params));
    note(worker, wire_of_context(UNIX_IS_VALID, context));
}

static void exchange_apdu(struct worker *worker, uint64_t card)
{
    uint8_t command[5] = {0, 0xb0, 0, 0, 0}, reply[258];
    struct unix_transmit params = {.card = card, .command = (uintptr_t)command,
        .command_length = sizeof(command), .reply = (uintptr_t)reply,
        .reply_length = sizeof(reply)};
    struct unix_attrib attrib = {.card = card};

    note(worker, WIRE(UNIX_TRANSMIT, params));
    note(worker, WIRE(UNIX_GET_ATTRIB, attrib));
}

static void use_card(struct worker *worker, unsigned at, unsigned what)
{
    uint32_t ticket = __atomic_add_fetch(&tickets[at], 1, __ATOMIC_ACQ_REL);
    uint64_t card = get(&cards[at]);
    struct unix_status status = {.head.ticket = ticket, .card = card};
    struct unix_reconnect again = {.head.ticket = ticket, .card = card, .protocols = 3,
        .share = 1 + draw(worker, 3), .disposition = draw(worker, 2)};

    switch (what)
    {
    case 0:
    case 1: note(worker, WIRE(UNIX_RECONNECT, again)); break;
    case 3: note(worker, WIRE(UNIX_STATUS, status)); break;
    case 2: exchange_apdu(worker, card); break;
    default:
        note(worker, wire_ticket(UNIX_BEGIN, card, ticket));
        note(worker, wire_card(UNIX_END, card, draw(worker, 2)));
    }
}

static void *work(void *arg)
{
    struct worker *worker = arg;
    unsigned i;

    list(worker, 0); /* while the library is loaded */
    for (i = 0; i < worker->rounds; i++)
    {
        unsigned what = draw(worker, 16), at = draw(worker, CARDS);
        uint64_t context = get(&contexts[draw(worker, CONTEXTS)]);

        if (what < 12)
            use_card(worker, at, what % 5);
        else if (what == 12 || !get(&cards[at]))
            replace_card(worker, at);
        else if (what == 13 && !draw(worker, 4))
            replace_context(worker, draw(worker, CONTEXTS));
        else if (what == 13)
            wait_for_readers(worker, context);
        else if (what == 14)
            list(worker, context);
        else
            note(worker, wire_of_context(UNIX_CANCEL, context));
    }
    return NULL;
}

/* Ends the calls that are on their way, so that no two of them wait for each other for ever; and
 * connections, for a reset card keeps a lock that nobody ends, and commands wait for that. */
static void *cancel(void *arg)
{
    unsigned at, rounds;
    uint64_t card;

    for (at = rounds = 0; !__atomic_load_n(&over, __ATOMIC_ACQUIRE); at = (at + 1) % CARDS)
    {
        uint32_t ticket = __atomic_load_n(&tickets[at], __ATOMIC_ACQUIRE);

        if (ticket)
            wire_ticket(UNIX_CANCEL_BEGIN, get(&cards[at]), ticket);
        if (++rounds % 33 == 0 && (card = exchange(&cards[at], 0)))
            wire_card(UNIX_DISCONNECT, card, 0);
        usleep(2000);
    }
    return NULL;
}

static void test_stress(void)
{
    static struct worker workers[WORKERS];
    const char *rounds = getenv("ROUNDS");
    struct daemon_count left;
    pthread_t canceller;
    unsigned i, n;

    pthread_create(&canceller, NULL, cancel, NULL);
    for (i = 0; i < WORKERS; i++)
    {
        workers[i].seed = i + 1;
        workers[i].rounds = rounds ? (unsigned)atoi(rounds) : 10000;
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (i = 0; i < CONTEXTS; i++)
        exchange(&contexts[i], wire_context());
    for (i = 0; i < WORKERS; i++)
        pthread_join(workers[i].thread, NULL);
    __atomic_store_n(&over, 1, __ATOMIC_RELEASE);
    pthread_join(canceller, NULL);
    for (i = 0; i < WORKERS; i++)
        ok(!workers[i].wrong, "thread %u: %u results that cannot be\n", i, workers[i].wrong);
    for (n = 0; n < COUNT_OF(expected); n++)
    {
        unsigned seen = 0;

        for (i = 0; i < WORKERS; i++)
            seen += workers[i].results[n];
        ok(seen, "%08x never came\n", (unsigned)expected[n]);
    }
    for (i = 0; i < CARDS; i++)
        if (cards[i])
            wire_card(UNIX_DISCONNECT, cards[i], 0);
    for (i = 0; i < CONTEXTS; i++)
        wire_release(contexts[i]);
    left = daemon_count();
    ok(!left.contexts && !left.handles && !left.locks, "%d contexts, %d handles, %d readers left\n",
       left.contexts, left.handles, left.locks);
    ok(!left.spoilt, "%d exclusive connections were asked to be shared\n", left.spoilt);
}

/* ---- a connect that waits ---- */

struct connector
{
    pthread_t thread;
    struct unix_connect params;
    int32_t result;
};

static void *connect_reader(void *arg)
{
    struct connector *connector = arg;

    connector->result = WIRE(UNIX_CONNECT, connector->params);
    return NULL;
}

static uint64_t connect_to_a(uint64_t context)
{
    struct unix_connect params = {.context = context, .share = 2, .protocols = 3};

    strcpy(params.name, "Reader A");
    ok(!WIRE(UNIX_CONNECT, params), "connect\n");
    return params.card;
}

/* Lists and a wait over the context of a connect that waits for a lock do not keep the lock from
 * being ended. */
static void test_connect_waits(void)
{
    struct connector connector = {.params = {.share = 2, .protocols = 3}};
    uint64_t context = wire_context(), other = wire_context(), card = connect_to_a(context);
    struct unix_list readers = {.context = other}, groups = {.context = other};
    struct unix_wait change = {.context = other, .timeout = 10, .count = 1};

    ok(!wire_card(UNIX_BEGIN, card, 0), "begin\n");
    connector.params.context = other;
    strcpy(connector.params.name, "Reader A");
    pthread_create(&connector.thread, NULL, connect_reader, &connector);
    usleep(100000);
    ok(!WIRE(UNIX_LIST_READERS, readers) && readers.length, "readers\n");
    ok(!WIRE(UNIX_LIST_GROUPS, groups) && groups.length, "groups\n");
    ok(!wire_of_context(UNIX_IS_VALID, other), "it is valid\n");
    strcpy(change.states[0].name, "Reader A");
    ok_hr(WIRE(UNIX_WAIT, change), SC_TIMEOUT);
    ok(!wire_card(UNIX_END, card, 0), "end\n");
    pthread_join(connector.thread, NULL);
    ok(!connector.result, "%08x\n", (unsigned)connector.result);
    wire_release(context);
    wire_release(other);
}

/* ---- a status while the card gets another handle ---- */

#define REOPENINGS 300

static struct
{
    uint64_t card;
    unsigned told, wrong;
    int over; /* atomic */
} asker;

static void *ask(void *unused)
{
    while (!__atomic_load_n(&asker.over, __ATOMIC_ACQUIRE))
    {
        struct unix_status status = {.card = asker.card};
        int32_t result = WIRE(UNIX_STATUS, status);

        if (!result)
            asker.told++;
        else if (result != SC_CANCELLED)
            asker.wrong++;
    }
    return unused;
}

/* From exclusive to shared a card gets another handle: no status may still be in the library with
 * the one that is closed. */
static void test_status_while_reopening(void)
{
    uint64_t context = wire_context();
    struct unix_reconnect again = {.protocols = 3};
    pthread_t asks;
    unsigned i;

    asker.card = again.card = wire_connect(context, SC_SHARE_SHARED, 3, NULL);
    pthread_create(&asks, NULL, ask, NULL);
    for (i = 0; i < REOPENINGS; i++)
    {
        again.share = i % 2 ? SC_SHARE_SHARED : SC_SHARE_EXCLUSIVE;
        ok_hr(WIRE(UNIX_RECONNECT, again), SC_OK);
    }
    __atomic_store_n(&asker.over, 1, __ATOMIC_RELEASE);
    pthread_join(asks, NULL);
    ok(asker.told && !asker.wrong, "%u times told, %u results that cannot be\n", asker.told,
       asker.wrong);
    wire_card(UNIX_DISCONNECT, asker.card, 0);
    wire_release(context);
}

/* ---- what one thread ends for another ---- */

#define BEGINS   300
#define STOPPERS 2
#define CLOSERS  2
#define CLOSINGS 60

/* A thread that takes the lock, again and again, as the owner of a connection's token does: each
 * begin has its own ticket. */
static struct
{
    uint64_t card;
    uint32_t running;                   /* atomic: the ticket of its call, 0: none */
    unsigned char stopped[BEGINS + 1];  /* atomic: somebody has set out to end that one */
    unsigned taken, cancelled, unasked; /* begins that came so far; ended without being asked for */
    unsigned wrong, lost;
    unsigned late; /* atomic: cancels that came when their call had returned */
    int over;      /* atomic */
} owner;

static void note_begin(uint32_t ticket, int32_t result)
{
    struct unix_reconnect again = {.card = owner.card, .protocols = 3, .share = SC_SHARE_SHARED};

    if (!result)
    {
        owner.taken++;
        owner.wrong += wire_card(UNIX_END, owner.card, 0) != SC_OK;
    }
    else if (result == SC_CANCELLED)
    {
        owner.cancelled++;
        owner.unasked += !__atomic_load_n(&owner.stopped[ticket], __ATOMIC_ACQUIRE);
    }
    /* A begin that was already in the library is broken with its handle, if it was called away. */
    else if (result == SC_RESET_CARD)
    {
        owner.lost++;
        owner.wrong += WIRE(UNIX_RECONNECT, again) != SC_OK;
    }
    else
        owner.wrong++;
}

static void *own(void *unused)
{
    uint32_t ticket;
    int32_t result;

    for (ticket = 1; ticket <= BEGINS; ticket++)
    {
        __atomic_store_n(&owner.running, ticket, __ATOMIC_RELEASE);
        result = wire_ticket(UNIX_BEGIN, owner.card, ticket);
        __atomic_store_n(&owner.running, 0, __ATOMIC_RELEASE);
        note_begin(ticket, result);
        if (ticket % 4)
            usleep(500);
    }
    __atomic_store_n(&owner.over, 1, __ATOMIC_RELEASE);
    return unused;
}

/* Ends the call that it has seen, however late. */
static void *stop(void *seed)
{
    struct worker worker = {.seed = *(uint32_t *)seed};

    while (!__atomic_load_n(&owner.over, __ATOMIC_ACQUIRE))
    {
        uint32_t ticket = __atomic_load_n(&owner.running, __ATOMIC_ACQUIRE);

        usleep(draw(&worker, 1500));
        if (!ticket || draw(&worker, 2))
            continue;
        __atomic_store_n(&owner.stopped[ticket], 1, __ATOMIC_RELEASE);
        if (__atomic_load_n(&owner.running, __ATOMIC_ACQUIRE) != ticket)
            __atomic_add_fetch(&owner.late, 1, __ATOMIC_RELAXED);
        if (wire_ticket(UNIX_CANCEL_BEGIN, owner.card, ticket))
            __atomic_add_fetch(&owner.wrong, 1, __ATOMIC_RELAXED);
    }
    return NULL;
}

/* Another program, which has the lock most of the time. */
static void *hold(void *card)
{
    struct worker worker = {.seed = 77};

    while (!__atomic_load_n(&owner.over, __ATOMIC_ACQUIRE))
    {
        wire_ticket(UNIX_BEGIN, *(uint64_t *)card, 0);
        usleep(draw(&worker, 4000));
        wire_card(UNIX_END, *(uint64_t *)card, 0);
        usleep(draw(&worker, 1000));
    }
    return NULL;
}

/* A cancel ends the call that it names and never the one after it. */
static void test_stop_begin(void)
{
    uint64_t context = wire_context(), other_context = wire_context(), other;
    pthread_t owns, stops[STOPPERS], holds;
    uint32_t seeds[STOPPERS];
    int i;

    owner.card = wire_connect(context, SC_SHARE_SHARED, 3, NULL);
    other = wire_connect(other_context, SC_SHARE_SHARED, 3, NULL);
    pthread_create(&owns, NULL, own, NULL);
    pthread_create(&holds, NULL, hold, &other);
    for (i = 0; i < STOPPERS; i++)
    {
        seeds[i] = 100 + (uint32_t)i;
        pthread_create(&stops[i], NULL, stop, &seeds[i]);
    }
    pthread_join(owns, NULL);
    pthread_join(holds, NULL);
    for (i = 0; i < STOPPERS; i++)
        pthread_join(stops[i], NULL);
    ok(!owner.unasked, "%u begins were ended that nobody had named\n", owner.unasked);
    ok(!owner.wrong, "%u results that cannot be\n", owner.wrong);
    ok(owner.taken && owner.cancelled && owner.late, "%u taken, %u cancelled, %u cancels late\n",
       owner.taken, owner.cancelled, owner.late);
    trace("%u taken, %u cancelled, %u cancels late, %u handles lost\n", owner.taken,
          owner.cancelled, owner.late, owner.lost);
    wire_card(UNIX_DISCONNECT, owner.card, 0);
    wire_card(UNIX_DISCONNECT, other, 0);
    wire_release(context);
    wire_release(other_context);
}

/* One card and the threads that close it; each tells what it got. */
struct closing
{
    uint64_t card;
    enum unix_code code; /* of the thread that lives in a call */
    int32_t in_call, after, closed[CLOSERS];
    int begun; /* atomic */
};

static int32_t wait_in_call(const struct closing *closing)
{
    struct unix_status status = {.head.ticket = 1, .card = closing->card};
    struct unix_reconnect again = {.head.ticket = 1, .card = closing->card, .protocols = 3,
                                   .share = SC_SHARE_SHARED};

    switch (closing->code)
    {
    case UNIX_STATUS: return WIRE(UNIX_STATUS, status);
    case UNIX_RECONNECT: return WIRE(UNIX_RECONNECT, again);
    default: return wire_ticket(UNIX_BEGIN, closing->card, 1);
    }
}

static void *live(void *arg)
{
    struct closing *closing = arg;

    __atomic_store_n(&closing->begun, 1, __ATOMIC_RELEASE);
    closing->in_call = wait_in_call(closing);
    closing->after = wire_card(UNIX_DISCONNECT, closing->card, 0);
    return NULL;
}

struct closer
{
    struct closing *closing;
    int number;
};

static void *close_under(void *arg)
{
    struct closer *closer = arg;
    struct closing *closing = closer->closing;

    while (!__atomic_load_n(&closing->begun, __ATOMIC_ACQUIRE))
        usleep(10);
    usleep((unsigned)closer->number * 300);
    closing->closed[closer->number] = wire_card(UNIX_DISCONNECT, closing->card, 0);
    return NULL;
}

/* Lets a thread live in a call that waits for the lock, while others close the card. */
static void close_once(struct closing *closing, int first)
{
    struct closer closers[CLOSERS];
    pthread_t lives, closes[CLOSERS];
    int i, closed = 0;

    pthread_create(&lives, NULL, live, closing);
    for (i = 0; i < CLOSERS; i++)
    {
        closers[i] = (struct closer){closing, (first + i) % CLOSERS};
        pthread_create(&closes[i], NULL, close_under, &closers[i]);
    }
    pthread_join(lives, NULL);
    for (i = 0; i < CLOSERS; i++)
        pthread_join(closes[i], NULL);
    for (i = 0; i < CLOSERS; i++)
        closed += closing->closed[i] == SC_OK;
    ok(closing->in_call == SC_CANCELLED || closing->in_call == SC_INVALID_HANDLE,
       "the call that waited: %08x\n", (unsigned)closing->in_call);
    ok(closed == 1 && closing->after == SC_INVALID_HANDLE,
       "%d have closed it; the thread itself: %08x\n", closed, (unsigned)closing->after);
}

/* Whoever takes a card over from a thread that lives after all closes it once: the thread's call
 * returns at once, and its own disconnect finds nothing. */
static void test_take_over(void)
{
    static const enum unix_code codes[] = {UNIX_BEGIN, UNIX_STATUS, UNIX_RECONNECT};
    uint64_t other_context = wire_context(), context = wire_context();
    uint64_t other = wire_connect(other_context, SC_SHARE_SHARED, 3, NULL);
    struct daemon_count left;
    int i;

    for (i = 0; i < CLOSINGS; i++)
    {
        struct closing closing = {.code = codes[i % COUNT_OF(codes)]};

        closing.card = wire_connect(context, SC_SHARE_SHARED, 3, NULL);
        ok(!wire_ticket(UNIX_BEGIN, other, 0), "begin\n");
        close_once(&closing, i);
        ok(!wire_card(UNIX_END, other, 0), "end\n");
    }
    left = daemon_count();
    ok(left.handles == 1, "%d handles, not that of the other alone\n", left.handles);
    wire_card(UNIX_DISCONNECT, other, 0);
    wire_release(context);
    wire_release(other_context);
}

static void test_limit(void)
{
    alarm(LIMIT); /* a hang ends the program, without its last line */
}

START_TEST(unixlib_threads)
{
    test_limit();
    test_connect_waits();
    test_status_while_reopening();
    test_stress();
    test_stop_begin();
    test_take_over();
}
