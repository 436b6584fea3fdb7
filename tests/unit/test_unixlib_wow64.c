/*
 * The unix half as 32-bit programs of a 64-bit Wine call it: the table of their own, structs laid
 * out as a 32-bit compiler does, in memory below 4 GiB. The same rows go through the table of
 * 64-bit programs.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"
#include "fakepcsc.h"
#include "pcsc/unix/map.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA 65536

/* ---- what a 32-bit program has: nothing is wider than 4 bytes ---- */

struct wide32
{
    uint32_t low, high;
};

struct head32
{
    uint32_t size, abi;
    int32_t result;
    uint32_t ticket;
};

struct query32
{
    struct head32 head;
    char library[256], file[256], self[256], socket[256], text[512];
};
struct establish32
{
    struct head32 head;
    struct wide32 context;
    char text[512];
};
struct context32
{
    struct head32 head;
    struct wide32 context;
};
struct list32
{
    struct head32 head;
    struct wide32 context;
    uint32_t length, padding;
    char groups[1024], names[8192];
};
struct state32
{
    uint32_t current, event, atr_length;
    uint8_t atr[36];
    char name[128];
};
struct wait32
{
    struct head32 head;
    struct wide32 context;
    uint32_t timeout, count;
    struct state32 states[32];
};
struct connect32
{
    struct head32 head;
    struct wide32 context, card;
    uint32_t share, protocols, protocol, padding;
    char name[128];
};
struct reconnect32
{
    struct head32 head;
    struct wide32 card;
    uint32_t share, protocols, disposition, protocol;
};
struct card32
{
    struct head32 head;
    struct wide32 card;
    uint32_t disposition, padding;
};
struct transmit32
{
    struct head32 head;
    struct wide32 card, command, reply;
    uint32_t command_length, reply_length;
};
struct status32
{
    struct head32 head;
    struct wide32 card;
    uint32_t state, protocol, atr_length;
    uint8_t atr[36];
};
struct control32
{
    struct head32 head;
    struct wide32 card, in, out;
    uint32_t code, in_length, out_length, padding;
};
struct attrib32
{
    struct head32 head;
    struct wide32 card, value;
    uint32_t attribute, length;
};
struct private_file32
{
    struct head32 head;
    struct wide32 inode;
    char name[4096], text[512];
};

/* What the program has in its memory. */
struct memory32
{
    union
    {
        struct head32 head;
        struct query32 query;
        struct establish32 establish;
        struct context32 context;
        struct list32 list;
        struct wait32 wait;
        struct connect32 connect;
        struct reconnect32 reconnect;
        struct card32 card;
        struct transmit32 transmit;
        struct status32 status;
        struct control32 control;
        struct attrib32 attrib;
        struct private_file32 private_file;
    } params;
    uint8_t in[64], out[300];
};

static struct memory32 *memory;
static struct wide32 context, card;

static struct wide32 address(const void *at)
{
    return (struct wide32){(uint32_t)(uintptr_t)at, 0};
}

/* ---- the rows ---- */

/* fill: what is sent, in cleared memory; look: whether the answer is right. */
struct row
{
    const char *name;
    enum unix_code code;
    uint32_t size;
    int32_t result;
    void (*fill)(void);
    int (*look)(void);
};

static void fill_nothing(void)
{
}

static int look_nowhere(void)
{
    return 1;
}

static int look_query(void)
{
    return memory->params.head.abi == UNIX_ABI &&
           !strcmp(memory->params.query.library, "libpcsclite.so.1") &&
           strstr(memory->params.query.self, "test_unixlib_wow64") &&
           !strcmp(memory->params.query.socket, "/run/pcscd/pcscd.comm") &&
           !memory->params.query.text[0];
}

static int look_establish(void)
{
    context = memory->params.establish.context;
    return (context.low || context.high) && !memory->params.establish.text[0];
}

static void fill_context(void)
{
    memory->params.context.context = context;
}

static void fill_no_context(void)
{
    memory->params.context.context = (struct wide32){context.low, context.high ^ 1u};
}

static void fill_readers(void)
{
    fill_context();
    memcpy(memory->params.list.groups, "Mine\0SCard$AllReaders\0", 23);
}

static int look_readers(void)
{
    return memory->params.list.length == 19 &&
           !memcmp(memory->params.list.names, "Reader A\0Reader B\0", 19);
}

static int look_groups(void)
{
    return memory->params.list.length == 22 &&
           !memcmp(memory->params.list.names, "SCard$DefaultReaders\0", 22);
}

static void fill_wait(void)
{
    fill_context();
    fake.reader_state = 0x30022;
    fake.atr_length = 2;
    memcpy(fake.atr, "\x3b\x01", 2);
    memory->params.wait.count = 2;
    strcpy(memory->params.wait.states[0].name, "Reader A");
    strcpy(memory->params.wait.states[1].name, "Reader B");
    memory->params.wait.states[1].current = 0x30022;
}

