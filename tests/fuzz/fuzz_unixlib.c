/*
 * The unix half's dispatcher: any call with any struct, over a libpcsclite that answers anything.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Input: calls one after another, each with the answers that the library gives within it. A call:
 * its number; what its struct holds, see fill_params. An answer: how it ends (1 byte), and what the
 * function writes (its lengths may be of any size; the bytes never pass the room, as no library's
 * may). When the input ends everything is 0: success, and nothing written.
 */

#include "fuzz.h"
#include "pcsc/unix/map.h"
#include "pcsc/unix/pcsclite.h"
#include "wire.h"

#define MAX_CALLS 64
#define IDS       4
#define ROOM      300 /* bytes of a caller's buffer */
#define HANDLES   512

static struct input input;

/* ---- the library ---- */

static int contexts, handles; /* open ones */
static unsigned long next_id = 1;
static SCARDHANDLE open_handles[HANDLES];

/* Mostly success, else a code of the library's, now and then one of nobody's. */
static LONG answer(void)
{
    static const unsigned long codes[] =
    {
        0x80100001, 0x80100002, 0x80100003, 0x80100004, 0x80100006, 0x80100008, 0x80100009,
        0x8010000a, 0x8010000b, 0x8010000c, 0x8010000f, 0x80100016, 0x8010001d, 0x8010001f,
        0x80100022, 0x8010002e, 0x80100068, 0x80100069, 1, 0xffffffff, 0x100000000ul
    };
    uint8_t how = input_byte(&input);

    return how < 0x80 ? 0 : (LONG)codes[how % (sizeof(codes) / sizeof(codes[0]))];
}

/* A length that is said: true, a little off, or wild. */
static unsigned long said(unsigned long truth)
{
    uint8_t how = input_byte(&input);

    if (how < 0xc0)
        return truth;
    if (how < 0xe0)
        return truth + how % 4;
    return how < 0xf0 ? (unsigned long)how << 24 : ~(unsigned long)(how % 8);
}

/* Fills up to room bytes; how many. */
static unsigned long write_some(void *to, unsigned long room)
{
    unsigned long count = input_short(&input) % (room + 1);
    size_t got;
    uint8_t *bytes = input_block(&input, count, &got);

    memset(to, 0, count);
    memcpy(to, bytes, got);
    free(bytes);
    return count;
}

/* What is sent is there, every byte. */
static void touch(const uint8_t *bytes, unsigned long length)
{
    volatile uint8_t sum = 0;

    CHECK(length);
    while (length--)
        sum ^= bytes[length];
}

static LONG fuzz_SCardEstablishContext(DWORD scope, LPCVOID a, LPCVOID b, LPSCARDCONTEXT context)
{
    LONG result = answer();

    (void)scope, (void)a, (void)b;
    if (!result)
    {
        *context = (SCARDCONTEXT)next_id++;
        contexts++;
    }
    return result;
}

static LONG fuzz_SCardReleaseContext(SCARDCONTEXT context)
{
    (void)context;
    contexts--;
    return answer();
}

static LONG fuzz_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols,
                              LPSCARDHANDLE handle, LPDWORD active)
{
    LONG result = answer();
    int i;

    (void)context, (void)share;
    CHECK(strlen(reader) < UNIX_NAME_SIZE);
    /* RAW alone or not at all: pcsc-lite would choose it. */
    CHECK(!(protocols & SCARD_PROTOCOL_RAW) || protocols == SCARD_PROTOCOL_RAW);
    for (i = 0; i < HANDLES && open_handles[i]; i++)
        continue;
    if (!result && i == HANDLES)
        result = SCARD_E_NO_MEMORY;
    if (result)
        return result;
    open_handles[i] = *handle = (SCARDHANDLE)next_id++;
    handles++;
    *active = input_byte(&input) % 6;
    return 0;
}

static int find(SCARDHANDLE handle)
{
    int i;

    for (i = 0; i < HANDLES; i++)
        if (open_handles[i] == handle)
            return i;
    return -1;
}

/* No handle is used after it was disconnected. */
static LONG answer_of(SCARDHANDLE handle)
{
    CHECK(find(handle) >= 0);
    return answer();
}

