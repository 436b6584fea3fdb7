/*
 * Failure injection: for each call the n-th allocation, then the n-th exchange with the card fails,
 * for every n until the call gets through. Results are the documented ones, out parameters are
 * empty, and afterwards the object still works; the sanitizer sees what leaks. And a card that
 * could keep a call busy for ever does not.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * The card is the simulated one. Linked with --wrap for malloc and calloc.
 */

#include "icc_calls.h"

#define MAX_FAULTS 400u

/* ---- allocations ---- */

static struct
{
    int armed;
    unsigned long count, fail_at; /* 0: none */
    int hit;
} memory;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static int refuse(void)
{
    if (!memory.armed || ++memory.count != memory.fail_at)
        return 0;
    return memory.hit = 1;
}

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

/* ---- the card ---- */

/* How an exchange fails. */
struct fault
{
    const char *name;
    int32_t result;   /* of the transport; SC_OK: an answer of one byte */
    int32_t expected; /* of the call */
    int executed;     /* the card has done it, the answer was lost */
    int reset;        /* the card was reset */
};

static const struct fault faults[] =
{
    {"removed", SC_REMOVED_CARD, SC_REMOVED_CARD, 0, 0},
    {"reset", SC_RESET_CARD, SC_RESET_CARD, 0, 1},
    {"lost answer", SC_UNPOWERED_CARD, SC_UNPOWERED_CARD, 1, 1},
    {"cancelled", SC_CANCELLED, SC_CANCELLED, 0, 0},
    {"too long", SC_INSUFFICIENT_BUFFER, SC_INSUFFICIENT_BUFFER, 1, 0},
    {"one byte", SC_OK, SC_COMM_DATA_LOST, 1, 0},
};

static void card_answers(struct bench *bench, const uint8_t *command, size_t command_len,
                         uint8_t *reply, size_t *reply_len)
{
    struct bytes answer = {0};

    card_exchange(bench->card, command, command_len, &answer);
    ok(answer.len <= *reply_len, "an answer of %u bytes\n", (unsigned)answer.len);
    if (answer.len <= *reply_len)
    {
        *reply_len = answer.len;
        memcpy(reply, answer.data, answer.len);
    }
    bytes_free(&answer);
}

static int32_t fail(struct bench *bench, const uint8_t *command, size_t command_len, uint8_t *reply,
                    size_t *reply_len)
{
    bench->hit = 1;
    if (bench->fault->executed)
        card_answers(bench, command, command_len, reply, reply_len);
    if (bench->fault->reset)
        card_reset(bench->card);
    *reply_len = bench->fault->result == SC_OK;
    return bench->fault->result;
}

static int32_t transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                        size_t *reply_len)
{
    struct bench *bench = context;
    int armed = memory.armed;
    int32_t result = SC_OK;

    memory.armed = 0;
    if (++bench->transmits == bench->fail_at && bench->fault)
        result = fail(bench, command, command_len, reply, reply_len);
    else
        card_answers(bench, command, command_len, reply, reply_len);
    memory.armed = armed;
    return result;
}

/* ---- one call with one fault ---- */

static int bench_start(struct bench *bench, const struct call *call)
{
    const char *srcdir = getenv("srcdir");
    struct bytes error = {0};
    struct profile *profile;
    char path[4096];
    int32_t result = SC_OK;

    memset(bench, 0, sizeof(*bench));
    snprintf(path, sizeof(path), "%s/tests/cards/profiles/%s.card", srcdir ? srcdir : ".",
             call->card);
    profile = profile_load(path, &error);
    ok(profile != NULL, "%s: %.*s\n", path, (int)error.len, error.len ? (char *)error.data : "");
    bytes_free(&error);
    if (!profile)
        return 0;
    bench->card = card_create(profile);
    icc_init(&bench->icc, transmit, bench, profile->t0 ? APDU_T0 : APDU_T1, profile->atr.data,
             profile->atr.len, call->run == run_current_dir);
    if (call->open)
        result = icc_open(&bench->icc, PATH_BY_ID, TEXT(call->open), &bench->handle);
    ok(result == SC_OK, "%s: Open gave %08x\n", call->name, (unsigned)result);
    bench->transmits = 0;
    return 1;
}

