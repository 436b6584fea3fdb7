/*
 * Benchmark of the PC/SC functions themselves: one source for a native program over libpcsclite and
 * for a Windows program over winscard.dll.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#include <winscard.h>
#else
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <winscard.h>
#define SCardConnectA         SCardConnect
#define SCardStatusA          SCardStatus
#define SCardGetStatusChangeA SCardGetStatusChange
#define SCARD_READERSTATEA    SCARD_READERSTATE
#endif

#include "bench.h"

#define CANCELS        50
#define BOTH           (SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1)
#define NAME_MAX_BYTES 256

static SCARDCONTEXT context;
static const char *reader, *empty_reader;

/* ---- the two systems ---- */

#ifdef _WIN32
typedef HANDLE thread_id;

static double now_us(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER count;

    if (!frequency.QuadPart)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return count.QuadPart * 1e6 / frequency.QuadPart;
}

static void sleep_ms(unsigned ms)
{
    Sleep(ms);
}
#else
typedef pthread_t thread_id;

static double now_us(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static void sleep_ms(unsigned ms)
{
    usleep(ms * 1000);
}
#endif

static void check(const char *what, LONG result)
{
    if (!result)
        return;
    fprintf(stderr, "%s: %#lx\n", what, (unsigned long)result);
    exit(1);
}

/* ---- messages to the daemon, as the counting libpcsclite writes them down ---- */

static const char *counter;

static uint64_t messages(void)
{
    uint64_t count = 0;
    FILE *file = fopen(counter, "rb");

    if (!file || fread(&count, sizeof(count), 1, file) != 1)
        count = 0;
    if (file)
        fclose(file);
    return count;
}

/* ---- commands ---- */

static void connect_card(SCARDHANDLE *card, DWORD *protocol)
{
    check("SCardConnect", SCardConnectA(context, reader, SCARD_SHARE_SHARED, BOTH, card, protocol));
}

static void send_commands(double *times, unsigned count)
{
    const SCARD_IO_REQUEST *pci;
    unsigned char reply[258];
    DWORD protocol, length;
    SCARDHANDLE card;
    uint64_t before;
    double start;
    unsigned i;

    connect_card(&card, &protocol);
    pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    before = counter ? messages() : 0;
    for (i = 0; i < count; i++)
    {
        length = sizeof(reply);
        start = now_us();
        check("SCardTransmit",
              SCardTransmit(card, pci, bench_apdu, sizeof(bench_apdu), NULL, reply, &length));
        times[i] = now_us() - start;
    }
    if (counter)
        printf("messages_per_apdu %.4f\n", (double)(messages() - before) / count);
    SCardDisconnect(card, SCARD_LEAVE_CARD);
}

/* ---- connecting, status, disconnecting ---- */

static void connect_once(void)
{
    DWORD protocol, state, name_length = NAME_MAX_BYTES, atr_length = 36;
    char name[NAME_MAX_BYTES];
    unsigned char atr[36];
    SCARDHANDLE card;

    connect_card(&card, &protocol);
    check("SCardStatus",
          SCardStatusA(card, name, &name_length, &state, &protocol, atr, &atr_length));
    check("SCardDisconnect", SCardDisconnect(card, SCARD_LEAVE_CARD));
}

static void connect_often(double *times, unsigned count)
{
    uint64_t before = counter ? messages() : 0;
    double start;
    unsigned i;

    for (i = 0; i < count; i++)
    {
        start = now_us();
        connect_once();
        times[i] = now_us() - start;
    }
    if (counter)
        printf("messages_per_connect %.4f\n", (double)(messages() - before) / count);
}

/* ---- waiting ---- */

static volatile LONG wait_result;
static volatile double wait_ended;

static LONG wait_for_card(DWORD timeout)
{
    SCARD_READERSTATEA state = {.szReader = empty_reader};

    check("SCardGetStatusChange", SCardGetStatusChangeA(context, 0, &state, 1));
    state.dwCurrentState = state.dwEventState & ~SCARD_STATE_CHANGED;
    return SCardGetStatusChangeA(context, timeout, &state, 1);
}

#ifdef _WIN32
static DWORD WINAPI wait_for_ever(void *unused)
#else
static void *wait_for_ever(void *unused)
#endif
{
    (void)unused;
    wait_result = wait_for_card(INFINITE);
    wait_ended = now_us();
    return 0;
}

static thread_id start_wait(void)
{
#ifdef _WIN32
    return CreateThread(NULL, 0, wait_for_ever, NULL, 0, NULL);
#else
    pthread_t thread;

    pthread_create(&thread, NULL, wait_for_ever, NULL);
    return thread;
#endif
}

static void end_wait(thread_id thread)
{
#ifdef _WIN32
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
#else
    pthread_join(thread, NULL);
#endif
}

/* From the call of SCardCancel to the end of the wait in another thread. */
static void cancel_often(double *times, unsigned count)
{
    thread_id thread;
    double start;
    unsigned i;

    for (i = 0; i < count; i++)
    {
        thread = start_wait();
        /* At different places of what it does again and again. */
        sleep_ms(30 + i * 7 % 100);
        start = now_us();
        check("SCardCancel", SCardCancel(context));
        end_wait(thread);
        if (wait_result != (LONG)SCARD_E_CANCELLED)
        {
            /* Wine's own does not wait. */
            times[i] = -1;
            continue;
        }
        times[i] = wait_ended - start;
    }
}

/* "waiting" is written when it begins, "waited" with the result when it has ended. */
static void wait_long(DWORD seconds)
{
    uint64_t before = counter ? messages() : 0;
    LONG result;

    fprintf(stderr, "waiting\n");
    result = wait_for_card(seconds * 1000);
    fprintf(stderr, "waited %#lx\n", (unsigned long)result);
    if (result != (LONG)SCARD_E_TIMEOUT)
        exit(1);
    if (counter)
        printf("messages_per_wait %.4f\n", (double)(messages() - before));
}

int main(int argc, char **argv)
{
    static double apdus[BENCH_APDUS], connects[BENCH_ATTACHES], cancels[CANCELS];

    if (argc < 4)
    {
        fprintf(stderr,
                "Usage: %s READER EMPTY-READER times            medians in microseconds\n"
                "       %s READER EMPTY-READER count COUNTER S  messages, also of S seconds' wait\n"
                "       %s READER EMPTY-READER wait S           one wait of S seconds\n",
                argv[0], argv[0], argv[0]);
        return 2;
    }
    reader = argv[1];
    empty_reader = argv[2];
    check("SCardEstablishContext", SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, &context));
    if (!strcmp(argv[3], "wait") && argc == 5)
        wait_long(strtoul(argv[4], NULL, 10));
    else if (!strcmp(argv[3], "count") && argc == 6)
    {
        counter = argv[4];
        send_commands(apdus, BENCH_APDUS);
        connect_often(connects, BENCH_ATTACHES);
        wait_long(strtoul(argv[5], NULL, 10));
    }
    else
    {
        send_commands(apdus, BENCH_APDUS);
        connect_often(connects, BENCH_ATTACHES);
        printf("apdu_us %.3f\nconnect_us %.3f\n", bench_median(apdus, BENCH_APDUS),
               bench_median(connects, BENCH_ATTACHES));
        fflush(stdout);
        cancel_often(cancels, CANCELS);
        /* In order now: the least is -1 where a wait ended by itself. */
        if (bench_median(cancels, CANCELS) >= 0 && cancels[0] >= 0)
            printf("cancel_us %.3f\ncancel_worst_us %.3f\n", cancels[CANCELS / 2],
                   cancels[CANCELS - 1]);
    }
    SCardReleaseContext(context);
    return 0;
}
