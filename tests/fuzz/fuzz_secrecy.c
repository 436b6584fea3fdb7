/*
 * Whether a code or a key ever gets into what is told of a connection.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: which card, then what a program does with it, one command after another. The card below
 * knows the truth: its current file, what waits for GET RESPONSE, what an ENVELOPE carries. It
 * fills in what is secret, once with one set of codes and once with another, and what is told must
 * be the same both times.
 */

#include "fuzz.h"
#include "iso7816/hex.h"
#include "iso7816/secrecy.h"

#define STEPS     64
#define ROOM      600
#define DIRECTORY 0x3F00

enum family
{
    ISO,
    FLEX,
    FLEX_BY_ATR,
    GSM,
    USIM,
    FAMILIES
};

/* One of the two runs: the same card with other codes. */
struct run
{
    struct input input;
    enum family family;
    uint32_t seed; /* of the codes */
    uint16_t file; /* the card's current one */
    int selected;  /* a USIM: the application is */
    int others;    /* another program has the same handle */
    int pending;   /* 0 nothing waits; 1 something that anybody may see; 2 a secret */
    struct secrecy secrecy;
    char *told;
    size_t length, room;
};

struct bytes_of
{
    uint8_t at[ROOM];
    size_t len;
};

static uint8_t secret_byte(struct run *run)
{
    run->seed = run->seed * 1664525u + 1013904223u;
    return (uint8_t)(run->seed >> 24);
}

static void put(struct bytes_of *to, uint8_t byte)
{
    if (to->len < ROOM)
        to->at[to->len++] = byte;
}

/* The input goes on by as much, whoever the bytes come from. */
static void put_data(struct run *run, struct bytes_of *to, size_t count, int secret)
{
    while (count--)
    {
        uint8_t open = input_byte(&run->input);

        put(to, secret ? secret_byte(run) : open);
    }
}

static void put_header(struct bytes_of *to, uint8_t cla, uint8_t ins, uint8_t p1, uint8_t p2)
{
    put(to, cla);
    put(to, ins);
    put(to, p1);
    put(to, p2);
}

/* ---- what is told ---- */

static void tell(struct run *run, const char *text)
{
    size_t len = strlen(text) + 1;

    if (run->room - run->length < len + 1)
    {
        run->room = 2 * run->room + len + 1024;
        if (!(run->told = realloc(run->told, run->room)))
            abort();
    }
    memcpy(run->told + run->length, text, len);
    run->length += len;
}

static void exchange(struct run *run, const struct bytes_of *command, const struct bytes_of *reply)
{
    char text[2 * ROOM + 64];
    int hidden = secrecy_hides(&run->secrecy, command->at, command->len);

    hex_format_command(command->at, command->len, hidden, text, sizeof(text));
    tell(run, text);
    hex_format_reply(reply->at, reply->len, hidden, text, sizeof(text));
    tell(run, text);
    secrecy_follow(&run->secrecy, command->at, command->len, reply->at, reply->len);
}

/* ---- the card ---- */

static const uint16_t files[] =
{
    0x3F00, 0x0000, 0x0100, 0x0001, 0x0011, 0x0012, 0x0002, 0x6F20, 0x6F52, 0x4F20, 0x6F08, 0x6F09,
    0x6F07, 0x2FE2, 0x5000, 0x7F20
};

static int file_is_secret(const struct run *run)
{
    uint16_t file = run->file;

    switch (run->family)
    {
    case FLEX:
    case FLEX_BY_ATR:
        return file == 0 || file == 0x100 || file == 1 || file == 0x11 || file == 0x12;
    case GSM: return file == 0x6F20 || file == 0x6F52 || file == 0x4F20;
    case USIM:
        return run->selected && (file == 0x6F08 || file == 0x6F09 || file == 0x6F20 ||
                                 file == 0x6F52 || file == 0x4F20);
    default: return 0;
    }
}

static uint8_t card_class(struct run *run)
{
    uint8_t choice = input_byte(&run->input);

    switch (run->family)
    {
    case FLEX: return 0xC0;
    case FLEX_BY_ATR: return choice & 1 ? 0x00 : 0xC0;
    case GSM: return 0xA0;
    default: return choice & 1 ? 0x10 : 0x00;
    }
}

/* An answer: data or a promise of data, or neither. */
static void answer(struct run *run, int secret, struct bytes_of *reply)
{
    uint8_t how = input_byte(&run->input);

    reply->len = 0;
    run->pending = 0;
    if (how & 1)
    {
        run->pending = secret ? 2 : 1;
        put(reply, run->family == GSM ? 0x9F : 0x61);
        put(reply, how);
        return;
    }
    put_data(run, reply, how >> 4, secret);
    put(reply, how & 2 ? 0x62 : 0x90);
    put(reply, 0x00);
}