static LONG fuzz_SCardReconnect(SCARDHANDLE handle, DWORD share, DWORD protocols, DWORD disposition,
                                LPDWORD active)
{
    LONG result = answer_of(handle);

    (void)share, (void)disposition;
    CHECK(!(protocols & SCARD_PROTOCOL_RAW) || protocols == SCARD_PROTOCOL_RAW);
    if (!result)
        *active = input_byte(&input) % 6;
    return result;
}

/* One that fails has not disconnected, but for an invalid handle. */
static LONG fuzz_SCardDisconnect(SCARDHANDLE handle, DWORD disposition)
{
    LONG result = answer_of(handle);

    if (disposition == SCARD_LEAVE_CARD || (int32_t)result == SC_INVALID_HANDLE)
        result = 0; /* else nobody could ever close it */
    if (!result)
    {
        open_handles[find(handle)] = 0;
        handles--;
    }
    return result;
}

/* Another program's lock would be waited for. */
static LONG answer_without_lock(SCARDHANDLE handle)
{
    LONG result = answer_of(handle);

    return (int32_t)result == SC_SHARING_VIOLATION ? SCARD_E_NOT_TRANSACTED : result;
}

static LONG fuzz_SCardBeginTransaction(SCARDHANDLE handle)
{
    return answer_without_lock(handle);
}

static LONG fuzz_SCardEndTransaction(SCARDHANDLE handle, DWORD disposition)
{
    (void)disposition;
    return answer_without_lock(handle);
}

static LONG fuzz_SCardStatus(SCARDHANDLE handle, LPSTR name, LPDWORD name_length, LPDWORD state,
                             LPDWORD protocol, LPBYTE atr, LPDWORD atr_length)
{
    LONG result = answer_of(handle);

    (void)name, (void)name_length;
    *state = input_short(&input);
    *protocol = input_byte(&input) % 6;
    *atr_length = said(write_some(atr, *atr_length));
    return result;
}

static LONG fuzz_SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout,
                                      SCARD_READERSTATE *states, DWORD count)
{
    LONG result = answer();
    DWORD i;

    (void)context, (void)timeout;
    for (i = 0; i < count; i++)
    {
        CHECK(strlen(states[i].szReader) < UNIX_NAME_SIZE);
        states[i].dwEventState = input_short(&input);
        states[i].cbAtr = said(write_some(states[i].rgbAtr, sizeof(states[i].rgbAtr)));
    }
    /* A cancel that nobody made would be waited out. */
    return (int32_t)result == SC_CANCELLED ? SCARD_E_TIMEOUT : result;
}

static LONG fuzz_SCardControl(SCARDHANDLE handle, DWORD code, LPCVOID in, DWORD in_length,
                              LPVOID out, DWORD room, LPDWORD length)
{
    LONG result = answer_of(handle);

    (void)code, (void)in, (void)in_length;
    *length = said(write_some(out, room));
    return result;
}

static LONG fuzz_SCardTransmit(SCARDHANDLE handle, const SCARD_IO_REQUEST *pci, LPCBYTE command,
                               DWORD length, SCARD_IO_REQUEST *reply_pci, LPBYTE reply,
                               LPDWORD reply_length)
{
    LONG result = answer_of(handle);

    (void)pci, (void)reply_pci;
    touch(command, length);
    *reply_length = said(write_some(reply, *reply_length));
    return result;
}

/* A list of names, or anything. */
static LONG give_list(LPSTR out, LPDWORD length)
{
    LONG result = answer();

    if (out)
        *length = said(write_some(out, *length));
    return result;
}

static LONG fuzz_SCardListReaderGroups(SCARDCONTEXT context, LPSTR groups, LPDWORD length)
{
    (void)context;
    return give_list(groups, length);
}

static LONG fuzz_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers,
                                  LPDWORD length)
{
    (void)context, (void)groups;
    return give_list(readers, length);
}

static LONG fuzz_SCardCancel(SCARDCONTEXT context)
{
    (void)context;
    return answer();
}

static LONG fuzz_SCardGetAttrib(SCARDHANDLE handle, DWORD attribute, LPBYTE value, LPDWORD length)
{
    LONG result = answer_of(handle);

    (void)attribute;
    *length = said(write_some(value, *length));
    return result;
}

static LONG fuzz_SCardSetAttrib(SCARDHANDLE handle, DWORD attribute, LPCBYTE value, DWORD length)
{
    (void)attribute;
    touch(value, length);
    return answer_of(handle);
}