static int look_wait(void)
{
    const struct state32 *states = memory->params.wait.states;

    return states[0].event == 0x30022 && states[1].event == 0x30022 && states[1].atr_length == 2 &&
           states[1].atr[1] == 1;
}

static void fill_connect(void)
{
    fill_context();
    memory->params.connect.share = 2;
    memory->params.connect.protocols = 3;
    strcpy(memory->params.connect.name, "Reader B");
}

static int look_connect(void)
{
    card = memory->params.connect.card;
    return (card.low || card.high) && memory->params.connect.protocol == 2 && fake.share == 2;
}

static void fill_card(void)
{
    memory->params.card.card = card;
}

static void fill_reconnect(void)
{
    fill_card();
    memory->params.reconnect.share = 1;
    memory->params.reconnect.protocols = 0x10000;
    memory->params.reconnect.disposition = 2;
}

static int look_reconnect(void)
{
    return memory->params.reconnect.protocol == 2 && fake.share == 1 && fake.protocols == 4 &&
           fake.disposition == 2;
}

static void fill_transmit(void)
{
    fill_card();
    fake.answer_length = sizeof(memory->out);
    memset(memory->in, 0xb0, 5);
    memory->params.transmit.command = address(memory->in);
    memory->params.transmit.command_length = 5;
    memory->params.transmit.reply = address(memory->out);
    memory->params.transmit.reply_length = sizeof(memory->out);
}

static int look_transmit(void)
{
    return memory->params.transmit.reply_length == sizeof(memory->out) && fake.sent_length == 5 &&
           fake.sent[4] == 0xb0 && memory->out[299] == 0x5a && memory->in[5] == 0;
}

static void fill_short_transmit(void)
{
    fill_transmit();
    memory->params.transmit.reply_length--;
}

static int look_short_transmit(void)
{
    return !memory->params.transmit.reply_length && !memory->out[0];
}

static void fill_status(void)
{
    fill_card();
    fake.state = 0x50034;
    fake.atr_length = 33;
    memset(fake.atr, 0x3f, sizeof(fake.atr));
}

static int look_status(void)
{
    const struct status32 *status = &memory->params.status;

    return status->state == 6 && status->protocol == 2 && status->atr_length == 33 &&
           status->atr[32] == 0x3f && !status->atr[33];
}

static void fill_control(void)
{
    fill_card();
    fake.answer_length = 7;
    memory->in[1] = 9;
    memory->params.control.code = 0x00313520;
    memory->params.control.in = address(memory->in);
    memory->params.control.in_length = 2;
    memory->params.control.out = address(memory->out);
    memory->params.control.out_length = 8;
}

static int look_control(void)
{
    return memory->params.control.out_length == 7 && memory->out[6] == 0x5a && !memory->out[7] &&
           fake.sent_length == 2 && fake.sent[1] == 9 && fake.code == 0x42000d48;
}

static void fill_attrib(void)
{
    fill_card();
    fake.answer_length = 4;
    memory->params.attrib.attribute = 0x00090303;
    memory->params.attrib.value = address(memory->out);
    memory->params.attrib.length = 4;
}

static int look_attrib(void)
{
    return memory->params.attrib.length == 4 && memory->out[3] == 0x5a && !memory->out[4] &&
           fake.attribute == 0x00090303;
}

static int look_set_attrib(void)
{
    return fake.sent_length == 4 && fake.attribute == 0x00090303;
}

static void fill_ticket(void)
{
    fill_card();
    memory->params.head.ticket = 0xfffffff0;
}

static void fill_end(void)
{
    fill_card();
    memory->params.card.disposition = 2;
}

static int look_end(void)
{
    return fake.end_disposition == 2 && !fake.depth;
}

static char private_name[] = "/tmp/test_unixlib_wow64.XXXXXX";

static void fill_private_file(void)
{
    snprintf(memory->params.private_file.name, sizeof(memory->params.private_file.name), "%s",
             private_name);
}

static int look_private_file(void)
{
    struct stat status;

    return !stat(private_name, &status) && (status.st_mode & 07777) == 0600 &&
           memory->params.private_file.inode.low == (uint32_t)status.st_ino;
}

#define SIZE(name) sizeof(((struct memory32 *)0)->params.name)

