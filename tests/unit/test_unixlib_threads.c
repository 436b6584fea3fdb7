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

static void test_limit(void)
{
    alarm(LIMIT); /* a hang ends the program, without its last line */
}

START_TEST(unixlib_threads)
{
    test_limit();
    test_connect_waits();
    test_stress();
}
