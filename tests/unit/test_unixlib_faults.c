/*
 * Unit tests of the unix half: loading the library, faults, ids, what is closed when.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "test.h"
#include "fakepcsc.h"
#include "pcsc/unix/map.h"
#include "pcsc/unix/objects.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void test_ids(void)
{
    static uint64_t ids[TABLE_SIZE];
    struct unix_context context = {0};
    struct unix_status status = {0};
    uint64_t first, card, other;
    unsigned i;

    fake_reset();
    first = wire_context();
    card = wire_connect(first, 2, 3, NULL);
    ok(first && card && first != card, "ids\n");
    status.card = card;
    ok(!WIRE(UNIX_STATUS, status), "status\n");
    for (i = 0; i < 64; i++)
    {
        status.card = card ^ (uint64_t)1 << i;
        ok(WIRE(UNIX_STATUS, status) == SC_INVALID_HANDLE, "bit %u\n", i);
    }
    status.card = card;
    ok(!wire_card(UNIX_DISCONNECT, card, 0), "disconnect\n");
    ok(WIRE(UNIX_STATUS, status) == SC_INVALID_HANDLE, "stale\n");
    ok(wire_card(UNIX_DISCONNECT, card, 0) == SC_INVALID_HANDLE, "twice\n");
    status.card = first;
    ok(WIRE(UNIX_STATUS, status) == SC_INVALID_HANDLE, "a context is no card\n");
    card = wire_connect(first, 2, 3, NULL);
    context.context = card;
    ok(WIRE(UNIX_RELEASE, context) == SC_INVALID_HANDLE, "a card is no context\n");
    context.context = first;
    ok(!WIRE(UNIX_IS_VALID, context), "valid\n");
    fake.force[FAKE_SCardListReaders] = 0x8010001dL;
    ok(WIRE(UNIX_IS_VALID, context) == SC_INVALID_HANDLE, "the daemon was restarted\n");
    fake.force[FAKE_SCardListReaders] = 0;
    fake.readers = "";
    ok(!WIRE(UNIX_IS_VALID, context), "valid without readers\n");
    fake.readers = "Reader A\0";
    for (i = 0; i < TABLE_SIZE && (ids[i] = wire_context()); i++)
        continue;
    ok(i == TABLE_SIZE - 2, "%u more contexts\n", i);
    ok(!wire_connect(first, 2, 3, NULL) && fake.handles == 1, "full: nothing is left open\n");
    ok(fake.contexts == (int)TABLE_SIZE - 1, "full: %d contexts\n", fake.contexts);
    while (i--)
        ok(!wire_release(ids[i]), "release %u\n", i);
    other = wire_context();
    ok(other && other != ids[0], "a new generation\n");
    wire_release(other);
    ok(!wire_release(first) && wire_card(UNIX_BEGIN, card, 0) == SC_INVALID_HANDLE,
       "release disconnects the cards\n");
    ok(!fake.contexts && !fake.handles, "%d contexts, %d handles left\n", fake.contexts,
       fake.handles);
}

static void test_closing(void)
{
    uint64_t context, one, two;
    SCARDCONTEXT native;
    uint32_t i;

    fake_reset();
    context = wire_context();
    one = wire_connect(context, 2, 3, NULL);
    native = fake.context;
    two = wire_connect(context, 2, 3, NULL);
    ok(fake.context != native && fake.contexts == 2, "cards share no context of pcsc-lite\n");
    wire_card(UNIX_DISCONNECT, two, 0);
    ok(fake.contexts == 1, "it goes with the card\n");
    wire_card(UNIX_DISCONNECT, one, 0);
    for (i = 0; i < 4; i++)
    {
        one = wire_connect(context, 2, 3, NULL);
        ok(fake.contexts == 1 && fake.context == native, "the first is used again\n");
        ok(!wire_card(UNIX_DISCONNECT, one, i) && fake.disposition == i, "disposition %u\n", i);
    }
    one = wire_connect(context, 2, 3, NULL);
    ok(!wire_release(context) && !fake.contexts && !fake.handles, "all is closed\n");
    ok(wire_release(context) == SC_INVALID_HANDLE, "released twice\n");
}

static void test_heads(void)
{
    struct unix_query query = {.head.size = sizeof(query), .head.abi = UNIX_ABI + 1};
    struct unix_context context = {.head.size = sizeof(context) - 4, .head.abi = UNIX_ABI};
    unsigned i;

    fake_reset();
    ok(!__wine_unix_call_funcs[UNIX_QUERY](&query) && query.head.abi == UNIX_ABI &&
           query.head.result == SC_UNEXPECTED,
       "another ABI is told ours\n");
    ok(!__wine_unix_call_funcs[UNIX_RELEASE](&context) && context.head.result == SC_UNEXPECTED,
       "another size is refused\n");
    for (i = 0; i < UNIX_CODES; i++)
        ok(__wine_unix_call_funcs[i] &&
               __wine_unix_call_funcs[i] == __wine_unix_call_wow64_funcs[i],
           "function %u\n", i);
    memset(&query, 0, sizeof(query));
    ok(!WIRE(UNIX_QUERY, query) && !strcmp(query.library, "libpcsclite.so.1") && !query.text[0] &&
           !strcmp(query.socket, "/run/pcscd/pcscd.comm"),
       "query: %s, %s\n", query.library, query.socket);
    ok(strstr(query.self, "test_unixlib_faults") && !strcmp(query.self, query.file),
       "this program has both the unix half and the stand-in: %s, %s\n", query.self, query.file);
}

/* Before the library was ever loaded: this test comes first. */
static void test_loading(void)
{
    struct unix_establish params = {0};
    struct unix_query query = {0};

    fake_reset();
    fake.library = NULL;
    ok(WIRE(UNIX_QUERY, query) == SC_NO_SERVICE && strstr(query.text, "libpcsclite1") &&
           !query.library[0],
       "missing: %s\n", query.text);
    ok(!strncmp(fake.opened, "libpcsclite.so.1\n/run/host/usr/lib/", 35) &&
           strstr(fake.opened, "_real.so.1\n/run/host/usr/lib64/libpcsclite.so.1\n"),
       "%s\n", fake.opened);
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_SERVICE && strstr(params.text, "install"), "text\n");
    setenv("SCARDSSP_PCSCLITE", "/x/lib.so", 1);
    fake.opened[0] = 0;
    fake.library = "libpcsclite.so.1";
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_SERVICE && !strcmp(fake.opened, "/x/lib.so\n") &&
           strstr(params.text, "SCARDSSP_PCSCLITE"),
       "only what the variable names: %s\n", params.text);
    fake.library = "/x/lib.so";
    fake.no_symbol = "SCardSetAttrib";
    ok(WIRE(UNIX_QUERY, query) == SC_NO_SERVICE && strstr(query.text, "no function SCardSetAttrib"),
       "an incomplete library: %s\n", query.text);
    setenv("SCARDSSP_PCSCLITE", "", 1);
    fake.library = "libpcsclite.so.1";
    fake.no_symbol = NULL;
    ok(!WIRE(UNIX_ESTABLISH, params) && params.context && !params.text[0], "found after all\n");
    ok(!wire_release(params.context), "release\n");
    fake.opened[0] = 0;
    ok(!WIRE(UNIX_QUERY, query) && !fake.opened[0], "loaded once\n");
}

