/*
 * Unit tests of the unix half: values both ways, lengths.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"
#include "fakepcsc.h"
#include "pcsc/unix/map.h"

#include <reader.h>
#include <sys/stat.h>
#include <unistd.h>

#define RAW 0x00010000u

static const struct
{
    uint32_t native, other, feature;
} results[] =
{
    {0, 0, 0},
    {0x80100001, 0x80100001, 0x80100001},
    {0x80100008, 0x80100008, 0x80100008},
    {0x8010000b, 0x8010000b, 0x8010000b},
    {0x8010001f, 0x8010001f, 0x80100022},
    {0x80100022, 0x80100022, 0x80100022},
    {0x8010002f, 0x8010002f, 0x8010002f},
    {0x80100068, 0x80100068, 0x80100068},
    {0x8010006a, 0x8010001d, 0x8010001d}, /* pcscd ended during the call */
    {612, 0x80100001, 0x80100001}, /* a driver's code that got through */
    {0xffffffff, 0x80100001, 0x80100001},
};

static void test_results(void)
{
    unsigned i;

    for (i = 0; i < COUNT_OF(results); i++)
    {
        long positive = (long)(unsigned long)results[i].native;
        long negative = (int32_t)results[i].native;

        ok((uint32_t)map_result(MAP_CALL_OTHER, positive) == results[i].other, "row %u\n", i);
        ok((uint32_t)map_result(MAP_CALL_OTHER, negative) == results[i].other, "row %u\n", i);
        ok((uint32_t)map_result(MAP_CALL_FEATURE, positive) == results[i].feature, "row %u\n", i);
        ok((uint32_t)map_result(MAP_CALL_FEATURE, negative) == results[i].feature, "row %u\n", i);
    }
    ok((uint32_t)map_result(MAP_CALL_ACCESS, 0x8010006aL) == 0x8010006a, "a refusal\n");
}

/* Every call passes its own result on, by the right mapping. */
static void test_result_of_calls(void)
{
    static const struct
    {
        enum unix_code code;
        enum fake_call call;
        int feature;
    } calls[] =
    {
        {UNIX_LIST_GROUPS, FAKE_SCardListReaderGroups, 0},
        {UNIX_LIST_READERS, FAKE_SCardListReaders, 0},
        {UNIX_WAIT, FAKE_SCardGetStatusChange, 0},
        {UNIX_CONNECT, FAKE_SCardConnect, 0}, {UNIX_RECONNECT, FAKE_SCardReconnect, 0},
        {UNIX_TRANSMIT, FAKE_SCardTransmit, 0}, {UNIX_STATUS, FAKE_SCardStatus, 0},
        {UNIX_CONTROL, FAKE_SCardControl, 1}, {UNIX_GET_ATTRIB, FAKE_SCardGetAttrib, 1},
        {UNIX_SET_ATTRIB, FAKE_SCardSetAttrib, 1}, {UNIX_BEGIN, FAKE_SCardBeginTransaction, 0}
    };
    static uint8_t bytes[8];
    uint64_t context, card;
    unsigned i;
    int32_t result;

    fake_reset();
    context = wire_context();
    card = wire_connect(context, 2, 3, NULL);
    for (i = 0; i < COUNT_OF(calls); i++)
    {
        union
        {
            struct unix_list list;
            struct unix_wait wait;
            struct unix_connect connect;
            struct unix_reconnect reconnect;
            struct unix_transmit transmit;
            struct unix_status status;
            struct unix_control control;
            struct unix_attrib attrib;
            struct unix_card card;
        } params;
        const uint64_t address = (uintptr_t)bytes;
        uint32_t size = 0;

        memset(&params, 0, sizeof(params));
        /* All structs have the id at the same place. */
        params.card.card = calls[i].code <= UNIX_CONNECT ? context : card;
        switch (calls[i].code)
        {
        case UNIX_WAIT:
            size = sizeof(params.wait);
            params.wait.count = 1;
            strcpy(params.wait.states[0].name, "Reader A");
            break;
        case UNIX_CONNECT:
            size = sizeof(params.connect);
            params.connect.share = 2;
            strcpy(params.connect.name, "Reader A");
            break;
        case UNIX_RECONNECT:
            size = sizeof(params.reconnect);
            params.reconnect.share = 2;
            break;
        case UNIX_TRANSMIT:
            size = sizeof(params.transmit);
            params.transmit.command = params.transmit.reply = address;
            params.transmit.command_length = params.transmit.reply_length = 5;
            break;
        case UNIX_STATUS: size = sizeof(params.status); break;
        case UNIX_CONTROL: size = sizeof(params.control); break;
        case UNIX_GET_ATTRIB:
        case UNIX_SET_ATTRIB:
            size = sizeof(params.attrib);
            params.attrib.value = address;
            params.attrib.length = 4;
            break;
        case UNIX_BEGIN: size = sizeof(params.card); break;
        default: size = sizeof(params.list);
        }
        fake.force[calls[i].call] = 0x8010001fL;
        result = wire(calls[i].code, &params, size);
        fake.force[calls[i].call] = 0;
        ok((uint32_t)result == (calls[i].feature ? 0x80100022 : 0x8010001f), "call %u: %08x\n", i,
           (unsigned)result);
    }
    ok(!wire_release(context), "release\n");
    ok(!fake.contexts && !fake.handles, "%d contexts, %d handles left\n", fake.contexts,
       fake.handles);
}

