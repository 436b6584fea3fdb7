/*
 * The card service over the simulated card, judged by a model of the card's files.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: MODEL_HEADER bytes that choose card and clients, then steps of MODEL_STEP bytes each: the
 * call, the client, and what it takes. Beside libFuzzer and the replay there is a plain way:
 *
 *   fuzz_model --seed N --count N [--keep DIR]
 *
 * runs that many inputs made from the seed, makes one that fails as short as it can, and tells it
 * as a story; --keep goes on and keeps the inputs. fuzz_model --tell FILE tells any input, and
 * --shrink FILE one that fails as --seed would have.
 */

#include <stdarg.h>
#include <time.h>

#include "model.h"

#define MAX_INPUT (MODEL_HEADER + MODEL_STEP * MODEL_MAX_STEPS)

static struct fuzz fuzz;

void model_fail(struct fuzz *f, const char *kind, const char *format, ...)
{
    va_list args;

    if (f->kind)
        return;
    f->kind = kind;
    va_start(args, format);
    vsnprintf(f->failure, sizeof(f->failure), format, args);
    va_end(args);
}

void model_tell(struct fuzz *f, const char *format, ...)
{
    va_list args;

    if (!f->story)
        return;
    va_start(args, format);
    vfprintf(f->story, format, args);
    va_end(args);
}

/* ---- the wire ---- */

static void tell_bytes(struct fuzz *f, const char *arrow, const uint8_t *bytes, size_t len)
{
    size_t i, shown = len > 24 ? 16 : len;

    if (!f->story)
        return;
    fprintf(f->story, "     %s ", arrow);
    for (i = 0; i < shown; i++)
        fprintf(f->story, "%02X", bytes[i]);
    if (shown < len)
        fprintf(f->story, "..(%zu)..%02X%02X", len, bytes[len - 2], bytes[len - 1]);
    fprintf(f->story, "\n");
}

static int32_t fail_exchange(struct client *client, const uint8_t *command, size_t len)
{
    struct fuzz *f = client->fuzz;
    struct bytes lost = {0};

    client->cut = true;
    if (f->fault == 2)
    {
        card_exchange(f->card, command, len, &lost);
        bytes_free(&lost);
        model_tell(f, "     (the answer is lost)\n");
        return SC_COMM_DATA_LOST;
    }
    card_reset(f->card);
    f->clients[0].lost = f->clients[1].lost = SC_RESET_CARD;
    return SC_RESET_CARD;
}

int32_t model_transmit(void *context, const uint8_t *command, size_t command_len, uint8_t *reply,
                       size_t *reply_len)
{
    static struct bytes answer;
    struct client *client = context;
    struct fuzz *f = client->fuzz;

    tell_bytes(f, ">", command, command_len);
    f->exchanges++;
    if (client->lost)
        return client->lost;
    if (f->fault && f->exchanges == f->fault_at)
        return fail_exchange(client, command, command_len);
    bytes_clear(&answer);
    card_exchange(f->card, command, command_len, &answer);
    tell_bytes(f, "<", answer.data, answer.len);
    if (answer.len > *reply_len)
        return SC_INSUFFICIENT_BUFFER;
    memcpy(reply, answer.data, answer.len);
    *reply_len = answer.len;
    return SC_OK;
}

/* ---- one input ---- */

static void tell_header(const struct fuzz *f)
{
    static const char *const families[] = {"ISO", "Cryptoflex", "GSM", "Cyberflex"};
    const struct profile *profile = f->card->profile;
    const struct abilities *can = &f->can;

    if (!f->story)
        return;
    fprintf(f->story, "card: %s, T=%d%s%s%s%s%s%s%s%s%s%s%s\n", families[can->family], !can->t0,
            can->tricky ? ", tricky directories" : "", can->tells ? "" : ", SELECT tells not all",
            can->has_mf ? "" : ", the MF cannot be selected", can->by_path ? "" : ", no P1=08",
            can->by_child ? "" : ", no P1=01 and 02",
            can->short_ids ? "" : ", no short identifiers", can->sizes ? "" : ", sizes untold",
            profile->select_siblings ? ", P1=00 finds siblings" : "",
            profile->select_stops ? ", a path not found moves the card" : "",
            profile->full_61 ? ", 6100 after 256 bytes" : "",
            profile->sfi_late ? ", short identifiers select late" : "");
    fprintf(f->story, "      end of file %04X, short %04X, DELETE of a DF with files %04X%s%s%s\n",
            profile->read_end, profile->read_short, profile->delete_nonempty,
            profile->parent_of_ef ? ", P1=03 from an EF: its DF" : "",
            profile->parent_of_mf ? ", P1=03 from the MF: itself" : "",
            f->header[4] & 4 ? ", no P1=03" : "");
    fprintf(f->story, "client A %s%s, client B %s\n",
            f->clients[0].by_handle ? "by handle" : "by reader", f->owner == 0 ? ", exclusive" : "",
            f->clients[1].by_handle ? "by handle" : "by reader");
}

