/*
 * Benchmark, native half: SCardTransmit and attaching, by libpcsclite directly.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdio.h>
#include <time.h>

#include <winscard.h>

#include "bench.h"

static int timed = 1;

static double now_us(void)
{
    struct timespec time;

    if (!timed)
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static LONG attach(const char *reader, SCARDCONTEXT *context, SCARDHANDLE *card, DWORD *protocol)
{
    char name[MAX_READERNAME];
    DWORD name_length = sizeof(name), state, atr_length = MAX_ATR_SIZE;
    unsigned char atr[MAX_ATR_SIZE];
    LONG result;

    if ((result = SCardEstablishContext(SCARD_SCOPE_USER, NULL, NULL, context)))
        return result;
    if ((result = SCardConnect(*context, reader, SCARD_SHARE_SHARED,
                               SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, card, protocol)))
        return result;
    return SCardStatus(*card, name, &name_length, &state, protocol, atr, &atr_length);
}

static void detach(SCARDCONTEXT context, SCARDHANDLE card)
{
    SCardDisconnect(card, SCARD_LEAVE_CARD);
    SCardReleaseContext(context);
}

int main(int argc, char **argv)
{
    static double apdus[BENCH_APDUS], attaches[BENCH_ATTACHES];
    const SCARD_IO_REQUEST *pci;
    unsigned char reply[258];
    SCARDCONTEXT context;
    SCARDHANDLE card;
    DWORD protocol, length;
    double start;
    int i;

    if (argc < 2 || argv[1][0] == '-')
    {
        fprintf(stderr,
                "Usage: %s READER [count]\nPrints median microseconds per APDU and per "
                "attach; with count it does the same and takes no times.\n",
                argv[0]);
        return 2;
    }
    timed = argc == 2;
    for (i = 0; i < BENCH_ATTACHES; i++)
    {
        start = now_us();
        if (attach(argv[1], &context, &card, &protocol))
            return fprintf(stderr, "%s: cannot attach\n", argv[1]), 1;
        attaches[i] = now_us() - start;
        detach(context, card);
    }
    if (attach(argv[1], &context, &card, &protocol))
        return 1;
    pci = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    for (i = 0; i < BENCH_APDUS; i++)
    {
        length = sizeof(reply);
        start = now_us();
        if (SCardTransmit(card, pci, bench_apdu, sizeof(bench_apdu), NULL, reply, &length))
            return fprintf(stderr, "%s: an APDU failed\n", argv[1]), 1;
        apdus[i] = now_us() - start;
    }
    detach(context, card);
    if (timed)
        printf("apdu_us %.3f\nattach_us %.3f\n", bench_median(apdus, BENCH_APDUS),
               bench_median(attaches, BENCH_ATTACHES));
    return 0;
}