static void test_faults(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct unix_establish params = {0};
    char dir[] = "/tmp/unixlibXXXXXX";
    int fd;

    fake_reset();
    ok(mkdtemp(dir) != NULL, "a folder\n");
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/comm", dir);
    setenv("PCSCLITE_CSOCK_NAME", address.sun_path, 1);
    fake.force[FAKE_SCardEstablishContext] = 0x8010001dL;
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_SERVICE && !params.context &&
           strstr(params.text, address.sun_path) && strstr(params.text, "does not exist"),
       "%s\n", params.text);
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ok(!bind(fd, (struct sockaddr *)&address, sizeof(address)), "a socket\n");
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_SERVICE && strstr(params.text, "nobody listens"),
       "%s\n", params.text);
    ok(!listen(fd, 5), "listen\n");
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_SERVICE && strstr(params.text, "does not answer"),
       "%s\n", params.text);
    if (geteuid())
        skip("needs root: another user without permission\n");
    else
    {
        ok(!seteuid(65534), "another user\n");
        ok(WIRE(UNIX_ESTABLISH, params) == SC_SECURITY_VIOLATION &&
               strstr(params.text, "permission"),
           "%s\n", params.text);
        ok(!seteuid(0), "root again\n");
    }
    fake.force[FAKE_SCardEstablishContext] = 0x8010006aL;
    ok(WIRE(UNIX_ESTABLISH, params) == SC_SECURITY_VIOLATION && strstr(params.text, "polkit"),
       "%s\n", params.text);
    close(fd);
    unlink(address.sun_path);
    rmdir(dir);
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_SERVICE && strstr(params.text, "does not exist"),
       "it ended: %s\n", params.text);
    unsetenv("PCSCLITE_CSOCK_NAME");
    fake.force[FAKE_SCardEstablishContext] = 0x80100001L;
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_SERVICE && strstr(params.text, "_real"), "%s\n",
       params.text);
    fake.force[FAKE_SCardEstablishContext] = 0x80100006L;
    ok(WIRE(UNIX_ESTABLISH, params) == SC_NO_MEMORY && strstr(params.text, "80100006"), "%s\n",
       params.text);
}

START_TEST(unixlib_faults)
{
    test_loading();
    test_ids();
    test_closing();
    test_heads();
    test_faults();
}