static void start(const uint8_t *data, size_t size)
{
    FILE *story = fuzz.story;
    struct card *card = fuzz.card;
    int i;

    memset(&fuzz, 0, sizeof(fuzz));
    fuzz.story = story;
    fuzz.card = card;
    fuzz.owner = -1;
    memcpy(fuzz.header, data, size < MODEL_HEADER ? size : MODEL_HEADER);
    model_insert(&fuzz);
    for (i = 0; i < 2; i++)
    {
        struct client *client = &fuzz.clients[i];

        client->fuzz = &fuzz;
        client->name = (char)('A' + i);
        client->by_handle = fuzz.header[3] >> i & 1;
        model_attach(client);
    }
    if (fuzz.header[3] & 0x20)
    {
        fuzz.owner = 0;
        icc_set_exclusive(&fuzz.clients[0].icc, 1);
    }
    tell_header(&fuzz);
}

/* The kind of the failure, NULL none. */
static const char *run(const uint8_t *data, size_t size, FILE *story)
{
    size_t at;

    fuzz.story = story;
    start(data, size);
    for (at = MODEL_HEADER; at < size && at < MAX_INPUT && !fuzz.kind; at += MODEL_STEP)
    {
        uint8_t step[MODEL_STEP] = {0};

        memcpy(step, data + at, size - at < MODEL_STEP ? size - at : MODEL_STEP);
        fuzz.step++;
        model_step(&fuzz, step);
    }
    icc_fini(&fuzz.clients[0].icc);
    icc_fini(&fuzz.clients[1].icc);
    card_destroy(fuzz.card);
    fuzz.card = NULL;
    if (fuzz.kind && story)
        fprintf(story, "FAILED (%s): %s\n", fuzz.kind, fuzz.failure);
    return fuzz.kind;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (run(data, size, NULL))
    {
        run(data, size, stdout);
        fflush(stdout);
        fuzz_failed();
    }
    return 0;
}

#ifndef FUZZING

/* ---- the plain way ---- */

static uint64_t state;

static uint32_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 16);
}

static size_t make_input(uint8_t *data)
{
    size_t steps = 3 + draw() % 22, size = MODEL_HEADER + steps * MODEL_STEP, i;

    for (i = 0; i < size; i++)
        data[i] = (uint8_t)draw();
    /* Half of the cards are ordinary ones. */
    if (draw() & 1)
        data[1] &= 0x01;
    if (draw() & 1)
        data[2] = 0;
    if (draw() & 1)
        data[3] &= 0x30;
    if (draw() & 1)
        data[4] = 0;
    /* Half of the steps are the first client's, and half of the paths name what is there. */
    for (i = MODEL_HEADER; i < size; i += MODEL_STEP)
    {
        if (draw() & 1)
            data[i + 1] = 0;
        if (draw() & 1)
            data[i + 2] &= 0xC9;
    }
    return size;
}

static bool fails_so(const uint8_t *data, size_t size, const char *kind)
{
    const char *now = run(data, size, NULL);

    return now && !strcmp(now, kind);
}

static bool drop_steps(uint8_t *data, size_t *size, const char *kind)
{
    uint8_t shorter[MAX_INPUT];
    bool dropped = false;
    size_t at;

    for (at = MODEL_HEADER; at < *size;)
    {
        size_t rest = *size - at, step = rest < MODEL_STEP ? rest : MODEL_STEP;

        memcpy(shorter, data, at);
        memcpy(shorter + at, data + at + step, rest - step);
        if (fails_so(shorter, *size - step, kind))
        {
            *size -= step;
            memcpy(data, shorter, *size);
            dropped = true;
        }
        else
            at += step;
    }
    return dropped;
}