static void test_states(void)
{
    static const struct
    {
        unsigned long native, active;
        uint32_t state;
    } states[] =
    {
        {0, 0, 0}, {0x01, 2, 0}, {0x02, 0, 1}, {0x04, 0, 2}, {0x08, 0, 3}, {0x0c, 1, 3},
        {0x14, 0, 4}, {0x14, 2, 4}, {0x54, 0, 6}, {0x74, 1, 6}, {0x35, 1, 0}, {0x120002, 0, 1},
        {0x10000, 1, 0},
        /* pcsc-lite's "negotiable" is Windows's "specific" once a protocol is active */
        {0x34, 0, 5}, {0x50034, 0, 5}, {0x34, 1, 6}, {0x34, 2, 6}, {0x34, 4, 6}, {0x50034, 2, 6},
        {0x34, 8, 5}
    };
    struct unix_status params = {0};
    uint64_t context;
    unsigned i;

    fake_reset();
    context = wire_context();
    params.card = wire_connect(context, 1, 3, NULL);
    for (i = 0; i < COUNT_OF(states); i++)
    {
        fake.state = states[i].native;
        fake.active = states[i].active;
        ok(!WIRE(UNIX_STATUS, params) && params.state == states[i].state, "%lx, %lx gave %u\n",
           states[i].native, states[i].active, params.state);
    }
    for (fake.atr_length = 0; fake.atr_length <= FAKE_ATR_MAX; fake.atr_length++)
    {
        memset(fake.atr, (int)fake.atr_length, sizeof(fake.atr));
        memset(params.atr, 0xee, sizeof(params.atr));
        ok(!WIRE(UNIX_STATUS, params) && params.atr_length == fake.atr_length &&
               !memcmp(params.atr, fake.atr, fake.atr_length),
           "an ATR of %lu\n", fake.atr_length);
        ok(!params.atr[FAKE_ATR_MAX] && !params.atr[UNIX_ATR_SIZE - 1], "rest is clear\n");
    }
    fake.atr_length = 60;
    ok(!WIRE(UNIX_STATUS, params) && params.atr_length == FAKE_ATR_MAX, "a length that lies\n");
    fake.force[FAKE_SCardStatus] = 0x80100069L;
    ok((uint32_t)WIRE(UNIX_STATUS, params) == 0x80100069 && !params.state && !params.atr_length &&
           !params.protocol,
       "nothing on failure\n");
    wire_release(context);
}