/* ---- the loader ---- */

static void *open_library(const char *path)
{
    (void)path;
    return &input;
}

static int has_function(const char *name)
{
    (void)name;
    return 1;
}

#define STANDIN(function) fuzz_##function
#include "fakeloader.h"

/* ---- the calls ---- */

union params
{
    struct unix_head head;
    struct unix_query query;
    struct unix_establish establish;
    struct unix_context context;
    struct unix_list list;
    struct unix_wait wait;
    struct unix_connect connect;
    struct unix_reconnect reconnect;
    struct unix_card card;
    struct unix_transmit transmit;
    struct unix_status status;
    struct unix_control control;
    struct unix_attrib attrib;
};

static const uint32_t sizes[UNIX_CODES] =
{
    [UNIX_QUERY] = sizeof(struct unix_query),
    [UNIX_ESTABLISH] = sizeof(struct unix_establish),
    [UNIX_RELEASE] = sizeof(struct unix_context),
    [UNIX_IS_VALID] = sizeof(struct unix_context),
    [UNIX_LIST_GROUPS] = sizeof(struct unix_list),
    [UNIX_LIST_READERS] = sizeof(struct unix_list),
    [UNIX_WAIT] = sizeof(struct unix_wait),
    [UNIX_CANCEL] = sizeof(struct unix_context),
    [UNIX_CONNECT] = sizeof(struct unix_connect),
    [UNIX_RECONNECT] = sizeof(struct unix_reconnect),
    [UNIX_DISCONNECT] = sizeof(struct unix_card),
    [UNIX_BEGIN] = sizeof(struct unix_card),
    [UNIX_END] = sizeof(struct unix_card),
    [UNIX_CANCEL_BEGIN] = sizeof(struct unix_card),
    [UNIX_TRANSMIT] = sizeof(struct unix_transmit),
    [UNIX_STATUS] = sizeof(struct unix_status),
    [UNIX_CONTROL] = sizeof(struct unix_control),
    [UNIX_GET_ATTRIB] = sizeof(struct unix_attrib),
    [UNIX_SET_ATTRIB] = sizeof(struct unix_attrib),
};

static uint64_t context_ids[IDS], card_ids[IDS];
static unsigned next_slot;

/* One that was given out, or any number. */
static uint64_t choose_id(const uint64_t *ids)
{
    uint8_t which = input_byte(&input);

    if (which < 0xf0)
        return ids[which % IDS];
    return ids[which % IDS] ^ (uint64_t)input_byte(&input) << input_byte(&input) % 57;
}

/* The caller's memory is as long as is said, or there is none. */
static uint8_t *choose_memory(uint32_t *length)
{
    uint8_t which = input_byte(&input);

    *length = which < 0xf0 ? input_short(&input) % ROOM : UNIX_DATA_MAX - 2 + which % 8;
    return which < 0xfc ? calloc(1, *length ? *length : 1) : NULL;
}

/* What the struct has behind its head: the input, then what makes sense of it. */
static void fill_params(union params *params, enum unix_code code, uint8_t **in, uint8_t **out)
{
    size_t got;
    uint8_t *bytes = input_block(&input, input_short(&input) % sizes[code], &got);
    uint32_t in_length, out_length;

    if (got)
        memcpy((uint8_t *)params + sizeof(params->head), bytes,
               got < sizes[code] - sizeof(params->head) ? got : sizes[code] - sizeof(params->head));
    free(bytes);
    /* All structs have the id at the same place. */
    if (sizes[code] >= sizeof(params->context) && code != UNIX_QUERY)
        params->context.context = choose_id(code <= UNIX_CONNECT ? context_ids : card_ids);
    params->head.ticket = input_byte(&input);
    *in = choose_memory(&in_length);
    *out = choose_memory(&out_length);
    switch (code)
    {
    case UNIX_WAIT: params->wait.timeout = input_byte(&input) % 3; break;
    case UNIX_TRANSMIT:
        params->transmit.command = (uintptr_t)*in;
        params->transmit.command_length = in_length;
        params->transmit.reply = (uintptr_t)*out;
        params->transmit.reply_length = out_length;
        break;
    case UNIX_CONTROL:
        params->control.in = (uintptr_t)*in;
        params->control.in_length = in_length;
        params->control.out = (uintptr_t)*out;
        params->control.out_length = out_length;
        break;
    case UNIX_GET_ATTRIB:
    case UNIX_SET_ATTRIB:
        params->attrib.value = (uintptr_t)*out;
        params->attrib.length = out_length;
        break;
    default: break;
    }
}