/* Bytes become 0, or lose bits. */
static bool simplify_bytes(uint8_t *data, size_t size, const char *kind)
{
    bool changed = false;
    size_t at;
    int bit;

    for (at = 0; at < size; at++)
    {
        uint8_t old = data[at];

        data[at] = 0;
        if (old && fails_so(data, size, kind))
        {
            changed = true;
            continue;
        }
        data[at] = old;
        for (bit = 7; bit >= 0; bit--)
        {
            if (!(data[at] >> bit & 1))
                continue;
            data[at] ^= (uint8_t)(1u << bit);
            if (fails_so(data, size, kind))
                changed = true;
            else
                data[at] ^= (uint8_t)(1u << bit);
        }
    }
    return changed;
}

static void shrink(uint8_t *data, size_t *size, const char *kind)
{
    int rounds;

    for (rounds = 0; rounds < 8; rounds++)
    {
        bool again = drop_steps(data, size, kind);

        if (!simplify_bytes(data, *size, kind) && !again)
            break;
    }
}

static void keep(const char *directory, const char *kind, unsigned number, const uint8_t *data,
                 size_t size)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s-%u", directory, kind, number);
    file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file))
        perror(path);
}

static void tell_failure(uint8_t *data, size_t size, const char *kind, const char *directory,
                         unsigned number)
{
    char constant[32];

    snprintf(constant, sizeof(constant), "%s", kind);
    shrink(data, &size, constant);
    printf("---- failure %u\n", number);
    run(data, size, stdout);
    fflush(stdout);
    if (directory)
        keep(directory, constant, number, data, size);
}

/* Stops at the first failure unless a directory keeps them. */
static int run_seeds(uint64_t seed, unsigned long count, const char *directory)
{
    uint8_t data[MAX_INPUT];
    unsigned long i, failures = 0;
    clock_t began = clock();

    for (i = 0; i < count && (!failures || (directory && failures < 400)); i++)
    {
        const char *kind;
        size_t size;

        state = (seed + i) * 0x9E3779B97F4A7C15u + 1;
        draw();
        size = make_input(data);
        kind = run(data, size, NULL);
        if (kind)
            tell_failure(data, size, kind, directory, (unsigned)++failures);
    }
    printf("%lu inputs, %lu failed, %.0f a second\n", i, failures,
           (double)i * CLOCKS_PER_SEC / (double)(clock() - began + 1));
    return failures ? 1 : 0;
}

/* Tells an input, made as short as it can be first if that is wanted and it fails. */
static int tell_file(const char *path, bool shorter)
{
    uint8_t data[MAX_INPUT];
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(data, 1, sizeof(data), file) : 0;
    const char *kind;

    if (!file)
    {
        perror(path);
        return 2;
    }
    fclose(file);
    kind = run(data, size, NULL);
    if (kind && shorter)
        shrink(data, &size, kind);
    return run(data, size, stdout) ? 1 : 0;
}

int fuzz_options(int argc, char **argv)
{
    unsigned long count = 100000;
    const char *directory = NULL;
    uint64_t seed = 1;
    int i;

    if (argc < 2 || strncmp(argv[1], "--", 2))
        return -1;
    for (i = 1; i + 1 < argc; i += 2)
    {
        if (!strcmp(argv[i], "--tell"))
            return tell_file(argv[i + 1], false);
        if (!strcmp(argv[i], "--shrink"))
            return tell_file(argv[i + 1], true);
        if (!strcmp(argv[i], "--seed"))
            seed = strtoull(argv[i + 1], NULL, 0);
        else if (!strcmp(argv[i], "--count"))
            count = strtoul(argv[i + 1], NULL, 0);
        else if (!strcmp(argv[i], "--keep"))
            directory = argv[i + 1];
        else
            break;
    }
    if (i != argc)
    {
        fprintf(stderr,
                "usage: %s [--seed N] [--count N] [--keep DIR] | --tell FILE |"
                " --shrink FILE\n",
                argv[0]);
        return 2;
    }
    return run_seeds(seed, count, directory);
}

#endif
