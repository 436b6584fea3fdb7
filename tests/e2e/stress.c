/*
 * Stress: threads of both kinds of apartment on two readers, with other programs beside. Which
 * processes run together says stress.sh.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 *     stress zero                   the counters of both cards are 0
 *     stress run OPERATIONS SLOT    so many by each thread; SLOT tells processes apart
 *     stress check COUNT COUNT2     the counters are these
 *
 * A counter is a file that is read and written under SCardLock: an update that is lost is a lock
 * that was none. Only a few results other than S_OK are allowed, each for a reason (see excuses).
 */

#define COBJMACROS
#include <windows.h>
#include <ole2.h>
#include <psapi.h>

#include "iccsp.h"
#include "scardssp.h"
#include "test.h"

#include "cardtest.h"

#define READERS 2
#define THREADS 4           /* of one process: a reader has one of each apartment */
#define SLOTS 8
#define HANGS_MS 30000      /* no operation takes as long */
#define ROOM_BLOCKS 400     /* heap blocks that caches may add after a quarter of the run */
#define ROOM_KB 4096        /* the same for anonymous memory, the unix half included */

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
    volatile LONG done;             /* operations */
    volatile LONG current;
    HANDLE thread;
    IStream *shared_stream;         /* the process's ISCard on this reader, marshalled */
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
 * moment after it has looked whether anybody has the lock: only the first command under it may tell so.
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

    if (good(worker, open_file(worker->files, pattern_file, &file), "Open")
        && good(worker, read_at(worker->files, file, offset, bytes, sizeof(bytes)), "Read"))
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
    if (good(worker, open_file(worker->files, slot_file, &file), "Open")
        && good(worker, write_at(worker->files, file, offset, bytes, sizeof(bytes)), "Write")
        && good(worker, read_at(worker->files, file, offset, back, sizeof(back)), "Read"))
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
        ok(state >= POWERED, "thread %u: state %d\n", worker->number, state);
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

/* ---- threads ---- */

static enum operation next_operation(struct worker *worker)
{
    unsigned i, sum = 0, drawn;

    for (i = 0; i < OPERATIONS; i++)
        sum += operations[i].weight;
    drawn = draw(worker, sum);
    for (i = 0; drawn >= operations[i].weight; i++)
        drawn -= operations[i].weight;
    return i;
}

static void pump(void)
{
    MSG message;

    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        DispatchMessageW(&message);
}

static DWORD WINAPI work(void *arg)
{
    struct worker *worker = arg;

    fact(GUESS);
    CoInitializeEx(NULL, worker->apartment_threaded ? COINIT_APARTMENTTHREADED
                                                    : COINIT_MULTITHREADED);
    ok_hr(CoGetInterfaceAndReleaseStream(worker->shared_stream, &IID_ISCard,
                                         (void **)&worker->shared), S_OK);
    worker->card = create_card();
    worker->manage = create_manage();
    worker->guest = create_manage();
    ok_hr(ISCardManage_CreateFileAccess(worker->manage, &worker->files), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(worker->guest, &worker->guest_files), S_OK);
    worker->current = OP_ATTACH;
    while (!good(worker, ISCard_AttachByReader(worker->card, readers[worker->reader], SHARED,
                                               T0 | T1), "AttachByReader"))
        Sleep(10);
    attach_again(worker);
    worker->current = OP_GUEST_ATTACH;
    attach_by_handle(worker);
    while (worker->done < wanted)
    {
        operate(worker, next_operation(worker));
        if (worker->apartment_threaded)
            pump();
    }
    ISCardFileAccess_Release(worker->files);
    ISCardFileAccess_Release(worker->guest_files);
    ISCardManage_Release(worker->manage);
    ISCardManage_Release(worker->guest);
    ISCard_Release(worker->card);
    ISCard_Release(worker->shared);
    CoUninitialize();
    return 0;
}

static void start_worker(unsigned number, unsigned seed)
{
    struct worker *worker = &workers[number];

    *worker = (struct worker){.number = number, .reader = number % READERS,
                              .apartment_threaded = number / READERS % 2, .random = seed + number};
    ok_hr(CoMarshalInterThreadInterfaceInStream(&IID_ISCard, (IUnknown *)shared[worker->reader],
                                                &worker->shared_stream), S_OK);
    worker->thread = CreateThread(NULL, 0, work, worker, 0, NULL);
}

/* Says who hangs, and where, and ends the process: nothing that hangs could be cleaned up. */
static void watch(void)
{
    LONG seen[THREADS] = {0};
    DWORD since[THREADS], i, now;
    HANDLE threads[THREADS];

    for (i = 0; i < THREADS; i++)
    {
        since[i] = GetTickCount();
        threads[i] = workers[i].thread;
    }
    while (WaitForMultipleObjects(THREADS, threads, TRUE, 500) == WAIT_TIMEOUT)
        for (i = 0; i < THREADS; i++)
        {
            now = GetTickCount();
            if (workers[i].done != seen[i] || workers[i].done >= wanted)
                since[i] = now;
            seen[i] = workers[i].done;
            if (now - since[i] < HANGS_MS)
                continue;
            ok(0, "thread %lu hangs in \"%s\" after %ld operations\n", i,
               operations[workers[i].current].name, seen[i]);
            ExitProcess(test_summary());
        }
    for (i = 0; i < THREADS; i++)
        CloseHandle(threads[i]);
}