/* What every caller may rely on. */
static void check_answer(const union params *params, enum unix_code code, uint32_t room)
{
    int32_t result = params->head.result;
    uint32_t i;

    CHECK(!result || ((uint32_t)result & 0xffff0000u) == 0x80100000u);
    switch (code)
    {
    case UNIX_ESTABLISH: CHECK(!result == !!params->establish.context); break;
    case UNIX_CONNECT: CHECK(!result == !!params->connect.card); break;
    case UNIX_LIST_GROUPS:
    case UNIX_LIST_READERS:
        CHECK(
            params->list.length <= sizeof(params->list.names) &&
            (result || (params->list.length >= 2 && !params->list.names[params->list.length - 1] &&
                        !params->list.names[params->list.length - 2])));
        break;
    case UNIX_WAIT:
        for (i = 0; i < params->wait.count && i < UNIX_READERS_MAX && !result; i++)
            CHECK(params->wait.states[i].atr_length <= UNIX_ATR_SIZE ||
                  params->wait.states[i].current & SCARD_STATE_IGNORE);
        break;
    case UNIX_TRANSMIT: CHECK(params->transmit.reply_length <= (result ? 0 : room)); break;
    case UNIX_STATUS:
        CHECK(params->status.atr_length <= UNIX_ATR_SIZE && params->status.state <= 6);
        CHECK(params->status.state != 5 || !params->status.protocol);
        break;
    case UNIX_CONTROL: CHECK(params->control.out_length <= (result ? 0 : room)); break;
    case UNIX_GET_ATTRIB: CHECK(!params->attrib.value || params->attrib.length <= room); break;
    default: break;
    }
}

static void forget_card(unsigned at)
{
    if (card_ids[at])
        wire_card(UNIX_DISCONNECT, card_ids[at], SCARD_LEAVE_CARD);
    card_ids[at] = 0;
}

static void forget_context(unsigned at)
{
    if (context_ids[at])
        wire_release(context_ids[at]);
    context_ids[at] = 0;
}

static void remember(const union params *params, enum unix_code code)
{
    if (code == UNIX_ESTABLISH && params->establish.context)
    {
        forget_context(next_slot % IDS);
        context_ids[next_slot++ % IDS] = params->establish.context;
    }
    if (code == UNIX_CONNECT && params->connect.card)
    {
        forget_card(next_slot % IDS);
        card_ids[next_slot++ % IDS] = params->connect.card;
    }
}

/* A struct in memory of exactly its size. */
static void call_one(void)
{
    uint8_t number = input_byte(&input), *in, *out;
    enum unix_code code = number % UNIX_CODES;
    const wire_function *table =
        number & 0x80 ? __wine_unix_call_wow64_funcs : __wine_unix_call_funcs;
    union params *params;
    uint32_t room;
    int known;

    if (!sizes[code]) /* UNIX_PRIVATE_FILE, which would make files */
        return;
    if (!(params = calloc(1, sizes[code])))
        abort();
    fill_params(params, code, &in, &out);
    params->head.size = number % 0x7f == 0x7e ? input_short(&input) : sizes[code];
    params->head.abi = number % 0x7f == 0x7d ? input_byte(&input) : UNIX_ABI;
    room = code == UNIX_TRANSMIT     ? params->transmit.reply_length
           : code == UNIX_CONTROL    ? params->control.out_length
           : code == UNIX_GET_ATTRIB ? params->attrib.length
                                     : 0;
    known = params->head.size == sizes[code] && params->head.abi == UNIX_ABI;
    CHECK(!table[code](params));
    if (known)
    {
        check_answer(params, code, room);
        remember(params, code);
    }
    else
        CHECK(params->head.result == SC_UNEXPECTED);
    free(params);
    free(in);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int i;

    input.at = data;
    input.left = size;
    next_slot = 0;
    for (i = 0; i < MAX_CALLS && input.left; i++)
        call_one();
    input.left = 0;
    for (i = 0; i < IDS; i++)
        forget_card(i);
    for (i = 0; i < IDS; i++)
        forget_context(i);
    CHECK(!contexts && !handles);
    return 0;
}