/* What is sure of any card after any failure: its files can be read. */
static void bench_end(struct bench *bench, const struct call *call, const char *what, unsigned n)
{
    int flex = !strcmp(call->card, FLEX_CARD), big = !strcmp(call->card, "big");
    int32_t bytes = 8;
    uint8_t *data = NULL;
    uint32_t handle;
    int32_t result;

    bench->fault = NULL;
    icc_untrust(&bench->icc, bench->icc.link.protocol);
    result = icc_change_dir(&bench->icc, PATH_BY_ID, TEXT("3F00"));
    if (!result)
        result = icc_open(&bench->icc, PATH_BY_ID,
                          TEXT(big    ? "7001"
                               : flex ? "0002"
                                      : "2F05"),
                          &handle);
    if (!result)
        result = icc_read(&bench->icc, handle, &bytes, &data, 0);
    ok(!result && bytes == 8 && (big || data[7] == (flex ? 0x77 : 7)),
       "%s, %s %u: afterwards reading gives %08x, %d bytes\n", call->name, what, n,
       (unsigned)result, bytes);
    icc_free(data);
    icc_fini(&bench->icc);
    card_destroy(bench->card);
}

static void run_again(struct bench *bench, const struct call *call, const char *what, unsigned n)
{
    int32_t result;

    if (!call->repeats)
        return;
    icc_untrust(&bench->icc, bench->icc.link.protocol);
    bench->fault = NULL;
    result = call->run(bench);
    ok(result == call->expected, "%s, %s %u: again gives %08x\n", call->name, what, n,
       (unsigned)result);
}

/* One run; 0 when there was no n-th allocation. */
static int fail_allocation(const struct call *call, unsigned n)
{
    struct bench bench;
    int32_t result, expected;

    if (!bench_start(&bench, call))
        return 0;
    memory.count = 0;
    memory.fail_at = n;
    memory.hit = 0;
    memory.armed = 1;
    result = call->run(&bench);
    memory.armed = 0;
    expected = memory.hit ? SC_OUT_OF_MEMORY : call->expected;
    ok(result == expected, "%s, allocation %u: %08x, expected %08x\n", call->name, n,
       (unsigned)result, (unsigned)expected);
    run_again(&bench, call, "allocation", n);
    bench_end(&bench, call, "allocation", n);
    return memory.hit;
}

static int fail_transmit(const struct call *call, const struct fault *fault, unsigned n)
{
    struct bench bench;
    int32_t result, expected;

    if (!bench_start(&bench, call))
        return 0;
    bench.fault = fault;
    bench.fail_at = n;
    result = call->run(&bench);
    expected = bench.hit ? fault->expected : call->expected;
    ok(result == expected, "%s, %s %u: %08x, expected %08x\n", call->name, fault->name, n,
       (unsigned)result, (unsigned)expected);
    run_again(&bench, call, fault->name, n);
    bench_end(&bench, call, fault->name, n);
    return bench.hit;
}

static void test_allocations(void)
{
    unsigned total = 0;
    size_t i;

    for (i = 0; i < COUNT_OF(calls); i++)
    {
        unsigned n = 1;

        while (n < MAX_FAULTS && fail_allocation(&calls[i], n))
            n++;
        ok(n < MAX_FAULTS, "%s never got through\n", calls[i].name);
        total += n - 1;
    }
    ok(total > 20, "only %u allocations were seen: is malloc wrapped?\n", total);
}

static void test_transmits(void)
{
    size_t i, j;

    for (i = 0; i < COUNT_OF(calls); i++)
    {
        for (j = 0; j < COUNT_OF(faults); j++)
        {
            unsigned n = 1;

            while (n < MAX_FAULTS && fail_transmit(&calls[i], &faults[j], n))
                n++;
            ok((n == 1) == calls[i].silent && n < MAX_FAULTS, "%s, %s: %u exchanges\n",
               calls[i].name, faults[j].name, n - 1);
        }
    }
}

/* ---- exchange_command ---- */

/* A long command, 6C10, then 61xx three times. */
static int32_t chain_transmit(void *context, const uint8_t *command, size_t command_len,
                              uint8_t *reply, size_t *reply_len)
{
    static const uint16_t words[] = {0x6C10, 0x6110, 0x6C08, 0x6108, 0x9000};
    struct bench *bench = context;
    uint16_t sw = words[bench->transmits < 5 ? bench->transmits : 4];

    if (++bench->transmits == bench->fail_at)
    {
        bench->hit = 1;
        *reply_len = bench->fault->result == SC_OK;
        return bench->fault->result;
    }
    memset(reply, 0xAB, 8);
    reply[8] = (uint8_t)(sw >> 8);
    reply[9] = (uint8_t)sw;
    *reply_len = 10;
    return SC_OK;
}

