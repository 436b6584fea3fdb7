/*
 * What the threads of stress.c do: its operations, each checked, and what the threads share.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Include after cardtest.h.
 */

#ifndef TESTS_E2E_STRESSOPS_H
#define TESTS_E2E_STRESSOPS_H

#define READERS 2
#define THREADS 4 /* of one process: a reader has one of each apartment */
#define SLOTS   8

static const WCHAR *const pattern_file = L"3F00/7001", *const slot_file = L"3F00/7002";
static const WCHAR *const counter_file = L"3F00/2F05";

enum operation
{
    OP_COUNT, OP_GUEST_COUNT, OP_COMMAND, OP_PATTERN, OP_SLOT, OP_NEST, OP_STATUS, OP_RECONNECT,
    OP_ATTACH, OP_GUEST_ATTACH, OP_RESET, OP_MEND, OPERATIONS
};

static const struct
{
    const char *name;
    unsigned weight; /* how often it is drawn */
} operations[OPERATIONS] =
{
    {"count under the lock", 25}, {"count through a shared handle", 12}, {"send a command", 15},
    {"read a pattern", 15}, {"write and read back", 10}, {"nested locks", 8}, {"status", 5},
    {"reconnect", 5}, {"detach and attach", 3}, {"attach by handle", 3}, {"reset", 1},
    {"mend", 0}, /* reconnect after a result that asks for it */
};

/* The results that may come, and why. */
static const struct
{
    HRESULT hr;
    const char *why;
} excuses[] =
{
    {SCARD_W_RESET_CARD, "somebody else reset the card"},
};

struct worker
{
    unsigned number, reader;
    BOOL apartment_threaded;
    unsigned random;
    volatile LONG done; /* operations */
    volatile LONG current;
    HANDLE thread;
    IStream *shared_stream; /* the process's ISCard on this reader, marshalled */
    ISCard *shared, *card;
    ISCardManage *manage, *guest;
    ISCardFileAccess *files, *guest_files;
};

static BSTR readers[READERS];
static ISCard *shared[READERS];
static CRITICAL_SECTION shared_use[READERS]; /* threads on one handle do not lock each other out */
static struct worker workers[THREADS];
static LONG counted[READERS], wanted, slot;
static LONG late_resets, tally[OPERATIONS], excused[OPERATIONS][ARRAYSIZE(excuses)];

/* ---- results ---- */

static unsigned draw(struct worker *worker, unsigned below)
{
    worker->random = worker->random * 1103515245 + 12345;
    return (worker->random >> 8) % below;
}

/* TRUE for success. What is neither success nor excused is a failure of the test. */
static BOOL good(struct worker *worker, HRESULT hr, const char *what)
{
    unsigned i;

    if (hr == S_OK)
        return TRUE;
    for (i = 0; i < ARRAYSIZE(excuses); i++)
        if (hr == excuses[i].hr)
        {
            InterlockedIncrement(&excused[worker->current][i]);
            return FALSE;
        }
    ok(0, "thread %u, %s: %s: %#lx\n", worker->number, operations[worker->current].name, what, hr);
    return FALSE;
}

/* The same under a lock, where nobody can come between. */
static BOOL sure(struct worker *worker, HRESULT hr, const char *what)
{
    ok(hr == S_OK, "thread %u, %s: under the lock %s: %#lx\n", worker->number,
       operations[worker->current].name, what, hr);
    return hr == S_OK;
}

/* ---- files ---- */

static HRESULT read_at(ISCardFileAccess *files, HSCARD_FILE file, LONG offset, BYTE *bytes,
                       LONG count)
{
    IByteBuffer *buffer = NULL;
    LONG got = count;
    HRESULT hr = ISCardFileAccess_Seek(files, file, offset, SC_SEEK_FROM_BEGINNING);

    if (hr == S_OK)
        hr = ISCardFileAccess_Read(files, file, &got, &buffer, SC_FL_NO_FLAGS);
    if (hr == S_OK && (got != count || buffer_bytes(buffer, bytes, count) != count))
        hr = E_UNEXPECTED;
    if (buffer)
        IByteBuffer_Release(buffer);
    return hr;
}