/* ---- the whole ---- */

struct usage
{
    DWORD blocks;
    long kilobytes;
};

/* The heap blocks of all modules, and what /proc says: memory of the unix half is in no heap. */
static struct usage measure(void)
{
    struct usage usage = {test_heap_blocks(), 0};
    FILE *status = fopen("Z:/proc/self/status", "r");
    char line[128];

    while (status && fgets(line, sizeof(line), status))
        sscanf(line, "RssAnon: %ld", &usage.kilobytes);
    if (status)
        fclose(status);
    return usage;
}

static void run_threads(LONG count, unsigned seed)
{
    unsigned i;

    wanted = count;
    for (i = 0; i < READERS; i++)
    {
        shared[i] = create_card();
        while (ISCard_AttachByReader(shared[i], readers[i], SHARED, T0 | T1) == SCARD_W_RESET_CARD)
            Sleep(10);
    }
    for (i = 0; i < THREADS; i++)
        start_worker(i, seed);
    watch();
    for (i = 0; i < READERS; i++)
        ISCard_Release(shared[i]);
}

static void report(const struct usage *early, const struct usage *late, DWORD milliseconds)
{
    unsigned i, j;

    for (i = 0; i < OPERATIONS; i++)
    {
        trace("| %-30s | %7ld |\n", operations[i].name, tally[i]);
        for (j = 0; j < ARRAYSIZE(excuses); j++)
            if (excused[i][j])
                trace("|   %#lx: %-16s | %7ld |\n", excuses[j].hr, excuses[j].why, excused[i][j]);
    }
    trace("| %-30s | %7ld |\n", "reset right after a lock", late_resets);
    trace("%lu ms; heap blocks %lu > %lu, RssAnon %ld > %ld KiB\n", milliseconds, early->blocks,
          late->blocks, early->kilobytes, late->kilobytes);
    trace("counted %ld %ld\n", counted[0], counted[1]);
    ok(late->blocks < early->blocks + ROOM_BLOCKS, "the heaps grow: %lu to %lu blocks\n",
       early->blocks, late->blocks);
    ok(late->kilobytes < early->kilobytes + ROOM_KB, "memory grows: %ld to %ld KiB\n",
       early->kilobytes, late->kilobytes);
}

static void run(LONG count)
{
    struct usage early, late;
    DWORD start = GetTickCount();

    run_threads(count / 4, 1000 * slot);
    early = measure();
    run_threads(count - count / 4, 1000 * slot + 500);
    late = measure();
    report(&early, &late, GetTickCount() - start);
}

/* Sets the counters, or compares them. */
static void each_counter(BOOL set, const LONG *values)
{
    ISCardFileAccess *files;
    ISCardManage *manage = create_manage();
    HSCARD_FILE file;
    LONG value = -1;
    unsigned i;

    ok_hr(ISCardManage_CreateFileAccess(manage, &files), S_OK);
    for (i = 0; i < READERS; i++)
    {
        ok_hr(ISCardManage_AttachByIFD(manage, readers[i], SHARED), S_OK);
        ok_hr(open_file(files, counter_file, &file), S_OK);
        if (set)
            ok_hr(write_at(files, file, 0, (const BYTE *)&values[i], 4), S_OK);
        ok_hr(read_at(files, file, 0, (BYTE *)&value, 4), S_OK);
        ok(value == values[i], "reader %u counted %ld, not %ld\n", i, value, values[i]);
    }
    ISCardFileAccess_Release(files);
    ISCardManage_Release(manage);
}

START_TEST(stress)
{
    LONG values[READERS] = {0};
    unsigned i;

    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    readers[0] = reader_with_card();
    readers[1] = reader_without_card(); /* here it has one */
    for (i = 0; i < READERS; i++)
        InitializeCriticalSection(&shared_use[i]);
    fact(GUESS);
    if (__argc == 2 && !strcmp(__argv[1], "zero"))
        each_counter(TRUE, values);
    else if (__argc == 4 && !strcmp(__argv[1], "check"))
    {
        values[0] = atol(__argv[2]);
        values[1] = atol(__argv[3]);
        each_counter(FALSE, values);
    }
    else if (__argc == 4 && !strcmp(__argv[1], "run") && atol(__argv[3]) < SLOTS)
    {
        slot = atol(__argv[3]);
        run(atol(__argv[2]));
    }
    else
        ok(0, "zero, run OPERATIONS SLOT, or check COUNT COUNT2\n");
    for (i = 0; i < READERS; i++)
    {
        SysFreeString(readers[i]);
        DeleteCriticalSection(&shared_use[i]);
    }
    CoUninitialize();
}