static void refuse(struct run *run, struct bytes_of *reply)
{
    static const uint8_t refusals[] = {0x6A, 0x69, 0x6E, 0x6C, 0x67, 0x63, 0x6D, 0x98};

    run->pending = 0;
    reply->len = 0;
    put(reply, refusals[input_byte(&run->input) % sizeof(refusals)]);
    put(reply, input_byte(&run->input) & 0x0F);
}

/* ---- what programs do ---- */

static void do_select(struct run *run)
{
    struct bytes_of command = {0}, reply;
    uint8_t how = input_byte(&run->input);
    uint16_t file = files[input_byte(&run->input) % (sizeof(files) / sizeof(files[0]))];
    size_t path = how & 4 ? 2 : 0;

    put_header(&command, (uint8_t)(card_class(run) & ~0x10), 0xA4, path ? 8 : how & 2, how & 12);
    put(&command, (uint8_t)(2 + path));
    if (path)
        put_data(run, &command, path, 0);
    put(&command, (uint8_t)(file >> 8));
    put(&command, (uint8_t)file);
    if (how & 0x10)
        refuse(run, &reply);
    else
    {
        answer(run, 0, &reply);
        run->file = file;
    }
    if (how & 0x20)
        reply.len = 0; /* the card has done it, and nobody hears */
    exchange(run, &command, &reply);
}

static void do_select_application(struct run *run)
{
    static const uint8_t name[] = {0x00, 0xA4, 0x04, 0x00, 7, 0xA0, 0, 0, 0, 0x87, 0x10, 0x02};
    struct bytes_of command = {0}, reply;

    memcpy(command.at, name, command.len = sizeof(name));
    answer(run, 0, &reply);
    run->file = DIRECTORY;
    run->selected = 1;
    exchange(run, &command, &reply);
}

static void do_read(struct run *run)
{
    struct bytes_of command = {0}, reply;
    uint8_t how = input_byte(&run->input), ins = how & 1 ? 0xB2 : 0xB0;

    if (run->family == USIM && run->selected && (how & 2))
    {
        put_header(&command, 0x00, 0xB0, 0x88, 0);
        run->file = 0x6F08;
    }
    else
        put_header(&command, card_class(run), ins, how >> 4, 4);
    put(&command, how);
    if (how & 4)
        refuse(run, &reply);
    else
        answer(run, file_is_secret(run), &reply);
    exchange(run, &command, &reply);
}

static void do_write(struct run *run)
{
    static const uint8_t instructions[] = {0xD6, 0xD0, 0xDC, 0xD2, 0xE2};
    struct bytes_of command = {0}, reply;
    uint8_t how = input_byte(&run->input), count = how >> 4;

    put_header(&command, card_class(run), instructions[how % sizeof(instructions)], 0, 0);
    put(&command, (uint8_t)(count + (how & 8 && count > 1 ? -1 : 0)));
    put_data(run, &command, count, file_is_secret(run));
    refuse(run, &reply);
    exchange(run, &command, &reply);
}

/* CREATE FILE makes the new file the current one. */
static void do_create(struct run *run)
{
    struct bytes_of command = {0}, reply;
    uint16_t file = files[input_byte(&run->input) % (sizeof(files) / sizeof(files[0]))];
    size_t i;

    put_header(&command, 0xF0, 0xE0, 0, 0);
    put(&command, 16);
    for (i = 0; i < 16; i++)
        put(&command, i == 4 ? (uint8_t)(file >> 8) : i == 5 ? (uint8_t)file : 0xFF);
    run->pending = 0;
    reply.len = 0;
    if (run->family == FLEX || run->family == FLEX_BY_ATR)
        run->file = file;
    put(&reply, run->file == file ? 0x90 : 0x6E);
    put(&reply, 0);
    exchange(run, &command, &reply);
}

/* Codes that look like a SELECT where they are cut off well. */
static void put_lookalike(struct run *run, struct bytes_of *to, size_t count)
{
    static const uint8_t select[] = {0x00, 0xA4, 0x00, 0x00, 0x02};
    size_t i;

    for (i = 0; i < count; i++)
        put(to, i % 7 < sizeof(select) ? select[i % 7] : secret_byte(run));
}