static HRESULT write_at(ISCardFileAccess *files, HSCARD_FILE file, LONG offset, const BYTE *bytes,
                        LONG count)
{
    IByteBuffer *buffer = create_buffer(bytes, count);
    HRESULT hr = ISCardFileAccess_Seek(files, file, offset, SC_SEEK_FROM_BEGINNING);

    IByteBuffer_Seek(buffer, 0, STREAM_SEEK_SET, NULL);
    if (hr == S_OK)
        hr = ISCardFileAccess_Write(files, file, count, buffer, SC_FL_NO_FLAGS);
    IByteBuffer_Release(buffer);
    return hr;
}

static HRESULT open_file(ISCardFileAccess *files, const WCHAR *path, HSCARD_FILE *file)
{
    BSTR text = SysAllocString(path);
    HRESULT hr = ISCardFileAccess_Open(files, SC_TYPE_BY_ID, text, file);

    SysFreeString(text);
    return hr;
}

/*
 * One more; the caller has the lock. pcsc-lite resets a card for a program that disconnects a
 * moment after it has looked whether anybody has the lock: only the first command under it may
 * tell so.
 */
static void count_one(struct worker *worker, ISCardFileAccess *files)
{
    HRESULT hr;
    HSCARD_FILE file;
    DWORD count;

    hr = open_file(files, counter_file, &file);
    if (hr == (HRESULT)SCARD_W_RESET_CARD)
    {
        InterlockedIncrement(&late_resets);
        return;
    }
    if (!sure(worker, hr, "Open"))
        return;
    if (sure(worker, read_at(files, file, 0, (BYTE *)&count, 4), "Read"))
    {
        count++;
        if (sure(worker, write_at(files, file, 0, (const BYTE *)&count, 4), "Write"))
            InterlockedIncrement(&counted[worker->reader]);
    }
    sure(worker, ISCardFileAccess_Close(files, file), "Close");
}

/* ---- operations ---- */

/* After somebody's reset. Another one may come while we are at it. */
static void mend(struct worker *worker, ISCardManage *manage)
{
    LONG before = worker->current;
    int tries;

    worker->current = OP_MEND;
    for (tries = 0; tries < 20; tries++)
        if (good(worker, ISCardManage_Reconnect(manage), "Reconnect"))
            break;
    ok(tries < 20, "thread %u: Reconnect never succeeds\n", worker->number);
    worker->current = before;
}

static void locked_count(struct worker *worker, ISCardManage *manage, ISCardFileAccess *files)
{
    if (!good(worker, ISCardManage_SCardLock(manage), "SCardLock"))
    {
        mend(worker, manage);
        return;
    }
    count_one(worker, files);
    if (!good(worker, ISCardManage_SCardUnlock(manage, LEAVE), "SCardUnlock"))
        mend(worker, manage);
}

static void guest_count(struct worker *worker)
{
    EnterCriticalSection(&shared_use[worker->reader]);
    locked_count(worker, worker->guest, worker->guest_files);
    LeaveCriticalSection(&shared_use[worker->reader]);
}

/* GET DATA of an object that never changes, over the thread's own connection or the shared one. */
static void send_command(struct worker *worker)
{
    static const BYTE get_data[] = {0x00, 0xca, 0x01, 0x03, 0x10};
    ISCard *card = draw(worker, 2) ? worker->card : worker->shared;
    HRESULT hr;
    WORD sw = send_apdu(card, get_data, sizeof(get_data), &hr);

    if (good(worker, hr, "Transaction"))
        ok(sw == 0x9000, "thread %u: status word %04x\n", worker->number, sw);
    else
        good(worker, ISCard_ReAttach(card, SHARED, LEAVE), "ReAttach");
}

static void read_pattern(struct worker *worker)
{
    LONG offset = draw(worker, 32000), i;
    BYTE bytes[300];
    HSCARD_FILE file = 0;

    if (good(worker, open_file(worker->files, pattern_file, &file), "Open") &&
        good(worker, read_at(worker->files, file, offset, bytes, sizeof(bytes)), "Read"))
    {
        for (i = 0; i < (LONG)sizeof(bytes); i++)
            if (bytes[i] != (BYTE)((offset + i) * 7 + (offset + i) / 256))
                break;
        ok(i == sizeof(bytes), "thread %u: byte %ld is wrong\n", worker->number, offset + i);
    }
    else
        mend(worker, worker->manage);
    if (file)
        ok_hr(ISCardFileAccess_Close(worker->files, file), S_OK);
}