static void test_protocols(void)
{
    static const struct
    {
        uint32_t share, protocols;
        unsigned long native; /* 99: SCARD_E_INVALID_PARAMETER */
    } rows[] =
    {
        {2, 1, 1}, {2, 2, 2}, {2, 3, 3}, {2, 0, 3}, {1, 0, 3}, {3, 0, 0}, {3, 3, 3},
        {2, 0x80000000, 3}, {3, 0x80000000, 3}, {2, 0x80000001, 1}, {2, 0x80000002, 2},
        {2, 0xff, 4}, {2, RAW, 4}, {3, RAW, 4}, {2, 4, 99}, {2, 8, 99},
        /* RAW alone, or not at all */
        {2, RAW | 1, 1}, {1, RAW | 2, 2}, {2, RAW | 3, 3}, {3, RAW | 3, 3}, {2, RAW | 0xff, 99},
        {2, RAW | 0x80000000, 3}, {3, RAW | 0x80000000, 3}, {2, RAW | 0x80000002, 2},
        {2, 0x40000000, 99}, {2, 0xfe, 99}, {2, 0xffffffff, 99}
    };
    static const struct
    {
        unsigned long native;
        uint32_t protocol;
    } active[] = {{1, 1}, {2, 2}, {4, RAW}, {0, 0}, {8, 0}};
    struct unix_reconnect again;
    uint64_t context, card, probe;
    int32_t result, expected;
    unsigned i;

    fake_reset();
    context = wire_context();
    card = wire_connect(context, 2, 3, NULL);
    for (i = 0; i < COUNT_OF(rows); i++)
    {
        expected = rows[i].native == 99 ? SC_INVALID_PARAMETER : 0;
        fake.protocols = 99;
        probe = wire_connect(context, rows[i].share, rows[i].protocols, &result);
        ok(result == expected && fake.protocols == rows[i].native, "row %u: %08x, %lx\n", i,
           (unsigned)result, fake.protocols);
        ok(!probe == !!expected, "row %u: id\n", i);
        if (probe)
            wire_card(UNIX_DISCONNECT, probe, 0);
        fake.protocols = 99;
        again = (struct unix_reconnect){.card = card, .share = rows[i].share,
                                        .protocols = rows[i].protocols};
        result = WIRE(UNIX_RECONNECT, again);
        ok(result == expected && fake.protocols == rows[i].native, "row %u again: %08x, %lx\n", i,
           (unsigned)result, fake.protocols);
    }
    for (i = 0; i < COUNT_OF(active); i++)
    {
        struct unix_status status = {.card = card};
        struct unix_transmit transmit = {.card = card, .command = (uintptr_t)"\0\0\0\0",
                                         .command_length = 4, .reply = (uintptr_t)&again};

        fake.active = active[i].native;
        again = (struct unix_reconnect){.card = card, .share = 2, .protocols = 3};
        ok(!WIRE(UNIX_RECONNECT, again) && again.protocol == active[i].protocol, "row %u\n", i);
        ok(!WIRE(UNIX_STATUS, status) && status.protocol == active[i].protocol, "row %u\n", i);
        ok(!WIRE(UNIX_TRANSMIT, transmit) && fake.pci == active[i].native, "row %u\n", i);
    }
    wire_release(context);
}

static void test_control(void)
{
    static const struct
    {
        uint32_t code;
        unsigned long native;
    } codes[] =
    {
        {0x00313520, CM_IOCTL_GET_FEATURE_REQUEST}, {0x42000d48, 0x42000d48},
        {0x42330006, 0x42330006}, {0x00313524, 0x00313524}, {0, 0}, {0xffffffff, 0xffffffff}
    };
    uint8_t in[3] = {1, 2, 3}, out[8];
    struct unix_control params = {0};
    uint64_t context;
    unsigned i;

    fake_reset();
    context = wire_context();
    params.card = wire_connect(context, 3, 0, NULL);
    for (i = 0; i < COUNT_OF(codes); i++)
    {
        params.code = codes[i].code;
        params.in_length = 0;
        params.out_length = 0;
        ok(!WIRE(UNIX_CONTROL, params) && fake.code == codes[i].native, "%x gave %lx\n",
           codes[i].code, fake.code);
    }
    params.in = (uintptr_t)in;
    params.in_length = sizeof(in);
    params.out = (uintptr_t)out;
    for (i = 0; i <= sizeof(out) + 1; i++)
    {
        int32_t expected = i > sizeof(out) ? SC_INSUFFICIENT_BUFFER : 0;

        fake.answer_length = i;
        params.out_length = sizeof(out);
        ok(WIRE(UNIX_CONTROL, params) == expected && params.out_length == (expected ? 0 : i) &&
           fake.sent_length == 3 && !memcmp(fake.sent, in, 3), "%u bytes\n", i);
    }
    params.in = 0;
    ok(WIRE(UNIX_CONTROL, params) == SC_INVALID_PARAMETER, "input without address\n");
    params.in_length = 0;
    params.out = 0;
    params.out_length = 5;
    ok(WIRE(UNIX_CONTROL, params) == SC_INVALID_PARAMETER, "output without address\n");
    params.in = (uintptr_t)in;
    params.in_length = UNIX_DATA_MAX + 1;
    params.out_length = 0;
    ok(WIRE(UNIX_CONTROL, params) == SC_INVALID_PARAMETER, "input too long\n");
    wire_release(context);
}