static int exchange_once(const struct fault *fault, unsigned n)
{
    static const struct exchange_policy policy =
        {.follow_61 = 1, .correct_6c = 1};
    static const uint8_t data[300] = {0};
    struct bench bench = {.fault = fault, .fail_at = fault ? n : 0};
    struct exchange_link link = {chain_transmit, &bench, APDU_T1};
    struct apdu apdu = {0x00, 0xCB, 0x3F, 0xFF, data, sizeof(data), 65536, 1};
    uint8_t reply[600];
    size_t len = sizeof(reply);
    uint16_t sw = 1;
    int32_t result, expected = SC_OK;

    memory.count = 0;
    memory.fail_at = fault ? 0 : n;
    memory.hit = 0;
    memory.armed = 1;
    result = exchange_command(&link, &policy, &apdu, reply, &len, &sw);
    memory.armed = 0;
    if (memory.hit)
        expected = SC_OUT_OF_MEMORY;
    if (bench.hit)
        expected = fault->expected;
    ok(result == expected, "%s %u: %08x, expected %08x\n", fault ? fault->name : "allocation", n,
       (unsigned)result, (unsigned)expected);
    if (result)
        ok(!len && !sw && (memory.hit || test_all_zero(reply, sizeof(reply))),
           "something is left\n");
    else
        ok(len == 26 && sw == 0x9000 && bench.transmits == 5, "%u bytes, %04x\n", (unsigned)len,
           sw);
    return memory.hit || bench.hit;
}

static void test_exchange(void)
{
    unsigned n;
    size_t i;

    for (n = 1; n < MAX_FAULTS && exchange_once(NULL, n);)
        n++;
    ok(n == 2, "%u allocations\n", n - 1);
    for (i = 0; i < COUNT_OF(faults); i++)
    {
        for (n = 1; n < MAX_FAULTS && exchange_once(&faults[i], n);)
            n++;
        ok(n == 6, "%s: %u exchanges\n", faults[i].name, n - 1);
    }
}

/* ---- a card whose directories never end ---- */

#define NEVER_ENDS 1000000u
#define DEEPEST    12u

/* Each directory has four more in it and goes only when they are gone, down to the deepest. */
struct endless
{
    unsigned depth, listed;
    unsigned char refused[PATH_MAX_COMPONENTS + 2]; /* once, of the directory that is there now */
    unsigned long commands;
};

static size_t put_status(uint8_t *reply, uint16_t sw)
{
    reply[0] = (uint8_t)(sw >> 8);
    reply[1] = (uint8_t)sw;
    return 2;
}

static size_t endless_select(struct endless *card, const uint8_t *command, uint8_t *reply)
{
    static const uint8_t directory[14] = {0, 0, 0x10, 0, 0, 0, 0x38, 0, 0, 0, 0, 1, 6, 0};

    card->depth = command[5] == 0x3F ? 0 : card->depth + 1;
    card->listed = 0;
    memcpy(reply, directory, sizeof(directory));
    memcpy(reply + 4, command + 5, 2);
    return sizeof(directory) + put_status(reply + sizeof(directory), 0x9000);
}

static size_t endless_list(struct endless *card, uint8_t *reply)
{
    const uint8_t entry[4] = {0, 0, (uint8_t)(0x50 + card->depth), 0};

    if (card->listed == 4)
        return put_status(reply, 0x6A82);
    memcpy(reply, entry, sizeof(entry));
    reply[3] = (uint8_t)card->listed++;
    return sizeof(entry) + put_status(reply + sizeof(entry), 0x9000);
}

static int32_t endless_transmit(void *context, const uint8_t *command, size_t command_len,
                                uint8_t *reply, size_t *reply_len)
{
    struct endless *card = context;

    (void)command_len;
    if (++card->commands > NEVER_ENDS || card->depth > PATH_MAX_COMPONENTS)
    {
        *reply_len = 0;
        return SC_CANCELLED;
    }
    if (command[1] == 0xA4)
        *reply_len = endless_select(card, command, reply);
    else if (command[1] == 0xA8)
        *reply_len = endless_list(card, reply);
    else
    {
        unsigned char *refused = &card->refused[card->depth];

        *refused = card->depth < DEEPEST && !*refused;
        *reply_len = put_status(reply, *refused ? 0x6985 : 0x9000);
    }
    return SC_OK;
}

static void test_endless_tree(void)
{
    static const uint8_t atr[] = {0x3B, 0x95, 0x15, 0x40, 0x20, 0x68, 0x01, 0x02, 0x00, 0x00};
    static const uint16_t path[] = {'5', '0', '0', '0'};
    struct endless card = {.depth = 0};
    struct icc icc;
    int32_t result;

    icc_init(&icc, endless_transmit, &card, APDU_T1, atr, sizeof(atr), 0);
    result = icc_delete(&icc, PATH_BY_ID, path, COUNT_OF(path), ICC_RECURSIVE);
    ok(result == SC_UNEXPECTED && card.commands > 8192 && card.commands < NEVER_ENDS,
       "endless tree: %08x after %lu commands\n", (unsigned)result, card.commands);
    icc_fini(&icc);
}

START_TEST(icc_failures)
{
    test_exchange();
    test_allocations();
    test_transmits();
    test_endless_tree();
}