/* Sixteen bytes that nobody else writes, without a lock. */
static void write_slot(struct worker *worker)
{
    LONG offset = (slot * THREADS + worker->number) * 64;
    BYTE bytes[16], back[16];
    HSCARD_FILE file = 0;
    unsigned i;

    for (i = 0; i < sizeof(bytes); i++)
        bytes[i] = draw(worker, 256);
    if (good(worker, open_file(worker->files, slot_file, &file), "Open") &&
        good(worker, write_at(worker->files, file, offset, bytes, sizeof(bytes)), "Write") &&
        good(worker, read_at(worker->files, file, offset, back, sizeof(back)), "Read"))
        ok_bytes(back, bytes, sizeof(bytes));
    else
        mend(worker, worker->manage);
    if (file)
        ok_hr(ISCardFileAccess_Close(worker->files, file), S_OK);
}

static void nest_locks(struct worker *worker)
{
    int depth, i;

    for (depth = 0; depth < 3; depth++)
        if (!good(worker, ISCardManage_SCardLock(worker->manage), "SCardLock"))
            break;
    ok(!depth || depth == 3, "thread %u: a lock below a lock fails\n", worker->number);
    if (depth == 3)
        count_one(worker, worker->files);
    for (i = 0; i < depth; i++)
        sure(worker, ISCardManage_SCardUnlock(worker->manage, LEAVE), "SCardUnlock");
    if (depth)
        ok_hr(ISCardManage_SCardUnlock(worker->manage, LEAVE), SCARD_E_NOT_TRANSACTED);
    else
        mend(worker, worker->manage);
}

static void ask_status(struct worker *worker)
{
    SCARD_PROTOCOLS protocol;
    SCARD_STATES state;

    if (good(worker, ISCardManage_Status(worker->manage, &state, &protocol), "Status"))
        ok(state == SPECIFICMODE, "thread %u: state %d\n", worker->number, state);
    else
        mend(worker, worker->manage);
}

static void attach_again(struct worker *worker)
{
    ok_hr(ISCardManage_Detach(worker->manage), S_OK);
    while (!good(worker, ISCardManage_AttachByIFD(worker->manage, readers[worker->reader], SHARED),
                 "AttachByIFD"))
        Sleep(10);
}

static void attach_by_handle(struct worker *worker)
{
    HSCARD handle;

    ok_hr(ISCard_get_CardHandle(worker->shared, &handle), S_OK);
    good(worker, ISCardManage_AttachByHandle(worker->guest, handle), "AttachByHandle");
}

static void reset_card(struct worker *worker)
{
    if (!good(worker, ISCardManage_SCardLock(worker->manage), "SCardLock"))
    {
        mend(worker, worker->manage);
        return;
    }
    sure(worker, ISCardManage_SCardUnlock(worker->manage, RESET), "SCardUnlock");
}

static void operate(struct worker *worker, enum operation operation)
{
    worker->current = operation;
    switch (operation)
    {
    case OP_COUNT: locked_count(worker, worker->manage, worker->files); break;
    case OP_GUEST_COUNT: guest_count(worker); break;
    case OP_COMMAND: send_command(worker); break;
    case OP_PATTERN: read_pattern(worker); break;
    case OP_SLOT: write_slot(worker); break;
    case OP_NEST: nest_locks(worker); break;
    case OP_STATUS: ask_status(worker); break;
    case OP_RECONNECT: good(worker, ISCardManage_Reconnect(worker->manage), "Reconnect"); break;
    case OP_ATTACH: attach_again(worker); break;
    case OP_GUEST_ATTACH: attach_by_handle(worker); break;
    case OP_RESET: reset_card(worker); break;
    default: break;
    }
    InterlockedIncrement(&tally[operation]);
    InterlockedIncrement(&worker->done);
}

#endif