static void put_code_command(struct run *run, struct bytes_of *command, int chained)
{
    static const uint8_t instructions[] =
    {
        0x20, 0x21, 0x24, 0x26, 0x28, 0x2A, 0x2C, 0x82, 0x86, 0x87, 0x88, 0xD8, 0xDA, 0xDB, 0x46
    };
    uint8_t how = input_byte(&run->input), count = input_byte(&run->input) & 0x1F;
    uint8_t ins = instructions[how % sizeof(instructions)];

    put_header(command, (uint8_t)(card_class(run) & (chained ? 0xFF : ~0x10)), ins, 0, 1);
    if (how & 0x80 && count)
    {
        put(command, 0);
        put(command, 0);
    }
    /* A wrong Lc leaves a byte of the code behind the data. */
    put(command, (uint8_t)(how & 0x40 && count > 1 ? count - 1 : count));
    if (how & 0x20)
        put_lookalike(run, command, count);
    else
        put_data(run, command, count, 1);
}

static void do_code(struct run *run)
{
    struct bytes_of command = {0}, reply;

    put_code_command(run, &command, 1);
    if (input_byte(&run->input) & 1)
        answer(run, 1, &reply);
    else
        refuse(run, &reply);
    exchange(run, &command, &reply);
}

static void do_get_response(struct run *run)
{
    struct bytes_of command = {0}, reply;
    uint8_t cla = (uint8_t)(card_class(run) & ~0x10), how = input_byte(&run->input);
    int secret = run->pending == 2;

    put_header(&command, cla, 0xC0, 0, 0);
    put(&command, how);
    reply.len = 0;
    if (!run->pending)
        refuse(run, &reply);
    else if (how & 1)
    {
        put(&reply, 0x6C);
        put(&reply, how);
    }
    else
        answer(run, secret, &reply);
    exchange(run, &command, &reply);
}

/* A secret command in pieces of any size. */
static void do_envelopes(struct run *run)
{
    struct bytes_of inner = {0}, command, reply;
    size_t at, n, size;

    put_code_command(run, &inner, 0);
    for (at = 0; at < inner.len; at += n)
    {
        size = input_byte(&run->input) & 0x0F;
        n = size && inner.len - at > size ? size : inner.len - at;
        command.len = reply.len = 0;
        put_header(&command, 0x00, 0xC2, 0, 0);
        put(&command, (uint8_t)n);
        memcpy(command.at + command.len, inner.at + at, n);
        command.len += n;
        put(&reply, 0x90);
        put(&reply, 0x00);
        exchange(run, &command, &reply);
    }
    command.len = 0;
    put_header(&command, 0x00, 0xC2, 0, 0);
    put(&command, 0);
    answer(run, 1, &reply);
    exchange(run, &command, &reply);
}

/* Anything at all; what it does to the card's position nobody knows. */
static void do_noise(struct run *run)
{
    struct bytes_of command = {0}, reply = {0};

    put_data(run, &command, input_byte(&run->input) & 0x0F, 0);
    refuse(run, &reply);
    exchange(run, &command, &reply);
}

/* Another program has its turn. */
static void do_others(struct run *run)
{
    run->file = files[input_byte(&run->input) % (sizeof(files) / sizeof(files[0]))];
    run->pending = 0;
    if (!run->others)
        secrecy_forget(&run->secrecy);
}

static void do_step(struct run *run)
{
    static void (*const steps[])(struct run *) =
    {
        do_select, do_read, do_write, do_code, do_get_response, do_envelopes, do_create, do_noise,
        do_others
    };
    unsigned which = input_byte(&run->input) % (sizeof(steps) / sizeof(steps[0]) + 1);

    if (which < sizeof(steps) / sizeof(steps[0]))
        steps[which](run);
    else if (run->family == USIM)
        do_select_application(run);
}

static void play(struct run *run, const uint8_t *data, size_t size, uint32_t seed)
{
    unsigned flags, i;

    memset(run, 0, sizeof(*run));
    run->input.at = data;
    run->input.left = size;
    run->seed = seed;
    flags = input_byte(&run->input);
    run->family = (enum family)(flags % FAMILIES);
    run->others = flags >= 0x80;
    run->file = DIRECTORY;
    secrecy_start(&run->secrecy, (run->family == FLEX_BY_ATR ? SECRECY_FLEX : 0) |
                                     (run->others ? SECRECY_OTHERS : 0));
    for (i = 0; i < STEPS && run->input.left; i++)
        do_step(run);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run first, second;

    play(&first, data, size, 1);
    play(&second, data, size, 77);
    CHECK(first.input.left == second.input.left);
    CHECK(first.length == second.length &&
          (!first.length || !memcmp(first.told, second.told, first.length)));
    free(first.told);
    free(second.told);
    return 0;
}