static const struct row rows[] =
{
    {"query", UNIX_QUERY, SIZE(query), 0, fill_nothing, look_query},
    {"establish", UNIX_ESTABLISH, SIZE(establish), 0, fill_nothing, look_establish},
    {"is valid", UNIX_IS_VALID, SIZE(context), 0, fill_context, look_nowhere},
    {"is not valid", UNIX_IS_VALID, SIZE(context), SC_INVALID_HANDLE, fill_no_context,
     look_nowhere},
    {"groups", UNIX_LIST_GROUPS, SIZE(list), 0, fill_context, look_groups},
    {"readers", UNIX_LIST_READERS, SIZE(list), 0, fill_readers, look_readers},
    {"wait", UNIX_WAIT, SIZE(wait), 0, fill_wait, look_wait},
    {"cancel", UNIX_CANCEL, SIZE(context), 0, fill_context, look_nowhere},
    {"cancelled", UNIX_WAIT, SIZE(wait), SC_CANCELLED, fill_wait, look_nowhere},
    {"connect", UNIX_CONNECT, SIZE(connect), 0, fill_connect, look_connect},
    {"status", UNIX_STATUS, SIZE(status), 0, fill_status, look_status},
    {"begin", UNIX_BEGIN, SIZE(card), 0, fill_ticket, look_nowhere},
    {"transmit", UNIX_TRANSMIT, SIZE(transmit), 0, fill_transmit, look_transmit},
    {"no room", UNIX_TRANSMIT, SIZE(transmit), SC_INSUFFICIENT_BUFFER, fill_short_transmit,
     look_short_transmit},
    {"end", UNIX_END, SIZE(card), 0, fill_end, look_end},
    {"cancel begin", UNIX_CANCEL_BEGIN, SIZE(card), 0, fill_ticket, look_nowhere},
    {"cancelled", UNIX_BEGIN, SIZE(card), SC_CANCELLED, fill_ticket, look_nowhere},
    {"control", UNIX_CONTROL, SIZE(control), 0, fill_control, look_control},
    {"get attribute", UNIX_GET_ATTRIB, SIZE(attrib), 0, fill_attrib, look_attrib},
    {"set attribute", UNIX_SET_ATTRIB, SIZE(attrib), 0, fill_attrib, look_set_attrib},
    {"reconnect", UNIX_RECONNECT, SIZE(reconnect), 0, fill_reconnect, look_reconnect},
    {"disconnect", UNIX_DISCONNECT, SIZE(card), 0, fill_end, look_nowhere},
    {"stale", UNIX_STATUS, SIZE(status), SC_INVALID_HANDLE, fill_status, look_nowhere},
    {"another layout", UNIX_STATUS, SIZE(status) - 4, SC_UNEXPECTED, fill_status, look_nowhere},
    {"private file", UNIX_PRIVATE_FILE, SIZE(private_file), 0, fill_private_file,
     look_private_file},
    {"release", UNIX_RELEASE, SIZE(context), 0, fill_context, look_nowhere},
};

static void run(const char *width, const wire_function *table)
{
    unsigned seen[UNIX_CODES] = {0}, i;

    fake_reset();
    for (i = 0; i < COUNT_OF(rows); i++)
    {
        const struct row *row = &rows[i];

        memset(memory, 0, sizeof(*memory));
        memory->params.head = (struct head32){.size = row->size, .abi = UNIX_ABI, .result = 0x55};
        row->fill();
        ok(!table[row->code](&memory->params), "%s, %s: the call\n", width, row->name);
        ok(memory->params.head.result == row->result, "%s, %s: %08x\n", width, row->name,
           (unsigned)memory->params.head.result);
        ok(row->look(), "%s, %s: the answer\n", width, row->name);
        ok(row->code == UNIX_QUERY || memory->params.head.size == row->size, "%s, %s: the head\n",
           width, row->name);
        seen[row->code]++;
    }
    for (i = 0; i < UNIX_CODES; i++)
        ok(seen[i], "function %u has no row\n", i);
    ok(!fake.contexts && !fake.handles, "%d contexts, %d handles left\n", fake.contexts,
       fake.handles);
}

static void test_sizes(void)
{
#define SAME(name) \
    ok(sizeof(struct name##32) == sizeof(struct unix_##name), \
       "struct unix_" #name " has %zu bytes\n", \
       sizeof(struct unix_##name));
    SAME(head)
    SAME(query)
    SAME(establish)
    SAME(context)
    SAME(list)
    SAME(wait)
    SAME(connect)
    SAME(reconnect)
    SAME(card)
    SAME(transmit)
    SAME(status)
    SAME(control)
    SAME(attrib)
    SAME(private_file)
}

static void test_rows(void)
{
    memory = mmap(NULL, ARENA, PROT_READ | PROT_WRITE,
#ifdef MAP_32BIT
                  MAP_32BIT |
#endif
                      MAP_PRIVATE | MAP_ANONYMOUS,
                  -1, 0);
    int file = mkstemp(private_name);

    ok(memory != MAP_FAILED && (uintptr_t)memory + ARENA <= UINT32_MAX, "no memory below 4 GiB\n");
    ok(file >= 0 && !fchmod(file, 0644), "a file that others may read\n");
    close(file);
    run("32 bits", __wine_unix_call_wow64_funcs);
    run("64 bits", __wine_unix_call_funcs);
    unlink(private_name);
    munmap(memory, ARENA);
}

START_TEST(unixlib_wow64)
{
    test_sizes();
    test_rows();
}
