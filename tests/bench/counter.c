/*
 * A libpcsclite that counts: every call that is a message to pcscd goes to the real library and is
 * written down in the file that PCSC_COUNTER_FILE names, as 64-bit numbers {messages, transmits}.
 * The file that PCSC_COUNTER_STEPS names gets, as lines "NAME VALUE", what the calling thread
 * executes for an APDU and for attaching once.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Loaded in place of libpcsclite by SCARDSSP_PCSCLITE, in front of it by LD_PRELOAD.
 */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <winscard.h>

#include "steps.h"

/* Which calls lie between the counts of steps: not the first ones, which do more. */
#define FIRST_STEPPED 20
#define STEPPED       20

static struct counts
{
    uint64_t messages, transmits;
} * counts, nowhere;

static void *library;
static struct steps *steps;
static const char *steps_file;

static void start_steps(void)
{
    steps_file = getenv("PCSC_COUNTER_STEPS");
    if (!steps_file)
        return;
    steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (steps == MAP_FAILED)
        steps_file = NULL;
}

__attribute__((constructor)) static void start(void)
{
    const char *name = getenv("PCSC_COUNTER_FILE");
    int file;

    counts = &nowhere;
    start_steps();
    library = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!name || (file = open(name, O_RDWR | O_CREAT, 0600)) < 0)
        return;
    if (!ftruncate(file, sizeof(*counts)))
    {
        void *map = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

        if (map != MAP_FAILED)
            counts = map;
    }
    close(file);
}

static void write_steps(const char *name)
{
    FILE *file = fopen(steps_file, "a");

    if (!file)
        return;
    if (!steps->failed)
        fprintf(file,
                "%s_instructions %.2f\n%s_poll %.2f\n%s_sendto %.2f\n%s_read %.2f\n"
                "%s_other_calls %.2f\n",
                name, (double)steps->instructions / STEPPED, name,
                (double)steps->calls[STEPS_POLL] / STEPPED, name,
                (double)steps->calls[STEPS_SENDTO] / STEPPED, name,
                (double)steps->calls[STEPS_READ] / STEPPED, name,
                (double)steps->calls[STEPS_OTHER] / STEPPED);
    fclose(file);
}

/* From one call of a kind to the same one STEPPED calls later; *calls counts them. */
static void count_steps(const char *name, unsigned *calls)
{
    if (!steps_file)
        return;
    ++*calls;
    if (*calls == FIRST_STEPPED + STEPPED)
    {
        steps_end();
        write_steps(name);
    }
    if (*calls == FIRST_STEPPED)
        steps_begin(steps);
}

static void *real(const char *name)
{
    return library ? dlsym(library, name) : NULL;
}

/* FORWARD(name, parameters, arguments): one message. */
#define FORWARD(name, parameters, arguments) \
    PCSC_API LONG name parameters \
    { \
        static LONG (*call) parameters; \
        if (!call && !(call = real(#name))) \
            return SCARD_E_NO_SERVICE; \
        __atomic_fetch_add(&counts->messages, 1, __ATOMIC_RELAXED); \
        return call arguments; \
    }

FORWARD(SCardEstablishContext,
        (DWORD scope, LPCVOID reserved1, LPCVOID reserved2, LPSCARDCONTEXT context),
        (scope, reserved1, reserved2, context))
FORWARD(SCardReleaseContext, (SCARDCONTEXT context), (context))
FORWARD(SCardReconnect,
        (SCARDHANDLE card, DWORD share, DWORD protocols, DWORD disposition, LPDWORD protocol),
        (card, share, protocols, disposition, protocol))
FORWARD(SCardDisconnect, (SCARDHANDLE card, DWORD disposition), (card, disposition))
FORWARD(SCardBeginTransaction, (SCARDHANDLE card), (card))
FORWARD(SCardEndTransaction, (SCARDHANDLE card, DWORD disposition), (card, disposition))
FORWARD(SCardStatus,
        (SCARDHANDLE card, LPSTR reader, LPDWORD reader_length, LPDWORD state, LPDWORD protocol,
         LPBYTE atr, LPDWORD atr_length),
        (card, reader, reader_length, state, protocol, atr, atr_length))
FORWARD(SCardGetStatusChange,
        (SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states, DWORD count),
        (context, timeout, states, count))
FORWARD(SCardControl,
        (SCARDHANDLE card, DWORD code, LPCVOID in, DWORD in_length, LPVOID out, DWORD room,
         LPDWORD out_length),
        (card, code, in, in_length, out, room, out_length))
FORWARD(SCardListReaderGroups, (SCARDCONTEXT context, LPSTR groups, LPDWORD length),
        (context, groups, length))
FORWARD(SCardListReaders, (SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD length),
        (context, groups, readers, length))
FORWARD(SCardCancel, (SCARDCONTEXT context), (context))
FORWARD(SCardGetAttrib, (SCARDHANDLE card, DWORD id, LPBYTE value, LPDWORD length),
        (card, id, value, length))
FORWARD(SCardSetAttrib, (SCARDHANDLE card, DWORD id, LPCBYTE value, DWORD length),
        (card, id, value, length))

PCSC_API LONG SCardIsValidContext(SCARDCONTEXT context)
{
    LONG (*call)(SCARDCONTEXT) = real("SCardIsValidContext");

    return call ? call(context) : SCARD_E_NO_SERVICE;
}

PCSC_API LONG SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD share, DWORD protocols,
                           LPSCARDHANDLE card, LPDWORD protocol)
{
    static LONG (*call)(SCARDCONTEXT, LPCSTR, DWORD, DWORD, LPSCARDHANDLE, LPDWORD);
    static unsigned connects;

    if (!call && !(call = real("SCardConnect")))
        return SCARD_E_NO_SERVICE;
    __atomic_fetch_add(&counts->messages, 1, __ATOMIC_RELAXED);
    count_steps("attach", &connects);
    return call(context, reader, share, protocols, card, protocol);
}

PCSC_API LONG SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *pci, LPCBYTE command,
                            DWORD command_length, SCARD_IO_REQUEST *reply_pci, LPBYTE reply,
                            LPDWORD reply_length)
{
    static LONG (*call)(SCARDHANDLE, const SCARD_IO_REQUEST *, LPCBYTE, DWORD, SCARD_IO_REQUEST *,
                        LPBYTE, LPDWORD);
    static unsigned transmits;

    if (!call && !(call = real("SCardTransmit")))
        return SCARD_E_NO_SERVICE;
    __atomic_fetch_add(&counts->messages, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&counts->transmits, 1, __ATOMIC_RELAXED);
    count_steps("apdu", &transmits);
    return call(card, pci, command, command_length, reply_pci, reply, reply_length);
}

PCSC_API const SCARD_IO_REQUEST g_rgSCardT0Pci = {SCARD_PROTOCOL_T0, sizeof(SCARD_IO_REQUEST)};
PCSC_API const SCARD_IO_REQUEST g_rgSCardT1Pci = {SCARD_PROTOCOL_T1, sizeof(SCARD_IO_REQUEST)};
PCSC_API const SCARD_IO_REQUEST g_rgSCardRawPci = {SCARD_PROTOCOL_RAW, sizeof(SCARD_IO_REQUEST)};