static void test_transmit(void)
{
    static const uint32_t lengths[] = {0, 1, 2, 258, 511, 512, 513, 65536, UNIX_DATA_MAX};
    struct unix_transmit params = {0};
    uint8_t command[5] = {0, 0xb0, 0, 0, 0};
    uint64_t context, card;
    unsigned i;

    fake_reset();
    context = wire_context();
    card = wire_connect(context, 2, 3, NULL);
    for (i = 0; i < COUNT_OF(lengths); i++)
    {
        uint8_t *reply = test_alloc(lengths[i] + 1);

        params = (struct unix_transmit){.card = card, .command = (uintptr_t)command,
            .command_length = 5, .reply = (uintptr_t)reply, .reply_length = lengths[i]};
        reply[lengths[i]] = 0xee;
        fake.answer_length = lengths[i];
        ok(!WIRE(UNIX_TRANSMIT, params) && params.reply_length == lengths[i], "%u\n", lengths[i]);
        ok(reply[lengths[i]] == 0xee && (!lengths[i] || reply[lengths[i] - 1] == 0x5a), "bytes\n");
        ok(fake.sent_length == 5 && !memcmp(fake.sent, command, 5), "the command\n");
        fake.answer_length = lengths[i] + 1;
        params.reply_length = lengths[i];
        ok(WIRE(UNIX_TRANSMIT, params) == SC_INSUFFICIENT_BUFFER && !params.reply_length,
           "one more than %u\n", lengths[i]);
        free(reply);
    }
    params.command_length = 0;
    ok(WIRE(UNIX_TRANSMIT, params) == SC_INVALID_PARAMETER && !params.reply_length, "no command\n");
    params.command_length = UNIX_DATA_MAX + 1;
    ok(WIRE(UNIX_TRANSMIT, params) == SC_INVALID_PARAMETER, "too long a command\n");
    params.command_length = 5;
    params.command = 0;
    ok(WIRE(UNIX_TRANSMIT, params) == SC_INVALID_PARAMETER, "no address\n");
    params.command = (uintptr_t)command;
    params.reply = 0;
    ok(WIRE(UNIX_TRANSMIT, params) == SC_INVALID_PARAMETER, "no place for the reply\n");
    wire_release(context);
}

static void test_attributes(void)
{
    uint8_t value[264];
    struct unix_attrib params = {.value = (uintptr_t)value, .attribute = 0x00090303};
    uint64_t context;

    fake_reset();
    context = wire_context();
    params.card = wire_connect(context, 2, 3, NULL);
    fake.answer_length = 20;
    params.length = 20;
    ok(!WIRE(UNIX_GET_ATTRIB, params) && params.length == 20 && value[19] == 0x5a &&
       fake.attribute == 0x00090303, "fits\n");
    params.length = 19;
    ok(WIRE(UNIX_GET_ATTRIB, params) == SC_INSUFFICIENT_BUFFER && !params.length, "too small\n");
    params.value = 0;
    params.length = 0;
    ok(!WIRE(UNIX_GET_ATTRIB, params) && params.length == 20, "asks for the length\n");
    ok(WIRE(UNIX_SET_ATTRIB, params) == SC_INVALID_PARAMETER, "nothing to set\n");
    params.value = (uintptr_t)value;
    params.length = 0;
    ok(WIRE(UNIX_SET_ATTRIB, params) == SC_INVALID_PARAMETER, "no bytes to set\n");
    params.length = sizeof(value);
    ok(!WIRE(UNIX_SET_ATTRIB, params) && fake.sent_length == sizeof(value), "the longest\n");
    params.length = sizeof(value) + 1;
    ok(WIRE(UNIX_SET_ATTRIB, params) == SC_INSUFFICIENT_BUFFER, "longer\n");
    wire_release(context);
}

