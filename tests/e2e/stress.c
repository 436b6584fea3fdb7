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
#include "stressops.h"

#define HANGS_MS    30000 /* no operation takes as long */
#define ROOM_BLOCKS 400   /* heap blocks that caches may add after a quarter of the run */
#define ROOM_KB     4096  /* the same for anonymous memory, the unix half included */

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
    CoInitializeEx(NULL,
                   worker->apartment_threaded ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    ok_hr(CoGetInterfaceAndReleaseStream(worker->shared_stream, &IID_ISCard,
                                         (void **)&worker->shared),
          S_OK);
    worker->card = create_card();
    worker->manage = create_manage();
    worker->guest = create_manage();
    ok_hr(ISCardManage_CreateFileAccess(worker->manage, &worker->files), S_OK);
    ok_hr(ISCardManage_CreateFileAccess(worker->guest, &worker->guest_files), S_OK);
    worker->current = OP_ATTACH;
    while (!good(worker,
                 ISCard_AttachByReader(worker->card, readers[worker->reader], SHARED, T0 | T1),
                 "AttachByReader"))
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

    *worker = (struct worker){.number = number,
                              .reader = number % READERS,
                              .apartment_threaded = number / READERS % 2,
                              .random = seed + number};
    ok_hr(CoMarshalInterThreadInterfaceInStream(&IID_ISCard, (IUnknown *)shared[worker->reader],
                                                &worker->shared_stream),
          S_OK);
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