static void test_lists(void)
{
    static const struct
    {
        const char *groups;
        size_t length;
        int all;
    } rows[] =
    {
        {"", 1, 1}, {"SCard$DefaultReaders\0", 22, 1}, {"scard$allreaders\0", 18, 1},
        {"Mine\0SCard$AllReaders\0", 23, 1}, {"Mine\0", 6, 0}, {"SCard$LocalReaders\0", 20, 0}
    };
    static const unsigned long lies[] = {1, 3, 18, UNIX_LIST_SIZE + 1, 0xfffffffful};
    struct unix_list params;
    uint64_t context;
    unsigned i;

    fake_reset();
    context = wire_context();
    for (i = 0; i < COUNT_OF(rows); i++)
    {
        memset(&params, 0, sizeof(params));
        params.context = context;
        memcpy(params.groups, rows[i].groups, rows[i].length);
        ok(WIRE(UNIX_LIST_READERS, params) == (rows[i].all ? 0 : SC_NO_READERS), "row %u\n", i);
        ok(params.length == (rows[i].all ? 19 : 0), "row %u: %u\n", i, params.length);
        ok(!rows[i].all || !memcmp(params.names, fake.readers, 19), "row %u\n", i);
    }
    /* Lengths that lie, and names without an end. */
    memset(&params, 0, sizeof(params));
    params.context = context;
    for (i = 0; i < COUNT_OF(lies); i++)
    {
        fake.list_length = lies[i];
        ok(WIRE(UNIX_LIST_READERS, params) == SC_INTERNAL_ERROR && !params.length &&
           !params.names[0] && !params.names[1], "readers of %lx bytes\n", lies[i]);
        ok(WIRE(UNIX_LIST_GROUPS, params) == SC_INTERNAL_ERROR && !params.length &&
           !params.names[0] && !params.names[1], "groups of %lx bytes\n", lies[i]);
    }
    fake.list_length = 0;
    memset(params.groups, 'x', sizeof(params.groups));
    ok(WIRE(UNIX_LIST_READERS, params) == SC_NO_READERS, "groups without an end\n");
    memset(params.groups, 0, sizeof(params.groups));
    fake.readers = "";
    ok(WIRE(UNIX_LIST_READERS, params) == SC_NO_READERS && !params.length, "no readers\n");
    ok(!WIRE(UNIX_LIST_GROUPS, params) && params.length == 22 &&
       !memcmp(params.names, "SCard$DefaultReaders\0", 22), "groups: %u\n", params.length);
    wire_release(context);
}

/* ---- files ---- */

static const char *private_text(const char *name, ino_t *inode)
{
    static struct unix_private_file params;
    int32_t result;

    memset(&params, 0, sizeof(params));
    snprintf(params.name, sizeof(params.name), "%s", name);
    result = WIRE(UNIX_PRIVATE_FILE, params);
    ok(result == (params.text[0] ? SC_NO_ACCESS : 0) && !params.inode == !!result, "%s: %08x\n",
       name, (unsigned)result);
    if (inode)
        *inode = params.inode;
    return params.text;
}

/* No file that is refused is changed. */
static void check_refused(const char *name, const char *text)
{
    struct stat before, after;
    int there = !stat(name, &before);

    ok(!strcmp(private_text(name, NULL), text), "%s: \"%s\"\n", name, private_text(name, NULL));
    ok(!there || (!stat(name, &after) && after.st_mode == before.st_mode &&
                  after.st_size == before.st_size), "%s is another file now\n", name);
}

static void check_made(const char *name)
{
    struct stat status;
    ino_t inode;

    ok(!*private_text(name, &inode), "%s is refused\n", name);
    ok(!stat(name, &status) && (status.st_mode & 07777) == 0600 && status.st_ino == inode,
       "%s: mode %o\n", name, status.st_mode);
}

static void test_private_files(void)
{
    char directory[] = "/tmp/scardssp-XXXXXX";
    struct unix_private_file *params = test_alloc(sizeof(*params));
    mode_t mask = umask(0);

    ok(mkdtemp(directory) && !chdir(directory), "no directory\n");
    check_made("new");
    ok(!chmod("new", 0666), "chmod\n");
    check_made("new");
    ok(!chmod("new", 0400), "chmod\n");
    if (!geteuid())
        check_made("new");
    else
        check_refused("new", "Permission denied");
    ok(!chmod("new", 0600), "chmod\n");
    ok(!symlink("new", "link") && !symlink("nothing", "dangling"), "symlink\n");
    check_refused("link", "it is a symbolic link");
    check_refused("dangling", "it is a symbolic link");
    ok(access("nothing", F_OK), "a link was followed\n");
    ok(!mkfifo("pipe", 0600), "mkfifo\n");
    check_refused("pipe", "it is no regular file");
    check_refused("/dev/null", "it is no regular file");
    check_refused(".", "it is no regular file");
    check_refused("none/new", "No such file or directory");
    ok(!link("new", "second"), "link\n");
    check_refused("new", "the file has other names too");
    ok(!unlink("second"), "unlink\n");
    if (!geteuid())
    {
        ok(!chown("new", 65534, 65534), "chown\n");
        check_refused("new", "it belongs to another user");
    }
    memset(params, 'a', sizeof(*params));
    ok(wire(UNIX_PRIVATE_FILE, params, sizeof(*params)) == SC_INVALID_PARAMETER, "no end\n");
    free(params);
    ok(!unlink("new") && !unlink("link") && !unlink("dangling") && !unlink("pipe") &&
       !chdir("/") && !rmdir(directory), "something was left\n");
    umask(mask);
}

START_TEST(unixlib)
{
    test_private_files();
    test_results();
    test_result_of_calls();
    test_states();
    test_protocols();
    test_control();
    test_transmit();
    test_attributes();
    test_lists();
}
